"""What people say under creators' posts, in words: praise, questions, complaints, counted by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Column, Count, Findings, Note, Table, Text, ends, say
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.feedback import feedback_meaning, feedback_shares, kind_name, usual_feedback
from creatorbook.vetting.wording import CREATOR, one_note

if TYPE_CHECKING:
    from creatorbook.book import Book

NOT_COUNTED = say(
    "What people say in words is not counted yet. The feedback sheet does it: 20 comments per creator, each put into one "
    "column; “python3 workbook.py new” makes the empty sheet."
)


def feedback(book: Book) -> Findings:
    """What people say under each creator's usual posts, by hand-counted kinds, and what it asks for.

    Table `vetting.feedback`: one row per account, one column per kind counted (`4 of 20, likely 10 % to 38 %`).
    """
    lines = usual_feedback(book)
    shares = feedback_shares(lines)
    if shares.empty:  # no line on file, or none with a kind filled in
        return one_note(book, NOT_COUNTED, "unknown")
    called = listed_accounts(book).called
    rows = {account: _cells(part) for account, part in lines.groupby("account")}
    frame = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=["counted", *shares.index])
    frame.insert(0, "called", called.reindex(frame.index))
    columns = {
        "called": CREATOR,
        "counted": Column("Comments counted", "number", grade="counted"),
    } | {kind: Column(kind_name(kind), grade="counted", missing="not counted") for kind in shares.index}
    table = Table(
        "vetting.feedback",
        "What people say under their posts, in words",
        frame.sort_values("called", kind="stable"),
        columns,
        rows=12,
    )
    note = say(
        "A person read the comments and put each into one column; another person would put some elsewhere."
    )
    return Findings("vetting", (table, *feedback_meaning(shares), Note(note, "method")), book.formats)


def _cells(lines: pd.DataFrame) -> dict[str, Text | float]:
    """How many comments were counted, and of each kind how many of how many, with its range."""
    cells: dict[str, Text | float] = {"counted": float(lines.counted.sum())}
    for kind, share in feedback_shares(lines).iterrows():
        cells[str(kind)] = say(
            "{count} of {n}, likely {low} to {high}",
            count=Count(share["count"]),
            n=Count(share["n"]),
            **ends(share["low"], share["high"], "percent"),
        )
    return cells
