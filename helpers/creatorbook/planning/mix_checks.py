"""How firm a mix is: why each creator is in or out, what other budgets bring, what wrong inputs would change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from creatorbook.finance.costs import planned_shared_costs
from creatorbook.findings import Count, Money, Share, Text, ends, say, say_many
from creatorbook.planning.mix import Plan, Setting
from creatorbook.planning.offers import Offers, offers, size_limit
from creatorbook.stats.allocation import Limits, brought, clash, over_draws
from creatorbook.stats.allocation_model import ChoiceModel
from creatorbook.stats.allocation_relaxed import Relaxation
from creatorbook.stats.strata import uniforms

if TYPE_CHECKING:
    from creatorbook.book import Book

Floats = NDArray[np.float64]

#: an error of this size in the inputs, either way
ERROR = 0.2


@dataclass(frozen=True)
class Reasons:
    """Why each person is in or out.

    Attributes:
        frame: one row per person: creator, handle, tier, cost, per_money (worth in the stage's unit for one unit of
            money), packages (0 if out), kept (share of inputs off by up to a fifth in which they stay as they are),
            enters_at (price at which somebody who is out would be worth it; missing else), why.
        price: what one more unit of money brings at the margin (shadow price), in the stage's unit; after costs if that is money.
    """

    frame: pd.DataFrame
    price: float


def reasons(here: Setting, chosen: Plan) -> Reasons:
    """Why each person is in or out of a plan for the whole budget."""
    offered, draws = here.offered, here.draws
    limits = here.limits()
    solved = Relaxation(ChoiceModel(offered.costs, limits)).solve(draws.worth)
    price = 0.0 if solved is None else max(solved.price, 0.0)
    people = offered.people[["creator", "handle", "tier", "cost", "raised"]].copy()
    first = offered.number == 1
    worth = pd.Series(draws.worth[first], index=offered.person[first]).reindex(people.index).fillna(0.0)
    packages = pd.Series(offered.number[chosen.items], index=offered.person[chosen.items])
    people["per_money"] = worth * draws.each / people.cost.where(people.cost > 0)
    people["packages"] = packages.reindex(people.index).fillna(0.0).astype(float)
    people["kept"] = steadiness(here, chosen)
    bar = price * draws.each + float(draws.money)
    enters = worth * draws.each / bar if bar > 0 else pd.Series(np.nan, index=people.index)
    people["enters_at"] = enters.where((people.packages == 0) & (enters < people.cost) & (enters > 0))
    people["why"] = [_why(offered, limits, row, int(place), bar) for place, row in people.iterrows()]
    return Reasons(people, price * draws.each)


def _why(offered: Offers, limits: Limits, row: pd.Series, place: int, bar: float) -> Text:
    """One reason in the reader's words; limits of the campaign file first."""
    if place in offered.must:
        return say("wanted in, whatever they bring")
    if place in offered.stopped:
        return say("marked stop after the last campaign, and nobody said why to go on")
    if place in offered.never:
        return say("wanted out")
    if row.packages:
        if not row.cost:
            return say("costs no money")
        return (
            say("on these inputs brings more than it costs")
            if limits.upkeep
            else say("brings more for the money than the next in line")
        )
    if row.cost > limits.share * limits.budget:
        return say("dearer than one person may be")
    if not row.per_money > 0:
        return say("nothing says what they bring")
    if row.per_money >= bar:
        return say("worth the money, but another limit or the last bit of money does not allow it")
    if limits.upkeep and row.per_money < 1:
        return say("on these inputs brings less than it costs")
    return say("others bring more for the money")


def steadiness(here: Setting, chosen: Plan, n: int = 60) -> Floats:
    """Per person, how often they stay in or out when everybody's figure is off by up to a fifth either way."""
    offered, draws, limits = here.offered, here.draws, here.limits()
    off = _off(20261123, len(offered.people), n)
    split = over_draws(draws.worth[:, None] * off[offered.person], offered.costs.tolist(), limits)
    if split is None:
        return np.full(len(offered.people), np.nan)
    inside = np.zeros((len(offered.people), n), dtype=bool)
    np.logical_or.at(inside, offered.person, split.chosen)
    now = np.isin(np.arange(len(offered.people)), offered.person[chosen.items])
    return np.asarray((inside == now[:, None]).mean(axis=1))


def _off(seed: int, people: int, n: int) -> Floats:
    """Factors on everybody's figure, person × draw: up to `ERROR` either way, each part of it as often."""
    return 1 + ERROR * (2 * uniforms(np.random.default_rng(seed), people, n) - 1)


def budget_steps(here: Setting, chosen: Plan) -> pd.DataFrame:
    """What other budgets would bring: money, cost, brings (after costs, if it is money), per_unit (of money beyond the step before).

    Columns also: joins, leaves: how many come in and drop out against the plan.
    """
    offered, draws = here.offered, here.draws
    base, now, rows = here.base, set(offered.person[chosen.items]), []
    for part in (0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2):
        limits = here.limits(part)
        items = here.choose(draws.worth, limits)
        if items is None:
            continue
        then = set(offered.person[items])
        brings = draws.expected(items, limits)
        rows.append((part * base, offered.costs[items].sum(), brings, len(then - now), len(now - then)))
    steps = pd.DataFrame(rows, columns=["money", "cost", "brings", "joins", "leaves"]).astype(float)
    steps["per_unit"] = steps.brings.diff() / steps.money.diff()
    return steps


