"""Planned backwards from the start: when each step has to begin, and what the shops do at that time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.playbook import playbook
from creatorbook.findings import (
    Column,
    Day,
    Findings,
    Note,
    Table,
    Text,
    joined,
    number_of,
    packed,
    say,
    say_many,
    sentences,
)
from creatorbook.goals.objective import STEP
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days before and after a campaign in which a retail moment is shown
NEAR_DAYS = 28
WHIT_SUNDAY = timedelta(days=49)
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def calendar(book: Book) -> Findings:
    """Latest start of each step, the end of returns, and retail moments near by."""
    planned = steps(book)
    columns = {
        "step": Column("Step"),
        "begins": Column("Begins at the latest", "date"),
        "ends": Column("Done by", "date"),
        "days": Column("Days", "number"),
        "source": Column("Lead time from", reader="working"),
    }
    table = Table(f"{STEP}.calendar", "Planned backwards from the start", planned, columns, reader="client")
    beyond = _beyond_the_table(book, book.campaign.end.year)
    return Findings(STEP, (table, *_fits(book), _moments_table(book), *beyond), book.formats)


def steps(book: Book) -> pd.DataFrame:
    """One row per step in order: step, begins, ends, days, source; preparation, campaign, data, returns."""
    usual = pack("calendar")["lead_times"]
    own, by_playbook = book.campaign.lead_times, playbook(book)["lead_days"]
    rows, end = [], book.campaign.start
    for step in reversed(usual["steps"]):
        name = step["step"]
        days, source = step["days"], "usual practice"
        if name in by_playbook:
            days, source = by_playbook[name], "playbook"
        if name in own:
            days, source = own[name], "campaign file"
        rows.append(_row(step["words"], end - timedelta(days=days), end, source))
        end -= timedelta(days=days)
    rows.reverse()
    start, last, settles = book.campaign.start, book.campaign.end, book.campaign.settles_after_days
    rows.append(_row("posts live", start, last, "campaign file"))
    rows.append(_row("data collected", last, last + timedelta(days=usual["data_days"]), "usual practice"))
    rows.append(_row("returns settled", last, last + timedelta(days=settles), "campaign file"))
    return pd.DataFrame(rows)


def preparation_days(book: Book) -> int:
    """Days from the first step of the preparation to the campaign's start."""
    return (book.campaign.start - steps(book).begins.min().date()).days


def earliest_start(book: Book) -> date:
    """The first day the campaign can start if preparation begins on the day of the report."""
    return book.as_of + timedelta(days=preparation_days(book))


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
    near = _moments(book, start - timedelta(days=NEAR_DAYS), end + timedelta(days=NEAR_DAYS))
    inside = (near.day <= pd.Timestamp(end)) & (near.until >= pd.Timestamp(start))
    near["relation"] = np.where(near.until < pd.Timestamp(start), "before", "after")
    near["relation"] = near.relation.where(~inside, "in the campaign")
    return near[["moment", "markets", "day", "relation"]]


def year_ahead(book: Book) -> Findings:
    """Retail moments of the next twelve months, and by when posts must be live and preparation begun for each."""
    ahead = _moments(book, book.as_of + timedelta(days=1), book.as_of + timedelta(days=365))
    ahead = ahead[ahead.day > pd.Timestamp(book.as_of)].reset_index(drop=True)
    days = preparation_days(book)
    ahead["live"] = ahead.day - pd.to_timedelta(ahead.buying_days, unit="D")
    ahead["begin"] = ahead.live - pd.Timedelta(days=days)
    late = ahead.begin < pd.Timestamp(book.as_of)
    ahead["fits"] = np.where(late, "no, too late by usual lead times", "yes")
    columns = {
        "day": Column("Day", "date"),
        "moment": Column("Moment"),
        "markets": Column("Markets"),
        "live": Column("Posts live by", "date", note="when people begin to buy for it"),
        "begin": Column("Begin by", "date", note="with the lead times above"),
        "fits": Column("Still fits"),
    }
    note = say(
        "Counted back from the day people begin to buy, {days} of preparation before it.",
        days=number_of("day", days),
    )
    table = Table(f"{STEP}.year_ahead", "Retail moments of the next twelve months", ahead, columns, note=note)
    return Findings(STEP, (table, *_beyond_the_table(book, book.as_of.year + 1)), book.formats)


