"""Remember (memoise) what was worked out from a book or its tables, as long as they live.

Neither ever changes, so a pure function of one has one answer; several findings of a report ask for it. Callers
must not change an answer in place.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from functools import partial, wraps
from typing import Any, TypeVar

Answer = TypeVar("Answer")
Owner = TypeVar("Owner")

_answers: dict[tuple[Hashable, ...], Any] = {}


def remember(owner: object, asked: Hashable, make: Callable[[], Answer], *under: Hashable) -> Answer:
    """What `make` returns, made once per owner (and per `under`, such as a day or a formula).

    Several steps look at the same two million comments; a slider must not read them again.

    Args:
        owner: what it is worked out from; when this goes, so does the answer.
        asked: the question, in words or as the function that answers it.
        make: works it out.
        under: what else the answer depends on.
    """
    key = (id(owner), asked, *under)
    if key not in _answers:
        _answers[key] = make()
        weakref.finalize(owner, _answers.pop, key, None)
    answer: Answer = _answers[key]
    return answer


def per_book(function: Callable[[Owner], Answer]) -> Callable[[Owner], Answer]:
    """Answer a question about an opened campaign (or whatever it is asked of) once: memoisation, as `functools.cache`."""
    return _asked_once(frozenset(), function)


def per_book_free_of(free_of: frozenset[str]) -> Callable[[Callable[[Any], Answer]], Callable[[Any], Answer]]:
    """The same for an answer that does not hang on some assumptions: where only these were changed, it is asked once.

    Args:
        free_of: names as `Book.changed` takes them.
    """
    return partial(_asked_once, free_of)


def _asked_once(free_of: frozenset[str], function: Callable[[Any], Answer]) -> Callable[[Any], Answer]:
    @wraps(function)
    def asked(book: Any) -> Answer:
        owner = book.same_but_for(free_of) if free_of else book
        return remember(owner, function, lambda: function(owner))

    vars(asked)["free_of"] = free_of
    return asked
