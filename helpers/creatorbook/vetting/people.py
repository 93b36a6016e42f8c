"""Whether the same people comment first together, post after post, here and under other listed accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.stats.cocommenting import chance_of_group, places, regulars
from creatorbook.vetting.accounts import remember
from creatorbook.vetting.comments import by_others
from creatorbook.vetting.growth import limits

if TYPE_CHECKING:
    from creatorbook.book import Book

#: regulars that two accounts must share for them to count as visited by one group
SHARED = 3


def _placed(book: Book) -> pd.DataFrame:
    """Who came when under which post, for accounts with enough posts."""

    def make() -> pd.DataFrame:
        placed = places(by_others(book))
        posts = placed.groupby("account").post_id.nunique()
        enough = posts.index[posts >= limits("same_commenters")["min_posts"]]
        return placed[placed.account.isin(enough)]

    return remember(book.tables, "placed", make)


def checked(book: Book) -> pd.Index:
    """Accounts with enough posts whose comments say who wrote them and when."""
    return pd.Index(_placed(book).account.unique())


def groups(book: Book) -> pd.DataFrame:
    """Groups who comment together: size, posts, of, part, chance, elsewhere (accounts), per account.

    A group are the regulars of an account who are regulars of another listed account too; an active small
    community is at home in one place. It counts if they come early more often than shuffled times allow
    (`chance`), or if they write most of the comments there are (`part`), which leaves no order to test.
    """
    return remember(book.tables, "groups", lambda: _groups(book))


def _groups(book: Book) -> pd.DataFrame:
    told, placed = limits("same_commenters"), _placed(book)
    found = regulars(placed)
    early = _members(found[found.place <= told["place"]])
    rows = [
        row
        for account, everyone in _members(found).items()
        if (row := _group(account, everyone, _members(found), early, placed))
    ]
    columns = ["account", "size", "posts", "of", "part", "chance", "elsewhere"]
    return pd.DataFrame(rows, columns=columns).set_index("account")


def _members(found: pd.DataFrame) -> dict[str, set[str]]:
    return {str(account): set(part.commenter) for account, part in found.groupby("account", sort=True)}


def _group(
    account: str,
    everyone: set[str],
    regular: dict[str, set[str]],
    early: dict[str, set[str]],
    placed: pd.DataFrame,
) -> dict[str, object] | None:
    """One account's group with its evidence; nothing if there is none."""
    told = limits("same_commenters")
    elsewhere = [
        other for other, theirs in regular.items() if other != account and len(everyone & theirs) >= SHARED
    ]
    group = {name for other in elsewhere for name in everyone & regular[other]}
    if len(elsewhere) < told["elsewhere"] or len(group) < told["min_group"]:
        return None
    mine = placed[placed.account == account]
    theirs = mine[mine.commenter.isin(group)]
    part = len(theirs) / len(mine)
    first = early.get(account, set()) & group
    chance = 1.0
    if len(first) >= told["min_group"]:
        chance = chance_of_group(mine, len(early[account]), told["place"])
    if chance > told["chance"] and part < told["part"]:
        return None
    return {
        "account": account,
        "size": len(group),
        "posts": int(theirs.groupby("commenter").post_id.nunique().median()),
        "of": mine.post_id.nunique(),
        "part": part,
        "chance": chance,
        "elsewhere": elsewhere,
    }
