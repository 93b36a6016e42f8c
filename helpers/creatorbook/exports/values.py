"""Columns of a sheet → SQL for their values, each written form decided over the whole column."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Literal

from babel import Locale

from creatorbook.exports import parse, personal
from creatorbook.exports.accounts import handle_column
from creatorbook.exports.clocks import LONGEST_DAY, in_market_time
from creatorbook.exports.counting import read_counts
from creatorbook.exports.dates import read_words
from creatorbook.exports.identifiers import identifier, rounded_where, unless_rounded
from creatorbook.exports.reader import Sheet
from creatorbook.problems import Problem
from creatorbook.tables import TABLES, CanonicalColumn, CanonicalTable, Kind
from creatorbook.text.territories import is_country

NUMBER_KINDS = {"number", "whole", "money", "rate"}
DATE_KINDS = {"date", "moment"}
COUNT_KINDS = {"number", "whole"}

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


def typed_columns(sheet: Sheet, table: CanonicalTable) -> dict[str, str]:
    """SQL for every column of a canonical table that the sheet has, by the column's name."""
    present = [column for column in table.columns if sheet.has(column.name)]
    numbers = number_columns(sheet, {c.name: c.kind for c in present if c.kind in NUMBER_KINDS})
    dates = {
        column.name: date_column(sheet, column.name, column.kind)
        for column in present
        if column.kind in DATE_KINDS
    }
    others = {c.name: word_column(sheet, c) for c in present if c.kind not in NUMBER_KINDS | DATE_KINDS}
    made = {**numbers, **dates, **others}
    return {column.name: made[column.name] for column in present}


# ----------------------------------------------------------------------------------------- numbers


def number_columns(sheet: Sheet, kinds: dict[str, Kind]) -> dict[str, str]:
    """SQL for fields that hold numbers, by the field's name; fields the file lacks are left out."""
    kinds = {field: kind for field, kind in kinds.items() if sheet.has(field)}
    if not kinds:
        return {}
    seen = _evidence(sheet, kinds)
    whole_file = parse.decimal_of(sum(s.comma for s in seen.values()), sum(s.point for s in seen.values()))
    return {field: _number(sheet, field, kind, seen[field], whole_file) for field, kind in kinds.items()}


def _number(
    sheet: Sheet, field: str, kind: Kind, seen: parse.Evidence, whole_file: parse.Decimal | None
) -> str:
    """SQL for one field's numbers: in the column's convention; a count that is left, by what it says itself."""
    written = _written(kind, seen, whole_file)
    value = parse.number(field, kind, written)
    if written.percent == "marked":
        sheet.note_once(
            f"{sheet.header_of(field)}: shares stand beside percents: cells with % (rows: {seen.percents}) are percents, "
            "the others shares such as 0.12"
        )
    if kind not in COUNT_KINDS or not seen.odd:
        return value
    words = read_counts(sheet, field, value, parse.FORMS[written.decimal])
    return f"coalesce({value}, {words})" if words else value


def _evidence(sheet: Sheet, fields: Collection[str]) -> dict[str, parse.Evidence]:
    """How the numbers of fields look; those of all fields of the file are looked at together, once."""
    if not all((sheet.raw, field) in sheet.evidence for field in fields):
        kinds = {field: field_kind(sheet, field) for field in sheet.match.fields}
        numbers = {field: kind for field, kind in kinds.items() if kind in NUMBER_KINDS}
        plain = _all_plain(sheet, numbers)
        looks = (
            dict.fromkeys(numbers, parse.Evidence())
            if plain
            else evidence_by_field(sheet, [*numbers], sheet.raw)
        )
        sheet.evidence |= {(sheet.raw, field): seen for field, seen in looks.items()}
    return {field: sheet.evidence[sheet.raw, field] for field in fields}


def _all_plain(sheet: Sheet, kinds: dict[str, str]) -> bool:
    """Whether no number can be read in two ways, as in most files: digits, and for amounts up to two decimals behind a point.

    What a share is depends on the largest of its column: that is always looked at.
    """
    if "rate" in kinds.values():
        return False
    whole = [parse.number_name(field) for field, kind in kinds.items() if kind == "whole"]
    others = [parse.number_name(field) for field, kind in kinds.items() if kind != "whole"]
    odd = " OR ".join(
        f"NOT regexp_full_match(concat_ws(' ', {', '.join(cells)}, ''), '({form} )*')"
        for cells, form in ((whole, "[0-9]{1,12}"), (others, "-?[0-9]{1,12}([.][0-9]{1,2})?"))
        if cells
    )
    (count,) = sheet.one(f"SELECT count(*) FROM {sheet.raw} WHERE {odd}")
    return not count


