"""Buyers: who was new, what one cost, whether they came back, and when traced sales had covered the costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.shop_sales import purchases
from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.leaks import not_new, share_outside_markets
from creatorbook.finance.order_values import days_on_file_before, inside_window
from creatorbook.findings import Day, Figure, Findings, Note, Share, number_of, say, say_many, sentences
from creatorbook.roi.headline import PER_ORDER, has_results
from creatorbook.stats.intervals import share_interval

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days in which a first buyer is asked to have come back; all counted buyers were watched this long
REPEAT_DAYS = 60
#: days of orders before the campaign from which nothing more is asked for to tell who is new
LOOK_BACK_DAYS = 365
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
    days = days_on_file_before(book)
    if not days:
        text = say(
            "No order from before the campaign is on file, so new customers cannot be told. The shop's order export of "
            "the 12 months before shows them."
        )
        return Note(text, "unknown")
    short = None
    if days < LOOK_BACK_DAYS:
        short = say("An older order is not on file: 12 months of them would make “new” firmer.")
    return Note(
        sentences(
            say(
                "{share} of traced orders came from buyers without an order in the {days} before.",
                share=Share(1 - before),
                days=number_of("day", days),
            ),
            short,
            say("Buyers who had ordered before are no leak: fans buy, and they stay in."),
        ),
        slot="learned.customers",
        reader="client",
    )


def _repeat(book: Book) -> list[Figure]:
    """Of buyers whose first order a creator brought (a cohort), the share who ordered again within 60 days."""
    orders = purchases(book)
    if orders.empty:
        return []
    first = orders[orders["first"]]
    brought = first[first.index.isin(claimed_orders(book).row)]
    watched = brought[brought.ordered_at <= pd.Timestamp(book.as_of) - pd.Timedelta(days=REPEAT_DAYS - 1)]
    again = orders[~orders["first"]]
    later = watched.merge(again, on="customer", suffixes=("", "_again"))
    within = later[later.ordered_at_again <= later.ordered_at + pd.Timedelta(days=REPEAT_DAYS)]
    return [_repeat_figure(len(watched), within.customer.nunique())]


def _repeat_figure(n: int, came: int) -> Figure:
    enough = n >= ENOUGH_WATCHED
    low, high = share_interval(came, n) if enough else (None, None)
    too_few = say_many(
        "{n} buyer has been watched for {days} days; {enough} would do",
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
        return Note("When traced sales covered the costs cannot be told without margin and costs.", "unknown")
    if ladder.margin < costs:
        if not costs:
            return Note("Traced sales do not cover the costs so far: the orders themselves leave a loss.")
        text = say(
            "Traced sales do not cover the costs so far: what they leave is {share} of them.",
            share=Share(max(0.0, ladder.margin) / costs),
        )
        return Note(text)
    inside = inside_window(book)
    claimed = inside[inside.index.isin(claimed_orders(book).row) & ~inside.cancelled.astype(bool)]
    if claimed.empty:
        return Note("Traced sales cover the costs; the marketplace's sheet has no days, so not since when.")
    by_day = claimed.groupby(claimed.ordered_at.dt.normalize()).net.sum().cumsum()
    left = by_day / by_day.iloc[-1] * ladder.margin
    day = left.index[int(np.argmax(left.to_numpy() >= costs))]
    return Note(
        say(
            "Traced sales covered the costs by orders up to {date}, day {day} of the campaign.",
            date=Day(day.date()),
            day=(day - pd.Timestamp(book.campaign.start)).days + 1,
        )
    )
