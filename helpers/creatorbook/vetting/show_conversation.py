"""Do they talk to each other: whether creators answer, and whether comments say something."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Column, Findings, Note, Table, Text, number_of, say
from creatorbook.stats.intervals import share_interval
from creatorbook.vetting import comments
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.wording import CREATOR, one_note

if TYPE_CHECKING:
    from creatorbook.book import Book

#: where counts come from, in a cell
SOURCES: dict[str, Text] = {
    "comments file": say("comments file"),
    "count by hand": say("count by hand"),
}


def conversation(book: Book) -> Findings:
    """Whether the creator answers, and whether comments say something; from files or counts by hand."""
    accounts, replies, specific = listed_accounts(book), comments.replies(book), comments.specific(book)
    if replies.empty and specific.empty:
        return one_note(
            book,
            say(
                "Whether they talk to each other is not checked yet. The 20-comment tally and the reply count (3 posts × 10 comments) take minutes per creator; anyone can fill them."
            ),
            "unknown",
        )
    frame = accounts[["called"]].join(_shares(replies, "answered")).join(_shares(specific, "specific"))
    frame = frame.dropna(how="all", subset=["answered_share", "specific_share"])
    columns = (
        {"called": CREATOR}
        | _columns(frame, "answered", say("Answered by the creator"))
        | _columns(frame, "specific", say("Say something specific"))
    )
    for name in ("answered_source", "specific_source"):
        frame[name] = frame[name].map(SOURCES)
    table = Table("vetting.conversation", "Do they talk to each other?", frame, columns, rows=12)
    notes = _notes(len(accounts), len(accounts) - len(replies), len(accounts) - len(specific))
    return Findings("vetting", (table, *notes), book.formats)


def _columns(frame: pd.DataFrame, part: str, label: Text) -> dict[str, Column]:
    """The columns of one part; none where nobody's is known."""
    if frame[f"{part}_share"].isna().all():
        return {}
    columns = {
        f"{part}_counted": Column(label, grade="counted"),
        f"{part}_share": Column("Share", "percent", missing="not checked"),
        f"{part}_low": Column("Likely from", "percent", grade="estimated", missing="not checked"),
        f"{part}_high": Column("to", "percent", grade="estimated", missing="not checked"),
    }
    if frame[f"{part}_source"].nunique() > 1:
        columns[f"{part}_source"] = Column("From")
    return columns


def _shares(counts: pd.DataFrame, part: str) -> pd.DataFrame:
    """`k of n`, share and range per account."""
    pairs = list(zip(counts[part], counts.looked_at, strict=True))
    ranges = [share_interval(k, n) for k, n in pairs]
    return pd.DataFrame(
        {
            f"{part}_counted": [say("{part} of {all}", part=round(k), all=round(n)) for k, n in pairs],
            f"{part}_share": counts[part] / counts.looked_at,
            f"{part}_low": [low for low, _ in ranges],
            f"{part}_high": [high for _, high in ranges],
            f"{part}_source": counts.source,
        },
        index=counts.index,
    )


def _notes(accounts: int, without_replies: int, without_specific: int) -> list[Note]:
    """For how many accounts answers and comments are not checked, and what counts as specific."""
    notes = []
    if without_replies:
        text = say(
            "Answers: not checked for {n} of {accounts}; the reply count by hand would do it.",
            n=without_replies,
            accounts=number_of("account", accounts),
        )
        notes.append(Note(text, "unknown"))
    if without_specific:
        text = say(
            "Comments: not checked for {n} of {accounts}; the 20-comment tally by hand would do it.",
            n=without_specific,
            accounts=number_of("account", accounts),
        )
        notes.append(Note(text, "unknown"))
    notes.append(
        Note(
            "A comment counts as specific if something in it is more than an emoji, a mention, one word or words that fit under any post; "
            "a rule for reading quickly, which a person should check on twenty comments.",
            "method",
        )
    )
    return notes
