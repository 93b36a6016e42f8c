"""One file in: recognised, loaded into DuckDB, read, with its receipt."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import duckdb

from creatorbook.client import Mapping
from creatorbook.exports import rejected
from creatorbook.exports.database import SETTINGS
from creatorbook.exports.files import ExportFile
from creatorbook.exports.forms import opened
from creatorbook.exports.guesses import table_by_cells
from creatorbook.exports.layouts import Layout, normal
from creatorbook.exports.loading import LARGE, load_records
from creatorbook.exports.reader import Options, Reader, Rows, Sheet
from creatorbook.exports.receipts import Receipt
from creatorbook.exports.recognise import (
    Match,
    closest,
    find_fields,
    guess_columns,
    mapping_to_copy,
    named_enough,
)
from creatorbook.exports.text import TextTable, records_of, text_tables
from creatorbook.exports.values import day
from creatorbook.problems import Problem
from creatorbook.tables import TABLES

SMALL_FILE = 2_000_000  #: bytes; a smaller file is read without optimising queries
LOOKED_AT = 200  #: records looked at to guess what the columns of an unknown file are


@dataclass(frozen=True)
class Recognised:
    """Which reader reads which table of a file, and how its columns fit."""

    reader: Reader
    table: TextTable
    match: Match
    others: tuple[str, ...] = ()


def import_file(
    connection: duckdb.DuckDBPyConnection,
    file: ExportFile,
    mapping: Mapping | None,
    options: Options,
    readers: Sequence[Reader],
    scratch: Path,
) -> tuple[Rows, Receipt]:
    """Read one file; its rows are in the connection's temporary tables afterwards, or in files in `scratch`.

    Raises:
        Problem: nobody recognises the file, or it is not a table.
    """
    recognised = recognise_file(file, mapping, readers, text_tables(opened(file, scratch), scratch))
    plan_for(connection, recognised.table.path.stat().st_size)
    sheet = Sheet(
        connection,
        recognised.reader.layout,
        recognised.table.header,
        recognised.match,
        options,
        recognised.table.preamble,
    )
    try:
        load_records(sheet, recognised.table, scratch)
        rows = recognised.reader.read(sheet)
    except duckdb.Error as error:
        raise Problem(
            f"cannot be read as a table: {str(error).splitlines()[0]}",
            f"exports/{file.name}",
            todo="Export the file again, or open it and save it as CSV (UTF-8).",
        ) from error
    return rows, _receipt(file, recognised, sheet, rows, mapped=mapping is not None)


def as_tables(connection: duckdb.DuckDBPyConnection, rows: Rows) -> Rows:
    """Rows that lie in files as tables, so that they can be changed."""
    made = {name: f"loaded_{name}" if name in rows.files else table for name, table in rows.tables.items()}
    for name in rows.files:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {made[name]} AS FROM {rows.tables[name]}")
    return Rows(made, rows.kept)


def plan_for(connection: duckdb.DuckDBPyConnection, size: int) -> None:
    """Planning a query well, and for all cores, takes longer than running it on a small file (in bytes) as it is written."""
    optimizer = "disable_optimizer" if size < SMALL_FILE else "enable_optimizer"
    connection.execute(f"PRAGMA {optimizer}; SET threads = {1 if size < LARGE else SETTINGS['threads']}")


# ----------------------------------------------------------------------------------- recognising


def recognise_file(
    file: ExportFile, mapping: Mapping | None, readers: Sequence[Reader], tables: Sequence[TextTable]
) -> Recognised:
    """The reader for a file: as client.yml says, else by the names of its columns.

    Raises:
        Problem: no reader fits, two fit equally well, or client.yml names a reader or column that is not there.
    """
    if not tables:
        raise Problem("there is no table in this file", f"exports/{file.name}", todo="Export it again.")
    fits = [
        (number, fitted)
        for number, t in enumerate(tables)
        if (fitted := _fit(file, mapping, readers, t.header))
    ]
    if fits:
        number, (reader, matched) = max(fits, key=lambda fit: (fit[1][1].rank, -fit[0]))
        others = tuple(_title(other) for i, other in enumerate(tables) if i != number)
        return Recognised(reader, tables[number], matched, others)
    largest = max(tables, key=lambda table: len(table.header))
    raise _unknown(file, readers, largest)


def _fit(
    file: ExportFile, mapping: Mapping | None, readers: Sequence[Reader], header: Sequence[str]
) -> tuple[Reader, Match] | None:
    if mapping and (mapping.reader or mapping.table):
        return _mapped(file, mapping, readers, header)
    fitting = [(match, reader) for reader in readers if (match := reader.recognise(header))]
    if not fitting:
        return None
    best = max(match.rank for match, _ in fitting)
    first = [(reader, match) for match, reader in fitting if match.rank == best]
    if len(first) > 1:
        names = " or ".join(f"“{reader.label}” (reader: {reader.name})" for reader, _ in first)
        raise Problem(
            f"the columns fit {names}",
            f"exports/{file.name}",
            todo="Say which in client.yml:\n"
            f'mapping:\n  - file: "{file.name}"\n    reader: {first[0][0].name}',
        )
    reader, match = first[0]
    return reader, _with_columns(file, mapping, match, header)


def _mapped(
    file: ExportFile, mapping: Mapping, readers: Sequence[Reader], header: Sequence[str]
) -> tuple[Reader, Match]:
    """The reader that client.yml names, or the plain one of the table that it names."""
    by_name = {reader.name: reader for reader in readers}
    plain = {name: by_name[name] for name in TABLES if name in by_name}
    choice, wanted = (by_name, mapping.reader) if mapping.reader else (plain, mapping.table)
    if wanted not in choice:
        near = difflib.get_close_matches(str(wanted), choice, n=1)
        hint = f"Did you mean “{near[0]}”? " if near else ""
        raise Problem(
            f"client.yml reads this file as “{wanted}”, which does not exist",
            f"exports/{file.name}",
            todo=f"{hint}There are: {', '.join(sorted(choice))}.",
        )
    reader = choice[str(wanted)]
    fields, currency = find_fields(reader.layout, header)
    matched = _with_columns(file, mapping, Match(fields, currency, (0, 0)), header)
    lacking = [
        need for need in reader.layout.signature if not any(f in matched.fields for f in need.split("|"))
    ]
    lacking = [need for need in lacking if not (need in _SAID_FOR_ALL and getattr(mapping, need))]
    if lacking:
        raise Problem(
            f"no column for “{lacking[0]}”",
            f"exports/{file.name}",
            todo=f"Add it to this file's entry in client.yml, {_to_add(lacking[0], header)}",
        )
    return reader, matched


#: what client.yml may say of a whole file in place of a column
_SAID_FOR_ALL = {"platform", "handle", "total"}


def _to_add(need: str, header: Sequence[str]) -> str:
    """The line that a file's entry lacks."""
    if need in {"handle", "platform"}:
        example = {"handle": "lina.muster", "platform": "instagram"}[need]
        return f"for the whole file:\n    {need}: {example}"
    columns = ", ".join(name.strip() for name in header if name.strip())
    return f'under columns:\n      {need.split("|")[0]}: "…"   # one of: {columns}'


