"""Sentences on who is out though a code of theirs is about, and on whose part nothing is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.campaign.people import in_question, out_with_traces
from creatorbook.findings import Note, joined, say, sentences
from creatorbook.text.states import OPEN

if TYPE_CHECKING:
    from creatorbook.book import Book

_MOST_NAMED = 5


def out_note(book: Book, slot: str = "", rank: int = 0) -> list[Note]:
    """People who are out and whose code was given before: what was issued is theirs, nothing new is."""
    people = out_with_traces(book)
    if people.empty:
        return []
    names = [
        say("{person} ({why}, {code})", person=row.person, why=row.why, code=row.code)
        for row in people.itertuples()
    ]
    text = sentences(
        say("Out, with a code from before: {people}.", people=joined(names, most=_MOST_NAMED)),
        say("Nothing new goes out to them; orders by these codes still count."),
        say("Whether the codes stay valid is for the brand to say."),
    )
    return [Note(text, "todo", slot=slot, owner="brand", due=book.as_of, rank=rank)]


def open_note(book: Book) -> list[Note]:
    """People in question of whom nothing says that they take part."""
    accounts = in_question(book)
    settled = accounts["person"][accounts["standing"] != OPEN]
    people = accounts[~accounts["person"].isin(settled)].drop_duplicates("person")
    if people.empty:
        return []
    people = people.sort_values("person", kind="stable")
    names = [say("{person} ({why})", person=row.person, why=row.why) for row in people.itertuples()]
    text = sentences(
        say("Not settled yet: {people}.", people=joined(names, most=_MOST_NAMED)),
        say("They are among these people, and count in results once they agree or post."),
    )
    return [Note(text, "caution")]
