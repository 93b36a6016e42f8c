"""The appendix: how figures were made, what was assumed, and what the files were like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from creatorbook import plugins
from creatorbook.client import Range
from creatorbook.finance.economics import unit_economics
from creatorbook.text.plain_english import how_many

if TYPE_CHECKING:
    from collections.abc import Iterable

    from creatorbook.book import Book
    from creatorbook.exports import Receipt
    from creatorbook.findings import Figure
    from creatorbook.findings.formats import Formats
    from creatorbook.report.contents import Contents

#: files of one kind that still have a line each
MOST_LINES_OF_A_KIND = 4

#: how each value of `client.yml` and the campaign file reads: label and unit
_READS = {
    "margin": ("Margin on net sales", "percent"),
    "return_rate": ("Share of sales that comes back", "percent"),
    "average_order_value": ("Average order value", "money"),
    "resellable_share": ("Returned goods that can be sold again", "percent"),
    "shipping_cost": ("Cost of sending an order", "money"),
    "handling_per_return": ("Cost of handling a return", "money"),
    "payment_fee_rate": ("Payment fee, share", "percent"),
    "payment_fee_fixed": ("Payment fee per order", "money"),
    "hourly_rate": ("Own hour", "money"),
    "levy_rate": ("Levies on creators' pay", "percent"),
    "commission_rate": ("Commission", "percent"),
}

#: statements that the client's files can answer instead, each with its input of an order's sums
_FILES_ANSWER = {"margin": "margin", "return_rate": "return_rate", "average_order_value": "basket"}

#: values that are nobody's business but the agency's
OURS = {"hourly_rate", "levy_rate"}


@dataclass(frozen=True)
class Assumption:
    """One thing taken as given.

    Attributes:
        value: as a reader sees it, range included.
    """

    label: str
    value: str
    source: str


@dataclass(frozen=True)
class FileReport:
    """One file of the client, or several of one kind: what was read and what was set aside."""

    name: str
    what: str
    dates: str
    rows_in: int
    kept: int
    lacked: tuple[str, ...]


@dataclass(frozen=True)
class Appendix:
    """Everything behind the figures.

    Attributes:
        method: method notes of the steps, each once.
        legal: whether labels are discussed, so that the line on legal advice stands there.
        left_out: of plugins, and why; a sentence each.
    """

    figures: tuple[Figure, ...] = ()
    method: tuple[str, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    files: tuple[FileReport, ...] = ()
    legal: bool = False
    left_out: tuple[str, ...] = ()


def appendix(contents: Contents) -> Appendix:
    """The appendix of a report."""
    return Appendix(
        figures=tuple(contents.figures),
        method=tuple(dict.fromkeys(str(note.text) for note in contents.notes if note.kind == "method")),
        assumptions=tuple(assumptions(contents)),
        files=tuple(file_reports(contents.book.receipts, contents.formats)),
        legal="tracking" in contents.steps,
        left_out=tuple(str(fault) for fault in plugins.recorded()),
    )


def clients_appendix(contents: Contents) -> Appendix:
    """Method and files, as a client gets them: their own statements, their files by kind, and nobody's hourly rate.

    Args:
        contents: what the client gets (`Contents.for_client`).
    """
    receipts = contents.book.receipts
    return Appendix(
        method=tuple(dict.fromkeys(str(note.text) for note in contents.notes if note.kind == "method")),
        assumptions=tuple(_own_statements(contents)),
        files=tuple(_by_kind(receipts, contents.formats)),
        legal="tracking" in contents.steps,
    )


def _own_statements(contents: Contents) -> list[Assumption]:
    """The client's values that figures rest on, each with whoever stands for it."""
    formats, say = contents.formats, contents.words
    answered = _answered_by_files(contents.book)
    rows = [
        _given(name, value, "", formats)
        for name, value in contents.book.client.economics
        if name not in OURS | answered and value is not None and name in _READS
    ]
    return [replace(row, source=row.source.removeprefix(": ") or say("your own statement")) for row in rows]


def _answered_by_files(book: Book) -> set[str]:
    """The client's statements that no figure rests on, because their files say it."""
    used = unit_economics(book).inputs
    stated = {name: getattr(book.client.economics, name) for name in _FILES_ANSWER}
    return {
        name
        for name, key in _FILES_ANSWER.items()
        if stated[name] is not None and key in used and used[key].source != stated[name].source
    }


def _by_kind(receipts: Iterable[Receipt], formats: Formats) -> list[FileReport]:
    """One line per kind of file: what it is stands for its name."""
    kinds: dict[tuple[str, str], list[Receipt]] = {}
    for receipt in sorted(receipts, key=lambda receipt: receipt.file):
        kinds.setdefault((receipt.label, receipt.whose), []).append(receipt)
    lines = [_line(group, formats) for group in kinds.values()]
    return [replace(line, name=line.what, lacked=()) for line in lines]


