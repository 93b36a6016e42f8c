"""Hand-over sheets and offer letters as files: HTML, PDF and XLSX per creator, written by an explicit act."""

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

NO_PDF = "no PDF was made: the PDF engine is not installed (“pip install plutoprint”)"


def handover_files(book: Book) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """File name → content of every creator's sheet and letter, and what to say about it.

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
        content = sheet_content(book, sheet)
        for kind, write in (("handover", handover_html), ("offer", offer_html)):
            name = f"{named[sheet.person]}-{kind}"
            made[f"{name}.html"] = write(book, content, printing=False).encode("utf-8")
            printed = pdf.sheet(
                write(book, content, printing=True), f"{content.title}", book.client.brand, book.as_of
            )
            if printed is None:
                log[NO_PDF] = None
            else:
                made[f"{name}.pdf"] = printed
        made[f"{named[sheet.person]}-handover.xlsx"] = handover_workbook(book, content)
    return made, tuple(log)
