"""What do buyers who come through creators put into their baskets, beside the shop's other buyers?

Products that were shown sell, others come along: the section says how many pieces are in a basket, which products are in
creators' orders more or less often than in the shop's others, and which two are bought together. It compares, and says so:
a creator's buyers may be other people.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from creatorbook.plugins import Column, Figure, Findings, Note, Table, say
from creatorbook.stats.intervals import share_interval

from creatorbook_baskets.orders import baskets, by_product, pairs

if TYPE_CHECKING:
    from creatorbook.plugins import Book

#: fewer orders through creators say nothing about a share
LEAST = 20
#: two products are named together from so many orders on
LEAST_OF_A_PAIR = 3

_SOURCE = say("orders and their lines, in the campaign's days; orders through creators as in the ladder")


def section(book: Book) -> Findings:
    """Baskets of both kinds of buyers; one sentence where lines are not on file, or orders are too few."""
    items: tuple = (Note(say(_NO_LINES), "unknown"),)
    if book.tables.has("order_lines", "product"):
        items = _compared(baskets(book))
    return Findings("baskets", items, book.formats)


_NO_LINES = (
    "What was in the baskets is not on file: an order export with a line for each product would say it (Shopify's "
    "has them)."
)


def _compared(frame: pd.DataFrame) -> tuple:
    through, others = frame[frame.creator], frame[~frame.creator]
    if min(len(through), len(others)) < LEAST:
        text = say(
            "Too few orders to compare baskets: {n} through creators and {others} besides, and {least} of each are needed.",
            n=len(through),
            others=len(others),
            least=LEAST,
        )
        return (Note(text, "unknown"),)
    together = pairs(frame)
    together = together[together.orders >= LEAST_OF_A_PAIR]
    tables = (_products(by_product(frame), len(through), len(others)), *_pairs(together))
    return (*_figures(through, others), *tables, Note(say(_CAUTION), "caution"))


_CAUTION = (
    "A difference is one between buyers, not what creators caused: who follows a creator may have wanted other products "
    "anyway. “More often” and “less often” stand where the difference is clear even among so many products."
)


def _figures(through: pd.DataFrame, others: pd.DataFrame) -> list[Figure]:
    """Orders with more than one product, of both kinds; and pieces of an order."""
    named = {"creators": through, "others": others}
    labels = {
        "creators": say("Orders through creators with more than one product"),
        "others": say("The shop's other orders with more than one product"),
    }
    figures = []
    for name, rows in named.items():
        several = int((rows.products.map(len) > 1).sum())
        low, high = share_interval(several, len(rows))
        share = several / len(rows)
        figures.append(
            Figure(
                f"baskets.several_{name}",
                labels[name],
                share,
                "percent",
                "counted",
                _SOURCE,
                low,
                high,
                len(rows),
            )
        )
    pieces = Figure(
        "baskets.pieces_creators",
        say("Pieces in an order through a creator"),
        float(through.units.mean()),
        "number",
        "counted",
        _SOURCE,
        n=len(through),
        digits=1,
    )
    return [*figures, pieces]


def _products(frame: pd.DataFrame, through: int, others: int) -> Table:
    """Products with their share of both kinds of orders, and whether the difference is more than chance among so many."""
    usual = np.array([difference(row.orders, through, row.of_others, others) for row in frame.itertuples()])
    strict = 1 - 0.1 / len(frame)  # Bonferroni: as many questions are asked as there are products
    sure = np.array(
        [difference(row.orders, through, row.of_others, others, strict) for row in frame.itertuples()]
    )
    shown = frame.assign(
        difference=frame.with_creators - frame.others,
        difference_low=usual[:, 0],
        difference_high=usual[:, 1],
        says=np.select([sure[:, 0] > 0, sure[:, 1] < 0], ["more often", "less often"], "too close to call"),
    )
    columns = {
        "product": Column(say("Product")),
        "orders": Column(say("Orders through creators"), "number"),
        "with_creators": Column(say("of them"), "percent", 1, grade="counted"),
        "others": Column(say("of other orders"), "percent", 1, grade="counted"),
        "difference": Column(say("Difference"), "percent", 1, note=say("in points of the share")),
        "difference_low": Column(say("likely from"), "percent", 1, grade="estimated"),
        "difference_high": Column(say("to"), "percent", 1, grade="estimated"),
        "says": Column(say("Through creators")),
    }
    return Table("baskets.products", say("In the baskets"), shown[list(columns)], columns, rows=15)


def difference(had: int, of: int, had_others: int, of_others: int, level: float = 0.9) -> tuple[float, float]:
    """The ends of the difference of two shares, from those of each (MOVER: Zou & Donner, Statistics in Medicine 27, 2008).

    Args:
        had, of: orders with the product, and all, of the first kind.
        had_others, of_others: of the second.
        level: of the interval.
    """
    first, second = had / of, had_others / of_others
    low, high = share_interval(had, of, level)
    low_others, high_others = share_interval(had_others, of_others, level)
    between = first - second
    return (
        between - math.hypot(first - low, high_others - second),
        between + math.hypot(high - first, second - low_others),
    )


def _pairs(frame: pd.DataFrame) -> list[Table]:
    """Products bought together, if any two were often enough."""
    if frame.empty:
        return []
    columns = {
        "first": Column(say("Product")),
        "second": Column(say("Bought with")),
        "orders": Column(say("Orders through creators"), "number"),
    }
    return [Table("baskets.pairs", say("Bought together"), frame[list(columns)], columns, rows=10)]
