"""The lists that leave the workbook: who is in, whom to write to, who is not in and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.decisions import ASK_FOR_MORE, NOT_THIS_TIME, SHORTLIST
from creatorbook.findings import packed, say, sentences, written
from creatorbook.packs import pack
from creatorbook.text.handles import persons
from creatorbook.text.plain_text import csv_bytes
from creatorbook.vetting.accounts import platform_name
from creatorbook.vetting.checks_done import not_checked
from creatorbook.vetting.decided import decisions_by_account, ordered
from creatorbook.vetting.found_signals import found_signals

if TYPE_CHECKING:
    from creatorbook.book import Book

ABOUT = [
    "creator",
    "handle",
    "platform",
    "followers",
    "fee",
    "found_through",
    "decision",
    "reason",
    "note",
    "decided_by",
    "decided_on",
]


def decision_lists(book: Book) -> dict[str, pd.DataFrame]:
    """File name → table: shortlist, outreach list with what to ask, and those left out with the reason.

    Accounts without a decision stand in `open.csv`, so that nobody is dropped without a line.
    """
    frame, decided = ordered(book), decisions_by_account(book)
    rows = frame.assign(
        creator=persons(frame),
        platform=frame.platform.map(platform_name),
        found_through=frame.source,
        decision=decided.decision.reindex(frame.index).fillna("open"),
        reason=decided.reason.reindex(frame.index),
        note=decided.note.reindex(frame.index),
        decided_by=decided.by.reindex(frame.index),
        decided_on=decided.date.reindex(frame.index),
    )[ABOUT]
    rows = rows.assign(decided_on=pd.to_datetime(rows.decided_on).dt.strftime("%Y-%m-%d"))
    wanted = rows[rows.decision.isin([SHORTLIST, ASK_FOR_MORE])]
    outreach = wanted.assign(to_ask=[_to_ask(book, account) for account in wanted.index])
    return {
        "shortlist.csv": rows[rows.decision == SHORTLIST],
        "outreach.csv": outreach,
        "not-this-time.csv": rows[rows.decision == NOT_THIS_TIME],
        "open.csv": rows[rows.decision == "open"],
    }


def _to_ask(book: Book, account: str) -> str:
    """The question of each signal, and the files that the creator has."""
    signals, kinds = found_signals(book), pack("signals")["signals"]
    questions = [packed(kinds[name]["ask"]) for name in signals.signal[signals.account == account]]
    decision_files = [
        check["file"] for check in not_checked(book, account) if check["who"].startswith("the creator")
    ]
    requests = [say("May we have {file}?", file=packed(file)) for file in decision_files]
    return written(sentences(*questions, *requests), book.formats)


def decision_files(book: Book) -> dict[str, bytes]:
    """The lists as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe."""
    return {name: csv_bytes(frame) for name, frame in decision_lists(book).items()}