class KeptPlan(NamedTuple):
    """What comes of keeping a plan although an input is wrong.

    Attributes:
        stays: share of the plan's people whom the right figures would keep.
        loses: what keeping it costs against the plan one would have made with the right figures, as a share of what
            that one brings.
    """

    stays: float
    loses: float


@dataclass(frozen=True)
class Robustness:
    """What a plan loses if inputs are a fifth wrong (sensitivity).

    Attributes:
        cases: one row per error: what, and `stays` and `loses` as in `KeptPlan`.
        average: with every creator's own figure off, on average over the draws.
    """

    cases: pd.DataFrame
    average: KeptPlan


def robustness(here: Setting, chosen: Plan, n: int = 60) -> Robustness:
    """What the plan loses with the figures of a size, a platform, every creator or the overlap of audiences wrong."""
    offered, draws = here.offered, here.draws
    limits = here.limits()
    rows: list[tuple[Text, float, float]] = []
    for what, factor in _errors(offered):
        rows.append((what, *_kept_plan(here, draws.worth * factor, limits, chosen)))
    off = _off(20261124, len(offered.people), n)[offered.person]
    singly = [_kept_plan(here, draws.worth * off[:, place], limits, chosen) for place in range(n)]
    stays, loses = np.array(singly).T
    average = KeptPlan(float(stays.mean()), float(loses.mean()))
    usual = say("every creator's own figure, each up to a fifth either way: on average")
    worst = say("every creator's own figure, each up to a fifth either way: worst of {n}", n=n)
    rows.append((usual, *average))
    rows.append((worst, float(stays.min()), float(loses.max())))
    rows += _overlap_rows(here, chosen)
    return Robustness(pd.DataFrame(rows, columns=["what", "stays", "loses"]), average)


def _errors(offered: Offers) -> list[tuple[Text, Floats]]:
    """Every size and every platform a fifth worse and a fifth better than thought."""
    groups = [("tier", tier) for tier in dict.fromkeys(offered.people.tier)]
    platforms = list(dict.fromkeys(offered.people.platform))
    groups += [("platform", one) for one in platforms if len(platforms) > 1]
    errors: list[tuple[Text, Floats]] = []
    for column, name in groups:
        inside = (offered.people[column] == name).to_numpy()[offered.person]
        errors.append((say("{group}: a fifth worse", group=name), np.where(inside, 1 - ERROR, 1.0)))
        errors.append((say("{group}: a fifth better", group=name), np.where(inside, 1 + ERROR, 1.0)))
    return errors


def _overlap_rows(here: Setting, chosen: Plan) -> list[tuple[Text, float, float]]:
    """Both ends of the overlap, where it is given as a range."""
    overlap = here.offered.rules.overlap
    if overlap is None or overlap.exact:
        return []
    return [
        (
            say("overlap of audiences {share}", share=Share(end)),
            *_kept_plan(here, here.draws.worth, here.limits(overlap=end), chosen),
        )
        for end in (overlap.low, overlap.high)
    ]


def _kept_plan(here: Setting, worth: Floats, limits: Limits, chosen: Plan) -> KeptPlan:
    """What keeping the plan comes to where these are the right figures."""
    items = here.choose(worth, limits) or chosen.items
    lost = brought(worth, items, limits) - brought(worth, chosen.items, limits)
    top = brought(worth, items, replace(limits, upkeep=()))  # before costs: after them it may be near nothing
    loses = lost / top if top > 0 else 0.0
    now, then = set(here.offered.person[chosen.items]), set(here.offered.person[items])
    return KeptPlan(len(now & then) / max(len(now), 1), max(loses, 0.0))


def clashes(book: Book) -> list[Text]:
    """In words, the limits that together leave nothing to choose; empty if they do not clash."""
    offered, budget = offers(book), book.campaign.budget - planned_shared_costs(book)
    if not len(offered.costs):
        return []
    limits = offered.limits(budget + 0.005)
    words: dict[str, Text] = {
        "budget": say("the money for creators is {money}", money=Money(budget)),
        "must": _wanted_in(offered, limits),
        "never": say_many("{n} is wanted out", "{n} are wanted out", n=len(offered.never)),
        "share": say("one person may cost {share} of the money", share=Share(limits.share)),
        "most": say_many(
            "at most {n} creator takes part", "at most {n} creators take part", n=limits.most or 0
        ),
        "hours": say("there are {hours} own hours", hours=Count(offered.rules.hours or 0)),
    }
    least = offered.rules.smallest_group
    for size in dict.fromkeys(offered.people.tier):
        words[size_limit(size, least).lower()] = say("{size}: {n} or none", size=size, n=least)
    for platform, part in offered.rules.platforms.items():
        words[f"money on {platform.lower()}"] = say(
            "money on {platform} is to be {low} to {high}",
            platform=platform.lower(),
            **ends(part.low, part.high, "percent"),
        )
    return [words.get(name.lower(), name) for name in clash(offered.costs.tolist(), limits)]


def _wanted_in(offered: Offers, limits: Limits) -> Text:
    """How many the campaign file wants in, and what they take."""
    n, cost = len(offered.must), Money(float(offered.costs[list(limits.must)].sum()))
    if not limits.hours:
        return say_many("{n} is wanted in, for {cost}", "{n} are wanted in, for {cost}", n=n, cost=cost)
    hours = Count(sum(limits.hours[item] for item in limits.must))
    return say_many(
        "{n} is wanted in, for {cost} and {hours} hours",
        "{n} are wanted in, for {cost} and {hours} hours",
        n=n,
        cost=cost,
        hours=hours,
    )
