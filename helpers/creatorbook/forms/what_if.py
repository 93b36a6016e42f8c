"""`forms.what_if`: another assumption, and what a step then says, beside what it says now."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jinja2 import Environment

from creatorbook.acts.assumptions import Assumption, assumptions
from creatorbook.book import Book
from creatorbook.findings import Capital, Chart, Findings, Steps, Table, Text, joined, say, sentences, written
from creatorbook.findings.render import cell, findings_html
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form

#: rows of a table that is shown beside the controls; of a longer one those that changed
SHORT, MOST_CHANGED = 8, 12
#: columns that say where a figure comes from, not what it is
ABOUT = {"source", "grade", "base", "why", "key"}

_TEMPLATES = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
_COMPARED = _TEMPLATES.from_string("""
<table class="cb-table cb-compared"><caption>{{ title }}</caption>
<thead><tr>{% for head in heads %}<th scope="col">{{ head }}</th>{% endfor %}</tr></thead><tbody>
{% for cells in rows %}<tr>{% for now, before in cells %}<td class="{{ 'cb-text' if loop.first else 'cb-number' }}">{{ now }}
{%- if before != now %} <span class="cb-was">{{ was }} {{ before }}</span>{% endif %}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>
""")
_PICTURE = _TEMPLATES.from_string(
    "<figure><figcaption>{{ title }}</figcaption>{% if svg %}{{ svg|safe }}{% else %}"
    '<img alt="{{ alt }}" src="data:image/png;base64,{{ png }}">{% endif %}</figure>'
)
_NOTE = _TEMPLATES.from_string('<p class="cb-note">{{ text }}</p>')
_WHOLE = _TEMPLATES.from_string("<details><summary>{{ title }}</summary>{{ html|safe }}</details>")


def what_if(book: Book, step: Callable[[Book], Findings], *names: str) -> None:
    """Controls for assumptions, and what a step says under them; nothing is written, nothing outside `explore` mode.

    Args:
        book: the campaign.
        step: a step function such as `goals.break_even`.
        names: of assumptions, as `acts.assumptions.MAKERS` has them.
    """
    if book.mode == "explore":
        show_form(book, what_if_form(book, step, *names), "A form: what another assumption would change.")


def what_if_form(book: Book, step: Callable[[Book], Findings], *names: str) -> Form:
    """The form of `what_if`."""
    asked = assumptions(book, step.__name__, names)
    present = step(book)
    fields = [one for each in asked for one in _fields(book, each)]

    def moved(values: Mapping[str, Any]) -> Reply:
        tried = _tried(asked, values)
        changes = [one.changes(value) for one, value in tried]
        there = book.trying(**{name: value for change in changes for name, value in change.items()})
        now = step(there) if tried else present
        words = _words(tried, same=bool(tried) and answers(now) == answers(present))
        return Reply(written(words, book.formats), _html(now, present))

    def as_it_was(_values: Mapping[str, Any]) -> Reply:
        return Reply(
            _as_it_was(book), _html(present, present), values={one.name: one.value for one in fields}
        )

    title = written(say("What if?"), book.formats)
    back = written(say("As it was"), book.formats)
    return Form(title, fields, [Button(back, as_it_was, "look")], html=_html(present, present), moved=moved)


def answers(findings: Findings) -> tuple[Any, ...]:
    """What a step answers, without where it comes from: to tell whether two answers are the same."""
    figures = tuple((one.key, one.value, one.low, one.high) for one in findings.figures.values())
    tables = tuple(
        (key, table.frame[[name for name in table.columns if name not in ABOUT]].astype(str).to_csv())
        for key, table in findings.tables.items()
    )
    notes = tuple(str(note.text) for note in findings.notes if note.kind != "method")
    return figures, tables, notes


def _fields(book: Book, one: Assumption) -> list[Field]:
    """The control of an assumption and, where files tell it, the tick that lets another value count."""
    f = book.formats
    unit = {"share": "%", "percent": "%", "money": f.currency, "rule": ""}[one.kind]
    label, help_text = written(one.label, f), written(one.help, f)
    if one.kind == "rule":
        words = {rule: written(Capital(text), f) for rule, text in one.rules.items()}
        return [Field(one.name, label, "choice", one.value, words, help=help_text, off=written(one.idle, f))]
    off = one.idle or one.asleep
    wakes = bool(one.asleep and not one.idle)
    control = Field(
        one.name, label, "slider", one.value, unit="points of %" if one.kind == "percent" else unit, help=help_text,
        low=one.low, high=one.high, step=one.step, off=written(off, f), wakes_with=f"try_{one.name}" if wakes else "",
    )  # fmt: skip
    if not wakes:
        return [control]
    tick = written(
        say("Try another share anyway") if one.kind == "share" else say("Try another amount anyway"), f
    )
    return [control, Field(f"try_{one.name}", tick, "tick", value=False)]


def _tried(asked: Sequence[Assumption], values: Mapping[str, Any]) -> list[tuple[Assumption, Any]]:
    """The assumptions that are to be others than they are, with their values."""
    tried = []
    for one in asked:
        value = values.get(one.name)
        if one.idle or value is None:
            continue
        anyway = bool(one.asleep) and bool(values.get(f"try_{one.name}"))
        other = value != one.value if one.kind == "rule" else abs(value - one.value) > one.step / 4
        if anyway or (other and not one.asleep):
            tried.append((one, value))
    return tried


def _as_it_was(book: Book) -> str:
    return written(say("As it is: what the files and settings say."), book.formats)


def _words(tried: Sequence[tuple[Assumption, Any]], *, same: bool) -> Text:
    """What is tried in place of what, and why that changes nothing, where it does not."""
    if not tried:
        return say("As it is: what the files and settings say.")
    parts = joined(
        say(
            "{label} {now} in place of {before}",
            label=one.label,
            now=one.written(value),
            before=one.written(one.value),
        )
        for one, value in tried
    )
    tells = say("Tried: {parts}.", parts=parts)
    if not same:
        return tells
    reasons = [reason for one, value in tried if (reason := one.unmoved(value))]
    return sentences(tells, say("The answer stays the same."), *reasons)


def _html(now: Findings, before: Findings) -> str:
    """Pictures first, then the figures and short tables with what they were, then all of it, folded."""
    f = now.formats
    earlier = before.charts
    parts = [_picture(chart, earlier.get(chart.key)) for chart in now.charts.values()]
    parts += [_figures(now, before)]
    parts += [_table(table, before.tables.get(table.key), now) for table in now.tables.values()]
    parts += [_NOTE.render(text=note.text) for note in now.notes[:2] if note.kind != "method"]
    parts += [_WHOLE.render(title=written(say("The whole answer"), f), html=findings_html(now))]
    return f'<div class="cb-answer">{"".join(parts)}</div>'


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
        title=written(say("Figures"), f), heads=heads, rows=rows, was=written(say("was"), f)
    )


def _table(table: Table, before: Table | None, now: Findings) -> str:
    """A short table with what its cells were; of a long one the rows that changed, and nothing where none did."""
    f = now.formats
    columns = {name: column for name, column in table.columns.items() if name not in ABOUT}
    alike = before is not None and len(before.frame) == len(table.frame)
    if len(table.frame) > SHORT and not alike:
        return ""
    cells = _cells(table, columns, f)
    then = _cells(before, columns, f) if alike and before is not None else cells
    rows = [list(zip(*both, strict=True)) for both in zip(cells, then, strict=True)]
    if len(rows) > SHORT:
        rows = [row for row in rows if any(one != other for one, other in row)][:MOST_CHANGED]
    if not rows:
        return ""
    heads = [column.label for column in columns.values()]
    return _COMPARED.render(title=table.title, heads=heads, rows=rows, was=written(say("was"), f))


def _cells(table: Table, columns: Mapping[str, Any], formats: Any) -> list[list[str]]:
    frame = table.frame
    values = [frame[name].tolist() if name in frame else [""] * len(frame) for name in columns]
    return [
        [cell(value, column, formats) for value, column in zip(row, columns.values(), strict=True)]
        for row in zip(*values, strict=True)
    ]
