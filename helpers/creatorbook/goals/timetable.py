"""Planned backwards from the start: when each step has to begin, and what the shops do at that time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.goals.objective import STEP, playbook
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days before and after a campaign in which a retail moment is told
NEAR_DAYS = 28
WHIT_SUNDAY = timedelta(days=49)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def calendar(book: Book) -> Findings:
    """Latest start of each step, the end of returns, and retail moments near by."""
    frame = steps(book)
    columns = {
        "step": Column("Step"),
        "begins": Column("Begins at the latest", "date"),
        "ends": Column("Done by", "date"),
        "days": Column("Days", "number"),
        "source": Column("Lead time from"),
    }
    table = Table(f"{STEP}.calendar", "Planned backwards from the start", frame, columns)
    beyond = _beyond_the_table(book.campaign.end.year)
    return Findings(STEP, (table, *_fits(book), _moments_table(book), *beyond), book.formats)


def steps(book: Book) -> pd.DataFrame:
    """One row per step in order: step, begins, ends, days, source; preparation, campaign, data, returns."""
    usual = pack("calendar")["lead_times"]
    own, by_playbook = book.campaign.lead_times, playbook(book)["lead_days"]
    rows, end = [], book.campaign.start
    for told in reversed(usual["steps"]):
        name = told["step"]
        days, source = told["days"], "usual practice"
        if name in by_playbook:
            days, source = by_playbook[name], "playbook"
        if name in own:
            days, source = own[name], "campaign file"
        rows.append(_row(told["words"], end - timedelta(days=days), end, source))
        end -= timedelta(days=days)
    rows.reverse()
    start, last, settles = book.campaign.start, book.campaign.end, book.campaign.settles_after_days
    rows.append(_row("posts live", start, last, "campaign file"))
    rows.append(_row("data collected", last, last + timedelta(days=usual["data_days"]), "usual practice"))
    rows.append(_row("returns settled", last, last + timedelta(days=settles), "campaign file"))
    return pd.DataFrame(rows)


def earliest_start(book: Book) -> date:
    """The first day the campaign can start if preparation begins on the day of the report."""
    needed = (book.campaign.start - steps(book).begins.min().date()).days
    return book.as_of + timedelta(days=needed)


def on_the_eve(book: Book) -> bool:
    """Whether the plan is dated the day before launch, which is what a plan of a past campaign is given."""
    return book.as_of >= book.campaign.start - timedelta(days=1)


def fits(book: Book) -> bool:
    """Whether the lead times fit: planned in time, or every creator has agreed already."""
    people = candidates(book)
    agreed = len(people) > 0 and bool(people.agreed.all())
    return on_the_eve(book) or agreed or earliest_start(book) <= book.campaign.start


def moments(book: Book) -> pd.DataFrame:
    """Retail moments that touch the campaign or the four weeks on either side: moment, markets, day, relation."""
    start, end = book.campaign.start, book.campaign.end
    frame = _moments(book, start - timedelta(days=NEAR_DAYS), end + timedelta(days=NEAR_DAYS))
    inside = (frame.day <= pd.Timestamp(end)) & (frame.until >= pd.Timestamp(start))
    frame["relation"] = np.where(frame.until < pd.Timestamp(start), "before", "after")
    frame["relation"] = frame.relation.where(~inside, "in the campaign")
    return frame[["moment", "markets", "day", "relation"]]


def year_ahead(book: Book) -> Findings:
    """Retail moments of the next twelve months, and by when posts must be live and preparation begun for each."""
    frame = _moments(book, book.as_of + timedelta(days=1), book.as_of + timedelta(days=365))
    frame = frame[frame.day > pd.Timestamp(book.as_of)].reset_index(drop=True)
    needed = pd.Timedelta(days=(book.campaign.start - steps(book).begins.min().date()).days)
    frame["live"] = frame.day - pd.to_timedelta(frame.buying_days, unit="D")
    frame["begin"] = frame.live - needed
    late = frame.begin < pd.Timestamp(book.as_of)
    frame["fits"] = np.where(late, "no, too late by usual lead times", "yes")
    columns = {
        "day": Column("Day", "date"),
        "moment": Column("Moment"),
        "markets": Column("Markets"),
        "live": Column("Posts live by", "date", note="when people begin to buy for it"),
        "begin": Column("Begin by", "date", note="with the lead times above"),
        "fits": Column("Still fits"),
    }
    note = f"Counted back from the day people begin to buy, {needed.days} days of preparation before it."
    table = Table(f"{STEP}.year_ahead", "Retail moments of the next twelve months", frame, columns, note=note)
    return Findings(STEP, (table, *_beyond_the_table(book.as_of.year + 1)), book.formats)


def _moments(book: Book, first: date, last: date) -> pd.DataFrame:
    """Moments of the campaign's markets that touch these days: moment, markets, day, until, buying_days."""
    markets = book.campaign.markets or book.client.all_markets
    rows = []
    for told in pack("calendar")["moments"]:
        here = markets if told["markets"] == "all" else [m for m in markets if m in told["markets"]]
        for day in _days(told, range(first.year, last.year + 1)) if here else []:
            until = day + timedelta(days=told.get("length", 1) - 1)
            if until < first or day > last:
                continue
            name = f"{told['name']} (± 1 day)" if told.get("about") else told["name"]
            rows.append((name, ", ".join(here), day, until, float(told.get("buying_days", 0))))
    frame = pd.DataFrame(rows, columns=["moment", "markets", "day", "until", "buying_days"])
    frame = frame.astype({"day": "datetime64[us]", "until": "datetime64[us]", "buying_days": "float64"})
    return frame.sort_values(["day", "moment"], ignore_index=True, kind="stable")


