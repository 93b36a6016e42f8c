"""What a creator is sent: offer letter and hand-over sheet in one PDF, as HTML or XLSX on request, written by an explicit act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.acts.handover_sheets.content import sheet_content
from creatorbook.acts.handover_sheets.pages import handover_html, offer_html
from creatorbook.acts.handover_sheets.workbook import handover_workbook
from creatorbook.campaign.links import slugs
from creatorbook.problems import Problem
from creatorbook.tracking.handover import handover_sheets

if TYPE_CHECKING:
    from creatorbook.book import Book

__all__ = ["handover_files", "handover_html", "handover_workbook", "offer_html", "sheet_content"]


def handover_files(
    book: Book, *, html: bool = False, xlsx: bool = False
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """File name → content of what every creator is sent, and what to say about it.

    One PDF per creator, the offer letter first; `html` and `xlsx` add these. Without a PDF engine it is HTML.

    Raises:
        Problem: there is no creators list, or a template of the client has a mistake in it.
    """
    from creatorbook.report import pdf

    sheets = handover_sheets(book)
    if not sheets:
        todo = "Add a creators list to exports/: creator, handle, platform, followers."
        raise Problem("there is no creator to write a sheet for", book.client.folder, todo=todo)
    named = slugs(sheet.person for sheet in sheets)
    made: dict[str, bytes] = {}
    log: dict[str, None] = {}
    for sheet in sheets:
        content, name = sheet_content(book, sheet), named[sheet.person]
        pages = [write(book, content, printing=True) for write in (offer_html, handover_html)]
        printed = pdf.sheets(pages, content.title, book.client.brand, book.as_of)
        if printed is None:
            log[f"{pdf.why_none()}. Each is written as HTML"] = None
        else:
            made[f"{name}.pdf"] = printed
        if html or printed is None:
            made[f"{name}-offer.html"] = offer_html(book, content, printing=False).encode("utf-8")
            made[f"{name}-handover.html"] = handover_html(book, content, printing=False).encode("utf-8")
        if xlsx:
            made[f"{name}-handover.xlsx"] = handover_workbook(book, content)
    return made, tuple(log)
