"""Small, middle or large: what each would do for this campaign."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.sizes import scheme_of
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates
from creatorbook.tiers.measures import QUESTIONS, measured
from creatorbook.tiers.published import published
from creatorbook.tiers.sizes import STEP, first_sentence, no_list, present

if TYPE_CHECKING:
    from creatorbook.book import Book

PUBLIC = "public figures only"
#: rows that stand there even if nobody has figures
ALWAYS = {"views", "response"}
#: measure → what would answer it
NEEDS = {
    "views": "ask creators",
    "match": "with audience screenshots",
    "per_thousand": "with typical views",
    "per_thousand_ours": "with audience screenshots",
    "per_response": "with likes and comments",
    "per_click": "with typical views",
    "per_order": "with typical views",
    "orders": "with typical views",
    "left": "with views and margin",
    "break_even": "with a margin",
    "fee": "with prices",
    "pieces_per_thousand": "with prices",
    "soon": "with the days of posts",
    "misfit": "with two people's marks for each account",
    "share": "with prices",
    "at_risk": "with prices",
}
#: measure → its words in a list
WORDS = {
    "match": "how much of the audience is ours",
    "per_thousand": "the price of being seen",
    "per_thousand_ours": "that price for our audience",
    "per_response": "the price of a response",
    "per_click": "of a click",
    "per_order": "of an order",
    "orders": "orders for the money",
    "left": "what is left",
    "break_even": "orders to pay back",
    "fee": "price",
    "pieces_per_thousand": "pieces for the money",
    "soon": "how soon it was live",
    "misfit": "how well it fits",
    "share": "how much hangs on one person",
    "at_risk": "what one wrong choice costs",
}


def comparison(book: Book) -> Findings:
    """Questions as rows, sizes as columns, each cell a value with range and n; published figures stand apart."""
    people, scheme = candidates(book), scheme_of(book)
    if people.empty:
        return Findings(STEP, (no_list(),), book.formats)
    known = measured(book)
    tiers = present(people, scheme)
    items: list[Any] = [
        Note(_told_apart(known, tiers)),
        Note(first_sentence(book)),
        _questions(book, known, tiers),
        *_would_add(known),
        *published(book, people, scheme, tiers),
        *([] if book.mode == "report" else [_measures(known)]),
        _three_voices(book.formats, known),
    ]
    return Findings(STEP, tuple(items), book.formats)


def cell(formats: Formats, row: Any) -> str:
    """`2.4% (1.9% to 3.1%), n 12`."""
    unit = row.unit if row.unit in {"money", "percent"} else "number"
    told, n = formats.value(row.value, unit, row.digits), f"n\u00a0{row.n:.0f}"
    if pd.isna(row.low) or pd.isna(row.high):
        return f"{told}, {n}"
    if math.isinf(row.high):
        return f"{told} (from {formats.value(row.low, unit, row.digits)}, perhaps none comes), {n}"
    low, high = (formats.value(end, unit, row.digits) for end in (row.low, row.high))
    return f"{told} ({low} to {high}), {n}" if low != high else f"{told}, {n}"


def _questions(book: Book, known: pd.DataFrame, tiers: list[str]) -> Table:
    told: dict[str, dict[str, Any]] = {}
    for row in known.itertuples():
        told.setdefault(row.measure, {}).setdefault(row.tier, row)
    rows = []
    for measure, question in QUESTIONS.items():
        own = told.get(measure, {})
        if not own and measure not in ALWAYS:
            continue
        empty = PUBLIC if measure == "response" else _missing(measure)
        cells = {tier: cell(book.formats, own[tier]) if tier in own else empty for tier in tiers}
        rows.append({"question": question, **cells, "grade": next((row.grade for row in own.values()), "–")})
    uses = pack("tiers")["uses"]
    for words, name in {"Good for": "good_for", "Weak at": "weak_at"}.items():
        said = {tier: uses.get(tier, {}).get(name, "no source") for tier in tiers}
        rows.append({"question": words, **said, "grade": "articles"})
    columns = {
        "question": Column("Question"),
        **{tier: Column(tier.capitalize()) for tier in tiers},
        "grade": Column("Evidence"),
    }
    title = "Small, middle or large: what each would do for this campaign"
    rights = book.campaign.rights or "not agreed yet"
    note = (
        "Value, likely range, n creators; no range of medians below five. Per 1,000 spent puts few dear and many cheap "
        f"creators on one scale. Rights to content: {rights}."
    )
    return Table(f"{STEP}.comparison", title, pd.DataFrame(rows), columns, note=note, rows=30)


def _missing(measure: str) -> str:
    return f"not available: {NEEDS[measure]}" if measure in NEEDS else "not available"


def _would_add(known: pd.DataFrame) -> list[Note]:
    """Questions nobody has figures for yet, by what would answer them."""
    lacking: dict[str, list[str]] = {}
    for measure in QUESTIONS:
        if measure in NEEDS and measure not in ALWAYS and not (known.measure == measure).any():
            lacking.setdefault(NEEDS[measure], []).append(WORDS[measure])
    if not lacking:
        return []
    told = "; ".join(f"{needs}: {', '.join(words)}" for needs, words in lacking.items())
    return [Note(f"More could be put side by side. {told[0].upper()}{told[1:]}.", "unknown", owner="agency")]


def _told_apart(known: pd.DataFrame, tiers: list[str]) -> str:
    """Neighbouring sizes whose ranges of response or price per view do not touch."""
    apart: list[str] = []
    close: list[str] = []
    for measure, words in {"response": "response", "per_thousand": "price of being seen"}.items():
        rows = known[(known.measure == measure) & known.low.notna() & known.tier.isin(tiers)]
        if len(rows) < 2:
            continue
        for (_, one), (_, other) in zip(rows.iloc[:-1].iterrows(), rows.iloc[1:].iterrows(), strict=True):
            pair = f"{one.tier} and {other.tier} by {words}"
            (apart if one.high < other.low or other.high < one.low else close).append(pair)
    if not apart and not close:
        return "We can tell apart: nothing yet. Too close to call: everything; five creators a size with posts would do."
    return f"We can tell apart: {', '.join(apart) or 'nothing'}. Too close to call: {', '.join(close) or 'nothing'}."


def _measures(known: pd.DataFrame) -> Table:
    """The same figures as numbers, for the workbook."""
    columns = {
        "measure": Column("Measure"),
        "tier": Column("Size"),
        "value": Column("Value", "number", 3),
        "low": Column("Low", "number", 3),
        "high": Column("High", "number", 3),
        "n": Column("n", "number"),
        "unit": Column("Unit"),
        "grade": Column("Evidence"),
        "source": Column("Source"),
    }
    frame = known.astype({"value": "float64", "low": "float64", "high": "float64", "n": "float64"})
    return Table(f"{STEP}.measures", "The same as numbers", frame, columns, rows=3)


def _three_voices(formats: Formats, known: pd.DataFrame) -> Table:
    own = known[known.measure == "response"]
    told = "; ".join(
        f"{row.tier} {formats.percent(row.value, 1)} (n {row.n:.0f})" for row in own.itertuples()
    )
    row = {
        "articles": "The smaller the account, the more people respond and buy.",
        "research": "Direct sales per cost favour small; response first rises, then falls with size; launches differ.",
        "own": f"Response here: {told}." if told else "Nothing yet: public figures only.",
    }
    columns = {
        "articles": Column("What the articles claim"),
        "research": Column("What research found"),
        "own": Column("What your own data say"),
    }
    return Table(f"{STEP}.three_voices", "Three voices on size", pd.DataFrame([row]), columns, sheet=False)
