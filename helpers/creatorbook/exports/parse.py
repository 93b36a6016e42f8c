"""Cells as text → values, as SQL for DuckDB: numbers, dates, flags and words as people export them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import duckdb

from creatorbook.tables import SQL_TYPES, Kind

Decimal = Literal["point", "comma"]

#: what exports write where there is nothing
EMPTY = ("", "-", "--", "—", "–", "undefined", "null", "nan", "n/a", "#n/a", "na", "#div/0!", "not available")

_EMPTY_SQL = ", ".join(f"'{word}'" for word in EMPTY)

_CURRENCIES = (
    "us[$]|[€$£¥₹₺]|eur|usd|gbp|chf|sek|nok|dkk|pln|czk|huf|ron|aud|cad|nzd|jpy|inr|brl|mxn|aed|sar|zł|kr[.]?"
)

MACROS = f"""
CREATE OR REPLACE MACRO words(x) AS (
    CASE WHEN lower(trim(replace(x, '\u00a0', ' '))) IN ({_EMPTY_SQL}) THEN NULL
         ELSE trim(replace(x, '\u00a0', ' ')) END);
CREATE OR REPLACE MACRO bare(x) AS (
    regexp_replace(regexp_replace(regexp_replace(
        translate(lower(words(x)), '−–\u00a0\u202f\u2009\u2007’''`´ ', '--'),
        '{_CURRENCIES}', '', 'g'),
        '^[(](.*)[)]$', '-\\1'),
        '^([0-9].*)-$', '-\\1'));
CREATE OR REPLACE MACRO flag(x) AS (
    CASE WHEN lower(trim(x)) IN ('true','yes','y','1','x','t','ja','j','oui','si','sí','sim','wahr','on') THEN true
         WHEN lower(trim(x)) IN ('false','no','n','0','f','nein','non','não','nao','falsch','off') THEN false END);
CREATE OR REPLACE MACRO handle_of(x) AS (
    nullif(lower(regexp_replace(regexp_replace(
        words(x), '^(https?://)?(www[.]|m[.])?[a-z]+[.](com|tv|me)/(c/|channel/|user/)?', '', 'i'),
        '^@|[/?].*$', '', 'g')), ''));
CREATE OR REPLACE MACRO code_of(x) AS (nullif(upper(trim(words(x))), ''));
CREATE OR REPLACE MACRO platform_of(x) AS (
    CASE WHEN regexp_matches(x, 'insta|^ig\\b|^ig$', 'i') THEN 'instagram'
         WHEN regexp_matches(x, 'tik ?tok|^tt$', 'i') THEN 'tiktok'
         WHEN regexp_matches(x, 'you ?tube|youtu[.]be|^yt$', 'i') THEN 'youtube'
         WHEN regexp_matches(x, 'pinterest|pin[.]it', 'i') THEN 'pinterest'
         WHEN regexp_matches(x, 'facebook|^fb$', 'i') THEN 'facebook'
         ELSE lower(words(x)) END);
"""


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Define the macros that the expressions below use."""
    connection.execute(MACROS)


def name(column: str) -> str:
    """A quoted SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """A quoted SQL string."""
    return "'" + value.replace("'", "''") + "'"


# ----------------------------------------------------------------------------------------- numbers

_SIGN = "^[-+]?"
_COMMA_DECIMAL = (
    _SIGN + r"([0-9]{1,3}([.][0-9]{3})+,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,})|0,[0-9]+)([^0-9].*)?$"
)
_POINT_DECIMAL = (
    _SIGN + r"([0-9]{1,3}(,[0-9]{3})+[.][0-9]+|[0-9]+[.]([0-9]{1,2}|[0-9]{4,})|0[.][0-9]+)([^0-9].*)?$"
)
_SUFFIX = r"(tsd|mil|mio|mln|mrd|[kmb])?[.]?$"
_FORMS: dict[Decimal, str] = {
    "point": _SIGN + r"([0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}|[0-9]+)?([.][0-9]+)?" + _SUFFIX,
    "comma": _SIGN + r"([0-9]{1,3}([.][0-9]{3})+|[0-9]+)?(,[0-9]+)?" + _SUFFIX,
}


@dataclass(frozen=True)
class NumberColumn:
    """What a whole column of numbers says about how it is written.

    Attributes:
        decimal: what stands before the decimals; None if no cell tells.
        percent: cells end in %.
        largest: largest value, read either way.

    """

    decimal: Decimal | None
    percent: bool
    largest: float


def number_evidence(column: str) -> str:
    """SELECT list that counts, over one column, the cells that tell its decimal sign apart."""
    bare = f"bare({column})"
    return (
        f"count(*) FILTER (WHERE contains({column}, ',') AND regexp_matches({bare}, '{_COMMA_DECIMAL}')), "
        f"count(*) FILTER (WHERE contains({column}, '.') AND regexp_matches({bare}, '{_POINT_DECIMAL}')), "
        f"count(*) FILTER (WHERE contains({column}, '%')), "
        f"max(try_cast(replace(replace({bare}, '%', ''), ',', '.') AS DOUBLE)), "
        f"count(*) FILTER (WHERE contains({column}, '.')), count(*) FILTER (WHERE contains({column}, ','))"
    )


def decimal_of(comma: int, point: int) -> Decimal | None:
    """The decimal sign that most of the telling cells use; None if none tells."""
    if comma == point:
        return None
    return "comma" if comma > point else "point"


def decimal_unless_told(kind: Kind, *, has_point: bool, has_comma: bool) -> Decimal:
    """How `1.234` or `1,234` is read where no cell of the file tells: as thousands, but for rates."""
    if kind == "rate":
        return "comma" if has_comma and not has_point else "point"
    return "comma" if has_point and not has_comma else "point"


def number(column: str, kind: Kind, decimal: Decimal, *, in_percent: bool = False) -> str:
    """A number of the given kind. A cell that is not one, in the column's own convention, is NULL."""
    bare = f"bare({column})"
    if kind == "rate":
        bare = f"replace({bare}, '%', '')"
    plain = (
        f"replace({bare}, ',', '')" if decimal == "point" else f"replace(replace({bare}, '.', ''), ',', '.')"
    )
    digits = f"regexp_extract({plain}, '^[-+]?[0-9.]+')"
    times = (
        f"CASE regexp_extract({bare}, '{_SUFFIX}', 1) WHEN '' THEN 1 WHEN 'k' THEN 1e3 WHEN 'tsd' THEN 1e3 "
        "WHEN 'mil' THEN 1e3 WHEN 'b' THEN 1e9 WHEN 'mrd' THEN 1e9 ELSE 1e6 END"
    )
    exact = "DECIMAL(18,6)" if kind == "money" else "DOUBLE"
    value = (
        f"try_cast({digits} AS {exact}) * CAST({times} AS {'DECIMAL(12,0)' if kind == 'money' else 'DOUBLE'})"
    )
    if in_percent:
        value = f"({value}) / 100"
    if kind == "whole":  # followers have no decimals: 8,900 and 8.900 are thousands in any convention
        grouped = f"regexp_matches({bare}, '^[0-9]{{1,3}}([.,][0-9]{{3}})+$')"
        value = f"CASE WHEN {grouped} THEN try_cast(translate({bare}, '.,', '') AS DOUBLE) ELSE round({value}) END"
    fits = f"regexp_matches({bare}, '{_FORMS[decimal]}') AND regexp_matches({bare}, '[0-9]')"
    if kind == "whole":
        fits = f"({fits} OR {grouped})"
    return f"CASE WHEN {fits} THEN try_cast({value} AS {SQL_TYPES[kind]}) END"


