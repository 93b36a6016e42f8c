"""What others publish about response by size, and which of it may stand beside the client's own figures."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.sizes import NOT_DEFINED, Scheme
from creatorbook.findings import Column, Note, Table, Text, joined, packed, say, when_written, written
from creatorbook.packs import pack
from creatorbook.tiers.sizes import STEP
from creatorbook.vetting.benchmarks import is_size_class, why_not
from creatorbook.vetting.posts import formula

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings.formats import Formats


def published(book: Book, people: pd.DataFrame, scheme: Scheme, tiers: list[str]) -> list[Table | Note]:
    """Published rates by size, those that may be compared first; each other one with the reason why it may not."""
    platforms = set(people.platform.dropna().str.lower())
    rows = [row for tier in tiers if tier != NOT_DEFINED for row in _of_size(book, scheme, tier, platforms)]
    if not rows:
        return []
    sources = pd.DataFrame(rows)
    sources["refused"] = sources.why_not.notna()
    sources["compare"] = [say("yes") if why is None else say("no: {why}", why=why) for why in sources.why_not]
    sources = sources.sort_values("refused", kind="stable")
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
    refused = _refused(sources, book.formats)
    return [
        Table(f"{STEP}.published", title, sources, columns, note=note, rows=8),
        *([refused] if refused else []),
    ]


def _of_size(book: Book, scheme: Scheme, tier: str, platforms: set[str]) -> list[dict[str, Any]]:
    """Rows of the pack for a size and these platforms."""
    our_formula = formula(book.client.engagement_formula)
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
            "why_not": why_not(row, our_formula["counts"], our_formula["per"], book.client.market),
            "source": say("{source}, {date}", source=row["source"], date=when_written(row["date"])),
        }
        for row in pack("benchmarks")["engagement"]
        if row["platform"] in bands and is_size_class(row) and _overlap(row, bands[row["platform"]])
    ]


def _denominator(row: dict[str, Any]) -> Text:
    """What a source divides by, and what it counts where that is not everything."""
    first, *rest = (packed(row[name]) for name in ("denominator", "formula", "posts") if name in row)
    return say("{denominator} ({counted})", denominator=first, counted=joined(rest)) if rest else first


def _overlap(row: dict[str, Any], bounds: tuple[float, float]) -> bool:
    """Whether a source's cut and the scheme's share at least half of the narrower, on a log scale."""
    low, high = (math.log10(max(end, 100)) for end in bounds)
    first, last = math.log10(max(row["from"], 100)), math.log10(row.get("to", 1e7))
    return min(high, last) - max(low, first) >= 0.5 * min(high - low, last - first)


def _refused(sources: pd.DataFrame, formats: Formats) -> Note | None:
    """How many were refused, and why; the commonest reason first."""
    refused = sources[sources.refused]
    refused = refused.assign(source=[written(source, formats) for source in refused.source])
    refused = refused.drop_duplicates(["source", "platform", "low", "high"])
    if refused.empty:
        return None
    texts = [written(why, formats) for why in refused.why_not]
    reasons = dict(zip(texts, refused.why_not, strict=True))
    parts = [say("{n} {reason}", n=n, reason=reasons[text]) for text, n in Counter(texts).most_common()]
    return Note(say("Not put beside our own figures: {reasons}.", reasons=joined(parts)), "method")
