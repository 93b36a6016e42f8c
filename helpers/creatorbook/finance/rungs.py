"""The rungs of the money ladder: sales down to sales that stay, then each declared cost; numbers follow the order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from creatorbook.finance.cost_lines import CAMPAIGN_COSTS, ORDER_COSTS


@dataclass(frozen=True)
class Rung:
    """One rung: its key, number, label and the base it is taken from."""

    key: str
    number: int
    label: str
    base: str


_SALES = (
    ("traced", "Sales traced to creators", "orders claimed, basket before discount, incl. VAT"),
    ("discounts", "less discounts given with the codes", "order"),
    ("tax", "less VAT / sales tax", "order's tax column, else rate by country"),
    ("cancelled", "less cancelled orders", "order"),
    ("returned", "less returned so far", "refund by order, excl. VAT"),
    ("returns_expected", "less returns still expected", "open orders × return curve"),
)

_COSTS = (
    *((cost.key, cost.label, cost.base) for cost in ORDER_COSTS),
    *((cost.key, cost.label, cost.base) for cost in CAMPAIGN_COSTS),
)

RUNGS = tuple(Rung(key, n, label, base) for n, (key, label, base) in enumerate((*_SALES, *_COSTS), start=1))
#: rungs of each sum
TO_STAY = tuple(key for key, _, _ in _SALES)
ORDER_RUNGS = tuple(cost.key for cost in ORDER_COSTS)
TO_MARGIN = (*TO_STAY, *ORDER_RUNGS)
COST_RUNGS = tuple(cost.key for cost in CAMPAIGN_COSTS)
#: … and of the campaign costs those owed on sales only, and those a reader can switch off
ON_SALES = tuple(cost.key for cost in CAMPAIGN_COSTS if cost.on_sales)
OPTIONAL = tuple(cost.key for cost in CAMPAIGN_COSTS if cost.optional)
SUMS = {
    "sales_that_stay": "Sales that stay",
    "margin": "Margin on these orders",
    "profit": "Profit after campaign costs",
}
#: rung → the sum that stands below it
SUM_AFTER = {TO_STAY[-1]: "sales_that_stay", TO_MARGIN[-1]: "margin", RUNGS[-1].key: "profit"}


def numbered(keys: Iterable[str] | None = None) -> str:
    """The numbers of neighbouring rungs as a reader sees them: `12 to 18`; without keys, of all."""
    wanted = None if keys is None else set(keys)
    numbers = [rung.number for rung in RUNGS if wanted is None or rung.key in wanted]
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
