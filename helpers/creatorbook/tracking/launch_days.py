"""The days around a launch: by when something is due, and which promotions of the shop's own fall into the campaign."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Text, Wording, joined, say

if TYPE_CHECKING:
    from creatorbook.book import Book


def due_before(book: Book, days: int) -> date:
    """A day before launch by which something is due, never before the report's own."""
    return max(book.campaign.start - timedelta(days=days), book.as_of)


def shop_promotions(book: Book) -> Wording | None:
    """The shop's own promotions inside the campaign's days, in words; nothing where there is none."""
    start, end = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    promotions = book.tables.promotions
    inside = promotions[(promotions["starts_on"] <= end) & (promotions["ends_on"] >= start)]
    names: list[Text] = [say("a promotion") if pd.isna(what) else str(what) for what in inside["what"]]
    names += [
        one.what
        for one in book.campaign.promotions or []
        if one.start <= book.campaign.end and one.end >= book.campaign.start
    ]
    different = [name for place, name in enumerate(names) if name not in names[:place]]
    return joined(different) if different else None
