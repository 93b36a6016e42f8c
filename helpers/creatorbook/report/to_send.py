"""The client's copy behind its first page: a few pages laid out from findings, each the answer to one question.

Which findings stand on which page, and under which words, is data (`packs/pages_to_send.yml`). What is not marked as the
client's is never printed here, whatever the pack asks for (`Contents.for_client`); a page without findings is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jinja2 import Environment

from creatorbook.findings import Chart, Figure, Note, StoredChart, Table, render
from creatorbook.packs import pack
from creatorbook.report.body import Chapter

if TYPE_CHECKING:
    from creatorbook.report.contents import Contents

#: a longer list stands behind the other pages
ANNEX_FROM = 60

_TEMPLATES = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
_HEADING = _TEMPLATES.from_string("<h{{ level }}>{{ text }}</h{{ level }}>")
_CHART = _TEMPLATES.from_string(
    '<p class="cb-chart-title">{{ chart.title }}</p>'
    '<div class="cb-chart"><img src="{{ picture }}" alt="{{ chart.alt }}" width="{{ chart.width }}"></div>'
)


@dataclass(frozen=True)
class Part:
    """What stands under one smaller heading of a page.

    Attributes:
        heading: its words; empty for none.
        show: keys of figures, tables and charts, and slots of notes, in the order they are shown.
        columns: of its tables, which columns; none means all.
    """

    show: tuple[str, ...]
    heading: str = ""
    columns: tuple[str, ...] = ()


def pages_to_send(contents: Contents) -> tuple[Chapter, ...]:
    """The pages behind the first one, then the lists that are too long to stand among them.

    Args:
        contents: what the client gets (`Contents.for_client`).
    """
    layout = pack("pages_to_send")[contents.book.stage]
    pages = [_page(page, contents, annex=False) for page in layout]
    annexes = [_page(page, contents, annex=True) for page in layout]
    return tuple(page for page in [*pages, *annexes] if page.html)


def _page(page: dict[str, Any], contents: Contents, *, annex: bool) -> Chapter:
    """One page, or its annex; without any finding its `html` is empty."""
    say = contents.words
    parts = [
        Part(**{name: tuple(v) if isinstance(v, list) else v for name, v in part.items()})
        for part in page["parts"]
    ]
    blocks = [block for part in parts if (block := _part(part, contents, annex=annex))]
    title = say(page["annex"] if annex else page["heading"])
    name = f"{page['page']}-annex" if annex else page["page"]
    html = "\n".join([_HEADING.render(level=2, text=title), *blocks]) if blocks else ""
    return Chapter(name, title, html)


def _part(part: Part, contents: Contents, *, annex: bool) -> str:
    """A part of a page as HTML; empty where none of its findings is there."""
    blocks = [
        _block(items, part, contents)
        for name in part.show
        if (items := [item for item in _named(name, contents) if is_long(item) == annex])
    ]
    if part.heading and blocks:
        blocks.insert(0, _HEADING.render(level=3, text=contents.words(part.heading)))
    return "\n".join(blocks)


def _named(name: str, contents: Contents) -> list[Any]:
    """The findings of a name: the one with this key, or the notes of this slot, most important first."""
    notes = [note for note in contents.notes if note.slot == name]
    keyed = [item for item in contents.items if not isinstance(item, Note) and item.key == name]
    return [*keyed, *sorted(notes, key=lambda note: note.rank)]


def is_long(item: Any) -> bool:
    """Whether this is a list that stands in an annex."""
    return isinstance(item, Table) and len(item.frame) > ANNEX_FROM


def _block(items: list[Any], part: Part, contents: Contents) -> str:
    """Findings of one name as HTML."""
    formats = contents.formats
    tables = [
        render.table_html(_with(item, part), formats, len(item.frame))
        for item in items
        if isinstance(item, Table)
    ]
    charts = [
        _CHART.render(chart=item, picture=render.picture_address(item))
        for item in items
        if isinstance(item, Chart | StoredChart)
    ]
    figures = [item for item in items if isinstance(item, Figure)]
    notes = [item for item in items if isinstance(item, Note)]
    shown = [render.figures_html(figures, formats)] if figures else []
    said = [render.notes_html(notes, formats)] if notes else []
    return "\n".join([*shown, *tables, *charts, *said])


def _with(table: Table, part: Part) -> Table:
    """A table with the columns a page shows of it."""
    if not part.columns:
        return table
    columns = {name: table.columns[name] for name in part.columns if name in table.columns}
    return replace(table, columns=columns, stored=True)
