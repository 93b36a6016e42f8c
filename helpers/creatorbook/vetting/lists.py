"""The lists that leave the workbook: who is in, whom to write to, who is not in and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.decisions import ASK_FOR_MORE, NOT_THIS_TIME, SHORTLIST
from creatorbook.packs import pack
from creatorbook.text.handles import persons
from creatorbook.text.plain_text import csv_bytes
from creatorbook.vetting.accounts import platform_name
from creatorbook.vetting.checks_done import not_checked
from creatorbook.vetting.decided import last_decisions, ordered
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


def lists(book: Book) -> dict[str, pd.DataFrame]:
    """File name → table: shortlist, outreach list with what to ask, and those left out with the reason.

    Accounts without a decision stand in `open.csv`, so that nobody is dropped without a line.
    """
    frame, decided = ordered(book), last_decisions(book)
    told = frame.assign(
        creator=persons(frame),
        platform=frame.platform.map(platform_name),
        found_through=frame.source,
        decision=frame.decision.fillna("open"),
        note=decided.note.reindex(frame.index),
        decided_by=decided.by.reindex(frame.index),
        decided_on=decided.date.reindex(frame.index),
    )[ABOUT]
    told = told.assign(decided_on=pd.to_datetime(told.decided_on).dt.strftime("%Y-%m-%d"))
    wanted = told[told.decision.isin([SHORTLIST, ASK_FOR_MORE])]
    outreach = wanted.assign(to_ask=[_to_ask(book, account) for account in wanted.index])
    return {
        "shortlist.csv": told[told.decision == SHORTLIST],
        "outreach.csv": outreach,
        "not-this-time.csv": told[told.decision == NOT_THIS_TIME],
        "open.csv": told[told.decision == "open"],
    }


def _to_ask(book: Book, account: str) -> str:
    """The question of each signal, and the files that the creator has."""
    found, packed = found_signals(book), pack("signals")["signals"]
    signals = found.loc[found.account == account, "signal"]
    files = [check["file"] for check in not_checked(book, account) if check["who"].startswith("the creator")]
    return " ".join([*(packed[name]["ask"] for name in signals), *(f"May we have {file}?" for file in files)])


def files(book: Book) -> dict[str, bytes]:
    """The lists as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe."""
    return {name: csv_bytes(frame) for name, frame in lists(book).items()}
