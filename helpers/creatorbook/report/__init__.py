"""Executed notebooks and findings in; the two papers of an edition and `summary.json` out, each file by an output."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from creatorbook import plugins
from creatorbook.plugins import LeftOut
from creatorbook.report import document
from creatorbook.report.contents import Contents
from creatorbook.report.outputs import write_outputs

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings import Findings

HOUSE_CSS = Path(__file__).with_name("house.css")


def build_report(
    folder: Path, book: Book, notebooks: list[Path], findings: list[Findings], draft: int = 0
) -> list[str]:
    """Write both papers of a report and its summary into a folder.

    Args:
        folder: a fresh folder; the files appear in it, nothing else is touched.
        book: client, campaign, day, stage and receipts.
        notebooks: executed notebooks in reading order.
        findings: what `findings.read` found for them, in the same order.
        draft: the number that every page of the client's copy gives as a draft's; 0 means it is none.

    Returns:
        Sentences for the log: what could not be done, and what would settle it.
    """
    contents = replace(Contents.of(book, findings), draft=draft)
    working, to_send = _composed(contents, notebooks)
    log = [*book.client.all_packs.left_out, *contents.log, *working.log]
    write_outputs(folder, working, to_send, log.append)
    return list(dict.fromkeys(log))  # what one paper lacks, the other does for the same reason


def _composed(contents: Contents, notebooks: list[Path]) -> tuple[document.Report, document.Report]:
    """The working paper and what is sent; in the house's theme where a plugin's does not work."""
    client = contents.book.client
    try:
        with plugins.using("creatorbook_themes", client.theme.name, client.replaces):
            working = document.compose(contents, notebooks)
            to_send = document.compose_to_send(working)
            if working.branding.theme.is_of_plugin:
                working.html(), to_send.html()
    except LeftOut:
        working = document.compose(contents, notebooks)
        to_send = document.compose_to_send(working)
    return working, to_send
