"""Import receipts: what became of every record of every file, in the trade's words."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from creatorbook.deliver import write_file
from creatorbook.findings.formats import Formats
from creatorbook.tables import TABLES
from creatorbook.text.plain_english import how_many
from creatorbook.text.plain_text import csv_bytes, for_terminal

_PLAIN = Formats()

_ARROW = "\N{NO-BREAK SPACE}←\N{NO-BREAK SPACE}"

#: record numbers listed per reason; the count beside them is always exact
LISTED = 1000


@dataclass(frozen=True)
class Rejected:
    """Records that were set aside (rejected rows, a quarantine) for one reason.

    Attributes:
        reason: in words.
        records: their numbers (1 is the first under the header), the first thousand.
        column: the file's column concerned, if one is.
        expected: what the cell should look like.
        count: how many there are.
    """

    reason: str
    records: tuple[int, ...]
    column: str = ""
    expected: str = ""
    count: int = -1

    def __post_init__(self) -> None:
        if self.count < 0:
            object.__setattr__(self, "count", len(self.records))


@dataclass(frozen=True)
class Receipt:
    """What became of one file. rows_in = kept + set_aside, always.

    Attributes:
        file: its path inside `exports/`.
        reader: the reader's name; empty if no reader read it.
        label: what people in the trade call such a file.
        whose: who has such a file.
        tables: canonical tables it filled.
        rows_in: records in the file.
        kept: records behind the rows of the tables.
        set_aside: the others.
        recognised: our column → the file's.
        ignored: the file's columns that are not used.
        missing: a column the file could have (by its usual name) → what its absence costs.
        first_day, last_day: of what the file speaks about.
        currency: as the file says, or the client's.
        duplicates: records that say again what another record or file says.
        time_zone: offsets written in the file; times are kept as written.
        good_for: one phrase.
        unreadable: the file's column → cells that were there but could not be read, and are missing now.
        notes: anything else a careful reader should know.
        mapped: whether client.yml told how to read it.
    """

    file: str
    reader: str
    label: str
    whose: str
    tables: tuple[str, ...]
    rows_in: int
    kept: int
    set_aside: tuple[Rejected, ...] = ()
    recognised: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    currency: str | None = None
    duplicates: int = 0
    time_zone: str | None = None
    good_for: str = ""
    unreadable: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    mapped: bool = False

    @property
    def set_aside_count(self) -> int:
        """How many records were set aside."""
        return sum(rejected.count for rejected in self.set_aside)


#: why records are set aside that say nothing themselves
NO_RECORDS = ("an empty record", "the column names again", "a total, not a record")


def losses(receipt: Receipt) -> list[Rejected]:
    """What was set aside though it said something: no totals, no empty records, no column names."""
    return [one for one in receipt.set_aside if one.reason not in NO_RECORDS]


def lost(receipt: Receipt) -> int:
    """How many records say something that no table holds; those that only repeat another are no loss."""
    return max(sum(one.count for one in losses(receipt)) - receipt.duplicates, 0)


def receipt_as_json(receipt: Receipt) -> dict[str, Any]:
    """The receipt as plain JSON values."""
    values = {**vars(receipt), "set_aside": tuple(dict(vars(rejected)) for rejected in receipt.set_aside)}
    for day in ("first_day", "last_day"):
        values[day] = values[day].isoformat() if values[day] else None
    return values


def receipt_from_json(values: dict[str, Any]) -> Receipt:
    """The receipt that `receipt_as_json` wrote."""
    set_aside = tuple(
        Rejected(**{**rejected, "records": tuple(rejected["records"])}) for rejected in values["set_aside"]
    )
    days = {
        day: date.fromisoformat(values[day]) if values[day] else None for day in ("first_day", "last_day")
    }
    lists = {name: tuple(values[name]) for name in ("tables", "ignored", "notes")}
    return Receipt(**{**values, **days, **lists, "set_aside": set_aside})


def receipt_lines(receipt: Receipt, formats: Formats = _PLAIN, width: int | None = None) -> list[str]:
    """The receipt as lines of plain text, for a terminal; with a width, long ones go on in lines set in further."""
    lines = [
        f"{receipt.file}: {receipt.label}" + (f" ({receipt.whose})" if receipt.whose else ""),
        *(f"  {line}" for line in _details(receipt, formats)),
    ]
    return lines if width is None else [part for line in lines for part in folded(line, width)]


def folded(line: str, width: int) -> list[str]:
    """A line in lines of at most a width (unless a word is longer), all but the first set in by four."""
    joined = line.replace(" ← ", _ARROW)  # a field and its column stay together
    lines = textwrap.wrap(
        joined, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
    return [part.replace(_ARROW, " ← ") for part in lines] or [line]


def totals_line(receipts: Sequence[Receipt], formats: Formats = _PLAIN) -> str:
    """`3 files read: 1,204 records in, 1,200 kept, 4 set aside (orders.csv)`, over all files; totals and empty rows apart."""
    read = [receipt for receipt in receipts if receipt.reader]
    files = [receipt.file for receipt in read if losses(receipt)]
    silent = sum(receipt.set_aside_count - sum(one.count for one in losses(receipt)) for receipt in read)
    reasons = [
        *([", ".join(files)] if files else []),
        *([f"totals, empty rows and repeated column names: {formats.number(silent)}"] if silent else []),
    ]
    where = f" ({'; '.join(reasons)})" if reasons else ""
    return (
        f"{how_many(len(read), 'file', formats.number)} read: "
        f"{how_many(sum(receipt.rows_in for receipt in read), 'record', formats.number)} in, "
        f"{formats.number(sum(receipt.kept for receipt in read))} kept, "
        f"{formats.number(sum(receipt.set_aside_count for receipt in read))} set aside{where}"
    )


def overview_lines(
    receipts: Sequence[Receipt], unread: Sequence[tuple[str, str]] = (), formats: Formats = _PLAIN
) -> list[str]:
    """One short line for each file under what became of it, worst first: for the head of a page.

    Args:
        receipts: of the files that were read or left alone.
        unread: of the others: name and what is wrong.
        formats: how numbers are written.
    """
    names = dict(unread)
    read = [one for one in worst_first(receipts, unread) if one.reader and one.file not in names]
    partly = [(one.file, _share_kept(one, formats)) for one in read if lost(one)]
    whole = [one for one in read if not lost(one)]
    remarked = [(one.file, _remarked(one, formats)) for one in whole if one.notes or one.unreadable]
    others = [(one.file, _all_kept(one, formats)) for one in whole if not (one.notes or one.unreadable)]
    return [
        *_group(
            "Not read yet, the report waits for these", [(name, _first_words(why)) for name, why in unread]
        ),
        *_group("Read, some records set aside", partly),
        *_group("Read, with a remark to look at below", remarked),
        *_group("Read whole", others),
        *_group("Left alone", [(one.file, _cut(one.notes[0])) for one in receipts if not one.reader]),
    ]


def worst_first(receipts: Sequence[Receipt], unread: Sequence[tuple[str, str]] = ()) -> list[Receipt]:
    """Receipts of files that could not be used, then by the share that was kept, then of those left alone."""
    names = dict(unread)
    return sorted(
        receipts,
        key=lambda one: (
            one.file not in names,
            not one.reader,
            one.kept / one.rows_in if lost(one) else 1,
            not (one.notes or one.unreadable),
        ),
    )


def _group(title: str, files: Sequence[tuple[str, str]]) -> list[str]:
    """A title with its number of files, and a line for each."""
    return [f"{title} ({len(files)})", *(f"  {name}: {what}" for name, what in files), ""] if files else []


_SHORT = 90  #: letters of what is wrong with a file, in a list of files
_LINE, _LEAST = 114, 40  #: letters of a file's line in such a list, and at least of a remark in it


def _first_words(why: str) -> str:
    """What is wrong, without the names of all columns."""
    return _cut(why.split(" (")[0].split("\n")[0].split(": ")[0])


def _cut(text: str, length: int = _SHORT) -> str:
    return textwrap.shorten(text, length, placeholder=" ...")


def _share_kept(receipt: Receipt, formats: Formats) -> str:
    most = max(losses(receipt), key=lambda one: one.count)
    column = f"“{most.column}”: " if most.column else ""
    return (
        f"{receipt.label}, {formats.number(receipt.kept)} of {formats.number(receipt.rows_in)} records "
        f"({column}{_first_words(most.reason)})"
    )


def _remarked(receipt: Receipt, formats: Formats) -> str:
    """What was read, and the first remark on it, cut to a line."""
    remark = next(iter(receipt.notes), "") or next(iter(_unreadable(receipt, formats)))
    what = f"{receipt.label}, {how_many(receipt.kept, 'record', formats.number)}: "
    return what + _cut(remark, max(_LINE - len(receipt.file) - len(what), _LEAST))


def _all_kept(receipt: Receipt, formats: Formats) -> str:
    days = dates_of(receipt, formats)
    return f"{receipt.label}, {how_many(receipt.kept, 'record', formats.number)}" + (
        f", {days}" if days else ""
    )


def _details(receipt: Receipt, formats: Formats) -> list[str]:
    """What was counted, then what is missing or doubtful, then the columns."""
    lines = []
    if receipt.good_for:
        lines.append(f"good for: {receipt.good_for}")
    if receipt.reader:
        lines.append(
            f"records: {formats.number(receipt.rows_in)} in, {formats.number(receipt.kept)} kept, "
            f"{formats.number(receipt.set_aside_count)} set aside"
        )
    lines += [set_aside_sentence(rejected, formats) for rejected in receipt.set_aside]
    if receipt.duplicates:
        lines.append(f"said more than once, counted once: {formats.number(receipt.duplicates)}")
    if receipt.first_day:
        lines.append(f"dates: {dates_of(receipt, formats)}")
    if receipt.currency:
        lines.append(f"currency: {receipt.currency}")
    if receipt.time_zone:
        lines.append(f"time zone: {receipt.time_zone}")
    lines += _unreadable(receipt, formats)
    lines += [f"no {column}: {cost}" for column, cost in receipt.missing.items()]
    lines += receipt.notes
    if receipt.recognised:
        lines.append(f"columns used: {_columns_used(receipt)}")
    if receipt.ignored:
        lines.append(f"columns not used: {', '.join(receipt.ignored)}")
    return lines


def _unreadable(receipt: Receipt, formats: Formats) -> list[str]:
    return [
        f"{column}: {how_many(count, 'cell', formats.number)} could not be read and {'is' if count == 1 else 'are'} taken as not available"
        for column, count in receipt.unreadable.items()
    ]


def _columns_used(receipt: Receipt) -> str:
    """`handle, fee, followers ← Subscribers`: a column that has our name already stands for itself.

    Of a platform's own file, whose columns are known by their names, only what it calls them.
    """
    if receipt.reader not in TABLES and not receipt.mapped:
        return ", ".join(receipt.recognised.values())
    return ", ".join(
        own if own == theirs else f"{own} ← {theirs}" for own, theirs in receipt.recognised.items()
    )


def set_aside_sentence(rejected: Rejected, formats: Formats) -> str:
    """`set aside: 2 records (4, 17), column “Total”: not a number; expected 1234.50`."""
    numbers = ", ".join(str(record) for record in rejected.records[:10])
    more = ", …" if rejected.count > min(len(rejected.records), 10) else ""
    column = f", column “{rejected.column}”" if rejected.column else ""
    expected = f"; expected {rejected.expected}" if rejected.expected else ""
    return f"set aside: {how_many(rejected.count, 'record', formats.number)} ({numbers}{more}){column}: {rejected.reason}{expected}"


REJECTED_COLUMNS = ("file", "record", "column", "reason", "expected form")


def rejected_rows(receipts: Iterable[Receipt]) -> list[tuple[str, str, str, str, str]]:
    """One row per record set aside (rejected): file, record, column, reason, expected form. Never a cell's own text.

    Of each reason the first thousand records are listed; a last row says how many more there are.
    """
    rows = []
    for receipt in receipts:
        for rejected in receipt.set_aside:
            why = (rejected.column, rejected.reason, rejected.expected)
            rows += [(receipt.file, str(record), *why) for record in rejected.records]
            if (more := rejected.count - len(rejected.records)) > 0:
                rows.append((receipt.file, f"and {more} more", *why))
    return rows


RECEIPT_FILES = ("receipts.json", "rejected.csv")


def write_receipts(receipts: Sequence[Receipt], folder: Path) -> list[Path]:
    """Write `receipts.json` and, beside it, `rejected.csv` into a folder; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    receipts_path, rejected_path = (folder / name for name in RECEIPT_FILES)
    text = json.dumps([receipt_as_json(receipt) for receipt in receipts], indent=2, ensure_ascii=False)
    write_file(receipts_path, (for_terminal(text) + "\n").encode())
    rejected = pd.DataFrame(rejected_rows(receipts), columns=list(REJECTED_COLUMNS))
    write_file(rejected_path, csv_bytes(rejected))
    return [receipts_path, rejected_path]


