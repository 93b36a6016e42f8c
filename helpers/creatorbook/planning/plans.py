"""Three ways to spend the budget: careful, middle and bold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from creatorbook.memo import per_book
from creatorbook.planning.candidates import assumption, candidates, gifted, hours, overheads, seen_views
from creatorbook.planning.chain import GOAL_STAGE, chain, drawn
from creatorbook.stats.allocation import Limits, choose, in_turn

if TYPE_CHECKING:
    from creatorbook.book import Book

Way = Literal["careful", "middle", "bold"]

#: way → part of the money it spends, and the most one person may take of it
WAYS: dict[Way, tuple[float, float]] = {"careful": (0.6, 0.15), "middle": (0.85, 0.25), "bold": (1.0, 1.0)}

#: more of the spread than this from assumed inputs, and there is no forecast to put in a headline
TOO_MUCH_ASSUMED = 0.5


@dataclass(frozen=True)
class Mix:
    """One way to spend the budget.

    Attributes:
        way: careful, middle or bold.
        people: rows of `candidates`.
        cost: fees and gifts of these people, and what the campaign costs besides.
        share: part of the people's money that goes to the dearest of them.
        hours: own hours, least and most.
    """

    way: Way
    people: pd.DataFrame
    cost: float
    share: float
    hours: tuple[float, float]


@per_book
def mixes(book: Book) -> dict[Way, Mix]:
    """The three ways; empty if no candidate has a price or none fits the budget.

    Where enough is known of at least half of the people, each way takes those who bring most of the goal's own
    currency for its money (solved exactly, see `expected`); else careful takes the cheapest first, middle one of
    each size in turn, bold the largest first. No way rests on who is thought to sell.
    """
    people = candidates(book)
    priced = people[people.cost.notna()].reset_index(drop=True)
    available = book.campaign.budget - overheads(book)
    if priced.empty or available <= 0:
        return {}
    base = min(available, float(priced.cost.sum()))
    made = {way: _mix(book, way, priced, base) for way in WAYS}
    return {way: mix for way, mix in made.items() if len(mix.people)}


def recommended(book: Book, ways: dict[Way, Mix]) -> Mix | None:
    """The way we would go: middle if what it brings can be forecast, careful while that is mostly assumed."""
    known = "middle" in ways and can_forecast(book, ways["middle"].people)
    order: list[Way] = ["middle", "careful", "bold"] if known else ["careful", "middle", "bold"]
    return next((ways[way] for way in order if way in ways), None)


def can_forecast(book: Book, people: pd.DataFrame) -> bool:
    """Whether at most half of the spread of the goal's figure comes from assumed inputs."""
    told = drawn(chain(book, people), GOAL_STAGE[book.campaign.goal])
    return told.assumed_share <= TOO_MUCH_ASSUMED


def pieces(book: Book, people: pd.DataFrame) -> pd.Series:
    """Pieces per person: as agreed, else the likely number of the assumption."""
    return people.pieces.fillna(assumption(book, "posts_per_creator").likely)


def _mix(book: Book, way: Way, priced: pd.DataFrame, base: float) -> Mix:
    part, share = WAYS[way]
    limits = Limits(budget=part * base + 0.005, share=min(1.0, share / part))
    people = priced.iloc[_chosen(book, way, priced, limits)].reset_index(drop=True)
    cost = float(people.cost.sum()) + overheads(book)
    largest = float(people.cost.max() / people.cost.sum()) if people.cost.sum() > 0 else 0.0
    return Mix(way, people, cost, largest, hours(book, people))


def _chosen(book: Book, way: Way, priced: pd.DataFrame, limits: Limits) -> list[int]:
    costs = priced.cost.tolist()
    worth = expected(book, priced)
    if worth is not None:
        return choose(worth.tolist(), costs, limits) or []
    turn = priced.groupby("tier").cost.rank(method="first") if way == "middle" else 0
    largest = -priced.followers if way == "bold" else 0
    order = pd.DataFrame({"turn": turn, "largest": largest, "cost": priced.cost, "handle": priced.handle})
    return sorted(in_turn(list(order.sort_values(list(order.columns)).index), costs, limits))


def expected(book: Book, people: pd.DataFrame) -> pd.Series | None:
    """What each person may bring towards the goal, for comparison only; `None` if too little is known.

    Pieces that should appear, times typical views or typical response; for the goal of content the pieces alone.
    Who has no figure counts as the lower quarter of the others do per follower.
    """
    rate = assumption(book, "gifted_post_rate").likely
    appearing = pieces(book, people) * gifted(people).map({True: rate, False: 1.0})
    if book.campaign.goal == "content":
        return appearing if people.pieces.notna().mean() >= 0.5 else None
    if not seen_views(people):
        return None
    per_follower = people.response if book.campaign.goal == "community" else people.views / people.followers
    return (per_follower.fillna(per_follower.quantile(0.25)) * people.followers * appearing).fillna(0)
