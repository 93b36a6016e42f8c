"""What the campaign may bring, what it will be able to tell apart, and what nobody knows yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from creatorbook import charts
from creatorbook.candidates import assumption, candidates, count_pieces
from creatorbook.client import Range
from creatorbook.economics import orders_needed, unit_economics
from creatorbook.findings import Chart, Column, Figure, Findings, Note, Table
from creatorbook.goals.objective import STEP
from creatorbook.packs import pack
from creatorbook.plans import Mix, mixes, recommended, seen_views
from creatorbook.stats import power
from creatorbook.stats.forecast import Draws, Forecast, Uncertain
from creatorbook.stats.forecast import forecast as draw

if TYPE_CHECKING:
    from creatorbook.book import Book

#: more of the spread than this from assumed inputs, and there is no forecast to put in a headline
TOO_MUCH_ASSUMED = 0.5
#: extra variation of orders between creators, where the client's own past does not say; see stats.power
USUAL_DISPERSION = 1.0
#: days before launch by which an open question is wanted
ANSWER_DAYS = 7


class Known(NamedTuple):
    """One input of the chain: its words, its range, whether it is a share, and whether it is assumed."""

    words: str
    told: Range
    assumed: bool
    share: bool = False


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
    known = chain(book, mix)
    results = {stage: _drawn(known, stage) for stage in _stages(known)}
    goal_stage = {"sales": "orders", "awareness": "views", "content": "pieces", "community": "answers"}
    stage = goal_stage[book.campaign.goal]
    items: tuple[Table | Chart | Note, ...] = (
        _headline(book, results[stage], stage, known),
        _steps(results),
        _inputs(known, results[stage]),
        *_chart(book, results[stage], known),
        _no_check_yet(),
    )
    return Findings(STEP, items, book.formats)


def chain(book: Book, mix: Mix) -> dict[str, Known]:
    """Inputs of the way from pieces to money, the client's own figures before assumed ones."""
    people, unit = mix.people, unit_economics(book)
    known = {"creators": Known("creators", _exact(len(people), "plan"), assumed=False)}
    known["pieces"] = _pieces(book, people)
    known["views"] = _views(book, people)
    known["answers"] = _response(book, people)
    for name, words in {"click_rate": "clicks per view", "conversion_rate": "orders per click"}.items():
        known[name] = Known(words, assumption(book, name), assumed=True, share=True)
    if unit.contribution and unit.contribution.low > 0:
        known["contribution"] = Known("left per order", unit.contribution, unit.grade == "assumed")
    return known


