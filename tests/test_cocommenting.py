"""Groups who comment together, and communities that are only lively."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.stats.cocommenting import chance_of_group, places, regulars


def post(account: str, number: int, people: list[str]) -> pd.DataFrame:
    when = pd.Timestamp("2026-02-01") + pd.to_timedelta(np.arange(len(people)), "min")
    return pd.DataFrame(
        {"account": account, "post_id": f"{account}{number}", "commenter": people, "commented_at": when}
    )


def crowd(early: list[str], others: int, posts: int = 10, seed: int = 1) -> pd.DataFrame:
    """Posts on which `early` come first, in any order, before strangers."""
    random = np.random.default_rng(seed)
    return pd.concat(
        [
            post("a", n, [*random.permutation(early), *(f"s{n}-{k}" for k in range(others))])
            for n in range(posts)
        ]
    )


def test_places_run_from_first_to_last() -> None:
    """The first comment has place 0, the last has 1; a second comment by the same person is passed over."""
    placed = places(post("a", 1, ["x", "y", "x", "z", "v"]))
    assert dict(zip(placed.commenter, placed.place, strict=True)) == {"x": 0, "y": 1 / 3, "z": 2 / 3, "v": 1}


def test_group_that_always_comes_first_is_hard_to_explain_by_chance() -> None:
    """Five people first under ten posts do not come about by shuffling times."""
    placed = places(crowd(["p", "q", "r", "s", "t"], others=15))
    found = regulars(placed)
    assert set(found.commenter[found.place <= 0.3]) == {"p", "q", "r", "s", "t"}
    assert chance_of_group(placed, 5, 0.3) <= 0.005


def test_small_lively_community_is_easily_chance() -> None:
    """Twelve people who comment under everything, in any order, are not early as a group."""
    random = np.random.default_rng(5)
    people = [f"fan{n}" for n in range(12)]
    placed = places(pd.concat([post("a", n, list(random.permutation(people))) for n in range(10)]))
    found = regulars(placed)
    assert len(found) == 12
    early = int((found.place <= 0.3).sum())
    assert chance_of_group(placed, max(early, 1), 0.3) > 0.05


def test_posts_with_few_comments_say_nothing() -> None:
    """Order among three comments is no evidence."""
    assert places(post("a", 1, ["x", "y", "z"])).empty


def test_same_rows_give_the_same_chance() -> None:
    """The shuffles have a fixed seed, and the order of rows does not matter to them."""
    placed = places(crowd(["p", "q", "r", "s"], others=4))
    again = placed.sort_values(["post_id", "place"])
    assert chance_of_group(placed, 4, 0.3) == chance_of_group(again, 4, 0.3)
