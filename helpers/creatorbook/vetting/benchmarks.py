"""Published engagement figures, only where platform, denominator and size are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.findings import Share, Text, packed, say, say_many
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

    The same platform, a size class that holds these followers, and nothing else that speaks against it (`why_not`).
    """
    return [
        row
        for row in rows
        if row["platform"] == platform
        and is_size_class(row)
        and row["from"] <= followers < row.get("to", float("inf"))
        and why_not(row, counts, per, market) is None
    ]


def is_size_class(row: dict[str, Any]) -> bool:
    """Whether a published rate is about creators of one size, not about all of them or about brands."""
    return row["tier"] not in {"all", "brands"}


def why_not(row: dict[str, Any], counts: list[str], per: str, market: str) -> Text | None:
    """Why a published rate may not stand beside one of these counts over this denominator; `None` if it may.

    It may with the same denominator, likes alone only beside likes alone, over all posts (not paid or unpaid ones
    alone), in the same market where the source has one, and for all subjects.
    """
    if row["denominator"] == "not stated":
        return say("denominator not stated")
    if row["denominator"] != per:
        return say("divided by {theirs}, ours by {ours}", theirs=packed(row["denominator"]), ours=packed(per))
    if (row.get("formula") == "likes") != (counts == ["likes"]):
        return say("likes alone counted") if "formula" in row else say("more than likes counted")
    if "posts" in row:
        return say("{posts} posts only", posts=packed(row["posts"]))
    if row.get("market", market) != market:
        return say("another market ({market})", market=row["market"])
    if "niche" in row:
        return say("{subject} only", subject=packed(row["niche"]))
    return None


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
