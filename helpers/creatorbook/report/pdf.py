"""The PDF, printed from the report's own HTML by plutoprint, if that is installed; with tags, by `tagged`."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

from creatorbook.problems import short_of
from creatorbook.report import tagged
from creatorbook.report.fonts import is_bundled
from creatorbook.report.outline import outlined
from creatorbook.report.paper import TIGHTEST
from creatorbook.text.plain_text import for_page

if TYPE_CHECKING:
    from datetime import date

    from creatorbook.report.document import Report

NO_ENGINE = (
    "no PDF was made: the PDF engine is not installed. "
    "“pip install plutoprint” adds it on Linux x86-64, Windows x64 and macOS 15+ on Apple silicon; "
    "elsewhere, print report.html from a browser"
)
#: address of the page that is printed, so that its links to its own places are known as such
ITSELF = "report:"


def why_none() -> str:
    """Why no PDF can be made here; empty if one can."""
    try:
        import plutoprint  # noqa: F401 - an optional part: a report is complete without it
    except ModuleNotFoundError:
        return NO_ENGINE
    except (ImportError, OSError) as error:
        short = short_of(error)
        return f"no PDF was made: {short.what if short else f'the PDF engine does not start ({error})'}"
    return ""


def printed_pdf(report: Report, log: list[str]) -> bytes | None:
    """The PDF's bytes, the same for the same report; `None` without an engine, and the log says so."""
    if report.branding.tagged and (made := tagged.tagged_pdf(report, log)):
        return made
    if why := why_none():
        log.append(why)
        return None
    fitted, sheets = fit_first_page(report)
    if sheets > 1:
        log.append("the first page runs over one sheet; shorter notes on it would help")
    return _bytes(fitted)


def sheets(documents: list[str], title: str, author: str, day: date) -> bytes | None:
    """Documents one behind the other in one PDF, the same bytes for the same HTML; `None` without an engine."""
    if why_none():
        return None
    import plutoprint

    stream = io.BytesIO()
    engines = [laid_out(html) for html in documents]
    canvas = plutoprint.PDFCanvas.create_for_stream(stream, plutoprint.PAGE_SIZE_A4)
    _describe(canvas, {"TITLE": title, "AUTHOR": author}, day)
    for engine in engines:
        canvas.save_state()
        canvas.scale(plutoprint.UNITS_PX, plutoprint.UNITS_PX)
        for page in range(engine.get_page_count()):
            canvas.set_size(engine.get_page_size_at(page))
            engine.render_page(canvas, page)
            canvas.show_page()
        canvas.restore_state()
    canvas.finish()
    return stream.getvalue()


def fit_first_page(report: Report) -> tuple[Report, int]:
    """The report with its first page set just tightly enough to stand on one sheet, and on how many it stands."""
    while (sheets := pages(report)) > 1 and report.density < TIGHTEST:
        report = report.set_tighter()
    return report, sheets


def pages(report: Report) -> int:
    """On how many sheets the first page stands."""
    return int(laid_out(report.first_page_html()).get_page_count())


def _bytes(report: Report) -> bytes:
    book = report.contents.book
    made = laid_out(report.print_html())
    if _too_wide(made):
        made = laid_out(report.set_narrower().print_html())
    author = report.branding.prepared_by or book.client.brand
    facts = {"TITLE": report.page.title, "AUTHOR": author, "SUBJECT": report.page.kind}
    say = report.contents.words
    places = [(say(title), name) for title, name in report.places]
    return outlined(_written(made, facts, book.as_of), report.page.title, places, say.language)


def _written(made: Any, facts: dict[str, str], day: date) -> bytes:
    """A laid-out document as bytes; its properties tell these facts, and its dates the report's day."""
    _describe(made, facts, day)
    stream = io.BytesIO()
    made.write_to_pdf_stream(stream)
    return stream.getvalue()


def _describe(made: Any, facts: dict[str, str], day: date) -> None:
    """Give a document its properties; its dates are the report's day, so that the same input is the same bytes."""
    import plutoprint

    moment = f"{day.isoformat()}T00:00:00Z"
    properties = {**facts, "CREATOR": "creatorbook", "CREATION_DATE": moment, "MODIFICATION_DATE": moment}
    for name, value in properties.items():
        made.set_metadata(getattr(plutoprint, f"PDF_METADATA_{name}"), for_page(value))


def _too_wide(made: Any) -> bool:
    """Whether something is wider than the paper; the engine would shrink every page to fit it."""
    return bool(made.get_document_width() > made.get_viewport_width() + 2)


def laid_out(html: str) -> Any:
    """The engine with a document laid out in it, in our fonts; page margins come from the style sheet."""
    import plutoprint

    book = plutoprint.Book(plutoprint.PAGE_SIZE_A4, plutoprint.PAGE_MARGINS_NONE)
    book.custom_resource_fetcher = _fetcher()
    book.load_html(html, base_url=ITSELF)
    return book


@cache
def _fetcher() -> Any:
    """Fetches our fonts: `data:` addresses never come here, and no other address is allowed."""
    import plutoprint

    class OurFonts(plutoprint.ResourceFetcher):
        def fetch_url(self, url: str) -> plutoprint.ResourceData:
            return super().fetch_url(url) if is_bundled(url) else plutoprint.ResourceData(b"", "text/plain")

    return OurFonts()
