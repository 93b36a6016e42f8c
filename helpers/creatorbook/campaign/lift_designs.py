"""The comparisons that could show a campaign's lift: who is on which side, and what the days before launch tell.

Which of them is recommended is settled in `tracking.lift_plan`; the arithmetic is that of `stats.lift_power`.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.assignments import accounts
from creatorbook.campaign.shop_sales import goods_lines, shop_sales
from creatorbook.client.campaign_records import Baseline
from creatorbook.findings import Text, Wording, say
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.stats import lift as estimates
from creatorbook.stats import lift_power
from creatorbook.stats.lift import LEVEL, Effect
from creatorbook.stats.lift_power import Comparison
from creatorbook.text.products import without_variant

if TYPE_CHECKING:
    from creatorbook.book import Book

BEFORE_DURING = "before_during"

#: designs in which all creators show what meets the campaign
_WHOLE_BUDGET = {"product_holdout", "staggered_product"}
#: as many units on each side are judged by units, even where sides were not drawn
FEWEST_PAIRS = 6


@dataclass(frozen=True)
class Design:
    """One way to measure the lift, and what it could find.

    Attributes:
        id: key in `packs/lift.yml`.
        treated, untouched: names of products, markets, stores or regions on each side.
        unit: day or week.
        days: days of the campaign that are compared.
        comparison: expected counts, `None` where the design cannot be had.
        budget_share: part of the budget that is at work in this comparison.
        spread: dispersion, low, estimated and high.
        smallest: the smallest lift it could find at those three (minimum detectable effect); `None` where none could be found.
        lacking: why it cannot be had; empty where it can.
        blocks: names that were drawn together, one of each block; empty where sides were not drawn.
    """

    id: str
    treated: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    unit: str = "day"
    days: int = 0
    budget_share: float = 1.0
    comparison: Comparison | None = None
    spread: tuple[float, float, float] | None = None
    smallest: tuple[float | None, float | None, float | None] = (None, None, None)
    lacking: Text = ""
    blocks: tuple[tuple[str, ...], ...] = ()

    @property
    def lift(self) -> float | None:
        """The smallest lift it could find, at the estimated spread."""
        return self.smallest[1]

    @property
    def extra(self) -> float | None:
        """Counts beyond the usual that this lift takes, over the days compared."""
        if self.comparison is None or self.lift is None:
            return None
        return self.lift * self.comparison.treated * self.comparison.during

    @property
    def needed(self) -> float | None:
        """Extra counts the whole campaign has to bring, so that its part in this comparison is seen."""
        return None if self.extra is None else self.extra / self.budget_share


@per_book
def designs(book: Book) -> list[Design]:
    """Every design of `packs/lift.yml` in its order, then before and during; those that cannot be had say why."""
    if baseline(book) is None:
        wanted = pack("lift")["shortest_baseline_days"]
        reason = say("needs {n} days of orders before launch", n=wanted)
        return [Design(name, lacking=reason) for name in (*pack("lift")["designs"], BEFORE_DURING)]
    by_groups = [_GROUPS[name](book, name) for name in pack("lift")["designs"]]
    whole = _counts(book, _real(book).assign(group="every order"))
    return [*by_groups, _measured(book, BEFORE_DURING, whole, None)]


@per_book
def baseline(book: Book) -> Baseline | None:
    """The days before launch that are compared with: whole weeks, as many as the orders reach back to.

    `None` where orders reach back less than the shortest window. Days of the shop's own promotions are named.
    """
    rules = pack("lift")
    start = book.campaign.start
    days = _real(book)["ordered_at"]
    before = days[days < pd.Timestamp(start)]
    if before.empty:
        return None
    reach = (pd.Timestamp(start) - before.min().normalize()).days
    span = min(reach, rules["longest_baseline_days"]) // 7 * 7
    if span < rules["shortest_baseline_days"]:
        return None
    first, last = start - timedelta(days=span), start - timedelta(days=1)
    inside = promotion_days(book, first, last)
    return Baseline(starts_on=first, ends_on=last, left_out=sorted(inside))


def promotion_days(book: Book, first: date, last: date) -> set[date]:
    """Days of the shop's own promotions from a first to a last day, as campaign file and calendar tell them."""
    own = [(one.start, one.end) for one in book.campaign.promotions or []]
    shop = book.tables.promotions
    own += [
        (row.starts_on.date(), row.ends_on.date())
        for row in shop.itertuples()
        if pd.notna(row.starts_on) and pd.notna(row.ends_on)
    ]
    return {
        day for begin, end in own for day in _days(max(begin, first), min(end, last)) if first <= day <= last
    }


