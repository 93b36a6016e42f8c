"""What was decided on each account, and the order in which accounts are decided on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.memo import per_book
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.checks_done import checks_done
from creatorbook.vetting.found_signals import found_signals

if TYPE_CHECKING:
    from creatorbook.book import Book


@per_book
def last_decisions(book: Book) -> pd.DataFrame:
    """The latest decision per account: date, decision, reason, note, by. A decision is about the handle."""
    accounts = listed_accounts(book)
    if book.decisions.empty:
        return pd.DataFrame(columns=["date", "decision", "reason", "note", "by"])
    latest = book.decisions.sort_values("date", kind="stable").drop_duplicates("handle", keep="last")
    decisions = latest.set_index("handle").reindex(accounts.handle).set_index(accounts.index)
    return decisions.dropna(subset=["decision"])[["date", "decision", "reason", "note", "by"]]


@per_book
def ordered(book: Book) -> pd.DataFrame:
    """All accounts in the default order, with `decision`, `done` (checks) and `signals` (things to look at).

    Own decision first (shortlist, ask for more, none yet, not this time), then more checks done, then fewer
    things to look at, then larger accounts, then by name.
    """
    accounts, decided = listed_accounts(book), last_decisions(book)
    counts = found_signals(book).account.value_counts()
    frame = accounts.assign(
        decision=decided.decision.reindex(accounts.index),
        reason=decided.reason.reindex(accounts.index),
        done=checks_done(book).sum(axis=1),
        signals=counts.reindex(accounts.index).fillna(0),
    )
    places = {"Shortlist": 0, "Ask for more": 1, "Not this time": 3}
    frame["place"] = frame.decision.map(places).fillna(2)
    return frame.sort_values(
        ["place", "done", "signals", "followers", "called"],
        ascending=[True, False, True, False, True],
        kind="stable",
        na_position="last",
    )


def asked(accounts: pd.DataFrame) -> pd.Series:
    """What each account costs before it sells anything: fee and gift at cost; missing while the fee is."""
    return accounts.fee + accounts.gift_cost.fillna(0)
