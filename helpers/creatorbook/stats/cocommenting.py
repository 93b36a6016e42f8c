"""Groups who comment together: are the same people among the first more often than shuffled times allow?"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: a regular is found under at least this share of an account's posts …
POSTS_SHARE = 0.3
#: … and under at least so many
POSTS = 3


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


def regulars(placed: pd.DataFrame) -> pd.DataFrame:
    """Commenters found under many of an account's posts.

    Returns:
        account, commenter, posts (where found), place (mean), of (the account's posts).
    """
    of = placed.groupby("account").post_id.nunique()
    grouped = placed.groupby(["account", "commenter"])
    found = pd.DataFrame({"posts": grouped.size(), "place": grouped.place.mean()}).reset_index()
    found["of"] = found.account.map(of)
    return found[found.posts >= _often(found.of)].reset_index(drop=True)


def _often(of: pd.Series | int) -> np.ndarray:
    return np.maximum(POSTS, np.ceil(POSTS_SHARE * np.asarray(of)))


def chance_of_group(
    placed: pd.DataFrame, observed: int, place: float, rounds: int = 400, seed: int = 2026
) -> float:
    """How often a group of this size comes about if the order of comments under each post is shuffled.

    Who comments under which post stays as it is, so people who comment under everything (a small active
    community) are as frequent in the shuffles as in fact; only being early is tested.

    Args:
        placed: the rows of one account from `places`.
        observed: size of the group found.
        place: mean place up to which a regular counts as early.
        rounds: shuffles.
        seed: of the shuffles.

    Returns:
        (shuffles with a group at least as large + 1) ÷ (rounds + 1).
    """
    random = np.random.default_rng(seed)
    posts, _ = pd.factorize(placed.post_id)
    people, _ = pd.factorize(placed.commenter)
    fixed = np.lexsort((placed.place, posts))
    posts, people, place_of = posts[fixed], people[fixed], placed.place.to_numpy()[fixed]
    total = np.bincount(people)
    often = total >= _often(int(posts.max()) + 1)
    as_large = 0
    for _ in range(rounds):
        shuffled = place_of[np.lexsort((random.random(len(posts)), posts))]
        mean = np.bincount(people, weights=shuffled, minlength=len(total)) / total
        as_large += int((often & (mean <= place)).sum() >= observed)
    return (as_large + 1) / (rounds + 1)
