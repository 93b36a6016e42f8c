"""Exchanges: goods that came back for others. The first order is the sale; what replaces its goods is none of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.campaign.shop_sales import EXCHANGE, no_sale, shop_sales
from creatorbook.memo import per_book_free_of
from creatorbook.text.order_numbers import plain_numbers

if TYPE_CHECKING:
    from creatorbook.book import Book


@per_book_free_of(MONEY_AND_CREDIT)
def exchanged(book: Book) -> pd.DataFrame:
    """Orders whose goods were exchanged, by their label in the orders table: parcels (sent in exchange), value.

    The value is what the replacement is worth, in its order's own currency: what it came to where it was charged, else the
    price of its goods; infinite where no file tells either. So much of what the first order gave back is no return. The
    first order is the one that the replacement names, else the same buyer's last sale before it.
    """
    orders = book.tables.orders
    sent = orders[no_sale(book) == EXCHANGE]
    first = _named(orders, sent).fillna(_last_before(shop_sales(book), sent))
    value = sent.total.where(sent.total > 0, sent.gross.where(sent.gross > 0, np.inf))
    joined = pd.DataFrame({"first": first, "value": value}).dropna(subset=["first"])
    grouped = joined.groupby(joined["first"].astype(int), sort=True).value
    return pd.DataFrame({"parcels": grouped.size().astype(float), "value": grouped.sum()})


def _named(orders: pd.DataFrame, sent: pd.DataFrame) -> pd.Series:
    """The label of the order that each replacement names."""
    if sent.exchange_of.isna().all():
        return pd.Series(np.nan, index=sent.index)
    labels = pd.Series(orders.index, index=plain_numbers(orders.order_id))
    labels = labels[~labels.index.duplicated()]
    return plain_numbers(sent.exchange_of).map(labels).astype(float)


def _last_before(sales: pd.DataFrame, sent: pd.DataFrame) -> pd.Series:
    """The label of the same buyer's last sale before each replacement."""
    keys = ["ordered_at", "customer"]
    sent_by, bought = (
        rows.dropna(subset=keys).sort_values("ordered_at", kind="stable")[keys].rename_axis("label")
        for rows in (sent, sales)
    )
    last = pd.merge_asof(sent_by, bought.reset_index(), on="ordered_at", by="customer")
    return last.label.set_axis(sent_by.index).reindex(sent.index).astype(float)
