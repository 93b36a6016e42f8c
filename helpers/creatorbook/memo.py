"""Remember what was worked out from a book, as long as that book lives.

A book never changes, so a pure function of it has one answer; several findings of a report ask for it.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from creatorbook.book import Book

Answer = TypeVar("Answer")


def per_book(function: Callable[[Book], Answer]) -> Callable[[Book], Answer]:
    """Answer a question about a book once; callers must not change the answer in place."""
    answers: dict[int, tuple[weakref.ref[Any], Answer]] = {}

    @wraps(function)
    def asked(book: Book) -> Answer:
        name = id(book)
        known = answers.get(name)
        if known is not None and known[0]() is book:
            return known[1]
        answer = function(book)
        answers[name] = (weakref.ref(book, lambda _gone: answers.pop(name, None)), answer)
        return answer

    return asked
