"""Executed notebooks and findings in; the two papers of an edition and `summary.json` out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from creatorbook.client.report_places import TO_SEND, WORKING
from creatorbook.report import document, pdf, spreadsheet, summary
from creatorbook.report.contents import Contents

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings import Findings

HOUSE_CSS = Path(__file__).with_name("house.css")


def build_report(folder: Path, book: Book, notebooks: list[Path], findings: list[Findings]) -> list[str]:
    """Write both papers of a report and its summary into a folder.

    Args:
        folder: a fresh folder; the files appear in it, nothing else is touched.
        book: client, campaign, day, stage and receipts.
        notebooks: executed notebooks in reading order.
        findings: what `findings.read` found for them, in the same order.

    Returns:
        Sentences for the log: what could not be done, and what would settle it.
    """
    contents = Contents.of(book, findings)
    working = document.compose(contents, notebooks)
    log = [*book.client.all_packs.left_out, *contents.log, *working.log]
    to_send = document.compose_to_send(working)
    _write(folder / TO_SEND, to_send, spreadsheet.clients_workbook(to_send.contents), log)
    _write(folder / WORKING, working, spreadsheet.data_workbook(contents), log)
    (folder / "summary.json").write_text(summary.summary_json(contents), encoding="utf-8")
    return list(dict.fromkeys(log))  # what one paper lacks, the other does for the same reason


def _write(folder: Path, report: document.Report, data: bytes, log: list[str]) -> None:
    """One paper: the page, its workbook file, and the PDF where it can be made."""
    folder.mkdir(exist_ok=True)
    (folder / "report.html").write_text(report.html(), encoding="utf-8")
    (folder / "data.xlsx").write_bytes(data)
    if made := pdf.printed_pdf(report, log):
        (folder / "report.pdf").write_bytes(made)
