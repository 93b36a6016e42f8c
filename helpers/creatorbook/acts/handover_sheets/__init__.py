"""What a creator is sent: offer letter and hand-over sheet in one PDF, as HTML or XLSX on request, written by an explicit act."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from creatorbook.acts.handover_sheets.content import sheet_content
from creatorbook.acts.handover_sheets.pages import handover_html, offer_html
from creatorbook.acts.handover_sheets.workbook import handover_workbook
from creatorbook.campaign.links import slugs
from creatorbook.client import repository
from creatorbook.client.report_places import report_place
from creatorbook.deliver import refuse_strangers, write_folder
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.tracking.handover import handover_sheets

if TYPE_CHECKING:
    from creatorbook.book import Book

__all__ = [
    "handover_files",
    "handover_html",
    "handover_workbook",
    "offer_html",
    "print_briefs",
    "sheet_content",
]


def print_briefs(
    client: str | Path,
    campaign: str | None,
    out: Path | None = None,
    *,
    html: bool = False,
    xlsx: bool = False,
) -> tuple[list[Path], tuple[str, ...]]:
    """Write what every creator is sent, all or none; the files, and what to say about them.

    Args:
        client, campaign: as `open_book` takes them.
        out: where they go; none means `briefs` among the client's reports.
        html, xlsx: as `handover_files` takes them.

    Raises:
        Problem: as `handover_files`, or the folder holds something that we did not put there.
    """
    book = open_book(client, campaign, stage="plan")
    place = out or report_place(repository.REPORTS, book.client.folder) / book.campaign.id / "briefs"
    folder = place.resolve()
    refuse_strangers(folder)
    made, log = handover_files(book, html=html, xlsx=xlsx)
    return write_folder(folder, made), log


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