def _moments(book: Book, first: date, last: date) -> pd.DataFrame:
    """Moments of the campaign's markets that touch these days: moment, markets, day, until, buying_days."""
    markets = book.campaign.markets or book.client.all_markets
    rows = []
    for moment in pack("calendar")["moments"]:
        here = markets if moment["markets"] == "all" else [m for m in markets if m in moment["markets"]]
        for day in _days(moment, range(first.year, last.year + 1)) if here else []:
            until = day + timedelta(days=moment.get("length", 1) - 1)
            if until < first or day > last:
                continue
            name = f"{moment['name']} (± 1 day)" if moment.get("about") else moment["name"]
            rows.append((name, ", ".join(here), day, until, float(moment.get("buying_days", 0))))
    near = pd.DataFrame(rows, columns=["moment", "markets", "day", "until", "buying_days"])
    near = near.astype({"day": "datetime64[us]", "until": "datetime64[us]", "buying_days": "float64"})
    return near.sort_values(["day", "moment"], kind="stable", ignore_index=True)


def _beyond_the_table(book: Book, year: int) -> list[Note]:
    """What to look up where a feast that follows the moon has no row for a year."""
    first, last = pack("calendar")["listed_years"]
    if first <= year <= last:
        return []
    names = [packed(row["name"]) for row in pack("calendar")["moments"] if row["rule"] == "listed"]
    text = say(
        "{names}: our table ends with {last}. Look up the days of {year}; a public calendar has them.",
        names=joined(names),
        last=last,
        year=year,
    )
    return [Note(text, "todo", owner=who_settles(book))]


def _row(step: str, begins: date, ends: date, source: str) -> dict[str, Any]:
    """One step with its days and where its lead time is from."""
    days = (ends - begins).days
    return {
        "step": step,
        "begins": pd.Timestamp(begins),
        "ends": pd.Timestamp(ends),
        "days": float(days),
        "source": source,
    }


def _fits(book: Book) -> list[Note]:
    """Whether the dates fit, and from when on they would."""
    earliest = earliest_start(book)
    if earliest <= book.campaign.start:
        latest = Day(steps(book).begins.min())
        return [Note(say("The dates fit: preparation may begin as late as {day}.", day=latest))]
    if on_the_eve(book):
        text: Text = say(
            "This plan is dated {eve}, the eve of launch. A creator who has not agreed and has no product by "
            "then does not fit before {day}.",
            eve=Day(book.as_of),
            day=Day(earliest),
        )
        return [Note(text, "caution", slot="calendar.fits", reader="client")]
    agreed = int(candidates(book).agreed.sum())
    text = sentences(
        say("With these lead times the campaign does not fit before {day}.", day=Day(earliest)),
        say_many(
            "{n} person has agreed already and may be ready sooner.",
            "{n} people have agreed already and may be ready sooner.",
            n=agreed,
        )
        if agreed
        else None,
    )
    return [Note(text, "caution", slot="calendar.fits", reader="client")]


def _moments_table(book: Book) -> Table | Note:
    """Retail moments near the campaign, if there are any."""
    near = moments(book)
    if near.empty:
        return Note("No retail moment of these markets falls within four weeks of the campaign.")
    columns = {
        "day": Column("Day", "date"),
        "moment": Column("Moment"),
        "markets": Column("Markets"),
        "relation": Column("Lies"),
    }
    note = say(
        "Sales inside the campaign lift orders that are not the creators'. Feasts by the moon may move by a day."
    )
    return Table(
        f"{STEP}.moments", "What the shops do around these weeks", near[list(columns)], columns, note=note
    )


def _days(moment: dict[str, Any], years: range) -> list[date]:
    """The days of one moment in these years, by its rule."""
    if moment["rule"] == "listed":
        return list(moment["dates"])
    if moment["rule"] == "fixed":
        return [date(year, moment["month"], moment["day"]) for year in years]
    shift = timedelta(days=moment.get("offset", 0))
    if moment["rule"] in {"easter", "orthodox_easter"}:
        sunday = easter if moment["rule"] == "easter" else orthodox_easter
        return [sunday(year) + shift for year in years]
    days = [_nth_weekday(year, moment["month"], moment["weekday"], moment["nth"]) + shift for year in years]
    if moment.get("not_on_whit_sunday"):
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
