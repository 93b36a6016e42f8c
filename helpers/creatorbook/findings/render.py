"""Findings as HTML. Every text is escaped: names and captions come from outside."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib.resources import files
from typing import Any, NamedTuple

from IPython.display import HTML, Image, display
from jinja2 import Environment

from creatorbook.findings.browser import LAB_VARIABLE
from creatorbook.findings.cells import cell
from creatorbook.findings.definitions import term_of_column, term_of_figure
from creatorbook.findings.formats import Formats
from creatorbook.findings.items import Chart, Column, Figure, Findings, Note, StoredChart, Table
from creatorbook.findings.messages import Text
from creatorbook.findings.steps import Steps
from creatorbook.text.plain_text import for_page

MARKS = {"counted": "●", "estimated": "◐", "assumed": "○"}

#: rows a table shows unless it asks for more or fewer (`findings.Table.rows`)
USUAL_ROWS = 25
#: first columns of a row that say what the picture on its card is
CARDS_ALT = 3
#: what a table takes of a report's page: rows, and lines of so many signs
LEAST_ROWS, MOST_ROWS, MOST_LINES, SIGNS_PER_LINE = 3, 5, 8, 90

_TEMPLATES = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)

_FIGURES = _TEMPLATES.from_string("""
<div class="cb-figures">
{% for figure in figures %}
<div class="cb-figure"{% if term_of(figure.key) %} data-term="{{ figure.key }}"{% endif %} title="{{ figure.source }}{% if figure.n is not none %}{{ ' · ' if figure.source }}n = {{ figure.n }}{% endif %}">
<span class="cb-label">{{ _(figure.label) }}</span>
{% if figure.value is none %}
<span class="cb-value cb-missing">{{ figure.written_value(formats) }}</span>
{% else %}
<span class="cb-value">{{ figure.written_value(formats) }} <span class="cb-mark" role="img" aria-label="{{ _(figure.grade) }}">{{ marks[figure.grade] }}</span></span>
{% endif %}
{% if figure.written_range(formats) %}<span class="cb-range">{{ figure.written_range(formats) }}</span>{% endif %}
{% if figure.note %}<span class="cb-range">{{ figure.note }}</span>{% endif %}
</div>
{% endfor %}
</div>
""")

_TABLE = _TEMPLATES.from_string("""
<div class="cb-scroll{{ ' cb-short' if rows|length <= 6 }}" tabindex="0">
<table class="cb-table{{ ' cb-lines' if labelled }}{{ ' cb-dense' if labelled and rows|length > 30 }}{{ ' cb-wide' if table.seen|length >= 8 }}{{ ' cb-widest' if table.seen|length >= 12 }}">
{% if table.title %}
<caption>{{ _(table.title) }}</caption>
{% endif %}
<thead><tr>
{% for name, column in table.seen.items() %}
{% if column.label %}
<th scope="col" class="{{ 'cb-text' if column.unit == 'text' else 'cb-number' }}"{% if term_of(table.key, name) %} data-term="{{ term_of(table.key, name) }}"{% endif %}{% if column.note %} title="{{ column.note }}"{% endif %}>{{ _(column.label) }}{% if column.grade %} <span class="cb-mark" role="img" aria-label="{{ _(column.grade) }}">{{ marks[column.grade] }}</span>{% endif %}</th>
{% else %}
<td></td>
{% endif %}
{% endfor %}
</tr></thead>
<tbody>
{% for row in rows %}
<tr{% if loop.index0 in table.strong %} class="cb-strong"{% endif %}>
{% for cell, column, address in row %}
<td class="{{ 'cb-number' if column.unit != 'text' else 'cb-text cb-link' if cell.startswith('http') else 'cb-text' }}"{% if labelled %} data-label="{{ _(column.label) }}"{% endif %}>{% if address %}<a href="{{ address }}">{{ cell }}</a>{% else %}{{ cell }}{% endif %}</td>
{% endfor %}
</tr>
{% endfor %}
</tbody>
</table>
</div>
{% if left and printed %}<p class="cb-note">{{ _.many("{n} more row is in the workbook file data.xlsx.", "{n} more rows are in the workbook file data.xlsx.", left) }}</p>{% endif %}
{% if left and not printed %}<p class="cb-note">{{ _("The first {shown} of {all} rows.", shown=formats.number(rows|length), all=formats.number(left + rows|length)) }}</p>{% endif %}
{% if table.note %}<p class="cb-note">{{ table.note }}</p>{% endif %}
""")

_CARDS = _TEMPLATES.from_string("""
<div class="cb-posts">
<p class="cb-title">{{ _(table.title) }}</p>
{% for picture, alt, cells in rows %}
<div class="cb-post">
{% if picture %}
<img src="{{ picture }}" alt="{{ alt }}">
{% else %}
<div class="cb-frame" aria-hidden="true"></div>
{% endif %}
<div class="cb-facts">
{% for who, address in cells.named[:1] %}
<p class="cb-who">{% if address %}<a href="{{ address }}">{{ who }}</a>{% else %}{{ who }}{% endif %}</p>
{% endfor %}
<p>{% for cell, address in cells.named[1:] %}{% if address %}<a href="{{ address }}">{{ cell }}</a>{% else %}{{ cell }}{% endif %}{% if not loop.last %} · {% endif %}{% endfor %}</p>
{% for label, cell in cells.labelled %}
<p><span>{{ _(label) }}</span> {{ cell }}</p>
{% endfor %}
</div>
</div>
{% endfor %}
</div>
{% if table.note %}<p class="cb-note">{{ table.note }}</p>{% endif %}
""")

_NOTES = _TEMPLATES.from_string("""
{% for note in notes %}
<p class="cb-{{ note.kind }}">{{ _(note.text) }}{% if note.owner or note.due %} <span class="cb-owner">({{ [_(note.owner), formats.day(note.due) if note.due else ""]|select|join(", ") }})</span>{% endif %}</p>
{% endfor %}
""")


_TITLE = _TEMPLATES.from_string('<p class="cb-chart-title">{{ text }}</p>')
_REMARK = _TEMPLATES.from_string('<p class="cb-note">{{ text }}</p>')


def figures_html(figures: list[Figure], formats: Formats, *, printed: bool = True) -> str:
    """A strip of figures with their marks, ranges and sources; not `printed`, each names its definition."""
    term_of = _no_term if printed else term_of_figure
    return _FIGURES.render(
        figures=figures, formats=formats, marks=MARKS, term_of=term_of, _=formats.words
    ).strip()


def _no_term(*_named: str) -> str:
    """A page that is printed has no definitions to point at."""
    return ""


def span(figure: Figure, formats: Formats) -> str:
    """A figure's range beneath a heading that says “likely” already; nothing where there is none."""
    return formats.span(figure.low, figure.high, figure.unit, figure.digits) if figure.has_range else ""


