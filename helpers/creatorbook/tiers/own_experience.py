"""What a plan does with those who sold before, were stopped, declined or never tried, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.client.campaign_file import title_of
from creatorbook.findings import Day, Money, Note, Text, Wording, joined, packed, say, say_many, sentences
from creatorbook.history.marked import last_marks, renewals_declined, stopped_without_reason
from creatorbook.planning.offers import offers
from creatorbook.planning.own_creators import sold_before, worth_of_trying
from creatorbook.planning.plans import Mix, order_leaves

if TYPE_CHECKING:
    from creatorbook.book import Book

#: so many people are named in a sentence
MOST_NAMED = 5


def own_experience(book: Book, ways: Mapping[Any, Mix]) -> list[Note]:
    """Who is left out as stopped, which advice to renew was declined, and what trying new people is worth."""
    return [*_stopped(book), *_declined(book), *_newcomers(book, ways)]


def _stopped(book: Book) -> list[Note]:
    """People marked stop who get no money, and those whom the campaign file wants in all the same."""
    stopped = stopped_without_reason(book)
    if not stopped:
        return []
    marks, wanted = last_marks(book), _must_have(book)
    out, kept = [one for one in stopped if one not in wanted], [one for one in stopped if one in wanted]
    notes = []
    if out:
        names = joined([_with_campaign(name, marks) for name in out], most=MOST_NAMED)
        text = say("No money goes to those marked stop: {names}.", names=names)
        how = say("Who is to be in all the same is shortlisted with a reason in notebook 02.")
        notes.append(Note(sentences(text, how), slot="plan.three_ways", rank=3))
    if kept:
        names = joined([_with_campaign(name, marks) for name in kept], most=MOST_NAMED)
        text = say(
            "Marked stop and wanted all the same by the campaign file: {names}. Shortlist them with a reason in "
            "notebook 02, else the plan cannot be approved.",
            names=names,
        )
        notes.append(Note(text, "caution"))
    return notes


def _must_have(book: Book) -> set[str]:
    """Whom the campaign file wants in."""
    here = offers(book)
    return set(here.people.creator.iloc[sorted(here.must)])


def _with_campaign(name: str, marks: pd.DataFrame) -> Text:
    return say("{name} ({campaign})", name=name, campaign=title_of(marks.campaign[name]))


def _declined(book: Book) -> list[Note]:
    """Renewals that were advised and that somebody decided against, with the reason: to be asked again."""
    declined = renewals_declined(book)
    if declined.empty:
        return []
    names = [
        say(
            "{name} ({campaign}; {person}, {day}: {reason})",
            name=row.Index,
            campaign=title_of(row.campaign),
            person=row.by or say("somebody"),
            day=Day(row.decided_on),
            reason=packed(row.reason),
        )
        for row in declined.itertuples()
    ]
    text = say(
        "Advised to renew and decided against: {names}. Does the reason still hold?",
        names=joined(names, most=MOST_NAMED),
    )
    return [Note(text, "todo")]


def _newcomers(book: Book, ways: Mapping[Any, Mix]) -> list[Note]:
    """How many of each way were never tried, and what trying one of them is worth for the campaign after."""
    here = offers(book)
    left = order_leaves(book, here)
    if left <= 0:
        return []
    new = here.people[~sold_before(book, here.people)]
    if new.empty:
        return [Note("Everybody on the list with a price has sold for you before; nobody new can be tried.")]
    worth = worth_of_trying(book, new, left)
    parts: list[Wording] = [
        say_many("{n} of {way}", "{n} of {way}", n=int((~sold_before(book, mix.people)).sum()), way=way)
        for way, mix in ways.items()
    ]
    text = say(
        "Never tried: {parts}. A campaign with one of them tells whom to keep, which is worth {low} to {high} each for the "
        "campaign after; the choice counts it, so that the known do not stay the only ones.",
        parts=joined(parts),
        low=Money(float(worth.min())),
        high=Money(float(worth.max())),
    )
    return [Note(text)]
