"""Groups who comment together, and communities that are only lively."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from creatorbook.stats.cocommenting import (
    comment_places,
    earliness,
    mutual,
    returning,
    same_order,
    shared_regulars,
)


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
    placed = comment_places(post("a", 1, ["x", "y", "x", "z", "v"]))
    assert dict(zip(placed.commenter, placed.place, strict=True)) == {"x": 0, "y": 1 / 3, "z": 2 / 3, "v": 1}


def test_group_that_always_comes_first_is_hard_to_explain_by_chance() -> None:
    """Five people first under ten posts do not come about by shuffling times."""
    placed = comment_places(crowd(["p", "q", "r", "s", "t"], others=15))
    assert set(returning(placed, 3).commenter) == {"p", "q", "r", "s", "t"}
    assert earliness(placed, {"p", "q", "r", "s", "t"}) > 5


def test_small_lively_community_is_easily_chance() -> None:
    """Of twelve people who comment under everything, in any order, no five are early as a group."""
    random = np.random.default_rng(5)
    people = [f"fan{n}" for n in range(12)]
    placed = comment_places(pd.concat([post("a", n, list(random.permutation(people))) for n in range(10)]))
    assert len(returning(placed, 3)) == 12
    assert norm.sf(earliness(placed, set(people[:5]))) > 0.01


def test_exact_moments_agree_with_shuffles() -> None:
    """The chance from the known mean and spread is that of 4,000 drawn shuffles."""
    random = np.random.default_rng(8)
    parts = [post("a", n, list(random.permutation([f"x{k}" for k in range(9)]))) for n in range(6)]
    placed, group = comment_places(pd.concat(parts)), {"x0", "x1", "x2"}
    mine = placed.commenter.isin(group).to_numpy()
    observed, place = placed.place.to_numpy()[mine].sum(), placed.place.to_numpy()
    posts, _ = pd.factorize(placed.post_id)
    shuffles = [place[np.lexsort((random.random(len(posts)), posts))][mine].sum() for _ in range(4000)]
    drawn = float(np.mean(np.array(shuffles) <= observed))
    assert abs(drawn - norm.sf(earliness(placed, group))) < 0.03


def test_order_says_nothing_where_a_group_is_alone() -> None:
    """Posts on which only the group comments leave nothing to compare."""
    placed = comment_places(post("a", 1, ["p", "q", "r", "s"]))
    assert np.isnan(earliness(placed, {"p", "q", "r", "s"}))


def test_people_who_return_under_two_accounts_are_a_group_only_together() -> None:
    """Three shared regulars are told with the other account; two are not; who is everywhere belongs to no group."""
    rows = (
        [("a", name) for name in "pqrz"] + [("b", name) for name in "pqrz"] + [("c", name) for name in "pqz"]
    )
    rows += [(account, "z") for account in "defghij"]
    found = pd.DataFrame(rows, columns=["account", "commenter"])
    shared = shared_regulars(found, least=3, everywhere=8)
    assert set(shared.account) == {"a", "b"}
    assert set(shared.commenter) == {"p", "q", "r"}


def test_posts_with_few_comments_say_nothing() -> None:
    """Order among three comments is no evidence."""
    assert comment_places(post("a", 1, ["x", "y", "z"])).empty


def test_the_order_of_rows_does_not_matter() -> None:
    """Sorted otherwise, the same comments give the same answer."""
    placed = comment_places(crowd(["p", "q", "r", "s"], others=4))
    again = placed.sort_values(["place", "post_id"], kind="stable")
    assert earliness(placed, {"p", "q"}) == earliness(again, {"p", "q"})


def visits(where: dict[str, list[str]]) -> pd.DataFrame:
    """Three posts per account, under each of which these people comment."""
    rows = [
        (account, f"{account}{n}", who)
        for account, people in where.items()
        for n in range(3)
        for who in people
    ]
    return pd.DataFrame(rows, columns=["account", "post_id", "commenter"])


def test_two_who_visit_only_each_other_are_hard_to_explain_by_chance() -> None:
    """Owners A and B comment under each other's posts and nowhere else, in a list of twenty."""
    accounts = [f"a{n}" for n in range(20)]
    owners = pd.Series([name.upper() for name in accounts], index=accounts)
    full = {name: ["x", "y"] for name in accounts} | {"a0": ["A1"], "a1": ["A0"]}
    found = mutual(visits(full), owners, 2)
    assert found[["account", "elsewhere"]].to_numpy().tolist() == [["a0", "a1"], ["a1", "a0"]]
    assert found.chance.tolist() == pytest.approx([1 / 19**2] * 2)


def test_an_owner_who_comments_everywhere_is_met_by_chance() -> None:
    """Of owners who comment under half of the list, two meet without any agreement."""
    accounts = [f"a{n}" for n in range(20)]
    owners = pd.Series([name.upper() for name in accounts], index=accounts)
    everywhere = {name: [owner for owner in owners[:10] if owner != name.upper()] for name in accounts}
    assert (mutual(visits(everywhere), owners, 2).chance > 0.2).all()


def test_one_who_visits_without_an_answer_is_not_mutual() -> None:
    """A creator who admires another is no pair; neither is one found under a single post."""
    owners = pd.Series({"a": "A", "b": "B", "c": "C"})
    once = pd.DataFrame([("c", "c0", "A")], columns=["account", "post_id", "commenter"])
    assert mutual(pd.concat([visits({"a": ["C"], "b": ["A"], "c": []}), once]), owners, 2).empty


def test_a_group_in_one_order_is_told_from_a_group_in_any_order() -> None:
    """Six people always in the same order are as orderly as no shuffle; in drawn orders they seldom seem so."""
    people = [f"p{n}" for n in range(6)]
    kept = comment_places(pd.concat([post("a", n, [*people, "s", "t"]) for n in range(6)]))
    assert same_order(kept, set(people)) == pytest.approx(1 / 200)
    random = np.random.default_rng(2)
    chances = []
    for _ in range(40):
        drawn = [post("a", n, list(random.permutation([*people, "s", "t"]))) for n in range(6)]
        chances.append(same_order(comment_places(pd.concat(drawn)), set(people)))
    assert np.mean(np.array(chances) <= 0.1) <= 0.2
    assert 0.35 < np.mean(chances) < 0.65


def test_people_who_never_meet_twice_have_no_order() -> None:
    """Two members under one post say nothing about order."""
    assert np.isnan(same_order(comment_places(post("a", 1, ["p", "q", "r", "s"])), {"p", "q"}))
