"""Groups who comment together: are the same people among the first more often than shuffled times allow?"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: share of a post's comments that count as its first ones, where there are few
FIRST_SHARE = 0.25


def early_comments(comments: pd.DataFrame, first: int) -> pd.DataFrame:
    """One row per account, post and commenter, with `early`: among the first comments under the post.

    Among the first means the first quarter, and never more than `first`. Posts with fewer than four
    commenters say nothing about order and are left out.

    Args:
        comments: columns account, post_id, commenter, commented_at.
        first: at most so many comments of a post are its first ones.
    """
    ordered = comments.dropna(subset=["commenter", "commented_at"]).sort_values(
        ["account", "post_id", "commented_at", "commenter"], kind="stable"
    )
    ordered = ordered.drop_duplicates(["account", "post_id", "commenter"])
    grouped = ordered.groupby(["account", "post_id"], sort=False)
    rank, size = grouped.cumcount(), grouped.commenter.transform("size")
    limit = np.minimum(first, np.floor(size * FIRST_SHARE))
    frame = ordered[["account", "post_id", "commenter"]].assign(early=rank < limit, first=limit, size=size)
    return frame[frame["size"] >= 4].reset_index(drop=True)


def early_regulars(early: pd.DataFrame, posts_share: float = 0.3, early_share: float = 0.6) -> pd.DataFrame:
    """Commenters found under many of an account's posts, and mostly among the first there.

    Returns:
        account, commenter, posts, early (both counts), of (the account's posts).
    """
    of = early.groupby("account").post_id.nunique()
    grouped = early.groupby(["account", "commenter"])
    found = pd.DataFrame({"posts": grouped.size(), "early": grouped.early.sum()}).reset_index()
    found["of"] = found.account.map(of)
    often = found.posts >= np.maximum(3, np.ceil(posts_share * found.of))
    return found[often & (found.early >= early_share * found.posts)].reset_index(drop=True)


def chance_of_group(early: pd.DataFrame, observed: int, rounds: int = 200, seed: int = 2026) -> float:
    """How often a group of this size comes about if the order of comments under each post is shuffled.

    Who comments under which post stays as it is, so people who comment under everything (a small active
    community) are as frequent in the shuffles as in fact; only being first is tested.

    Args:
        early: the rows of one account from `early_comments`.
        observed: size of the group found.
        rounds: shuffles.
        seed: of the shuffles.

    Returns:
        (shuffles with a group at least as large + 1) ÷ (rounds + 1).
    """
    random = np.random.default_rng(seed)
    posts, _ = pd.factorize(early.post_id)
    people, _ = pd.factorize(early.commenter)
    first = early["first"].to_numpy(float)
    starts = np.zeros(posts.max() + 1, dtype=int)
    sizes = np.bincount(posts)
    starts[1:] = np.cumsum(sizes)[:-1]
    total = np.bincount(people)
    often = total >= max(3, np.ceil(0.3 * len(sizes)))
    as_large = 0
    for _ in range(rounds):
        order = np.lexsort((random.random(len(posts)), posts))
        rank = np.empty(len(posts), dtype=int)
        rank[order] = np.arange(len(posts)) - starts[posts[order]]
        first_ones = np.bincount(people, weights=rank < first, minlength=len(total))
        as_large += int((often & (first_ones >= 0.6 * total)).sum() >= observed)
    return (as_large + 1) / (rounds + 1)
