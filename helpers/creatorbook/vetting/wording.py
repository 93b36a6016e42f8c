"""Words and small parts of sentences that the vetting steps share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Column, Count, Day, Findings, Note, NoteKind, Text, say

if TYPE_CHECKING:
    from creatorbook.book import Book


#: the first column of every table about accounts
CREATOR = Column("Creator")

#: what posts count, and what rates are taken of
COUNT_NAMES: dict[str, Text] = {
    "likes": say("likes"),
    "comments": say("comments"),
    "saves": say("saves"),
    "shares": say("shares"),
    "views": say("views"),
    "reach": say("reach"),
    "followers": say("followers"),
}

#: what people judge, and the other parts of a score
PART_NAMES: dict[str, Text] = {
    "response": say("response"),
    "conversation": say("conversation"),
    "answers": say("answers"),
    "audience": say("audience"),
    "style": say("style"),
    "values": say("values"),
    "authenticity": say("authenticity"),
    "price": say("price"),
    "decision": say("decision"),
}


def one_note(book: Book, text: Text, kind: NoteKind = "finding") -> Findings:
    """Findings of one sentence."""
    return Findings("vetting", (Note(text, kind),), book.formats)


def day_span(start: pd.Timestamp, end: pd.Timestamp) -> Text:
    """`2 Mar 2026`, or `2 Mar 2026 to 4 Mar 2026`."""
    return Day(start) if start == end else say("{first} to {last}", first=Day(start), last=Day(end))


def plain_decimals(value: float) -> Count:
    """A mark or a threshold with the decimals it has, as packs and sheets write it: `3`, `2.5`."""
    return Count(value, len(f"{value:g}".partition(".")[2]))
