"""Buyers: who was new, what one cost, whether they came back, and when the campaign had paid for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.leaks import not_new, spread
from creatorbook.finance.order_values import inside_window, order_values
from creatorbook.finance.rungs import TO_MARGIN
from creatorbook.findings import Figure, Findings, Note
from creatorbook.roi.headline import LOOK_BACK_DAYS, PER_ORDER, has_results
from creatorbook.stats.intervals import share_interval

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days in which a first buyer is asked to have come back; all counted buyers were watched this long
REPEAT_DAYS = 60
#: buyers watched that long from which a share is given
ENOUGH_BUYERS = 20


def customers(book: Book) -> Findings:
    """Cost per order and per new buyer, share who came back, and the day the campaign paid for itself."""
    ladder = money_ladder(book)
    if not has_results(ladder):
        return Findings(
            "roi", (Note("No order is traced, so no buyer can be looked at.", "unknown"),), book.formats
        )
    items: list[Figure | Note] = [
        _cost_per_order(ladder),
        *_new(book),
        *_repeat(book),
        _payback(book, ladder),
    ]
    return Findings("roi", tuple(items), book.formats)


def _cost_per_order(ladder: Ladder) -> Figure:
    orders = float(ladder.slices.orders_kept.sum())
    cost = ladder.campaign_costs
    return Figure(
        "roi.cost_per_order", PER_ORDER, cost / orders if cost is not None else None, "money", "counted",
        "campaign costs ÷ traced orders that were not cancelled", n=int(orders), digits=2,
    )  # fmt: skip


def _new(book: Book) -> list[Note]:
    """New buyers with the look-back stated; buyers who are not new, and far ones, stay in."""
    orders, told = book.tables.orders, []
    old, far = not_new(book), spread(book)
    if old is None:
        told.append(
            Note(
                "Buyers are not in the order file, so nobody can be called new. The shop can add a hashed e-mail.",
                "unknown",
            )
        )
    else:
        days = (pd.Timestamp(book.campaign.start) - orders.ordered_at.min()).days
        known = (
            ""
            if days >= LOOK_BACK_DAYS
            else f" With {days} days of history that is the most that can be said; 12 months would allow “new”."
        )
        told.append(Note(
            f"{book.formats.percent(1 - old)} of traced orders came from buyers without an order in the {days} days "
            f"before.{known} Buyers who had ordered before are no leak: fans buy, and they stay in."
        ))  # fmt: skip
    if far is not None and far > 0:
        told.append(
            Note(
                f"{book.formats.percent(far)} of traced orders went outside the client's markets; creators' audiences are spread, so they stay in.",
                "method",
            )
        )
    return told


def _repeat(book: Book) -> list[Figure]:
    """Of buyers whose first order a creator brought, the share who ordered again within 60 days."""
    orders = book.tables.orders[["order_id", "customer", "ordered_at"]].dropna()
    if orders.empty:
        return []
    orders = orders[orders.order_id.isin(order_values(book).query("counts and not cancelled").order_id)]
    orders = orders.sort_values(["ordered_at", "order_id"], kind="stable")
    first = orders.drop_duplicates("customer")
    mine = first[first.index.isin(claimed_orders(book).row)]
    watched = mine[mine.ordered_at <= pd.Timestamp(book.as_of) - pd.Timedelta(days=REPEAT_DAYS - 1)]
    told = len(watched) >= ENOUGH_BUYERS
    again = orders[orders.order_id.isin(set(orders.order_id) - set(first.order_id))]
    joined = watched.merge(again, on="customer", suffixes=("", "_again"))
    within = joined[joined.ordered_at_again <= joined.ordered_at + pd.Timedelta(days=REPEAT_DAYS)]
    n, came = len(watched), within.customer.nunique()
    low, high = share_interval(came, n) if told else (None, None)
    return [
        Figure(
            "roi.repeat", f"First buyers who came back within {REPEAT_DAYS} days", came / n if told else None,
            "percent", "counted", "orders by hashed buyer, first order brought by a creator, watched so long",
            low=low, high=high, n=n,
            note="" if told else f"{n} buyers have been watched for {REPEAT_DAYS} days; {ENOUGH_BUYERS} would do",
        )
    ]  # fmt: skip


def _payback(book: Book, ladder: Ladder) -> Note:
    """The day by which what orders leave had covered the campaign's costs."""
    costs = ladder.campaign_costs
    if ladder.margin is None or costs is None:
        return Note("When the campaign paid for itself cannot be told without margin and costs.", "unknown")
    if (ladder.profit or 0.0) < 0:
        share = book.formats.percent(max(0.0, ladder.money(*TO_MARGIN)) / costs) if costs else "–"
        return Note(f"Not paid back so far: what the orders leave covers {share} of the costs.")
    inside = inside_window(book)
    mine = inside[inside.index.isin(claimed_orders(book).row) & ~inside.cancelled.astype(bool)]
    if mine.empty:
        return Note("Paid back; the marketplace's sheet has no days, so not when.")
    by_day = mine.groupby(mine.ordered_at.dt.normalize()).net.sum().cumsum()
    left = by_day / by_day.iloc[-1] * ladder.money(*TO_MARGIN)
    day = left.index[int(np.argmax(left.to_numpy() >= costs))]
    after = (day - pd.Timestamp(book.campaign.start)).days + 1
    return Note(f"Paid back by orders up to {book.formats.day(day.date())}, day {after} of the campaign.")
