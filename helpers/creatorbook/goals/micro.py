"""Whether small creators are the right ones for this campaign: reasons for and against, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.playbook import playbook
from creatorbook.finance.costs import planned_shared_costs
from creatorbook.finance.economics import orders_needed, unit_economics
from creatorbook.findings import (
    Column,
    Count,
    Day,
    Findings,
    Note,
    Span,
    Table,
    Text,
    Wording,
    number_of,
    packed,
    say,
    say_many,
    when_written,
)
from creatorbook.goals.objective import STEP
from creatorbook.goals.timetable import earliest_start, fits
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates, hours

if TYPE_CHECKING:
    from creatorbook.book import Book

#: campaigns that announce something new, the one kind of post that worked less well in research
ANNOUNCING = {"launch_seeding", "capsule_edit"}
#: creators from which groups can be compared at all
ENOUGH_TO_COMPARE = 10
#: orders from which a creator's price asks for much
MANY_ORDERS = 10


def is_micro_right(book: Book) -> Findings:
    """An answer for this campaign, and the reasons for and against: published ones and its own, with sources."""
    here = _conditions(book)
    published = [
        {
            "says": row["says"],
            "reason": packed(row["text"]),
            "source": say("{source}, {date}", source=row["source"], date=when_written(row["date"])),
        }
        for row in pack("benchmarks")["research"]
        if row.get("when", book.campaign.goal) == book.campaign.goal
    ]
    reasons = pd.DataFrame([*published, *here])
    reasons["says"] = pd.Categorical(reasons.says, ["for", "against", "open"], ordered=True)
    reasons = reasons.sort_values("says", kind="stable").astype({"says": "str"})
    columns = {"says": Column("Speaks"), "reason": Column("Reason"), "source": Column("Source")}
    table = Table(f"{STEP}.is_micro_right", "Are small creators right here?", reasons, columns)
    return Findings(STEP, (Note(_answer(book, here)), table), book.formats)


def _answer(book: Book, here: list[dict[str, Any]]) -> Wording:
    """What the campaign's own conditions come to; published findings are to be weighed, not counted."""
    if candidates(book).empty:
        return say(
            "Cannot tell yet: a creators list with prices says what the budget buys; the campaign lead has it."
        )
    against = [row["reason"] for row in here if row["says"] == "against" and row["stops"]]
    unit = unit_economics(book)
    if unit.contribution and unit.contribution.likely <= 0:
        return say("No size fits yet: an order loses money before any creator is paid.")
    if not against:
        return say("Small creators fit this campaign: none of its own conditions speaks against them.")
    if len(against) == 1:
        return say(
            "Small creators fit this campaign if one thing is settled: {condition}", condition=against[0]
        )
    return say(
        "Look at fewer, larger creators or another channel first: more than one condition here speaks against."
    )


def _conditions(book: Book) -> list[dict[str, Any]]:
    """What this campaign's own goal, money, time and prices say."""
    reasons = [_goal_fits(book), _budget_buys(book), _time_fits(book), _price_asks(book), _hours_take(book)]
    if playbook(book)["id"] in ANNOUNCING:
        text = say(
            "The campaign announces something new, the one kind of post that worked less well in research."
        )
        reasons.append(_here("open", text, "playbook; Leung and others 2022"))
    return [row for row in reasons if row]


def _goal_fits(book: Book) -> dict[str, Any]:
    """Whether the goal is one that small accounts serve."""
    if book.campaign.goal != "awareness":
        text = say(
            "The goal is {goal}, which rests on trust and response more than on being seen by many.",
            goal=packed(book.campaign.goal),
        )
        return _here("for", text, "campaign file; articles S0 and S1 (S0-25, S1-22)")
    if len(book.campaign.markets or book.client.all_markets) == 1 and book.client.personas:
        text = say(
            "The goal is awareness among described buyers in one market, where small and local accounts reach well."
        )
        return _here("for", text, "campaign file; article S1 (S1-32)")
    text = say("The goal is awareness in many places at once: few large accounts do that with less work.")
    return _here("against", text, "campaign file; articles S0 and S1 (S0-31, S1-22)", stops=True)


def _budget_buys(book: Book) -> dict[str, Any] | None:
    """Whether the budget pays for enough people to compare; nothing without prices."""
    people = candidates(book)
    priced = people[people.cost.notna()]
    if priced.empty:
        return None
    money_left = book.campaign.budget - planned_shared_costs(book)
    affordable = int((priced.cost.sort_values(kind="stable").cumsum() <= money_left + 0.005).sum())
    text = say(
        "The budget pays for {affordable} of {all} on the list; ten or more can be compared.",
        affordable=affordable,
        all=number_of("person", len(people)),
    )
    enough = affordable >= ENOUGH_TO_COMPARE
    return _here("for" if enough else "against", text, "creators list, campaign file", stops=not enough)


def _time_fits(book: Book) -> dict[str, Any] | None:
    """More people need more time: each is asked, sent a parcel and looked at."""
    if fits(book):
        return None
    text = say(
        "The dates leave too little time to ask, send and check so many people: not before {day}.",
        day=Day(earliest_start(book)),
    )
    return _here("against", text, "campaign file; article S1 (S1-28)", stops=True)


def _price_asks(book: Book) -> dict[str, Any] | None:
    """How many orders a typical price asks for; nothing while that is not known."""
    unit, people = unit_economics(book), candidates(book)
    needed = orders_needed(float(people.cost.median()), unit)
    if needed is None:
        return None
    text = say_many(
        "At its typical price a creator pays back with about {n} order.",
        "At its typical price a creator pays back with about {n} orders.",
        n=Count(needed.likely),
    )
    return _here("for" if needed.likely <= MANY_ORDERS else "open", text, "creators list, economics")


def _hours_take(book: Book) -> dict[str, Any] | None:
    """What looking after everybody takes; a cost that speaks against, yet stops nothing."""
    people = candidates(book)
    if people.empty:
        return None
    span = Span(*hours(people), "hours")
    text = say_many(
        "Looking after {n} person takes {span} of our own.",
        "Looking after all {n} takes {span} of our own.",
        n=len(people),
        span=span,
    )
    return _here("against", text, "creators list; fees.yml where it has no hours")


def _here(says: str, reason: Text, source: str, *, stops: bool = False) -> dict[str, Any]:
    """A reason of this campaign; `stops` marks what has to be settled, as against a cost that is only known."""
    return {
        "says": says,
        "reason": reason,
        "source": say("this campaign: {source}", source=packed(source)),
        "stops": "yes" if stops else "",
    }