def field_kind(sheet: Sheet, field: str) -> str:
    """What a field holds: as its canonical table says, else as the layout's own fields are read."""
    for name in sheet.layout.tables:
        if field in TABLES[name].names:
            return TABLES[name][field].kind
    return (sheet.layout.numbers or {}).get(field, "text")


def evidence_by_field(sheet: Sheet, fields: Sequence[str], rows: str) -> dict[str, parse.Evidence]:
    """How the numbers of each field look; `rows` is what comes after FROM."""
    ways = sheet.connection.execute(parse.number_evidence(fields, rows)).fetchall()
    return {
        field: parse.evidence_in([way for way in ways if way[0] == place])
        for place, field in enumerate(fields, start=1)
    }


def _written(kind: Kind, seen: parse.Evidence, whole_file: parse.Decimal | None) -> parse.Written:
    """How a column's numbers are written: told by its own cells, else by the file's, else the usual way."""
    decimal = parse.decimal_of(seen.comma, seen.point) or whole_file
    if kind in COUNT_KINDS and not seen.unscaled and bool(seen.points) != bool(seen.commas):
        decimal = decimal or (
            "point" if seen.points else "comma"
        )  # 1.234k, and nothing with thousands beside it
    decimal = decimal or parse.usual_decimal(kind, has_point=bool(seen.points), has_comma=bool(seen.commas))
    points_fit = decimal == "point" and kind != "whole"
    plain = not (seen.commas or seen.odd or (seen.points and not points_fit))
    both = bool(seen.comma if decimal == "point" else seen.point)
    return parse.Written(decimal, _percent(kind, seen), plain, both)


def _percent(kind: Kind, seen: parse.Evidence) -> Literal["all", "marked", "none"]:
    """Which shares of a column are percents: beside 12%, a cell 0.12 is a share as it stands, and beside 0.5% it is not."""
    if kind != "rate" or not (seen.percents or (seen.largest or 0) > 1):
        return "none"
    shares = seen.largest_unmarked is not None and seen.largest_unmarked <= 1 < (seen.largest or 0)
    return "marked" if seen.percents and shares else "all"


# ------------------------------------------------------------------------------------------- dates


def date_column(sheet: Sheet, field: str, kind: str) -> str:
    """SQL for a field that holds days or moments.

    Raises:
        Problem: 03/04/2026 could be March or April all the way down, or the dates have no year.
    """
    cell = parse.name(field)
    plain = f"plain_moment({cell})"
    filled, moments, longest = sheet.one(
        f"SELECT count({cell}), count({plain}), max(strlen({cell})) FROM {sheet.raw}"
    )
    value = plain if filled == moments else _in_any_form(sheet, field, filled)
    if (longest or 0) > LONGEST_DAY:
        value = in_market_time(sheet, field, value)
    return f"CAST({value} AS {'DATE' if kind == 'date' else 'TIMESTAMP'})"


def _in_any_form(sheet: Sheet, field: str, filled: int) -> str:
    """SQL for moments of which some are not plain: each pattern that comes up, then what is left text by text."""
    cell = parse.name(field)
    shapes = ", ".join(
        f"count(*) FILTER (WHERE regexp_matches({cell}, '{shape}'))" for shape in parse.DATE_SHAPES.values()
    )
    seen = dict(zip(parse.DATE_SHAPES, sheet.one(f"SELECT {shapes} FROM {sheet.raw}"), strict=True))
    forms = [form(cell) for shape, form in _FORMS.items() if seen[shape]]
    if seen["serial"]:
        forms.append(_serial(sheet, field))
    day_first = True
    if seen["slashed"]:
        slashed, day_first = _slashed(sheet, field)
        forms.append(slashed)
    value = f"coalesce({', '.join(forms)})" if forms else "CAST(NULL AS TIMESTAMP)"
    (read,) = sheet.one(f"SELECT count({value}) FROM {sheet.raw}") if forms else (0,)
    words = read_words(sheet, field, value, day_first=day_first) if read < filled else None
    return f"coalesce({value}, {words})" if words else value


_FORMS = {
    "iso": parse.iso,
    "compact": parse.compact,
    "written": parse.as_written,
    "seconds": parse.counted_seconds,
}


def _serial(sheet: Sheet, field: str) -> str:
    """Days as a spreadsheet counts them, told."""
    calendar = sheet.options.days_from
    sheet.note_once(
        f"{sheet.header_of(field)}: days are written as a spreadsheet counts them: read as days since "
        f"{parse.SERIAL_STARTS[calendar]}"
    )
    return parse.serial(parse.name(field), calendar)


