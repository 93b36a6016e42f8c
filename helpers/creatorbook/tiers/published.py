"""What others publish about response by size, and which of it may stand beside the client's own figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.sizes import NOT_DEFINED, Scheme
from creatorbook.findings import Column, Note, Table, joined, say
from creatorbook.packs import pack
from creatorbook.tiers.sizes import STEP

if TYPE_CHECKING:
    from creatorbook.book import Book

YES = "yes"


def published(book: Book, people: pd.DataFrame, scheme: Scheme, tiers: list[str]) -> list[Table | Note]:
    """Published rates by size, those that may be compared first; each other one with the reason why it may not."""
    platforms = set(people.platform.dropna().str.lower())
    rows = [row for tier in tiers if tier != NOT_DEFINED for row in _of_size(book, scheme, tier, platforms)]
    if not rows:
        return []
    frame = pd.DataFrame(rows)
    frame = frame.assign(refused=frame["compare"] != YES).sort_values("refused", kind="stable")
    columns = {
        "tier": Column("Size"),
        "platform": Column("Platform"),
        "low": Column("From", "percent", 1, grade="assumed"),
        "high": Column("To", "percent", 1, grade="assumed"),
        "denominator": Column("Share of"),
        "compare": Column("Beside ours?"),
        "evidence": Column("Evidence"),
        "source": Column("Source"),
    }
    note = say(
        "Compared only where platform, what is counted and what it is divided by are the same; sizes are the sources' "
        "own cuts."
    )
    title = say("What others publish about response, by size")
    refused = _refused(frame)
    return [
        Table(f"{STEP}.published", title, frame, columns, note=note, rows=8),
        *([refused] if refused else []),
    ]


def why_not(row: dict[str, Any], counts: list[str], per: str, market: str) -> str:
    """Why a published rate may not stand beside one of these counts over this denominator; `yes` if it may."""
    if row["denominator"] == "not stated":
        return "no: denominator not stated"
    if row["denominator"] != per:
        return f"no: divided by {row['denominator']}, ours by {per}"
    if (row.get("formula") == "likes") != (counts == ["likes"]):
        return "no: likes alone counted" if "formula" in row else "no: more than likes counted"
    if "posts" in row:
        return f"no: {row['posts']} posts only"
    if row.get("market", market) != market:
        return f"no: another market ({row['market']})"
    if "niche" in row:
        return f"no: {row['niche']} only"
    return YES


def _of_size(book: Book, scheme: Scheme, tier: str, platforms: set[str]) -> list[dict[str, Any]]:
    """Rows of the pack for a size and these platforms."""
    ours = pack("engagement")["formulas"].get(book.client.engagement_formula, {})
    counts, per = ours.get("counts", ["likes", "comments"]), ours.get("per", "followers")
    bands = {
        platform: (float(band.start), min(band.end, 1e7))
        for platform in platforms
        for band in scheme.on(platform)
        if band.name == tier
    }
    return [
        {
            **row,
            "tier": tier,
            "denominator": _denominator(row),
            "compare": why_not(row, counts, per, book.client.market),
            "source": f"{row['source']}, {row['date']}",
        }
        for row in pack("benchmarks")["engagement"]
        if row["platform"] in bands
        and row["tier"] not in {"all", "brands"}
        and _overlap(row, bands[row["platform"]])
    ]


def _denominator(row: dict[str, Any]) -> str:
    first, *rest = [row["denominator"], *(row[name] for name in ("formula", "posts") if name in row)]
    return f"{first} ({', '.join(rest)})" if rest else first


def _overlap(row: dict[str, Any], bounds: tuple[float, float]) -> bool:
    """Whether a source's cut and the scheme's share at least half of the narrower, on a log scale."""
    low, high = (math.log10(max(end, 100)) for end in bounds)
    first, last = math.log10(max(row["from"], 100)), math.log10(row.get("to", 1e7))
    return min(high, last) - max(low, first) >= 0.5 * min(high - low, last - first)


def _refused(frame: pd.DataFrame) -> Note | None:
    """How many were refused, and why."""
    refused = frame[frame.refused].drop_duplicates(["source", "platform", "low", "high"])
    if refused.empty:
        return None
    why = refused["compare"].str.removeprefix("no: ").value_counts()
    reasons = joined(f"{n} {reason}" for reason, n in why.items())
    return Note(say("Not put beside our own figures: {reasons}.", reasons=reasons), "method")