# ------------------------------------------------------------------------------------------- dates

_DAY_MONTH = ["%d/%m/%Y", "%d/%m/%y"]
_MONTH_DAY = ["%m/%d/%Y", "%m/%d/%y"]
_CLOCKS = ["", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p"]


def _strptime(cell: str, days: list[str]) -> str:
    formats = ", ".join(f"'{day}{clock}'" for day in days for clock in _CLOCKS)
    return f"try_strptime({cell}, [{formats}])"


def _slashed(column: str, days: list[str]) -> str:
    """Dates such as 3/4/2026, 03.04.26 or 03-04-2026 10:00."""
    cell = f"regexp_replace(replace(words({column}), ',', ''), '^([0-9]{{1,2}})[./-] ?([0-9]{{1,2}})[./-] ?', '\\1/\\2/')"
    fits = f"regexp_matches({column}, '^ *[0-9]{{1,2}}[./-] ?[0-9]{{1,2}}[./-] ?[0-9]{{2,4}}')"
    short = "regexp_matches({c}, '^ *[0-9]+[./-] ?[0-9]+[./-] ?[0-9]{{2}}( |$)')".format(c=column)
    return (
        f"CASE WHEN {fits} THEN CASE WHEN {short} THEN {_strptime(cell, days[1:])} "
        f"ELSE {_strptime(cell, days[:1])} END END"
    )


def iso_moment(column: str) -> str:
    """`2026-05-01`, `2026-05-01T10:00:00`, `2026-05-01 10:00:00 +0200`: local wall time, zone left off."""
    cell = f"replace(replace(trim({column}), 'T', ' '), '/', '-')"
    when = "'^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?: ([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?))?'"
    return (
        f"CASE WHEN regexp_matches({column}, '^ *[0-9]{{4}}[-/][0-9]') THEN "
        f"try_cast(concat_ws(' ', regexp_extract({cell}, {when}, 1), nullif(regexp_extract({cell}, {when}, 2), '')) "
        "AS TIMESTAMP) END"
    )


def compact_day(column: str) -> str:
    """`20260501`."""
    return f"CASE WHEN regexp_matches({column}, '^ *[0-9]{{8}} *$') THEN try_strptime(trim({column}), '%Y%m%d') END"


def day_first_moment(column: str) -> str:
    """`03/04/2026` as 3 April."""
    return _slashed(column, _DAY_MONTH)


def month_first_moment(column: str) -> str:
    """`03/04/2026` as 4 March."""
    return _slashed(column, _MONTH_DAY)


def written_moment(column: str) -> str:
    """`Oct 5, 2026`, `5 October 2026`, with or without a time."""
    cell = f"regexp_replace(replace(replace(words({column}), ',', ''), '.', ''), ' +', ' ', 'g')"
    days = ["%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y"]
    return f"CASE WHEN regexp_matches({column}, '[A-Za-z]{{3}}') THEN {_strptime(cell, days)} END"


def yearless_day(column: str, first_year: int, starts_on: str, ends_on: str) -> str:
    """`October 1`, in the year that puts it inside a range of at most a year."""
    tried = ", ".join(
        f"try_strptime(concat(words({column}), ' {year}'), ['%B %d %Y', '%b %d %Y', '%d %B %Y', '%d %b %Y', '%m/%d %Y'])"
        for year in (first_year, first_year + 1)
    )
    return f"list_filter([{tried}], lambda day: day BETWEEN TIMESTAMP '{starts_on}' AND TIMESTAMP '{ends_on}')[1]"


def zone(column: str) -> str:
    """The offset or zone written behind a moment, such as `+0200`, `UTC`; '' if there is none."""
    return f"regexp_extract({column}, '[0-9] ?([+-][0-9]{{2}}:?[0-9]{{2}}|Z|UTC|GMT)$', 1)"
