"""The money ladder: from sales traced to creators, rung by rung, down to profit after campaign costs.

Each rung has its own base; the order is fixed (`rungs`), costs are declared once (`cost_lines`). Likely values are
whole cents, so that rungs add up and slices (creator, tier, platform) add up to the whole. What no file tells is
not available, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.finance.amounts import (
    Inputs,
    amounts,
    drawn_inputs,
    ladder_draws,
    ladder_inputs,
)
from creatorbook.finance.claimed_money import (
    claimed_and_spent,
    drawn_totals,
    totals,
    with_open_returns,
    with_returns,
)
from creatorbook.finance.costs import Costs, campaign_costs
from creatorbook.finance.margin import Margin, margin_rule
from creatorbook.finance.returns import Expected, expected_returns
from creatorbook.finance.rung_evidence import evidence_of_rungs, without_figure
from creatorbook.finance.rungs import ON_SALES, RUNGS, SUMS, rungs_of
from creatorbook.findings import Grade, Text
from creatorbook.memo import per_book
from creatorbook.stats.intervals import NINETY_ENDS

if TYPE_CHECKING:
    from creatorbook.book import Book


@dataclass(frozen=True)
class Ladder:
    """The ladder of one campaign.

    Attributes:
        slices: one row per creator's account (and one, with an empty handle, for what belongs to nobody):
            what was claimed and spent, in cents.
        by_slice: slice × rung, signed cents; NaN where a rung is not available.
        rungs: one row per rung: label and short (in words), cents, low, high, grade, source.
        inputs: likely inputs.
        draws: rung or sum → draws of its value in cents, with `costs`.
        drawn: draws of the inputs.
        whole: draws of what was claimed and spent, what still comes back drawn.
        costs: what is behind the campaign's costs.
        margin_used: the margin that holds, and why.
        expected: returns still expected.
        own_hours: whether own hours are taken off.
    """

    slices: pd.DataFrame
    by_slice: pd.DataFrame
    rungs: pd.DataFrame
    inputs: Inputs
    draws: Mapping[str, np.ndarray]
    drawn: Inputs
    whole: Mapping[str, Any]
    costs: Costs
    margin_used: Margin
    expected: Expected
    own_hours: bool = True

    def cents(self, *keys: str) -> float:
        """The sum of rungs that are available, in cents."""
        cents = self.rungs.cents
        return float(np.nansum([cents.get(key, np.nan) for key in keys]))

    def money(self, *keys: str) -> float:
        """The same in money."""
        return self.cents(*keys) / 100

    @property
    def sales_that_stay(self) -> float:
        """What is left of sales after cancellations and returns; before returns, where those are unknown."""
        return self.money(*self.rungs_of("sales_that_stay"))

    @property
    def returns_known(self) -> bool:
        """Whether a file or statement tells what comes back in the end: of open orders, what came back so far does not."""
        return self.expected.known

    @property
    def margin_known(self) -> bool:
        """Whether the cost of goods is available."""
        return self.inputs.goods_known

    @property
    def costs_known(self) -> bool:
        """Whether any cost of creators is on file."""
        return self.costs.creators_known

    @property
    def campaign_costs(self) -> float | None:
        """The campaign's costs, positive; `None` if no cost of a creator is on file."""
        return -self.money(*self.cost_rungs) if self.costs_known else None

    @property
    def cost_rungs(self) -> tuple[str, ...]:
        """Rungs of campaign costs, own hours only if they are switched on."""
        return self.rungs_of("costs")

    def rungs_of(self, name: str) -> tuple[str, ...]:
        """The rungs that a sum of this ladder covers."""
        return rungs_of(name, own_hours=self.own_hours)

    def sum_after(self, key: str) -> str | None:
        """The sum that stands below a rung."""
        return next((name for name in SUMS if self.rungs_of(name)[-1] == key), None)

    @property
    def fixed_rungs(self) -> tuple[str, ...]:
        """The campaign costs that are fixed beforehand, whatever is sold."""
        return tuple(key for key in self.cost_rungs if key not in ON_SALES)

    @property
    def margin_rate(self) -> float | None:
        """Gross margin on the price before the code, excl. VAT, over what stays sold; `None` if not known."""
        price = self.slices.list_sure.sum() - self.slices.list_expected.sum()
        return 1 + self.cents("goods") / price if self.margin_known and price > 0 else None

    @property
    def margin(self) -> float | None:
        """Contribution margin: what these orders leave before campaign costs; `None` without a margin."""
        return self.money(*self.rungs_of("margin")) if self.margin_known else None

    @property
    def profit(self) -> float | None:
        """All rungs; `None` without a margin or without costs."""
        if not (self.margin_known and self.costs_known):
            return None
        return self.money(*self.rungs_of("profit"))

    @property
    def profit_grade(self) -> Grade:
        """How profit and all that follows from it are known: no better than the margin."""
        return "estimated" if self.margin_used.by_line else "assumed"

    @property
    def stay_grade(self) -> Grade:
        """How sales that stay are known: estimated while returns are open."""
        return "estimated" if self.open_share > 0 else "counted"

    @property
    def assumed_rungs(self) -> pd.DataFrame:
        """Rungs that rest on what somebody stated or assumed, and take or add anything."""
        rungs = self.rungs
        return rungs[(rungs.grade == "assumed") & rungs.cents.notna() & (rungs.cents != 0)]

    @property
    def roi(self) -> float | None:
        """Return on investment (ROI): profit after campaign costs ÷ campaign costs."""
        return self.profit / self.campaign_costs if self.profit is not None and self.campaign_costs else None

    @property
    def roi_before_commission(self) -> float | None:
        """The same profit ÷ the costs fixed beforehand: commission is only owed on sales."""
        fixed = -self.money(*self.fixed_rungs)
        return self.profit / fixed if self.profit is not None and fixed > 0 else None

    @property
    def roas(self) -> float | None:
        """Return on ad spend (ROAS): sales traced, less discounts and VAT, ÷ campaign costs."""
        return self.money("traced", "discounts", "tax") / self.campaign_costs if self.campaign_costs else None

    def likely(self, key: str, level: float = 0.9) -> tuple[float, float]:
        """Likely range of a rung or sum, in money; the likely value is in it, even where one rare return would be a lot."""
        low, high = np.quantile(self.draws[key], [(1 - level) / 2, (1 + level) / 2])
        value = self.cents(*(self.rungs_of(key) if key in SUMS else (key,)))
        return float(min(low, value)) / 100, float(max(high, value)) / 100

    @property
    def open_share(self) -> float:
        """Share of all returns that is still expected; 1 where nothing is known about returns."""
        if not self.returns_known:
            return 1.0
        came, coming = -self.cents("returned"), -self.cents("returns_expected")
        return coming / (came + coming) if came + coming > 0 else 0.0

    @property
    def open_returns(self) -> tuple[float, float] | None:
        """The likely range of returns still to come, in money; `None` where nothing tells what comes back."""
        if not self.returns_known:
            return None
        low, high = self.likely("returns_expected")
        return -high + 0.0, -low + 0.0

    @property
    def profit_at_open_returns(self) -> tuple[float, float]:
        """Profit in money at the two ends of the returns still to come, the worse end first."""
        likely = -self.money("returns_expected")
        if self.open_returns is None or not likely > 0:
            return self.profit_at(), self.profit_at()
        ends = [self.profit_at(open_returns=coming / likely) for coming in self.open_returns]
        return min(ends), max(ends)

    def profit_at(
        self,
        *,
        margin: float | None = None,
        returns: float | None = None,
        open_returns: float = 1.0,
        goods: float = 1.0,
        costs: Mapping[str, float] | None = None,
    ) -> float:
        """Profit in money had an input been another one.

        Args:
            margin: instead of the margin or the costs by line.
            returns: share of the sales that comes back in all, with nothing open.
            open_returns: what is still to come back, as a factor of the likely value.
            goods: what the goods cost, as a factor of what lists of product costs say, where they are counted by line.
            costs: inputs of the declared costs by name, as in `Inputs`.
        """
        whole, inputs = totals(self.slices), self.inputs
        whole = with_open_returns(whole, open_returns)
        inputs = replace(inputs, goods_factor=goods, costs={**inputs.costs, **(costs or {})})
        if margin is not None:
            inputs = replace(inputs, margin=margin, goods_by_line=False)
        if returns is not None:
            whole = with_returns(whole, returns)
        values = amounts(whole, inputs)
        return float(np.nansum([values[key] for key in self.rungs_of("profit")])) / 100

    @property
    def break_even_margin(self) -> float | None:
        """The margin at which profit is 0; above 1 where no margin pays the costs back."""
        none, whole = self.profit_at(margin=0.0), self.profit_at(margin=1.0)
        return -none / (whole - none) if whole > none else None

    def break_even_returns(self, margin: float | None = None) -> float | None:
        """The share of sales that may come back before profit is 0; `None` if not even none is enough."""
        none, all_back = (
            self.profit_at(margin=margin, returns=0.0),
            self.profit_at(margin=margin, returns=1.0),
        )
        return none / (none - all_back) if none >= 0 and none > all_back else None


