"""What the campaign may bring, what it will be able to tell apart, and what nobody knows yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.finance.cost_lines import ORDER_COSTS
from creatorbook.finance.economics import unit_economics
from creatorbook.findings import (
    Capital,
    Chart,
    Column,
    Count,
    Day,
    Findings,
    Money,
    Note,
    Share,
    Span,
    Table,
    Text,
    Wording,
    charts,
    joined,
    packed,
    say,
    say_many,
    sentences,
)
from creatorbook.findings.rounding import far_ends, round_far
from creatorbook.goals.basis import basis
from creatorbook.goals.objective import STEP
from creatorbook.goals.track_record import track_record
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates, gifted, half_have
from creatorbook.planning.chain import (
    GOAL_STAGE,
    RATE_WORDS,
    STAGE_WORDS,
    ChainInput,
    chain,
    drawn_outcome,
    factors_of,
    stages,
)
from creatorbook.planning.own_creators import rests_on_own, sold_before
from creatorbook.planning.own_past import ENOUGH_CAMPAIGNS, is_own, past_outcomes, seen_before
from creatorbook.planning.plans import TOO_MUCH_ASSUMED, Mix, nothing_fits, recommended
from creatorbook.planning.verdict import targets_set
from creatorbook.stats.forecast import Forecast

if TYPE_CHECKING:
    from creatorbook.book import Book

#: a range whose high end is more than so many times its low end decides nothing
GUESS = 10
#: days before launch by which an open question is wanted
ANSWER_DAYS = 7


def forecast(book: Book) -> Findings:
    """From budget to pieces, views, clicks, orders and what they leave; every input a range with its source."""
    mix = recommended(book)
    if mix is None:
        text = say(
            "Nothing can be forecast without prices: fees in the creators list settle it; the campaign "
            "lead has them."
        )
        if (why := nothing_fits(book)) is not None:
            text = say("Nothing can be forecast without a plan: {why}", why=why)
        return Findings(STEP, (Note(text, "unknown", slot="plan.should_bring"),), book.formats)
    inputs = chain(book, mix.people)
    stage = GOAL_STAGE[book.campaign.goal]
    steps = [one for one in stages(inputs) if one != "answers" or one == stage]
    results = {one: drawn_outcome(inputs, one) for one in steps}
    shown = {
        name: item for name, item in inputs.items() if any(name in factors_of(inputs, one) for one in steps)
    }
    items: tuple[Table | Chart | Note, ...] = (
        *(_left_after_costs(book, mix, inputs) or [_headline(book, inputs, results.get(stage), stage)]),
        *_own_and_public(book, mix, inputs),
        _steps(results),
        *(_guess(results[stage]) if stage in results else []),
        _inputs(shown),
        *(_chart(book, results[stage], inputs, stage) if stage in results else []),
        *track_record(book),
    )
    return Findings(STEP, items, book.formats)


def fan(book: Book) -> Findings:
    """How the goal's figure may build up over the campaign's days: middle, half of the cases, nine in ten."""
    mix = recommended(book)
    if mix is None:
        return Findings(STEP, (Note("There is no plan with prices to draw."),), book.formats)
    stage, inputs = GOAL_STAGE[book.campaign.goal], chain(book, mix.people)
    if stage not in stages(inputs):
        unknown = Note(
            "Neither followers nor typical figures of these creators are known, so nothing can be drawn."
        )
        return Findings(STEP, (unknown,), book.formats)
    by_day = build_up(drawn_outcome(inputs, stage), book.campaign.start, book.campaign.end, stage)
    bands = [("low90", "high90"), ("low50", "high50")]
    words = STAGE_WORDS[stage].within
    picture = charts.quantile_fan(
        by_day,
        x="day",
        bands=bands,
        line="likely",
        unit="number",
        formats=book.formats,
        ylabel=Capital(words).write(book.formats),
    )
    last, half = by_day.iloc[-1], by_day.iloc[len(by_day) // 2]
    alt = say(
        "{figure} so far by day, widening to {span} on the last day; half of the cases lie in the darker band.",
        figure=Capital(words),
        span=Span(*far_ends(last.low90, last.high90), "number"),
    )
    text = say(
        "By {day} it should be {span}; outside of that, ask why before the "
        "campaign is over. Drawn as if posts and their effect were spread evenly over the days.",
        day=Day(half.day),
        span=Span(*far_ends(half.low90, half.high90), "number"),
    )
    title = say("How {figure} may build up", figure=words)
    chart = Chart(f"{STEP}.fan", title, alt, picture)
    return Findings(STEP, (chart, Note(text, "method")), book.formats)


def build_up(result: Forecast, start: date, end: date, stage: str) -> pd.DataFrame:
    """Quantiles of a result so far on each day, spread evenly: day, low90, low50, likely, high50, high90.

    Counts are shared out over the days by chance, so that early days are as uncertain as few events are.
    """
    days = pd.date_range(start, end)
    rows = []
    # whole numbers but for the last bits of a product, which a processor may round to either side
    events = np.rint(result.draws).astype(int)
    for number, random in enumerate(np.random.default_rng(20261122).spawn(len(days)), 1):
        share = number / len(days)
        counted = stage in {"clicks", "orders"}
        so_far = random.binomial(events, share) if counted else result.draws * share
        rows.append(np.quantile(so_far, [0.05, 0.25, 0.5, 0.75, 0.95]))
    by_day = pd.DataFrame(rows, columns=["low90", "low50", "likely", "high50", "high90"])
    return by_day.assign(day=days)


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


def _money_gaps(book: Book) -> list[tuple[int, Wording, Text]]:
    """What is not known about an order: how much it matters (1 most), the line, who has it."""
    missing = set(unit_economics(book).missing)
    gaps: list[tuple[int, Wording, Text]] = []
    if "basket" in missing:
        gaps.append((2, say("The basket: it sets the orders needed. An older order export has it."), "shop"))
    if "goods" in missing:
        gaps.append((3, say("Margin on these goods: whether this pays back."), "brand"))
    if "returns" in missing:
        gaps.append((4, say("How much comes back: it raises the orders needed."), "shop"))
    left_out = [cost for cost in ORDER_COSTS if cost.missing and cost.key in missing]
    if left_out:
        costs = Capital(joined(cost.missing for cost in left_out))
        text = say("{costs}: left out, so it looks better than it is.", costs=costs)
        gaps.append((7, text, "shop"))
    return gaps


def _people_gaps(book: Book) -> list[tuple[int, Wording, Text]]:
    """What is not known about people and weeks, as in `_money_gaps`."""
    people = candidates(book)
    gaps: list[tuple[int, Wording, Text]] = []
    unpriced = int(people.cost.isna().sum())
    if people.empty:
        gaps.append(
            (1, say("Who could take part: nothing can be planned without a list."), who_settles(book))
        )
    if unpriced:
        text = say_many(
            "The price of {n} person: they are in no plan yet.",
            "The price of {n} people: they are in no plan yet.",
            n=unpriced,
        )
        gaps.append((5, text, who_settles(book)))
    if len(people) and not half_have(people, "views"):
        gaps.append((6, say("Typical views: how many people a plan reaches."), "creators"))
    if len(people) and gifted(people).mean() > 0.25:
        gaps += _of_the_past(book, 8, "gifted_post_rate", _AFTER_A_GIFT, who_settles(book))
    if book.campaign.goal == "sales":
        if not rests_on_own(book):
            gaps += _of_the_past(book, 9, "conversion_rate", _VIEWS_TO_ORDERS, "brand")
    elif not targets_set(book):
        gaps.append((2, say("A target: whether what is likely is enough."), "brand"))
    if book.campaign.promotions is None:
        gaps.append((10, say("The shop's own promotions: they lift orders, too."), "brand"))
    return gaps


#: what is asked, and what would tell it while no past campaign does
_AFTER_A_GIFT = say("How many post after a gift"), say("your last parcels")
_VIEWS_TO_ORDERS = say("How many views become orders"), say("earlier posts")


def _of_the_past(
    book: Book, rank: int, figure: str, asked: tuple[Wording, Wording], who: Text
) -> list[tuple[int, Wording, Text]]:
    """A question that past campaigns answer: nothing once enough of them did, else what would tell it or how far they do."""
    question, would_tell = asked
    past = len(seen_before(book, figure))
    if is_own(book, figure):
        return []
    if not past:
        return [(rank, say("{question}: {file} would tell.", question=question, file=would_tell), who)]
    text = say_many(
        "{question}: {n} past campaign tells so far, {enough} settle it.",
        "{question}: {n} past campaigns tell so far, {enough} settle it.",
        n=past,
        question=question,
        enough=ENOUGH_CAMPAIGNS,
    )
    return [(rank, text, who)]


def answer_day(book: Book) -> date:
    """A week before launch, or the day before it if that has passed."""
    return max(book.campaign.start - timedelta(days=ANSWER_DAYS), min(book.as_of, book.campaign.start))


def _headline(book: Book, inputs: Mapping[str, ChainInput], result: Forecast | None, stage: str) -> Note:
    """The goal's figure, likely and as a range, what it rests on and how much of it is assumed."""
    if result is None:
        goal = packed(pack("goals")["goals"][book.campaign.goal]["words"])
        text = say(
            "We cannot forecast {goal} yet: neither followers nor typical figures of these creators are known.",
            goal=goal,
        )
        return Note(text, "unknown", slot="plan.should_bring", owner=who_settles(book))
    low, middle, high = result.range()
    values = {
        "figure": STAGE_WORDS[stage].label,
        "middle": Count(round_far(middle)),
        "span": Span(*far_ends(low, high), "number"),
    }
    if result.assumed_share > TOO_MUCH_ASSUMED:
        part = Share(result.assumed_share)
        text = say(
            "{figure}: {middle} likely ({span}); {part} of that range is assumed.", part=part, **values
        )
    else:
        text = say(
            "{figure}: {middle} likely ({span}), by {basis}.", basis=basis(book, inputs, stage), **values
        )
    return Note(text, "finding", slot="plan.should_bring", rank=1)


