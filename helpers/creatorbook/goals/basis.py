"""What a forecast rests on, in a reader's words: published figures, the client's own past, or these creators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from creatorbook.findings import Wording, joined, say
from creatorbook.planning.chain import FACTORS, OWN_CREATORS, RATE_WORDS, ChainInput, factors_of
from creatorbook.planning.own_past import seen_before

if TYPE_CHECKING:
    from creatorbook.book import Book

PUBLIC, PAST, STATED = say("public figures"), say("your own past"), say("figures stated for this campaign")
OWN_SALES = say("your own campaigns' orders")
POSTS, AGREED = say("these creators' own posts"), say("agreements with these creators")


def basis(book: Book, inputs: Mapping[str, ChainInput], stage: str) -> Wording:
    """What stands behind a stage of the chain: `public figures and your own past`.

    Where clicks or orders are forecast, the rates say it: they are far less certain than what is agreed or seen.
    """
    if any(inputs[name].rests_on == OWN_CREATORS for name in factors_of(inputs, stage)):
        return OWN_SALES
    rates = [name for name in FACTORS[stage] if name in RATE_WORDS]
    factors = [inputs[name] for name in rates or FACTORS[stage] if name != "creators"]
    names = {item.rests_on for item in factors if item.rests_on}
    stated = names & set(book.campaign.assumptions)
    past = {name for name in names - stated if seen_before(book, name)}
    seen = not rates and any(
        not inputs[name].rests_on for name in FACTORS[stage] if name in {"views", "answers"}
    )
    # a published range that own campaigns have moved rests on both
    parts = [(PUBLIC, bool(names - stated)), (PAST, bool(past)), (STATED, bool(stated)), (POSTS, seen)]
    words = [part for part, there in parts if there]
    return joined(words or [AGREED], last="and")
