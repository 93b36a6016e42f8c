"""The review sheet: one person's marks for one creator's posts, a line in `exports/review_sheet.csv`, read like any export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from creatorbook.book import Book
from creatorbook.client.forgotten import forgotten_in
from creatorbook.client.hand_sheets import hand_sheets
from creatorbook.client.records import read_rows
from creatorbook.client.writing import append_rows, writing
from creatorbook.findings import Text, joined, say
from creatorbook.problems import Problem
from creatorbook.text.handles import plain_name
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.agreement import last_reviews

#: scale of `packs/rubric.yml` and column of the sheet → its name on a form
SCALES = {"style": "Style", "values": "Values", "authenticity": "Own voice"}
SHEET = "review_sheet.csv"


def own_marks(book: Book, account: str, reviewer: str) -> dict[str, Any]:
    """What a reviewer last marked of an account: scale → mark, and `own_words`; empty where there is nothing."""
    if not reviewer.strip():
        return {}
    platform, _, handle = account.partition("/")
    written = [
        {**{scale: float(row[scale]) for scale in SCALES if row[scale]}, "own_words": row["own words"]}
        for row in _rows(book)
        if (row["handle"], row["platform"]) == (handle, platform)
        and plain_name(row["reviewer"]) == plain_name(reviewer)
    ]
    if written:
        return written[-1]
    reviews = last_reviews(book).dropna(subset=["reviewer"])
    own = reviews[(reviews.account == account) & (reviews.reviewer.map(plain_name) == plain_name(reviewer))]
    return (
        {str(name): cell for name, cell in own[[*SCALES, "own_words"]].iloc[-1].dropna().items()}
        if len(own)
        else {}
    )


def add_marks(
    book: Book, account: str, reviewer: str, marks: Mapping[str, Any], own_words: str, on: date
) -> Text:
    """Add a line to the client's review sheet; what was written, in a sentence.

    Args:
        book: the campaign.
        account: one of `listed_accounts`.
        reviewer: who looked.
        marks: scale → 1 to 5, or nothing where no mark is given.
        own_words: what they say of the posts.
        on: the day.

    Raises:
        Problem: nobody signs, nothing is marked, a mark is not 1 to 5, the creator is forgotten, or the sheet has other
            columns.
    """
    given = {scale: _mark(scale, marks[scale]) for scale in SCALES if marks.get(scale) not in (None, "")}
    if not reviewer.strip():
        raise Problem("a review is signed", todo="Write your name first.")
    if not given and not own_words.strip():
        raise Problem("nothing is marked", todo="Give at least one mark, or say it in your own words.")
    row, folder = listed_accounts(book).loc[account], book.client.folder
    if forgotten_in(folder).name(str(row.handle)):
        raise Problem("this creator asked to be forgotten", todo="Nothing was written down.")
    cells = {
        "handle": str(row.handle),
        "platform": str(row.platform),
        "reviewer": reviewer.strip(),
        "reviewed on": on.isoformat(),
    }
    cells |= {"own words": own_words.strip()} | {scale: str(mark) for scale, mark in given.items()}
    with writing(folder):
        _rows(book)  # a sheet with other columns would lose what is added
        append_rows(folder / "exports" / SHEET, [cells], _columns())
    words = joined(
        say("{scale} {mark} of 5", scale=SCALES[scale], mark=mark) for scale, mark in given.items()
    )
    return say(
        "{creator}: {marks}, written on the review sheet.",
        creator=row.called,
        marks=words if given else say("own words"),
    )


def _rows(book: Book) -> list[dict[str, Any]]:
    return read_rows(book.client.folder / "exports" / SHEET, _columns(), forgotten_in(book.client.folder))


def _columns() -> tuple[str, ...]:
    return next(sheet.columns for sheet in hand_sheets() if sheet.file == SHEET)


def _mark(scale: str, raw: Any) -> int:
    number = pd.to_numeric(raw, errors="coerce")
    if number not in range(1, 6):
        raise Problem(f"“{raw}” is not a mark for {SCALES[scale].lower()}", todo="Marks are 1, 2, 3, 4 or 5.")
    return int(number)
