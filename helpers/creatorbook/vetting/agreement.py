"""Whether two reviewers see the same: where they do not, the accounts to talk about."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.decisions import known_decisions, verdicts
from creatorbook.memo import per_book
from creatorbook.text.handles import as_last_written
from creatorbook.vetting.accounts import listed_accounts, listed_rows

if TYPE_CHECKING:
    from creatorbook.book import Book

#: marks this near to each other are the same view of an account
NEAR = 1
SCALES = ("style", "values", "authenticity")


def agreements(book: Book) -> pd.DataFrame:
    """Accounts that two people judged: account, one, other (people), what, first, second, agreed.

    A mark of 1 to 5 agrees within one point; a decision agrees if it is the same. Each person's last word counts.
    """
    marks = _marks(book) if len(listed_rows(book, "reviews")) else _NONE
    pairs = pd.concat([part for part in (marks, _decisions(book)) if len(part)] or [_NONE])
    return pairs.sort_values(["agreed", "account", "what", "one", "other"], kind="stable", ignore_index=True)


@per_book
def last_reviews(book: Book) -> pd.DataFrame:
    """What each reviewer last said of each account: account, reviewer, the marks of `SCALES`, own_words.

    A mark left out later does not take back an earlier one. Reviews without a name are each by somebody else, so none
    replaces another; a review without a day counts as the earliest.
    """
    reviews = listed_rows(book, "reviews")
    reviews = reviews.assign(reviewer=as_last_written(reviews.reviewer))
    reviews = reviews.sort_values(["reviewed_on", "reviewer"], kind="stable", na_position="first")
    unnamed = pd.Series(range(len(reviews)), index=reviews.index).where(reviews.reviewer.isna(), -1)
    rows = reviews.groupby(
        ["account", reviews.reviewer.fillna("").rename("who"), unnamed.rename("unnamed")], sort=False
    )
    return rows[["reviewer", *SCALES, "own_words"]].last().reset_index(level="account").reset_index(drop=True)


def _marks(book: Book) -> pd.DataFrame:
    """Pairs of marks on one scale for one account, by people whose names are known."""
    reviews, rows = last_reviews(book).dropna(subset=["reviewer"]), []
    for scale in SCALES:
        marked = reviews.dropna(subset=[scale])
        marks = dict(zip(zip(marked.account, marked.reviewer, strict=True), marked[scale], strict=True))
        rows += _pairs(marks, scale, lambda one, other: abs(one - other) <= NEAR)
    return pd.DataFrame(rows, columns=_COLUMNS)


def _decisions(book: Book) -> pd.DataFrame:
    """Pairs of last decisions on one account, by people whose names are known."""
    accounts = listed_accounts(book).reset_index()[["account", "handle"]]
    rows = known_decisions(book)
    if rows.empty:
        return _NONE
    last = verdicts(rows)[["handle", "by", "decision"]]
    last = last.merge(accounts, on="handle")
    decisions = dict(zip(zip(last.account, last.by, strict=True), last.decision, strict=True))
    return pd.DataFrame(_pairs(decisions, "decision", lambda one, other: one == other), columns=_COLUMNS)


_COLUMNS = ["account", "one", "other", "what", "first", "second", "agreed"]
_NONE = pd.DataFrame(columns=_COLUMNS)


def _pairs(
    views: dict[tuple[str, str], Any], what: str, alike: Callable[[Any, Any], bool]
) -> list[tuple[Any, ...]]:
    """Each pair of people who judged the same account."""
    people: dict[str, list[str]] = {}
    for account, person in sorted(views):
        people.setdefault(account, []).append(person)
    pairs = [(account, *pair) for account, both in people.items() for pair in combinations(both, 2)]
    marks = [(views[account, one], views[account, other]) for account, one, other in pairs]
    return [(*pair, what, *both, bool(alike(*both))) for pair, both in zip(pairs, marks, strict=True)]


def marked_twice(book: Book) -> pd.DataFrame:
    """Marks that one person gave one account before the campaign's start and again from then on.

    Columns: account, what, reviewer, before, after (the last mark of each time), change; largest fall first.
    """
    reviews = listed_rows(book, "reviews")
    reviews = reviews.assign(reviewer=as_last_written(reviews.reviewer)).dropna(
        subset=["reviewer", "reviewed_on"]
    )
    if reviews.empty:
        return pd.DataFrame(columns=["account", "what", "reviewer", "before", "after", "change"])
    long = reviews.melt(["account", "reviewer", "reviewed_on"], list(SCALES), "what", "mark").dropna(
        subset=["mark"]
    )
    later = long.reviewed_on >= pd.Timestamp(book.campaign.start)
    last = long.sort_values("reviewed_on", kind="stable").groupby(
        ["account", "what", "reviewer", later.rename("later")], sort=True
    )
    wide = last.mark.last().unstack("later").reindex(columns=[False, True])
    wide = wide.dropna().rename(columns={False: "before", True: "after"}).reset_index()
    wide = wide.assign(change=wide.after - wide.before)
    return wide.sort_values(["change", "account", "what", "reviewer"], kind="stable", ignore_index=True)
