"""What a step answers, in a form: pictures first, then figures and short tables with what they were, all of it folded."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from creatorbook.findings import Chart, Findings, Steps, Table, say, written
from creatorbook.findings.definitions import term_of_figure
from creatorbook.findings.render import cell, findings_html

#: rows of a table that is shown beside the controls; of a longer one those that changed
SHORT, MOST_CHANGED = 8, 12
#: columns that say where a figure comes from, not what it is
ABOUT = {"source", "grade", "base", "why", "key"}

_TEMPLATES = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
_COMPARED = _TEMPLATES.from_string("""
<table class="cb-table cb-compared"><caption>{{ title }}</caption>
<thead><tr>{% for head in heads %}{% if head %}<th scope="col" class="{{ 'cb-text' if texts[loop.index0] else 'cb-number' }}">{{ head }}</th>{% else %}<td></td>{% endif %}{% endfor %}</tr></thead><tbody>
{% for cells in rows %}<tr>{% set term = terms[loop.index0] %}{% for now, before in cells %}<td class="{{ 'cb-text' if texts[loop.index0] else 'cb-number' }}"{% if term and loop.first %} data-term="{{ term }}"{% endif %}>{{ now }}
{%- if before != now %} <span class="cb-was">{{ was }} {{ before }}</span>{% endif %}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>
""")
_PICTURE = _TEMPLATES.from_string(
    "<figure><figcaption>{{ title }}</figcaption>{% if svg %}{{ svg|safe }}{% else %}"
    '<img alt="{{ alt }}" src="data:image/png;base64,{{ png }}">{% endif %}</figure>'
)
_NOTE = _TEMPLATES.from_string('<p class="cb-note">{{ text }}</p>')
_WHOLE = _TEMPLATES.from_string("<details><summary>{{ title }}</summary>{{ html|safe }}</details>")


def answer_html(now: Findings, before: Findings) -> str:
    """Pictures first, then the figures and short tables with what they were, then all of it, folded."""
    f = now.formats
    earlier = before.charts
    parts = [_picture(chart, earlier.get(chart.key)) for chart in now.charts.values()]
    parts += [_figures(now, before)]
    parts += [_table(table, before.tables.get(table.key), now) for table in now.tables.values()]
    parts += [_NOTE.render(text=note.text) for note in now.notes[:2] if note.kind != "method"]
    parts += [_WHOLE.render(title=written(say("The whole answer"), f), html=findings_html(now))]
    return f'<div class="cb-answer">{"".join(parts)}</div>'


def content_of(findings: Findings) -> tuple[Any, ...]:
    """What a step answers, without where it comes from: to tell whether two answers are the same."""
    figures = tuple((one.key, one.value, one.low, one.high) for one in findings.figures.values())
    tables = tuple(
        (key, table.frame[[name for name in table.columns if name not in ABOUT]].astype(str).to_csv())
        for key, table in findings.tables.items()
    )
    notes = tuple(str(note.text) for note in findings.notes if note.kind != "method")
    return figures, tables, notes


def _picture(chart: Chart, before: Chart | None) -> str:
    """A chart drawn by hand where it can be, with its steps as they were; else as a PNG."""
    if isinstance(chart.picture, Steps):
        steps = before.picture if before is not None and isinstance(before.picture, Steps) else None
        svg = chart.picture.svg(str(chart.alt), steps)
        return _PICTURE.render(title=chart.title, svg=svg)
    png = base64.b64encode(chart.png()).decode("ascii")
    return _PICTURE.render(title=chart.title, alt=chart.alt, png=png)


def _figures(now: Findings, before: Findings) -> str:
    """Each figure, and what it was."""
    f, earlier = now.formats, before.figures
    rows = []
    for key, figure in now.figures.items():
        then = earlier.get(key, figure)
        rows.append(
            [
                (figure.label, figure.label),
                (figure.written_value(f), then.written_value(f)),
                (figure.written_range(f), then.written_range(f)),
            ]
        )
    if not rows:
        return ""
    heads = [written(text, f) for text in (say("Figure"), say("Value"), say("Range"))]
    return _COMPARED.render(
        title=written(say("Figures"), f),
        heads=heads,
        texts=(True, False, False),
        rows=rows,
        terms=[term_of_figure(key) for key in now.figures],
        was=written(say("was"), f),
    )


def _table(table: Table, before: Table | None, now: Findings) -> str:
    """A short table with what its cells were; of a long one the rows that changed; nothing where none did."""
    f = now.formats
    columns = {name: column for name, column in table.columns.items() if name not in ABOUT}
    alike = before is not None and len(before.frame) == len(table.frame)
    if len(table.frame) > SHORT and not alike:
        return ""
    cells = _cells(table, columns, f)
    then = _cells(before, columns, f) if alike and before is not None else cells
    rows = [list(zip(*both, strict=True)) for both in zip(cells, then, strict=True)]
    changed = [row for row in rows if any(one != other for one, other in row)]
    if len(rows) > SHORT:
        rows = changed[:MOST_CHANGED]
    if not rows or (table is not before and alike and not changed):
        return ""
    heads = [column.label for column in columns.values()]
    texts = [column.unit == "text" for column in columns.values()]
    return _COMPARED.render(
        title=table.title,
        heads=heads,
        texts=texts,
        rows=rows,
        terms=[""] * len(rows),
        was=written(say("was"), f),
    )


def _cells(table: Table, columns: Mapping[str, Any], formats: Any) -> list[list[str]]:
    frame = table.frame
    values = [frame[name].tolist() if name in frame else [""] * len(frame) for name in columns]
    return [
        [cell(value, column, formats) for value, column in zip(row, columns.values(), strict=True)]
        for row in zip(*values, strict=True)
    ]
