"""Orders that an affiliate network or a marketplace tells, joined to the shop's own, and where the two disagree.

The shop's orders are the sales; a network's are what it attributes and what it takes for that. They are joined by number,
else as the one order of that amount, day and code. Commission and the network's fee are costs (`finance.costs`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.campaign.order_codes import codes_on, order_codes
from creatorbook.campaign.roster import persons_named
from creatorbook.finance.claims import claimed_orders, code_owners, owners
from creatorbook.finance.order_values import order_values
from creatorbook.memo import per_book, per_book_free_of
from creatorbook.text.order_numbers import plain_numbers
from creatorbook.text.order_states import NOT_COUNTED

if TYPE_CHECKING:
    from creatorbook.book import Book

#: an order that came back by more than this share is one the network should not pay for
_CAME_BACK = 0.5


@per_book_free_of(MONEY_AND_CREDIT)
def network_orders(book: Book) -> pd.DataFrame:
    """One row per record of a network: creator, ours (whether that is one of our creators), stands (the network takes it
    for a sale), commission, network_fee, row (the order's label in `order_values`; NaN if none), how (`number`;
    `amount, day and code`).
    """
    records = book.tables.affiliate_orders
    by_name = records.handle.map(owners(book)).fillna(persons_named(book, records.handle))
    by_code = _codes(records).map(code_owners(book)).map(owners(book))
    frame = pd.DataFrame(
        {
            "creator": by_name.fillna(by_code).fillna(records.handle),
            "ours": by_name.notna() | by_code.notna(),
            "stands": ~records.order_state.isin(["no sale", "refunded", *NOT_COUNTED]),
            "commission": records.commission,
            "network_fee": records.network_fee,
        }
    )
    by_number = _by_number(book, records)
    by_sale = _by_sale(book, records[by_number.isna()])
    frame["row"] = by_number.fillna(by_sale.reindex(frame.index))
    frame["how"] = np.select(
        [by_number.notna(), frame.row.notna()], ["number", "amount, day and code"], default=""
    )
    return frame


def _codes(records: pd.DataFrame) -> pd.Series:
    """The first code of each record."""
    carried = codes_on(records)
    return carried[carried.place == 0].code.reindex(records.index)


def _by_number(book: Book, records: pd.DataFrame) -> pd.Series:
    if records.empty:  # the numbers of all orders need not be read
        return pd.Series(dtype="float64")
    orders = book.tables.orders.order_id
    rows = pd.Series(orders.index, index=plain_numbers(orders))
    rows = rows[~rows.index.duplicated()]
    return plain_numbers(records.order_id).map(rows).astype(float)


def _by_sale(book: Book, records: pd.DataFrame) -> pd.Series:
    """The one order of that amount, day and code, where both files have just one; amounts as buyers paid, or of the goods."""
    if records.empty:
        return pd.Series(dtype="float64")
    values, codes = order_values(book), order_codes(book)
    theirs = pd.DataFrame(
        {
            "cents": (records.amount * 100).round(),
            "day": records.ordered_at.dt.normalize(),
            "code": _codes(records),
        }
    ).dropna()
    theirs = theirs[~theirs.duplicated(keep=False)]
    rows = pd.Series(np.nan, index=records.index)
    for cents in (values.paid, values.net + values.tax, values.net):
        ours = codes[["code"]].assign(
            cents=cents.reindex(codes.index), day=values.ordered_at.dt.normalize().reindex(codes.index)
        )
        ours = ours.drop_duplicates(["cents", "day", "code"], keep=False).rename_axis("row").reset_index()
        joined = theirs.rename_axis("theirs").reset_index().merge(ours, on=["cents", "day", "code"])
        rows = rows.fillna(joined.drop_duplicates("theirs").set_index("theirs").row)
    return rows


@per_book
def disagreements(book: Book) -> pd.Series:
    """Orders over which the shop and a network disagree: label in `order_values` → `came back` or `claimed twice`.

    `came back`: the network pays for it, and it was cancelled or most of it returned. `claimed twice`: the network gives it
    to two of our creators, or to another one than the campaign's own evidence does.
    """
    joined = network_orders(book)
    joined = joined[joined.row.notna() & joined.stands]
    if joined.empty:
        return pd.Series(dtype="str")
    rows = joined.row.astype(int)
    values = order_values(book).loc[rows.unique()]
    back = values.cancelled | (values.returned.fillna(0) > _CAME_BACK * values.net)
    claimed = claimed_orders(book).set_index("row").creator
    theirs = joined.assign(row=rows)[joined.ours]
    named = pd.concat([theirs[["row", "creator"]], claimed.rename_axis("row").reset_index()])
    people = named[named.row.isin(rows)].groupby("row").creator.nunique()
    twice = people.reindex(values.index).fillna(1) > 1
    names = np.select([back.to_numpy(), twice.to_numpy()], ["came back", "claimed twice"], default="")
    kinds = pd.Series(names, index=values.index, dtype="str")
    return kinds[kinds != ""]
