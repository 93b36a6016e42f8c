"""What is known of each size, as numbers: value, likely range, how many it rests on, and where from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.finance.economics import orders_needed, unit_economics
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates, hours
from creatorbook.planning.plans import pieces
from creatorbook.planning.tier_schemes import scheme_of
from creatorbook.stats.intervals import median_interval
from creatorbook.tiers.sizes import present

if TYPE_CHECKING:
    from creatorbook.book import Book

COLUMNS = ["measure", "tier", "value", "low", "high", "n", "grade", "unit", "digits", "source"]

#: measure → the question it answers; the order of the rows
QUESTIONS = {
    "views": "How many people see one post? (views, most count one person more than once)",
    "response": "How many respond? (likes and comments ÷ followers)",
    "match": "Is it our audience? (share in our markets)",
    "per_thousand": "What does it cost to be seen 1,000 times?",
    "fee": "What does one creator cost? (fee and gift)",
    "break_even": "How many orders pay one creator back?",
    "pieces": "How many pieces of content per creator?",
    "hours": "How many hours for us, all together?",
    "share": "How much hangs on one person? (dearest ÷ all of this size)",
    "at_risk": "How bad if one choice is wrong? (the dearest is lost)",
}


def measured(book: Book) -> pd.DataFrame:
    """One row per measure and size (columns: `COLUMNS`); a measure nobody has data for has no row."""
    people, rows = candidates(book), []
    for tier in present(people, scheme_of(book)):
        own = people[people.tier == tier]
        rows += [{"tier": tier, **row} for row in _of_size(book, own)]
    return pd.DataFrame(rows, columns=COLUMNS)


def published(tier: str, platforms: set[str], scheme_bounds: tuple[float, float]) -> pd.DataFrame:
    """Published response rates for a size and these platforms, with denominator, source and date.

    A row fits where its own bounds and the scheme's overlap by at least half of the narrower, on a log scale.
    """
    rows = [
        {**row, "tier": tier, "denominator": _denominator(row), "market": row.get("market", "any")}
        for row in pack("benchmarks")["engagement"]
        if row["platform"] in platforms
        and row["tier"] not in {"all", "brands"}
        and _overlap(row, scheme_bounds)
    ]
    return pd.DataFrame(rows)


def _denominator(row: dict) -> str:
    told = [row["denominator"], *(row[name] for name in ("formula", "posts") if name in row)]
    return told[0] if len(told) == 1 else f"{told[0]} ({', '.join(told[1:])})"


def _overlap(row: dict, bounds: tuple[float, float]) -> bool:
    low, high = (math.log10(max(end, 100)) for end in bounds)
    first, last = math.log10(max(row["from"], 100)), math.log10(row.get("to", 1e7))
    common = min(high, last) - max(low, first)
    return common >= 0.5 * min(high - low, last - first)


def _of_size(book: Book, own: pd.DataFrame) -> list[dict]:
    unit, made = unit_economics(book), pieces(book, own)
    told = own.pieces.notna().all()
    rows = [
        _median(
            "views", own.views, "number", 0, "posts before the campaign" if _counted(own) else "typed by hand"
        ),
        _median("response", own.response, "percent", 1, "posts before the campaign"),
        _median("match", _match(book, own), "percent", 0, "audience files, share in our markets"),
        _median(
            "per_thousand",
            own.cost / (own.views * made) * 1000,
            "money",
            0,
            "price ÷ typical views of all pieces",
        ),
        _median("fee", own.cost, "money", 0, "creators list"),
        _median("pieces", made, "number", 1, "creators list" if told else "assumed where not agreed"),
        _whole_hours(book, own),
        *_concentration(own),
    ]
    typical = float(own.cost.median()) if own.cost.notna().any() else None
    needed = orders_needed(typical, unit) if typical is not None else None
    if needed:
        high = needed.high if math.isfinite(needed.high) else None
        rows.append(
            _row(
                "break_even", needed.likely, needed.low, high, len(own), unit.grade, "orders", 0, "economics"
            )
        )
    return [row for row in rows if row]


def _counted(own: pd.DataFrame) -> bool:
    return bool((own.views_from == "posts").any())


def _row(
    measure: str,
    value: float,
    low: float | None,
    high: float | None,
    n: int,
    grade: str,
    unit: str,
    digits: int,
    source: str,
) -> dict:
    return {
        "measure": measure,
        "value": value,
        "low": low,
        "high": high,
        "n": n,
        "grade": grade,
        "unit": unit,
        "digits": digits,
        "source": source,
    }


def _median(measure: str, values: pd.Series, unit: str, digits: int, source: str) -> dict | None:
    """Median over creators with its interval; no interval below five creators."""
    known = values.replace([np.inf, -np.inf], np.nan).dropna()
    if known.empty:
        return None
    low, high = median_interval(known.tolist()) or (None, None)
    grade = "assumed" if "assumed" in source else "counted" if measure == "fee" else "estimated"
    return _row(measure, float(known.median()), low, high, len(known), grade, unit, digits, source)


def _match(book: Book, own: pd.DataFrame) -> pd.Series:
    """Share of each account's audience in the campaign's markets; missing where no file tells."""
    audience = book.tables.audience
    markets = book.campaign.markets or book.client.all_markets
    here = audience[(audience.dimension == "country") & audience.segment.isin(markets)]
    return own.handle.map(here.groupby("handle").share.sum()).astype(float)


def _whole_hours(book: Book, own: pd.DataFrame) -> dict:
    low, high = hours(book, own)
    told = own.hours.notna().all()
    return _row(
        "hours",
        (low + high) / 2,
        low,
        high,
        len(own),
        "counted" if told else "assumed",
        "hours",
        0,
        "creators list" if told else "usual hours per creator, replace by your own",
    )


def _concentration(own: pd.DataFrame) -> list[dict]:
    whole, dearest = own.cost.sum(), own.cost.max()
    if not whole > 0:
        return []
    n = int(own.cost.notna().sum())
    return [
        _row("share", float(dearest / whole), None, None, n, "counted", "percent", 0, "creators list"),
        _row("at_risk", float(dearest), None, None, n, "counted", "money", 0, "creators list"),
    ]
