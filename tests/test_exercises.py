"""The lesson “read the signals”: right, not yet with a reason, not attempted."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from creatorbook.tables import Tables
from creatorbook.training.exercises import Lesson, ____, read_the_signals


@cache
def lesson() -> Lesson:
    return read_the_signals(seed=12)


def questions() -> list[Any]:
    return [lesson().q1, lesson().q2, lesson().q3, lesson().q4]


@pytest.mark.parametrize("number", range(4))
def test_untouched_placeholder_is_not_attempted(number: int) -> None:
    """As the notebook comes, every question says that nothing was tried."""
    assert questions()[number].check(____).status == "not attempted"


@pytest.mark.parametrize("number", range(4))
def test_solution_is_right(number: int) -> None:
    """The answer of solution() passes check(), and says why."""
    question = questions()[number]
    outcome = question.check(question.answer)
    assert outcome.status == "right"
    assert len(question.solution().text) > 60


@pytest.mark.parametrize(
    ("number", "wrong", "reason"),
    [
        (0, lambda found: found.q2.answer, "A slow rise counts too"),
        (0, lambda found: set(found.letters), "usual pace"),
        (1, lambda found: found.q1.answer, "What would explain"),
        (1, lambda _: [], "Compare the days"),
        (2, lambda found: found.q1.answer, "Asking costs you"),
        (2, lambda found: sorted(found.q3.answer)[:2], "unasked"),
        (2, lambda _: ["Z"], "There is no account Z"),
        (3, lambda found: found.q4.answer * 100, "Write a share"),
        (3, lambda found: found.q4.answer / 2, "It is more than that"),
        (3, lambda _: "much", "Give a number"),
        (3, lambda _: float("nan"), "Give a number"),
    ],
)
def test_plausible_wrong_answers_are_not_yet_with_a_reason(number: int, wrong: Any, reason: str) -> None:
    """A wrong answer is told in the trade's words what was overlooked."""
    outcome = questions()[number].check(wrong(lesson()))
    assert outcome.status == "not yet"
    assert reason in outcome.reason


def test_hints_go_from_a_nudge_to_nearly_the_answer_and_stay() -> None:
    """Each call gives the next hint; the last one stays."""
    question = lesson().q1
    said = [question.hint().text for _ in range(4)]
    assert said[0].startswith("Hint 1 of 2")
    assert said[1] == said[2] == said[3]


def test_nothing_shown_gives_the_accounts_away() -> None:
    """Pictures and tables name letters only, and mark no jump."""
    shown = str(lesson().posts().tables) + str(
        [chart.alt + chart.title for chart in lesson().curves().charts.values()]
    )
    assert not [account for account in lesson().letters.values() if account.split("/")[1] in shown]
    assert "Jumps" not in shown


def test_answers_may_be_typed_in_any_form() -> None:
    """Letters in a list, a set or one text, in any case and order, are the same answer."""
    question = lesson().q3
    letters = sorted(question.answer)
    for form in (letters, set(letters), ", ".join(letters).lower(), tuple(reversed(letters))):
        assert question.check(form).status == "right"


def test_a_post_without_a_caption_is_said_to_have_none() -> None:
    """A caption that is missing is no caption “nan”."""
    book = lesson().book
    posts = book.tables.posts.assign(caption=None).astype({"caption": book.tables.posts.caption.dtype})
    bare = replace(book, tables=Tables({**book.tables.frames, "posts": posts}))
    captions = replace(lesson(), book=bare).posts().tables["training.posts"].frame.caption
    assert "no caption" in set(captions) <= {"no caption", "no post within two days"}
