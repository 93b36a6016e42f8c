"""How each rung of the ladder is known: grade and source, and what is said where there is no figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.finance.cost_lines import CAMPAIGN_COSTS, ORDER_COSTS, OrderCost
from creatorbook.finance.costs import Costs, grade_of
from creatorbook.finance.margin import Margin
from creatorbook.finance.order_values import order_values
from creatorbook.finance.returns import Expected
from creatorbook.findings import Grade

if TYPE_CHECKING:
    from creatorbook.book import Book

#: what a rung without a figure says in place of one
_WITHOUT = {
    "discounts": "included in the order totals, not separable",
    "cancelled": "no order in the file is marked as cancelled",
}


def without_figure(key: str) -> tuple[Grade, str]:
    """What stands beside a rung that no file tells."""
    return "assumed", _WITHOUT.get(key, "no file tells")


def evidence(book: Book, costs: Costs, expected: Expected, margin: Margin) -> dict[str, tuple[Grade, str]]:
    """Grade and source of each rung."""
    values = order_values(book)
    taxed = bool(values.tax_counted[values.inside & values.counts].all())
    return {
        "traced": ("counted", "orders and the evidence that names a creator"),
        "discounts": ("counted", "orders"),
        "tax": ("counted", "orders: tax") if taxed else ("assumed", "client.yml: tax rate by country"),
        "cancelled": ("counted", "orders: cancelled"),
        "returned": ("counted", "refunds" if book.tables.has("refunds", "amount") else "orders: refunded"),
        "returns_expected": (expected.grade, expected.source),
        **{cost.key: _of_order(book, cost) for cost in ORDER_COSTS},
        **({"goods": _of_goods(margin)} if margin.value is not None else {}),
        **{cost.key: _of_campaign(costs, cost.key, on_sales=cost.on_sales) for cost in CAMPAIGN_COSTS},
    }


def _of_order(book: Book, cost: OrderCost) -> tuple[Grade, str]:
    stated = all(one.stated(book) is not None for one in cost.inputs)
    return "assumed", cost.source if stated or not cost.source_otherwise else cost.source_otherwise


def _of_goods(margin: Margin) -> tuple[Grade, str]:
    if margin.by_line:
        return "counted", "products: cost per item"
    return "assumed", f"{margin.value.source if margin.value else 'client.yml'}: margin"


def _of_campaign(costs: Costs, key: str, *, on_sales: bool) -> tuple[Grade, str]:
    lines = costs.lines[costs.lines.rung == key]
    if len(lines):
        return grade_of(lines), ", ".join(sorted(set(lines.source)))
    return ("estimated", "commission rates × sales that stay") if on_sales else ("counted", "cost sheet")
