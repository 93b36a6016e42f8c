"""Executed notebooks as report sections: their text and their outputs, never their code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from bleach.sanitizer import Cleaner
from nbconvert import HTMLExporter, TemplateExporter
from traitlets.config import Config

from creatorbook.text.translations import Words

if TYPE_CHECKING:
    from creatorbook.themes import Theme

ENGLISH = Words()
TEMPLATES = Path(__file__).with_name("template")

#: cells that belong to somebody working in JupyterLab, not to a reader
HIDDEN = {"explore", "parameters", "injected-parameters", "setup"}
#: outputs a report shows, in order of preference; anything else (plain text, widgets) is left out
SHOWN_FORMS = ("text/html", "image/svg+xml", "image/png", "text/markdown")

_TAGS = re.findall(
    r"\w+",
    """
    a abbr b blockquote br caption code col colgroup dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6
    hr i img li ol p pre s section small span strong sub summary sup table tbody td tfoot th thead tr u ul
    """,
)
_ATTRIBUTES = {
    "*": [
        "class",
        "id",
        "title",
        "lang",
        "dir",
        "role",
        "aria-label",
        "aria-labelledby",
        "aria-hidden",
        "tabindex",
    ],
    "a": ["href"],
    "img": ["src", "alt", "width", "height"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
    "col": ["span"],
    "details": ["open"],
}
#: `style`, `script` and their like vanish with their content; sanitising alone would print it as text
_UNSEEN = re.compile(
    r"<(style|script|iframe|object|template|noscript)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)

#: a tag as our own renderers write it; attributes that hold addresses are left to the cleaner
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="')
#: elements without an end tag
_VOID = {"br", "col", "hr", "img"}

#: sheets and messages for creators, shown in the workbook; `python3 workbook.py briefs` writes them as files of their own
_FOR_CREATORS = re.compile(
    r'<(section|blockquote)\b[^>]*class="cb-(?:sheet|message)"[^>]*>.*?</\1>', re.DOTALL | re.IGNORECASE
)
FOR_CREATORS_ONLY = "A text for creators, kept in the workbook: it is no part of this report."
_HEADING = re.compile(r"(<h[2-6][^>]*>)([^<]*)(</h[2-6]>)")


@dataclass(frozen=True)
class Chapter:
    """One notebook of the report.

    Attributes:
        name: its file's name, an HTML id.
        title: its first heading.
        html: its text and outputs, sanitised, headings one level down.
    """

    name: str
    title: str
    html: str


def chapter(path: Path, say: Words = ENGLISH, theme: Theme | None = None) -> Chapter:
    """One executed notebook as a chapter; a notebook that shows nothing has empty `html`.

    Its headings are told in the report's language where the catalog has them.
    """
    notebook = shown(nbformat.v4.reads(path.read_text(encoding="utf-8")))
    html = _HEADING.sub(
        lambda heading: _translated(heading, say), _below(_converted(notebook, theme), path.stem)
    )
    html = _FOR_CREATORS.sub(f'<p class="cb-note">{escape(say(FOR_CREATORS_ONLY))}</p>', html)
    return Chapter(path.stem, _title(notebook, path), html)


def shown(notebook: Any) -> Any:
    """The notebook without code, hidden cells, warnings and tracebacks, and without sections that show nothing.

    A section is a second-level heading and what stands beneath it; it shows nothing if none of its code cells
    that belong to a reader has an output.
    """
    sections: list[list[Any]] = [[]]
    for cell in notebook.cells:
        if HIDDEN & set(cell.metadata.get("tags", [])) or cell.cell_type == "raw":
            continue
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            sections.append([])
        if cell.cell_type == "code":
            cell.source = ""
            cell.outputs = [display for output in cell.outputs if (display := _display(output))]
        sections[-1].append(cell)
    notebook.cells = [cell for section in sections if not _silent(section) for cell in section if _seen(cell)]
    return notebook


def _silent(section: list[Any]) -> bool:
    """Whether a section has code cells and none of them shows anything."""
    code = [cell for cell in section if cell.cell_type == "code"]
    return bool(code) and section[0].cell_type == "markdown" and not any(cell.outputs for cell in code)


def _seen(cell: Any) -> bool:
    return cell.cell_type != "code" or bool(cell.outputs)


@lru_cache(maxsize=512)  # the notebooks' own texts are the same in every report
def clean(html: str) -> str:
    """HTML without scripts, styles, event handlers and addresses that would be fetched."""
    if is_clean(html):
        return html
    return str(_cleaner().clean(_UNSEEN.sub("", html)))


def is_clean(html: str) -> bool:
    """Whether there is nothing to clean: allowed tags only, each closed, with harmless attributes in double quotes.

    So are nearly all tables and texts of ours, and looking is many times faster than parsing. Whatever is written
    in any other way is not judged here but cleaned.
    """
    if re.search("[<>]", _TAG.sub("", html)):
        return False
    opened: list[str] = []
    for end, name, attributes in _TAG.findall(html):
        if name not in _TAGS or not set(_ATTRIBUTE.findall(attributes)) <= _harmless(name):
            return False
        if not end and name not in _VOID:
            opened.append(name)
        elif end and (not opened or opened.pop() != name):
            return False
    return not opened


@cache
def _harmless(tag: str) -> set[str]:
    """Attributes of a tag that may hold anything."""
    return {*_ATTRIBUTES["*"], *_ATTRIBUTES.get(tag, ())} - {"href", "src"}


def _display(output: Any) -> Any | None:
    """A display with the one form of it a report shows; `None` for anything that is no display.

    Raises:
        ValueError: a picture without words; a report never shows one.
    """
    if output.output_type not in {"display_data", "execute_result"}:
        return None
    kind = next((kind for kind in SHOWN_FORMS if kind in output.data), None)
    if kind is None:
        return None
    if kind.startswith("image/") and not str(output.metadata.get(kind, {}).get("alt") or "").strip():
        raise ValueError("a picture in a notebook has no alt text; show charts with findings.show()")
    output.data = nbformat.from_dict({kind: output.data[kind]})
    return output


def _translated(heading: re.Match[str], say: Words) -> str:
    """A heading in the report's language, marked as such; as it is where the catalog lacks it."""
    opening, text, closing = heading.groups()
    plain = unescape(text)
    if say.language == "en" or not say.has(plain):
        return heading[0]
    return f'{opening[:-1]} lang="{say.language}">{escape(say(plain))}{closing}'


