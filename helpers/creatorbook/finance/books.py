"""Ties to the books: from all the orders on file to the shop's net sales, and to the sales this report counts; every difference named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.order_codes import order_codes
from creatorbook.campaign.shop_sales import EXCHANGE, GIFT_CARD, TEST, WAITING, gift_cards_sold, no_sale
from creatorbook.finance.claims import claimed_orders, code_owners
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.order_values import order_values, tells_refunds, window
from creatorbook.finance.rungs import TO_STAY
from creatorbook.findings import Count, Text, say
from creatorbook.memo import per_book

if TYPE_CHECKING:
    from creatorbook.book import Book

#: line, what, orders, cents, paid, total: see `reconciliation`
_Row = tuple[str, Text, float | None, float | None, float | None, bool]

OTHER_DAYS, NO_RATE = "other days", "no rate"


@dataclass(frozen=True)
class _Reason:
    """Why orders on file are none of the shop's sales of these days: in a line of the ties, and in brackets behind a number."""

    line: Text
    short: Text


_REASONS = {
    OTHER_DAYS: _Reason(say("less orders placed on other days"), say("outside the dates")),
    TEST: _Reason(say("less test orders"), say("test order")),
    WAITING: _Reason(
        say("less orders that are no sale yet, or in a state nobody knows"),
        say("no sale yet, or in a state nobody knows"),
    ),
    GIFT_CARD: _Reason(
        say("less gift cards sold: a sale when they are used"), say("gift card: a sale when it is used")
    ),
    EXCHANGE: _Reason(
        say("less orders sent in exchange: the first order is the sale"),
        say("sent in exchange: the first order is the sale"),
    ),
}


@per_book
def set_apart(book: Book) -> pd.DataFrame:
    """Every order on file once, by its label: reason (a key of `_REASONS`, `NO_RATE`; empty for a sale of these days), currency,
    in cents of the client's currency: net, gift_cards, paid (NaN without a rate), and total, in the order's own currency.

    Of several reasons the first counts: the day, then what the order is, then its currency.
    """
    values, orders = order_values(book), book.tables.orders
    reason = no_sale(book).mask(~values.inside, OTHER_DAYS)
    reason = reason.mask((reason == "") & ~values.counts, NO_RATE)
    cards = (gift_cards_sold(book) * 100).round().where(values.paid.notna())
    return pd.DataFrame(
        {
            "reason": reason,
            "currency": orders.currency,
            "net": values.net,
            "gift_cards": cards,
            "paid": values.paid,
            "total": orders.total,
        }
    )


def reconciliation(book: Book) -> pd.DataFrame:
    """One row per step: line, what, orders, cents (net, signed), paid (cents, signed), total (whether it is a sum), in reading order.

    First from all the orders on file to the shop's sales of these days, then from these to the sales that stay. Net sales are
    goods after discount, excl. VAT, before returns; gift cards are told with the orders on file and taken off. What buyers paid
    is the file's own total. Each sum equals the rows above it since the last sum, to the cent; orders without a rate have no
    amount that could be added, and their line names it.
    """
    values = order_values(book)
    counted = values[values.inside & values.counts]
    traced = counted.index.isin(claimed_orders(book).row)
    claimed, untraced = counted[traced], counted[~traced]
    ladder = money_ladder(book)
    elsewhere = _marketplace_net(ladder, claimed)
    rows: list[_Row] = [
        *_from_file(book),
        _line("shop", say("Shop net sales in these days"), counted, total=True),
        _line("untraced", say("less orders that nothing traces to a creator"), untraced, sign=-1),
        _line("traced", say("Traced to creators"), claimed, total=True),
        *(
            [("marketplace", say("plus marketplace sales outside the shop"), None, elsewhere, None, False)]
            if elsewhere
            else []
        ),
        *_taken_off(ladder, claimed),
        ("used", say("Sales that stay, as this report uses them"), None, ladder.cents(*TO_STAY), None, True),
    ]
    columns = {"line": "str", "what": object, "orders": float, "cents": float, "paid": float, "total": bool}
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _line(key: str, what: Text, orders: pd.DataFrame, *, sign: int = 1, total: bool = False) -> _Row:
    """A line over some of the orders: how many, their net sales and what was paid."""
    return key, what, sign * len(orders), sign * orders.net.sum() + 0.0, sign * orders.paid.sum() + 0.0, total


def _from_file(book: Book) -> list[_Row]:
    """All orders on file, less those that are none of the shop's sales of these days, by reason; none where all are."""
    orders = set_apart(book)
    sold = orders.assign(net=orders.net.fillna(0.0) + orders.gift_cards.fillna(0.0))
    apart = {
        key: _line(key, reason.line, sold[sold.reason == key], sign=-1) for key, reason in _REASONS.items()
    }
    cards = sold.gift_cards[sold.reason.isin(["", GIFT_CARD])].sum()
    apart[GIFT_CARD] = (*apart[GIFT_CARD][:3], -cards, *apart[GIFT_CARD][4:])
    lines = [line for line in apart.values() if line[2] or line[3]]
    lines += [
        (
            f"{NO_RATE} {currency}",
            _without_rate(str(currency), without.total.sum()),
            -len(without),
            None,
            None,
            False,
        )
        for currency, without in sold[sold.reason == NO_RATE].groupby("currency", sort=True)
    ]
    return [_line("file", say("All orders on file"), sold, total=True), *lines] if lines else []


def _without_rate(currency: str, amount: float) -> Text:
    return say(
        "less orders in {currency}, {amount} in all: no rate is on file",
        currency=currency,
        amount=Count(amount, 2),
    )


def _marketplace_net(ladder: Ladder, claimed: pd.DataFrame) -> float:
    """What the ladder's traced net sales hold beyond the shop's orders."""
    return ladder.cents("traced", "discounts", "tax") - float(claimed.net.sum())


def _taken_off(ladder: Ladder, claimed: pd.DataFrame) -> list[_Row]:
    words: dict[str, tuple[Text, float | None]] = {
        "cancelled": (say("less cancelled"), -float(claimed.cancelled.sum())),
        "returned": (say("less returned so far, counted to the day of the order"), None),
        "returns_expected": (say("less returns still expected"), None),
    }
    return [(key, what, n, ladder.cents(key), None, False) for key, (what, n) in words.items()]


def left_out(book: Book) -> pd.DataFrame:
    """Orders with a creator's code that the report does not count: why, orders, cents (net; NaN where not known)."""
    carried = order_codes(book).code
    ours = set_apart(book).loc[carried.index[carried.isin(code_owners(book).index)].unique()]
    sale = no_sale(book).reindex(ours.index) == ""
    ours = ours[(ours.reason != OTHER_DAYS) | (sale & ours.net.notna())]
    rows = [
        (reason.short, len(orders), orders.net.sum(min_count=1) + orders.gift_cards.sum())
        for key, reason in _REASONS.items()
        if len(orders := ours[ours.reason == key])
    ]
    rows += [
        (say("in {currency}: no rate is on file", currency=str(currency)), len(orders), float("nan"))
        for currency, orders in ours[ours.reason == NO_RATE].groupby("currency", sort=True)
    ]
    return pd.DataFrame(rows, columns=["why", "orders", "cents"]).astype({"cents": float})


def returns_by_day(book: Book) -> tuple[float, float] | None:
    """Returns of the window in cents: by day of the return (as shops book them) and by day of the order."""
    if not tells_refunds(book, "refunded_at", "amount"):
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
