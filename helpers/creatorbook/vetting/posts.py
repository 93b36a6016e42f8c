"""What posts say: engagement under a named formula, paid against own posts, captions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import paid
from creatorbook.memo import remember
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.stats.intervals import carry_over, median_interval
from creatorbook.vetting.accounts import listed_accounts, rows_of_accounts

if TYPE_CHECKING:
    from creatorbook.book import Book


def formula(name: str) -> dict[str, Any]:
    """One engagement formula of `packs/engagement.yml`.

    Raises:
        Problem: no formula has that name.
    """
    formulas = pack("engagement")["formulas"]
    if name not in formulas:
        raise Problem(
            f"there is no engagement formula “{name}”",
            "client.yml",
            column="engagement_formula",
            todo=f"Known formulas: {', '.join(formulas)}.",
        )
    return formulas[name]


def engagement_rates(posts: pd.DataFrame, followers: pd.Series | float, name: str) -> pd.Series:
    """The engagement rate of each post under one formula (a share, 0 to 1 and above).

    Missing where a part of the formula is missing, or where the denominator is 0: missing is not zero.

    Args:
        posts: columns likes, comments, saves, shares, views, reach, as far as the formula needs them.
        followers: followers of each post's account.
        name: formula in `packs/engagement.yml`.
    """
    parts = formula(name)
    counted = sum(posts[column] for column in parts["counts"])
    base = posts[parts["per"]] if parts["per"] != "followers" else followers
    base = pd.Series(base, index=posts.index, dtype=float)
    return counted / base.where(base > 0)


def listed_posts(book: Book) -> pd.DataFrame:
    """All posts of listed accounts up to the report's day, with `account` and `followers`."""

    def make() -> pd.DataFrame:
        accounts = listed_accounts(book)
        posts = rows_of_accounts(book.tables.posts, accounts)
        return posts.assign(followers=posts.account.map(accounts.followers))

    return remember(book.tables, "listed_posts", make)


def recent_posts(book: Book) -> pd.DataFrame:
    """Posts in the window of `packs/engagement.yml`, with `rate` under the client's formula and `paid`.

    Stories are left out: their figures are not those of posts.
    """
    return remember(
        book.tables, "recent_posts", lambda: _recent_posts(book), book.as_of, book.client.engagement_formula
    )


def _recent_posts(book: Book) -> pd.DataFrame:
    settings, posts = pack("engagement"), listed_posts(book)
    until = pd.Timestamp(book.as_of) - pd.Timedelta(days=settings["settling_days"] - 1)
    since = until - pd.Timedelta(days=settings["window_days"])
    inside = (posts.published_at >= since) & (posts.published_at < until) & (posts["format"] != "story")
    recent = posts[inside.fillna(value=False)]
    rate = engagement_rates(recent, recent.followers, book.client.engagement_formula)
    return recent.assign(rate=rate, paid=paid(recent))


def response(book: Book) -> pd.DataFrame:
    """How many respond, per account: `rate`, `low`, `high`, `n`, `first`, `last`, `own_rate`, `paid_rate` …

    The rate is the median over posts. Where no post is known, the typed typical figures of the creators
    list stand in, without a range (`typed`). Accounts with neither are left out.
    """
    return remember(
        book.tables, "response", lambda: _response(book), book.as_of, book.client.engagement_formula
    )


def _response(book: Book) -> pd.DataFrame:
    """Rates per account; see `response`."""
    recent = recent_posts(book).dropna(subset=["rate"])
    level = pack("engagement")["interval_level"]
    grouped = recent.groupby("account")
    none = (np.nan, np.nan)
    carry = carried(book)
    ranges = {account: median_interval(part, level, carry) or none for account, part in grouped.rate}
    rates = pd.DataFrame(
        {
            "rate": grouped.rate.median(),
            "n": grouped.rate.size(),
            "first": grouped.published_at.min(),
            "last": grouped.published_at.max(),
        }
    )
    rates["low"] = [ranges[account][0] for account in rates.index]
    rates["high"] = [ranges[account][1] for account in rates.index]
    for name, is_paid in (("own", False), ("paid", True)):
        part = recent[(recent.paid == is_paid).fillna(value=False)].groupby("account").rate
        rates[f"{name}_rate"], rates[f"{name}_n"] = part.median(), part.size()
    typed = _typed(book)
    return pd.concat([rates.assign(typed=False), typed[~typed.index.isin(rates.index)]]).astype(
        {"typed": bool}
    )


def carried(book: Book) -> float:
    """How alike posts in a row are, over all accounts: a good week carries into the next post, so ranges are wider."""
    recent = recent_posts(book)
    recent = recent[recent.rate > 0].sort_values(["account", "published_at"], kind="stable")
    return carry_over([np.log(rates.to_numpy(dtype=float)) for _, rates in recent.groupby("account").rate])


def _typed(book: Book) -> pd.DataFrame:
    """Rates from the typical figures typed into the creators list."""
    accounts = listed_accounts(book)
    parts = {
        column: accounts.get(f"typical_{column}", np.nan)
        for column in ("likes", "comments", "views", "saves", "shares", "reach")
    }
    frame = pd.DataFrame(parts, index=accounts.index, dtype=float)
    rate = engagement_rates(frame, accounts.followers, book.client.engagement_formula)
    return pd.DataFrame({"rate": rate.dropna()}).assign(typed=True)


def paid_known(book: Book) -> pd.DataFrame:
    """Recent posts of which it is known whether they were paid: `n`, `paid` per account."""

    def make() -> pd.DataFrame:
        posts = recent_posts(book).dropna(subset=["paid"])
        grouped = posts.groupby("account").paid
        return pd.DataFrame({"n": grouped.size(), "paid": grouped.sum().astype(float)})

    return remember(book.tables, "paid_known", make, book.as_of)


def captions(book: Book) -> pd.DataFrame:
    """All posts with a caption, whatever their age: past work does not expire."""
    return listed_posts(book).dropna(subset=["caption"])


def names_giveaway(captions: pd.Series) -> pd.Series:
    """Whether a caption announces a giveaway, an ordinary cause of jumps and of short comments."""
    words = pack("signals")["signals"]["growth_jump"]["giveaway_words"]
    pattern = r"(?<!\w)(?:" + "|".join(re.escape(word) for word in words) + ")"
    return captions.str.contains(pattern, case=False, regex=True).fillna(value=False).astype(bool)