def _left_after_costs(book: Book, mix: Mix, inputs: Mapping[str, ChainInput]) -> list[Note]:
    """What the plan's orders should leave after all of its costs, for sales; nothing where that is not known."""
    if book.campaign.goal != "sales" or "contribution" not in stages(inputs):
        return []
    result = drawn_outcome(inputs, "contribution")
    low, middle, high = (left - mix.cost for left in result.range())
    text = say(
        "Left after all costs: {middle} likely ({span}); {part} of that range is assumed.",
        middle=Money(round_far(middle)),
        span=Span(*far_ends(low, high), "money"),
        part=Share(result.assumed_share),
    )
    return [Note(text, slot="plan.should_bring", rank=1)]


def _own_and_public(book: Book, mix: Mix, inputs: Mapping[str, ChainInput]) -> list[Note]:
    """What the plan rests on from the client's own campaigns and what from public figures; nothing before there are any."""
    own = rests_on_own(book)
    if not own or "orders_each" not in inputs:
        return []
    known = int(sold_before(book, mix.people).sum())
    by_own = say_many(
        "Orders per creator rest on your own {n} campaign: {known} of the {people} sold for you before.",
        "Orders per creator rest on your own {n} campaigns: {known} of the {people} sold for you before.",
        n=len(own),
        known=known,
        people=len(mix.people),
    )
    public = [inputs[name].words for name in ("pieces", "appear") if inputs[name].assumed]
    by_public = say("On public figures: {inputs}.", inputs=joined(public, last="and")) if public else None
    return [Note(sentences(by_own, by_public), slot="plan.should_bring", rank=2)]


