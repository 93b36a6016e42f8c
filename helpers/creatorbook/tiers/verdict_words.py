"""The plan's first sentence, what was reckoned with, and the fees at which the plan would just pay back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from creatorbook.client import Range
from creatorbook.finance.economics import at_least
from creatorbook.findings import (
    Count,
    Day,
    Figure,
    Money,
    Note,
    Quantity,
    Share,
    Text,
    Wording,
    ends,
    joined,
    say,
    say_many,
)
from creatorbook.findings.rounding import far_ends, round_far
from creatorbook.goals.basis import basis
from creatorbook.goals.timetable import earliest_start, fits, on_the_eve
from creatorbook.planning.chain import chain, so_many
from creatorbook.planning.plans import WAY_WORDS, Mix, can_forecast
from creatorbook.planning.verdict import FAR, LOWER, Verdict, Word, fees_of, fees_that_turn
from creatorbook.tiers.sizes import STEP

if TYPE_CHECKING:
    from creatorbook.book import Book

WORDS: dict[Word, Wording] = {
    "go": say("Go"),
    "test": say("Go as a test"),
    "not as priced": say("Not as priced"),
    "not yet": say("Not yet"),
}
_UNKNOWN: dict[str, Text] = {"basket": say("the basket"), "goods": say("the margin on these goods")}


def sentence(book: Book, mix: Mix, advised: Verdict) -> Wording:
    """One of the four words, and why: what is needed and what is likely, each with its range."""
    word = WORDS[advised.word]
    if advised.loses is not None:
        loss = Money(advised.loses)
        return say(
            "{word}: an order loses about {loss} before any creator is paid, so more orders lose more.",
            word=word,
            loss=loss,
        )
    likely = _likely(book, mix, advised)
    if advised.needed is None or likely is None:
        return _not_yet(mix, advised, likely)
    needed = _needed(advised.needed, advised.stage)
    if advised.target is None:
        return say(
            "{word}: it needs about {needed} to pay back; {likely}.", word=word, needed=needed, likely=likely
        )
    if advised.target.price:
        return say(
            "{word}: the target price asks for {needed} for {cost}; {likely}.",
            word=word,
            needed=needed,
            cost=Money(mix.cost),
            likely=likely,
        )
    return say("{word}: the target asks for {needed}; {likely}.", word=word, needed=needed, likely=likely)


def reckoned_with(book: Book, mix: Mix) -> Wording:
    """Whom the first sentence speaks of: people, cost, first day and way."""
    start = book.campaign.start if fits(book) or on_the_eve(book) else earliest_start(book)
    return say_many(
        "Reckoned with {n} creator for {cost}, start {day}, the {way} way.",
        "Reckoned with {n} creators for {cost}, start {day}, the {way} way.",
        n=len(mix.people),
        cost=Money(mix.cost),
        day=Day(start),
        way=WAY_WORDS[mix.way],
    )


def _why_this_way(book: Book, mix: Mix) -> Wording:
    """Why this one of the ways, as `planning.plans.recommended` takes it."""
    foreseen = can_forecast(book, mix.people)
    if mix.way == "careful" and not foreseen:
        return say("it risks least while most of the forecast is assumed")
    if mix.way == "middle" and foreseen:
        return say("most of its forecast rests on what is known of you")
    return say("the others do not fit the money and the limits")


def working_paper(book: Book, mix: Mix, advised: Verdict) -> list[Figure | Note]:
    """Why this way, the rule of the four words, and for sales the fees at which the plan would just pay back."""
    rule = say(
        "Go: {safe} of the forecast reaches the need. As a test: the need is likely to be reached or, on figures of "
        "others, to be missed by less than {near}. Not as priced: missed by more, out of the forecast's reach, or missed "
        "on the client's own figures.",
        safe=Share(1 - LOWER),
        near=Share(1 - FAR),
    )
    why = say("The {way} way, because {reason}.", way=WAY_WORDS[mix.way], reason=_why_this_way(book, mix))
    notes = [Note(why), Note(rule, "method")]
    turn = fees_that_turn(book, mix) if advised.stage == "orders" else None
    if turn is None:
        return [*notes]
    even = say("Even without any fee, what is likely to be sold would not pay the other costs back.")
    figure = Figure(
        f"{STEP}.fees_that_turn",
        "Fees in all at which it would just pay back",
        max(0.0, turn.likely),
        "money",
        "estimated",
        say(
            "what likely orders leave, less all costs but fees; planned are {fees}", fees=Money(fees_of(mix))
        ),
        low=max(0.0, turn.low),
        high=max(0.0, turn.high),
        note=even if turn.likely <= 0 else "",
    )
    return [figure, *notes]


def _needed(needed: Range, stage: str) -> Wording:
    """`359 orders (321 to 470)`."""
    figure = so_many(stage, at_least(needed.likely))
    if math.isinf(needed.high):
        return say("{figure} ({low} or more)", figure=figure, low=Quantity(needed.low, "number", 0, "low"))
    if needed.high - needed.low < 1:
        return figure
    return say("{figure} ({low} to {high})", figure=figure, **ends(needed.low, needed.high, "number"))


def _likely(book: Book, mix: Mix, advised: Verdict) -> Wording | None:
    """`public figures and your own past make 91 likely (17 to 400)`; `None` where nothing can be forecast."""
    if advised.likely is None:
        return None
    figure: Wording
    low, middle, high = advised.likely
    number, (low, high) = round_far(middle), far_ends(low, high)
    if number == 0:
        figure = say("none")
    else:  # the need beside it names what is counted
        figure = so_many(advised.stage, number) if advised.needed is None else Count(number)
    rests_on = basis(book, chain(book, mix.people), advised.stage)
    text = say("{basis} make {middle} likely", basis=rests_on, middle=figure)
    return say("{text} ({low} to {high})", text=text, **ends(low, high, "number")) if low < high else text


def _not_yet(mix: Mix, advised: Verdict, likely: Wording | None) -> Wording:
    """What is not known, and what is likely all the same."""
    unknown = [_UNKNOWN[key] for key in advised.missing if key in _UNKNOWN]
    values = {"word": WORDS["not yet"], "after": likely or _NOTHING_SAYS}
    if unknown:
        return say(
            "{word}: without {unknown} nobody can say how many orders pay {cost} back; {after}.",
            unknown=joined(unknown, last="and"),
            cost=Money(mix.cost),
            **values,
        )
    if "target" in advised.missing:
        return say("{word}: no target was set, so nothing says what is enough; {after}.", **values)
    needed = _needed(advised.needed, advised.stage) if advised.needed else ""
    return say("{word}: it needs about {needed}, and {after}.", needed=needed, **values)


_NOTHING_SAYS = say("neither followers nor views of these creators say what is likely")
