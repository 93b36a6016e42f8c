"""What vetting takes from whoever brings it: checks, each a question with its answer, and rankings of the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from creatorbook.book import Book
from creatorbook.findings import Findings, Text


@dataclass(frozen=True)
class Check:
    """A vetting check, built in or brought by a plugin.

    Attributes:
        name: stable and unique.
        question: what it answers, in the reader's words.
        find: from a book to findings; pure, and one sentence where its files are not there.
        after: the built-in check that it stands behind: `engagement`, `conversation`, `signals` or `fit`.
    """

    name: str
    question: str
    find: Callable[[Book], Findings]
    after: str = "fit"


@dataclass(frozen=True)
class Ranking:
    """A way to say how near what accounts write is to the brand's own words, built in or brought by a plugin.

    Attributes:
        id: stable and unique.
        title: its column's heading, in the reader's words.
        score: from the brand's words and the accounts' texts (biography and captions in one, by account, none missing)
            to one number per account, 0 (far) to 1 (near), with the texts' index; pure.
    """

    id: str
    title: Text
    score: Callable[[str, pd.Series], pd.Series]
