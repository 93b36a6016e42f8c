"""Days that no pattern of the database reads: names of months in any language, days without a year, other scripts.

Each different text of a column is read once; the year of a day without one is told by what the file itself tells:
the range it states, the numbers in its links, the order of its rows, the day it was saved on, and last the campaigns.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from creatorbook.exports import parse
from creatorbook.exports.reader import Sheet
from creatorbook.problems import Problem
from creatorbook.text.months import month_words, plain_text, words_in

MOST_TEXTS = 50_000  #: different texts looked at: a column of days has fewer
_YEARS = range(1990, 2100)
_BUDDHIST = range(2533, 2643)  #: years of the calendar that Thai exports have, 543 ahead
_OTHER_WORDS = 4  #: words beside a month's name that a day may have: weekday, `de`, `den`
_CLOCK_BEGINS = r"[0-9٠-٩۰-۹]\s?[:h时時시]"
_CLOCK = r"[\s,T]*[0-9٠-٩۰-۹]{1,2}\s?[:h时時시]\s?[0-9٠-٩۰-۹]{2}.*$"
_IN_CHINESE = re.compile(r"(?:(\d{2,4})\s*[年년]\s*)?(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?")
_REIWA = re.compile(r"(?:令和|r)\s?(\d{1,2})\s?[年./-]\s?(\d{1,2})\s?[月./-]\s?(\d{1,2})\s?日?$")
_REIWA_BEGAN = 2018  #: the year before the first of the era that Japan counts years in
_TWO_NUMBERS = re.compile(r"(\d{1,2})\s?[./-]\s?(\d{1,2})\.?")
_VIETNAMESE = re.compile(r"(\d{1,2})\s*(?:thang|thg|th)\.?\s*(\d{1,2})(?:\D+(\d{4}))?")
_MONTH_AND_YEAR = re.compile(r"[^\W\d_]+\.?-\d{2}")
_YEAR_FIRST = re.compile(r"(\d{4})\s?[./\-]\s?(\d{1,2})\s?[./\-]\s?(\d{1,2})\.?(?!\d)")
_DAY_IN_TEXT = re.compile(r"(?<!\d)(20\d{2})[-./_]?([01]\d)[-./_]?([0-3]\d)(?!\d)")


@dataclass(frozen=True)
class WrittenDay:
    """A day as it is written; the year is None where it is not."""

    year: int | None
    month: int
    day: int


def day_text(cell: str) -> str:
    """SQL: a cell without its clock: what tells the day."""
    return f"trim(regexp_replace({_with_colon(cell)}, {parse.text(_CLOCK)}, ''))"


def _with_colon(cell: str) -> str:
    """SQL: `klo 10.30` as `10:30`: a point stands in a clock only where a word says that it is one."""
    return rf"regexp_replace({cell}, '(?i)\s(klo?|um|ore|alle|at)[.]?\s?([0-9]{{1,2}})[.]([0-9]{{2}})\b', ' \2:\3')"


def read_words(sheet: Sheet, field: str, read: str, *, day_first: bool) -> str | None:
    """SQL for the moments that the expression `read` leaves out; None if nobody can read any of them.

    Raises:
        Problem: the days have no year, and nothing tells it.
    """
    cell = parse.name(field)
    texts = sheet.connection.execute(
        f"SELECT {day_text(cell)} AS text, bool_or(regexp_matches({_with_colon(cell)}, '{_CLOCK_BEGINS}')) "
        f"FROM {sheet.raw} WHERE {cell} IS NOT NULL AND {read} IS NULL GROUP BY 1 ORDER BY 1 LIMIT {MOST_TEXTS + 1}"
    ).fetchall()
    if len(texts) > MOST_TEXTS:
        return None
    days = read_days([text for text, _ in texts], sheet.options.market, day_first=day_first)
    if not days:
        return None
    with_year = {text: date(d.year, d.month, d.day) for text, d in days.items() if d.year}
    moments = []
    if with_year:
        _table(sheet, _days(field), list(with_year), list(with_year.values()))
        moments.append(f"(SELECT _day FROM {_days(field)} WHERE _text = {day_text(cell)})")
    without = {text: (d.month, d.day) for text, d in days.items() if not d.year}
    if without:
        _place(sheet, field, without)
        moments.append(f"(SELECT _day FROM {_years(field)} WHERE _at = _record)")
    day = f"CAST(coalesce({', '.join(moments)}) AS TIMESTAMP)"
    return f"{day} + to_seconds({_seconds(cell)})" if any(clock for _, clock in texts) else day


def _days(field: str) -> str:
    return parse.name(f"days_in_{field}")


def _years(field: str) -> str:
    return parse.name(f"years_in_{field}")


def _table(sheet: Sheet, name: str, texts: Sequence[str], days: Sequence[date]) -> None:
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT unnest($1::VARCHAR[]) AS _text, unnest($2::DATE[]) AS _day",
        [list(texts), list(days)],
    )


def _seconds(cell: str) -> str:
    """SQL: seconds since midnight of the clock behind a day; 0 without one."""
    plain = f"translate({_with_colon(cell)}, '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789')"

    def part(at: int) -> str:
        pattern = r"([0-9]{1,2})\s?[:h时時시]\s?([0-9]{2})(?:[:분分]\s?([0-9]{2}))?"
        return f"coalesce(try_cast(regexp_extract({plain}, '{pattern}', {at}) AS INTEGER), 0)"

    late = f"regexp_matches({cell}, '(?i)[0-9] ?p[.]? ?m\\b|午後|下午|오후|μ[.]μ|[0-9] ?م$')"
    early = f"regexp_matches({cell}, '(?i)[0-9] ?a[.]? ?m\\b|午前|上午|오전|π[.]μ|[0-9] ?ص$')"
    hour = f"CASE WHEN {late} AND {part(1)} < 12 THEN {part(1)} + 12 WHEN {early} AND {part(1)} = 12 THEN 0 ELSE {part(1)} END"
    return f"(CASE WHEN {part(1)} < 24 THEN ({hour}) * 3600 + {part(2)} * 60 + {part(3)} ELSE 0 END)"


# ------------------------------------------------------------------------------ one text, one day


def read_days(texts: Sequence[str], market: str = "", *, day_first: bool = True) -> dict[str, WrittenDay]:
    """Each text that is a day → that day; the names of months in the language that fits all texts best."""
    if not any(re.search(r"\d", plain_text(text)) for text in texts):  # no day, whatever its words are
        return {}
    months = month_words({word for text in texts for word in words_in(text)}, _language(market))
    read = {text: _one_day(text, months, day_first=day_first) for text in texts}
    read |= _two_numbers([text for text in texts if read[text] is None])
    return {text: day for text, day in read.items() if day is not None}


def _two_numbers(texts: Sequence[str]) -> dict[str, WrittenDay | None]:
    """Days such as `28/02` without a year, if some of them tell in which order day and month stand, and none the other."""
    pairs = {text: match for text in texts if (match := _TWO_NUMBERS.fullmatch(plain_text(text).strip()))}
    first, second = (max((int(pair[at]) for pair in pairs.values()), default=0) for at in (1, 2))
    if (first > 12) == (second > 12):
        return {}
    day, month = (1, 2) if first > 12 else (2, 1)
    return {text: _checked(None, pair[month], pair[day]) for text, pair in pairs.items()}


def _language(market: str) -> str:
    """The language of a market, where it has one of its own."""
    return {
        "GB": "en", "US": "en", "AT": "de", "MX": "es", "AR": "es", "BR": "pt", "CZ": "cs", "DK": "da", "SE": "sv",
        "GR": "el", "UA": "uk", "SI": "sl", "EE": "et", "RS": "sr", "NO": "nb", "IN": "hi", "IL": "he",
    }.get(market, market.lower())  # fmt: skip


def _one_day(text: str, months: dict[str, int], *, day_first: bool) -> WrittenDay | None:
    plain = plain_text(text).strip()
    words = words_in(text)
    if len(plain) > 60 or len(words) > _OTHER_WORDS + 1:
        return None
    if match := _REIWA.match(plain):
        return _checked(str(_REIWA_BEGAN + int(match[1])), match[2], match[3])
    if match := _IN_CHINESE.search(plain):
        return _checked(match[1], match[2], match[3])
    if match := _VIETNAMESE.search(plain):
        return _checked(match[3], match[2], match[1])
    if _MONTH_AND_YEAR.fullmatch(plain):  # `Mar-26`, as a spreadsheet writes March 2026: no day
        return None
    numbers = re.findall(r"\d+", plain)
    named = [months[word] for word in words if word in months]
    if named:
        return _with_month(named[-1], numbers)
    if match := _YEAR_FIRST.match(plain):
        return _checked(match[1], match[2], match[3])
    if len(numbers) == 3 and all(len(number) <= 2 for number in numbers[:2]) and len(numbers[2]) in {2, 4}:
        day, month = numbers[:2] if day_first else (numbers[1], numbers[0])
        return _checked(numbers[2], month, day)
    return None


def _with_month(month: int, numbers: Sequence[str]) -> WrittenDay | None:
    """A day whose month is a name: `8`, `12 26`, `12 2026`, `2026 12`."""
    if len(numbers) == 1 and len(numbers[0]) <= 2:
        return _checked(None, month, numbers[0])
    if len(numbers) != 2:
        return None
    year, day = sorted(numbers, key=len, reverse=True)
    if len(year) == len(day):  # `12-Mar-26`: the day stands first, unless it cannot be one
        day, year = (numbers[0], numbers[1]) if int(numbers[0]) <= 31 else (numbers[1], numbers[0])
    return _checked(year, month, day)


def _checked(year: str | None, month: int | str, day: str) -> WrittenDay | None:
    """A day of the calendar; without a year, of some year's."""
    number = int(year) if year else None
    if number is not None and year and len(year) == 2:
        number += 2000
    if number in _BUDDHIST:
        number = number - 543 if number else None
    try:
        date(number or 2024, int(month), int(day))
    except ValueError:
        return None
    return WrittenDay(number, int(month), int(day)) if number is None or number in _YEARS else None


