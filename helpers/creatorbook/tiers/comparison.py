"""Small, middle or large: what each would do for this campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook import charts
from creatorbook.findings import Chart, Column, Findings, Note, Table
from creatorbook.formats import Formats
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates
from creatorbook.planning.tier_schemes import NOT_DEFINED, Scheme, scheme_of
from creatorbook.tiers.measures import QUESTIONS, measured, published
from creatorbook.tiers.sizes import STEP, first_sentence, no_list, present

if TYPE_CHECKING:
    from creatorbook.book import Book

PUBLIC = "public figures only"


def comparison(book: Book) -> Findings:
    """Questions as rows, sizes as columns, each cell a value with range and n; published figures stand apart."""
    people, scheme = candidates(book), scheme_of(book)
    if people.empty:
        return Findings(STEP, (no_list(),), book.formats)
    known = measured(book)
    tiers = present(people, scheme)
    items: list[Any] = [
        Note(_told_apart(known, tiers)),
        Note(first_sentence(book, scheme, people)),
        _questions(book, known, tiers),
        *_published(people, scheme, tiers),
        _measures(known),
        *_scatter(book, people),
        _three_voices(book.formats, known),
    ]
    return Findings(STEP, tuple(items), book.formats)


def cell(formats: Formats, row: pd.Series | None) -> str:
    """`2.4% (1.9% to 3.1%), n 12`."""
    if row is None:
        return PUBLIC
    unit = row.unit if row.unit in {"money", "percent"} else "number"
    told, n = formats.value(row.value, unit, row.digits), f"n\u00a0{row.n:.0f}"
    if pd.isna(row.low) or pd.isna(row.high):
        return f"{told}, {n}"
    low, high = (formats.value(end, unit, row.digits) for end in (row.low, row.high))
    return f"{told} ({low} to {high}), {n}" if low != high else f"{told}, {n}"


def _questions(book: Book, known: pd.DataFrame, tiers: list[str]) -> Table:
    rows = []
    for measure, question in QUESTIONS.items():
        told = {}
        for tier in tiers:
            found = known[(known.measure == measure) & (known.tier == tier)]
            told[tier] = cell(book.formats, found.iloc[0] if len(found) else None)
        if set(told.values()) == {PUBLIC} and measure != "response":
            told = dict.fromkeys(tiers, _missing(measure))
        rows.append({"question": question, **told})
    uses = pack("tiers")["uses"]
    for words, name in {"Good for": "good_for", "Weak at": "weak_at"}.items():
        rows.append(
            {"question": words, **{tier: uses.get(tier, {}).get(name, "no source") for tier in tiers}}
        )
    columns = {"question": Column("Question"), **{tier: Column(tier.capitalize()) for tier in tiers}}
    title = "Small, middle or large: what each would do for this campaign"
    note = "Value, likely range, and n: creators it rests on. No range below five creators."
    return Table(f"{STEP}.comparison", title, pd.DataFrame(rows), columns, note=note)


def _missing(measure: str) -> str:
    told = {
        "views": "ask creators",
        "match": "audience screenshots",
        "per_thousand": "needs typical views",
        "break_even": "needs margin",
        "fee": "needs prices",
        "share": "needs prices",
        "at_risk": "needs prices",
    }
    return f"not available: {told[measure]}" if measure in told else "not available"


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


def _published(people: pd.DataFrame, scheme: Scheme, tiers: list[str]) -> list[Table]:
    """Published response rates apart from the client's own, each with its denominator."""
    platforms = set(people.platform.dropna().str.lower())
    bands = {band.name: (float(band.start), min(band.end, 1e7)) for band in scheme.bands}
    found = [published(tier, platforms, bands[tier]) for tier in tiers if tier != NOT_DEFINED]
    found = [frame for frame in found if len(frame)]
    if not found:
        return []
    frame = pd.concat(found, ignore_index=True).assign(date=lambda rows: rows.date.astype(str))
    columns = {
        "tier": Column("Size"),
        "platform": Column("Platform"),
        "market": Column("Market"),
        "low": Column("From", "percent", 1, grade="assumed"),
        "high": Column("To", "percent", 1, grade="assumed"),
        "denominator": Column("Share of"),
        "evidence": Column("Evidence"),
        "source": Column("Source"),
        "date": Column("Date"),
    }
    note = (
        "Compare only rows with the same platform and the same denominator; sizes are the sources' own cuts."
    )
    title = "What others publish about response, by size"
    return [Table(f"{STEP}.published", title, frame[list(columns)], columns, note=note, rows=8)]


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


def _scatter(book: Book, people: pd.DataFrame) -> list[Chart]:
    """Response against size on the client's own creators."""
    seen = people[people.response.notna()]
    if len(seen) < 8:
        return []
    picture = charts.scatter(
        seen,
        x="followers",
        y="response",
        unit_x="number",
        unit_y="percent",
        formats=book.formats,
        xlabel="followers",
        ylabel="likes and comments per follower",
        log_x=True,
    )
    slope = float(seen.followers.corr(seen.response, method="spearman"))
    way = (
        "falls with size" if slope < -0.3 else "rises with size" if slope > 0.3 else "hardly depends on size"
    )
    alt = f"Dots for {len(seen)} creators: response {way} on this list (rank correlation {slope:.1f})."
    return [Chart(f"{STEP}.response", "Does response depend on size here?", alt, picture)]


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
