"""The budget mix: plans between cautious and bold, why each creator is in or out, and how firm the choice is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from creatorbook.finance.costs import planned_shared_costs
from creatorbook.findings import Capital, Share, Text, joined, say
from creatorbook.memo import per_book
from creatorbook.planning.habits import HABITS, HabitWords, habit
from creatorbook.planning.offers import Offers, offers
from creatorbook.planning.scenarios import Scenarios, scenarios
from creatorbook.stats.allocation import Limits, choose

if TYPE_CHECKING:
    from creatorbook.book import Book

Floats = NDArray[np.float64]

#: parts of the money for creators that plans of the frontier spend
PARTS = (0.25, 0.5, 0.75, 1.0)
#: most of that money for one person in plans of the frontier
SHARES = (0.15, 0.3, 1.0)
#: how much a plan goes by its worst tenth of outcomes instead of all
CAUTION = (0.0, 0.5, 1.0)
#: one campaign in twenty ends below the bad case
BAD = 0.05


@dataclass(frozen=True)
class Plan:
    """A choice and what it brings, in money or in the goal's own unit.

    Attributes:
        name: how it came about.
        items: chosen packages.
        cost: money for them.
        share: part of it that goes to the dearest person.
        expected, bad: on average, and what one campaign in twenty falls below; after the plan's costs if in money.
        outcomes: over all draws, likewise.
        short: how it is called beside its dot in a chart; empty where it needs no name.
    """

    name: Text
    items: list[int]
    cost: float
    share: float
    expected: float
    bad: float
    outcomes: Floats
    short: Text = ""

    @property
    def people(self) -> int:
        """How many packages, one per person."""
        return len(self.items)


@dataclass(frozen=True)
class Setting:
    """What a mix is chosen from.

    Attributes:
        offered, draws: packages with their limits, and what each brings.
        budget: money for creators: the budget less agency, tools and ads.
        overheads: agency, tools and ads.
    """

    offered: Offers
    draws: Scenarios
    budget: float
    overheads: float

    @property
    def base(self) -> float:
        """The budget or, if less, the price of everybody once."""
        return min(self.budget, float(self.offered.costs[self.offered.number == 1].sum()))

    def gross(self, part: float = 1.0, share: float = 1.0, overlap: float | None = None) -> Limits:
        """The campaign's limits for a part of the money; half a cent is given so that sums of cents fit."""
        return self.offered.limits(part * self.base + 0.005, share, overlap)

    def limits(self, part: float = 1.0, share: float = 1.0, overlap: float | None = None) -> Limits:
        """The same, where what is counted is money, with each package's cost taken off what it brings."""
        plain = self.gross(part, share, overlap)
        if not self.draws.money or self.draws.each <= 0:
            return plain
        return replace(plain, upkeep=tuple(self.offered.costs / self.draws.each))

    def choose(self, worth: Floats, limits: Limits) -> list[int] | None:
        """The packages that bring most; `None` if the limits clash."""
        return choose(worth.tolist(), self.offered.costs.tolist(), limits)


@per_book
def setting(book: Book) -> Setting | None:
    """What the mix is chosen from; `None` if too little is known to compare anybody, or no money is left."""
    draws, budget = scenarios(book), book.campaign.budget - planned_shared_costs(book)
    return (
        None
        if draws is None or budget <= 0
        else Setting(offers(book), draws, budget, planned_shared_costs(book))
    )


@per_book
def best(here: Setting) -> Plan | None:
    """The plan that should bring most, after its own cost if it brings money; `None` if the limits clash."""
    items = here.choose(here.draws.worth, here.limits())
    return None if items is None else plan_of(here, say("Brings most"), items)