def assumptions(contents: Contents) -> list[Assumption]:
    """What was taken as given: values of the client's files, then assumed figures of the steps."""
    book, formats = contents.book, contents.formats
    given_values = [
        *((name, value, "client.yml") for name, value in book.client.economics),
        ("commission_rate", book.campaign.commission_rate, f"{book.campaign.id}.yml"),
        *(
            (name, value, f"{book.campaign.id}.yml")
            for name, value in sorted(book.campaign.assumptions.items())
        ),
    ]
    answered = _answered_by_files(book)
    rows = [
        _given(name, value, f"{file} (not used: other files say it)" if name in answered else file, formats)
        for name, value, file in given_values
        if value is not None
    ]
    rows.append(
        Assumption(
            "Days in which an order can come back",
            formats.number(book.campaign.settles_after_days),
            f"{book.campaign.id}.yml, or 30 if it is silent",
        )
    )
    labels = {assumption.label for assumption in rows}
    rows += [
        Assumption(str(figure.label), _with_range(figure, formats), str(figure.source))
        for figure in contents.figures
        if figure.grade == "assumed" and figure.value is not None and figure.label not in labels
    ]
    return rows


def _given(name: str, value: Any, file: str, formats: Formats) -> Assumption:
    """A value of a client's file, with its own source where it names one."""
    if isinstance(value, str):
        return Assumption(name.replace("_", " ").capitalize(), value.replace("_", " "), file)
    label, unit = _READS.get(name, (name.replace("_", " ").capitalize(), _unit(value)))
    digits = 2 if unit == "money" else _digits(value, unit)
    if not isinstance(value, Range):
        return Assumption(label, formats.value(value, unit, digits), file)
    source = file if value.source == "client.yml" else f"{file}: {value.source}"
    if value.exact:
        return Assumption(label, formats.value(value.likely, unit, digits), source)
    likely = formats.value(value.likely, unit, digits)
    return Assumption(label, f"{likely}, {formats.span(value.low, value.high, unit, digits)}", source)


def _unit(value: Any) -> str:
    """Shares are told as percentages; anything else as a number."""
    top = value.high if isinstance(value, Range) else value
    return "percent" if 0 < top <= 1 else "number"


def _digits(value: Any, unit: str) -> int:
    """Decimals that keep small shares apart from 0 %."""
    likely = value.likely if isinstance(value, Range) else value
    if unit == "percent":
        return 0 if likely >= 0.1 and round(likely, 2) == round(likely, 4) else 1 if likely >= 0.01 else 2
    return 0 if float(likely).is_integer() else 2


def _with_range(figure: Figure, formats: Formats) -> str:
    likely = figure.written_range(formats)
    return f"{figure.written_value(formats)}, {likely}" if likely else figure.written_value(formats)


def file_reports(receipts: Iterable[Receipt], formats: Formats) -> list[FileReport]:
    """One line per file by name; more than `MOST_LINES_OF_A_KIND` files of one kind share a line."""
    kinds: dict[tuple[str, str], list[Receipt]] = {}
    for receipt in sorted(receipts, key=lambda receipt: receipt.file):
        kinds.setdefault((receipt.label, receipt.whose), []).append(receipt)
    lines = [
        group
        for alike in kinds.values()
        for group in ([alike] if len(alike) > MOST_LINES_OF_A_KIND else [[receipt] for receipt in alike])
    ]
    return [_line(group, formats) for group in sorted(lines, key=lambda group: group[0].file)]


def _line(group: list[Receipt], formats: Formats) -> FileReport:
    """Files of one kind as one line in a reader's words."""
    first = group[0]
    name = first.file if len(group) == 1 else f"{first.file} and {len(group) - 1} more"
    days = [day for receipt in group for day in (receipt.first_day, receipt.last_day) if day]
    return FileReport(
        name=name,
        what=f"{first.label}, {first.whose}" if first.whose else first.label,
        dates=f"{formats.day(min(days))} – {formats.day(max(days))}" if days else "",
        rows_in=sum(receipt.rows_in for receipt in group),
        kept=sum(receipt.kept for receipt in group),
        lacked=tuple(_lacked(group, formats)),
    )


def _lacked(group: list[Receipt], formats: Formats) -> list[str]:
    """What was set aside, counted once, or missing, each sentence once."""
    aside: dict[str, int] = {}
    for receipt in group:
        for rows in receipt.set_aside:
            why = rows.reason + (f" ({rows.column})" if rows.column else "")
            aside[why] = aside.get(why, 0) + len(rows.records)
    sentences = [f"Set aside: {formats.number(count)} × {why}" for why, count in aside.items()]
    if twice := sum(receipt.duplicates for receipt in group):
        sentences.append(
            f"{how_many(twice, 'row', formats.number)} stood there twice and {'was' if twice == 1 else 'were'} counted once"
        )
    missing = (f"{column}: {cost}" for receipt in group for column, cost in receipt.missing.items())
    return [*sentences, *dict.fromkeys(missing)]
