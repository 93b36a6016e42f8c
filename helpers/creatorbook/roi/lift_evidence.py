"""What can be compared to tell caused from traced: the stored plan's groups, and series that nobody held back.

Counts come from the client's files, the estimates from `stats.lift`; which words follow is settled in `roi.caused`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.lift_designs import (
    by_day,
    counts_by_group,
    counts_products,
    lift_of_design,
    promotion_days,
)
from creatorbook.campaign.posts import names_the_brand
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.order_values import inside_window
from creatorbook.findings import Count, Text, Wording, say, say_many
from creatorbook.memo import per_book
from creatorbook.roi.promises import Promise, promise
from creatorbook.stats import lift
from creatorbook.stats.lift_effect import Effect, Trouble
from creatorbook.text.products import without_variant
from creatorbook.tracking.lift_plan import NONE

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.client.campaign_records import LiftPlan

#: days before launch a series without a plan is compared with, at most and at least
LONGEST, SHORTEST = 168, 42
#: a series needs so many counts a day, or its ups and downs say nothing
COUNTS_A_DAY = 2.0
#: visits that the creators' posts hardly move: paid search and the brand's own mails
UNMOVED_MEDIUMS = ("cpc", "ppc", "paid search", "email", "e-mail", "newsletter")


_TROUBLE: dict[Trouble, Text] = {
    "": "",
    "not_counted": say("the file the plan counts from is not here"),
    "one_side": say("one side of the plan has no orders on file"),
    "no_untouched": say("nothing that was held back has orders before and in the comparison"),
    "no_values": say("what met the campaign has no orders before or in the comparison"),
    "under_two_dates": say("there are fewer than two dates before or in the comparison"),
}


@dataclass(frozen=True)
class Compared:
    """One comparison and its estimate.

    Attributes:
        what: what was counted, in the words of a table.
        against: what it was compared with.
        unit: of the counts: orders, visits, searches.
        effect: the estimate; its `trouble` says why there is none.
        planned: whether it was stored before launch; only then it speaks of cause.
        worth: sales that stay for one count, in money; `None` where nothing tells it.
        of_products: whether products within orders are counted, not whole orders.
        promise: whether what was to be held back was; a broken one takes the upper end, or the claim.
    """

    what: Text
    against: Text
    unit: Text
    effect: Effect
    planned: bool = False
    worth: float | None = None
    of_products: bool = False
    promise: Promise | None = None

    @property
    def measured(self) -> bool:
        """Whether there is an estimate that holds, of a comparison whose promise was kept by nearly all."""
        return self.effect.lift is not None and not self.effect.trouble and not self.withdrawn

    @property
    def withdrawn(self) -> bool:
        """Whether the promise behind it was broken so far that no claim can rest on it."""
        if self.promise is None:
            return False
        return self.promise.by_many or (self.promise.in_no_orders and not self.effect.found)

    @property
    def extra_range(self) -> tuple[float | None, float | None]:
        """Ends of the extra counts; `None` where there is no limit, or where somebody broke the promise."""
        low, high = self.effect.extra_range
        return low, None if self.promise is not None and self.promise.broken else high

    @property
    def extra_money(self) -> tuple[float | None, float | None, float | None]:
        """Extra counts at what one is worth: likely value and range; `None` where it or one count's worth is not known."""
        counts = (self.effect.extra, *self.extra_range)
        likely, low, high = (
            None if count is None or self.worth is None else count * self.worth for count in counts
        )
        return likely, low, high

    @property
    def trouble(self) -> Text:
        """Why there is no estimate, in the reader's words; empty where there is one."""
        if self.promise is not None and self.withdrawn:
            return say("{reason}, so no claim can rest on it", reason=self.promise.words)
        if self.effect.trouble == "few_dates":
            return say_many(
                "{n} date is too few: {needed} at least",
                "{n} dates are too few: {needed} at least",
                n=Count(self.effect.arrangements),
                needed=Count(self.effect.needed),
            )
        if self.effect.trouble == "few_ways":
            return say(
                "this comparison can never tell: its sides could be drawn in {n} ways, and it takes {needed} at least",
                n=Count(self.effect.arrangements),
                needed=Count(self.effect.needed),
            )
        return _TROUBLE[self.effect.trouble]


@per_book
def planned_effect(book: Book) -> Compared | None:
    """The stored plan's comparison; `None` where none was stored, or where what is stored can bear no claim."""
    plan = book.lift
    if plan is None or plan.design == NONE or book.lift_fault:
        return None
    what, against = _sides(plan)
    return Compared(
        what,
        against,
        say("orders"),
        _estimated(book, plan),
        planned=True,
        worth=_worth_of_one(book, plan),
        of_products=counts_products(plan.design),
        promise=promise(book),
    )


def extra_sales_measured(book: Book) -> bool:
    """Whether a comparison that was stored before launch tells what creators caused."""
    compared = planned_effect(book)
    return compared is not None and compared.measured


