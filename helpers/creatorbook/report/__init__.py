"""Executed notebooks and findings in; `report.html`, `report.pdf`, `data.xlsx` and `summary.json` out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from creatorbook.report import document, pdf, spreadsheet, summary
from creatorbook.report.contents import Contents

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings import Findings

HOUSE_CSS = Path(__file__).with_name("house.css")


def build_report(folder: Path, book: Book, notebooks: list[Path], findings: list[Findings]) -> list[str]:
    """Write the four files of a report into a folder.

    Args:
        folder: a fresh folder; the files appear in it, nothing else is touched.
        book: client, campaign, day, stage and receipts.
        notebooks: executed notebooks in reading order.
        findings: what `findings.read` found for them, in the same order.

    Returns:
        Sentences for the log: what could not be done, and what would settle it.
    """
    contents = Contents.of(book, findings)
    report = document.compose(contents, notebooks)
    (folder / "report.html").write_text(report.html(), encoding="utf-8")
    (folder / "data.xlsx").write_bytes(spreadsheet.data_workbook(contents))
    (folder / "summary.json").write_text(summary.summary_json(contents), encoding="utf-8")
    log = [*contents.log, *report.log]
    if made := pdf.printed_pdf(report, log):
        (folder / "report.pdf").write_bytes(made)
    return log
