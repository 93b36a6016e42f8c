"""Whether the same people comment first together, post after post, here and under other listed accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from creatorbook.memo import remember
from creatorbook.stats.cocommenting import (
    comment_places,
    earliness,
    mutual,
    returning,
    same_order,
    shared_regulars,
)
from creatorbook.vetting.comments import by_others, listed_comments
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
        placed = comment_places(by_others(book))
        posts = placed.groupby("account").post_id.nunique()
        enough = posts.index[posts >= limits("same_commenters")["min_posts"]]
        return placed[placed.account.isin(enough)]

    return remember(book.tables, "placed", make)


def checked_accounts(book: Book) -> pd.Index:
    """Accounts with enough posts whose comments say who wrote them and when."""
    return pd.Index(_placed(book).account.unique())


def own_names(book: Book) -> pd.Series:
    """The creators' own names as commenters, by account, read from their answers under their own posts."""
    own = listed_comments(book)
    own = own[own.by_creator.fillna(value=False)].dropna(subset=["commenter"])
    often = own.groupby(["account", "commenter"]).size().reset_index(name="times")
    most = often.sort_values(["account", "times"], ascending=[True, False], kind="stable")
    return most.drop_duplicates("account").set_index("account").commenter


def mutual_visits(book: Book) -> pd.DataFrame:
    """Pairs of accounts whose creators comment under each other's posts more than chance brings about."""

    def make() -> pd.DataFrame:
        least = limits("same_commenters")
        pairs = mutual(_placed(book), own_names(book), int(least["returns"]))
        return pairs[pairs.chance <= least["chance_mutual"]]

    return remember(book.tables, "mutual_visits", make)


def commenting_groups(book: Book) -> pd.DataFrame:
    """Groups who comment together: size, posts, of, part, chance, why, mutual, order, elsewhere (accounts), per account.

    A group are people who return under posts of an account and of another listed account, several together. It
    counts (`why`) if they come earlier than shuffled times allow (`chance`), here and under the other accounts taken
    together: earlier than all who comment, and earlier than the others who come as often (“early”). The second
    spares an active small community, where everybody is quick. It also counts if they write most of the comments
    there are (`part`) and are not slower than others, which leaves little order to test (“part”).

    Where the creators comment under each other's posts too (`mutual`), which friends do as well, less is
    asked of the group, but still something: somewhat earlier than others who come as often, or always in
    the same order (`order`), or half of all comments.
    """
    return remember(book.tables, "groups", lambda: _groups(book))


COLUMNS = ["account", "size", "posts", "of", "part", "chance", "why", "mutual", "order", "elsewhere"]


def _groups(book: Book) -> pd.DataFrame:
    """Groups of commenters with their evidence, one row per account; see `commenting_groups`."""
    least, placed = limits("same_commenters"), _placed(book)
    # creators who visit each other are evidence of their own, and no yardstick for how quick others are
    creators = own_names(book).reindex(mutual_visits(book).account.unique())
    by_visitors = placed.commenter.isin(creators)
    # from here on people and posts are numbers in the order of their names, which are looked up far faster
    placed = placed.assign(
        **{name: pd.factorize(placed[name], sort=True)[0] for name in ("commenter", "post_id")}
    )
    regular = returning(placed, int(least["returns"]))
    shared = shared_regulars(regular, int(least["min_group"]), int(least["everywhere"]))
    wanted = shared.account.unique()
    others = placed[placed.account.isin(wanted) & ~by_visitors]
    others = others.assign(often=others.groupby(["account", "commenter"]).commenter.transform("size"))
    visits = dict(tuple(others.groupby("account", sort=False)))
    regulars = {
        str(account): set(part.commenter)
        for account, part in regular[regular.account.isin(wanted)].groupby("account", sort=False)
    }
    partners = mutual_visits(book).groupby("account").elsewhere.agg(set)
    rows = [
        row
        for account, part in shared.groupby("account", sort=True)
        if (row := _group(str(account), part, regulars, visits, partners.get(account, set())))
    ]
    return pd.DataFrame(rows, columns=COLUMNS).set_index("account")


def _group(
    account: str,
    shared: pd.DataFrame,
    regulars: dict[str, set[int]],
    visits: dict[str, pd.DataFrame],
    partners: set[str],
) -> dict[str, object] | None:
    """One account's group with its evidence; nothing if order and part are ordinary."""
    here, group = visits[account], set(shared.commenter)
    of_group = here[here.commenter.isin(group)]
    others = list(shared.elsewhere.value_counts().index[:MOST])
    people = {account: group, **{other: group & regulars[other] for other in others}}
    evidence: dict[str, Any] = {
        "part": len(of_group) / len(here),
        "chance": _chance([earliness(visits[other], who) for other, who in people.items()]),
        "faithful": _chance(
            [earliness(_as_faithful(visits[other], who), who) for other, who in people.items()]
        ),
        "mutual": sorted(partners & set(shared.elsewhere)),
        "order": float("nan"),
    }
    if evidence["mutual"]:
        evidence["order"] = same_order(pd.concat([visits[other] for other in people]), group)
    if not (why := _why(evidence)):
        return None
    return {
        **evidence,
        "account": account,
        "size": len(group),
        "posts": int(of_group.groupby("commenter").post_id.nunique().median()),
        "of": here.post_id.nunique(),
        "why": why,
        "elsewhere": sorted(shared.elsewhere.unique()),
    }


def _why(evidence: dict[str, Any]) -> str | None:
    """What makes a group count: “early”, “part” or “order”; nothing if all is ordinary."""
    least = limits("same_commenters")
    if evidence["chance"] <= least["chance"] and evidence["faithful"] <= least["chance_among_regulars"]:
        return "early"
    if evidence["part"] >= least["part"] and evidence["faithful"] <= 0.5:
        return "part"
    if not evidence["mutual"]:
        return None
    if (
        evidence["chance"] <= least["mutual_chance"]
        and evidence["faithful"] <= least["mutual_among_regulars"]
    ):
        return "early"
    if evidence["order"] <= least["same_order"]:
        return "order"
    return "part" if evidence["part"] >= least["mutual_part"] else None


def _as_faithful(visits: pd.DataFrame, group: set[int]) -> pd.DataFrame:
    """The visits of people who come about as often as the group does: at least half as often as its middle member.

    Where hardly anybody else does, all who return stand in, and then all there are.
    """
    member = visits.commenter.isin(group)
    middle = float(visits.often[member & ~visits.commenter.duplicated()].median())
    for least in (middle / 2, 2, 1):
        faithful = visits.often >= least
        if (faithful & ~member).sum() >= OTHERS:
            break
    return visits[faithful]


def _chance(z: list[float]) -> float:
    """How often chance alone brings so much earliness, all accounts together (Stouffer); 1 where nothing is known."""
    each = np.array([value for value in z if value == value])
    return float(norm.sf(each.sum() / np.sqrt(len(each)))) if len(each) else 1.0
