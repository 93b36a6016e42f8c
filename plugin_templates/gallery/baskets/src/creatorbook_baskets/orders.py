"""The campaign's orders as baskets: which products each holds, and whether it came through a creator.

Which orders count, which came through a creator, and what a product is called without its size are
creatorbook's answers, not ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.order_lines import product_names
from creatorbook.finance.order_values import inside_window

if TYPE_CHECKING:
    from creatorbook.plugins import Book


def baskets(book: Book) -> pd.DataFrame:
    """One row per order of the campaign's days with lines on file: order_id, creator (whether it came through one),
    units (pieces), products (a frozen set of names). Cancelled orders and gift cards are left out.
    """
    orders = inside_window(book)
    orders = orders[~orders.cancelled]
    through = orders.index.isin(claimed_orders(book).row)
    lines = book.tables.order_lines
    lines = lines[lines.gift_card.isna() | ~lines.gift_card.astype("boolean").fillna(value=False)]
    named = lines.assign(product=product_names(lines)).dropna(subset=["product"])
    by_order = named.groupby("order_id", sort=False).agg(
        units=("quantity", "sum"), products=("product", lambda names: frozenset(names))
    )
    frame = orders.assign(creator=through)[["order_id", "creator"]]
    return frame.merge(by_order, on="order_id", how="inner", validate="many_to_one").reset_index(drop=True)


def by_product(frame: pd.DataFrame) -> pd.DataFrame:
    """Products, most of the creators' orders first: product, orders (through creators), with_creators and others (the
    share of either kind of orders that hold it).
    """
    rows = frame[["creator", "products"]].explode("products").rename(columns={"products": "product"})
    counts = rows.groupby(["product", "creator"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=[True, False], fill_value=0)
    number = frame.creator.value_counts().reindex([True, False], fill_value=0)
    shares = pd.DataFrame(
        {
            "product": counts.index,
            "orders": counts[True].to_numpy(),
            "of_others": counts[False].to_numpy(),
            "with_creators": (counts[True] / number[True]).to_numpy(),
            "others": (counts[False] / number[False]).to_numpy(),
        }
    )
    return shares.sort_values(
        ["orders", "product"], ascending=[False, True], kind="stable", ignore_index=True
    )


def pairs(frame: pd.DataFrame) -> pd.DataFrame:
    """Two products in one order that came through a creator, most frequent first: first, second, orders."""
    bought = frame[frame.creator & (frame.products.map(len) > 1)]
    both = pd.Series(
        [
            (first, second)
            for products in bought.products
            for place, first in enumerate(sorted(products))
            for second in sorted(products)[place + 1 :]
        ],
        dtype="object",
    )
    counted = both.value_counts(sort=False).rename_axis("pair").reset_index(name="orders")
    made = pd.DataFrame(counted.pair.tolist(), columns=["first", "second"]).assign(orders=counted.orders)
    return made.sort_values(
        ["orders", "first", "second"], ascending=[False, True, True], kind="stable", ignore_index=True
    )
