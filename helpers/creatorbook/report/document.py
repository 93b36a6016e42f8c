"""One HTML document: first page, evidence, appendix. The PDF is printed from the same parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from creatorbook.findings import Figure, render
from creatorbook.packs import pack
from creatorbook.report import fonts
from creatorbook.report.appendix import Appendix, appendix, clients_appendix
from creatorbook.report.body import Chapter, chapter
from creatorbook.report.first_page import FirstPage, first_page
from creatorbook.report.lean import lean
from creatorbook.report.paper import prepared
from creatorbook.report.theme import Branding
from creatorbook.report.to_send import annexes, pages_to_send
from creatorbook.text.plain_text import for_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from creatorbook.report.contents import Contents

REPORT_FOLDER = Path(__file__).parent
#: marks text that no catalog has, in a report of another language
IN_ENGLISH = Markup(' lang="en"')
#: evidence grades and what their marks mean to a reader
GRADES = (("counted", "●"), ("estimated", "◐"), ("assumed", "○"))


@dataclass(frozen=True)
class Report:
    """Everything a report shows, before it becomes a file.

    Attributes:
        squeezed: whether tables are held to the paper's width at any price.
        density: how tightly the first page is set, 0 (roomy) to 6.
        annexes: lists behind the last page.
        to_send: whether it is the client's copy, and not the working paper.
    """

    contents: Contents
    branding: Branding
    page: FirstPage
    chapters: tuple[Chapter, ...]
    appendix: Appendix
    density: int = 0
    squeezed: bool = False
    annexes: tuple[Chapter, ...] = ()
    to_send: bool = False

    @property
    def has_last_page(self) -> bool:
        """Whether there is a last page with method and files."""
        return self.appendix != Appendix()

    @property
    def draft(self) -> str:
        """What every page of a client's copy says that nobody has cleared; empty where somebody has."""
        number = self.contents.draft if self.to_send else 0
        return self.contents.words("Draft {number}, not cleared for sending", number=number) if number else ""

    @property
    def places(self) -> list[tuple[str, str]]:
        """Title and HTML id of every part behind the first page, in order."""
        last = "Method and files" if self.to_send else "Appendix: method, assumptions, data"
        return [
            *((chapter.title, chapter.name) for chapter in self.chapters),
            *([(last, "appendix")] if self.has_last_page else []),
            *((annex.title, annex.name) for annex in self.annexes),
        ]

    @property
    def log(self) -> tuple[str, ...]:
        """What the log should say."""
        return self.branding.log

    def html(self) -> str:
        """The self-contained document."""
        return self._rendered(fonts.html_faces(), printing=False)

    def print_html(self) -> str:
        """The document for the PDF engine: fonts by name."""
        return self._rendered(fonts.pdf_faces(self.branding.font_files), printing=True)

    def first_page_html(self) -> str:
        """The first page alone, to see whether it fits one sheet."""
        alone = replace(self, chapters=(), annexes=(), appendix=Appendix())
        faces = fonts.pdf_faces(self.branding.font_files)
        return alone._rendered(faces, printing=True, alone=True)

    def set_narrower(self) -> Report:
        """The report with all tables held to the paper's width."""
        return replace(self, squeezed=True)

    def set_tighter(self) -> Report:
        """The report with its first page set one step tighter."""
        return replace(self, density=self.density + 1)

    def _rendered(self, faces: str, *, printing: bool, alone: bool = False) -> str:
        say = self.contents.words
        html = _pages(self.branding.theme.folder).get_template("report.html.j2").render(
            report=self,
            words=say,
            _=say,
            english=IN_ENGLISH if say.language != "en" else "",
            book=self.contents.book,
            formats=self.contents.formats,
            branding=self.branding,
            dress=self.branding,  # its name in templates of themes until the next release
            page=self.page,
            faces=Markup(faces),  # noqa: S704 - made of constants and base64
            printing=printing,
            alone=alone,
            grades=GRADES,
            marks=render.MARKS,
        )  # fmt: skip
        html = for_page(html)
        if not printing:
            return lean(html)
        head, body = html.split("<main", 1)
        return fonts.for_pdf(f"{head}<main{prepared(body)}")


def compose(contents: Contents, notebooks: list[Path]) -> Report:
    """A report of findings and executed notebooks; a notebook that shows nothing is left out."""
    branding = Branding.of(contents.book.client)
    every_chapter = (chapter(path, contents.words, branding.theme) for path in notebooks)
    chapters = tuple(made for made in every_chapter if made.html)
    return Report(contents, branding, first_page(contents), chapters, appendix(contents))


def compose_to_send(working: Report) -> Report:
    """The client's copy of a working paper: its first page, then a few pages laid out from the same findings."""
    contents = working.contents.for_client()
    has_method = pack("pages_to_send")[contents.book.stage]["method"]
    return replace(
        working,
        contents=contents,
        page=working.page.for_client(),
        chapters=pages_to_send(contents),
        appendix=clients_appendix(contents) if has_method else Appendix(),
        annexes=annexes(contents),
        to_send=True,
    )


@cache
def _pages(theme: Path) -> Environment:
    """The page templates, the theme's before our own: escaping on, our renderers as filters, style sheets as text."""
    made = Environment(
        loader=FileSystemLoader([theme, REPORT_FOLDER / "pages"]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        figures=_safe(render.figures_html),
        table=_safe(render.table_html),
        figure_value=Figure.written_value,
        span=render.span,
        sheet=_sheet,
        css_text=css_text,
        blanks=blanks,
        trusted=Markup,
        picture=render.picture_address,
    )
    # the name of `figure_value` in templates of themes until the next release
    made.filters["told"] = Figure.written_value
    made.globals["style"] = _style()
    return made


@cache
def _style() -> Markup:
    """Our style sheets without their comments."""
    return _sheet(
        "".join((REPORT_FOLDER / name).read_text(encoding="utf-8") for name in ("house.css", "pages.css"))
    )


def _sheet(css: str) -> Markup:
    """A style sheet of ours or of a theme without its comments; it cannot end the element it stands in."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).replace("</", "<\\/")
    return Markup(re.sub(r"\s*\n\s*", "\n", plain).strip())  # noqa: S704 - from an installed package


def blanks(text: str) -> Markup:
    """A sentence, its runs of underscores turned into lines to write on."""
    parts = [escape(part) for part in re.split(r"_{3,}", text)]
    return Markup('<span class="blank"></span>').join(parts)


def css_text(text: str) -> Markup:
    r"""Any text as the inside of a CSS string: everything but letters and digits becomes `\hex `."""
    escaped = "".join(sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in text)
    return Markup(escaped)  # noqa: S704 - only letters, digits and escapes are left


def _safe(renderer: Callable[..., str]) -> Callable[..., Markup]:
    """A renderer whose output is escaped already."""
    return lambda shown, formats, *more: Markup(renderer(shown, formats, *more))  # noqa: S704 - render.py escapes
