"""What a running campaign is bound to pay, against its budget: committed, invoiced, paid and still to come.

The costs are those that plan and results count (`finance.costs`); what no file tells is not available, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.finance import money
from creatorbook.finance.claims import orders_on_file
from creatorbook.finance.costs import Costs, commission_rates, committed_costs
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.rungs import ON_SALES
from creatorbook.memo import per_book

if TYPE_CHECKING:
    from creatorbook.book import Book

#: less than this is no difference in money
_CENT = 0.005


@dataclass(frozen=True)
class Spending:
    """Sums of a campaign's costs, in money excl. VAT; `None` where no file tells.

    Attributes:
        committed: all that is owed or spent so far: what was agreed with whoever takes part, what is booked, and commission on
            the sales that stay so far.
        invoiced: rows of the cost sheet up to the report's day.
        paid: of these, rows with a day of payment up to it.
        budget: for all campaign costs.
        costs: what is behind it.
        commission_known: whether orders tell a commission that was agreed; without them no sum holds it.
    """

    committed: float | None
    invoiced: float | None
    paid: float | None
    budget: float
    costs: Costs
    commission_known: bool = True

    @property
    def to_come(self) -> float | None:
        """What is committed and not invoiced yet; `None` where a part of it is not told."""
        if self.committed is None or self.invoiced is None or not self.commission_known:
            return None
        return round(max(0.0, self.committed - self.invoiced), 2)

    @property
    def over_budget(self) -> float | None:
        """By how much the committed costs exceed the budget; `None` where they do not."""
        return over_budget(self.committed, self.budget)


def over_budget(costs: float | None, budget: float) -> float | None:
    """By how much costs exceed a budget; `None` where they do not, or where they are not on file."""
    over = (costs or 0.0) - budget
    return round(over, 2) if over > _CENT else None


@per_book
def spending(book: Book) -> Spending:
    """What the book's campaign is bound to pay as of the report's day."""
    costs = committed_costs(book)
    fixed = costs.lines[~costs.lines.rung.isin(ON_SALES)]
    commission = -money_ladder(book).money(*ON_SALES)
    committed = money.total([*fixed.cents / 100, *([commission] if commission else [])])
    sheet, today = costs.lines[costs.lines.source == "cost sheet"], pd.Timestamp(book.as_of)
    invoiced = sheet[~(sheet.booked_on > today)]
    paid = invoiced[invoiced.paid_on <= today]
    dates_of_payment = sheet.paid_on.notna().any()
    return Spending(
        committed=committed,
        invoiced=money.total(invoiced.cents / 100),
        paid=(money.total(paid.cents / 100) or 0.0) if dates_of_payment else None,
        budget=book.campaign.budget,
        costs=costs,
        commission_known=_commission_known(book),
    )


def _commission_known(book: Book) -> bool:
    """Whether sales of these days are on file, or nobody is owed a share of them."""
    return orders_on_file(book) or not (commission_rates(book) > 0).any()
