"""What came of the sizes: orders and cost per size, with ranges, and what is too close to call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.sizes import NOT_DEFINED, scheme_of, size_of
from creatorbook.finance import slices
from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.costs import campaign_costs, took_part
from creatorbook.finance.exposure import Exposure, exposure
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.rungs import ON_SALES, OPTIONAL
from creatorbook.findings import Column, Count, Findings, Note, Table, Wording, packed, say
from creatorbook.stats.intervals import poisson_interval
from creatorbook.stats.power import compare_counts
from creatorbook.stats.shrinkage import extra_variation
from creatorbook.tiers.sizes import STEP, apart_and_close, present

if TYPE_CHECKING:
    from creatorbook.book import Book

#: creators beyond one per size from which their orders say how much creators of one size differ
LEAST_FREEDOM = 3
#: two sizes are told apart where chance alone would show such a difference less often than this
LEVEL = 0.1


def outcome(book: Book) -> Findings:
    """Orders, cost per order and orders per 1,000 spent by size, with likely ranges and n."""
    if book.stage == "plan":
        later = Note("What came of the sizes is said once the campaign is over.")
        return Findings(STEP, () if book.mode == "report" else (later,), book.formats)
    if not book.tables.has("orders") or book.tables.creators.empty:
        text = say(
            "What came of the sizes cannot be said yet: an order export with the creators' codes settles it; the "
            "shop has it."
        )
        return Findings(STEP, (Note(text, "unknown", owner="shop"),), book.formats)
    sizes, extra = by_size(book)
    items = (Note(_distinct(sizes, extra)), _table(sizes), _method(extra, exposure(book)))
    return Findings(STEP, items, book.formats)


def per_person(book: Book) -> pd.DataFrame:
    """One row per person taking part: creator, followers, tier, orders, cost (missing if unknown)."""
    accounts = took_part(book).sort_values(
        ["main", "followers", "handle"], ascending=[False, False, True], kind="stable"
    )
    people = accounts.groupby("creator", sort=True).agg(
        followers=("followers", "first"), platform=("platform", "first")
    )
    people = people.reset_index()
    orders = claimed_orders(book).groupby("creator").size()
    lines = campaign_costs(book).lines
    lines = lines[~lines.rung.isin(ON_SALES)]  # what is owed on sales is taken off each order
    priced = people.creator.isin(lines.creator[~lines.rung.isin(OPTIONAL)])  # own hours alone are no price
    spent = lines.groupby("creator").cents.sum(min_count=1) / 100
    scheme = scheme_of(book)
    return people.assign(
        tier=[size_of(row.followers, row.platform, scheme) for row in people.itertuples()],
        orders=people.creator.map(orders).fillna(0).astype(float),
        cost=people.creator.map(spent).astype(float).where(priced),
    )


def by_size(book: Book) -> tuple[pd.DataFrame, float]:
    """One row per size: tier, creators, orders with low and high, cost, and what follows; and the extra variation.

    `left` is what is left of each 1,000 spent after all costs of these creators, with low and high: see `_left`.

    Whoever's cost is not known brings no orders into what is divided by cost: `priced`, `priced_orders`,
    `priced_low` and `priced_high` count the others only.
    """
    people, rows = per_person(book), []
    amounts = people.creator.map(exposure(book).amounts).to_numpy(dtype=float)
    extra = extra_variation(people.orders.to_numpy(), people.tier.to_numpy(), amounts, LEAST_FREEDOM)
    left = _left(book, people)
    for tier in present(people, scheme_of(book)):
        own = people[people.tier == tier]
        orders, low, high = _orders(own, extra)
        priced, cost = own[own.cost.notna()], float(own.cost.sum(min_count=1))
        priced_orders, priced_low, priced_high = _orders(priced, extra)
        rows.append(
            {
                "tier": tier,
                "creators": float(len(own)),
                "orders": orders,
                "low": low,
                "high": high,
                "priced": float(len(priced)),
                "priced_orders": priced_orders,
                "priced_low": priced_low,
                "priced_high": priced_high,
                "cost": cost,
                "per_order": cost / priced_orders if priced_orders else np.nan,
                "per_order_low": cost / priced_high if priced_high else np.nan,
                "per_order_high": cost / priced_low if priced_low else np.nan,
                "per_thousand": priced_orders / cost * 1000 if cost > 0 else np.nan,
                **_left_at(left.get(tier), (priced_low, priced_orders, priced_high)),
            }
        )
    return pd.DataFrame(rows), extra


def _left(book: Book, people: pd.DataFrame) -> dict[str, _Left]:
    """By size what the ladder leaves of the creators whose cost is known; nothing where it ends before profit."""
    ladder = money_ladder(book)
    if ladder.profit is None or not ladder.margin:
        return {}
    priced = ladder.slices.creator.isin(people.creator[people.cost.notna()])
    sizes = slices.person_sizes(book, ladder).fillna(NOT_DEFINED).where(priced)
    sums = slices.sums_by(ladder, slices.rungs_by(ladder, sizes))
    low, high = (end / ladder.margin for end in ladder.likely("margin"))
    return {
        str(tier): _Left(margin, costs, (min(low, high), max(low, high)))
        for tier, margin, costs in zip(sums.index, sums.margin, sums.costs, strict=True)
    }


@dataclass(frozen=True)
class _Left:
    """Margin and costs of a size's creators in money, and the ends of the campaign's margin as factors of the likely one."""

    margin: float
    costs: float
    factors: tuple[float, float]


def _left_at(left: _Left | None, orders: tuple[float, float, float]) -> dict[str, float]:
    """What is left per 1,000 spent, and at the ends of both the orders and what an order leaves."""
    if left is None or not left.costs > 0:
        return dict.fromkeys(("left", "left_low", "left_high"), np.nan)
    low, likely, high = orders
    ends = [
        left.margin * factor * (end / likely if likely else 1.0)
        for factor, end in zip(left.factors, (low, high), strict=True)
    ]
    worse, value, better = (
        1000 * (margin / left.costs - 1) for margin in (min(ends), left.margin, max(ends))
    )
    return {"left": value, "left_low": min(worse, value), "left_high": max(better, value)}


def _orders(people: pd.DataFrame, extra: float) -> tuple[float, float, float]:
    """Orders of these people, with their likely range widened by the extra variation."""
    orders = float(people.orders.sum())
    low, high = (end * extra for end in poisson_interval(round(orders / extra)))
    return orders, low, high


def _distinct(sizes: pd.DataFrame, extra: float) -> Wording:
    """Which sizes differ in orders for the money, and which are too close to call."""
    comparable = sizes[(sizes.cost > 0) & (sizes.priced >= 2)]
    if len(comparable) < 2:
        return say("Sizes cannot be compared: fewer than two of them have at least two creators with costs.")
    apart: list[Wording] = []
    close: list[Wording] = []
    rows = list(comparable.itertuples())
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            p = compare_counts(one.priced_orders / extra, other.priced_orders / extra, one.cost, other.cost)
            better = one if one.per_thousand > other.per_thousand else other
            names = {"one": packed(one.tier), "other": packed(other.tier)}
            if p <= LEVEL:
                better_one = packed(better.tier)
                text = say(
                    "{one} and {other} (more orders for the money: {better})", **names, better=better_one
                )
                apart.append(text)
            else:
                close.append(say("{one} and {other}", **names))
    return apart_and_close(apart, close)


def _table(sizes: pd.DataFrame) -> Table:
    """Orders and costs by size; what is estimated is marked as such."""
    columns = {
        "tier": Column("Size"),
        "creators": Column("Creators", "number", grade="counted"),
        "orders": Column("Orders traced", "number", grade="counted"),
        "low": Column("Orders, low", "number", grade="estimated"),
        "high": Column("Orders, high", "number", grade="estimated"),
        "cost": Column("Cost", "money", grade="counted"),
        "per_order": Column("Cost per order", "money", grade="counted"),
        "per_order_low": Column("Cost per order, low", "money", grade="estimated"),
        "per_order_high": Column("Cost per order, high", "money", grade="estimated"),
        "per_thousand": Column("Orders per 1,000 spent", "number", 1, grade="counted"),
    }
    note = say(
        "Traced is not caused. Cost: what is known of each creator; hours, agency and tools are not shared out. What "
        "is divided by cost leaves out creators whose cost is not known."
    )
    return Table(f"{STEP}.outcome", "What came of the sizes", sizes, columns, note=note, reader="client")


def _method(extra: float, bought_with: Exposure) -> Note:
    """How much ranges and comparisons were widened, and beside what orders were looked at."""
    kind, times = bought_with.kind, Count(extra, 1)
    if kind is None:
        text = say(
            "Orders of creators of one size vary {times} times as much as chance alone would make them; ranges and "
            "comparisons are widened by that.",
            times=times,
        )
        return Note(text, "method")
    text = say(
        "Judged on {measure} (from {source}), creators of one size vary {times} times as much as chance alone would make "
        "them; ranges and comparisons are widened by that.",
        measure=kind.judged_on,
        source=kind.source,
        times=times,
    )
    return Note(text, "method")
