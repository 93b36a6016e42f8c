"""What the campaign may bring, what it will be able to tell apart, and what nobody knows yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.finance.cost_lines import ORDER_COSTS
from creatorbook.finance.economics import unit_economics
from creatorbook.findings import Chart, Column, Findings, Note, Table, charts
from creatorbook.findings.formats import Formats
from creatorbook.goals.objective import STEP
from creatorbook.goals.track_record import track_record
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates, gifted, seen_views
from creatorbook.planning.chain import FACTORS, GOAL_STAGE, STAGE_WORDS, Known, chain, drawn, stages
from creatorbook.planning.own_past import past_outcomes
from creatorbook.planning.plans import TOO_MUCH_ASSUMED, recommended
from creatorbook.stats.forecast import Forecast

if TYPE_CHECKING:
    from creatorbook.book import Book

#: a range whose high end is more than so many times its low end decides nothing
GUESS = 10
#: days before launch by which an open question is wanted
ANSWER_DAYS = 7


def forecast(book: Book) -> Findings:
    """From budget to pieces, views, clicks, orders and what they leave; every input a range with its source.

    The headline is a range only if at most half of the spread comes from assumed inputs.
    """
    mix = recommended(book)
    if mix is None:
        text = (
            "Nothing can be forecast without prices: fees in the creators list settle it; whoever asks the "
            "creators has them."
        )
        return Findings(STEP, (Note(text, "unknown", slot="plan.should_bring"),), book.formats)
    known = chain(book, mix.people)
    stage = GOAL_STAGE[book.campaign.goal]
    told = [one for one in stages(known) if one != "answers" or one == stage]
    results = {one: drawn(known, one) for one in told}
    shown = {name: item for name, item in known.items() if any(name in FACTORS[one] for one in told)}
    items: tuple[Table | Chart | Note, ...] = (
        _headline(book, results[stage], stage),
        _steps(results),
        *_guess(book.formats, results[stage]),
        _inputs(book.formats, shown),
        *_chart(book, results[stage], known, stage),
        *track_record(book),
    )
    return Findings(STEP, items, book.formats)


def fan(book: Book) -> Findings:
    """How the goal's figure may build up over the campaign's days: middle, half of the cases, nine in ten."""
    mix = recommended(book)
    if mix is None:
        return Findings(STEP, (Note("There is no plan with prices to draw."),), book.formats)
    stage = GOAL_STAGE[book.campaign.goal]
    frame = build_up(drawn(chain(book, mix.people), stage), book.campaign.start, book.campaign.end, stage)
    bands = [("low90", "high90"), ("low50", "high50")]
    words = STAGE_WORDS[stage].split(" (")[0]
    picture = charts.fan(
        frame, x="day", bands=bands, line="likely", unit="number", formats=book.formats, ylabel=words
    )
    last, half = frame.iloc[-1], frame.iloc[len(frame) // 2]
    f = book.formats
    alt = (
        f"{words} so far by day, widening to {f.span(round_far(last.low90), round_far(last.high90), 'number')} on the "
        f"last day; half of the cases lie in the darker band."
    )
    low, high = round_far(half.low90), round_far(half.high90)
    text = (
        f"By {f.day(half.day)} it should be {f.span(low, high, 'number')}; outside of that, ask why before the "
        "campaign is over. Drawn as if posts and their effect were spread evenly over the days."
    )
    chart = Chart(f"{STEP}.fan", f"How {words.lower()} may build up", alt, picture)
    return Findings(STEP, (chart, Note(text, "method")), book.formats)


def build_up(told: Forecast, start: date, end: date, stage: str) -> pd.DataFrame:
    """Quantiles of a result so far on each day, spread evenly: day, low90, low50, likely, high50, high90.

    Counts are shared out over the days by chance, so that early days are as uncertain as few events are.
    """
    days = pd.date_range(start, end)
    rng = np.random.default_rng(20261122)
    rows = []
    for number in range(1, len(days) + 1):
        share = number / len(days)
        counted = stage in {"clicks", "orders"}
        so_far = rng.binomial(told.draws.astype(int), share) if counted else told.draws * share
        rows.append(np.quantile(so_far, [0.05, 0.25, 0.5, 0.75, 0.95]))
    frame = pd.DataFrame(rows, columns=["low90", "low50", "likely", "high50", "high90"])
    return frame.assign(day=days)


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
    left_out = [cost for cost in ORDER_COSTS if cost.missing in missing]
    if left_out:
        words = ", ".join(cost.missing for cost in left_out)
        text = f"{words[:1].upper()}{words[1:]}: left out, so it looks better than it is."
        gaps.append((7, text, " and ".join(dict.fromkeys(cost.who for cost in left_out))))
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
    basis = _basis(book, stage)
    text = f"{words}: likely {book.formats.span(low, high, 'number')}. Based on {basis}."
    return Note(text, "finding", slot="plan.should_bring")


def _basis(book: Book, stage: str) -> str:
    """What a headline rests on most: the client's own past, the creators' posts, or what is agreed with them."""
    past = past_outcomes(book).campaign.nunique()
    if past and stage in {"clicks", "orders"}:
        return f"your own {past} past campaign{'s' if past > 1 else ''}"
    return (
        "these creators' own posts" if stage in {"views", "answers"} else "what is agreed with these creators"
    )


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
    note = "Nine in ten lie between low and high, if the inputs below do."
    return Table(f"{STEP}.forecast", "What the plan may bring", pd.DataFrame(rows), columns, note=note)


def _guess(formats: Formats, told: Forecast) -> list[Note]:
    """Said where the range of the goal's figure is too wide, or too much assumed, to decide anything by."""
    low, _, high = told.range()
    wide = high > GUESS * max(low, 1e-9)
    if not wide and told.assumed_share <= TOO_MUCH_ASSUMED:
        return []
    times = (
        f"its high end is {formats.number(high / low)} times its low end"
        if low >= 1
        else "its low end is nothing"
    )
    why = times if wide else f"{formats.percent(told.assumed_share)} of its spread is assumed"
    return [Note(f"For the goal's own figure this is no better than a guess: {why}.", "caution")]


