"""Sheets and letters as HTML: our templates, or the client's own in `templates/` of the client folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from creatorbook.problems import Problem
from creatorbook.report import fonts
from creatorbook.report.paper import breakable
from creatorbook.report.theme import Branding

if TYPE_CHECKING:
    from creatorbook.acts.handover_sheets.content import Content
    from creatorbook.book import Book

SHEET_TEMPLATES = Path(__file__).parent / "templates"


def handover_html(book: Book, content: Content, *, printing: bool) -> str:
    """A hand-over sheet as one self-contained document.

    Raises:
        Problem: the client's own template has a mistake in it.
    """
    return _rendered("sheet.html.j2", book, content, printing=printing)


def offer_html(book: Book, content: Content, *, printing: bool) -> str:
    """An offer letter as one self-contained document.

    Raises:
        Problem: the client's own template has a mistake in it.
    """
    return _rendered("letter.html.j2", book, content, printing=printing)


def _rendered(name: str, book: Book, content: Content, *, printing: bool) -> str:
    faces = fonts.pdf_faces() if printing else fonts.html_faces()
    try:
        html = _environment(book.client.folder / "templates").get_template(name).render(
            content=content,
            told=content,  # its name in clients' own templates of earlier releases
            sheet=content.sheet,
            say=content.say,
            words=content.words,
            formats=content.formats,
            language=content.formats.locale[:2],
            dress=Branding.of(book.client),
            faces=Markup(faces),  # noqa: S704 - made of constants and base64
            style=_style(),
        )  # fmt: skip
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        path = book.client.folder / "templates" / (getattr(error, "name", None) or name)
        raise Problem(
            f"the template does not work: {error}", path, line, todo="Correct it, or take it out."
        ) from None
    if not printing:
        return html
    head, body = html.split("<main", 1)
    return f"{head}<main{breakable(body)}"


def _environment(own: Path) -> SandboxedEnvironment:
    """The client's templates first, then ours; everything is escaped, and nothing but text can be reached."""
    return SandboxedEnvironment(
        loader=FileSystemLoader([own, SHEET_TEMPLATES]), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


@cache
def _style() -> Markup:
    return Markup((SHEET_TEMPLATES / "sheet.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
