"""Three ways to spend the budget: careful, middle and bold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from creatorbook.campaign.decisions import SHORTLIST, last_decisions, of_the_person
from creatorbook.campaign.roster import roster
from creatorbook.finance.costs import planned_shared_costs
from creatorbook.finance.economics import economics_of
from creatorbook.findings import Money, Text, Wording, say
from creatorbook.memo import per_book
from creatorbook.planning.candidates import candidates, hours
from creatorbook.planning.chain import GOAL_STAGE, chain, drawn_outcome, stages
from creatorbook.planning.offers import Offers, offers
from creatorbook.planning.own_creators import rests_on_own, worth_of_trying
from creatorbook.problems import Problem
from creatorbook.stats.allocation import Limits, choose, in_turn

if TYPE_CHECKING:
    from creatorbook.book import Book

Way = Literal["careful", "middle", "bold", "decided"]

#: way → part of the money it spends, and the most one person may take of it
WAYS: dict[Way, tuple[float, float]] = {"careful": (0.6, 0.15), "middle": (0.85, 0.25), "bold": (1.0, 1.0)}
#: way → how a reader calls it within a sentence
WAY_WORDS: dict[Way, Text] = {
    "careful": say("careful"),
    "middle": say("middle"),
    "bold": say("bold"),
    "decided": say("decided"),
}

#: more of the spread than this from assumed inputs, and there is no forecast to put in a headline
TOO_MUCH_ASSUMED = 0.5


@dataclass(frozen=True)
class Mix:
    """One way to spend the budget.

    Attributes:
        way: careful, middle or bold; decided where people chose, not a rule.
        people: rows of `candidates`.
        cost: what these people cost beforehand, and what the campaign costs besides.
        share: part of the people's money that goes to the dearest of them.
        hours: own hours, least and most.
    """

    way: Way
    people: pd.DataFrame
    cost: float
    share: float
    hours: tuple[float, float]

    @property
    def each(self) -> float:
        """What the campaign costs for each of its creators, agency, tools and ads shared out."""
        return self.cost / len(self.people)


def three_ways(book: Book) -> dict[Way, Mix]:
    """The three ways; empty if no candidate has a price or none fits the budget.

    Where enough is known of at least half of the people, each way takes those who bring most of the goal's own
    currency for its money (solved exactly, see `offers.expected`); else careful takes the cheapest first, middle one of
    each size in turn, bold the largest first. Who sold before counts once results of the list's people are on record (`own_creators`).
    """
    return {way: mix for way in WAYS if (mix := _MIXES[way](book))}


@per_book
def recommended(book: Book) -> Mix | None:
    """The way we would go: middle if what it brings can be forecast, careful while that is mostly assumed."""
    middle = _MIXES["middle"](book)
    foreseen = middle is not None and can_forecast(book, middle.people)
    order: list[Way] = ["middle", "careful", "bold"] if foreseen else ["careful", "middle", "bold"]
    return next((mix for way in order if (mix := _MIXES[way](book))), None)


def nothing_fits(book: Book) -> Wording | None:
    """Why there is no way to spend the budget although prices are known; `None` where nobody has a price."""
    priced, left = offers(book).people, book.campaign.budget - planned_shared_costs(book)
    if priced.empty:
        return None
    if (cheapest := float(priced.cost.min())) > left:
        return say(
            "the cheapest creator with a price costs {cost}, and {left} is left for creators.",
            cost=Money(cheapest),
            left=Money(max(left, 0.0)),
        )
    return say("no creator with a price fits the money and the limits of the campaign file.")


def can_forecast(book: Book, people: pd.DataFrame) -> bool:
    """Whether at most half of the spread of the goal's figure comes from assumed inputs."""
    inputs, stage = chain(book, people), GOAL_STAGE[book.campaign.goal]
    return stage in stages(inputs) and drawn_outcome(inputs, stage).assumed_share <= TOO_MUCH_ASSUMED


