"""The deck as a file: the same bytes for the same paper."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime, time
from typing import TYPE_CHECKING

from creatorbook_slides.deck import slides_of
from creatorbook_slides.drawing import Deck

if TYPE_CHECKING:
    from creatorbook.plugins import EditionContents

#: the oldest day that a ZIP can hold
_DAY_OF_ENTRIES = (1980, 1, 1, 0, 0, 0)


def slides(contents: EditionContents) -> bytes | None:
    """The paper as PowerPoint; none where nothing is there to show."""
    book = contents.book
    wanted = slides_of(contents.items, book)
    if len(wanted) < 2:  # a title alone
        contents.remark("no slides were made: nothing in this report is the client's yet")
        return None
    deck = Deck(book.formats, footer=f"{book.client.brand} · {book.formats.day(book.as_of)}")
    for slide in wanted:
        deck.add(slide)
    deck.describe(wanted[0].title, datetime.combine(book.as_of, time()))
    return without_clock(deck.saved(), book.as_of.isoformat())


def without_clock(package: bytes, day: str) -> bytes:
    """An Office file without the moment of its making, in it and in the workbooks of its charts.

    Args:
        day: stands as the day of their making, as 2026-03-29.
    """
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as made, zipfile.ZipFile(fixed, "w") as copy:
        for name in made.namelist():
            content = made.read(name)
            if name.endswith(".xlsx"):
                content = without_clock(content, day)
            elif name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", f"{day}T00:00:00Z".encode(), content)
            copy.writestr(zipfile.ZipInfo(name, _DAY_OF_ENTRIES), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