def plan_of(here: Setting, name: Text, items: list[int], short: Text = "") -> Plan:
    """A choice with what it costs and brings."""
    limits = here.gross()
    costs = here.offered.costs[items]
    cost = float(costs.sum())
    less = cost + here.overheads if here.draws.money else 0.0  # nothing bought still pays the agency
    outcomes = here.draws.totals(items, limits) - less
    return Plan(
        name=name,
        items=items,
        cost=cost,
        share=float(costs.max() / cost) if cost > 0 else 0.0,
        expected=here.draws.expected(items, limits) - less,
        bad=float(np.quantile(outcomes, BAD)),
        outcomes=outcomes,
        short=short,
    )


def frontier(here: Setting) -> list[Plan]:
    """Plans none of which is beaten in both, what it brings on average and its bad case (the efficient frontier); cheapest first.

    Made by spending parts of the money, capping what one person gets and going by the worst tenth of outcomes more
    or less; then only what nothing beats is kept. Plans between them that are made in no such way may exist.
    """
    names: dict[tuple[int, ...], Text] = {}
    for part in PARTS:
        for share in SHARES:
            for caution, limits in product(CAUTION, _kinds(here, part, share)):
                items = _cautious(here, limits, caution)
                if items:
                    names.setdefault(tuple(items), _how_spent(part, share, caution))
    plans = [plan_of(here, name, list(items)) for items, name in names.items()]
    unbeaten = [
        one for one in plans if not any(_beats(other, one, money=here.draws.money) for other in plans)
    ]
    return sorted(unbeaten, key=lambda one: (one.cost, one.expected))


def _beats(other: Plan, one: Plan, *, money: bool) -> bool:
    """Whether another plan is as good in every respect and better in one; cost counts where it is not taken off."""
    pairs = [(other.expected, one.expected), (other.bad, one.bad)]
    pairs += [] if money else [(-other.cost, -one.cost)]
    return all(a >= b - 1e-9 for a, b in pairs) and any(a > b + 1e-9 for a, b in pairs)


def _how_spent(part: float, share: float, caution: float) -> Text:
    """How a plan came about, in words."""
    by = {0.0: "", 0.5: say("half by its worst outcomes"), 1.0: say("by its worst outcomes")}[caution]
    cap = "" if share == 1 else say("at most {share} of it for one person", share=Share(share))
    return joined([say("{part} of the money", part=Share(part)), cap, by])


def _kinds(here: Setting, part: float, share: float) -> list[Limits]:
    """Limits that spend as long as anything is brought and, for money, those that stop where it no longer pays."""
    plain = here.gross(part, share)
    return [plain, here.limits(part, share)] if here.draws.money else [plain]


def _cautious(here: Setting, limits: Limits, caution: float) -> list[int] | None:
    """The best choice where outcomes of its own worst tenth (conditional value at risk) weigh more, found by going back and forth twice."""
    draws, plain = here.draws, replace(limits, upkeep=())
    items = here.choose(draws.worth, limits)
    for _ in range(2 if caution else 0):
        if items is None:
            return None
        totals = draws.totals(items, plain)
        worst = totals <= np.quantile(totals, 0.1)
        tail = draws.values[:, worst].mean(axis=1) / max(draws.each, 1e-12)
        blend = (1 - caution) * draws.worth + caution * tail
        items = here.choose(blend, limits) or items
    return items


class AgainstHabit(NamedTuple):
    """A habit at the same money: its words, its plan, and the share of draws in which the chosen plan brings more."""

    words: HabitWords
    plan: Plan
    beaten: float


def against_habits(here: Setting, chosen: Plan) -> list[AgainstHabit]:
    """The three habits at the money of the chosen plan."""
    offered, budget = here.offered, chosen.cost + 0.005
    first = {row: int(np.flatnonzero(offered.person == row)[0]) for row in range(len(offered.people))}
    compared = []
    for name, words in HABITS.items():
        items = [first[row] for row in habit(offered.people, name, budget)]
        other = plan_of(here, Capital(words.within), items, words.short)
        compared.append(AgainstHabit(words, other, float((chosen.outcomes > other.outcomes).mean())))
    return compared