def _slashed(sheet: Sheet, field: str) -> tuple[str, bool]:
    """SQL for days such as 03/04/2026, and whether the day stands first: told by client.yml, else by the column.

    Raises:
        Problem: nothing tells it, or some days can only be read one way and some only the other.
    """
    cell = parse.name(field)
    by_day, by_month = parse.day_first(cell), parse.month_first(cell)
    only_day, only_month, differ, dotted = sheet.one(
        "SELECT count(*) FILTER (WHERE d IS NOT NULL AND m IS NULL), count(*) FILTER (WHERE m IS NOT NULL AND d IS NULL), "
        f"count(*) FILTER (WHERE d <> m), count(*) FILTER (WHERE regexp_matches({cell}, '^[0-9]+[.]')) "
        f"FROM (SELECT {cell}, {by_day} AS d, {by_month} AS m FROM {sheet.raw})"
    )
    day_first = sheet.options.day_first
    if day_first is None and only_day and only_month and differ:
        raise _both_orders(sheet, field, by_day, by_month)
    if day_first is None and (only_day or only_month):
        day_first = bool(only_day)
    if day_first is None:
        day_first = True if dotted or not differ else sheet.layout.day_first
    if day_first is None:
        raise _ambiguous(sheet, field)
    if other := only_month if day_first else only_day:
        _tell_both_orders(sheet, field, other, day_first=day_first)
    both = (by_day, by_month) if day_first else (by_month, by_day)
    return (f"coalesce({', '.join(both)})" if other else both[0]), day_first


def _tell_both_orders(sheet: Sheet, field: str, other: int, *, day_first: bool) -> None:
    usual, unusual = ("day", "month") if day_first else ("month", "day")
    sheet.note_once(
        f"{sheet.header_of(field)}: dates are {usual} first, but {other} can only be {unusual} first and were read so: "
        "were two exports pasted together?"
    )


def _both_orders(sheet: Sheet, field: str, by_day: str, by_month: str) -> Problem:
    """Two exports in one column: each of the two orders with a date that can be read in no other."""
    cell = parse.name(field)
    rows = f"FROM (SELECT _record, {cell} AS cell, {by_day} AS d, {by_month} AS m FROM {sheet.raw})"
    day, day_at = sheet.one(
        f"SELECT cell, _record {rows} WHERE m IS NULL AND d IS NOT NULL ORDER BY _record LIMIT 1"
    )
    month, month_at = sheet.one(
        f"SELECT cell, _record {rows} WHERE d IS NULL AND m IS NOT NULL ORDER BY _record LIMIT 1"
    )
    either, either_at = sheet.one(f"SELECT cell, _record {rows} WHERE d <> m ORDER BY _record LIMIT 1")
    return Problem(
        f"{day} (record {day_at}) is day first, {month} (record {month_at}) month first: two exports were pasted "
        f"together, and {either} (record {either_at}) can be read both ways",
        f"exports/{sheet.options.file}",
        column=sheet.header_of(field),
        todo="Put each export into a file of its own, or say how those that can be read both ways are meant in client.yml:\n"
        f'mapping:\n  - file: "{sheet.options.file}"\n    day_first: true   # or false: month first',
    )


def _ambiguous(sheet: Sheet, field: str) -> Problem:
    cell = parse.name(field)
    (example,) = sheet.one(
        f"SELECT min({cell}) FROM {sheet.raw} WHERE {parse.day_first(cell)} <> {parse.month_first(cell)}"
    )
    return Problem(
        f"dates such as {example} can be read day first or month first, and no date in the column tells which",
        f"exports/{sheet.options.file}",
        column=sheet.header_of(field),
        todo="Say which in client.yml:\n"
        f'mapping:\n  - file: "{sheet.options.file}"\n    day_first: true   # or false: month first',
    )


def zones(sheet: Sheet, field: str) -> str | None:
    """The zones written behind a column's moments."""
    return zones_in(
        sheet, f"SELECT DISTINCT {tail(field)} FROM {sheet.raw} WHERE {parse.name(field)} IS NOT NULL"
    )


def tail(field: str) -> str:
    """SQL: the end of a cell that holds a moment, which can tell its zone."""
    return f"right({parse.name(field)}, {parse.LONGEST_ZONE})"


def zones_in(sheet: Sheet, tails: str) -> str | None:
    """The zones that the rows of a query, ends of moments, tell."""
    offsets = sheet.connection.execute(
        f"SELECT DISTINCT {parse.zone('tail')} AS zone FROM (SELECT unnest($1::VARCHAR[]) AS tail) "
        "WHERE zone <> '' ORDER BY 1",
        [[tail for (tail,) in sheet.connection.execute(tails).fetchall()]],
    ).fetchall()
    return ", ".join(row[0] for row in offsets) or None


