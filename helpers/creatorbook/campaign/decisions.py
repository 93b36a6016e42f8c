"""What was decided on creators in `decisions.csv`: the last word on each account, and what it makes of the person.

A decision is taken back by a further row, “Open again”: rows are only ever added. An account whose last row says so is not
decided, as if it had none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.roster import roster
from creatorbook.memo import per_book
from creatorbook.text.handles import as_last_written, plain_handles

if TYPE_CHECKING:
    from creatorbook.book import Book

SHORTLIST = "Shortlist"
ASK_FOR_MORE = "Ask for more"
NOT_THIS_TIME = "Not this time"
OPEN_AGAIN = "Open again"


def known_decisions(book: Book) -> pd.DataFrame:
    """The rows of `decisions.csv` that a report knows, oldest first.

    Plan and pulse of a campaign that is long over do not know what was decided on the next one.
    """
    return book.decisions if book.stage == "results" else _until_the_end(book)


@per_book
def last_decisions(book: Book) -> pd.DataFrame:
    """The latest known row of `decisions.csv` per account, by its plain handle. A decision is about the handle.

    Accounts whose last row is “Open again” are left out.
    """
    return standing(known_decisions(book))


@per_book
def decisions_for_the_campaign(book: Book) -> pd.DataFrame:
    """The same, of the decisions taken before the campaign was over: later ones are about the next."""
    return standing(_until_the_end(book))


def _until_the_end(book: Book) -> pd.DataFrame:
    if "date" not in book.decisions:
        return book.decisions
    return book.decisions[~(book.decisions["date"] > pd.Timestamp(book.campaign.end))]


def of_the_person(book: Book, decided: pd.Series) -> pd.Series:
    """What the last decisions (plain handle → decision) make of each account's person; empty where nobody decided.

    One account is enough: “Not this time” goes before “Shortlist”, and that before “Ask for more”. The index is the
    creators list's.
    """
    person, own = roster(book)["person"], plain_handles(roster(book)["handle"]).map(decided)
    decisions = pd.Series("", index=person.index, dtype="str")
    for decision in (ASK_FOR_MORE, SHORTLIST, NOT_THIS_TIME):  # the last one here goes before the others
        decisions = decisions.mask(person.isin(person[own == decision]), decision)
    return decisions


@per_book
def decided_against(book: Book) -> set[str]:
    """Persons whom the campaign's decisions leave out, by any of their accounts."""
    decisions = of_the_person(book, decisions_for_the_campaign(book)["decision"])
    return set(roster(book)["person"][decisions == NOT_THIS_TIME])


def standing(decisions: pd.DataFrame) -> pd.DataFrame:
    """The decision that stands on each account, by its plain handle: its last row, unless that opens it again."""
    if decisions.empty:
        return pd.DataFrame({"decision": pd.Series(dtype="str")})
    rows = decisions.sort_values("date", kind="stable") if "date" in decisions else decisions
    rows = rows.assign(handle=plain_handles(rows["handle"]))
    rows = rows.drop_duplicates("handle", keep="last").set_index("handle")
    return rows[rows["decision"] != OPEN_AGAIN]


def verdicts(decisions: pd.DataFrame) -> pd.DataFrame:
    """What each person whose name is known decides on each account (handle, by, decision and the rest of the row).

    A person's last word counts; “Open again” takes their own back.
    """
    rows = decisions.assign(handle=plain_handles(decisions["handle"]), by=as_last_written(decisions["by"]))
    rows = rows.dropna(subset=["by"]).sort_values("date", kind="stable")
    rows = rows.drop_duplicates(["handle", "by"], keep="last")
    return rows[rows["decision"] != OPEN_AGAIN]
