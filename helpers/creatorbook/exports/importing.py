"""One file in: recognised, loaded into DuckDB, read, with its receipt."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path

import duckdb

from creatorbook.client import Mapping
from creatorbook.exports import rejected
from creatorbook.exports.columns import columns_of
from creatorbook.exports.database import SETTINGS
from creatorbook.exports.evidence import against, matched_columns, with_accounts
from creatorbook.exports.files import ExportFile
from creatorbook.exports.forms import opened
from creatorbook.exports.guesses import may_be_meant
from creatorbook.exports.layouts import Layout, normal
from creatorbook.exports.loading import LARGE, load_records
from creatorbook.exports.offers import Offered, ignored, likely, of_one_account, offer
from creatorbook.exports.reader import Options, Reader, Rows, Sheet
from creatorbook.exports.receipts import Receipt
from creatorbook.exports.recognise import Match, find_fields
from creatorbook.exports.text import TextTable, records_of, text_tables, with_other_headers
from creatorbook.exports.values import day
from creatorbook.problems import Problem, bounded
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
    recognised = recognise_file(
        file, mapping, readers, text_tables(opened(file, scratch), scratch, options.market)
    )
    plan_for(connection, recognised.table.path.stat().st_size)
    sheet = Sheet(
        connection,
        recognised.reader.layout,
        recognised.table.header,
        recognised.match,
        options,
        recognised.table.preamble,
        datetime.fromtimestamp(file.path.stat().st_mtime, UTC).date(),
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
    if mapping and mapping.columns:
        tables = _with_its_columns(mapping, tables) or tables
    fits = _fits(file, mapping, readers, tables)
    if not fits:
        below = [other for table in tables[:1] for other in with_other_headers(table)]
        fits = _fits(file, mapping, readers, below)[:1]
        tables = below if fits else tables
    if fits:
        number, (reader, matched) = max(fits, key=lambda fit: (fit[1][1].rank, -fit[0]))
        others = () if tables[number].skip != tables[0].skip else tables
        titles = tuple(_title(other) for i, other in enumerate(others) if i != number)
        return Recognised(reader, tables[number], matched, titles)
    largest = max(tables, key=lambda table: len(table.header))
    problem = _unknown(file, readers, _with_best_header(largest, [reader.layout for reader in readers]))
    if isinstance(problem, Unrecognised):
        problem.header = largest.header
    raise problem


def _with_best_header(table: TextTable, layouts: Sequence[Layout]) -> TextTable:
    """A table that nobody recognises, with the row or rows as its header by which most can be guessed."""
    others = list(with_other_headers(table))
    if not others:
        return table

    def strength_of(one: TextTable) -> float:
        return likely(layouts, columns_of(one.header, first_records(one)))[1].strength

    strengths = list(map(strength_of, others))
    strongest = max(strengths)
    return others[strengths.index(strongest)] if strongest > max(strength_of(table), 1) else table


def _with_its_columns(mapping: Mapping, tables: Sequence[TextTable]) -> list[TextTable]:
    """The first table of a file, with the header wherever it stands, that has the columns client.yml names."""
    wanted = {normal(name) for name in mapping.columns.values()}
    every = chain(tables, chain.from_iterable(map(with_other_headers, tables)))
    return list(islice((table for table in every if wanted <= set(map(normal, table.header))), 1))


def _fits(
    file: ExportFile, mapping: Mapping | None, readers: Sequence[Reader], tables: Sequence[TextTable]
) -> list[tuple[int, tuple[Reader, Match]]]:
    """Which tables of a file some reader reads."""
    return [(n, fitted) for n, t in enumerate(tables) if (fitted := _fit(file, mapping, readers, t))]


def _fit(
    file: ExportFile, mapping: Mapping | None, readers: Sequence[Reader], table: TextTable
) -> tuple[Reader, Match] | None:
    header = table.header
    if mapping and (mapping.reader or mapping.table):
        mapped = _mapped(file, mapping, readers, header)
        _not_one_account(file, *mapped, table)
        return mapped
    fitting = [(match, reader) for reader in readers if (match := reader.recognise(header))]
    if not fitting:
        return None
    plain = any(reader.layout.name in TABLES for _, reader in fitting)
    rows = first_records(table) if plain else []  # the other layouts' headers are names enough
    fitting = [
        (match, reader) for match, reader in fitting if not against(reader.layout, match, header, rows)
    ]
    if not fitting:
        return None
    best = max(match.rank for match, _ in fitting)
    first = [(reader, match) for match, reader in fitting if match.rank == best]
    if len(first) > 1:
        raise _two_fit(file, [reader for reader, _ in first])
    reader, match = first[0]
    if reader.layout.name == "creators":
        match = with_accounts(match, header, rows)
    return reader, _with_columns(file, mapping, match, header)


def _not_one_account(file: ExportFile, reader: Reader, matched: Match, table: TextTable) -> None:
    """Refuse a creators list, said to be one, that names the same account again and again: the last row would count."""
    if reader.layout.name != "creators":
        return
    columns = columns_of(table.header, first_records(table))
    if of_one_account(matched_columns(matched, columns)):
        raise Problem(
            "most records of this creators list are of one account, of which only one would count",
            f"exports/{file.name}",
            column=table.header[matched.fields["handle"]],
            todo="Keep one row for each account. If the rows are followers, posts or days of that account, say so "
            "under “table:” in client.yml: profiles, posts or account_days.",
        )


def _two_fit(file: ExportFile, readers: Sequence[Reader]) -> Problem:
    """Which of several kinds a file is, is asked."""
    names = " or ".join(f"“{reader.label}” (reader: {reader.name})" for reader in readers)
    return Problem(
        f"the columns fit {names}",
        f"exports/{file.name}",
        todo=f'Say which in client.yml:\nmapping:\n  - file: "{file.name}"\n    reader: {readers[0].name}',
    )


def first_records(table: TextTable) -> list[list[str]]:
    """The records that are looked at to tell what a file is."""
    return list(islice(records_of(table), LOOKED_AT))


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
        raise NoSuchReader(
            f"client.yml reads this file as “{wanted}”, which does not exist",
            f"exports/{file.name}",
            todo=f"{hint}There are: {', '.join(sorted(choice))}.",
        )
    reader = choice[str(wanted)]
    fields, currency = find_fields(reader.layout, header)
    matched = _with_columns(file, mapping, Match(fields, currency, (0, 0)), header)
    needed = reader.layout.needs or reader.layout.signature
    lacking = [need for need in needed if not any(f in matched.fields for f in need.split("|"))]
    lacking = [need for need in lacking if not (need in _SAID_FOR_ALL and getattr(mapping, need))]
    if mapping.total == "without tax" and "total" not in matched.fields:
        lacking.append("total")
    lacking = [need for need in lacking if not (need == "handle" and file.handle)]
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


class NoSuchReader(Problem):
    """client.yml names a reader or a table that is not there."""


class Unrecognised(Problem):
    """Nobody knows a file by its columns.

    Attributes:
        header: the names of its columns.
        offered: what it may be.
    """

    header: tuple[str, ...] = ()
    offered: Offered | None = None


def _unknown(file: ExportFile, readers: Sequence[Reader], table: TextTable) -> Problem:
    """What is said of a file that nobody recognises, with a block to paste."""
    plain, header = [reader.layout for reader in readers], table.header
    if any(sign == "\ufffd" or (sign < " " and sign not in "\t\r\n") for sign in "".join(header)):
        return Problem(
            "this is not a table: where columns are named it holds bytes that no text has",
            f"exports/{file.name}",
            todo=f"Export it again as CSV or XLSX, or leave it out in client.yml:\n{ignored(file.name)}",
        )
    rows = first_records(table)
    columns = ", ".join(name.strip() for name in header if name.strip())
    what = f"nobody recognises this file by its columns ({columns or 'none'})"
    for reader in readers:
        if (match := reader.recognise(header)) and (reason := against(reader.layout, match, header, rows)):
            what = f"not read as “{reader.label}”: {reason} (columns: {columns})"
            break
    offered = offer(file.name, plain, header, rows, file.handle or "")
    problem = Unrecognised(
        what,
        f"exports/{file.name}",
        todo="Say what it is in client.yml (check our guesses), or “ignore: true” to leave it out:\n"
        + offered.block,
    )
    problem.offered = offered
    return problem


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
        notes=tuple(map(bounded, notes)),
        mapped=mapped,
    )


def _missing(layout: Layout, fields: Collection[str], ignored: Sequence[str]) -> dict[str, str]:
    """What the absence of each column costs, and which column may be meant, if the name of one that is not used says so."""
    guesses = may_be_meant(layout, ignored)
    return {
        _usual_name(layout, field): f"{cost}; if “{guesses[field]}” is meant, map it in client.yml"
        if field in guesses
        else cost
        for field, cost in (layout.missing or {}).items()
        if field not in fields
    }


def _usual_name(layout: Layout, field: str) -> str:
    """What such a file usually calls a column, for the sentence on its absence."""
    return next(iter(layout.columns.get(field, ())), field)


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