# ------------------------------------------------------------------------------- days without year


@dataclass(frozen=True)
class _Evidence:
    """What tells the year of a file's days.

    Attributes:
        by_row: record → the moment that the number in its link tells.
        stated: first and last day that the file itself names.
        latest: no day lies after this one.
        guess: first and last day of the year around the campaigns.
    """

    by_row: dict[int, date]
    stated: tuple[date, date] | None
    latest: date | None
    guess: tuple[date, date] | None


def _place(sheet: Sheet, field: str, texts: dict[str, tuple[int, int]]) -> None:
    """The table of records without a year and the day that each of them is."""
    cell, options = parse.name(field), sheet.options
    rows = sheet.connection.execute(
        f"SELECT _record, text FROM (SELECT _record, {day_text(cell)} AS text FROM {sheet.raw}) "
        "WHERE text IN (SELECT unnest($1::VARCHAR[])) ORDER BY _record",
        [list(texts)],
    ).fetchall()
    records = [record for record, _ in rows]
    written = [texts[text] for _, text in rows]
    if options.range_is_stated and options.starts_on and options.ends_on:
        days = [_inside(month_day, (options.starts_on, options.ends_on)) for month_day in written]
    else:
        days = _told_by_the_file(sheet, field, records, written)
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_years(field)} AS SELECT unnest($1::BIGINT[]) AS _at, unnest($2::DATE[]) AS _day",
        [records, days],
    )


