"""The next wave: who is funded within a budget, on the outlook of everybody's same deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.finance.advice import NEXT_WAVE, first_missing, settled_by
from creatorbook.finance.costs import costs_beside_creators
from creatorbook.findings import Column, Figure, Findings, Money, Note, Table, Wording, number_of, say
from creatorbook.history.advice import DECISIONS, TOO_EARLY
from creatorbook.memo import per_book
from creatorbook.roi.creator_results import CreatorResults, Waiting, commonest_reason, creator_results
from creatorbook.roi.exposure_note import exposure_note
from creatorbook.roi.goal_wave import wave_items
from creatorbook.roi.wave import Wave
from creatorbook.stats.allocation import Limits, choose, over_draws
from creatorbook.stats.intervals import NINETY_ENDS

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.roi.goal_outlook import GoalOutlook

#: draws in which the whole choice is made anew, to see how sure each place is
THOMPSON_DRAWS = 60
#: share of the budget that is kept for creators who were never tried
NEWCOMERS = 0.2
#: from this share of draws a place is sure; below the other it is a trial
SURE, TRIAL = 0.8, 0.3


def chosen_for_next(earned: np.ndarray, costs: np.ndarray, budget: float) -> list[int]:
    """The creators whose same deals together promise most after their costs, within the budget.

    Args:
        earned: creator × draw: what the deal leaves before fixed costs.
        costs: fixed cost of each deal.
        budget: the most the wave may cost.
    """
    worth = earned.mean(axis=1) - costs
    return choose(list(worth), list(costs), Limits(budget)) or []


def funded_share(earned: np.ndarray, costs: np.ndarray, budget: float) -> np.ndarray:
    """In how many draws each creator would be funded, were that draw the truth (Thompson sampling)."""
    steps = np.linspace(0, earned.shape[1] - 1, min(THOMPSON_DRAWS, earned.shape[1])).astype(int)
    choices = over_draws(earned[:, steps] - costs[:, None], list(costs), Limits(budget))
    return np.zeros(len(costs)) if choices is None else choices.funded


@per_book
def suggested(book: Book) -> Wave | None:
    """The next wave (budget allocation) for what this one's creators cost, a fifth of it kept for newcomers.

    Chosen by what the same deals leave, or for another goal than sales by what they bring of its figure; `None` where
    nothing may be advised (`finance.advice`), of all or of each creator.
    """
    results, frame = creator_results(book), creator_results(book).frame
    if frame.empty or first_missing(book, NEXT_WAVE) or (frame.decision == TOO_EARLY).all():
        return None
    again = frame.decision.isin(["renew", "test again", "renegotiate"]).to_numpy()
    cost = wave_cost(frame).to_numpy()
    budget = float(frame.fixed.sum())
    for_newcomers = NEWCOMERS * budget
    if results.by_goal is not None:
        brings = np.where(again[:, None], results.by_goal.units, -1.0)
        return Wave(_most_units(frame, brings, cost, budget - for_newcomers), budget, for_newcomers)
    if results.earned is None:
        return None
    earned = np.where(again[:, None], results.earned, -1.0)
    chosen = sorted(chosen_for_next(earned, cost, budget - for_newcomers))
    funded = funded_share(earned, cost, budget - for_newcomers)
    creators = frame.assign(cost=cost, funded=funded).iloc[chosen]
    change = creators.fixed - creators.cost
    creators = creators.assign(
        again=creators.again + change,
        again_low=creators.again_low + change,
        again_high=creators.again_high + change,
    )
    creators = creators.sort_values(["funded", "creator"], ascending=[False, True], kind="stable")
    return Wave(creators, budget, for_newcomers)


def _most_units(frame: pd.DataFrame, brings: np.ndarray, cost: np.ndarray, budget: float) -> pd.DataFrame:
    """The creators whose same deals together bring most of the goal's figure within the budget, with its range."""
    chosen = sorted(choose(list(brings.mean(axis=1)), list(cost), Limits(budget)) or [])
    low, high = np.quantile(brings, NINETY_ENDS, axis=1)
    brought = {"cost": cost, "again": brings.mean(axis=1), "again_low": low, "again_high": high}
    return frame.assign(**brought).iloc[chosen]


def wave_cost(frame: pd.DataFrame) -> pd.Series:
    """What each creator's next deal costs beforehand: at the price to offer where it is renegotiated."""
    return frame.fixed - frame.fee + round_price(frame.price).fillna(frame.fee)


def round_price(price: pd.Series) -> pd.Series:
    """A price one would offer: down to a full ten, or a full unit below 100."""
    return (np.floor(price / 10) * 10).where(price >= 100, np.floor(price))


