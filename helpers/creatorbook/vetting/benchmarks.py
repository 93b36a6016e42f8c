"""Published engagement figures, only where platform, denominator and size are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.findings import Share, Text, say, say_many
from creatorbook.packs import pack
from creatorbook.vetting.posts import formula

if TYPE_CHECKING:
    from creatorbook.book import Book

#: where no source can stand beside a rate
NO_FIGURE = say("no published figure counts it this way")


def comparable(
    rows: list[dict[str, Any]], platform: str, followers: float, per: str, counts: list[str], market: str
) -> list[dict[str, Any]]:
    """Rows of `packs/benchmarks.yml` that may stand beside a rate.

    The same platform and denominator, a size class (not “all” or brands) that holds these followers, all
    posts (not paid or unpaid ones alone), the same market where the source has one, and likes alone only
    beside likes alone.
    """
    likes_only = counts == ["likes"]
    return [
        row
        for row in rows
        if row["platform"] == platform
        and row["denominator"] == per
        and row["tier"] not in {"all", "brands"}
        and row["from"] <= followers < row.get("to", float("inf"))
        and "posts" not in row
        and row.get("market", market) == market
        and "niche" not in row
        and (row.get("formula") == "likes") == likes_only
    ]


def published_rates(book: Book, accounts: pd.DataFrame) -> pd.Series:
    """What sources say of each account's platform and followers, as a band over all comparable sources."""
    rows, chosen = pack("benchmarks")["engagement"], formula(book.client.engagement_formula)

    def band(platform: str, followers: float) -> Text:
        sources = comparable(rows, platform, followers, chosen["per"], chosen["counts"], book.client.market)
        if not sources:
            return NO_FIGURE
        low, high = min(row["low"] for row in sources), max(row["high"] for row in sources)
        rate = Share(low, 1) if low == high else say("{low}–{high}", low=Share(low, 1), high=Share(high, 1))
        return say_many("{rate} ({n} source)", "{rate} ({n} sources)", n=len(sources), rate=rate)

    return pd.Series(
        [band(platform, size) for platform, size in zip(accounts.platform, accounts.followers, strict=True)],
        index=accounts.index,
        dtype=object,
    )
