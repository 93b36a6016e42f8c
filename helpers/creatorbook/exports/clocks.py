"""Moments with a zone behind them, as the clock in the client's market shows them: a campaign's days are that market's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from creatorbook.exports import parse
from creatorbook.exports.reader import Sheet
from creatorbook.text.time_zones import market_zone, minutes_ahead, offsets

LONGEST_DAY = 12  #: characters of a cell that tells a day and no clock
_ENDING = 6  #: characters at a cell's end that tell whether a zone may stand there
_MAY_BE_ZONE = re.compile(r"([+-]\d{2}:?\d{2}|(?<=:\d{2})[+-]\d{2}|[A-Za-z]{1,5})\)?$")

#: an ending, and the first and last moment of a day with it
Ends = Sequence[tuple[str, datetime, datetime]]


def in_market_time(sheet: Sheet, field: str, value: str) -> str:
    """SQL for the moments `value` of a field, those with a zone as the market's clock shows them."""
    zone, ends = market_zone(sheet.options.market, sheet.options.time_zone), _ends(sheet, field, value)
    if not ends or (zone is not None and _agree(ends, zone)):
        return value
    ahead = {ending: minutes for ending, _, _ in ends if (minutes := _minutes(ending)) is not None}
    if zone is None:
        if 0 in ahead.values():
            sheet.note_once(
                f"{sheet.header_of(field)}: times are written in UTC and kept so: days of your market begin at another hour; "
                "say where in client.yml, as “time_zone: America/New_York”",
            )
        return value
    moment, ending = f"CAST({value} AS TIMESTAMP)", f"right({parse.name(field)}, {_ENDING})"
    cases = " ".join(f"WHEN {parse.text(text)} THEN {minutes}" for text, minutes in ahead.items())
    years = [moment.year for _, *both in ends for moment in both]
    written = f"CASE {ending} {cases} END"
    local = _local(f"{moment} - to_minutes({written})", zone, min(years) - 1, max(years) + 1)
    shown = f"coalesce({local}, {moment})"
    (moved,) = sheet.one(f"SELECT count(*) FROM {sheet.raw} AS raw WHERE {shown} <> {moment}")
    names = sorted({_zone_in(ending) for ending in ahead})
    sheet.note_once(
        f"{sheet.header_of(field)}: times are written in {', '.join(names)} and read as the clock in {zone} shows them, "
        f"where your market's days begin (moved: {moved})",
    )
    return shown


def agrees(sheet: Sheet, moments: str) -> bool:
    """Whether clocks as written are the market's already.

    Args:
        sheet: what is read.
        moments: a SELECT of `tail`, the end of a moment as written, and `moment`.
    """
    ends = sheet.connection.execute(
        _by_ending(f"right(tail, {_ENDING})", "moment", f"({moments})")
    ).fetchall()
    zone = market_zone(sheet.options.market, sheet.options.time_zone)
    return all(_minutes(ending) != 0 for ending, _, _ in ends) if zone is None else _agree(ends, zone)


def _ends(sheet: Sheet, field: str, value: str) -> Ends:
    """The endings of a column's cells that tell a zone, with the first and last moment of each day."""
    cell = parse.name(field)
    ending, where = f"right({cell}, {_ENDING})", f"length({cell}) > {LONGEST_DAY}"
    endings = sheet.connection.execute(f"SELECT DISTINCT {ending} FROM {sheet.raw} WHERE {where}").fetchall()
    if not any(_minutes(text) is not None for (text,) in endings):
        return []
    rows = sheet.connection.execute(_by_ending(ending, value, f"{sheet.raw} AS raw WHERE {where}")).fetchall()
    return [row for row in rows if _minutes(row[0]) is not None and row[1] is not None]


def _by_ending(ending: str, moment: str, rows: str) -> str:
    return (
        f"SELECT ending, min(m), max(m) FROM (SELECT {ending} AS ending, CAST({moment} AS TIMESTAMP) AS m FROM {rows}) "
        "GROUP BY ending, CAST(m AS DATE) ORDER BY 1, 2"
    )


def _agree(ends: Ends, zone: str) -> bool:
    """Whether every zone written is what the market's clocks are ahead of UTC on that day."""
    written = [
        (minutes, moment)
        for ending, *both in ends
        if (minutes := _minutes(ending)) is not None
        for moment in both
    ]
    if not written:
        return True
    years = [moment.year for _, moment in written]
    steps = offsets(zone, min(years) - 1, max(years) + 1)

    def ahead(moment: datetime, minutes: int) -> int:
        utc = moment - timedelta(minutes=minutes)
        return next(own for since, own in reversed(steps) if since <= utc)

    return all(ahead(moment, minutes) == minutes for minutes, moment in written)


@cache
def _minutes(ending: str) -> int | None:
    """Minutes ahead of UTC that the end of a cell tells; None if it tells no zone."""
    return minutes_ahead(_zone_in(ending))


def _zone_in(ending: str) -> str:
    match = _MAY_BE_ZONE.search(ending)
    return match[1] if match else ""


def _local(utc: str, zone: str, first_year: int, last_year: int) -> str:
    """SQL: a moment in UTC as a zone's clock shows it."""
    since = offsets(zone, max(first_year, 1970), min(last_year, 2100))
    later = " ".join(
        f"WHEN {utc} >= TIMESTAMP '{moment}' THEN {minutes}" for moment, minutes in reversed(since[1:])
    )
    ahead = f"CASE {later} ELSE {since[0][1]} END" if later else str(since[0][1])
    return f"{utc} + to_minutes({ahead})"
