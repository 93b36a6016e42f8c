"""What the campaign may bring, what it will be able to tell apart, and what nobody knows yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook import charts
from creatorbook.finance.economics import orders_needed, unit_economics
from creatorbook.findings import Chart, Column, Figure, Findings, Note, Table
from creatorbook.formats import Formats
from creatorbook.goals.objective import STEP
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates, gifted, seen_views
from creatorbook.planning.chain import GOAL_STAGE, STAGE_WORDS, Known, chain, drawn, stages
from creatorbook.planning.plans import TOO_MUCH_ASSUMED, Mix, mixes, recommended
from creatorbook.stats import power
from creatorbook.stats.forecast import Forecast

if TYPE_CHECKING:
    from creatorbook.book import Book

#: extra variation of orders between creators, where the client's own past does not say; see stats.power
USUAL_DISPERSION = 1.0
#: days before launch by which an open question is wanted
ANSWER_DAYS = 7


def forecast(book: Book) -> Findings:
    """From budget to pieces, views, clicks, orders and what they leave; every input a range with its source.

    The headline is a range only if at most half of the spread comes from assumed inputs.
    """
    mix = recommended(book, mixes(book))
    if mix is None:
        text = (
            "Nothing can be forecast without prices: fees in the creators list settle it; whoever asks the "
            "creators has them."
        )
        return Findings(STEP, (Note(text, "unknown", slot="plan.should_bring"),), book.formats)
    known = chain(book, mix.people)
    results = {stage: drawn(known, stage) for stage in stages(known)}
    stage = GOAL_STAGE[book.campaign.goal]
    items: tuple[Table | Chart | Note, ...] = (
        _headline(book, results[stage], stage),
        _steps(results),
        _inputs(book.formats, known, results[stage]),
        *_chart(book, results[stage], known),
        _no_check_yet(),
    )
    return Findings(STEP, items, book.formats)


def test_plan(book: Book) -> Findings:
    """What the planned creators can tell apart at 80 % power, and how many a finer answer would take."""
    mix = recommended(book, mixes(book))
    creators = len(mix.people) if mix else len(candidates(book))
    if not creators:
        text = "How much could be told apart depends on how many creators take part; a creators list says it."
        return Findings(STEP, (Note(text, "unknown", slot="plan.know_afterwards"),), book.formats)
    mean, source = _orders_expected(book, mix)
    dispersion, dispersion_source = USUAL_DISPERSION, "assumed, usual among creators"
    ratio = power.detectable_ratio(lambda r: power.groups_power(mean, r, max(1, creators // 2), dispersion))
    rows = [
        _told_apart(book.formats, mean, n, dispersion)
        for n in sorted({creators, 2 * creators, 4 * creators} - {0})
    ]
    columns = {
        "creators": Column("Creators in all", "number"),
        "groups": Column("Told apart from", "times", 1, note="ratio of orders per creator"),
        "reading": Column("Which means"),
    }
    needed = power.creators_needed(mean, 2.0, dispersion)
    pair = power.detectable_ratio(lambda r: power.counts_power(mean, r))
    items = (
        Note(_know_afterwards(book.formats, creators, ratio, needed), slot="plan.know_afterwards"),
        Figure(
            key=f"{STEP}.detectable_ratio",
            label="Smallest difference between two halves of the creators that can be told apart",
            value=ratio,
            unit="times",
            digits=1,
            grade="assumed",
            source=f"power 80 %, 10 % false alarms; {source}; variation between creators {dispersion_source}",
            n=creators,
            note="" if ratio else "No difference up to fifty times: too few creators.",
        ),
        Figure(
            key=f"{STEP}.detectable_pair",
            label="Smallest difference between two single creators",
            value=pair,
            unit="times",
            digits=1,
            grade="assumed",
            source=f"exact test of two counts; {source}",
        ),
        Table(f"{STEP}.test_plan", "What more creators would tell apart", pd.DataFrame(rows), columns),
        Note(
            "Orders of one creator vary by chance, and creators differ; both are counted. Winners below these "
            "differences are not named.",
            "method",
        ),
    )
    return Findings(STEP, items, book.formats)


def unknowns(book: Book) -> Findings:
    """At most three things not known: what is missing, what it would change, who has it, by when."""
    gaps = [*_money_gaps(book), *_people_gaps(book)]
    gaps.sort(key=lambda gap: gap[0])
    due = answer_day(book)
    notes = [
        Note(text, "unknown", slot="plan.not_known", owner=owner, due=due, rank=rank)
        for rank, (_, text, owner) in enumerate(gaps[:3], 1)
    ]
    nothing = Note("Nothing that would change the plan is open.")
    return Findings(STEP, tuple(notes) or (nothing,), book.formats)


def _money_gaps(book: Book) -> list[tuple[int, str, str]]:
    """What is not known about an order: how much it matters (1 most), the line, who has it."""
    missing = set(unit_economics(book).missing)
    gaps = []
    if "basket" in missing:
        gaps.append((2, "The basket: it sets the orders needed. An older order export has it.", "shop"))
    if "goods" in missing:
        gaps.append((3, "Margin on these goods: whether this pays back.", "brand"))
    if "returns" in missing:
        gaps.append((4, "How much comes back: it raises the orders needed.", "shop"))
    if missing & {"shipping", "handling of returns", "payment fees"}:
        gaps.append((7, "Shipping, handling, payment fees: left out, so it looks better than it is.", "shop"))
    return gaps


def _people_gaps(book: Book) -> list[tuple[int, str, str]]:
    """What is not known about people and weeks, as in `_money_gaps`."""
    people, gaps = candidates(book), []
    unpriced = int(people.cost.isna().sum())
    if people.empty:
        gaps.append((1, "Who could take part: nothing can be planned without a list.", "agency"))
    if unpriced:
        gaps.append((5, f"The price of {unpriced} people: they are in no plan yet.", "agency"))
    if len(people) and not seen_views(people):
        gaps.append((6, "Typical views: how many people a plan reaches.", "creators"))
    if len(people) and gifted(people).mean() > 0.25:
        gaps.append((8, "How many post after a gift: your last parcels would tell.", "agency"))
    if book.campaign.goal == "sales":
        gaps.append((9, "How many views become orders: earlier posts would tell.", "brand"))
    if book.campaign.promotions is None:
        gaps.append((10, "The shop's own promotions: they lift orders, too.", "brand"))
    return gaps


def answer_day(book: Book) -> date:
    """A week before launch, or the day before it if that has passed."""
    return max(book.campaign.start - timedelta(days=ANSWER_DAYS), min(book.as_of, book.campaign.start))


def _headline(book: Book, told: Forecast, stage: str) -> Note:
    goal = pack("goals")["goals"][book.campaign.goal]["words"]
    if told.assumed_share > TOO_MUCH_ASSUMED:
        text = f"We cannot forecast {goal} yet; see what has to be true."
        return Note(text, "finding", slot="plan.should_bring")
    low, _, high = told.range()
    words = STAGE_WORDS[stage]
    low, high = round_far(low), round_far(high)
    basis = (
        "these creators' own posts" if stage in {"views", "answers"} else "what is agreed with these creators"
    )
    text = f"{words}: likely {book.formats.span(low, high, 'number')}. Based on {basis}."
    return Note(text, "finding", slot="plan.should_bring")


def round_far(value: float) -> float:
    """Two leading digits: a forecast has no more."""
    if value <= 0:
        return 0.0
    step = 10 ** max(0, int(np.floor(np.log10(value))) - 1)
    return float(round(value / step) * step)


def _steps(results: Mapping[str, Forecast]) -> Table:
    rows = []
    for stage, told in results.items():
        low, middle, high = told.range()
        rows.append(
            {
                "step": STAGE_WORDS[stage],
                "low": low,
                "likely": middle,
                "high": high,
                "assumed": told.assumed_share,
            }
        )
    columns = {
        "step": Column("On the way from posts to money"),
        "low": Column("Low", "number"),
        "likely": Column("Likely", "number", grade="assumed"),
        "high": Column("High", "number"),
        "assumed": Column("Part of the spread that is assumed", "percent"),
    }
    note = "Nine in ten lie between low and high, if the inputs below do. No better than its inputs."
    return Table(f"{STEP}.forecast", "What the plan may bring", pd.DataFrame(rows), columns, note=note)


def _inputs(formats: Formats, known: Mapping[str, Known], told: Forecast) -> Table:
    rows = [
        {
            "input": item.words,
            "likely": _input(formats, item, item.told.likely),
            "low": _input(formats, item, item.told.low),
            "high": _input(formats, item, item.told.high),
            "evidence": "assumed" if item.assumed else "from own files",
            "moves": told.spread.get(name),
            "source": item.told.source,
        }
        for name, item in known.items()
    ]
    columns = {
        "input": Column("Input"),
        "likely": Column("Likely"),
        "low": Column("Low"),
        "high": Column("High"),
        "evidence": Column("Evidence"),
        "moves": Column("Part of the spread", "percent"),
        "source": Column("Source"),
    }
    frame = pd.DataFrame(rows).astype({"moves": "float64"})
    return Table(f"{STEP}.inputs", "What the forecast rests on", frame, columns)


def _input(formats: Formats, item: Known, value: float) -> str:
    return (
        formats.percent(value, 1)
        if item.share
        else formats.number(value, 0 if value >= 20 or value == round(value) else 1)
    )


def _chart(book: Book, told: Forecast, known: Mapping[str, Known]) -> list[Chart]:
    """What moves the result most, widest first."""
    parts = sorted(((part, name) for name, part in told.spread.items() if part > 0.005), reverse=True)
    if not parts:
        return []
    words = {**{name: item.words for name, item in known.items()}, "chance": "plain chance"}
    frame = pd.DataFrame({"input": [words[name] for _, name in parts], "part": [part for part, _ in parts]})
    frame["assumed"] = [name in known and known[name].assumed for _, name in parts]
    picture = charts.bars(
        frame,
        label="input",
        value="part",
        unit="percent",
        formats=book.formats,
        xlabel="part of the spread (highlighted: assumed)",
        highlight="assumed",
    )
    first = frame.iloc[0]
    alt = f"Bars: {first.input} moves the result most, {book.formats.percent(first.part)} of the spread."
    return [Chart(f"{STEP}.moves_most", "What moves the result most", alt, picture)]


def _no_check_yet() -> Note:
    return Note("This forecast is not yet checked against your campaigns (0 so far).", "method")


def _orders_expected(book: Book, mix: Mix | None) -> tuple[float, str]:
    """Orders per creator to plan the test with: those that pay back, else ten as an example."""
    unit = unit_economics(book)
    if mix:
        needed = orders_needed(mix.cost / len(mix.people), unit)
        if needed:
            return max(1.0, needed.likely), "at the orders that pay back each creator"
    return 10.0, "at ten orders per creator, as an example"


def _told_apart(
    formats: Formats, mean: float, creators: int, dispersion: float
) -> dict[str, float | str | None]:
    ratio = power.detectable_ratio(lambda r: power.groups_power(mean, r, max(1, creators // 2), dispersion))
    reading = (
        "no difference can be told apart"
        if ratio is None
        else f"one half must bring {formats.number(ratio, 1)} times the orders of the other"
    )
    return {"creators": float(creators), "groups": ratio if ratio else float("nan"), "reading": reading}


def _know_afterwards(formats: Formats, creators: int, ratio: float | None, needed: int | None) -> str:
    if ratio is None:
        more = f" {2 * needed} would show twice as many orders." if needed else ""
        return f"With {creators} creators no two groups can be told apart; differences will read “too close to call”.{more}"
    return (
        f"With {creators} creators we can tell apart differences of about {formats.number(ratio, 1)} times; anything smaller "
        "reads “too close to call”."
    )
