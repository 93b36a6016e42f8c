"""What was decided on each account, and the order in which accounts are decided on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign import decisions
from creatorbook.campaign.decisions import ASK_FOR_MORE, NOT_THIS_TIME, SHORTLIST
from creatorbook.finance.costs import commission_rates, planned_fees, planned_own_cost, with_rates_on_fee
from creatorbook.finance.economics import UnitEconomics, with_commission
from creatorbook.memo import per_book
from creatorbook.text.handles import persons
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.checks_done import checks_done
from creatorbook.vetting.found_signals import found_signals
from creatorbook.vetting.second_review import decisions_kept_back

if TYPE_CHECKING:
    from creatorbook.book import Book


@per_book
def shown_decisions(book: Book) -> pd.DataFrame:
    """The decisions that a page may show: all, but what is kept back for a second review."""
    return decisions_by_account(book).drop(index=list(decisions_kept_back(book)), errors="ignore")


@per_book
def decisions_by_account(book: Book) -> pd.DataFrame:
    """The latest decision per account: date, decision, reason, note, by. A decision is about the handle."""
    return by_account(listed_accounts(book), decisions.last_decisions(book))


def by_account(accounts: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """Decisions by plain handle (`campaign.decisions.standing`) as decisions of the accounts."""
    if last.empty:  # none on file, or all about a later campaign
        return pd.DataFrame(columns=["date", "decision", "reason", "note", "by"])
    rows = last.reindex(accounts.handle).set_index(accounts.index)
    return rows.dropna(subset=["decision"])[["date", "decision", "reason", "note", "by"]]


@per_book
def ordered(book: Book) -> pd.DataFrame:
    """All accounts in the default order, with `decision`, `done` (checks) and `signals` (things to look at).

    A decision that is kept back for a second review counts as none. Own decision first (shortlist, ask for more, none yet, not this time), then more checks done, then fewer
    things to look at, then larger accounts, then by name.
    """
    accounts, decided = listed_accounts(book), shown_decisions(book)
    counts = found_signals(book).account.value_counts()
    frame = accounts.assign(
        decision=decided.decision.reindex(accounts.index),
        reason=decided.reason.reindex(accounts.index),
        done=checks_done(book).sum(axis=1),
        signals=counts.reindex(accounts.index).fillna(0),
    )
    places = {SHORTLIST: 0, ASK_FOR_MORE: 1, NOT_THIS_TIME: 3}
    frame["place"] = frame.decision.map(places).fillna(2)
    return frame.sort_values(
        ["place", "done", "signals", "followers", "called"],
        ascending=[True, False, True, False, True],
        kind="stable",
        na_position="last",
    )


def asked(book: Book, accounts: pd.DataFrame) -> pd.Series:
    """What each account's creator costs before anything is sold, as a plan reckons; missing while the fee is."""
    creators = persons(accounts)
    return creators.map(planned_own_cost(book)).astype(float).where(creators.isin(planned_fees(book).index))


def cost_at(book: Book, creator: str, fee: float) -> float:
    """What a creator costs before anything is sold if this is the fee: gift, levy and hours as a plan reckons them."""
    now, fees = planned_own_cost(book).get(creator, 0.0), planned_fees(book)
    change = with_rates_on_fee(book, pd.Series([fee - fees.get(creator, 0.0)]))
    return round(float(now + change.iloc[0]), 2)


def order_of(book: Book, account: pd.Series, unit: UnitEconomics) -> UnitEconomics:
    """What an order of this account leaves (contribution margin) at its creator's own commission."""
    person = persons(account.to_frame().T).iloc[0]
    return with_commission(unit, commission_rates(book).get(person))
