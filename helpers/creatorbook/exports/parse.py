"""Cells as text → values, as SQL for DuckDB: numbers, dates, flags and words as people export them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from creatorbook.tables import SQL_TYPES, Kind
from creatorbook.text.account_links import platform_hosts
from creatorbook.text.handles import AT_SIGNS, INVISIBLE
from creatorbook.text.time_zones import NAMES

Decimal = Literal["point", "comma"]

#: what exports write where there is nothing
EMPTY = ("", "-", "--", "—", "–", "undefined", "null", "nan", "n/a", "#n/a", "na", "#div/0!", "not available")

_LONGEST_EMPTY = max(map(len, EMPTY))

_EMPTY_SQL = ", ".join(f"'{word}'" for word in EMPTY)

#: what the last cell of a total says, in tools that write it there; what the first one says
_LAST_TOTALS = ("gesamtsumme", "grand total", "total général", "total general", "total geral")
_TOTALS = ("total", "totals", "gesamt", "summe", *_LAST_TOTALS)  # SQL writes a list of words as Python does

_CURRENCIES = (
    "us[$]|[€$£¥₹₺]|eur|usd|gbp|chf|sek|nok|dkk|pln|czk|huf|ron|aud|cad|nzd|jpy|inr|brl|mxn|aed|sar|zł|kr[.]?"
)

MACROS = f"""
CREATE OR REPLACE MACRO is_trimmed(x) AS (  -- most cells, and this is quick
    x >= '!' AND NOT (contains(x, '\u00a0') OR right(x, 1) <= ' '));
CREATE OR REPLACE MACRO trimmed(x) AS (
    CASE WHEN is_trimmed(x) THEN x ELSE trim(replace(x, '\u00a0', ' '), ' \t\r\n') END);
CREATE OR REPLACE MACRO filled(x) AS (CASE WHEN length(x) > {_LONGEST_EMPTY} OR lower(x) NOT IN ({_EMPTY_SQL}) THEN x END);
CREATE OR REPLACE MACRO clean(x) AS (CASE WHEN is_trimmed(x) THEN filled(x) ELSE filled(trimmed(x)) END);
CREATE OR REPLACE MACRO bare(x) AS (
    CASE WHEN try_cast(x AS DECIMAL(18,6)) IS NOT NULL THEN x ELSE
    regexp_replace(regexp_replace(
        translate(translate(lower(x), '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹０１２３４５６７８９٫．，', '012345678901234567890123456789..,'),
            '−–\u00a0\u202f\u2009\u2007\u066c’''`´ ', '--'),
        '{_CURRENCIES}', '', 'g'),
        '^[(](.*)[)]$|^([0-9].*)-$', '-\\1\\2') END);
CREATE OR REPLACE MACRO plain_moment(x) AS (  -- what `iso` below reads of a cell such as 2026-05-01 10:00:00 +0200
    CASE WHEN x >= '19' AND x < '21' AND substring(x, 5, 1) IN ('-', '/') THEN try_cast(left(x, 19) AS TIMESTAMP) END);
CREATE OR REPLACE MACRO is_total(first_cell, last_cell) AS (
    NOT (first_cell >= '#' AND first_cell < 'A')  -- most first cells are no words
        AND lower(trim(replace(first_cell, chr(173), ''))) IN {_TOTALS}
    OR lower(trim(last_cell)) IN {_LAST_TOTALS});
CREATE OR REPLACE MACRO flag(x) AS (
    CASE WHEN lower(x) IN ('true','yes','y','1','x','t','ja','j','oui','si','sí','sim','wahr','on') THEN true
         WHEN lower(x) IN ('false','no','n','0','f','nein','non','não','nao','falsch','off') THEN false END);
CREATE OR REPLACE MACRO seen(x) AS (CASE WHEN strlen(x) = length(x) THEN x ELSE translate(x, '{INVISIBLE}', '') END);
CREATE OR REPLACE MACRO bare_handle(x) AS (  -- of what is seen of a cell; each x once more is as much to plan once more
    nullif(nfc_normalize(lower(CASE WHEN regexp_matches(x, '^[{AT_SIGNS}]|[/?]') THEN regexp_replace(regexp_replace(
        x, '^(https?://)?(www[.]|m[.])?[a-z]+[.](com|tv|me)/(c/|channel/|user/)?', '', 'i'),
        '^[{AT_SIGNS}]+ *|[/?].*$', '', 'g') ELSE x END)), ''));
