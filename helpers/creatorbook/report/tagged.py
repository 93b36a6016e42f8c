"""The PDF with tags that screen readers follow (PDF/UA-1), printed by WeasyPrint where that is installed.

A client asks for it with `theme: {pdf: tagged}`. It takes some ten times as long as the usual PDF.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from creatorbook.problems import short_of
from creatorbook.report.fonts import is_bundled
from creatorbook.report.paper import TIGHTEST

if TYPE_CHECKING:
    from creatorbook.report.document import Report

NO_TAGS = (
    "the PDF has no tags for screen readers: WeasyPrint is not installed. “pip install weasyprint” adds it; it needs "
    "the system's Pango library too (Debian: libpangoft2-1.0-0, macOS: brew install pango). report.html can be read "
    "by everyone as it is"
)


def tagged_pdf(report: Report, log: list[str]) -> bytes | None:
    """The tagged PDF's bytes, the same for the same report; `None` where WeasyPrint is missing, and the log says so."""
    try:
        import weasyprint
    except (ImportError, OSError) as error:  # OSError: the package is there, Pango is not
        short = short_of(error)
        log.append(f"the PDF has no tags for screen readers: {short.what}" if short else NO_TAGS)
        return None

    class OurFonts(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:") and not is_bundled(url):
                raise ValueError("a report fetches its fonts and nothing else")
            return super().fetch(url, headers)

    def laid_out(html: str) -> Any:
        return weasyprint.HTML(string=html, url_fetcher=OurFonts(fail_on_errors=False))

    while len(laid_out(report.first_page_html()).render().pages) > 1 and report.density < TIGHTEST:
        report = report.set_tighter()
    made = laid_out(_with_facts(report.print_html(), report))
    return bytes(made.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=report.page.title.encode()))


def _with_facts(html: str, report: Report) -> str:
    """The HTML with what the PDF's properties say: author, subject, and the report's day instead of today's."""
    book = report.contents.book
    properties = {
        "author": report.branding.prepared_by or book.client.brand,
        "description": report.page.kind,
        "generator": "creatorbook",
        "dcterms.created": book.as_of.isoformat(),
        "dcterms.modified": book.as_of.isoformat(),
    }
    metas = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in properties.items())
    return html.replace("</title>", f"</title>{metas}", 1)
