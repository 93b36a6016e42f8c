"""The client's copy behind its first page: a few pages laid out from findings, each the answer to one question.

Which findings stand on which page, and under which words, is data (`packs/pages_to_send.yml`). What is not marked as the
client's is never printed here, whatever the pack asks for (`Contents.for_client`); a page without findings is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from markupsafe import Markup

from creatorbook.findings import UNSEEN_UNITS, Capital, Figure, Note, Table, render
from creatorbook.packs import pack
from creatorbook.report.body import Chapter
from creatorbook.report.post_pictures import picture_of

if TYPE_CHECKING:
    from creatorbook.findings.formats import Formats
    from creatorbook.report.contents import Contents

#: a longer list stands behind the other pages
ANNEX_FROM = 60

#: a list with more rows is folded on a phone
FOLDED_FROM = 8

_TEMPLATES = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
_HEADING = _TEMPLATES.from_string(
    '<h{{ level }}{% if name %} id="{{ name }}"{% endif %}>{{ text }}</h{{ level }}>'
)
_WORDS = _TEMPLATES.from_string(
    '<div class="words">{% for paragraph in paragraphs %}<p>{{ paragraph }}</p>{% endfor %}</div>'
)
_CHART = _TEMPLATES.from_string(
    '<p class="cb-chart-title">{{ chart.title }}</p>'
    '<div class="cb-chart"><img src="{{ picture }}" alt="{{ chart.alt }}" width="{{ chart.width }}"></div>'
)
_FURTHER = _TEMPLATES.from_string(
    '<p class="cb-note"><a href="#{{ name }}">{{ _("The whole list: “{heading}”, at the end", heading=heading) }}</a></p>'
)
_FOLDED = _TEMPLATES.from_string(
    '<div class="folds"><input type="checkbox" class="fold" id="fold-{{ name }}">'
    '<label for="fold-{{ name }}">{{ _("Show all {n}", n=n) }}</label>{{ table }}</div>'
)


@dataclass(frozen=True)
class PagePart:
    """What stands under one smaller heading of a page.

    Attributes:
        heading: its words; empty for none.
        show: keys of figures, tables and charts, and slots of notes, in the order they are shown.
        columns: of its tables, which columns; none means all.
        notes: whether what stands beneath its tables in small is printed.
        above: its tables are printed where they have more rows than that.
        untitled: its tables stand without their titles, because the heading above them says the same.
        unless: the part is left out where there is a finding of this key, which shows the same.
    """

    show: tuple[str, ...]
    heading: str = ""
    columns: tuple[str, ...] = ()
    notes: bool = False
    above: int = 0
    untitled: bool = False
    unless: str = ""


def pages_to_send(contents: Contents) -> tuple[Chapter, ...]:
    """The pages behind the first one.

    Args:
        contents: what the client gets (`Contents.for_client`).
    """
    return _pages(contents, annex=False)


def annexes(contents: Contents) -> tuple[Chapter, ...]:
    """The lists that are too long to stand among these pages."""
    return _pages(contents, annex=True)


def _pages(contents: Contents, *, annex: bool) -> tuple[Chapter, ...]:
    layout = pack("pages_to_send")[contents.book.stage]["pages"]
    pages = (_page(page, contents, annex=annex) for page in layout)
    return tuple(page for page in pages if page.html)


def _page(page: dict[str, Any], contents: Contents, *, annex: bool) -> Chapter:
    """One page, or its annex; without any finding its `html` is empty."""
    say = contents.words
    parts = [
        PagePart(
            show=tuple(part["show"]),
            heading=part.get("heading", ""),
            columns=tuple(part.get("columns", ())),
            notes=part.get("notes", False),
            above=part.get("above", 0),
            untitled=part.get("untitled", False),
            unless=part.get("unless", ""),
        )
        for part in page["parts"]
    ]
    parts = [part for part in parts if not (part.unless and _named(part.unless, contents))]
    blocks = [block for part in parts if (block := _part(part, contents, annex=annex))]
    annex_title, annex_name = say(page["annex"]), f"{page['page']}-annex"
    title, name = (annex_title, annex_name) if annex else (say(page["heading"]), page["page"])
    if not annex and any(
        is_long(item) for part in parts for key in part.show for item in _named(key, contents)
    ):
        blocks.append(_FURTHER.render(name=annex_name, heading=annex_title, _=say))
    words = () if annex else contents.own_words.get(page["page"], ())
    own = [_WORDS.render(paragraphs=words)] if words else []
    # a link to what goes over several sheets would lead to the last of them: an annex is found by its heading
    heading = _HEADING.render(level=2, text=title, name=name if annex else "")
    html = "\n".join([heading, *own, *blocks]) if own or blocks else ""
    return Chapter(name, title, html)


def _part(part: PagePart, contents: Contents, *, annex: bool) -> str:
    """A part of a page as HTML; empty where none of its findings is there."""
    items = [item for name in part.show for item in _named(name, contents) if is_long(item) == annex]
    items = [item for item in items if not isinstance(item, Table) or len(item.frame) > part.above]
    runs = groupby(items, key=lambda item: type(item) in (Figure, Note) and type(item))
    blocks = [_block(list(run), part, contents) for _, run in runs]
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


def _block(items: list[Any], part: PagePart, contents: Contents) -> str:
    """A run of findings of one kind as HTML."""
    if isinstance(items[0], Figure):
        return render.figures_html(items, contents.formats)
    if isinstance(items[0], Note):
        return render.notes_html(items, contents.formats)
    return "\n".join(
        _table(_with(item, part, contents.formats), contents)
        if isinstance(item, Table)
        else _CHART.render(chart=item, picture=render.picture_address(item))
        for item in items
    )


def _table(table: Table, contents: Contents) -> str:
    """A table as cards or as lines; many lines can be folded where a page is narrow."""
    formats = contents.formats
    if table.cards:
        folder = contents.book.client.folder
        return render.cards_html(table, formats, lambda names: picture_of(folder, names))
    html = render.whole_table_html(table, formats)
    if len(table.frame) <= FOLDED_FROM or table.strong:  # what it comes to is the last line of a sum
        return html
    shown = Markup(html)  # noqa: S704 - render.py escapes
    return _FOLDED.render(name=table.key.replace(".", "-"), n=len(table.frame), table=shown, _=contents.words)


def _with(table: Table, part: PagePart, formats: Formats) -> Table:
    """A table with the columns that a page shows of it and anybody filled, and those that its cells lead to or look like."""
    shown = set(part.columns or table.columns)
    columns = {
        name: column
        if column.unit in UNSEEN_UNITS
        else replace(column, label=Capital(formats.words(str(column.label))).write(formats))
        for name, column in table.columns.items()
        if column.unit in UNSEEN_UNITS or (name in shown and table.frame[name].notna().any())
    }
    title, note = "" if part.untitled else table.title, table.note if part.notes else ""
    return replace(table, title=title, columns=columns, note=note, stored=True)