CREATE OR REPLACE MACRO handle_of(x) AS (bare_handle(seen(x)));
CREATE OR REPLACE MACRO handle_without_link(x) AS (  -- the same of a cell that is no link, planned in half the time
    nullif(nfc_normalize(lower(regexp_replace(seen(x), '^[{AT_SIGNS}]+ *', ''))), ''));
CREATE OR REPLACE MACRO is_rounded(x) AS (  -- 7.31E+12: what a spreadsheet leaves of a long number
    CASE WHEN x < ':' AND length(x) < 30 AND contains(lower(x), 'e')
         THEN regexp_matches(x, '^''?[0-9]([.,][0-9]+)?[eE][+][0-9]{{1,3}}$|^''?[0-9][.,][0-9]+[eE][0-9]{{1,3}}$')
         ELSE false END);
CREATE OR REPLACE MACRO is_link(x) AS (contains(x, '/') OR contains(x, '?') OR starts_with(lower(x), 'www.'));
CREATE OR REPLACE MACRO platform_of(x) AS (
    CASE WHEN x IN ('instagram', 'tiktok', 'youtube') THEN x  -- most cells, and this is quick
         WHEN regexp_matches(x, 'insta|^ig\\b', 'i') THEN 'instagram'
         WHEN regexp_matches(x, 'tik ?tok|^tt$', 'i') THEN 'tiktok'
         WHEN regexp_matches(x, 'you ?tube|youtu[.]be|^yt$', 'i') THEN 'youtube'
         WHEN regexp_matches(x, 'pinterest|pin[.]it', 'i') THEN 'pinterest'
         WHEN regexp_matches(x, 'facebook|^fb$', 'i') THEN 'facebook'
         WHEN regexp_matches(x, '^x$|twitter', 'i') THEN 'x'
         ELSE lower(x) END);
"""


def name(column: str) -> str:
    """A quoted SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def text(value: str) -> str:
    """A quoted SQL string."""
    return "'" + value.replace("'", "''") + "'"


def link_macros() -> str:
    """SQL for the platform that a whole link belongs to: for long columns, where each cell is another link."""
    platforms = platform_hosts()
    hosts = "|".join(sorted((host.replace(".", "[.]") for host in platforms), key=len, reverse=True))
    cases = " ".join(f"WHEN {text(host)} THEN {text(name)}" for host, name in platforms.items())
    matched = f"regexp_extract(lower(x), '^(?:https?:)?(?://)?(?:[a-z0-9-]+[.])*?({hosts})[/?]', 1)"
    return f"CREATE OR REPLACE MACRO platform_in_link(x) AS (CASE WHEN contains(x, '/') THEN CASE {matched} {cases} END END);"


# ----------------------------------------------------------------------------------------- numbers

_SIGN = "^[-+]?"
_COMMA_DECIMAL = (
    _SIGN + r"([0-9]{1,3}([.][0-9]{3})+,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,})|0,[0-9]+)([^0-9].*)?$"
)
_POINT_DECIMAL = (
    _SIGN + r"([0-9]{1,3}(,[0-9]{3})+[.][0-9]+|[0-9]+[.]([0-9]{1,2}|[0-9]{4,})|0[.][0-9]+)([^0-9].*)?$"
)
_SUFFIX = r"(tsd|mil|mio|mln|mrd|[kmb])[.]?$"
FORMS: dict[Decimal, str] = {
    "point": _SIGN
    + r"([0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}|[0-9]+)?([.][0-9]+)?(tsd|mil|mio|mln|mrd|[kmb])?[.]?$",
    "comma": _SIGN + r"([0-9]{1,3}([.][0-9]{3})+|[0-9]+)?(,[0-9]+)?(tsd|mil|mio|mln|mrd|[kmb])?[.]?$",
}


def number_name(field: str) -> str:
    """The column of `raw` that holds a number field's cells without spaces and currency signs."""
    return name(f"#{field}")


