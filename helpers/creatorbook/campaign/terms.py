"""What the campaign's terms grant: whether its sentence on rights allows use, or only says that somebody must ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from creatorbook.book import Book

#: how a sentence on rights begins that grants nothing: `ask each time`, `none`, `no re-use`, `unknown`
_GRANTS_NOTHING = ("ask", "none", "no ", "not ", "unknown")


def rights_agreed(book: Book) -> bool:
    """Whether the campaign file grants the use of everybody's content; the one answer of plan, register and results."""
    terms = book.campaign.rights.strip().lower()
    return bool(terms) and terms != "no" and not terms.startswith(_GRANTS_NOTHING)
