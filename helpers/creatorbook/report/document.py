"""One HTML document: first page, evidence, appendix. The PDF is printed from the same parts."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from creatorbook import render
from creatorbook.report import fonts
from creatorbook.report.appendix import Appendix, appendix
from creatorbook.report.body import Chapter, chapter
from creatorbook.report.first_page import FirstPage, first_page
from creatorbook.report.theme import Dress

if TYPE_CHECKING:
    from collections.abc import Callable

    from creatorbook.findings import Chart, StoredChart
    from creatorbook.report.contents import Contents

HERE = Path(__file__).parent
#: signs after which a long word may be broken
_SEPARATORS = {"/", "?", "=", "_", ".", "@", "-", "+", "&amp;"}
#: evidence grades and what their marks mean to a reader
GRADES = (("counted", "●"), ("estimated", "◐"), ("assumed", "○"))


@dataclass(frozen=True)
class Report:
    """Everything a report shows, before it becomes a file.

    Attributes:
        squeezed: whether tables are held to the paper's width at any price.
        density: how tightly the first page is set, 0 (roomy) to 6.
    """

    contents: Contents
    dress: Dress
    page: FirstPage
    chapters: tuple[Chapter, ...]
    appendix: Appendix
    density: int = 0
    squeezed: bool = False

    @property
    def log(self) -> tuple[str, ...]:
        """What the log should say."""
        return self.dress.log

    def html(self) -> str:
        """The self-contained document."""
        return self._rendered(fonts.html_faces(), printing=False)

    def print_html(self) -> str:
        """The document for the PDF engine: fonts by name."""
        return self._rendered(fonts.pdf_faces(), printing=True)

    def first_page_html(self) -> str:
        """The first page alone, to see whether it fits one sheet."""
        alone = replace(self, chapters=(), appendix=Appendix())
        return alone._rendered(fonts.pdf_faces(), printing=True, alone=True)

    def set_narrower(self) -> Report:
        """The report with all tables held to the paper's width."""
        return replace(self, squeezed=True)

    def set_tighter(self) -> Report:
        """The report with its first page set one step tighter."""
        return replace(self, density=self.density + 1)

    def _rendered(self, faces: str, *, printing: bool, alone: bool = False) -> str:
        html = _pages().get_template("report.html.j2").render(
            report=self,
            book=self.contents.book,
            formats=self.contents.formats,
            dress=self.dress,
            page=self.page,
            faces=Markup(faces),  # noqa: S704 - made of constants and base64
            printing=printing,
            alone=alone,
            grades=GRADES,
            marks=render.MARKS,
        )  # fmt: skip
        if not printing:
            return _lean(html)
        head, body = html.split("<main", 1)
        return f"{head}<main{breakable(kept_together(body))}"


def compose(contents: Contents, notebooks: list[Path]) -> Report:
    """A report of findings and executed notebooks; a notebook that shows nothing is left out."""
    chapters = tuple(made for path in notebooks if (made := chapter(path)).html)
    return Report(
        contents, Dress.of(contents.book.client), first_page(contents), chapters, appendix(contents)
    )


@cache
def _pages() -> Environment:
    """The page templates: escaping on, our renderers as filters, style sheets as text."""
    made = Environment(
        loader=FileSystemLoader([HERE / "pages", HERE]), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters.update(
        figures=_safe(render.figures_html),
        table=_safe(render.table_html),
        css_text=css_text,
        blanks=blanks,
        trusted=Markup,
        picture=_picture,
    )
    made.globals["style"] = _style()
    return made


@cache
def _style() -> Markup:
    """Our style sheets without their comments."""
    sheets = "".join((HERE / name).read_text(encoding="utf-8") for name in ("house.css", "pages.css"))
    sheets = re.sub(r"/\*.*?\*/", "", sheets, flags=re.DOTALL)
    return Markup(re.sub(r"\s*\n\s*", "\n", sheets).strip())  # noqa: S704 - our own files


def _lean(html: str) -> str:
    """The HTML with the cells of its tables as short as they can be; they are most of it."""
    return (
        html.replace("cb-number", "cb-n").replace("</td>\n<td", "</td><td").replace("</th>\n<th", "</th><th")
    )


def kept_together(html: str) -> str:
    """The HTML with table titles set before their tables, and headings marked, so that neither stands alone.

    The PDF engine keeps no heading with what follows; the style sheet gives both room to reserve below them. A
    title inside its table would be left behind at the foot of a page.
    """
    html = re.sub(
        r"(<table[^>]*>)\s*<caption>(.*?)</caption>", r'<p class="cb-title">\2</p>\1', html, flags=re.DOTALL
    )
    return re.sub(r'<div class="cb-prose">(?=\s*<h[34])', '<div class="cb-prose cb-lead">', html)


def breakable(html: str) -> str:
    """The HTML with places to break in words no column could hold: addresses, handles, compounds.

    A table that cannot be broken makes the PDF engine shrink every page of the document to its width.
    """
    return re.sub(r">[^<>]+<", lambda text: re.sub(r"[^\s<>]{19,}", _broken, text[0]), html)


def _broken(word: re.Match[str]) -> str:
    """A long word with a break after each separator, and after 16 signs that have none."""
    signs = re.findall(r"&#?\w+;|.", word[0])
    made, since = [], 0
    for sign in signs:
        made.append(sign)
        since += 1
        if (sign in _SEPARATORS and since > 3) or since >= 16:
            made.append("<wbr>")
            since = 0
    return "".join(made)


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


def _picture(chart: Chart | StoredChart) -> str:
    """A chart's PNG as a `data:` address."""
    image = chart.image if hasattr(chart, "image") else chart.png()
    return "data:image/png;base64," + base64.b64encode(image).decode()
