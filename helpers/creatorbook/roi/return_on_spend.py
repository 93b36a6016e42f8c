"""What a euro brought: extra sales, and what they leave, over the part of the cost at work in the stored comparison.

The extra sales and their range are those of the comparison (`roi.lift_evidence`), the costs, and what sales leave with its
own range, those of the money ladder: both ranges together hold what was left at least as often as the test's alone and the
margin's alone both do.
Extra sales ÷ the spend that caused them is the incremental return on ad spend (iROAS; Kerman, Wang & Vaver 2017).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from creatorbook.campaign.lift_designs import budget_share
from creatorbook.finance.advice import no_own_cost
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.findings import Figure, Money, Quantity, Share, Text, Wording, ends, joined, say
from creatorbook.memo import per_book
from creatorbook.roi.headline import not_included, unconfirmed_margin
from creatorbook.roi.lift_evidence import Compared, days_compared, planned_effect

if TYPE_CHECKING:
    from creatorbook.book import Book

#: likely value, low and high end; an end without a limit is `None`
Ends = tuple[float | None, float | None, float | None]
_NOTHING: Ends = (None, None, None)


@dataclass(frozen=True)
class Return:
    """What the stored comparison says that the cost at work in it brought.

    Attributes:
        compared: the comparison.
        share: part of the campaign's costs at work in it; `None` where the stored plan does not tell.
        spend: that part in money; `None` where no cost of a creator is on file.
        left: what a unit of extra sales leaves before campaign costs (contribution margin rate); all `None` without a margin.
        whole_cost: whether the costs hold every creator's; else what was brought for each unit of cost was less.
    """

    compared: Compared
    share: float | None
    spend: float | None
    left: Ends
    whole_cost: bool = True

    @property
    def sales(self) -> Ends:
        """Extra sales for each unit of cost, with the range of the test; all `None` where a part is not known."""
        if not self.spend:
            return _NOTHING
        likely, low, high = (None if one is None else one / self.spend for one in self.compared.extra_money)
        return likely, low, high

    @property
    def profit(self) -> Ends:
        """What they leave (extra profit) for each unit of cost, before that cost is taken off: above 1 it paid back."""
        sales, rate = self.sales[0], self.left[0]
        if sales is None or rate is None:
            return _NOTHING
        each = [end * left if left else 0.0 for end in _limits(self.sales) for left in _limits(self.left)]
        low, high = (None if math.isinf(end) else end for end in (min(each), max(each)))
        return sales * rate, low, high

    @property
    def seen(self) -> bool:
        """Whether the test tells that something was brought: its range does not include nothing."""
        low = self.sales[1]
        return self.compared.effect.found and low is not None and low > 0

    @property
    def lacking(self) -> Text:
        """Why nothing can be divided; empty where it can."""
        if self.compared.worth is None:
            return say("what one of these orders is worth is not on file")
        if self.share is None:
            return say("the stored plan does not tell which part of the costs was at work")
        return "" if self.spend else say("no cost of a creator is on file")


def _limits(of: Ends) -> tuple[float, float]:
    """Both ends; infinity where there is no limit."""
    _, low, high = of
    return -math.inf if low is None else low, math.inf if high is None else high


@per_book
def return_on_spend(book: Book) -> Return | None:
    """What the cost at work in the stored comparison brought; `None` where nothing was measured."""
    compared, plan = planned_effect(book), book.lift
    if compared is None or plan is None or not compared.measured:
        return None
    ladder, (first, last) = money_ladder(book), days_compared(book, plan)
    share = budget_share(
        book, plan.design, (last - first).days + 1, plan.treated_per_unit, plan.untouched_per_unit
    )
    costs = ladder.campaign_costs
    return Return(
        compared,
        share,
        spend=None if costs is None or share is None else costs * share,
        left=_left_of_sales(ladder),
        whole_cost=not no_own_cost(book),
    )


def _left_of_sales(ladder: Ladder) -> Ends:
    """What the margin, at its likely value and both ends, is of the sales that are likely to stay."""
    stay = ladder.sales_that_stay
    if ladder.margin is None or stay <= 0:
        return _NOTHING
    low, high = ladder.likely("margin")
    return ladder.margin / stay, low / stay, high / stay


def figures(book: Book, brought: Return) -> list[Figure]:
    """Extra sales and what they leave for each unit of cost; without a value where the range includes nothing."""
    one, ladder = Money(1), money_ladder(book)
    source = say(
        "extra sales of the stored comparison ÷ {share} of campaign costs, {spend}",
        share=Share(brought.share),
        spend=Money(brought.spend),
    )
    likely, low, high = brought.sales
    sales = Figure(
        "roi.return_on_spend",
        say("Extra sales for each {one} of cost", one=one),
        likely if brought.seen else None,
        "money",
        "estimated",
        source,
        low=low,
        high=high,
        n=brought.compared.effect.arrangements,
        digits=2,
        note=joined([_why_no_value(brought), not_included(ladder)], by="; "),
    )
    likely, low, high = brought.profit
    profit = replace(
        sales,
        key="roi.profit_on_spend",
        label=say("What they leave for each {one} of cost, before that {one}", one=one),
        value=likely if brought.seen else None,
        grade=ladder.profit_grade,
        low=low,
        high=high,
        note=joined(
            [
                _why_nothing_left(brought),
                _range_of_left(brought),
                unconfirmed_margin(ladder),
                not_included(ladder),
            ],
            by="; ",
        ),
    )
    return [sales, profit]


def _why_no_value(brought: Return) -> Text:
    if brought.lacking:
        return say("cannot tell: {reason}", reason=brought.lacking)
    if not brought.seen:
        return say("cannot tell yet: the range includes nothing at all")
    return say("range of {level}, from the same test", level=Share(1 - brought.compared.effect.level))


def _why_nothing_left(brought: Return) -> Text:
    """The same of what sales leave, which takes a margin besides."""
    if brought.left[0] is None and not brought.lacking:
        return say("cannot tell: no margin is on file")
    return _why_no_value(brought)


def _range_of_left(brought: Return) -> Text:
    """The range of what sales leave, where it has one: the figure's own holds it."""
    _, low, high = brought.left
    if low == high:
        return ""
    return say("holds that {low} to {high} of sales are left", **ends(low, high, "percent"))