def _with_columns(file: ExportFile, mapping: Mapping | None, matched: Match, header: Sequence[str]) -> Match:
    """The match with the columns that client.yml names in place of those found."""
    if not mapping or not mapping.columns:
        return matched
    positions = {normal(name): i for i, name in reversed(list(enumerate(header)))}
    fields = dict(matched.fields)
    for field, theirs in mapping.columns.items():
        if normal(theirs) not in positions:
            near = difflib.get_close_matches(normal(theirs), positions, n=1)
            hint = f"Did you mean “{header[positions[near[0]]].strip()}”? " if near else ""
            raise Problem(
                f"client.yml maps “{field}” to a column “{theirs}” that the file does not have",
                f"exports/{file.name}",
                column=theirs,
                todo=f"{hint}Its columns: {', '.join(name.strip() for name in header)}.",
            )
        position = positions[normal(theirs)]
        fields = {own: at for own, at in fields.items() if at != position}
        fields[field] = position
    return Match(fields, matched.currency, matched.rank)


def _unknown(file: ExportFile, readers: Sequence[Reader], table: TextTable) -> Problem:
    plain, header = [reader.layout for reader in readers], table.header
    if any(sign == "\ufffd" or (sign < " " and sign not in "\t\r\n") for sign in "".join(header)):
        return Problem(
            "this is not a table: where columns are named it holds bytes that no text has",
            f"exports/{file.name}",
            todo=f"Export it again as CSV or XLSX, or leave it out in client.yml:\n{mapping_to_copy(file.name, None, [])}",
        )
    rows = list(islice(records_of(table), LOOKED_AT))
    likely, seen = closest(plain, header), table_by_cells(header, rows)
    if seen and not (likely and named_enough(likely, header)):
        likely = next((one for one in plain if one.name == seen), likely)
    block = mapping_to_copy(file.name, likely, header, rows)
    columns = ", ".join(name.strip() for name in header if name.strip())
    return Problem(
        f"nobody recognises this file by its columns ({columns or 'none'})",
        f"exports/{file.name}",
        todo=f"Say what it is in client.yml (check our guesses), or “ignore: true” to leave it out:\n{block}",
    )


