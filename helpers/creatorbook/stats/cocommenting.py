"""Groups who comment together: do the same people come earlier than shuffled times allow, here and elsewhere?"""

from __future__ import annotations

import numpy as np
import pandas as pd


def comment_places(comments: pd.DataFrame) -> pd.DataFrame:
    """One row per account, post and commenter, with `place`: 0 for the first comment, 1 for the last.

    Only a person's first comment under a post counts. Posts with fewer than four commenters say nothing
    about order and are left out.

    Args:
        comments: columns account, post_id, commenter, commented_at.
    """
    timed = comments.dropna(subset=["commenter", "commented_at"])
    # numbers in the order of the names are sorted and compared many times as fast as these
    numbers = {name: pd.factorize(timed[name], sort=True)[0] for name in ("account", "post_id", "commenter")}
    first = pd.DataFrame({**numbers, "at": timed.commented_at.to_numpy(), "row": np.arange(len(timed))})
    first = first.iloc[np.lexsort([first[name] for name in ("commenter", "at", "post_id", "account")])]
    first = first.drop_duplicates(["account", "post_id", "commenter"])
    grouped = first.groupby(["account", "post_id"], sort=False)
    rank, size = grouped.cumcount(), grouped.commenter.transform("size")
    frame = timed[["account", "post_id", "commenter"]].iloc[first.row].reset_index(drop=True)
    frame["place"] = (rank / (size - 1).where(size > 1)).to_numpy()
    return frame[(size >= 4).to_numpy()].reset_index(drop=True)


def returning(placed: pd.DataFrame, posts: int) -> pd.DataFrame:
    """Commenters found under at least so many of an account's posts: account, commenter, posts.

    Args:
        placed: columns account, post_id, commenter, one row per post and person (see `comment_places`).
        posts: at least.
    """
    regulars = placed.groupby(["account", "commenter"], sort=True).size().rename("posts").reset_index()
    return regulars[regulars.posts >= posts].reset_index(drop=True)


def shared_regulars(regulars: pd.DataFrame, least: int, everywhere: int) -> pd.DataFrame:
    """Who returns under two accounts that share at least so many such people.

    Args:
        regulars: account, commenter (see `returning`).
        least: people two accounts must share.
        everywhere: people who return under this many accounts are in no group; they are everywhere.

    Returns:
        account, commenter, elsewhere (another account), one row per person and pair of accounts.
    """
    counts = regulars.groupby("commenter").account.transform("size")
    several = regulars.loc[(counts > 1) & (counts < everywhere), ["account", "commenter"]]
    pairs = several.merge(several.rename(columns={"account": "elsewhere"}), on="commenter")
    pairs = pairs[pairs.account != pairs.elsewhere]
    size = pairs.groupby(["account", "elsewhere"]).commenter.transform("size")
    return pairs[size >= least].reset_index(drop=True)


def earliness(placed: pd.DataFrame, group: set[str]) -> float:
    """How much earlier a group comes than the others under the same posts, in standard deviations of chance.

    A permutation test: who comments under which post stays as it is, the order under each post is shuffled.
    Mean and spread of the group's places over all shuffles are known exactly (Strasser & Weber,
    Mathematical Methods of Statistics 8, 1999), so none is drawn.

    Args:
        placed: the rows of one account from `comment_places`, or of those people a group is to be compared with.
        group: commenters.

    Returns:
        Positive for early; NaN where no post has both members and others.
    """
    post, place = pd.factorize(placed.post_id, sort=True)[0], placed.place.to_numpy(dtype=float)
    order = np.lexsort((place, post))  # sums are the same to the last digit however the rows are sorted
    post, place, in_group = post[order], place[order], placed.commenter.isin(group).to_numpy()[order]
    n, members = np.bincount(post), np.bincount(post, in_group)
    mean = np.bincount(post, place) / n
    spread = np.bincount(post, (place - mean[post]) ** 2) / n
    total = float((members * (n - members) / np.maximum(n - 1, 1) * spread).sum())
    if not total > 0:
        return float("nan")
    return float(((members * mean).sum() - place[in_group].sum()) / np.sqrt(total))


def mutual(placed: pd.DataFrame, owners: pd.Series, posts: int) -> pd.DataFrame:
    """Accounts whose owners comment under each other's posts, and how easily that comes about.

    A permutation test: every owner keeps the number of accounts commented under, which ones are drawn anew. An owner
    who comments everywhere is easily met by chance; two who visit hardly anybody but each other are not.

    Args:
        placed: columns account, post_id, commenter (see `comment_places`).
        owners: the owner's name as a commenter, by account; accounts without one are not looked at.
        posts: posts of the other under which each must be found.

    Returns:
        account, elsewhere, chance (that both draw each other), both directions of each pair.
    """
    present = owners[owners.index.isin(placed.account)]
    who = pd.Series(present.index, index=present.to_numpy())
    visits = placed[placed.commenter.isin(present)]
    visits = visits.assign(visitor=visits.commenter.map(who[~who.index.duplicated()]))
    visits = visits[visits.visitor != visits.account]
    often = visits.groupby(["visitor", "account"]).post_id.nunique().reset_index()
    often = often[often.post_id >= posts]
    drawn = often.visitor.map(often.groupby("visitor").size()) / max(1, placed.account.nunique() - 1)
    one = often.assign(drawn=drawn)[["visitor", "account", "drawn"]]
    back = one.rename(columns={"visitor": "account", "account": "visitor", "drawn": "drawn_back"})
    pairs = one.merge(back, on=["visitor", "account"])
    pairs = pairs.assign(chance=pairs.drawn * pairs.drawn_back).rename(columns={"visitor": "elsewhere"})
    return pairs[["account", "elsewhere", "chance"]].sort_values(
        ["account", "elsewhere"], ignore_index=True, kind="stable"
    )


#: shuffles drawn, and members compared (the most faithful), in `same_order`
SHUFFLES, MEMBERS = 199, 30


def same_order(placed: pd.DataFrame, group: set[str]) -> float:
    """How easily chance alone brings a group under posts in so much the same order.

    Every two members are compared over the posts both are under: the more one-sided who comes first, the more
    the group keeps an order. A permutation test: who is under which post stays, the members' order is shuffled
    (`SHUFFLES` times, always the same draws).

    Args:
        placed: the rows of one or several accounts from `comment_places`.
        group: commenters.

    Returns:
        The share of shuffles at least as orderly, 1 / 200 at the least; NaN where no two members meet twice.
    """
    by_members = placed[placed.commenter.isin(group)]
    often = by_members.groupby("commenter").size().sort_values(ascending=False, kind="stable")
    most = by_members[by_members.commenter.isin(often.index[:MEMBERS])]
    seen = most.set_index(["account", "post_id", "commenter"]).place.unstack().to_numpy()
    there = ~np.isnan(seen)
    if not len(seen) or (np.triu(there.T.astype(int) @ there.astype(int), k=1) < 2).all():
        return float("nan")
    random = np.random.default_rng(20261122)
    observed = _one_sided(seen)
    drawn = [_one_sided(np.where(there, random.random(seen.shape), np.nan)) for _ in range(SHUFFLES)]
    return float((1 + np.sum(np.array(drawn) >= observed)) / (1 + SHUFFLES))


def _one_sided(seen: np.ndarray) -> float:
    """Sum over pairs of (times first less times second) squared; who is missing is neither."""
    ahead = np.count_nonzero(seen[:, None, :] > seen[:, :, None], axis=0)
    return float(((ahead - ahead.T) ** 2).sum())
