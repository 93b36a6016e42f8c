"""How each rung of the ladder is known: grade and source, and what is said where there is no figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.finance.cost_lines import CAMPAIGN_COSTS, ORDER_COSTS, OrderCost
from creatorbook.finance.costs import Costs, grade_of
from creatorbook.finance.margin import LISTS_MISS, Margin
from creatorbook.finance.order_values import order_values, tells_refunds
from creatorbook.finance.returns import Expected
from creatorbook.findings import Count, Grade, Text, say

if TYPE_CHECKING:
    from creatorbook.book import Book

#: what a rung without a figure says in place of one
_WITHOUT = {
    "discounts": say("included in the order totals, not separable"),
    "cancelled": say("no order in the file is marked as cancelled"),
}


def without_figure(key: str) -> tuple[Grade, Text]:
    """What stands beside a rung that no file tells."""
    return "assumed", _WITHOUT.get(key, say("no file tells"))


def evidence_of_rungs(
    book: Book, costs: Costs, expected: Expected, margin: Margin
) -> dict[str, tuple[Grade, Text]]:
    """Grade and source of each rung."""
    values = order_values(book)
    taxed = bool(values.tax_counted[values.inside & values.counts].all())
    return {
        "traced": ("counted", say("orders and the evidence that names a creator")),
        "discounts": ("counted", say("orders")),
        "tax": ("counted", say("orders: tax"))
        if taxed
        else ("assumed", say("client.yml: tax rate by country")),
        "cancelled": ("counted", say("orders: cancelled")),
        "returned": (
            "counted",
            say("refunds") if tells_refunds(book, "amount") else say("orders: refunded"),
        ),
        "returns_expected": (expected.grade, expected.source),
        **{cost.key: _of_order(book, cost) for cost in ORDER_COSTS},
        **({"goods": _of_goods(margin)} if margin.value is not None else {}),
        **{cost.key: _of_campaign(costs, cost.key, on_sales=cost.on_sales) for cost in CAMPAIGN_COSTS},
    }


def _of_order(book: Book, cost: OrderCost) -> tuple[Grade, Text]:
    stated = all(one.stated(book) is not None for one in cost.inputs)
    return "assumed", cost.source if stated or not cost.source_otherwise else cost.source_otherwise


def _of_goods(margin: Margin) -> tuple[Grade, Text]:
    if margin.by_line:
        return "estimated", say(
            "products: cost per item, {points} points of margin more or less for what such lists miss",
            points=Count(100 * LISTS_MISS),
        )
    return "assumed", say("{source}: margin", source=margin.value.source if margin.value else "client.yml")


def _of_campaign(costs: Costs, key: str, *, on_sales: bool) -> tuple[Grade, Text]:
    lines = costs.lines[costs.lines.rung == key]
    if len(lines):
        return grade_of(lines), costs.sources_of(lines)
    if on_sales:
        return "estimated", say("commission rates × sales that stay")
    return "counted", say("cost sheet")
