"""The files of an edition: creatorbook's own are made as a plugin's are (hook `creatorbook_outputs`)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from creatorbook import plugins
from creatorbook.plugins import EditionContents, Output
from creatorbook.report import pdf, spreadsheet, summary
from creatorbook.report.appendix import appendix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from creatorbook.report.document import Report


def page(contents: EditionContents) -> bytes:
    """A paper as a page that needs nothing else."""
    return contents.html.encode()


def printed(contents: EditionContents) -> bytes | None:
    """A paper as PDF, where there is an engine."""
    log: list[str] = []
    made = pdf.printed_pdf(contents.document, log)
    for sentence in log:
        contents.remark(sentence)
    return made


def lists(contents: EditionContents) -> bytes:
    """A paper's tables as XLSX; the client's has their own sheets only."""
    every = contents.document.contents
    return (
        spreadsheet.clients_workbook(every)
        if contents.reader == "client"
        else spreadsheet.data_workbook(every)
    )


def headline_figures(contents: EditionContents) -> bytes:
    """The headline figures as JSON."""
    return summary.summary_json(contents.document.contents).encode()


def write_outputs(folder: Path, working: Report, to_send: Report, remark: Callable[[str], None]) -> None:
    """Write every file of an edition into its folder.

    Those of plugins are made first, so that the working paper can name one that fails.
    """
    own, added = plugins.outputs(working.contents.book.client.replaces)
    before = plugins.recorded()
    files = _made(added, working, to_send, remark)
    if plugins.recorded() != before:
        working = replace(working, appendix=appendix(working.contents))
    files |= _made(own, working, to_send, remark)
    for place, content in files.items():
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_bytes(content)


def _made(
    outputs: Iterable[Output], working: Report, to_send: Report, remark: Callable[[str], None]
) -> dict[str, bytes]:
    """What each output makes, by its place in the edition; what cannot be made, or fails, is left out."""
    wanted = list(outputs)
    if not wanted:
        return {}
    papers = {
        "client": _contents("client", to_send, remark),
        "working": _contents("working", working, remark),
    }
    papers["programs"] = replace(papers["working"], reader="programs")
    made = plugins.answered(wanted, lambda output: output.make(papers[output.reader]))
    return {output.place: content for output, content in made if content is not None}


def _contents(
    reader: Literal["client", "working"], paper: Report, remark: Callable[[str], None]
) -> EditionContents:
    return EditionContents(
        reader=reader,
        book=paper.contents.book,
        items=paper.contents.items,
        html=paper.html(),
        summary=summary.summary(paper.contents),
        remark=remark,
        document=paper,
    )