@per_book
def money_ladder(book: Book) -> Ladder:
    """The ladder of the book's campaign."""
    return build_ladder(book, own_hours=True)


def build_ladder(book: Book, *, own_hours: bool = True) -> Ladder:
    """The ladder, with or without own hours."""
    costs, expected, margin = campaign_costs(book), expected_returns(book), margin_rule(book)
    slices = claimed_and_spent(book, costs)
    inputs, drawn = ladder_inputs(book, margin, expected), drawn_inputs(book, margin, expected)
    by_slice = pd.DataFrame(amounts(slices, inputs), index=slices.index).round() + 0.0
    by_slice[_without(book)] = np.nan
    whole = drawn_totals(slices, expected)
    draws = ladder_draws(whole, drawn, own_hours=own_hours)
    return Ladder(
        slices=slices,
        by_slice=by_slice,
        rungs=_rungs(by_slice, draws, evidence_of_rungs(book, costs, expected, margin)),
        inputs=inputs,
        draws=draws,
        drawn=drawn,
        whole=whole,
        costs=costs,
        margin_used=margin,
        expected=expected,
        own_hours=own_hours,
    )


def _without(book: Book) -> list[str]:
    """Rungs that the order file does not speak of: not separable or unknown, and so not 0."""
    orders = book.tables.orders
    spoken_of = {
        "discounts": bool(orders.discount.notna().any()),
        "cancelled": bool(orders.cancelled_at.notna().any()),
    }
    return [key for key, there in spoken_of.items() if not there]


def _rungs(
    by_slice: pd.DataFrame, draws: dict[str, np.ndarray], graded: Mapping[str, tuple[Grade, Text]]
) -> pd.DataFrame:
    """One row per rung: value, likely range, grade and source."""
    rows = []
    for rung in RUNGS:
        cents = by_slice[rung.key].sum(min_count=1)
        low, high = (np.nan, np.nan) if np.isnan(cents) else np.quantile(draws[rung.key], NINETY_ENDS)
        grade, source = without_figure(rung.key) if np.isnan(cents) else graded[rung.key]
        exact = np.isnan(cents) or high - low < 1
        rows.append(
            {
                "key": rung.key,
                "number": rung.number,
                "label": rung.label,
                "short": rung.short,
                "base": rung.base,
                "cents": cents,
                "low": np.nan if exact else min(low, cents),
                "high": np.nan if exact else max(high, cents),
                "grade": grade,
                "source": source,
            }
        )
    return pd.DataFrame(rows).set_index("key", drop=False)
