"""Published engagement figures, only where platform, denominator and size are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.packs import pack
from creatorbook.vetting.posts import formula

if TYPE_CHECKING:
    from creatorbook.book import Book

NONE = "no published figure counts it this way"


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


def told(book: Book, frame: pd.DataFrame) -> pd.Series:
    """What sources say for each row's platform and followers, as a band over all comparable sources."""
    rows, chosen = pack("benchmarks")["engagement"], formula(book.client.engagement_formula)
    percent = book.formats.percent

    def one(platform: str, followers: float) -> str:
        found = comparable(rows, platform, followers, chosen["per"], chosen["counts"], book.client.market)
        if not found:
            return NONE
        low, high = min(row["low"] for row in found), max(row["high"] for row in found)
        band = percent(low, 1) if low == high else f"{percent(low, 1)}–{percent(high, 1)}"
        return f"{band} ({len(found)} {'source' if len(found) == 1 else 'sources'})"

    return pd.Series(
        [one(platform, size) for platform, size in zip(frame.platform, frame.followers, strict=True)],
        index=frame.index,
        dtype=object,
    )