def counts_products(design: str) -> bool:
    """Whether a design counts products within orders, not whole orders."""
    return design in _WHOLE_BUDGET


def campaign_days(book: Book) -> int:
    """Days of the campaign, first and last included."""
    return (book.campaign.end - book.campaign.start).days + 1


def budget_share(
    book: Book, name: str, days: int, treated: float | None, untouched: float | None
) -> float | None:
    """Part of the budget at work in a comparison of so many days, by the usual counts of its two sides.

    Where the others follow later, their creators' part is at work outside the comparison, in proportion to what these
    markets usually sell (`None` where that is not told). Elsewhere the untouched side never meets the campaign, and
    all of it is at work on the other.
    """
    part = days / campaign_days(book)
    if name != "staggered_market":
        return part
    return None if treated is None or untouched is None else part * treated / (treated + untouched)


def counts_by_group(book: Book, name: str) -> pd.DataFrame:
    """What a design counts: ordered_at, group (product, market, store or region) and count; empty without the files.

    A product counts once for each order it is in; tests and cancelled orders are left out.
    """
    if counts_products(name):
        return _product_counts(book)
    if name == "stores":
        return _store_counts(book)
    return _real(book).rename(columns={"country" if name == "staggered_market" else "region": "group"})


def by_day(events: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """Counts by group and day as a panel; a day without any is a 0, because the orders of all days are on file."""
    counts = _side_by_side(events, first, last)
    return counts.melt(ignore_index=False, var_name="unit", value_name="value").reset_index()


def _side_by_side(events: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """The same with a row per day and a column per group."""
    days = pd.date_range(first, last, name="date")
    day = (events["ordered_at"].dt.normalize() - pd.Timestamp(first)).dt.days
    inside = events["group"].notna() & day.between(0, len(days) - 1)
    places, groups = pd.factorize(events["group"][inside], sort=True)
    cells = day[inside].to_numpy(dtype=int) * len(groups) + places
    counts = np.bincount(cells, events["count"][inside], len(days) * len(groups))
    return pd.DataFrame(counts.reshape(len(days), len(groups)), days, groups)


def lift_of_design(
    book: Book,
    name: str,
    sides: tuple[Collection[str], Collection[str]],
    days: tuple[date, date, date],
    level: float,
    blocks: Sequence[Collection[str]] = (),
) -> Effect:
    """The lift that a design's comparison shows on these days (incrementality), as the results make it.

    Args:
        sides: names of the treated and of the untouched groups.
        days: first day of the baseline, first and last day of the comparison.
        blocks: names that were drawn together; empty where sides were not drawn, or nobody noted how.

    Sides that were drawn are judged by units, in the way they were drawn, and so are products and six pairs or more;
    others by dates.
    """
    (treated, untouched), (first, start, end) = sides, days
    events = counts_by_group(book, name)
    if events.empty:
        return Effect(name, 0.0, trouble="not_counted")
    panel = by_day(events[events["group"].isin([*treated, *untouched])], first, end)
    units = set(panel["unit"])
    there = [unit for unit in treated if unit in units]
    if end < start or not there or len(units) == len(there):
        return Effect(name, 0.0, trouble="one_side")
    pairs = min(len(there), len(units) - len(there))
    if blocks or name in _WHOLE_BUDGET or pairs >= FEWEST_PAIRS:
        effect = estimates.difference_in_differences(panel, there, start, end, level, blocks or None)
        if blocks or effect.trouble != "few_ways":
            return effect
    return estimates.synthetic_control(panel, there, start, end, level)


def rehearsal(book: Book, design: Design) -> Effect | None:
    """The results' own test, run on the last days before launch, where no lift was; `None` with too few of them.

    As many days as the comparison will have, or half of those before launch where these are more. Its `never_tells`
    is the plan's self-check.
    """
    window = baseline(book)
    if window is None or not design.treated or not design.days:
        return None
    span = (window.ends_on - window.starts_on).days + 1
    start = window.ends_on - timedelta(days=min(design.days, span // 2) - 1)
    days, sides = (window.starts_on, start, window.ends_on), (design.treated, design.untouched)
    return lift_of_design(book, design.id, sides, days, LEVEL, design.blocks)


def smallest_in_results(book: Book, design: Design) -> float | None:
    """The smallest lift the results' own test would find (minimum detectable effect): it is run on the last days before launch, where none was.

    Stricter than `Design.lift`, because products, markets and stores also go their own ways. `None` where it cannot
    be told from these days.
    """
    effect = rehearsal(book, design)
    return None if effect is None or effect.during < design.days else estimates.smallest(effect)


def _product_groups(book: Book, name: str) -> Design:
    if not book.tables.has("order_lines", "product"):
        return Design(name, lacking=say("needs order lines with product names"))
    return _drawn(book, name, _products_sold(book), say("products"))


def _markets(book: Book, name: str) -> Design:
    if not book.tables.has("orders", "country"):
        return Design(name, lacking=say("needs orders with the buyer's country"))
    counts = _counts(book, counts_by_group(book, name))
    wanted = book.campaign.markets or book.client.all_markets
    counts = counts.loc[:, counts.columns.isin(wanted)]
    large = _large(counts)
    if len(large) < 2:
        return Design(name, lacking=say("needs two markets with enough orders before launch"))
    if len(large) > 8:
        return _drawn(book, name, counts, say("markets"))
    sides = [
        side for size in range(1, len(large)) for side in combinations(large, size) if large[0] in side
    ]  # each split once, from the side of the largest market
    splits = [(side, tuple(one for one in large if one not in side)) for side in sides]
    measured = [_measured(book, name, counts, split) for pair in splits for split in (pair, pair[::-1])]
    return min(measured, key=lambda one: (one.needed is None, one.needed or 0.0, one.treated))


def _stores(book: Book, name: str) -> Design:
    events = counts_by_group(book, name)
    if events.empty:
        return Design(name, lacking=say("needs sales per store and day"))
    counts = _counts(book, events)
    large = _large(counts)
    places = {str(place).casefold() for place in accounts(book)["place"].dropna()}
    near = tuple(store for store in large if any(place in store.casefold() for place in places))
    far = tuple(store for store in large if store not in near)
    if not near or not far:
        return Design(name, lacking=say("needs stores near a creator's place, and stores that are not"))
    return _measured(book, name, counts, (near, far))


def _regions(book: Book, name: str) -> Design:
    if not book.tables.has("orders", "region"):
        return Design(name, lacking=say("needs orders with the buyer's region"))
    counts = _counts(book, counts_by_group(book, name))
    local = _local_regions(book)
    if local:
        large = _large(counts)
        near = tuple(one for one in large if one.casefold() in local)
        far = tuple(one for one in large if one.casefold() not in local)
        if near and far:
            return _measured(book, name, counts, (near, far))
    if not book.campaign.geo_targeted_ads:
        return Design(name, lacking=say("needs ads shown by region, or audiences measured as local"))
    return _drawn(book, name, counts, say("regions"))


_GROUPS = {
    "product_holdout": _product_groups,
    "staggered_market": _markets,
    "stores": _stores,
    "geo_holdout": _regions,
    "staggered_product": _product_groups,
}


def _drawn(book: Book, name: str, counts: pd.DataFrame, groups: Wording) -> Design:
    """Half of the groups is drawn by a fixed coin to meet the campaign: half of each block that sells alike."""
    large = _large(counts)
    if len(large) < 4:
        lacking = say("needs four {groups} with enough orders before launch", groups=groups)
        return Design(name, lacking=lacking)
    coin = random.Random(f"{book.client.id}/{book.campaign.id}/{name}")  # noqa: S311 - drawn the same each time
    blocks = _blocks(large)
    drawn = set()
    for block in blocks:
        order = list(block)
        coin.shuffle(order)
        drawn.update(order[: len(order) // 2])
    every = sorted(one for block in blocks for one in block)
    split = (tuple(one for one in every if one in drawn), tuple(one for one in every if one not in drawn))
    return replace(_measured(book, name, counts, split), blocks=tuple(tuple(block) for block in blocks))


def _blocks(large: list[str]) -> list[list[str]]:
    """Groups that sell alike, to be drawn among themselves: pairs, fours where pairs are few, else all as one.

    Ten pairs can be drawn in 1,024 ways, three fours in 216, eight as one in 70; fewer ways tell nothing, or coarsely.
    """
    if len(large) < 12:
        return [large]
    size = 2 if len(large) >= 20 else 4
    return [large[first : first + size] for first in range(0, len(large) - size + 1, size)]


def _large(daily: pd.DataFrame) -> list[str]:
    """Groups with enough counts in the baseline, the largest first."""
    counts = daily.sum()
    # products are many and small: together they have to be enough, alone they only have to sell
    fewest = pack("lift")["fewest_counts"] / (10 if len(counts) > 8 else 1)
    ordered = sorted(counts[counts >= fewest].items(), key=lambda item: (-item[1], item[0]))
    return [str(group) for group, _ in ordered]


def _measured(
    book: Book,
    name: str,
    by_group: pd.DataFrame,
    split: tuple[tuple[str, ...], tuple[str, ...]] | None,
) -> Design:
    """A design with its counts per unit of time in the baseline, its spread and its smallest lift.

    Without a split all groups are one, before and during.
    """
    rules = pack("lift")
    share = (rules["before_during"] if name == BEFORE_DURING else rules["designs"][name])["during"]
    days = int(campaign_days(book) * share) // 7 * 7
    if days < 7:
        return Design(name, lacking=say("needs a longer campaign: a week at least is compared"))
    if split:
        daily = [by_group[list(side)].sum(axis=1) for side in split]
    else:
        daily = [_without_promotions(book, by_group.sum(axis=1))]
    if min(series.sum() for series in daily) < rules["fewest_counts"]:
        return Design(name, lacking=say("needs more orders before launch"))
    unit = "day" if min(series.mean() for series in daily) >= rules["counts_a_day"] else "week"
    counts = daily if unit == "day" else [_weekly(series) for series in daily]
    during = days if unit == "day" else days // 7
    spread = lift_power.dispersion(*(series.to_numpy() for series in counts))
    if spread is None:
        return Design(name, lacking=say("needs more weeks of orders before launch"))
    means = [float(series.mean()) for series in counts]
    comparison = Comparison(
        means[0], means[1] if split else None, before=len(counts[0]), during=during, dispersion=spread[1]
    )
    smallest = lift_power.smallest_lift_range(comparison, spread)
    part = budget_share(book, name, days, *means) if split else days / campaign_days(book)
    return Design(name, *(split or ((), ())), unit, days, part or 0.0, comparison, spread, smallest)


@per_book
def _real(book: Book) -> pd.DataFrame:
    """Sales whose day is known, each counted as one."""
    sold = shop_sales(book)[["order_id", "ordered_at", "country", "region"]]
    return sold[sold["ordered_at"].notna()].assign(count=1.0)


@per_book
def _product_counts(book: Book) -> pd.DataFrame:
    """`counts_by_group` of products."""
    orders = _real(book)[["order_id", "ordered_at", "count"]]
    sold = goods_lines(book)[["order_id", "product"]].dropna()
    sold = sold.assign(group=without_variant(sold["product"]))
    return sold[["order_id", "group"]].drop_duplicates().merge(orders, on="order_id")


@per_book
def _products_sold(book: Book) -> pd.DataFrame:
    """The same by day of the baseline and product."""
    return _counts(book, _product_counts(book))


def _store_counts(book: Book) -> pd.DataFrame:
    """Receipts per store and day, from a table of store sales where there is one."""
    sales = book.tables.store_sales
    if sales.empty or not sales["store"].notna().any() or not sales["orders"].notna().any():
        return pd.DataFrame()
    sales = sales.dropna(subset=["store", "orders", "date"])
    return pd.DataFrame({"ordered_at": sales["date"], "group": sales["store"], "count": sales["orders"]})


def _local_regions(book: Book) -> set[str]:
    """Regions in which a creator's measured audience is at home."""
    audiences = book.tables.audience
    share = audiences["share"] >= pack("lift")["local_share"]
    local = audiences[audiences["dimension"].isin(["region", "city"]) & share]
    return {str(segment).casefold() for segment in local["segment"]}


def _counts(book: Book, events: pd.DataFrame) -> pd.DataFrame:
    """What a design counts by day of the baseline and group."""
    window = baseline(book)
    return pd.DataFrame() if window is None else _side_by_side(events, window.starts_on, window.ends_on)


def _without_promotions(book: Book, daily: pd.Series) -> pd.Series:
    window = baseline(book)
    return daily.drop(pd.DatetimeIndex(window.left_out if window else []))


def _weekly(daily: pd.Series) -> pd.Series:
    """Whole weeks, the last one ending on the day before launch."""
    whole = daily.iloc[len(daily) % 7 :]
    return pd.Series(whole.to_numpy().reshape(-1, 7).sum(axis=1))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]
