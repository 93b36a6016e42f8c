"""The rungs of the money ladder: sales down to sales that stay, then each declared cost; numbers follow the order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from creatorbook.finance.cost_lines import CAMPAIGN_COSTS, ORDER_COSTS
from creatorbook.findings import Text, say


@dataclass(frozen=True)
class Rung:
    """One rung: its key, number, label, how it is called within a sentence, and the base it is taken from."""

    key: str
    number: int
    label: Text
    short: Text
    base: Text


_SALES = (
    (
        "traced",
        say("Sales traced to creators"),
        say("sales traced to creators"),
        say("credited orders, basket before discount, incl. VAT"),
    ),
    (
        "discounts",
        say("less discounts given with the codes"),
        say("discounts given with the codes"),
        say("order"),
    ),
    (
        "tax",
        say("less VAT"),
        say("VAT"),
        say("order's tax column, else rate by country"),
    ),
    ("cancelled", say("less cancelled orders"), say("cancelled orders"), say("order")),
    ("returned", say("less returned so far"), say("returned so far"), say("refund by order, excl. VAT")),
    (
        "returns_expected",
        say("less returns still expected"),
        say("returns still expected"),
        say("open orders × return curve"),
    ),
)

_COSTS = (
    *((cost.key, cost.label, cost.short, cost.base) for cost in ORDER_COSTS),
    *((cost.key, cost.label, cost.short, cost.base) for cost in CAMPAIGN_COSTS),
)

RUNGS = tuple(Rung(key, n, *words) for n, (key, *words) in enumerate((*_SALES, *_COSTS), start=1))
#: rungs of each sum
TO_STAY = tuple(key for key, *_ in _SALES)
ORDER_RUNGS = tuple(cost.key for cost in ORDER_COSTS)
TO_MARGIN = (*TO_STAY, *ORDER_RUNGS)
COST_RUNGS = tuple(cost.key for cost in CAMPAIGN_COSTS)
#: … and of the campaign costs those owed on sales only, and those a reader can switch off
ON_SALES = tuple(cost.key for cost in CAMPAIGN_COSTS if cost.on_sales)
OPTIONAL = tuple(cost.key for cost in CAMPAIGN_COSTS if cost.optional)
SUMS = {
    "sales_that_stay": say("Sales that stay"),
    "margin": say("Margin on these orders"),
    "profit": say("Profit after campaign costs"),
}


def rungs_of(name: str, *, own_hours: bool = True) -> tuple[str, ...]:
    """The rungs that a sum covers, one of `SUMS` or `costs`; what can be switched off only if it is switched on."""
    spent = tuple(key for key in COST_RUNGS if own_hours or key not in OPTIONAL)
    covers = {
        "sales_that_stay": TO_STAY,
        "margin": TO_MARGIN,
        "costs": spent,
        "profit": (*TO_MARGIN, *spent),
    }
    return covers[name]


def numbered(keys: Iterable[str] | None = None) -> str:
    """The numbers of neighbouring rungs as a reader sees them: `12 to 18`; without keys, of all."""
    wanted = None if keys is None else set(keys)
    numbers = [rung.number for rung in RUNGS if wanted is None or rung.key in wanted]
    return str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