def _beyond_the_table(year: int) -> list[Note]:
    """Said where a feast that follows the moon has no row for a year."""
    first, last = pack("calendar")["listed_years"]
    if first <= year <= last:
        return []
    names = ", ".join(told["name"] for told in pack("calendar")["moments"] if told["rule"] == "listed")
    text = f"{names}: our table ends with {last}. Look up the days of {year}; a public calendar has them."
    return [Note(text, "todo", owner="campaign")]


def _row(step: str, begins: date, ends: date, source: str) -> dict[str, Any]:
    days = (ends - begins).days
    return {
        "step": step,
        "begins": pd.Timestamp(begins),
        "ends": pd.Timestamp(ends),
        "days": float(days),
        "source": source,
    }


def _fits(book: Book) -> list[Note]:
    formats = book.formats
    earliest = earliest_start(book)
    if earliest <= book.campaign.start:
        return [
            Note(f"The dates fit: preparation may begin as late as {formats.day(steps(book).begins.min())}.")
        ]
    day = formats.day(earliest)
    if on_the_eve(book):
        text = (
            f"This plan is dated {formats.day(book.as_of)}, the eve of launch. Whoever has not agreed and has no "
            f"product by then does not fit before {day}."
        )
        return [Note(text, "caution")]
    agreed = int(candidates(book).agreed.sum())
    text = f"With these lead times the campaign does not fit before {day}."
    if agreed:
        text += f" {agreed} people have agreed already and may be ready sooner."
    return [Note(text, "caution")]


def _moments_table(book: Book) -> Table | Note:
    frame = moments(book)
    if frame.empty:
        return Note("No retail moment of these markets falls within four weeks of the campaign.")
    columns = {
        "day": Column("Day", "date"),
        "moment": Column("Moment"),
        "markets": Column("Markets"),
        "relation": Column("Lies"),
    }
    note = "Sales inside the campaign lift orders that are not the creators'. Feasts by the moon may move by a day."
    return Table(
        f"{STEP}.moments", "What the shops do around these weeks", frame[list(columns)], columns, note=note
    )


def _days(told: dict[str, Any], years: range) -> list[date]:
    """The days of one moment in these years, by its rule."""
    if told["rule"] == "listed":
        return list(told["dates"])
    if told["rule"] == "fixed":
        return [date(year, told["month"], told["day"]) for year in years]
    shift = timedelta(days=told.get("offset", 0))
    if told["rule"] in {"easter", "orthodox_easter"}:
        sunday = easter if told["rule"] == "easter" else orthodox_easter
        return [sunday(year) + shift for year in years]
    days = [_nth_weekday(year, told["month"], told["weekday"], told["nth"]) + shift for year in years]
    if told.get("not_on_whit_sunday"):
        return [day + timedelta(days=7 * (day == easter(day.year) + WHIT_SUNDAY)) for day in days]
    return days


def _nth_weekday(year: int, month: int, weekday: str, nth: int) -> date:
    """The n-th such weekday of a month; -1 is the last."""
    days = pd.date_range(date(year, month, 1), periods=31)
    wanted = [day.date() for day in days if day.month == month and day.weekday() == WEEKDAYS.index(weekday)]
    return wanted[nth - 1 if nth > 0 else nth]


def easter(year: int) -> date:
    """Easter Sunday, Gregorian. Source: the anonymous algorithm printed in Nature, 20 April 1876."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def orthodox_easter(year: int) -> date:
    """Easter Sunday of the orthodox churches, as a Gregorian day; 1900 to 2099.

    Source: Meeus, Astronomical Algorithms (1991), the Julian Easter; 13 days between the calendars.
    """
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)
