"""Groups who comment together: do the same people come earlier than shuffled times allow, here and elsewhere?"""

from __future__ import annotations

import numpy as np
import pandas as pd


def places(comments: pd.DataFrame) -> pd.DataFrame:
    """One row per account, post and commenter, with `place`: 0 for the first comment, 1 for the last.

    Only a person's first comment under a post counts. Posts with fewer than four commenters say nothing
    about order and are left out.

    Args:
        comments: columns account, post_id, commenter, commented_at.
    """
    ordered = comments.dropna(subset=["commenter", "commented_at"]).sort_values(
        ["account", "post_id", "commented_at", "commenter"], kind="stable"
    )
    ordered = ordered.drop_duplicates(["account", "post_id", "commenter"])
    grouped = ordered.groupby(["account", "post_id"], sort=False)
    rank, size = grouped.cumcount(), grouped.commenter.transform("size")
    frame = ordered[["account", "post_id", "commenter"]].assign(place=rank / (size - 1).where(size > 1))
    return frame[size >= 4].reset_index(drop=True)


def returning(placed: pd.DataFrame, posts: int) -> pd.DataFrame:
    """Commenters found under at least so many of an account's posts: account, commenter, posts.

    Args:
        placed: columns account, post_id, commenter, one row per post and person (see `places`).
        posts: at least.
    """
    found = placed.groupby(["account", "commenter"], sort=True).size().rename("posts").reset_index()
    return found[found.posts >= posts].reset_index(drop=True)


def shared_regulars(found: pd.DataFrame, least: int, everywhere: int) -> pd.DataFrame:
    """Who returns under two accounts that share at least so many such people.

    Args:
        found: account, commenter (see `returning`).
        least: people two accounts must share.
        everywhere: people who return under this many accounts are in no group; they are everywhere.

    Returns:
        account, commenter, elsewhere (another account), one row per person and pair of accounts.
    """
    counts = found.groupby("commenter").account.transform("size")
    several = found.loc[(counts > 1) & (counts < everywhere), ["account", "commenter"]]
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
        placed: the rows of one account from `places`, or of those people a group is to be compared with.
        group: commenters.

    Returns:
        Positive for early; NaN where no post has both members and others.
    """
    mine = placed.commenter.isin(group)
    posts = pd.DataFrame({"post": placed.post_id, "place": placed.place, "mine": mine.astype(float)})
    posts["theirs"] = posts.place * posts.mine
    grouped = posts.groupby("post", sort=False)
    n, members = grouped.place.size(), grouped.mine.sum()
    expected = members * grouped.place.mean()
    variance = members * (n - members) / (n - 1).where(n > 1) * grouped.place.var(ddof=0)
    total = float(variance.sum())
    if not total > 0:
        return float("nan")
    return float((expected.sum() - grouped.theirs.sum().sum()) / np.sqrt(total))