def in_a_sentence(brought: Return) -> Wording:
    """What a unit of the client's currency brought, in plain words; short, for it stands on the first page."""
    one, (_, low, high) = Money(1), brought.sales
    if brought.lacking:
        return say("What {one} of cost brought cannot be told: {reason}.", one=one, reason=brought.lacking)
    if not brought.seen:
        if high is None or high <= 0:
            return say("That {one} of cost brought any extra sales cannot be told.", one=one)
        return say(
            "What {one} of cost brought cannot be told yet: anything from nothing to {most} of sales.",
            one=one,
            most=Quantity(high, "money", 2, "high"),
        )
    sales = _from_to(low, high)
    if brought.left[0] is None:
        return say(
            "Each {one} of cost brought {sales} in extra sales; what it left cannot be told: no margin is on file.",
            one=one,
            sales=sales,
        )
    _, least, most = brought.profit
    return say(
        "Each {one} of cost brought {sales} in extra sales and left {profit}.",
        one=one,
        sales=sales,
        profit=_from_to(least, most),
    )


def _from_to(low: float | None, high: float | None) -> Wording:
    """A range in money, rounded outwards; one end where the other has no limit."""
    span = ends(low, high, "money", 2)
    if high is None:
        return say("at least {low}", **span)
    if low is None:
        return say("at most {high}", **span)
    return say("{low} to {high}", **span)


def paid_for_itself(brought: Return) -> Literal["yes", "no", "cannot tell"] | None:
    """Whether the extra sales left more than they cost; `None` where none were seen or nobody knows what sales leave.

    “Yes” takes every creator's cost, “no” does not: what is not on file makes it no better.
    """
    likely, low, high = brought.profit
    if not brought.seen or likely is None:
        return None
    if low is not None and low > 1:
        return "yes" if brought.whole_cost else "cannot tell"
    return "no" if high is not None and high < 1 else "cannot tell"


def paid_back(brought: Return) -> Wording | None:
    """Whether a unit of cost came back, in words; `None` where `paid_for_itself` is."""
    verdict, values = paid_for_itself(brought), {"left": Money(brought.profit[0], 2), "one": Money(1)}
    if verdict is None:
        return None
    if verdict == "yes":
        return say("The extra sales leave {left} for each {one} of cost: more than they cost.", **values)
    if verdict == "no":
        return say("The extra sales leave {left} for each {one} of cost: less than they cost.", **values)
    return say(
        "The extra sales leave {left} for each {one} of cost: whether that is more than they cost cannot be told.",
        **values,
    )