def _converted(notebook: Any, theme: Theme | None) -> str:
    own = theme.folder if theme and theme.is_template else TEMPLATES / "creatorbook"
    html, _ = _exporter(own).from_notebook_node(notebook)
    return str(html).strip()


class _Sections(HTMLExporter):
    """An exporter that leaves its HTML as it is: what nbconvert would add afterwards, no report of ours lacks."""

    def from_notebook_node(self, nb: Any, resources: Any = None, **kw: Any) -> Any:
        """Convert without parsing all of it again to add alt texts and keyboard focus."""
        return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)

    def _preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Leave out the copy for preprocessors: there are none."""
        return nb, resources


@cache
def _exporter(template: Path) -> HTMLExporter:
    """An exporter with a theme's template; making one costs more than ten conversions, so it is kept."""
    return _Sections(
        config=Config(),
        default_preprocessors=[],  # `shown` has taken out what no reader sees
        extra_template_basedirs=[str(TEMPLATES), str(template.parent)],
        template_name=template.name,
        template_file="section.html.j2",
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        filters={"clean_html": clean},
        mathjax_url="",
        require_js_url="",
        jquery_url="",
        mermaid_js_url="",
    )


@cache
def _cleaner() -> Cleaner:
    return Cleaner(tags=_TAGS, attributes=_allowed, protocols=["data", "https", "http", "mailto"], strip=True)


def _allowed(tag: str, name: str, value: str) -> bool:
    """Whether an attribute stays: the listed ones; a picture only if it carries itself."""
    if name not in _ATTRIBUTES["*"] and name not in _ATTRIBUTES.get(tag, ()):
        return False
    if name == "src":
        return value.startswith("data:image/")
    if name == "href":
        return not value.startswith("data:")
    return True


def _below(html: str, name: str) -> str:
    """Headings one level down, and ids that stay unique when chapters are set one after another."""
    html = re.sub(r"(</?h)([1-5])\b", lambda tag: f"{tag[1]}{int(tag[2]) + 1}", html)
    html = re.sub(r'(<h\d[^>]*? id=")', rf"\g<1>{name}-", html)
    html = re.sub(r'(<a href="#)', rf"\g<1>{name}-", html)
    return re.sub(r">\n+<", ">\n<", html.replace('<td class="cb-text">', "<td>"))  # the default needs no name


def _title(notebook: Any, path: Path) -> str:
    headings = (
        line.lstrip("# ").strip()
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("# ")
    )
    return next(headings, path.stem.replace("_", " "))