def _title(table: TextTable) -> str:
    title = next((line.strip("# ") for line in table.preamble if line.strip("#- ")), "")
    return title or ", ".join(table.header[:3])


# -------------------------------------------------------------------------------------- receipt


def _receipt(file: ExportFile, recognised: Recognised, sheet: Sheet, rows: Rows, *, mapped: bool) -> Receipt:
    reader, fields = recognised.reader, sheet.match.fields
    first, last = _days(sheet, rows)
    set_aside, repeats = rejected.by_reason(sheet) if rows.kept < sheet.records else ((), 0)
    main, *others = rows.tables  # the first holds something of every record that is kept
    filled = [name for name in others if sheet.one(f"SELECT count(*) FROM {rows.tables[name]}")[0]]
    guess = [recognised.table.guess] if recognised.table.guess else []
    notes = [
        *guess,
        *sheet.notes,
        *(f"another table in this file was not read: {other}" for other in recognised.others),
    ]
    ignored = tuple(name.strip() for i, name in enumerate(sheet.header) if i not in fields.values())
    money = any(TABLES[t][c].kind == "money" for t in rows.tables for c in TABLES[t].names if c in fields)
    return Receipt(
        file=file.name,
        reader=reader.name,
        label=reader.label,
        whose=reader.whose,
        tables=(*([main] if rows.kept else []), *filled),
        rows_in=sheet.records,
        kept=rows.kept,
        set_aside=set_aside,
        recognised={field: sheet.header_of(field) for field in fields},
        ignored=ignored,
        missing=_missing(reader.layout, fields, ignored),
        first_day=first,
        last_day=last,
        currency=sheet.currency or recognised.match.currency or (sheet.options.currency if money else None),
        duplicates=repeats,
        time_zone=sheet.time_zone,
        good_for=reader.layout.good_for,
        unreadable=dict(sheet.unreadable),
        notes=tuple(notes),
        mapped=mapped,
    )


def _missing(layout: Layout, fields: Collection[str], ignored: Sequence[str]) -> dict[str, str]:
    """What the absence of each column costs, and which column may be meant, if the name of one that is not used says so."""
    guesses = guess_columns(layout, ignored, alike=False)
    return {
        _usual_name(layout, field): f"{cost}; if “{guesses[field]}” is meant, map it in client.yml"
        if field in guesses
        else cost
        for field, cost in (layout.missing or {}).items()
        if field not in fields
    }


def _usual_name(layout: Layout, field: str) -> str:
    """What such a file usually calls a column, for the sentence on its absence."""
    return layout.columns[field][0] if field in layout.columns else field


def _days(sheet: Sheet, rows: Rows) -> tuple[date | None, date | None]:
    """First and last day of the file's main table."""
    name, made = next(iter(rows.tables.items()))
    when = TABLES[name].when
    if when is None:
        return None, None
    columns = set(TABLES[name].names)
    since = f"coalesce({when}, starts_on)" if "starts_on" in columns else when
    until = (
        f"coalesce({'ends_on' if when == 'starts_on' else f'{when}, ends_on'}, {since})"
        if "ends_on" in columns
        else when
    )
    first, last = sheet.one(f"SELECT min({since}), max({until}) FROM {made}")
    return day(first), day(last)