def table_html(table: Table, formats: Formats, rows: int | None = None, *, printed: bool = True) -> str:
    """A table, cut to the rows a page shows; `printed`: a report has the others in `data.xlsx`."""
    written = list(_written_rows(table, formats, rows or table.rows))
    return _table_html(table, formats, written, printed=printed)


def whole_table_html(table: Table, formats: Formats) -> str:
    """A table with all its rows; each cell says under which heading it stands, for where there is no room for columns."""
    rows = list(_written_rows(table, formats, len(table.frame)))
    return _table_html(table, formats, rows, labelled=True, printed=True)


def _table_html(
    table: Table, formats: Formats, rows: list[list[str]], *, labelled: bool = False, printed: bool
) -> str:
    """A table with these rows, written already."""
    columns, left = list(table.seen.values()), len(table.frame) - len(rows)
    leads = [_addresses(table, column, len(rows)) for column in columns]
    zipped = [
        list(zip(cells, columns, addresses, strict=True))
        for cells, addresses in zip(rows, zip(*leads, strict=True), strict=True)
    ]
    return _TABLE.render(
        table=table,
        rows=zipped,
        left=left,
        printed=printed,
        marks=MARKS,
        labelled=labelled,
        formats=formats,
        term_of=_no_term if printed else term_of_column,
        _=formats.words,
    ).strip()


def cards_html(table: Table, formats: Formats, picture: Callable[[str], str]) -> str:
    """Every row of a table as a card: its picture or an empty frame, then what its columns say.

    Args:
        picture: what a cell of the column of pictures names → its `data:` address, empty for none.
    """
    columns, rows = list(table.seen.values()), len(table.frame)
    named = next(name for name, column in table.columns.items() if column.unit == "picture")
    pictures = [picture(cell) if isinstance(cell, str) else "" for cell in table.frame[named]]
    leads = zip(*(_addresses(table, column, rows) for column in columns), strict=True)
    cards = [
        (image, ", ".join(cells[:CARDS_ALT]), _card(columns, cells, addresses))
        for image, cells, addresses in zip(pictures, _written_rows(table, formats, rows), leads, strict=True)
    ]
    return _CARDS.render(table=table, rows=cards, _=formats.words).strip()


class _Card(NamedTuple):
    """What a card says: the texts and days in front, each with where it leads to; then each column with its label."""

    named: list[tuple[str, str]]
    labelled: list[tuple[Text, str]]


def _card(columns: list[Column], cells: list[str], addresses: tuple[str, ...]) -> _Card:
    figure = [column.unit not in {"text", "date"} for column in columns]
    first = figure.index(True) if True in figure else len(figure)
    named = [pair for pair in zip(cells[:first], addresses[:first], strict=True) if pair[0]]
    rest = zip(columns[first:], cells[first:], strict=True)
    return _Card(named, [(column.label, text) for column, text in rest if text not in {"", column.missing}])


def _addresses(table: Table, column: Column, rows: int) -> list[str]:
    """Where the cells of a column lead to; empty where nowhere, or to no page."""
    if not column.link:
        return [""] * rows
    return [leads_to(cell) for cell in table.frame[column.link].head(rows)]


