"""Columns of a sheet → SQL for their values, each written form decided over the whole column."""

from __future__ import annotations

from datetime import date

from babel import Locale

from creatorbook.exports import parse, personal
from creatorbook.exports.reader import Sheet
from creatorbook.problems import Problem
from creatorbook.tables import Column, Table

NUMBERS = {"number", "whole", "money", "rate"}
DATES = {"date", "moment"}

#: what a cell of each kind should look like, for receipts
EXPECTED = {
    "number": "a number such as 1234.5",
    "whole": "a whole number such as 12400 or 12.4K",
    "money": "an amount such as 1234.50",
    "rate": "a share such as 0.12 or 12%",
    "date": "a day such as 2026-03-29",
    "moment": "a day such as 2026-03-29, with or without a time",
    "flag": "yes or no",
    "text": "some text",
}


def typed_columns(sheet: Sheet, table: Table) -> dict[str, str]:
    """SQL for every column of a canonical table that the sheet has, by the column's name."""
    present = [column for column in table.columns if sheet.has(column.name)]
    numbers = _numbers(sheet, [column for column in present if column.kind in NUMBERS])
    dates = {
        column.name: date_column(sheet, column.name, column.kind)
        for column in present
        if column.kind in DATES
    }
    words = {c.name: _words(sheet, c) for c in present if c.kind not in NUMBERS | DATES}
    made = {**numbers, **dates, **words}
    return {column.name: made[column.name] for column in present}


# ----------------------------------------------------------------------------------------- numbers


def number_columns(sheet: Sheet, kinds: dict[str, str]) -> dict[str, str]:
    """SQL for fields that hold numbers, whether or not they are columns of a canonical table."""
    return _numbers(sheet, [Column(field, kind, "") for field, kind in kinds.items() if sheet.has(field)])  # type: ignore[arg-type]


def _numbers(sheet: Sheet, columns: list[Column]) -> dict[str, str]:
    if not columns:
        return {}
    counted = sheet.one(
        "SELECT " + ", ".join(parse.number_evidence(parse.name(c.name)) for c in columns) + " FROM raw"
    )
    evidence = [counted[6 * i : 6 * i + 6] for i in range(len(columns))]
    whole_file = parse.decimal_of(_sum(evidence, 0), _sum(evidence, 1))
    made = {}
    for column, (comma, point, percents, largest, points, commas) in zip(columns, evidence, strict=True):
        decimal = parse.decimal_of(comma, point) or whole_file  # type: ignore[arg-type]
        decimal = decimal or parse.decimal_unless_told(
            column.kind, has_point=bool(points), has_comma=bool(commas)
        )
        in_percent = column.kind == "rate" and (bool(percents) or (largest or 0) > 1)  # type: ignore[operator]
        made[column.name] = parse.number(parse.name(column.name), column.kind, decimal, in_percent=in_percent)
    return made


def _sum(evidence: list[tuple[object, ...]], position: int) -> int:
    return sum(int(counts[position]) for counts in evidence)  # type: ignore[call-overload]


# ------------------------------------------------------------------------------------------- dates


def date_column(sheet: Sheet, field: str, kind: str) -> str:
    """SQL for a field that holds days or moments.

    Raises:
        Problem: 03/04/2026 could be March or April all the way down, or the dates have no year.

    """
    cell = parse.name(field)
    forms = [parse.iso_moment(cell), parse.compact_day(cell), parse.written_moment(cell)]
    slashed = _slashed(sheet, field)
    if slashed:
        forms.append(slashed)
    value = f"coalesce({', '.join(forms)})"
    (yearless,) = sheet.one(
        f"SELECT count(*) FILTER (WHERE {value} IS NULL AND "
        f"regexp_matches({cell}, '^ *([[:alpha:]]{{3,9}} [0-9]{{1,2}}|[0-9]{{1,2}} [[:alpha:]]{{3,9}}) *$')) FROM raw"
    )
    if yearless:
        value = f"coalesce({value}, {_yearless(sheet, field)})"
    return f"CAST({value} AS {'DATE' if kind == 'date' else 'TIMESTAMP'})"


