"""Small, middle or large: what each would do for this campaign."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.sizes import scheme_of
from creatorbook.findings import (
    Capital,
    Column,
    Count,
    Findings,
    Note,
    Quantity,
    Share,
    Table,
    Wording,
    ends,
    joined,
    packed,
    say,
)
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates
from creatorbook.tiers.measures import QUESTIONS, measured, weakest
from creatorbook.tiers.published import published
from creatorbook.tiers.sizes import STEP, apart_and_close, first_sentence, is_chosen_already, no_list, present

if TYPE_CHECKING:
    from creatorbook.book import Book

PUBLIC = say("public figures only")
#: rows that stand there even if nobody has figures
ALWAYS = {"views", "response"}
#: measure → what would answer it
NEEDS = {
    "views": say("ask creators"),
    "match": say("with audience screenshots"),
    "per_thousand": say("with typical views"),
    "per_thousand_ours": say("with audience screenshots"),
    "per_response": say("with likes and comments"),
    "per_click": say("with typical views"),
    "per_order": say("with typical views"),
    "orders": say("with typical views"),
    "left": say("with views and margin"),
    "break_even": say("with a margin"),
    "fee": say("with prices"),
    "pieces_per_thousand": say("with prices"),
    "soon": say("with the days of posts"),
    "misfit": say("with two people's marks for each account"),
    "share": say("with prices"),
    "at_risk": say("with prices"),
}
#: measure → its words in a list
WORDS = {
    "match": say("how much of the audience is ours"),
    "per_thousand": say("the price of being seen"),
    "per_thousand_ours": say("that price for our audience"),
    "per_response": say("the price of a response"),
    "per_click": say("of a click"),
    "per_order": say("of an order"),
    "orders": say("orders for the money"),
    "left": say("what is left"),
    "break_even": say("orders to pay back"),
    "fee": say("price"),
    "pieces_per_thousand": say("pieces for the money"),
    "soon": say("how soon it was live"),
    "misfit": say("how well it fits"),
    "share": say("how much hangs on one person"),
    "at_risk": say("what one wrong choice costs"),
}


def comparison(book: Book) -> Findings:
    """Questions as rows, sizes as columns, each cell a value with range and n; published figures stand apart."""
    if is_chosen_already(book):
        return Findings(STEP, (), book.formats)
    people, scheme = candidates(book), scheme_of(book)
    if people.empty:
        return Findings(STEP, (no_list(book),), book.formats)
    measures = measured(book)
    tiers = present(people, scheme)
    items: list[Any] = [
        Note(_distinct(measures, tiers)),
        Note(first_sentence(book)),
        _questions(book, measures, tiers),
        *_would_add(book, measures),
        *published(book, people, scheme, tiers),
        *([] if book.mode == "report" else [_measures(measures)]),
        _three_voices(measures),
    ]
    return Findings(STEP, tuple(items), book.formats)


def measure_cell(row: Any) -> Wording:
    """`2.4% (1.9% to 3.1%), n 12`."""
    unit = row.unit if row.unit in {"money", "percent"} else "number"
    value, n, likely = (
        Quantity(row.value, unit, row.digits),
        Count(row.n),
        ends(row.low, row.high, unit, row.digits),
    )
    if not (pd.isna(row.low) or pd.isna(row.high)):
        if math.isinf(row.high):
            return say(
                "{value} (from {low}, perhaps none comes), n\u00a0{n}", value=value, low=likely["low"], n=n
            )
        if row.low < row.high:
            return say("{value} ({low} to {high}), n\u00a0{n}", value=value, n=n, **likely)
    return say("{value}, n\u00a0{n}", value=value, n=n)


def _questions(book: Book, measures: pd.DataFrame, tiers: list[str]) -> Table:
    """One row per question with a cell per size; what nobody can answer says what would."""
    by_measure: dict[str, dict[str, Any]] = {}
    for row in measures.itertuples():
        by_measure.setdefault(row.measure, {}).setdefault(row.tier, row)
    rows: list[dict[str, Any]] = []
    for measure, question in QUESTIONS.items():
        own = by_measure.get(measure, {})
        if not own and measure not in ALWAYS:
            continue
        empty = PUBLIC if measure == "response" else _missing(measure)
        cells = {tier: measure_cell(own[tier]) if tier in own else empty for tier in tiers}
        grade = weakest(row.grade for row in own.values()) if own else "–"
        rows.append({"question": question, **cells, "grade": grade})
    uses = pack("tiers")["uses"]
    for words, name in ((say("Good for"), "good_for"), (say("Weak at"), "weak_at")):
        texts = {tier: packed(uses.get(tier, {}).get(name, "no source")) for tier in tiers}
        rows.append({"question": words, **texts, "grade": "articles"})
    columns = {
        "question": Column("Question"),
        **{tier: Column(Capital(packed(tier))) for tier in tiers},
        "grade": Column("Evidence"),
    }
    title = say("Small, middle or large: what each would do for this campaign")
    note = say(
        "Value, likely range, n creators; no range of medians below five. Per 1,000 spent puts few dear and many cheap "
        "creators on one scale. Rights to content: {rights}.",
        rights=book.campaign.rights or say("not agreed yet"),
    )
    return Table(f"{STEP}.comparison", title, pd.DataFrame(rows), columns, note=note, rows=30)


def _missing(measure: str) -> Wording:
    if measure in NEEDS:
        return say("not available: {needs}", needs=NEEDS[measure])
    return say("not available")


def _would_add(book: Book, measures: pd.DataFrame) -> list[Note]:
    """Questions nobody has figures for yet, by what would answer them."""
    lacking: dict[str, list[str]] = {}
    for measure in QUESTIONS:
        if measure in NEEDS and measure not in ALWAYS and not (measures.measure == measure).any():
            lacking.setdefault(NEEDS[measure].text, []).append(measure)
    if not lacking:
        return []
    parts = [
        say("{needs}: {measures}", needs=NEEDS[names[0]], measures=joined(WORDS[name] for name in names))
        for names in lacking.values()
    ]
    text = say("More could be put side by side. {parts}.", parts=Capital(joined(parts, by="; ")))
    return [Note(text, "unknown", owner=who_settles(book))]


def _distinct(measures: pd.DataFrame, tiers: list[str]) -> Wording:
    """Neighbouring sizes whose ranges of response or price per view do not touch."""
    apart: list[Wording] = []
    close: list[Wording] = []
    for measure, words in (("response", say("response")), ("per_thousand", say("price of being seen"))):
        rows = measures[(measures.measure == measure) & measures.low.notna() & measures.tier.isin(tiers)]
        if len(rows) < 2:
            continue
        for (_, one), (_, other) in zip(rows.iloc[:-1].iterrows(), rows.iloc[1:].iterrows(), strict=True):
            names = {"one": packed(one.tier), "other": packed(other.tier)}
            pair = say("{one} and {other} by {measure}", **names, measure=words)
            (apart if one.high < other.low or other.high < one.low else close).append(pair)
    if not apart and not close:
        return say(
            "We can tell apart: nothing yet. Too close to call: everything; five creators a size with posts would do."
        )
    return apart_and_close(apart, close)


def _measures(measures: pd.DataFrame) -> Table:
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
    frame = measures.astype({"value": "float64", "low": "float64", "high": "float64", "n": "float64"})
    return Table(f"{STEP}.measures", "The same as numbers", frame, columns, rows=3)


def _three_voices(measures: pd.DataFrame) -> Table:
    """What articles, research and the own data say of size."""
    own = [
        say("{size} {rate} (n {n})", size=packed(row.tier), rate=Share(row.value, 1), n=Count(row.n))
        for row in measures[measures.measure == "response"].itertuples()
    ]
    ours = say("Response here: {rates}.", rates=joined(own, by="; "))
    row = {
        "articles": say("The smaller the account, the more people respond and buy."),
        "research": say(
            "Direct sales per cost favour small; response first rises, then falls with size; launches differ."
        ),
        "own": ours if own else say("Nothing yet: public figures only."),
    }
    columns = {
        "articles": Column("What the articles say"),
        "research": Column("What research found"),
        "own": Column("What your own data say"),
    }
    return Table(f"{STEP}.three_voices", "Three voices on size", pd.DataFrame([row]), columns, sheet=False)