def _told_by_the_file(
    sheet: Sheet, field: str, records: Sequence[int], written: Sequence[tuple[int, int]]
) -> list[date | None]:
    evidence = _evidence(sheet, field)
    turns = years_passed(written, noise=True)
    if not (evidence.by_row or evidence.stated or evidence.guess):
        raise _no_year(sheet, field)
    days = (
        [_alone(record, month_day, evidence) for record, month_day in zip(records, written, strict=True)]
        if turns is None
        else _run(records, written, evidence)
    )
    _tell(sheet, days, written, evidence, ordered=turns is not None)
    return days


def _no_year(sheet: Sheet, field: str) -> Problem:
    return Problem(
        "the dates have no year",
        f"exports/{sheet.options.file}",
        column=sheet.header_of(field),
        todo="Say which days the file covers in client.yml:\n"
        f'mapping:\n  - file: "{sheet.options.file}"\n    starts_on: 2026-01-01\n    ends_on: 2026-03-31',
    )


def _tell(
    sheet: Sheet,
    days: Sequence[date | None],
    written: Sequence[tuple[int, int]],
    evidence: _Evidence,
    *,
    ordered: bool,
) -> None:
    """A note on what told the year."""
    way_out = "if that is wrong, give starts_on and ends_on under mapping in client.yml"
    guessed = [_inside(month_day, evidence.guess) if evidence.guess else None for month_day in written]
    if list(days) == guessed:
        note = f"its dates have no year: read as the year nearest to your campaigns; {way_out}"
    else:
        sources = [
            *(["the numbers in its links"] if evidence.by_row else []),
            *(["the days it names itself"] if evidence.stated else []),
            *(["the order of its rows"] if ordered else []),
            *(["the day the file was saved"] if not evidence.by_row and not evidence.stated else []),
        ]
        note = f"its dates have no year: told by {' and '.join(sources)}; {way_out}"
    sheet.note_once(note)


