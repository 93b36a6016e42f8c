"""What people say under creators' posts, before the campaign and since."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import roi
from creatorbook.book import Book
from creatorbook.stats.intervals import change_in_share
from roi_books import creators_frame

NAMES = ["anna", "bea", "cleo", "dora", "elsa", "fay"]


def talk(warm_before: int, warm_since: int, *, creators: int = 6, posts: int = 2) -> Book:
    """Each creator has posts with 10 comments before the campaign and since; so many of the 10 are warm, the rest cold."""
    rows, written = [], []
    for name in NAMES[:creators]:
        for side, day, warm in (("before", "2026-02-10", warm_before), ("since", "2026-03-10", warm_since)):
            for post in range(posts):
                key = f"{name}-{side}-{post}"
                caption = f"with Testbrand, {name}10" if side == "since" else "my week"
                rows.append(
                    {
                        "post_id": key,
                        "handle": name,
                        "platform": "instagram",
                        "published_at": day,
                        "caption": caption,
                    }
                )
                written += [
                    {
                        "post_id": key, "handle": name, "platform": "instagram", "commented_at": day,
                        "commenter": f"{name}-{n + 5 * (side == 'since')}", "text": "love ❤" if n < warm else "no 👎",
                        "by_creator": False,
                    }
                    for n in range(10)
                ]  # fmt: skip
                answer = {**written[-1], "commenter": name, "text": "thanks", "by_creator": True}
                written.append(answer)
    tables = {
        "creators": creators_frame([f"{name.upper()}10" for name in NAMES[:creators]]),
        "posts": pd.DataFrame(rows),
        "comments": pd.DataFrame(written),
    }
    return make_book(tables, client={"brand": "Testbrand"})


def rows(book: Book) -> pd.DataFrame:
    """The table by what it tells."""
    return roi.conversation(book).tables["roi.conversation"].frame.set_index("what")


def test_a_mood_that_turned_is_told() -> None:
    """From 9 in 10 warm to 4 in 10: less; answers did not change; half of the people are new."""
    frame = rows(talk(9, 4))
    mood = frame.loc["Warm, of comments with an emoji"]
    assert (mood.before, mood.since, mood.reading) == (0.9, 0.4, "less")
    assert mood.low < -0.5 < mood.high < 0
    assert mood.n_before == mood.n_since == 120
    answered = frame.loc["Comments answered, at most"]
    assert (answered.before, answered.since) == (0.1, 0.1)
    assert answered.reading == "could easily be chance"
    assert frame.loc["People who had not written before"].since == pytest.approx(0.5)


def test_nothing_is_said_of_what_too_few_said() -> None:
    """Below five creators or 20 comments there is no change to tell, and without comments it says who has them."""
    few = roi.conversation(talk(9, 4, creators=4)).tables["roi.conversation"].frame
    assert few.change.isna().all()
    assert "before" in few.columns
    none = roi.conversation(make_book({"creators": creators_frame(["ANNA10"])}))
    assert not none.tables
    assert none.notes[0].owner == "creators"


def test_a_change_in_a_share_keeps_its_level() -> None:
    """Shares that differ between groups: nine in ten intervals hold the true change of 400, within what chance allows."""
    random = np.random.default_rng(7)
    inside = 0
    for _ in range(400):
        of, since = random.integers(5, 60, 12), random.integers(5, 30, 12)
        level = random.beta(8, 8, 12)
        had, has = random.binomial(of, level), random.binomial(since, np.clip(level + 0.1, 0, 1))
        _, low, high = change_in_share(
            had.astype(float), of.astype(float), has.astype(float), since.astype(float)
        )
        truth = np.clip(level + 0.1, 0, 1) @ since / since.sum() - level @ of / of.sum()
        inside += low <= truth <= high
    assert 0.86 <= inside / 400 <= 1.0


def test_independent_tries_are_never_surer_than_they_are() -> None:
    """Groups that happen to agree exactly do not make a range of no width."""
    same = np.full(6, 5.0)
    change, low, high = change_in_share(same, 2 * same, same, 2 * same)
    assert change == 0.0
    assert high == -low
    assert high > 0.1


def test_two_accounts_of_a_person_are_one_creator() -> None:
    """Six accounts of two people are too few creators to compare, whatever the number of comments."""
    tables = talk(9, 4).tables.frames
    one = tables["creators"].assign(creator=["Anna", "Anna", "Anna", "Bea", "Bea", "Bea"])
    book = make_book({**tables, "creators": one}, client={"brand": "Testbrand"})
    assert list(rows(book).index) == ["People who had not written before"]
