"""Answers are kept as long as what they were worked out from, and never given for another."""

from __future__ import annotations

from typing import Any

import pytest

from creatorbook import memo


class Owner:
    """Stands for a book."""


def test_a_question_is_answered_once_per_owner_and_condition() -> None:
    """Another question, another condition and another owner are worked out on their own."""
    made: list[str] = []

    def make(told: str) -> str:
        made.append(told)
        return told

    one, other = Owner(), Owner()
    for _ in range(2):
        assert memo.remember(one, "a", lambda: make("one a")) == "one a"
        assert memo.remember(one, "a", lambda: make("one a 3"), 3) == "one a 3"
        assert memo.remember(one, "b", lambda: make("one b")) == "one b"
        assert memo.remember(other, "a", lambda: make("other a")) == "other a"
    assert made == ["one a", "one a 3", "one b", "other a"]


def test_answers_go_with_their_owner() -> None:
    """Whoever is later made at the same place in memory gets an answer of its own."""
    for number in range(200):
        owner = Owner()
        assert memo.remember(owner, "number", lambda number=number: number) == number  # type: ignore[misc]
        kept = len(memo._answers)
        del owner
        assert len(memo._answers) == kept - 1


def test_what_failed_is_asked_again() -> None:
    """A failure is no answer."""
    asked: list[Any] = []

    @memo.per_book
    def question(book: Any) -> int:
        """How often it was asked."""
        asked.append(book)
        return len(asked) // (len(asked) - 1)

    book: Any = Owner()
    with pytest.raises(ZeroDivisionError):
        question(book)
    assert question(book) == question(book) == 2
    assert (len(asked), question.__doc__) == (2, "How often it was asked.")
