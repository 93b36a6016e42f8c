"""What the last campaign marked people with, and what was decided since: who is stopped, and which advice was not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.campaign.decisions import NOT_THIS_TIME, SHORTLIST, known_decisions
from creatorbook.campaign.roster import persons_named
from creatorbook.history.past_records import past_records
from creatorbook.memo import per_book_free_of

if TYPE_CHECKING:
    from creatorbook.book import Book

#: the rule's word for whom to stop
STOP, RENEW = "stop", "renew"


@per_book_free_of(MONEY_AND_CREDIT)
def last_marks(book: Book) -> pd.DataFrame:
    """By person the last campaign on record, what it advised, and what somebody decided since and why.

    Columns: campaign, advice, decision, reason, by, decided_on; empty where nothing was advised or decided.
    """
    return marks_of(book, past_records(book))


def marks_of(book: Book, records: pd.DataFrame) -> pd.DataFrame:
    """The same by these records (rows of `past_records` or `known_records`)."""
    last = records.drop_duplicates("person", keep="last").set_index("person")
    marks = last[["campaign", "ends_on", "advice"]].fillna({"advice": ""})
    decided = _decided_since(book, last.ends_on)
    return marks.join(decided).fillna({"decision": "", "reason": "", "by": ""})


def _decided_since(book: Book, since: pd.Series) -> pd.DataFrame:
    """The last decision on each person after the campaign that is on record of them."""
    rows = known_decisions(book)
    columns = {"decision": "decision", "reason": "reason", "by": "by", "date": "decided_on"}
    if rows.empty or since.empty:
        return pd.DataFrame(columns=list(columns.values()))
    rows = rows[rows["date"] <= pd.Timestamp(book.as_of)]
    rows = rows.assign(person=persons_named(book, rows["handle"])).dropna(subset="person")
    rows = rows[rows["date"] > pd.to_datetime(rows["person"].map(since.to_dict()))].sort_values(
        "date", kind="stable"
    )
    return (
        rows.drop_duplicates("person", keep="last").set_index("person")[list(columns)].rename(columns=columns)
    )


@per_book_free_of(MONEY_AND_CREDIT)
def stopped_without_reason(book: Book) -> list[str]:
    """People whom their last campaign on record says to stop, and whom nobody has shortlisted since with a reason."""
    marks = last_marks(book)
    stated = (marks.decision == SHORTLIST) & (marks.reason != "")
    return sorted(marks.index[(marks.advice == STOP) & ~stated])


@per_book_free_of(MONEY_AND_CREDIT)
def renewals_declined(book: Book) -> pd.DataFrame:
    """People whom their last campaign on record advised to renew and somebody decided against since (as `last_marks`)."""
    marks = last_marks(book)
    return marks[(marks.advice == RENEW) & (marks.decision == NOT_THIS_TIME)]
