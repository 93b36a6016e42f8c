"""Which of the shop's orders are sales, and which one was a buyer's first, whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.memo import per_book_free_of
from creatorbook.text.order_numbers import plain_numbers
from creatorbook.text.order_states import NOT_COUNTED

if TYPE_CHECKING:
    from creatorbook.book import Book

#: why an order on file is no sale; of several reasons the first counts
TEST, WAITING, GIFT_CARD, EXCHANGE = NO_SALE = ("test", "waiting", "gift card", "exchange")


@per_book_free_of(MONEY_AND_CREDIT)
def no_sale(book: Book) -> pd.Series:
    """Why each order (by its label in the orders table) is no sale, one of `NO_SALE`; empty where it is one.

    A test is the shop's own. What waits for its money, or is in a state whose word nobody knows, is no sale yet. A gift
    card is one when it is used: then it pays for an order. What was sent in exchange was sold by the order it replaces.
    What was cancelled afterwards was a sale.
    """
    orders = book.tables.orders
    reasons = {
        TEST: orders.test.fillna(value=False).astype(bool),
        WAITING: orders.order_state.isin(NOT_COUNTED),
        GIFT_CARD: _only_gift_cards(book),
        EXCHANGE: _is_exchange(orders),
    }
    return pd.Series(
        np.select([which.to_numpy() for which in reasons.values()], list(reasons), default=""),
        index=orders.index,
        dtype="str",
    )


def is_order(book: Book) -> pd.Series:
    """Which records of the orders table are sales when they are placed, whatever the day and currency."""
    return no_sale(book) == ""


@per_book_free_of(MONEY_AND_CREDIT)
def shop_sales(book: Book) -> pd.DataFrame:
    """The shop's orders, whatever the day and currency, that are sales and were not cancelled; rows as in the orders table."""
    orders = book.tables.orders
    return orders[is_order(book) & orders.cancelled_at.isna()]


@per_book_free_of(MONEY_AND_CREDIT)
def purchases(book: Book) -> pd.DataFrame:
    """Sales whose buyer and day are known, oldest first: order_id, customer, ordered_at, first (the buyer's first on file)."""
    bought = shop_sales(book)[["order_id", "customer", "ordered_at"]].dropna()
    bought = bought.sort_values(["ordered_at", "order_id"], kind="stable")
    return bought.assign(first=~bought.customer.duplicated())


@per_book_free_of(MONEY_AND_CREDIT)
def goods_lines(book: Book) -> pd.DataFrame:
    """The lines of orders that are goods, not gift cards; rows as in the table of lines."""
    lines = book.tables.order_lines
    cards = _is_gift_card(lines)
    return lines[~cards] if cards.any() else lines


@per_book_free_of(MONEY_AND_CREDIT)
def gift_cards_sold(book: Book) -> pd.Series:
    """What of each order (by its label) the buyer paid for gift cards, in the client's currency; 0 where for none."""
    orders, lines = book.tables.orders, book.tables.order_lines
    cards = lines[_is_gift_card(lines)]
    sold = (cards.price * cards.quantity - cards.discount.fillna(0.0)).groupby(cards.order_id).sum()
    return orders.order_id.map(sold).fillna(0.0).astype(float)


def _is_exchange(orders: pd.DataFrame) -> pd.Series:
    """Which orders are marked as sent in exchange, and were charged nothing or name an order on file that they replace.

    Shops mark the first order as well, and some begin all their numbers with such letters.
    """
    marked = orders.exchange.fillna(value=False).astype(bool)
    if not marked.any():
        return marked
    replaced = plain_numbers(orders.exchange_of)
    others = replaced.isin(plain_numbers(orders.order_id)) & (replaced != plain_numbers(orders.order_id))
    return marked & ((orders.total <= 0) | others)


def _is_gift_card(lines: pd.DataFrame) -> pd.Series:
    return lines.gift_card.fillna(value=False).astype(bool)


def _only_gift_cards(book: Book) -> pd.Series:
    """Which orders hold gift cards and no goods."""
    orders, lines = book.tables.orders, book.tables.order_lines
    with_cards = set(lines.order_id[_is_gift_card(lines)])
    with_goods = set(goods_lines(book).order_id) if with_cards else set()
    return orders.order_id.isin(with_cards - with_goods)