@dataclass(frozen=True)
class Written:
    """How the numbers of one column are written.

    Attributes:
        decimal: what stands before the decimals.
        percent: which shares are written as percent: all, those marked with %, or none.
        plain: no cell has a point or comma that could be read two ways.
        both: some cells can only be numbers in the other convention.
    """

    decimal: Decimal
    percent: Literal["all", "marked", "none"]
    plain: bool
    both: bool


@dataclass(frozen=True)
class Evidence:
    """How the cells of one number column look: counts of cells, and the largest value.

    Attributes:
        comma, point: cells with a decimal comma, with a decimal point.
        percents: cells with %.
        largest: the largest value; None if no cell is a number.
        points, commas: cells with any point, any comma.
        odd: cells that are not just digits and a point.
        unscaled: cells with a point or comma and no word such as k behind.
        largest_unmarked: the largest value without %.
    """

    comma: int = 0
    point: int = 0
    percents: int = 0
    largest: float | None = None
    points: int = 0
    commas: int = 0
    odd: int = 0
    unscaled: int = 0
    largest_unmarked: float | None = None


def number_evidence(fields: Sequence[str], rows: str) -> str:
    """The query for `Evidence`: a row for each way in which cells of a field look, with the field's place (from 1) in front.

    Its columns: place, comma, point, percent, points, commas, odd, unscaled (each whether it is so), how many cells, and
    the largest value among them. All columns are looked at as one long one, so that the patterns are planned once; a CASE
    keeps them from cells that cannot fit, which AND does not. Ways are counted here and summed outside: planning a sum
    for each of them takes longer than a small file.
    """
    cells, places = ", ".join(map(number_name, fields)), ", ".join(map(str, range(1, len(fields) + 1)))
    return (
        "SELECT place, comma, point, percent, points, commas, odd, unscaled, count(*), max(value) FROM (SELECT place, "
        f"CASE WHEN commas THEN regexp_matches(cell, '{_COMMA_DECIMAL}') END AS comma, "
        f"CASE WHEN points THEN regexp_matches(cell, '{_POINT_DECIMAL}') END AS point, "
        "percent, points, commas, try_cast(rtrim(cell, '%') AS DECIMAL(18,6)) IS NULL AS odd, "
        "(points OR commas) AND right(cell, 1) BETWEEN '0' AND '9' AS unscaled, "
        "try_cast(translate(cell, ',%', '.') AS DOUBLE) AS value FROM (SELECT place, cell, "
        "contains(cell, '%') AS percent, contains(cell, '.') AS points, contains(cell, ',') AS commas "
        f"FROM (SELECT unnest([{cells}]) AS cell, unnest([{places}]) AS place FROM {rows}) WHERE cell IS NOT NULL)) GROUP BY ALL"
    )


def evidence_in(ways: Sequence[tuple[Any, ...]]) -> Evidence:
    """What the rows of one field in that query say together."""

    def cells(at: int) -> int:
        return sum(way[-2] for way in ways if way[at])

    def largest(ways: Sequence[tuple[Any, ...]]) -> float | None:
        values = [way[-1] for way in ways if way[-1] is not None]
        return max(
            values, key=lambda value: (math.isnan(value), value), default=None
        )  # as the database has it

    comma, point, percents, points, commas, odd, unscaled = (cells(at) for at in range(1, 8))
    unmarked = [way for way in ways if not way[3]]
    return Evidence(comma, point, percents, largest(ways), points, commas, odd, unscaled, largest(unmarked))


def decimal_of(comma: int, point: int) -> Decimal | None:
    """The decimal sign that most of the telling cells use; None if none tells."""
    if comma == point:
        return None
    return "comma" if comma > point else "point"


def usual_decimal(kind: Kind, *, has_point: bool, has_comma: bool) -> Decimal:
    """How `1.234` or `1,234` is read where no cell of the file tells: as thousands, but for shares."""
    if kind == "rate":
        return "comma" if has_comma and not has_point else "point"
    return "comma" if has_point and not has_comma else "point"


