"""Three ways to spend the budget: careful, middle and bold, each with its bad case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from creatorbook.candidates import assumption, candidates, hours, overheads
from creatorbook.economics import UnitEconomics, unit_economics
from creatorbook.stats.allocation import Limits, choose, in_turn
from creatorbook.stats.forecast import Uncertain

if TYPE_CHECKING:
    from creatorbook.book import Book

Way = Literal["careful", "middle", "bold"]

#: way → part of the money it spends, and the most one person may take of it
WAYS: dict[Way, tuple[float, float]] = {"careful": (0.6, 0.15), "middle": (0.85, 0.25), "bold": (1.0, 1.0)}

SEED = 20260302


@dataclass(frozen=True)
class Mix:
    """One way to spend the budget.

    Attributes:
        way: careful, middle or bold.
        people: rows of `candidates`.
        cost: fees and gifts of these people, and what the campaign costs besides.
        share: part of the people's money that goes to the dearest of them.
        hours: own hours, least and most.
        bad_case: money at the end in the bad case (one in twenty), or minus the cost where no order can be
            foreseen.
        foreseen: whether the bad case comes from a forecast.

    """

    way: Way
    people: pd.DataFrame
    cost: float
    share: float
    hours: tuple[float, float]
    bad_case: float
    foreseen: bool


def mixes(book: Book) -> dict[Way, Mix]:
    """The three ways; empty if no candidate has a price or none fits the budget.

    Where typical views are known for at least half of the people, each way takes those who show the campaign
    to most people for its money (solved exactly); else careful takes the cheapest first, middle one of each
    size in turn, bold the largest first. No way rests on who is thought to sell.
    """
    people = candidates(book)
    priced = people[people.cost.notna()].reset_index(drop=True)
    available = book.campaign.budget - overheads(book)
    if priced.empty or available <= 0:
        return {}
    base = min(available, float(priced.cost.sum()))
    unit = unit_economics(book)
    made = {way: _mix(book, unit, way, priced, base) for way in WAYS}
    return {way: mix for way, mix in made.items() if len(mix.people)}


def recommended(book: Book, ways: dict[Way, Mix]) -> Mix | None:
    """The way we would go: careful while nothing says what an order costs here, else middle."""
    known = unit_economics(book).contribution is not None and seen_views(candidates(book))
    order: list[Way] = ["middle", "careful", "bold"] if known else ["careful", "middle", "bold"]
    return next((ways[way] for way in order if way in ways), None)


def seen_views(people: pd.DataFrame) -> bool:
    """Whether typical views are known for at least half of the people."""
    return len(people) > 0 and float(people.views.notna().mean()) >= 0.5


def pieces(book: Book, people: pd.DataFrame) -> pd.Series:
    """Pieces per person: as agreed, else the likely number of the assumption."""
    return people.pieces.fillna(assumption(book, "posts_per_creator").likely)


def _mix(book: Book, unit: UnitEconomics, way: Way, priced: pd.DataFrame, base: float) -> Mix:
    part, share = WAYS[way]
    limits = Limits(budget=part * base + 0.005, share=min(1.0, share / part))
    people = priced.iloc[_chosen(book, way, priced, limits)].reset_index(drop=True)
    cost = float(people.cost.sum()) + overheads(book)
    bad = _bad_case(book, unit, people, cost)
    largest = float(people.cost.max() / people.cost.sum()) if people.cost.sum() > 0 else 0.0
    return Mix(
        way, people, cost, largest, hours(book, people), -cost if bad is None else bad, bad is not None
    )


def _chosen(book: Book, way: Way, priced: pd.DataFrame, limits: Limits) -> list[int]:
    costs = priced.cost.tolist()
    if seen_views(priced):
        # who has no views counts as the lower quarter of the others do per follower
        low = float((priced.views / priced.followers).quantile(0.25))
        shown = priced.views.fillna(low * priced.followers) * pieces(book, priced)
        return choose(shown.fillna(0).tolist(), costs, limits) or []
    turn = priced.groupby("tier").cost.rank(method="first") if way == "middle" else 0
    largest = -priced.followers if way == "bold" else 0
    order = pd.DataFrame({"turn": turn, "largest": largest, "cost": priced.cost, "handle": priced.handle})
    return sorted(in_turn(list(order.sort_values(list(order.columns)).index), costs, limits))


def _bad_case(book: Book, unit: UnitEconomics, people: pd.DataFrame, cost: float) -> float | None:
    """What is left at the end in one case of twenty, from views to orders with assumed rates."""
    if unit.contribution is None or not seen_views(people):
        return None
    rng = np.random.default_rng(SEED)
    rates = [
        _uncertain(book, name).at(rng.standard_normal(4000)) for name in ("click_rate", "conversion_rate")
    ]
    shown = float((people.views.fillna(people.views.median()) * pieces(book, people)).sum())
    orders = rng.poisson(shown * rates[0] * rates[1])
    return float(np.quantile(orders * unit.contribution.likely - cost, 0.05))


def _uncertain(book: Book, name: str) -> Uncertain:
    told = assumption(book, name)
    return Uncertain(told.low, told.likely, told.high, most=1.0)
