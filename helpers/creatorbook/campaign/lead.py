"""Who leads the campaign: the name, or the role, that open points are given to, one answer for every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.findings import Text, joined, packed

if TYPE_CHECKING:
    from creatorbook.book import Book

#: the role, as packs write it; a client's file can say who that is
LEAD = "campaign lead"


def who_settles(book: Book, role: str = LEAD) -> Text:
    """Who an open point is given to: the campaign's lead by name, where `theme: prepared_by` says it; else the role."""
    if role == LEAD and book.client.theme.prepared_by:
        return joined([book.client.theme.prepared_by])  # a name: nobody translates it
    return packed(role) if role else ""