def test_plan(book: Book) -> Findings:
    """What the planned creators can tell apart at 80 % power, and how many a finer answer would take."""
    mix = recommended(book, mixes(book))
    creators = len(mix.people) if mix else len(candidates(book))
    mean, source = _orders_expected(book, mix)
    dispersion, dispersion_source = USUAL_DISPERSION, "assumed, usual among creators"
    ratio = power.detectable_ratio(lambda r: power.groups_power(mean, r, max(1, creators // 2), dispersion))
    rows = [_told_apart(mean, n, dispersion) for n in sorted({creators, 2 * creators, 4 * creators} - {0})]
    columns = {
        "creators": Column("Creators in all", "number"),
        "groups": Column("Two halves told apart from", "ratio", 1, note="ratio of orders per creator"),
        "weeks": Column("Reading"),
    }
    needed = power.creators_needed(mean, 2.0, dispersion)
    pair = power.detectable_ratio(lambda r: power.counts_power(mean, r))
    items = (
        Note(_know_afterwards(creators, ratio, needed), slot="plan.know_afterwards"),
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
    unit, people = unit_economics(book), candidates(book)
    gaps: list[tuple[str, str]] = []
    unpriced = int(people.cost.isna().sum())
    if people.empty:
        gaps.append(("Who could take part: nothing can be planned without a list.", "agency"))
    if "basket" in unit.missing:
        gaps.append(("The basket: it sets the orders needed. An older order export has it.", "shop"))
    if "goods" in unit.missing:
        gaps.append(("Margin on these goods: it decides whether this pays back.", "brand"))
    if "returns" in unit.missing:
        gaps.append(("How much comes back: each tenth raises the orders needed by about a ninth.", "shop"))
    if unpriced:
        gaps.append((f"The price of {unpriced} people: they are in no plan yet.", "agency"))
    if len(people) and not seen_views(people):
        gaps.append(("Typical views: they would say how many people a plan reaches.", "creators"))
    if {"shipping", "handling of returns", "payment fees"} & set(unit.missing):
        gaps.append(
            ("Shipping, handling and payment fees: left out so far, so it looks better than it is.", "shop")
        )
    if book.campaign.promotions is None:
        gaps.append(
            ("The shop's own promotions: they would lift orders that are not the creators'.", "brand")
        )
    due = answer_day(book)
    notes = [
        Note(text, "unknown", slot="plan.not_known", owner=owner, due=due, rank=rank)
        for rank, (text, owner) in enumerate(gaps[:3], 1)
    ]
    nothing = Note("Nothing that would change the plan is open.")
    return Findings(STEP, tuple(notes) or (nothing,), book.formats)


def answer_day(book: Book) -> date:
    """A week before launch, or the day before it if that has passed."""
    return max(book.campaign.start - timedelta(days=ANSWER_DAYS), min(book.as_of, book.campaign.start))


def _exact(value: float, source: str) -> Range:
    return Range(low=value, likely=value, high=value, source=source)


def _pieces(book: Book, people: pd.DataFrame) -> Known:
    """Pieces per creator: as agreed for all, else as the campaign file says, else assumed."""
    if people.pieces.notna().all():
        return Known(
            "pieces per creator", _exact(float(people.pieces.mean()), "creators list"), assumed=False
        )
    told = count_pieces(", ".join(book.campaign.deliverables))
    if told == told:
        return Known("pieces per creator", _exact(told, "campaign file"), assumed=False)
    return Known("pieces per creator", assumption(book, "posts_per_creator"), assumed=True)


def _views(book: Book, people: pd.DataFrame) -> Known:
    """Views of one piece: mean of the people's typical views with its interval, else by followers."""
    seen = people.views.dropna()
    if seen_views(people) and len(seen) >= 3:
        reach = 1.645 * float(seen.std(ddof=1)) / np.sqrt(len(seen)) + 0.2 * float(seen.mean())
        middle = float(seen.mean())
        source = f"typical views of {len(seen)} creators, ± 20 % for other posts"
        told = Range(low=max(middle * 0.2, middle - reach), likely=middle, high=middle + reach, source=source)
        return Known("views per piece", told, assumed=False)
    rate, followers = assumption(book, "views_per_follower"), float(people.followers.mean())
    low, likely, high = (followers * end for end in (rate.low, rate.likely, rate.high))
    told = Range(low=low, likely=likely, high=high, source=f"followers × assumption: {rate.source}")
    return Known("views per piece", told, assumed=True)


def _response(book: Book, people: pd.DataFrame) -> Known:
    seen = (people.response * people.followers).dropna()
    if len(seen) >= max(3, len(people) / 2):
        middle = float(seen.mean())
        reach = min(0.8 * middle, 1.645 * float(seen.std(ddof=1)) / np.sqrt(len(seen)) + 0.2 * middle)
        told = Range(
            low=middle - reach, likely=middle, high=middle + reach, source=f"posts of {len(seen)} creators"
        )
        return Known("likes and comments per piece", told, assumed=False)
    rate, followers = assumption(book, "response_rate"), float(people.followers.mean())
    low, likely, high = (followers * end for end in (rate.low, rate.likely, rate.high))
    told = Range(low=low, likely=likely, high=high, source=f"followers × assumption: {rate.source}")
    return Known("likes and comments per piece", told, assumed=True)


#: stage → inputs that are multiplied
_FACTORS = {
    "pieces": ("creators", "pieces"),
    "views": ("creators", "pieces", "views"),
    "answers": ("creators", "pieces", "answers"),
    "clicks": ("creators", "pieces", "views", "click_rate"),
    "orders": ("creators", "pieces", "views", "click_rate", "conversion_rate"),
    "contribution": ("creators", "pieces", "views", "click_rate", "conversion_rate", "contribution"),
}
_STAGE_WORDS = {
    "pieces": "Pieces of content",
    "views": "Times seen (one person can be counted more than once)",
    "answers": "Likes and comments",
    "clicks": "Clicks",
    "orders": "Orders",
    "contribution": "Left before campaign costs",
}


def _stages(known: Mapping[str, Known]) -> list[str]:
    return [stage for stage, factors in _FACTORS.items() if all(name in known for name in factors)]


def _drawn(known: Mapping[str, Known], stage: str) -> Forecast:
    inputs = {
        name: Uncertain(
            max(known[name].told.low, 1e-9),
            max(known[name].told.likely, 1e-9),
            max(known[name].told.high, 1e-9),
            assumed=known[name].assumed,
            most=1.0 if known[name].share else np.inf,
        )
        for name in _FACTORS[stage]
    }

    def product(values: Mapping[str, Draws]) -> Draws:
        return np.prod([values[name] for name in _FACTORS[stage]], axis=0)

    return draw(inputs, product, chance=stage in {"clicks", "orders"})


def _headline(book: Book, told: Forecast, stage: str, known: Mapping[str, Known]) -> Note:
    goal = pack("goals")["goals"][book.campaign.goal]["words"]
    if told.assumed_share > TOO_MUCH_ASSUMED:
        text = f"We cannot forecast {goal} yet; see what has to be true."
        return Note(text, "finding", slot="plan.should_bring")
    low, _, high = told.range()
    words = _STAGE_WORDS[stage]
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
                "step": _STAGE_WORDS[stage],
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


def _inputs(known: Mapping[str, Known], told: Forecast) -> Table:
    rows = [
        {
            "input": item.words,
            "low": item.told.low,
            "likely": item.told.likely,
            "high": item.told.high,
            "grade": "assumed" if item.assumed else "from own files",
            "moves": told.spread.get(name),
            "source": item.told.source,
        }
        for name, item in known.items()
    ]
    columns = {
        "input": Column("Input"),
        "low": Column("Low", "number", 4),
        "likely": Column("Likely", "number", 4),
        "high": Column("High", "number", 4),
        "grade": Column("Evidence"),
        "moves": Column("Part of the spread", "percent"),
        "source": Column("Source"),
    }
    frame = pd.DataFrame(rows).astype({"moves": "float64"})
    return Table(f"{STEP}.inputs", "What the forecast rests on", frame, columns)


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


def _told_apart(mean: float, creators: int, dispersion: float) -> dict[str, float | str | None]:
    ratio = power.detectable_ratio(lambda r: power.groups_power(mean, r, max(1, creators // 2), dispersion))
    reading = (
        "no difference can be told apart"
        if ratio is None
        else f"half the creators must bring {ratio:.1f} times"
    )
    return {"creators": float(creators), "groups": ratio if ratio else float("nan"), "weeks": reading}


def _know_afterwards(creators: int, ratio: float | None, needed: int | None) -> str:
    if ratio is None:
        more = f" {2 * needed} would show twice as many orders." if needed else ""
        return f"With {creators} creators no two groups can be told apart; differences will read “too close to call”.{more}"
    return (
        f"With {creators} creators we can tell apart differences of about {ratio:.1f} times; anything smaller will "
        "read “too close to call”."
    )