def _inputs(formats: Formats, known: Mapping[str, Known]) -> Table:
    rows = [
        {
            "input": item.words,
            "likely": _input(formats, item, item.told.likely),
            "low": _input(formats, item, item.told.low),
            "high": _input(formats, item, item.told.high),
            "evidence": item.grade,
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
        "source": Column("Source"),
    }
    return Table(f"{STEP}.inputs", "What the forecast rests on", pd.DataFrame(rows), columns)


def _input(formats: Formats, item: Known, value: float) -> str:
    return (
        formats.percent(value, 1)
        if item.share
        else formats.number(value, 0 if value >= 20 or value == round(value) else 1)
    )


def _chart(book: Book, told: Forecast, known: Mapping[str, Known], stage: str) -> list[Chart]:
    """The result with one input at a time at the ends of its range, widest first."""
    rows = [
        {"input": known[name].words, "low": min(ends), "high": max(ends), "assumed": known[name].assumed}
        for name, ends in told.swings.items()
        if max(ends) > 1.005 * min(ends)
    ]
    if not rows:
        return []
    frame = pd.DataFrame(rows).assign(width=lambda rows: rows.high - rows.low)
    frame = frame.sort_values("width", ascending=False, kind="stable", ignore_index=True)
    f, words = book.formats, STAGE_WORDS[stage].split(" (")[0].lower()
    picture = charts.ranges(
        frame.assign(likely=told.likely),
        label="input",
        value="likely",
        low="low",
        high="high",
        unit="number",
        formats=f,
        xlabel=f"{words}, if only this input moves (highlighted: assumed)",
        reference=told.likely,
        highlight="assumed",
    )
    first = frame.iloc[0]
    span = f.span(round_far(first.low), round_far(first.high), "number")
    alt = f"Lines: {first.input} moves the result most; alone it takes {words} to {span}."
    return [Chart(f"{STEP}.moves_most", "What moves the result most", alt, picture)]
