"""Moments with a zone behind them, as the clock in the client's market shows them: a campaign's days are that market's."""

from __future__ import annotations

from datetime import datetime, timedelta

from creatorbook.exports import parse
from creatorbook.exports.reader import Sheet
from creatorbook.text.time_zones import market_zone, minutes_ahead, offsets

_LONGEST_DAY = 12  #: characters of a cell that tells a day and no clock


def in_market_time(sheet: Sheet, field: str, value: str) -> str:
    """SQL for the moments `value` of a field, those with a zone as the market's clock shows them."""
    ahead = _zones(sheet, field)
    if not ahead:
        return value
    zone = market_zone(sheet.options.market, sheet.options.time_zone)
    if zone is None:
        if 0 in ahead.values():
            _note(
                sheet,
                f"{sheet.header_of(field)}: times are written in UTC and kept so: days of your market begin at another hour; "
                "say where in client.yml, as “time_zone: America/New_York”",
            )
        return value
    first, last = sheet.one(
        f"SELECT min(m), max(m) FROM (SELECT CAST({value} AS TIMESTAMP) AS m FROM {sheet.raw} AS raw)"
    )
    if first is None:
        return value
    moment = f"CAST({value} AS TIMESTAMP)"
    cases = " ".join(f"WHEN {parse.text(text)} THEN {minutes}" for text, minutes in ahead.items())
    written = f"CASE {parse.zone(_end(field))} {cases} END"
    local = _local(f"{moment} - to_minutes({written})", zone, first.year - 1, last.year + 1)
    shown = f"coalesce({local}, {moment})"
    (moved,) = sheet.one(f"SELECT count(*) FROM {sheet.raw} AS raw WHERE {shown} <> {moment}")
    if not moved:
        return value
    _note(
        sheet,
        f"{sheet.header_of(field)}: times are written in {', '.join(sorted(ahead))} and read as the clock in {zone} shows "
        f"them, where your market's days begin (moved: {moved})",
    )
    return shown


def agrees(sheet: Sheet, moments: str) -> bool:
    """Whether clocks as written are the market's already: `moments` selects tail, day, first and last moment of each."""
    zone = market_zone(sheet.options.market, sheet.options.time_zone)
    rows = sheet.connection.execute(
        f"SELECT {parse.zone('tail')} AS zone, first, last FROM ({moments})"
    ).fetchall()
    written = [(minutes_ahead(text), moment) for text, *ends in rows for moment in ends if moment is not None]
    told = [(minutes, moment) for minutes, moment in written if minutes is not None]
    if zone is None or not told:
        return zone is not None or all(minutes != 0 for minutes, _ in told)
    years = [moment.year for _, moment in told]
    steps = offsets(zone, min(years) - 1, max(years) + 1)

    def ahead(moment: datetime, minutes: int) -> int:
        utc = moment - timedelta(minutes=minutes)
        return next(own for since, own in reversed(steps) if since <= utc)

    return all(ahead(moment, minutes) == minutes for minutes, moment in told)


def _zones(sheet: Sheet, field: str) -> dict[str, int]:
    """The zones behind a column's clocks → minutes ahead of UTC; empty if no cell has a clock."""
    cell = parse.name(field)
    rows = sheet.connection.execute(
        f"SELECT DISTINCT {parse.zone('ending')} AS zone FROM (SELECT DISTINCT {_end(field)} AS ending FROM {sheet.raw} "
        f"WHERE length({cell}) > {_LONGEST_DAY}) ORDER BY 1"
    ).fetchall()
    return {zone: minutes for (zone,) in rows if zone and (minutes := minutes_ahead(zone)) is not None}


def _end(field: str) -> str:
    """SQL: the end of a cell, as far as its zone and the clock before it reach."""
    return f"right({parse.name(field)}, {parse.LONGEST_ZONE})"


def _local(utc: str, zone: str, first_year: int, last_year: int) -> str:
    """SQL: a moment in UTC as a zone's clock shows it."""
    since = offsets(zone, max(first_year, 1970), min(last_year, 2100))
    later = " ".join(
        f"WHEN {utc} >= TIMESTAMP '{moment}' THEN {minutes}" for moment, minutes in reversed(since[1:])
    )
    ahead = f"CASE {later} ELSE {since[0][1]} END" if later else str(since[0][1])
    return f"{utc} + to_minutes({ahead})"


def _note(sheet: Sheet, note: str) -> None:
    if note not in sheet.notes:
        sheet.notes.append(note)
