"""Codes on an order: which discount codes each order of the shop carries, read once for everybody who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.memo import remember
from creatorbook.text.codes import code_of, codes_in

if TYPE_CHECKING:
    from creatorbook.book import Book


def order_codes(book: Book) -> pd.DataFrame:
    """The codes on all orders of the shop, as `codes_on` reads them; read once, whatever is assumed otherwise."""
    return remember(book.tables, "order_codes", lambda: codes_on(book.tables.orders))


def codes_on(orders: pd.DataFrame) -> pd.DataFrame:
    """One row per code on an order, in the file's order; the index is the order's own.

    An order with two codes (coupons that a buyer stacks) has two rows. Each cell that occurs is read once, so a
    million orders cost little.

    Columns:
        code: as everybody compares it, see `text.codes.code_of`.
        place: its place in the cell, from 0.
    """
    cells = orders["discount_code"].dropna()
    which, texts = pd.factorize(cells)
    codes = [codes_in(str(text)) for text in texts]
    sizes = np.array([len(one) for one in codes], dtype=int)
    flat = pd.array([code for one in codes for code in one], dtype="str")
    starts, sizes = (np.cumsum(sizes) - sizes)[which], sizes[which]
    index = cells.index.repeat(sizes)
    place = np.arange(len(index)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    code = pd.Series(flat.take(np.repeat(starts, sizes) + place), index=index)
    return pd.DataFrame({"code": code, "place": place})


def plain_codes(codes: pd.Series) -> pd.Series:
    """A column of single codes as everybody compares them; what is missing stays missing, and so is an empty cell."""
    plain = codes.map(code_of, na_action="ignore").astype("str")
    return plain.mask(plain == "")


def last_days(book: Book) -> pd.Series:
    """Code → the last moment at which the shop takes it, where the shop's list of discounts says one: for pulse and results."""
    ends = book.tables.discounts.dropna(subset=["ends_at"])
    return ends.groupby(plain_codes(ends.code)).ends_at.max()
