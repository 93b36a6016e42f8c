"""Whether the same people comment first together, post after post, here and under other listed accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm

from creatorbook.stats.cocommenting import earliness, places, returning, shared_regulars
from creatorbook.vetting.accounts import remember
from creatorbook.vetting.comments import by_others
from creatorbook.vetting.limits import limits

if TYPE_CHECKING:
    from creatorbook.book import Book

#: other accounts that are asked whether the group comes early there too
MOST = 5
#: visits by others who come as often, from which the group is compared with them
OTHERS = 10


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

    A group are people who return under posts of an account and of another listed account, several together. It
    counts if they come earlier than shuffled times allow (`chance`), here and under the other accounts taken
    together: earlier than all who comment, and earlier than the others who come as often. The second spares an active
    small community, where everybody is quick. It also counts if they write most of the comments there are
    (`part`) and are not slower than others, which leaves little order to test.
    """
    return remember(book.tables, "groups", lambda: _groups(book))


def _groups(book: Book) -> pd.DataFrame:
    told, placed = limits("same_commenters"), _placed(book)
    regular = returning(placed, int(told["returns"]))
    shared = shared_regulars(regular, int(told["min_group"]), int(told["everywhere"]))
    wanted = shared.account.unique()
    visits = dict(tuple(placed[placed.account.isin(wanted)].groupby("account", sort=False)))
    known = {
        str(account): set(part.commenter)
        for account, part in regular[regular.account.isin(wanted)].groupby("account", sort=False)
    }
    rows = [
        row
        for account, part in shared.groupby("account", sort=True)
        if (row := _group(str(account), part, known, visits))
    ]
    columns = ["account", "size", "posts", "of", "part", "chance", "elsewhere"]
    return pd.DataFrame(rows, columns=columns).set_index("account")


def _group(
    account: str, shared: pd.DataFrame, known: dict[str, set[str]], visits: dict[str, pd.DataFrame]
) -> dict[str, object] | None:
    """One account's group with its evidence; nothing if order and part are ordinary."""
    told, mine, group = limits("same_commenters"), visits[account], set(shared.commenter)
    theirs = mine[mine.commenter.isin(group)]
    part = len(theirs) / len(mine)
    others = list(shared.elsewhere.value_counts().index[:MOST])
    people = {account: group, **{other: group & known[other] for other in others}}
    chance = _chance([earliness(visits[other], who) for other, who in people.items()])
    faithful = _chance([earliness(_as_faithful(visits[other], who), who) for other, who in people.items()])
    early = chance <= told["chance"] and faithful <= told["chance_among_regulars"]
    if not early and (part < told["part"] or faithful > 0.5):
        return None
    return {
        "account": account,
        "size": len(group),
        "posts": int(theirs.groupby("commenter").post_id.nunique().median()),
        "of": mine.post_id.nunique(),
        "part": part,
        "chance": chance,
        "elsewhere": sorted(shared.elsewhere.unique()),
    }


def _as_faithful(visits: pd.DataFrame, group: set[str]) -> pd.DataFrame:
    """The visits of people who come about as often as the group does: at least half as often as its middle member.

    Where hardly anybody else does, all who return stand in, and then all there are.
    """
    often = visits.groupby("commenter").size()
    middle = float(often[often.index.isin(group)].median())
    for least in (middle / 2, 2, 1):
        kept = visits[visits.commenter.isin(often.index[often >= least])]
        if (~kept.commenter.isin(group)).sum() >= OTHERS:
            break
    return kept


def _chance(z: list[float]) -> float:
    """How often chance alone brings so much earliness, all accounts together (Stouffer); 1 where nothing is known."""
    known = np.array([value for value in z if value == value])
    return float(norm.sf(known.sum() / np.sqrt(len(known)))) if len(known) else 1.0