def number(field: str, kind: Kind, written: Written) -> str:
    """SQL for a number of the given kind. A cell that is none, in the column's own convention, is NULL."""
    cell = number_name(field)
    if kind == "rate":
        cell = f"rtrim({cell}, '%')"
    value = f"try_cast({cell} AS DECIMAL(18,6))"  # most cells are just digits and a point
    if not written.plain:
        value = _spelt_number(cell, kind, written)
    if written.percent == "all":
        value = f"({value}) / 100"
    if written.percent == "marked":
        value = f"CASE WHEN ends_with({number_name(field)}, '%') THEN ({value}) / 100 ELSE {value} END"
    if kind == "whole":
        value = f"round({value})"
    return f"try_cast({value} AS {SQL_TYPES[kind]})"


def plain_number(cell: str, kind: Kind) -> str:
    """SQL for a number of digits and a point; NULL for every other form."""
    return f"try_cast(try_cast({cell} AS DECIMAL(18,6)) AS {SQL_TYPES[kind]})"


def _spelt_number(cell: str, kind: Kind, written: Written) -> str:
    """SQL for numbers with thousands separators, decimal commas, or a suffix such as K.

    A cell that is none in the column's convention, and can only be one in the other, is that: `12,3k` is 12,300 beside
    `1.2M`, as its comma has no three digits behind it.
    """
    value = _in(written.decimal, cell, kind)
    if written.both:
        other: Decimal = "comma" if written.decimal == "point" else "point"
        clear = f"regexp_matches({cell}, '{_COMMA_DECIMAL if other == 'comma' else _POINT_DECIMAL}')"
        value = f"coalesce({value}, CASE WHEN {clear} THEN {_in(other, cell, kind)} END)"
    if kind == "whole":  # followers have no decimals: 8,900 and 8.900 are thousands in any convention
        value = (
            f"CASE WHEN regexp_matches({cell}, '^[0-9]{{1,3}}([.,][0-9]{{3}})+$') "
            f"THEN try_cast(translate({cell}, '.,', '') AS DOUBLE) ELSE {value} END"
        )
    return value


def _in(decimal: Decimal, cell: str, kind: Kind) -> str:
    """SQL for numbers in one convention."""
    fits = f"regexp_matches({cell}, '{FORMS[decimal]}')"  # of one without digits no number is made
    digits = f"regexp_extract({_with_point(cell, decimal)}, '^[-+]?[0-9.]+')"
    suffix = f"regexp_extract({cell}, '{_SUFFIX}', 1)"
    billion = (
        "1000" if kind == "whole" else "1000000000"
    )  # no account has a billion: 12,3 B is bin, a thousand
    times = (
        f"CASE {suffix} WHEN '' THEN 1 WHEN 'k' THEN 1000 WHEN 'tsd' THEN 1000 WHEN 'mil' THEN 1000 "
        f"WHEN 'b' THEN {billion} WHEN 'mrd' THEN 1000000000 ELSE 1000000 END"
    )
    if kind == "money":  # exact to the cent
        return (
            f"CASE WHEN {fits} THEN try_cast({digits} AS DECIMAL(18,6)) * CAST({times} AS DECIMAL(12,0)) END"
        )
    return f"CASE WHEN {fits} THEN CAST(try_cast({digits} AS DECIMAL(18,6)) * ({times}) AS DOUBLE) END"


def _with_point(cell: str, decimal: Decimal) -> str:
    if decimal == "point":
        return f"replace({cell}, ',', '')"
    return f"replace(replace({cell}, '.', ''), ',', '.')"


# ------------------------------------------------------------------------------------------- dates

#: how a cell begins → the shape of its date
DATE_SHAPES = {
    "iso": "^(19|20)[0-9]{2}[-/][0-9]",
    "compact": "^(19|20)[0-9]{6}([0-9]{6})?$",
    "serial": "^[345][0-9]{4}([.,][0-9]+)?$",
    "seconds": "^1[0-9]{9}([0-9]{3})?([.][0-9]+)?$",
    "slashed": "^[0-9]{1,2}[./-] ?[0-9]{1,2}[./-] ?[0-9]{2}",
    "written": "[[:alpha:]]{3}.*[0-9]{4}",
}

