"""A PDF's outline (bookmarks), which the PDF engine does not write, and its language."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, TextStringObject

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
            page = reader.get_destination_page_number(destinations[name])
            writer.add_outline_item(title=heading, page_number=page, parent=first)
    writer.root_object[NameObject("/Lang")] = TextStringObject(language)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
