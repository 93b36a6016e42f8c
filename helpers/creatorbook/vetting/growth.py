"""How the followers came: jumps in the follower history, and whether views explain them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.packs import pack
from creatorbook.stats import growth
from creatorbook.vetting.accounts import accounts, joined, remember
from creatorbook.vetting.posts import listed_posts, names_giveaway

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
    """Jumps of all accounts (`stats.growth.jumps`), with what may explain them.

    `took_off`: views rose far above the account's good days with it; `giveaway`: the day of a post whose
    caption names one, if any; `explained`: one of both; `views_known`: without views a jump is told, but
    raises no signal alone; `leaked`: much of it was gone again soon.
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
        took_off = (found.views_ratio >= told["views_ratio"]) & (found.views_near >= told["views_near"])
        giveaway = _giveaways(book, found)
        return found.assign(
            views_known=found.views_ratio.notna(),
            took_off=took_off.astype(bool),
            giveaway=giveaway,
            explained=took_off.astype(bool) | giveaway.notna(),
            leaked=found.lost >= decay["decay_share"],
        )

    return remember(book.tables, "jumps", make)


def _giveaways(book: Book, found: pd.DataFrame) -> pd.Series:
    """The day of a giveaway post from three days before a jump to its end, if a caption names one."""
    posts = listed_posts(book)
    posts = posts[posts.account.isin(found.account)]
    named = posts[names_giveaway(posts.caption)]
    days = [
        named.published_at[
            (named.account == jump.account)
            & named.published_at.between(jump.start - pd.Timedelta(days=3), jump.end + pd.Timedelta(days=1))
        ].min()
        for jump in found.itertuples()
    ]
    return pd.Series(pd.to_datetime(days), index=found.index, dtype="datetime64[us]")