def _evidence(sheet: Sheet, field: str) -> _Evidence:
    options = sheet.options
    named = _named_days(sheet)
    latest = (
        sheet.saved_on + timedelta(days=1) if sheet.saved_on else None
    )  # a day further in other time zones
    if sheet.has("exported_on") and field != "exported_on":
        (exported,) = sheet.one(f"SELECT max(plain_moment({parse.name('exported_on')})) FROM {sheet.raw}")
        latest = min(filter(None, (latest, exported.date() if exported else None)), default=None)
    if len(named) == 1:
        latest = min(filter(None, (latest, named[0])), default=None)
    guess = (options.starts_on, options.ends_on) if options.starts_on and options.ends_on else None
    stated = (named[0], named[-1]) if len(named) > 1 else None
    return _Evidence(_by_links(sheet), stated, latest, guess)


def _named_days(sheet: Sheet) -> list[date]:
    """Days with their year in the lines above the table and in the file's name, in order."""
    days = set()
    for line in (*sheet.preamble, sheet.options.file.rsplit("/", 1)[-1]):
        for year, month, day in _DAY_IN_TEXT.findall(line):
            if written := _checked(year, month, day):
                days.add(date(int(year), written.month, written.day))
    return sorted(days)


def _by_links(sheet: Sheet) -> dict[int, date]:
    """Record → the day that the number in a post's own link tells."""
    if not sheet.has("permalink"):
        return {}
    cell = parse.name("permalink")
    links = sheet.connection.execute(
        f"SELECT _record, {cell} FROM {sheet.raw} WHERE {cell} IS NOT NULL"
    ).fetchall()
    return {record: day for record, link in links if (day := day_in_link(link))}


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def day_in_link(link: str) -> date | None:
    """The day on which a post was made, where its platform counts moments in the posts' numbers."""
    seconds = 0.0
    if match := re.search(r"tiktok\.com/\S*?/(?:video|photo)/(\d{15,20})", link):
        seconds = int(match[1]) >> 32
    elif match := re.search(r"instagram\.com/\S*?(?:p|reels?|tv)/([\w-]{11})(?![\w-])", link):
        number = 0
        for sign in match[1]:
            number = number * 64 + _LETTERS.index(sign)
        seconds = ((number >> 23) + 1_314_220_021_721) / 1000
    elif match := re.search(r"(?:twitter|x)\.com/\w+/status/(\d{15,20})", link):
        seconds = ((int(match[1]) >> 22) + 1_288_834_974_657) / 1000
    return datetime.fromtimestamp(seconds, UTC).date() if 1.2e9 < seconds < 4e9 else None


# ------------------------------------------------------------------- years from the order of rows

_NOISE = 31  #: days that a row may lie behind the one before it without another year having begun


