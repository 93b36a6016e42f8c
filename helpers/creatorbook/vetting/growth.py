"""How the followers came: jumps in the follower history, and whether views explain them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.packs import pack
from creatorbook.stats import growth
from creatorbook.vetting.accounts import accounts, joined, remember
from creatorbook.vetting.posts import listed_posts

if TYPE_CHECKING:
    from creatorbook.book import Book


def limits(signal: str) -> dict[str, float]:
    """The thresholds of one signal in `packs/signals.yml`, by name."""
    told = pack("signals")["signals"][signal]["thresholds"]
    return {name: row["value"] for name, row in told.items()}


def histories(book: Book) -> pd.DataFrame:
    """Daily gains of accounts whose follower history is long enough to be looked at.

    Views come from the history, else from the account's daily totals, else from posts by their day.
    """
    return remember(book.tables, "histories", lambda: _histories(book))


def _histories(book: Book) -> pd.DataFrame:
    found = joined(book.tables.follower_history, accounts(book))
    known = found.dropna(subset=["followers", "date"])
    days = known.groupby("account").date.nunique()
    enough = days.index[days >= limits("growth_jump")["min_days"]]
    kept = known[known.account.isin(enough)]
    return growth.daily_gains(kept.assign(views=kept.views.fillna(_other_views(book, kept))))


def _other_views(book: Book, history: pd.DataFrame) -> pd.Series:
    """Views of the same account and day in other files, aligned to `history`."""
    listed = accounts(book)
    totals = joined(book.tables.account_days, listed).groupby(["account", "date"]).views.max()
    posts = listed_posts(book)
    by_day = posts.assign(date=posts.published_at.dt.normalize()).groupby(["account", "date"])
    published = by_day.views.sum(min_count=1)
    keys = pd.MultiIndex.from_arrays([history.account, history.date.dt.normalize()])
    views = pd.Series(totals.reindex(keys).to_numpy(), index=history.index)
    return views.fillna(pd.Series(published.reindex(keys).to_numpy(), index=history.index))


def follower_jumps(book: Book) -> pd.DataFrame:
    """Jumps of all accounts (`stats.growth.jumps`), with `views_known`, `explained` and `leaked`.

    `explained`: views rose with it, so a post that took off is the likelier story. Without views a jump is
    told, but raises no signal alone.
    """

    def make() -> pd.DataFrame:
        told, decay = limits("growth_jump"), limits("growth_decay")
        found = growth.jumps(
            histories(book),
            window_days=int(told["window_days"]),
            z=told["z"],
            share=told["share"],
            decay_days=int(decay["decay_days"]),
        )
        return found.assign(
            views_known=found.views_ratio.notna(),
            explained=found.views_ratio >= told["views_ratio"],
            leaked=found.lost >= decay["decay_share"],
        )

    return remember(book.tables, "jumps", make)
