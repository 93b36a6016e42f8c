"""How the followers came: jumps in the follower history, and whether views explain them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.memo import remember
from creatorbook.stats import growth
from creatorbook.vetting import comments, newcomers
from creatorbook.vetting.accounts import listed_rows
from creatorbook.vetting.limits import limits
from creatorbook.vetting.posts import listed_posts, names_giveaway

if TYPE_CHECKING:
    from creatorbook.book import Book


def histories(book: Book) -> pd.DataFrame:
    """Daily gains of accounts whose follower history is long enough to be looked at.

    Views come from the history, else from the account's daily totals, else from posts by their day.
    """
    return remember(book.tables, "histories", lambda: _histories(book))


def _histories(book: Book) -> pd.DataFrame:
    counts = listed_rows(book, "follower_history").dropna(subset=["followers", "date"])
    days = counts.groupby("account").date.nunique()
    enough = days.index[days >= limits("growth_jump")["min_days"]]
    counts = counts[counts.account.isin(enough)]
    return growth.daily_gains(counts.assign(views=counts.views.fillna(_other_views(book, counts))))


def _other_views(book: Book, history: pd.DataFrame) -> pd.Series:
    """Views of the same account and day in other files, aligned to `history`.

    Where posts stand in, a day between an account's first and last post without one has no views, not unknown ones.
    """
    totals = listed_rows(book, "account_days").groupby(["account", "date"]).views.max()
    posts = listed_posts(book).dropna(subset=["views", "published_at"])
    by_day = posts.assign(date=posts.published_at.dt.normalize()).groupby(["account", "date"]).views.sum()
    days = posts.groupby("account").published_at.agg(["min", "max"]).reindex(history.account)
    first, last = (pd.to_datetime(days[end]).dt.normalize().to_numpy() for end in ("min", "max"))
    covered = history.date.ge(first) & history.date.le(last)
    keys = pd.MultiIndex.from_arrays([history.account, history.date.dt.normalize()])
    views = pd.Series(totals.reindex(keys).to_numpy(), index=history.index)
    published = pd.Series(by_day.reindex(keys).to_numpy(), index=history.index)
    return views.fillna(published.mask(published.isna() & covered, 0.0))


def follower_jumps(book: Book) -> pd.DataFrame:
    """Jumps of all accounts (`stats.growth.jumps`), with what may explain them.

    `took_off`: views rose far above the account's good days with it, or enough people more than usual saw its
    posts; `giveaway`: the day of a giveaway post, if any; `sent`: the newcomers looked around, as people do whom
    another account or an article sent, or said so, and stayed; `explained`: one of these; `views_known`: without
    views a jump is shown, but raises no signal alone; `counts`: unexplained, and with the account's other
    unexplained jumps large enough for a signal; `leaked`: much of it was gone again soon.
    """
    return remember(book.tables, "jumps", lambda: _follower_jumps(book))


def _follower_jumps(book: Book) -> pd.DataFrame:
    """Jumps with their causes; see `follower_jumps`."""
    least, decay = limits("growth_jump"), limits("growth_decay")
    jumps = growth.jumps(
        histories(book),
        window_days=int(least["window_days"]),
        z=least["z"],
        week_z=least["week_z"],
        share=least["part"],
        decay_days=int(decay["decay_days"]),
        views_each=least["views_each"],
    )
    took_off = (jumps.views_ratio >= least["views_ratio"]) & (jumps.views_near >= least["views_near"])
    took_off |= jumps.unexplained < np.maximum(least["part"], least["left"] * jumps.share)
    giveaway = _giveaways(book, jumps)
    leaked = jumps.lost >= decay["decay_share"]
    sent = _sent(book, jumps) & ~leaked
    explained = took_off.astype(bool) | giveaway.notna() | sent
    views_known = jumps.unexplained.notna()
    left = jumps.unexplained.where(views_known & ~explained, 0.0).groupby(jumps.account).transform("sum")
    return jumps.assign(
        views_known=views_known,
        took_off=took_off.astype(bool),
        giveaway=giveaway,
        sent=sent,
        explained=explained,
        counts=views_known & ~explained & (left >= least["share"]),
        leaked=leaked,
    )


def _sent(book: Book, jumps: pd.DataFrame) -> pd.Series:
    """Whether somebody seems to have sent the newcomers: they looked around, or enough of them say so."""
    least = limits("growth_jump")
    looks = newcomers.looked_around(book, jumps, histories(book))
    around = (looks.looked >= least["looks_each"]) & (looks.looked_z >= least["looks_z"])
    return around | (newcomers.stated_arrivals(book, jumps) >= least["arrivals"])


def _giveaways(book: Book, jumps: pd.DataFrame) -> pd.Series:
    """The day of a giveaway post from a week before a jump to its end: a caption names it, or comments do."""
    posts, waves = listed_posts(book), comments.tag_waves(book)
    posts = posts.loc[posts.account.isin(jumps.account), ["account", "post_id", "published_at", "caption"]]
    by_account = dict(tuple(posts.groupby("account", sort=False)))
    days = []
    for jump in jumps.itertuples():
        near = by_account.get(jump.account, posts.iloc[:0])
        first, last = jump.start - pd.Timedelta(days=7), jump.end + pd.Timedelta(days=1)
        near = near[near.published_at.between(first, last)]
        days.append(near.published_at[names_giveaway(near.caption) | near.post_id.isin(waves)].min())
    return pd.Series(pd.to_datetime(days), index=jumps.index, dtype="datetime64[us]")


def follow_swings(book: Book) -> pd.DataFrame:
    """Accounts that followed many and dropped them again: `share`, `accounts`, `date` (of the top), `times`."""

    def make() -> pd.DataFrame:
        least = limits("follow_swings")
        counts = listed_rows(book, "follower_history").dropna(subset=["following", "date"])
        days = counts.groupby("account").date.nunique()
        counts = counts[counts.account.isin(days.index[days >= least["min_days"]])]
        swings = growth.swings(counts, days=int(least["days"]), z=least["z"], share=least["share"])
        return swings[swings.accounts >= least["accounts"]]

    return remember(book.tables, "swings", make)