def _slashed(sheet: Sheet, field: str) -> str | None:
    """Which of 03/04 is the month, from the whole column."""
    cell = parse.name(field)
    by_day, by_month = parse.day_first_moment(cell), parse.month_first_moment(cell)
    days, months, differ, dotted = sheet.one(
        f"SELECT count(d), count(m), count(*) FILTER (WHERE d IS DISTINCT FROM m), "
        f"count(*) FILTER (WHERE regexp_matches({cell}, '^ *[0-9]+[.]')) "
        f"FROM (SELECT {cell}, {by_day} AS d, {by_month} AS m FROM raw)"
    )
    if not days and not months:
        return None
    told = sheet.options.day_first if sheet.options.day_first is not None else sheet.layout.day_first
    if told is None and dotted:
        told = True
    if told is None and not differ:
        told = True
    if told is None and days == months:
        raise _ambiguous(sheet, field)
    if told is None:
        told = int(days) > int(months)  # type: ignore[call-overload]
    return by_day if told else by_month


def _ambiguous(sheet: Sheet, field: str) -> Problem:
    (example,) = sheet.one(f"SELECT min({parse.name(field)}) FROM raw WHERE {parse.name(field)} LIKE '%/%'")
    return Problem(
        f"dates such as {example} can be read day first or month first, and no date in the column tells which",
        f"exports/{sheet.options.file}",
        column=sheet.header_of(field),
        todo="Say which in client.yml:\n"
        f'mapping:\n  - file: "{sheet.options.file}"\n    day_first: true   # or false: month first',
    )


def _yearless(sheet: Sheet, field: str) -> str:
    options = sheet.options
    if options.starts_on is None or options.ends_on is None:
        raise Problem(
            "the dates have no year",
            f"exports/{options.file}",
            column=sheet.header_of(field),
            todo="Say which days the file covers in client.yml:\n"
            f'mapping:\n  - file: "{options.file}"\n    starts_on: 2026-01-01\n    ends_on: 2026-03-31',
        )
    if not options.range_is_stated:
        sheet.notes.append(
            "its dates have no year: read as the year nearest to your campaigns; "
            "if that is wrong, give starts_on and ends_on under mapping in client.yml"
        )
    return parse.yearless_day(
        parse.name(field), options.starts_on.year, options.starts_on.isoformat(), options.ends_on.isoformat()
    )


# ------------------------------------------------------------------------------------------- words

_HASHED = {"customer", "commenter"}


def _words(sheet: Sheet, column: Column) -> str:
    cell = parse.name(column.name)
    if column.kind == "flag":
        return f"flag({cell})"
    if column.name in _HASHED:
        return personal.keyed_hash(cell, sheet.options.key)
    if column.name == "country":
        return country(sheet, column.name)
    if column.name == "postcode_area":
        return personal.postcode_area(cell)
    if column.name == "text":
        return personal.without_names(cell)
    if column.name in {"order_id", "post_id"}:  # a spreadsheet's guard against formulas is not part of an id
        return f"ltrim(words({cell}), '''')"
    special = {
        "handle": "handle_of",
        "platform": "platform_of",
        "code": "code_of",
        "discount_code": "code_of",
        "currency": "code_of",
    }
    return f"{special.get(column.name, 'words')}({cell})"


def country(sheet: Sheet, field: str) -> str:
    """SQL for a country's two-letter code; its names are known in nine languages."""
    cell = f"words({parse.name(field)})"
    found = sheet.connection.execute(
        f"SELECT DISTINCT {cell} FROM raw WHERE length({cell}) > 2 OR upper({cell}) = 'UK' ORDER BY 1"
    ).fetchall()
    if not found:
        return f"upper({cell})"
    codes = _country_codes()
    known = {name: codes[name.casefold()] for (name,) in found if name.casefold() in codes}
    cases = " ".join(f"WHEN {parse.text(name)} THEN '{code}'" for name, code in known.items())
    short = f"CASE WHEN length({cell}) = 2 THEN upper({cell}) END"
    return f"CASE {cell} {cases} ELSE {short} END" if known else short


def _country_codes() -> dict[str, str]:
    codes = {"uk": "GB", "usa": "US", "u.s.a.": "US", "england": "GB", "scotland": "GB", "wales": "GB"}
    for language in ("nl", "pl", "sv", "pt", "it", "es", "fr", "de", "en"):
        territories = Locale(language).territories
        codes |= {territories[code].casefold(): code for code in territories if len(code) == 2}
    return codes


def day(value: object) -> date | None:
    """A DuckDB date or timestamp as a day."""
    return value.date() if hasattr(value, "date") else value  # type: ignore[return-value]