def dates_of(receipt: Receipt, formats: Formats) -> str:
    """`2 Mar 2026 – 29 Mar 2026`, one day, or an empty text."""
    if receipt.first_day is None:
        return ""
    first, last = formats.day(receipt.first_day), formats.day(receipt.last_day)
    return first if first == last else f"{first} – {last}"


def receipts_frame(receipts: tuple[Receipt, ...] | list[Receipt], formats: Formats = _PLAIN) -> pd.DataFrame:
    """One row per file for a page: file, what it is, whose, dates, good for, records in, kept, set aside, details."""
    columns = ["file", "what it is", "whose", "dates", "good for", "records", "kept", "set aside", "details"]
    rows = [
        (
            receipt.file,
            receipt.label,
            receipt.whose,
            dates_of(receipt, formats),
            receipt.good_for,
            float(receipt.rows_in),
            float(receipt.kept),
            float(receipt.set_aside_count),
            "; ".join(_remarks(receipt, formats)),
        )
        for receipt in receipts
    ]
    return pd.DataFrame(rows, columns=columns)


def _remarks(receipt: Receipt, formats: Formats) -> list[str]:
    return [
        *(set_aside_sentence(rejected, formats) for rejected in receipt.set_aside),
        *(f"no {column}: {cost}" for column, cost in receipt.missing.items()),
        *(
            f"{column}: {how_many(count, 'cell', formats.number)} not readable"
            for column, count in receipt.unreadable.items()
        ),
        *receipt.notes,
    ]
