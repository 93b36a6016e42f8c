"""A PDF's outline (bookmarks), which the PDF engine does not write, and its language."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pypdf import PdfReader, PdfWriter
from pypdf.generic import Destination, NameObject, TextStringObject

if TYPE_CHECKING:
    from collections.abc import Iterable


def outlined(pdf: bytes, title: str, places: Iterable[tuple[str, str]], language: str) -> bytes:
    """The PDF with a bookmark for its first page and one for each place in it; what is there already stays as it is.

    Args:
        title: of the document; its bookmark leads to the first page.
        places: title and id of each place, in order; one that no link leads to is unknown to the PDF, and left out.
        language: of the text, for screen readers.
    """
    reader = PdfReader(io.BytesIO(pdf))
    destinations = reader.named_destinations
    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    first = writer.add_outline_item(title=title, page_number=0)
    for heading, name in places:
        if name in destinations:
            page = _page_of(reader, destinations[name], heading)
            writer.add_outline_item(title=heading, page_number=page, parent=first)
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _page_of(reader: PdfReader, place: Destination, heading: str) -> int:
    """The page on which a place begins; of one that goes over several pages the engine names the last (plutoprint 0.23)."""
    last = reader.get_destination_page_number(place) or 0
    if float(place.top or 0) <= float(reader.pages[last].mediabox.height):
        return last
    words = "".join(heading.split())
    pages = range(last, -1, -1)
    return next((page for page in pages if words in "".join(reader.pages[page].extract_text().split())), last)
