"""Small parts of sentences that the vetting steps share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Column, Findings, Note

if TYPE_CHECKING:
    from creatorbook.book import Book


#: the first column of every table about accounts
CREATOR = Column("Creator")


def said(book: Book, text: str, kind: str = "finding") -> Findings:
    """Findings of one sentence."""
    return Findings("vetting", (Note(text, kind),), book.formats)  # type: ignore[arg-type]


def names(called: pd.Series, most: int = 5) -> str:
    """The first few names, and how many more there are."""
    shown, left = list(called.head(most)), len(called) - most
    return ", ".join(shown) + (f" and {left} more" if left > 0 else "")


def sentence(words: str) -> str:
    """Words with a capital letter in front."""
    return words[0].upper() + words[1:]


def count(number: int, what: str) -> str:
    """`1 jump`, `3 jumps`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def verb(number: int, one: str, many: str) -> str:
    """The verb's form for one or for many."""
    return one if number == 1 else many


def called(jumps: pd.DataFrame, listed: pd.DataFrame) -> pd.Series:
    """The names of the accounts that jumped, each once."""
    return jumps.account.drop_duplicates().map(listed.called)