def _worth_of_one(book: Book, plan: LiftPlan) -> float | None:
    """Sales that stay for one count of the plan, in money; `None` where no order is traced or no price is on file.

    An order's, or for designs by product that of the product's lines, net of tax, discount and returns in the
    proportion of all orders of these days.
    """
    ladder, values = money_ladder(book), inside_window(book)
    orders, basket = float(ladder.slices.orders_kept.sum()), float(values.basket.sum())
    if not orders or not basket:
        return None
    if not counts_products(plan.design):
        return ladder.sales_that_stay / orders
    traced = ladder.money("traced", "discounts", "tax")
    lines = book.tables.order_lines
    lines = lines.assign(group=without_variant(lines["product"]))
    lines = lines[lines.order_id.isin(values.order_id) & lines.group.isin(plan.treated)]
    count = lines.groupby(["order_id", "group"]).ngroups
    if not traced or not count or not lines.price.notna().any():
        return None
    before = float((lines.price * lines.quantity).sum()) / count
    return before * float(values.net.sum()) / basket * ladder.sales_that_stay / traced


@per_book
def signs(book: Book) -> list[Compared]:
    """Series beside the plan: all orders, brand searches and direct visits against their usual course."""
    series = [_all_orders(book), _searches(book), _direct(book)]
    return [one for one in series if one is not None]


# ------------------------------------------------------------------ the stored plan


def _sides(plan: LiftPlan) -> tuple[Wording, Wording]:
    """What met the campaign, and what is beside it."""
    sides = {
        "stores": (say("orders in stores with creators"), say("stores without")),
        "geo_holdout": (say("orders in regions with creators"), say("regions without")),
        "staggered_market": (say("orders in markets with creators"), say("markets without")),
    }
    products = (say("orders with products creators showed"), say("products they did not show"))
    return sides.get(plan.design, products)


def days_compared(book: Book, plan: LiftPlan) -> tuple[date, date]:
    """First and last day of the stored comparison, as far as the days have come."""
    return plan.starts_on, min(plan.ends_on, book.as_of)


def _estimated(book: Book, plan: LiftPlan) -> Effect:
    """The planned comparison."""
    days = (plan.baseline.starts_on, *days_compared(book, plan))
    return lift_of_design(book, plan.design, (plan.treated, plan.untouched), days, plan.level, plan.blocks)


# ------------------------------------------------------------------ series nobody held back


def _all_orders(book: Book) -> Compared | None:
    """All orders of the campaign's markets; beside them those of other markets, if there are enough."""
    counts = counts_by_group(book, "staggered_market")
    wanted = set(book.campaign.markets or [])
    other = bool(wanted) & (~counts.group.isin(wanted) & counts.group.notna())
    counts = counts.assign(group=other.map({True: "elsewhere", False: "all"}))
    return _series(book, say("all orders"), say("orders from other markets"), say("orders"), counts)


def _searches(book: Book) -> Compared | None:
    """Searches for the brand beside other searches that led to the site."""
    searches = book.tables.searches.dropna(subset=["date", "clicks"])
    brand = names_the_brand(book, searches["query"])
    counts = searches.assign(
        ordered_at=searches.date, count=searches.clicks, group=brand.map({True: "all", False: "elsewhere"})
    )
    return _series(book, say("visits from brand searches"), say("other searches"), say("visits"), counts)


def _direct(book: Book) -> Compared | None:
    """Visits without a source beside those from paid search and mails."""
    visits = book.tables.sessions.dropna(subset=["date", "sessions"])
    source, medium = (visits[name].fillna("").str.strip("() ").str.lower() for name in ("source", "medium"))
    direct = (source == "direct") | (visits.channel.fillna("").str.lower() == "direct")
    group = pd.Series(pd.NA, index=visits.index, dtype="str").mask(medium.isin(UNMOVED_MEDIUMS), "elsewhere")
    counts = visits.assign(ordered_at=visits.date, count=visits.sessions, group=group.mask(direct, "all"))
    against = say("visits from paid search and mails")
    return _series(book, say("direct visits"), against, say("visits"), counts)


def _series(book: Book, what: Text, against: Text, unit: Text, counts: pd.DataFrame) -> Compared | None:
    """One series against its usual course, days of the shop's own sales left out; `None` where it is too short."""
    start, end = book.campaign.start, min(book.campaign.end, book.as_of)
    counts = counts.dropna(subset=["group", "ordered_at"])
    own = counts[counts.group == "all"]
    if own.empty or end < start:
        return None
    first = max(own.ordered_at.min().date(), start - timedelta(days=LONGEST))
    if (start - first).days < SHORTEST or own.ordered_at.max().date() < end:
        return None
    panel = by_day(counts, first, end)
    panel = panel[~panel.date.dt.date.isin(promotion_days(book, first, end))]
    enough = panel.groupby("unit").value.mean() >= COUNTS_A_DAY
    if not enough.get("all", False):
        return None
    beside = ["elsewhere"] if enough.get("elsewhere", False) else []
    if not (panel.date >= pd.Timestamp(start)).any():
        return None
    effect = lift.interrupted_series(panel, ["all"], start, end, beside)
    return Compared(what, against if beside else say("its own days before"), unit, effect)
