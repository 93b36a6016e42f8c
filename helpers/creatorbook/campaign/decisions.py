"""What was decided on creators in `decisions.csv`: the last word on each account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.memo import per_book
from creatorbook.text.handles import plain_handles

if TYPE_CHECKING:
    from creatorbook.book import Book

SHORTLIST = "Shortlist"
ASK_FOR_MORE = "Ask for more"
NOT_THIS_TIME = "Not this time"


@per_book
def last_decisions(book: Book) -> pd.DataFrame:
    """The latest row of `decisions.csv` per account, by its plain handle. A decision is about the handle."""
    return _last(book.decisions)


@per_book
def decisions_for_the_campaign(book: Book) -> pd.DataFrame:
    """The same, of the decisions taken before the campaign was over: later ones are about the next."""
    if "date" not in book.decisions:
        return last_decisions(book)
    return _last(book.decisions[~(book.decisions["date"] > pd.Timestamp(book.campaign.end))])


def decided_against(book: Book) -> set[str]:
    """Plain handles whose last decision is against them."""
    decisions = last_decisions(book)["decision"]
    return set(decisions.index[decisions == NOT_THIS_TIME])


def _last(decisions: pd.DataFrame) -> pd.DataFrame:
    if decisions.empty:
        return pd.DataFrame({"decision": pd.Series(dtype="str")})
    rows = decisions.sort_values("date", kind="stable") if "date" in decisions else decisions
    rows = rows.assign(handle=plain_handles(rows["handle"]))
    return rows.drop_duplicates("handle", keep="last").set_index("handle")