_CLOCKS = ["", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p"]


def _strptime(cell: str, days: list[str]) -> str:
    formats = ", ".join(f"'{day}{clock}'" for day in days for clock in _CLOCKS)
    return f"try_strptime({cell}, [{formats}])"


def _slashed(cell: str, days: str) -> str:
    """Dates such as 3/4/2026, 03.04.26 or 03-04-2026 10:00."""
    slashes = (
        f"regexp_replace(replace({cell}, ',', ''), '^([0-9]{{1,2}})[./-] ?([0-9]{{1,2}})[./-] ?', '\\1/\\2/')"
    )
    short = f"regexp_matches({cell}, '^[0-9]+[./-] ?[0-9]+[./-] ?[0-9]{{2}}([, ]|$)')"
    return (
        f"CASE WHEN regexp_matches({cell}, '{DATE_SHAPES['slashed']}') THEN CASE WHEN {short} "
        f"THEN {_strptime(slashes, [days + '/%y'])} ELSE {_strptime(slashes, [days + '/%Y'])} END END"
    )


def day_first(cell: str) -> str:
    """SQL: `03/04/2026` as 3 April."""
    return _slashed(cell, "%d/%m")


def month_first(cell: str) -> str:
    """SQL: `03/04/2026` as 4 March."""
    return _slashed(cell, "%m/%d")


def iso(cell: str) -> str:
    """SQL: `2026-05-01`, `2026-05-01T10:00:00Z`, `2026-05-01 10:00:00 +0200`: the clock as written, zone left off."""
    moment = f"coalesce(try_cast(left({cell}, 19) AS TIMESTAMP), try_cast(left({cell}, 16) AS TIMESTAMP))"
    return f"CASE WHEN regexp_matches({cell}, '{DATE_SHAPES['iso']}') THEN {moment} END"


def compact(cell: str) -> str:
    """SQL: `20260501`, `20260501103000`."""
    fits = f"regexp_matches({cell}, '{DATE_SHAPES['compact']}')"
    return f"CASE WHEN {fits} THEN try_strptime({cell}, ['%Y%m%d', '%Y%m%d%H%M%S']) END"


#: the day before the first of a spreadsheet's calendar, by the year it is called after
SERIAL_STARTS = {1900: "1899-12-30", 1904: "1904-01-01"}


def serial(cell: str, calendar: int = 1900) -> str:
    """SQL: `46091.3479`, days as a spreadsheet counts them, to the second."""
    seconds = f"CAST(round(try_cast(replace({cell}, ',', '.') AS DOUBLE) * 86400) AS BIGINT)"
    fits = f"regexp_matches({cell}, '{DATE_SHAPES['serial']}')"
    return f"CASE WHEN {fits} THEN TIMESTAMP '{SERIAL_STARTS[calendar]}' + to_seconds({seconds}) END"


def counted_seconds(cell: str) -> str:
    """SQL: `1773302400`, seconds (or, with three digits more, milliseconds) since 1970, in UTC."""
    number = f"try_cast(left({cell}, 10) AS BIGINT)"
    fits = f"regexp_matches({cell}, '{DATE_SHAPES['seconds']}')"
    return f"CASE WHEN {fits} THEN TIMESTAMP '1970-01-01' + to_seconds({number}) END"


def as_written(cell: str) -> str:
    """SQL: `Oct 5, 2026`, `5 October 2026`, with or without a time."""
    bare = f"regexp_replace(translate({cell}, ',.', ''), ' +', ' ', 'g')"
    days = ["%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y", "%A %B %d %Y", "%a %d %b %Y"]
    return f"CASE WHEN regexp_matches({cell}, '[[:alpha:]]{{3}}') THEN {_strptime(bare, days)} END"


LONGEST_ZONE = 10  #: characters at a moment's end that can tell its zone, and that a clock stands before it


def zone(cell: str) -> str:
    """SQL: the offset or zone written behind a clock, such as `+0200`, `UTC`; '' if there is none."""
    names = "|".join(sorted(NAMES, key=len, reverse=True))
    return (
        f"regexp_extract({cell}, '[:.,][0-9]{{2,}}(?: ?[AaPp][Mm])? ?[(]?(?:UTC|GMT)?"
        f"([+-][0-9]{{2}}(?::?[0-9]{{2}})?|{names})[)]?$', 1)"
    )
