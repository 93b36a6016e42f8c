"""Which of the shop's orders are sales, and which one was a buyer's first, whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.memo import per_book
from creatorbook.text.order_states import NOT_COUNTED

if TYPE_CHECKING:
    from creatorbook.book import Book


def is_test(orders: pd.DataFrame) -> pd.Series:
    """Which orders the shop itself placed to try something."""
    return orders.test.fillna(value=False).astype(bool)


def is_waiting(orders: pd.DataFrame) -> pd.Series:
    """Which orders are no sale yet, or are in a state whose word nobody knows."""
    return orders.order_state.isin(NOT_COUNTED)


def is_order(orders: pd.DataFrame) -> pd.Series:
    """Which records are orders at all: neither tests nor waiting. What was cancelled afterwards was one."""
    return ~is_test(orders) & ~is_waiting(orders)


@per_book
def shop_sales(book: Book) -> pd.DataFrame:
    """The shop's orders, whatever the day and currency, that are sales and were not cancelled; rows as in the orders table."""
    orders = book.tables.orders
    return orders[is_order(orders) & orders.cancelled_at.isna()]


@per_book
def purchases(book: Book) -> pd.DataFrame:
    """Sales whose buyer and day are known, oldest first: order_id, customer, ordered_at, first (the buyer's first on file)."""
    bought = shop_sales(book)[["order_id", "customer", "ordered_at"]].dropna()
    bought = bought.sort_values(["ordered_at", "order_id"], kind="stable")
    return bought.assign(first=~bought.customer.duplicated())
