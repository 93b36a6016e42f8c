"""Likes, comments and views of one account against accounts of its size on the same platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from creatorbook.memo import remember
from creatorbook.stats.robust import line_z
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.limits import limits
from creatorbook.vetting.posts import recent_posts

if TYPE_CHECKING:
    from creatorbook.book import Book


class Ratio(NamedTuple):
    """A ratio of medians that a signal looks at, and on which side of the usual it is odd."""

    over: str
    under: str
    odd: Literal["low", "high", "either"]


#: signal → its ratio
RATIOS = {
    "low_response": Ratio("likes", "followers", "low"),
    "likes_without_views": Ratio("likes", "views", "high"),
    "likes_without_comments": Ratio("comments", "likes", "either"),
}


def compared_ratios(book: Book) -> pd.DataFrame:
    """Ratios per account and how far each lies from the line through its platform's accounts.

    Columns per signal of `RATIOS`: the ratio (by the signal's name), `{signal}_z` and `{signal}_usual`, what
    the line says for an account of this size. The line is fitted
    in logs against followers, so that falling engagement with size is no signal. Accounts on a platform
    with fewer accounts than the thresholds ask for are left out: there is nothing to compare with.
    """
    return remember(book.tables, "ratios", lambda: _compared(book), book.as_of)


def _compared(book: Book) -> pd.DataFrame:
    """Ratios of medians of all accounts, platform by platform; see `compared_ratios`."""
    accounts = listed_accounts(book)
    recent = recent_posts(book)
    middle = recent.groupby("account")[["likes", "comments", "views"]].median()
    middle = middle.join(accounts[["followers", "platform"]])
    parts = [_one_platform(part) for _, part in middle.groupby("platform", sort=True)]
    frame = pd.concat(parts) if parts else pd.DataFrame()
    ratios = [name for name in RATIOS if name in frame]
    return frame.dropna(how="all", subset=ratios) if ratios else pd.DataFrame(index=middle.index[:0])


def _one_platform(middle: pd.DataFrame) -> pd.DataFrame:
    """Ratios and their z among the accounts of one platform; ratios with too few accounts are missing."""
    size = np.log(middle.followers.where(middle.followers > 0))
    columns = {}
    for name, compared in RATIOS.items():
        top, base = middle[compared.over], middle[compared.under]
        ratio = (top / base.where(base > 0)).where(top > 0)
        enough = ratio.notna().sum() >= limits(name)["peers"]
        columns[name] = ratio if enough else ratio * np.nan
        columns[f"{name}_z"], columns[f"{name}_usual"] = line_z(size, np.log(columns[name]))
        columns[f"{name}_usual"] = np.exp(columns[f"{name}_usual"])
    return pd.DataFrame(columns, index=middle.index)
