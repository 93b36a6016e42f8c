"""Ties to the books: from the shop's net sales to the sales this report counts, every difference named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.order_codes import order_codes
from creatorbook.campaign.shop_sales import is_test, is_waiting
from creatorbook.finance.claims import claimed_orders, code_owners
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.order_values import order_values, window
from creatorbook.finance.rungs import TO_STAY
from creatorbook.findings import Text, say

if TYPE_CHECKING:
    from creatorbook.book import Book


def reconciliation(book: Book) -> pd.DataFrame:
    """One row per step: line, what, orders, cents (signed), total (whether it is a sum), in reading order.

    Shop net sales are goods after discount, excl. VAT, of orders placed in the window, before returns.
    Each sum equals the rows above it since the last sum, to the cent.
    """
    values = order_values(book)
    inside = values[values.inside]
    counted = inside[inside.counts]
    traced = counted.index.isin(claimed_orders(book).row)
    claimed, untraced = counted[traced], counted[~traced]
    ladder = money_ladder(book)
    elsewhere = _marketplace_net(ladder, claimed)
    rows = [
        ("shop", say("Shop net sales in these days"), len(counted), counted.net.sum(), True),
        (
            "untraced",
            say("less orders that nothing traces to a creator"),
            -len(untraced),
            -untraced.net.sum(),
            False,
        ),
        ("traced", say("Traced to creators"), len(claimed), claimed.net.sum(), True),
        *(
            [("marketplace", say("plus marketplace sales outside the shop"), None, elsewhere, False)]
            if elsewhere
            else []
        ),
        *_taken_off(ladder, claimed),
        ("used", say("Sales that stay, as this report uses them"), None, ladder.cents(*TO_STAY), True),
    ]
    return pd.DataFrame(rows, columns=["line", "what", "orders", "cents", "total"])


def _marketplace_net(ladder: Ladder, claimed: pd.DataFrame) -> float:
    """What the ladder's traced net sales hold beyond the shop's orders."""
    return ladder.cents("traced", "discounts", "tax") - float(claimed.net.sum())


def _taken_off(ladder: Ladder, claimed: pd.DataFrame) -> list[tuple[str, Text, float | None, float, bool]]:
    words: dict[str, tuple[Text, float | None]] = {
        "cancelled": (say("less cancelled"), -float(claimed.cancelled.sum())),
        "returned": (say("less returned so far, counted to the day of the order"), None),
        "returns_expected": (say("less returns still expected"), None),
    }
    return [(key, what, n, ladder.cents(key), False) for key, (what, n) in words.items()]


def left_out(book: Book) -> pd.DataFrame:
    """Orders with a creator's code that the report does not count: why, orders, net cents (NaN where not known)."""
    values = order_values(book)
    carried = order_codes(book).code
    ours = values.loc[carried.index[carried.isin(code_owners(book).index)].unique()]
    orders = book.tables.orders.loc[ours.index]
    test, waiting = is_test(orders), is_waiting(orders)
    groups = [
        (say("test order"), ours[ours.inside & test]),
        (say("no sale yet, or in a state nobody knows"), ours[ours.inside & waiting & ~test]),
        (say("other currency without a rate"), ours[ours.inside & ~test & ~waiting & ~ours.counts]),
        (say("outside the dates"), ours[~ours.inside & ours.counts]),
    ]
    rows = [(why, len(values), values.net.sum(min_count=1)) for why, values in groups if len(values)]
    return pd.DataFrame(rows, columns=["why", "orders", "cents"]).astype({"cents": float})


def returns_by_day(book: Book) -> tuple[float, float] | None:
    """Returns of the window in cents: by day of the return (as shops book them) and by day of the order."""
    if not book.tables.has("refunds", "refunded_at", "amount"):
        return None
    first, last = window(book)
    values = order_values(book).set_index("order_id")
    refunds = book.tables.refunds
    end = pd.Timestamp(last) + pd.Timedelta(days=1)
    booked = refunds[(refunds.refunded_at >= pd.Timestamp(first)) & (refunds.refunded_at < end)]
    at = values.reindex(booked.order_id)
    whole = refunds.groupby("order_id").amount.sum().reindex(booked.order_id).to_numpy()
    goods = at.returned.to_numpy() * booked.amount.to_numpy() / whole
    ordered = values[values.inside & values.counts & ~values.cancelled]
    return float(pd.Series(goods).sum()), float(ordered.returned.sum())