def leads_to(cell: Any) -> str:
    """A cell's address if it is one of a page in the web, else nothing: it comes from outside, and is clicked."""
    text = str(cell) if isinstance(cell, str) else ""
    return text if re.fullmatch(r"https?://[^\s<>\"']+", text) else ""


def _written_rows(table: Table, formats: Formats, rows: int) -> Iterator[list[str]]:
    """The cells of the first rows as text, one row at a time."""
    columns = list(table.seen.values())
    shown = table.frame.head(rows)
    for row in zip(*(shown[name].tolist() for name in table.seen), strict=True):
        yield [cell(value, column, formats) for value, column in zip(row, columns, strict=True)]


def _report_table(table: Table, formats: Formats) -> str:
    """A table, cut to what fits about a quarter of a report's page; the rest is in `data.xlsx`.

    A table with sums, without a sheet, or that asks for more than the usual number of rows is shown as it asks.
    """
    whole = table.strong or not table.sheet or table.rows > USUAL_ROWS
    every, lines = min(len(table.frame), table.rows), 0
    rows_shown: list[list[str]] = []
    for cells in _written_rows(table, formats, table.rows):
        lines += 1 + sum(map(len, cells)) // SIGNS_PER_LINE
        count = len(rows_shown)
        full = count >= LEAST_ROWS and (lines > MOST_LINES or count >= MOST_ROWS)
        if full and every - count > 2 and not whole:
            break
        rows_shown.append(cells)
    return _table_html(table, formats, rows_shown, printed=True)


def notes_html(notes: list[Note], formats: Formats) -> str:
    """Sentences as paragraphs."""
    return _NOTES.render(notes=notes, formats=formats, _=formats.words).strip()


def findings_html(findings: Findings) -> str:
    """All findings but the charts as one HTML text, for widgets and previews."""
    return "\n".join(block for kind, block in _blocks(findings) if kind == "html")


def show_style() -> None:
    """Give JupyterLab the house's style sheet; a report has it already.

    Every display brings it, so that no table depends on another cell's output still being there.
    """
    display(HTML(f"<style>{_css()}</style>"))


@cache
def _css() -> str:
    text = files("creatorbook").joinpath("report", "house.css").read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/\s*", "", text, flags=re.DOTALL).strip()


def display_findings(findings: Findings, *, brief: bool = False) -> None:
    """Display findings in reading order; runs of figures and of notes are set together.

    `brief` shows only as many rows of a long table as a page of a report has room for; else the whole of it stands
    beneath, for who has the notebook's kernel.
    """
    for kind, block in _blocks(findings, brief=brief):
        if kind == "html":
            display(HTML(for_page(block)))
        elif kind == "whole":
            from creatorbook.findings.whole_table import (
                view_of,
            )  # only who has a long table waits for widgets

            display(view_of(block, findings.formats), raw=True)
        else:
            show_chart(block)


def show_chart(chart: Chart) -> None:
    """Display a chart under its title, as PNG with its alt text where nbconvert and screen readers find it.

    In our JupyterLab one that can be drawn by hand is: it takes a hundredth of the time.
    """
    display(HTML(for_page(_TITLE.render(text=chart.title))))
    if isinstance(chart.picture, Steps) and os.environ.get(LAB_VARIABLE):
        display(HTML(for_page(chart.picture.svg(str(chart.alt)))))
    else:
        picture = Image(data=chart.png(), width=chart.width, alt=chart.alt)
        display(picture, metadata={"image/png": {"alt": chart.alt, "width": chart.width}})
    if chart.note:
        display(HTML(for_page(_REMARK.render(text=chart.note))))


def picture_address(chart: Chart | StoredChart) -> str:
    """A chart's PNG as a `data:` address."""
    image = chart.image if isinstance(chart, StoredChart) else chart.png()
    return "data:image/png;base64," + base64.b64encode(image).decode()


def _blocks(findings: Findings, *, brief: bool = False) -> list[tuple[str, Any]]:
    """The items as blocks of HTML, long tables (`whole`) and charts, neighbours of a kind together."""
    formats = findings.formats
    figures = partial(figures_html, printed=brief)
    blocks: list[tuple[str, Any]] = []
    run: list[Any] = []

    def close() -> None:
        if run:
            make: Any = figures if isinstance(run[0], Figure) else notes_html
            blocks.append(("html", make(list(run), formats)))
            run.clear()

    for item in findings.written:
        if run and type(run[0]) is not type(item):
            close()
        if isinstance(item, Figure | Note):
            run.append(item)
        elif isinstance(item, Table):
            html = _report_table(item, formats) if brief else table_html(item, formats, printed=False)
            blocks.append(("html", html))
            if not brief and len(item.frame) > item.rows:
                blocks.append(("whole", item))
        else:
            blocks.append(("chart", item))
    close()
    if findings.html:
        blocks.append(("html", findings.html))
    return blocks
