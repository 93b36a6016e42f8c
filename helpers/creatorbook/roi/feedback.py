"""What people said about the campaign, in words: praise, questions and complaints under its posts, counted by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.findings import Column, Count, Findings, Note, Table, joined, number_of, say, sentences
from creatorbook.vetting.feedback import campaign_feedback, feedback_meaning, feedback_shares, kind_name

if TYPE_CHECKING:
    from creatorbook.book import Book


def feedback(book: Book) -> Findings:
    """Shares of what comments under the campaign's posts are about, with range and n, and what they ask for.

    Table `roi.feedback`: what, count, n, share, low, high; from lines of feedback sheets that name this campaign.
    """
    lines = campaign_feedback(book)
    shares = feedback_shares(lines)
    if shares.empty:
        return Findings("roi", (_not_counted(book),), book.formats)
    frame = shares.assign(what=[kind_name(kind) for kind in shares.index])
    columns = {
        "what": Column("What comments are about"),
        "count": Column("Comments", "number", grade="counted"),
        "n": Column("of", "number"),
        "share": Column("Share", "percent", grade="counted"),
        "low": Column("Likely from", "percent", grade="estimated"),
        "high": Column("to", "percent", grade="estimated"),
    }
    creators = int(lines.handle.nunique())
    note = say(
        "Counted by hand under the posts of {creators}, each comment once; the range takes in that comments under one "
        "creator's posts are alike. Who stays silent is not in it.",
        creators=number_of("creator", Count(creators)),
    )
    if not creators:
        note = say("Counted by hand over all posts, each comment once. Who stays silent is not in it.")
    table = Table(
        "roi.feedback",
        "What people said about the campaign",
        frame[list(columns)],
        columns,
        note=note,
        reader="client",
    )
    return Findings("roi", (table, *feedback_meaning(shares)), book.formats)


def _not_counted(book: Book) -> Note:
    """That nothing is counted, and which other campaigns the sheets name: a name typed otherwise is another campaign's."""
    others = book.tables.feedback.campaign.dropna().drop_duplicates()
    text = say(
        "What people said in words is not counted yet: the feedback sheet does it, with the campaign's name in its column "
        "“campaign”; the empty sheet is made by “python3 workbook.py new”."
    )
    if len(others):
        named = say("The sheets on file name {campaigns}.", campaigns=joined(others, most=3))
        return Note(sentences(text, named), "unknown")
    return Note(text, "unknown")
