"""What a vetting check is, whoever brings it: a question, and a function that answers it for an opened campaign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from creatorbook.book import Book
from creatorbook.findings import Findings


@dataclass(frozen=True)
class Check:
    """A vetting check, built in or brought by a plugin.

    Attributes:
        name: stable and unique.
        question: what it answers, in the reader's words.
        find: from a book to findings; pure, and one sentence where its files are not there.
    """

    name: str
    question: str
    find: Callable[[Book], Findings]
