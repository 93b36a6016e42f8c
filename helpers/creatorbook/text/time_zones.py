"""Where a market's days begin: its time zone, and how far its clocks are ahead of UTC at any moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.core import get_global

#: countries of several zones, of which nearly everybody lives in one
_MAIN = {
    "AR": "America/Argentina/Buenos_Aires", "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid", "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "UA": "Europe/Kyiv", "UZ": "Asia/Tashkent",
}  # fmt: skip

#: names of zones that exports write behind a clock, in minutes ahead of UTC; names of several zones are left out
_NAMED = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120, "EET": 120,
    "EEST": 180, "MSK": 180, "JST": 540, "KST": 540, "EST": -300, "EDT": -240, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "SGT": 480, "HKT": 480, "WIB": 420,
    "BRT": -180,
}  # fmt: skip
NAMES = tuple(_NAMED)


def market_zone(market: str, stated: str | None = None) -> str | None:
    """The zone in which a market's days begin; None where the country has several and nobody told which."""
    if stated:
        return stated
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == market]
    return _MAIN.get(market) or (zones[0] if len(zones) == 1 else None)


def is_zone(name: str) -> bool:
    """Whether a name is a zone's, as `America/New_York`."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return name in available_timezones()


def minutes_ahead(zone: str) -> int | None:
    """Minutes that a zone or offset behind a clock is ahead of UTC; None for what is none: `Z`, `+0200`, `-03`, `CEST`."""
    if zone.upper() in _NAMED:
        return _NAMED[zone.upper()]
    digits = zone[1:].replace(":", "")
    if zone[:1] not in {"+", "-"} or not digits.isdigit() or len(digits) not in {2, 4}:
        return None
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if hours > 14 or minutes not in {0, 15, 30, 45}:
        return None
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)


def with_offset(moment: datetime, zone: str | None) -> str:
    """A moment of a zone's clock as shops write it, `2026-03-29 23:59:59 +0200`; UTC where the zone is not known."""
    placed = moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    return f"{placed:%Y-%m-%d %H:%M:%S %z}"


@cache
def offsets(zone: str, first_year: int, last_year: int) -> tuple[tuple[datetime, int], ...]:
    """From which moment on (in UTC, without zone) a zone is how many minutes ahead of UTC, from one year to another."""
    place = ZoneInfo(zone)
    day, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    steps = [(day.replace(tzinfo=None), _ahead(place, day))]
    while day < end:
        later = day + timedelta(days=7)
        if _ahead(place, later) != steps[-1][1]:
            change = _change(place, day, later)
            steps.append((change.replace(tzinfo=None), _ahead(place, change)))
        day = later
    return tuple(steps)


def _ahead(place: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(place).utcoffset() or timedelta()
    return int(offset.total_seconds() // 60)


def _change(place: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The minute in which a zone's clocks are changed, between two moments."""
    old = _ahead(place, before)
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        before, after = (middle, after) if _ahead(place, middle) == old else (before, middle)
    return after