def next_wave(book: Book) -> Findings:
    """Suggested split for the next wave: who, what it costs, what it should leave, how sure each place is."""
    wave, results = suggested(book), creator_results(book)
    if wave is None:
        return Findings("roi", (Note(_too_early(book, results), "unknown"),), book.formats)
    if wave.frame.empty:
        return Findings("roi", (Note(_nobody_again(results.by_goal)),), book.formats)
    if results.by_goal is not None:
        return Findings("roi", (_cost(wave), *wave_items(results.by_goal, wave)), book.formats)
    items = _cost(wave), _result(book, wave, results), _sentence(wave), _table(wave), exposure_note(results)
    return Findings("roi", items, book.formats)


def _nobody_again(by_goal: GoalOutlook | None) -> Wording:
    """That nobody's same deal is worth its money, by the campaign's goal."""
    if by_goal is None:
        return say(
            "Nobody's same deal should leave more than it costs. A new wave would be all trials, at lower prices."
        )
    return say(
        "Nobody's same deal is to be done again, by {many} for the money. A new wave would be all trials, at lower prices.",
        many=by_goal.measure.many,
    )


def _too_early(book: Book, results: CreatorResults) -> Wording | str:
    """Why no split can be suggested, and who can settle it."""
    rule = first_missing(book, NEXT_WAVE)
    waits = commonest_reason(book, results) if rule is None else Waiting(rule.why, settled_by(book, rule))
    if waits is None:
        return "No split can be suggested: no creator took part yet."
    return say(
        "No split can be suggested yet: {reason} ({who} can settle it).", reason=waits.why, who=waits.who
    )


def shared_part(book: Book, wave: Wave) -> float:
    """The named creators' share of what a campaign costs beside its creators, such as agency fee and tools.

    A next campaign costs that again, however many take part; named creators and newcomers bear it by their money.
    """
    money = wave.cost + wave.for_newcomers
    return costs_beside_creators(book) * wave.cost / money if money > 0 else 0.0


def _cost(wave: Wave) -> Figure:
    """What the wave costs beforehand."""
    return Figure(
        "roi.next_wave_cost",
        "Next wave, named creators",
        wave.cost,
        "money",
        "counted",
        say("fees, gifts and other costs as now, or at the price to offer"),
    )


def _result(book: Book, wave: Wave, results: CreatorResults) -> Figure:
    """What the same wave should leave after its share of what the whole campaign costs besides."""
    rows = wave.frame.index.to_numpy()
    assert results.earned is not None  # noqa: S101 - a wave is only made where money is known
    shared = shared_part(book, wave)
    result = results.earned[rows].sum(axis=0) - wave.cost - shared
    low, high = np.quantile(result, NINETY_ENDS)
    return Figure(
        "roi.next_wave_result",
        "What it should leave",
        float(result.mean()),
        "money",
        "estimated",
        say(
            "the same deals once more, on average, less {shared}: their share of what a campaign costs besides",
            shared=Money(shared),
        ),
        low=low,
        high=high,
        n=len(rows),
    )


def _sentence(wave: Wave) -> Note:
    text = say(
        "Within {budget}, as much as this wave's creators cost: {creators} for {cost}, {sure} of them sure of their "
        "place; {for_newcomers} is kept for creators never tried, because nobody learns from those already known.",
        budget=Money(wave.budget),
        creators=number_of("creator", len(wave.frame)),
        cost=Money(wave.cost),
        sure=int((wave.frame.funded >= SURE).sum()),
        for_newcomers=Money(wave.for_newcomers),
    )
    return Note(text, slot="learned.wave", reader="client")


def _table(wave: Wave) -> Table:
    columns = {
        "creator": Column("Creator"),
        "decision": Column("What to do"),
        "cost": Column("Cost beforehand", "money", grade="estimated", reader="working"),
        "again": Column("Should leave", "money", grade="estimated"),
        "again_low": Column("likely from", "money"),
        "again_high": Column("to", "money"),
        "place": Column("Place in the wave"),
    }
    places = [
        say("sure") if funded >= SURE else say("trial") if funded < TRIAL else say("likely")
        for funded in wave.frame.funded
    ]
    note = say(
        "Sure: chosen in at least 8 of 10 draws of what may be true; trial: in fewer than 3. Chosen by what is left "
        "after costs, never by orders or sales."
    )
    frame = wave.frame.assign(place=places, decision=wave.frame.decision.map(DECISIONS))
    return Table(
        "roi.next_wave",
        "Suggested split for the next wave",
        frame,
        columns,
        rows=12,
        note=note,
        reader="client",
    )