def _mix(way: Way, book: Book) -> Mix | None:
    """One way; `None` without a price, money or anybody who fits."""
    priced = offers(book).people
    available = book.campaign.budget - planned_shared_costs(book)
    if priced.empty or available <= 0:
        return None
    base = min(available, float(priced.cost.sum()))
    return _made(book, way, _chosen(book, way, base))


def decided_mix(book: Book) -> Mix | None:
    """The plan that was decided: who is shortlisted or has agreed; `None` where that is nobody.

    Raises:
        Problem: the price of somebody decided on is not known.
    """
    people = candidates(book)
    own = of_the_person(book, last_decisions(book)["decision"])
    shortlisted = roster(book)["person"][own == SHORTLIST]
    chosen = set(people.creator[people.agreed | people.creator.isin(shortlisted)])
    unpriced = people.handle[people.creator.isin(chosen) & people.cost.isna()]
    if len(unpriced):
        raise Problem(
            f"@{unpriced.iloc[0]} was decided on, and the price is not known",
            book.client.folder,
            todo="Add the fee to the creators list: 0 where a gift is all they get.",
        )
    priced = offers(book).people
    return _made(book, "decided", priced[priced.creator.isin(chosen)])


def _made(book: Book, way: Way, people: pd.DataFrame) -> Mix | None:
    """People as a plan with its cost; `None` where there is nobody."""
    if people.empty:
        return None
    people = people.reset_index(drop=True)
    cost = float(people.cost.sum()) + planned_shared_costs(book)
    largest = float(people.cost.max() / people.cost.sum()) if people.cost.sum() > 0 else 0.0
    return Mix(way, people, cost, largest, hours(people))


#: each way of a book, solved when it is first asked for
_MIXES: dict[Way, Callable[[Book], Mix | None]] = {way: per_book(partial(_mix, way)) for way in WAYS}


def _bought(book: Book, offered: Offers, limits: Limits) -> list[int]:
    """The packages that bring most within the limits; where it is on record who sells, that pay for themselves, too.

    What trying somebody is worth for the campaign after counts with the first package. Where nobody pays back, those
    who bring most are taken all the same: what the plan is worth is said by its verdict.
    """
    assert offered.worth is not None  # noqa: S101 - the caller asks
    costs = offered.costs.tolist()
    left = order_leaves(book, offered)
    if left > 0:
        trying = worth_of_trying(book, offered.people, left).to_numpy()[offered.person] / left
        worth = offered.worth + np.where(offered.number == 1, trying, 0.0)
        paying = choose(worth.tolist(), costs, replace(limits, upkeep=tuple(offered.costs / left)))
        if paying:
            return paying
    return choose(offered.worth.tolist(), costs, limits) or []


def order_leaves(book: Book, offered: Offers) -> float:
    """What an order leaves where people are chosen by the orders they bring; 0 where they are not, or it is not known."""
    if book.campaign.goal != "sales" or not rests_on_own(book):
        return 0.0
    left = economics_of(book, offered.people.creator).contribution
    return max(0.0, left.likely) if left is not None else 0.0


def _chosen(book: Book, way: Way, base: float) -> pd.DataFrame:
    """Solved exactly where enough is known; else in turn, keeping what the campaign file says of single people."""
    part, share = WAYS[way]
    offered = offers(book)
    limits = offered.limits(part * base + 0.005, min(1.0, share / part))
    if offered.worth is not None:
        return offered.bought(_bought(book, offered, limits))
    priced = offered.people
    turn = priced.groupby("tier").cost.rank(method="first") if way == "middle" else 0
    largest = -priced.followers if way == "bold" else 0
    order = pd.DataFrame({"turn": turn, "largest": largest, "cost": priced.cost, "handle": priced.handle})
    taken = list(order.sort_values(list(order.columns), kind="stable").index)
    single = replace(limits, must=tuple(offered.must), never=tuple(offered.never))
    return priced.loc[sorted(in_turn(taken, priced.cost.tolist(), single))]