def who_sold(book: Book) -> Wording:
    """What is known of who sells: nothing yet, or what past campaigns say and that their creators are not told apart."""
    past = past_outcomes(book).campaign.nunique()
    if own := rests_on_own(book):
        return say_many(
            "Who sold in {n} settled campaign of yours is what the plan goes by.",
            "Who sold in {n} settled campaigns of yours is what the plan goes by.",
            n=len(own),
        )
    if not past:
        return say(
            "Nobody has sold for you in a settled campaign yet, so no way rests on who is thought to sell."
        )
    rates = [name for name in RATE_WORDS if name not in book.campaign.assumptions and seen_before(book, name)]
    if not rates:
        return say_many(
            "{n} campaign of yours has settled; it told no rate that the forecast takes, and who sold in it is not used here.",
            "{n} campaigns of yours have settled; they told no rate that the forecast takes, and who sold in them is not "
            "used here.",
            n=past,
        )
    return say_many(
        "Rates of {n} settled campaign of yours are in the forecast; who sold in it is not used here.",
        "Rates of {n} settled campaigns of yours are in the forecast; who sold in them is not used here.",
        n=past,
    )


def _steps(results: Mapping[str, Forecast]) -> Table:
    """Every stage with its range and how much of its spread is assumed."""
    rows = []
    for stage, result in results.items():
        low, middle, high = result.range()
        rows.append(
            {
                "step": STAGE_WORDS[stage].label,
                "low": low,
                "likely": middle,
                "high": high,
                "assumed": result.assumed_share,
            }
        )
    columns = {
        "step": Column("On the way from posts to money"),
        "low": Column("Low", "number"),
        "likely": Column("Likely", "number", grade="assumed"),
        "high": Column("High", "number"),
        "assumed": Column("Part of the spread that is assumed", "percent"),
    }
    note = say("Nine in ten lie between low and high, if what goes in does.")
    return Table(
        f"{STEP}.forecast", "What the plan may bring", pd.DataFrame(rows), columns, note=note, reader="client"
    )


