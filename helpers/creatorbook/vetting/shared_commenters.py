"""Whether two accounts are followed by the same people, as far as those who comment can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, triu

from creatorbook.memo import remember
from creatorbook.stats.intervals import share_interval
from creatorbook.vetting.comments import by_others

if TYPE_CHECKING:
    from creatorbook.book import Book

#: commenters an account needs before its overlap with another is shown
LEAST = 30


def shared_commenters(book: Book) -> pd.DataFrame:
    """Pairs of accounts with at least one person who commented under both, most alike first.

    Columns: one, other (accounts), smaller (commenters of the smaller), shared, share of the smaller, low, high.
    Commenters are a lively part of an audience; the share among silent followers may be another.
    """
    return remember(book.tables, "shared_commenters", lambda: _shared(book))


def _shared(book: Book) -> pd.DataFrame:
    visits = by_others(book)[["account", "commenter"]].dropna().drop_duplicates()
    visits = visits[visits.groupby("account").commenter.transform("size") >= LEAST]
    if visits.empty:
        return pd.DataFrame(columns=["one", "other", "smaller", "shared", "share", "low", "high"])
    account, names = pd.factorize(visits.account, sort=True)
    person, _ = pd.factorize(visits.commenter)
    there = csr_array((np.ones(len(visits), dtype=np.int64), (account, person)))
    pairs = triu(there @ there.T, k=1).tocoo()
    size = np.bincount(account)
    smaller = np.minimum(size[pairs.row], size[pairs.col])
    ranges = [share_interval(k, n) for k, n in zip(pairs.data, smaller, strict=True)]
    frame = pd.DataFrame({"one": names[pairs.row], "other": names[pairs.col], "smaller": smaller})
    frame["shared"] = pairs.data
    frame["share"] = frame.shared / frame.smaller
    frame["low"], frame["high"] = [low for low, _ in ranges], [high for _, high in ranges]
    return frame.sort_values(
        ["share", "one", "other"], ascending=[False, True, True], kind="stable", ignore_index=True
    )
