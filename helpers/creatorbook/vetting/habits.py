"""What an account publishes, how often, and whether response differs by kind of post or changes over time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import theilslopes

from creatorbook.findings import Text, joined, say
from creatorbook.memo import remember
from creatorbook.packs import pack
from creatorbook.stats.intervals import median_interval
from creatorbook.stats.shrinkage import shrunk_means
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.posts import recent_posts

if TYPE_CHECKING:
    from creatorbook.book import Book

#: posts below which an account's own figure is adjusted, and posts below which a trend says nothing
FEW, TREND_POSTS = 8, 10
#: posts of a kind, of one account, before its typical post stands beside the others'
OF_A_KIND = 3
#: what stands for the kind of a post where the file does not say it
NO_KIND = "kind not given"
#: kinds of posts as exports name them; others keep their own words
POST_KINDS: dict[str, Text] = {
    "carousel": say("carousel"),
    "image": say("image"),
    "live": say("live"),
    "reel": say("reel"),
    "short": say("short"),
    "video": say("video"),
    NO_KIND: say("kind not given"),
}


def habits(book: Book) -> pd.DataFrame:
    """Per account with rated posts in the window: what, how often, how even, and which way.

    Columns: n, per_week (posts), kinds (text), spread (the middle half of the rates, as a share of the median),
    trend, trend_low, trend_high (change of the typical rate in 30 days as a share, by the median of slopes of
    the logarithm: Sen 1968; missing below ten posts).
    """
    return remember(book.tables, "habits", lambda: _habits(book), book.as_of, book.client.engagement_formula)


def _habits(book: Book) -> pd.DataFrame:
    weeks = pack("engagement")["window_days"] / 7
    columns = ["n", "per_week", "kinds", "spread", "trend", "trend_low", "trend_high"]
    rated = recent_posts(book).dropna(subset=["rate"])[["account", "published_at", "format", "rate"]]
    rated["format"] = rated["format"].fillna(NO_KIND)
    rows = {}
    for account, posts in rated.groupby("account"):
        lower, middle, upper = np.quantile(posts.rate, [0.25, 0.5, 0.75])
        spread = (upper - lower) / middle if middle > 0 else np.nan
        trend = _trend(posts.published_at.to_numpy(), posts.rate.to_numpy())
        rows[account] = (len(posts), len(posts) / weeks, _kinds(posts["format"]), spread, *trend)
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def _kinds(kinds: pd.Series) -> Text:
    often = sorted(Counter(kinds).items(), key=lambda kv: (-kv[1], kv[0]))
    return joined(say("{n} {kind}", n=n, kind=POST_KINDS.get(kind, kind)) for kind, n in often)


def _trend(published_at: np.ndarray, rates: np.ndarray) -> tuple[float, float, float]:
    """Change in 30 days with its likely range; missing where posts are few or lie on two days."""
    at, positive = published_at[rates > 0], rates[rates > 0]
    if len(set(at)) < TREND_POSTS:
        return np.nan, np.nan, np.nan
    days = (at - at.min()) / np.timedelta64(1, "D")
    slope, _, low, high = theilslopes(np.log(positive), days, 0.9)
    change = np.expm1(30 * np.array([slope, low, high], dtype=float))
    return float(change[0]), float(change[1]), float(change[2])


def by_kind(book: Book) -> pd.DataFrame:
    """What kind of post draws more: per format, its typical rate relative to the same account's typical post.

    Columns: format, posts, accounts (that have at least three of it and of something else), ratio, low, high.
    Comparing within an account keeps large and small ones from being mistaken for formats.
    """
    posts = recent_posts(book).dropna(subset=["rate", "format"])
    typical = posts.groupby("account").rate.median()
    grouped = posts.groupby(["account", "format"]).rate
    kinds = pd.DataFrame({"rate": grouped.median(), "n": grouped.size()}).reset_index()
    kinds = kinds[(kinds.n >= OF_A_KIND) & kinds.duplicated("account", keep=False)]
    kinds["ratio"] = kinds.rate / kinds.account.map(typical).where(lambda rate: rate > 0)
    rows = []
    for name, part in kinds.dropna(subset=["ratio"]).groupby("format"):
        low, high = median_interval(part.ratio.tolist()) or (np.nan, np.nan)
        rows.append((name, int(part.n.sum()), len(part), part.ratio.median(), low, high))
    return pd.DataFrame(rows, columns=["format", "posts", "accounts", "ratio", "low", "high"])


def adjusted_rates(book: Book) -> pd.DataFrame:
    """Typical rates of accounts with few posts, pulled towards accounts of the same platform and size.

    Columns rate, low, high; only accounts with fewer than eight rated posts, and only where four others of the
    platform are known. The common line is the platform's log rate against log followers; how far an account is
    pulled depends on its number of posts (normal-normal shrinkage, `stats.shrinkage.shrunk_means`).
    """
    return remember(
        book.tables, "adjusted", lambda: _adjusted(book), book.as_of, book.client.engagement_formula
    )


def _adjusted(book: Book) -> pd.DataFrame:
    accounts = listed_accounts(book)
    posts = recent_posts(book)
    posts = posts[(posts.rate > 0) & (posts.followers > 0)]
    parts = [
        _towards_platform(part, accounts) for _, part in posts.groupby(posts.account.map(accounts.platform))
    ]
    empty = pd.DataFrame(columns=["rate", "low", "high"], dtype=float)
    return pd.concat([part for part in parts if len(part)] or [empty])


def _towards_platform(posts: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    grouped = np.log(posts.rate.astype(float)).groupby(posts.account)
    means, n = grouped.mean(), grouped.size()
    few = n < FEW
    if not few.any() or len(means) < 5 or (n > 1).sum() < 4:
        return pd.DataFrame(columns=["rate", "low", "high"], dtype=float)
    within = float((grouped.var() * (n - 1)).sum() / (n - 1).sum())
    size = np.log(accounts.followers.reindex(means.index).to_numpy(dtype=float))
    line = _line(size, means.to_numpy(), n.to_numpy())
    pulled = shrunk_means(means.to_numpy() - line, within / n.to_numpy())
    middle, reach = line + pulled.expected, 1.645 * pulled.sd
    rates = {"rate": middle, "low": middle - reach, "high": middle + reach}
    return np.exp(pd.DataFrame(rates, index=means.index))[few]


def _line(size: np.ndarray, rates: np.ndarray, posts: np.ndarray) -> np.ndarray:
    """Log rate that accounts of this size have; their mean where all are of one size."""
    if np.ptp(size) < 0.1:
        return np.full(len(size), np.average(rates, weights=posts))
    slope, start = np.polyfit(size, rates, 1, w=np.sqrt(posts))
    line: np.ndarray = start + slope * size
    return line
