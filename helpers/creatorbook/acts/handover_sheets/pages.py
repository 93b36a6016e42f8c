"""Sheets and letters as HTML: our templates, or the client's own in `templates/` of the client folder."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from creatorbook.client.forgotten import Forgotten, forgotten_in
from creatorbook.problems import Problem
from creatorbook.report import fonts
from creatorbook.report.paper import breakable
from creatorbook.report.theme import Branding
from creatorbook.text.plain_text import for_page

if TYPE_CHECKING:
    from creatorbook.acts.handover_sheets.content import Content
    from creatorbook.book import Book

SHEET_TEMPLATES = Path(__file__).parent / "templates"


def handover_html(book: Book, content: Content, *, printing: bool) -> str:
    """A hand-over sheet as one self-contained document.

    Raises:
        Problem: the client's own template has a mistake in it.
    """
    return page_html("sheet.html.j2", book, _blanks(content), printing=printing)


def offer_html(book: Book, content: Content, *, printing: bool) -> str:
    """An offer letter as one self-contained document.

    Raises:
        Problem: the client's own template has a mistake in it.
    """
    return page_html("letter.html.j2", book, _blanks(content), printing=printing)


def page_html(name: str, book: Book, blanks: Mapping[str, Any], *, printing: bool) -> str:
    """One self-contained document from the client's own template of this name, else from ours.

    Args:
        name: of the template.
        book: whose dress and language it has.
        blanks: what the template fills in, by name.
        printing: whether it becomes a PDF.

    Raises:
        Problem: the client's own template has a mistake in it.
    """
    own = book.client.folder / "templates"
    try:
        html = _filled_in(name, book, blanks, printing=printing)
    except UnicodeDecodeError:
        raise Problem("not saved as UTF-8 text", own / name, todo="Save it again as UTF-8.") from None
    except Exception as error:
        place = _place_of(error, own)
        if place is None:  # a fault of ours
            raise
        what = error.what if isinstance(error, Problem) else f"the template does not work: {error}"
        todo = (isinstance(error, Problem) and error.todo) or "Correct it, or take it out."
        raise Problem(what, *place, todo=todo) from None
    html = for_page(html)
    return _with_breaks(html) if printing else html


def _place_of(error: Exception, own: Path) -> tuple[Path, int | None] | None:
    """The client's template and line that a mistake comes from; `None` where it comes from none of them."""
    if isinstance(error, TemplateError):
        name, line = getattr(error, "name", None), getattr(error, "lineno", None)
        if name:
            return own / name, line
    frames = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).parent == own]
    return (Path(frames[-1].filename), frames[-1].lineno) if frames else None


def _with_breaks(html: str) -> str:
    """A page with places to break in its text; a client's page may have no `<main>`, or not even a `<body>`.

    What stands before the text, styles above all, is left alone; where nobody can tell where the text begins, all of
    it is.
    """
    for mark in ("<main", "<body"):
        head, sign, text = html.partition(mark)
        if sign:
            return f"{head}{mark}{breakable(text)}"
    return html


def _blanks(content: Content) -> dict[str, Any]:
    """What a template of sheets and letters fills in."""
    return {
        "content": content,
        "told": content,  # its name in clients' own templates of earlier releases
        "sheet": content.sheet,
        "say": content.say,
        "words": content.words,
        "formats": content.formats,
        "language": content.formats.locale[:2],
    }


def _filled_in(name: str, book: Book, blanks: Mapping[str, Any], *, printing: bool) -> str:
    """The template's page, its blanks filled."""
    faces = fonts.pdf_faces() if printing else fonts.html_faces()
    template = _environment(book.client.folder).get_template(name)
    named = {
        "language": book.formats.locale[:2],
        "dress": Branding.of(book.client),
        "faces": Markup(faces),  # noqa: S704 - made of constants and base64
        "style": _style(),
    }
    return template.render(named | dict(blanks))


def _environment(client: Path) -> SandboxedEnvironment:
    """The client's templates first, then ours; everything is escaped, and nothing but text can be reached."""
    own = _OwnTemplates(client / "templates", forgotten_in(client))
    return SandboxedEnvironment(
        loader=ChoiceLoader([own, FileSystemLoader(SHEET_TEMPLATES)]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _OwnTemplates(FileSystemLoader):
    """A client's templates, without who is forgotten."""

    def __init__(self, folder: Path, forgotten: Forgotten) -> None:
        super().__init__(folder)
        self.forgotten = forgotten

    def get_source(self, environment: Environment, template: str) -> Any:
        """A template's text, where it is and whether it is still the same."""
        text, *more = super().get_source(environment, template)
        return self.forgotten.text(text), *more


@cache
def _style() -> Markup:
    return Markup((SHEET_TEMPLATES / "sheet.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
