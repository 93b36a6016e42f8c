"""The PDF, printed from the report's own HTML by plutoprint, if that is installed."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from creatorbook.report.document import Report

#: how tightly a first page may be set before we say that it does not fit
TIGHTEST = 6

MISSING = (
    "no PDF was made: the PDF engine is not installed. "
    "“pip install plutoprint” adds it on Linux x86-64, Windows x64 and macOS 15+ on Apple silicon; "
    "elsewhere, print report.html from a browser"
)


def printed(report: Report, log: list[str]) -> bytes | None:
    """The PDF's bytes, the same for the same report; `None` without an engine, and the log says so."""
    try:
        import plutoprint  # noqa: F401 - an optional part: a report is complete without it
    except ImportError:
        log.append(MISSING)
        return None
    fitted = fit(report)
    if pages(fitted) > 1:
        log.append("the first page runs over one sheet; shorter notes on it would help")
    return _bytes(fitted)


def sheet(html: str, title: str, author: str, day: date) -> bytes | None:
    """A single document's bytes, the same for the same HTML; `None` without an engine."""
    try:
        import plutoprint
    except ImportError:
        return None
    made = _engine(html)
    moment = f"{day.isoformat()}T00:00:00Z"
    for name, value in (
        (plutoprint.PDF_METADATA_TITLE, title),
        (plutoprint.PDF_METADATA_AUTHOR, author),
        (plutoprint.PDF_METADATA_CREATOR, "creatorbook"),
        (plutoprint.PDF_METADATA_CREATION_DATE, moment),
        (plutoprint.PDF_METADATA_MODIFICATION_DATE, moment),
    ):
        made.set_metadata(name, value)
    stream = io.BytesIO()
    made.write_to_pdf_stream(stream)
    return stream.getvalue()


def fit(report: Report) -> Report:
    """The report with its first page set just tightly enough to stand on one sheet."""
    while pages(report) > 1 and report.density < TIGHTEST:
        report = report.set_tighter()
    return report


def pages(report: Report) -> int:
    """On how many sheets the first page stands."""
    return int(_engine(report.first_page_html()).get_page_count())


def _bytes(report: Report) -> bytes:
    import plutoprint

    book = report.contents.book
    made = _engine(report.print_html())
    if _too_wide(made):
        made = _engine(report.set_narrower().print_html())
    moment = f"{book.as_of.isoformat()}T00:00:00Z"
    for name, value in (
        (plutoprint.PDF_METADATA_TITLE, report.page.title),
        (plutoprint.PDF_METADATA_AUTHOR, report.dress.prepared_by or book.client.brand),
        (plutoprint.PDF_METADATA_SUBJECT, report.page.kind),
        (plutoprint.PDF_METADATA_CREATOR, "creatorbook"),
        (plutoprint.PDF_METADATA_CREATION_DATE, moment),
        (plutoprint.PDF_METADATA_MODIFICATION_DATE, moment),
    ):
        made.set_metadata(name, value)
    stream = io.BytesIO()
    made.write_to_pdf_stream(stream)
    return stream.getvalue()


def _too_wide(made: Any) -> bool:
    """Whether something is wider than the paper; the engine would shrink every page to fit it."""
    return bool(made.get_document_width() > made.get_viewport_width() + 2)


def _engine(html: str) -> Any:
    """The engine with a document in it; page margins come from the style sheet."""
    import plutoprint

    book = plutoprint.Book(plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NONE)
    book.custom_resource_fetcher = _fetcher()
    book.load_html(html)
    return book


@cache
def _fetcher() -> Any:
    """Fetches nothing: `data:` addresses never come here, and no other address is allowed."""
    import plutoprint

    class Refuse(plutoprint.ResourceFetcher):
        def fetch_url(self, url: str) -> plutoprint.ResourceData:
            return plutoprint.ResourceData(b"", "text/plain")

    return Refuse()
