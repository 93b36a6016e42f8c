"""What creators' orders are judged beside, in words: wherever adjusted orders, decisions or the next wave are shown."""

from __future__ import annotations

from creatorbook.findings import Note, say, say_many, sentences
from creatorbook.roi.creator_results import CreatorResults


def exposure_note(results: CreatorResults) -> Note:
    """What orders are judged beside, where it comes from, and for how many creators no file has it."""
    kind, live = results.bought_with.kind, results.frame[results.frame.live]
    if kind is None:
        as_they_are = say(
            "Orders are compared as they are: neither reach, clicks, views, followers nor fees are on file for nearly all "
            "creators, so nobody knows what the orders were bought with."
        )
        return Note(as_they_are, "caution")
    without = int(live.creator.map(results.bought_with.amounts).isna().sum())
    text = say(
        "Judged on {measure} (from {source}). How orders grow with it is learned from these creators, and the next "
        "campaign is taken to have as much of it as this one.",
        measure=kind.judged_on,
        source=kind.source,
    )
    left = say_many(
        "For {n} creator no file has it: they are taken to have as much as others of their size and platform.",
        "For {n} creators no file has it: they are taken to have as much as others of their size and platform.",
        n=without,
    )
    return Note(sentences(text, left if without else None), "method")