def _guess(result: Forecast) -> list[Note]:
    """A caution where the range of the goal's figure is too wide, or too much assumed, to decide anything by."""
    low, _, high = result.range()
    wide = high > GUESS * max(low, 1e-9)
    if not wide and result.assumed_share <= TOO_MUCH_ASSUMED:
        return []
    if not wide:
        why = say("{share} of its spread is assumed", share=Share(result.assumed_share))
    elif low >= 1:
        why = say("its high end is {times} times its low end", times=Count(high / low))
    else:
        why = say("its low end is nothing")
    return [Note(say("For the goal's own figure this is no better than a guess: {why}.", why=why), "caution")]


def _inputs(inputs: Mapping[str, ChainInput]) -> Table:
    """What the forecast rests on: each input with range, grade and source."""
    rows = [
        {
            "input": item.words,
            "likely": _input(item, item.range.likely),
            "low": _input(item, item.range.low),
            "high": _input(item, item.range.high),
            "evidence": item.grade,
            "source": item.range.source,
        }
        for item in inputs.values()
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


def _input(item: ChainInput, value: float) -> Wording:
    if item.share:
        return Share(value, 1)
    return Count(value, 0 if value >= 20 or value == round(value) else 1)


def _chart(book: Book, result: Forecast, inputs: Mapping[str, ChainInput], stage: str) -> list[Chart]:
    """The result with one input at a time at the ends of its range, widest first."""
    rows = [
        {
            "name": name,
            "input": inputs[name].words.write(book.formats),
            "low": min(ends),
            "high": max(ends),
            "assumed": inputs[name].assumed,
        }
        for name, ends in result.swings.items()
        if max(ends) > 1.005 * min(ends)
    ]
    if not rows:
        return []
    swings = pd.DataFrame(rows).assign(width=lambda rows: rows.high - rows.low)
    swings = swings.sort_values("width", ascending=False, kind="stable", ignore_index=True)
    figure = STAGE_WORDS[stage].within
    axis = say("{figure}, if only this input moves (highlighted: assumed)", figure=figure)
    picture = charts.ranges(
        swings.assign(likely=result.likely),
        label="input",
        value="likely",
        low="low",
        high="high",
        unit="number",
        formats=book.formats,
        xlabel=axis.write(book.formats),
        reference=result.likely,
        highlight="assumed",
    )
    first = swings.iloc[0]
    alt = say(
        "Lines: {input} moves the result most; alone it takes {figure} to {span}.",
        input=inputs[first["name"]].words,
        figure=figure,
        span=Span(*far_ends(first.low, first.high), "number"),
    )
    return [Chart(f"{STEP}.moves_most", "What moves the result most", alt, picture)]
