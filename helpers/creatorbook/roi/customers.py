"""Buyers: who was new, what one cost, whether they came back, and when the campaign had paid for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.leaks import not_new, share_outside_markets
from creatorbook.finance.order_values import inside_window, order_values
from creatorbook.findings import Day, Figure, Findings, Note, Share, say, sentences
from creatorbook.roi.headline import LOOK_BACK_DAYS, PER_ORDER, has_results
from creatorbook.stats.intervals import share_interval

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days in which a first buyer is asked to have come back; all counted buyers were watched this long
REPEAT_DAYS = 60
#: buyers watched that long from which a share is given
ENOUGH_WATCHED = 20


def customers(book: Book) -> Findings:
    """Cost per order (CPO) and per new buyer (acquisition cost, CAC), share who came back, and the payback day."""
    ladder = money_ladder(book)
    if not has_results(ladder):
        note = Note("No order is traced, so no buyer can be looked at.", "unknown")
        return Findings("roi", (note,), book.formats)
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
        "roi.cost_per_order",
        PER_ORDER,
        cost / orders if cost is not None else None,
        "money",
        "counted",
        say("campaign costs ÷ traced orders that were not cancelled"),
        n=int(orders),
        digits=2,
    )


def _new(book: Book) -> list[Note]:
    """New buyers with the look-back stated; buyers who are not new, and far ones, stay in."""
    notes = [_new_buyers(book)]
    far = share_outside_markets(book)
    if far is not None and far > 0:
        text = say(
            "{share} of traced orders went outside the client's markets; creators' audiences are spread, so they "
            "stay in.",
            share=Share(far),
        )
        notes.append(Note(text, "method"))
    return notes


def _new_buyers(book: Book) -> Note:
    before = not_new(book)
    if before is None:
        text = say(
            "Buyers are not in the order file, so nobody can be called new. The shop can add a hashed e-mail."
        )
        return Note(text, "unknown")
    begin = book.tables.orders.ordered_at.min()
    days = (pd.Timestamp(book.campaign.start) - begin).days
    if days <= 0:
        text = say(
            "Who is new cannot be told: the orders begin on {day}, not before the campaign.", day=Day(begin)
        )
        return Note(text, "unknown")
    short = None
    if days < LOOK_BACK_DAYS:
        short = say(
            "With {days} days of history that is the most that can be said; 12 months would allow “new”.",
            days=days,
        )
    return Note(
        sentences(
            say(
                "{share} of traced orders came from buyers without an order in the {days} days before.",
                share=Share(1 - before),
                days=days,
            ),
            short,
            say("Buyers who had ordered before are no leak: fans buy, and they stay in."),
        )
    )


def _repeat(book: Book) -> list[Figure]:
    """Of buyers whose first order a creator brought (a cohort), the share who ordered again within 60 days."""
    orders = book.tables.orders[["order_id", "customer", "ordered_at"]].dropna()
    if orders.empty:
        return []
    orders = orders[orders.order_id.isin(order_values(book).query("counts and not cancelled").order_id)]
    orders = orders.sort_values(["ordered_at", "order_id"], kind="stable")
    first = orders.drop_duplicates("customer")
    brought = first[first.index.isin(claimed_orders(book).row)]
    watched = brought[brought.ordered_at <= pd.Timestamp(book.as_of) - pd.Timedelta(days=REPEAT_DAYS - 1)]
    again = orders[orders.order_id.isin(set(orders.order_id) - set(first.order_id))]
    later = watched.merge(again, on="customer", suffixes=("", "_again"))
    within = later[later.ordered_at_again <= later.ordered_at + pd.Timedelta(days=REPEAT_DAYS)]
    return [_repeat_figure(len(watched), within.customer.nunique())]


def _repeat_figure(n: int, came: int) -> Figure:
    enough = n >= ENOUGH_WATCHED
    low, high = share_interval(came, n) if enough else (None, None)
    too_few = say(
        "{n} buyers have been watched for {days} days; {enough} would do",
        n=n,
        days=REPEAT_DAYS,
        enough=ENOUGH_WATCHED,
    )
    return Figure(
        "roi.repeat",
        say("First buyers who came back within {days} days", days=REPEAT_DAYS),
        came / n if enough else None,
        "percent",
        "counted",
        say("orders by hashed buyer, first order brought by a creator, watched so long"),
        low=low,
        high=high,
        n=n,
        note="" if enough else too_few,
    )


def _payback(book: Book, ladder: Ladder) -> Note:
    """The day by which what orders leave had covered the campaign's costs."""
    costs = ladder.campaign_costs
    if ladder.margin is None or costs is None:
        return Note("When the campaign paid for itself cannot be told without margin and costs.", "unknown")
    if ladder.margin < costs:
        if not costs:
            return Note("Not paid back so far: the orders themselves leave a loss.")
        text = say(
            "Not paid back so far: what the orders leave covers {share} of the costs.",
            share=Share(max(0.0, ladder.margin) / costs),
        )
        return Note(text)
    inside = inside_window(book)
    claimed = inside[inside.index.isin(claimed_orders(book).row) & ~inside.cancelled.astype(bool)]
    if claimed.empty:
        return Note("Paid back; the marketplace's sheet has no days, so not when.")
    by_day = claimed.groupby(claimed.ordered_at.dt.normalize()).net.sum().cumsum()
    left = by_day / by_day.iloc[-1] * ladder.margin
    day = left.index[int(np.argmax(left.to_numpy() >= costs))]
    return Note(
        say(
            "Paid back by orders up to {date}, day {day} of the campaign.",
            date=Day(day.date()),
            day=(day - pd.Timestamp(book.campaign.start)).days + 1,
        )
    )
