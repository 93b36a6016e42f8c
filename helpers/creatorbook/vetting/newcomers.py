"""What the newcomers of a jump did: people whom somebody sent look around, and some say where they come from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.packs import pack
from creatorbook.stats import fading
from creatorbook.vetting import comments
from creatorbook.vetting.accounts import listed_rows
from creatorbook.vetting.limits import limits
from creatorbook.vetting.posts import listed_posts

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days before a jump and after it in which its newcomers look around, as exports count days differently
BEFORE, AFTER = pd.Timedelta(days=1), pd.Timedelta(days=2)


def looked_around(book: Book, jumps: pd.DataFrame, histories: pd.DataFrame) -> pd.DataFrame:
    """Views per newcomer that the posts of these days do not account for, and how unusual they are.

    Whoever is sent by a larger account or an article looks at the profile and at older posts; an addition does not.
    A post brings its views while it fades, so these are taken off first (`stats.fading.rest`). Where the account's
    daily totals count views of the profile, they are read as they are, and the clearer of both counts.

    Args:
        book: the campaign.
        jumps: account, start, end, gain.
        histories: account, date, views: daily totals of each account.

    Returns:
        looked (extra views per newcomer) and looked_z, aligned to `jumps`; NaN where daily totals are unknown.
    """
    wanted = set(jumps.account)
    daily = _by_account(histories[histories.account.isin(wanted)], "views")
    totals = listed_rows(book, "account_days")
    profile = _by_account(totals[totals.account.isin(wanted)], "profile_views")
    posts = listed_posts(book).dropna(subset=["views", "published_at"])
    posts = posts[posts.account.isin(wanted)].assign(date=lambda f: f.published_at.dt.normalize())
    begun = _by_account(posts, "views")
    left = {account: [fading.rest(views, begun.get(account, _NOTHING))] for account, views in daily.items()}
    for account, views in profile.items():
        left.setdefault(account, []).append(views.asfreq("D"))
    surplus = [_clearest(left.get(jump.account, []), jump) for jump in jumps.itertuples()]
    return pd.DataFrame(surplus, columns=["looked", "looked_z"], index=jumps.index, dtype=float)


_NOTHING = pd.Series(dtype=float, index=pd.DatetimeIndex([]))


def _by_account(frame: pd.DataFrame, column: str) -> dict[str, pd.Series]:
    """One series by day per account, days added up."""
    rows = frame.dropna(subset=[column, "date"])
    summed = rows.groupby(["account", rows.date.dt.normalize()])[column].sum()
    return {str(account): part.droplevel(0) for account, part in summed.groupby(level=0, sort=False)}


def _clearest(series: list[pd.Series], jump: object) -> tuple[float, float]:
    """The surplus of the series that shows it most clearly, per newcomer."""
    surpluses = [fading.surplus(left, jump.start - BEFORE, jump.end + AFTER) for left in series]  # type: ignore[attr-defined]
    each = [(more / jump.gain, z) for more, z in surpluses if z == z]  # type: ignore[attr-defined]
    return max(each, key=lambda pair: pair[1], default=(np.nan, np.nan))


def _words(words: str) -> str:
    """A pattern for whole words; `@` stands for any account, whose name may have been taken out."""
    return r"(?<!\w)" + re.escape(words).replace("@", r"@[\w.…]*") + r"(?!\w)"


def stated_arrivals(book: Book, jumps: pd.DataFrame) -> pd.Series:
    """How many people say in the comments of a jump's days where they come from (“@… sent me here”)."""
    pattern = "|".join(map(_words, pack("signals")["signals"]["growth_jump"]["arrival_words"]))
    rows = comments.by_others(book)[["account", "commenter", "commented_at", "text"]]
    rows = rows[rows.account.isin(jumps.account)].dropna(subset=["commented_at", "text"])
    by_account = dict(tuple(rows.groupby("account", sort=False)))
    days = pd.Timedelta(days=int(limits("growth_jump")["arrival_days"]))
    people = []
    for jump in jumps.itertuples():
        near_jump = by_account.get(jump.account, rows.iloc[:0])
        near_jump = near_jump[near_jump.commented_at.between(jump.start - BEFORE, jump.end + days)]
        says = near_jump.text.str.casefold().str.contains(pattern, regex=True).astype(bool)
        people.append(near_jump.commenter[says].nunique())
    return pd.Series(people, index=jumps.index, dtype="int64")