# ------------------------------------------------------------------------------------------- words

_HASHED = {"customer", "commenter", "journey"}


def word_column(sheet: Sheet, column: CanonicalColumn) -> str:
    """SQL for a column that holds neither numbers nor dates."""
    cell = parse.name(column.name)
    if column.kind == "flag":
        return f"flag({cell})"
    if column.name in _HASHED:
        hashed = personal.keyed_hash(cell, sheet.options.key)
        return hashed if sheet.cells else unless_rounded(sheet, column.name, hashed)
    if column.name == "country":
        return country(sheet, column.name)
    if column.name == "postcode_area":
        return personal.postcode_area(cell)
    if column.name == "text":
        return personal.without_names(cell)
    if column.name == "post_id" and sheet.layout.tables[0] == "posts":
        return _post(sheet)
    if column.name in {"order_id", "post_id"}:
        return identifier(sheet, column.name)
    if column.name in {"sku", "code", "discount_code"} and not sheet.cells:
        return unless_rounded(sheet, column.name, cell if column.name == "sku" else f"upper({cell})")
    if column.name == "handle":
        return handle_column(sheet, column.name)
    special = {
        "platform": "platform_of",
        "code": "upper",
        "discount_code": "upper",
        "currency": "upper",
    }
    return f"{special[column.name]}({cell})" if column.name in special else cell


def _post(sheet: Sheet) -> str:
    """SQL for a post's id; a post whose number was rounded goes by its link, else by its row."""
    rounded, number = rounded_where(sheet, "post_id"), "ltrim(post_id, '''')"
    if not rounded:
        return number
    row = f"coalesce({sheet.cell('permalink')}, concat('record ', _record))"
    return f"CASE WHEN {rounded} THEN {row} ELSE {number} END"


def country(sheet: Sheet, field: str, rows: str | None = None) -> str:
    """SQL for a country's two-letter code; its names are known in nine languages.

    Args:
        sheet: what is read.
        field: the field that holds it.
        rows: SQL for the rows of `raw` that hold one.
    """
    cell = parse.name(field)
    names = sheet.connection.execute(
        f"SELECT DISTINCT {cell} FROM {rows or sheet.raw} WHERE length({cell}) > 2 OR upper({cell}) = 'UK' ORDER BY 1"
    ).fetchall()
    if not names:
        return f"upper({cell})"
    codes = {name: code for (name,) in names if (code := _country_code(name.casefold()))}
    cases = " ".join(f"WHEN {parse.text(name)} THEN '{code}'" for name, code in codes.items())
    short = f"CASE WHEN length({cell}) = 2 THEN upper({cell}) END"
    return f"CASE {cell} {cases} ELSE {short} END" if codes else short


#: what people call countries besides the names of the CLDR
_ALSO_CALLED = {
    "uk": "GB", "u.k.": "GB", "great britain": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "usa": "US", "u.s.a.": "US", "u.s.": "US", "united states of america": "US",
    "america": "US", "uae": "AE", "turkey": "TR", "czech republic": "CZ", "holland": "NL", "the netherlands": "NL",
    "hong kong": "HK", "macau": "MO", "macao": "MO", "korea": "KR", "republic of korea": "KR", "ivory coast": "CI",
    "côte d'ivoire": "CI", "cote d'ivoire": "CI", "russian federation": "RU", "viet nam": "VN", "burma": "MM",
    "bosnia": "BA", "bosnia and herzegovina": "BA", "macedonia": "MK", "palestine": "PS", "swaziland": "SZ",
    "trinidad and tobago": "TT", "vatican": "VA", "slovak republic": "SK", "republic of ireland": "IE",
}  # fmt: skip


def _country_code(name: str) -> str | None:
    """The code of a country's name in lower case; a language is looked up only for a name that no other knows."""
    languages = ("en", "de", "fr", "es", "it", "pt", "sv", "pl", "nl")
    codes = (_country_codes(language).get(name) for language in languages)
    return next(filter(None, codes), _ALSO_CALLED.get(name))


@cache
def _country_codes(language: str) -> dict[str, str]:
    territories = Locale(language).territories
    return {str(name).casefold(): str(code) for code, name in territories.items() if is_country(str(code))}


def day(value: object) -> date | None:
    """A DuckDB date or timestamp as a day."""
    return value.date() if hasattr(value, "date") else value  # type: ignore[return-value]