def years_passed(written: Sequence[tuple[int, int]], *, noise: bool) -> list[int] | None:
    """How many New Years lie between the first day and each of them, for days in order; None if they have none.

    Args:
        written: month and day of each row.
        noise: whether a leap of nearly a year onward is a row out of its place at New Year, and no gap.
    """
    places = [(date(2024, month, day) - date(2024, 1, 1)).days for month, day in written]
    steps = [later - earlier for earlier, later in pairwise(places)]
    ahead, back = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
    if ahead + back < 2 or min(ahead, back) * 2 > max(ahead, back):
        return None
    towards = 1 if ahead > back else -1
    years, year = [0], 0
    for step in steps:
        onward = step * towards
        if onward <= -_NOISE:
            year += towards
        elif noise and onward >= 366 - _NOISE:
            year -= towards
        years.append(year)
    return years


def _run(
    records: Sequence[int], written: Sequence[tuple[int, int]], evidence: _Evidence
) -> list[date | None]:
    """Days in order: of all years that the first one may have, the one that fits best."""
    around = [
        day.year for day in (*evidence.by_row.values(), *(evidence.stated or ()), *(evidence.guess or ()))
    ]
    if evidence.latest:
        around.append(evidence.latest.year)
    runs = []
    for turns in filter(None, (years_passed(written, noise=noise) for noise in (True, False))):
        years = range(min(around) - max(turns) - 1, max(around) - min(turns) + 2)
        runs += [
            [_day_of(year + turn, one) for turn, one in zip(turns, written, strict=True)] for year in years
        ]
    best = max(runs, key=lambda days: _fits(records, days, evidence))
    return [
        _nearest(one, evidence.by_row[record]) if record in evidence.by_row else day
        for record, one, day in zip(records, written, best, strict=True)
    ]


def _fits(records: Sequence[int], days: Sequence[date | None], evidence: _Evidence) -> tuple[float, ...]:
    """How well a run of days fits what is known, most telling first."""
    linked = [
        (day, evidence.by_row[record])
        for record, day in zip(records, days, strict=True)
        if record in evidence.by_row
    ]
    existing = [day for day in days if day]
    ordered = sorted(existing)

    def within(span: tuple[date, date] | None) -> int:
        return (
            bisect_left(ordered, span[1] + timedelta(days=1)) - bisect_left(ordered, span[0]) if span else 0
        )

    newest = max(existing, default=date.min)
    return (
        sum(day is not None and abs((day - by_link).days) <= 45 for day, by_link in linked),
        -sum(day > evidence.latest for day in existing) if evidence.latest else 0,
        within(evidence.stated),
        len(existing),
        within(evidence.guess),
        newest.toordinal() if evidence.latest else -newest.toordinal(),
    )


def _alone(record: int, month_day: tuple[int, int], evidence: _Evidence) -> date | None:
    """The day of a row that no order tells: nearest to its link's, else in the stated range, else around the campaigns."""
    if by_link := evidence.by_row.get(record):
        return _nearest(month_day, by_link)
    day = _inside(month_day, evidence.stated) if evidence.stated else None
    if day is None and evidence.guess:
        day = _inside(month_day, evidence.guess)
    if day is None and evidence.by_row:
        day = _inside(month_day, _year_around(sorted(evidence.by_row.values())))
    while day and evidence.latest and day > evidence.latest:
        year = next(y for y in range(day.year - 1, day.year - 9, -1) if _day_of(y, month_day))
        day = _day_of(year, month_day)
    return day


def _nearest(month_day: tuple[int, int], other: date) -> date | None:
    """The day of that name nearest to another."""
    days = (_day_of(other.year + more, month_day) for more in (-1, 0, 1))
    return min((day for day in days if day), key=lambda day: abs((day - other).days), default=None)


def _year_around(days: Sequence[date]) -> tuple[date, date]:
    middle = days[len(days) // 2]
    return middle - timedelta(days=182), middle + timedelta(days=182)


def _inside(month_day: tuple[int, int], span: tuple[date, date]) -> date | None:
    """The first day of that name in a range."""
    days = (_day_of(year, month_day) for year in range(span[0].year, span[1].year + 1))
    return next((day for day in days if day and span[0] <= day <= span[1]), None)


def _day_of(year: int, month_day: tuple[int, int]) -> date | None:
    try:
        return date(year, *month_day)
    except ValueError:
        return None
