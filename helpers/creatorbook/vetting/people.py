"""Whether the same people comment first together, post after post, here and under other listed accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.stats.cocommenting import chance_of_group, early_regulars, places
from creatorbook.vetting.accounts import remember
from creatorbook.vetting.comments import by_others
from creatorbook.vetting.growth import limits

if TYPE_CHECKING:
    from creatorbook.book import Book

#: members of a group that must come early elsewhere too, for the group to count as seen there
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
    """Groups who comment early together: size, posts, of, chance, elsewhere (accounts), per account.

    Only groups that shuffling seldom makes and that are found early under other listed accounts too: an
    active small community is early too, but at home only.
    """
    return remember(book.tables, "groups", lambda: _groups(book))


def _groups(book: Book) -> pd.DataFrame:
    told, placed = limits("same_commenters"), _placed(book)
    regulars = early_regulars(placed, told["place"])
    members = {account: set(part.commenter) for account, part in regulars.groupby("account", sort=True)}
    large = {account: group for account, group in members.items() if len(group) >= told["min_group"]}
    rows = []
    for account, group in large.items():
        elsewhere = [
            other for other, theirs in members.items() if other != account and len(group & theirs) >= SHARED
        ]
        if len(elsewhere) < told["elsewhere"]:
            continue
        chance = chance_of_group(placed[placed.account == account], len(group), told["place"])
        mine = regulars[regulars.account == account]
        rows.append(
            {
                "account": account,
                "size": len(group),
                "posts": int(mine.posts.median()),
                "of": int(mine.of.iloc[0]),
                "chance": chance,
                "elsewhere": elsewhere,
            }
        )
    columns = ["account", "size", "posts", "of", "chance", "elsewhere"]
    found = pd.DataFrame(rows, columns=columns).set_index("account")
    return found[found.chance <= told["chance"]]
