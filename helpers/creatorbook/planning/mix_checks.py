"""How firm a mix is: why each creator is in or out, what other budgets bring, what wrong inputs would change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from creatorbook.finance.costs import planned_shared_costs
from creatorbook.planning.mix import Plan, Setting
from creatorbook.planning.offers import Offers, offers
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
        price: what one more unit of money brings at the margin, in the stage's unit; after costs if that is money.
    """

    frame: pd.DataFrame
    price: float


def reasons(here: Setting, mine: Plan) -> Reasons:
    """Why each person is in or out of a plan for the whole budget."""
    told, draws = here.told, here.draws
    limits = here.limits()
    solved = Relaxation(ChoiceModel(told.costs, limits)).solve(draws.worth)
    price = 0.0 if solved is None else max(solved.price, 0.0)
    kept = steadiness(here, mine)
    frame = told.people[["creator", "handle", "tier", "cost", "raised"]].copy()
    first = told.number == 1
    worth = pd.Series(draws.worth[first], index=told.person[first]).reindex(frame.index).fillna(0.0)
    packages = pd.Series(told.number[mine.items], index=told.person[mine.items])
    frame["per_money"] = worth * draws.each / frame.cost.where(frame.cost > 0)
    frame["packages"] = packages.reindex(frame.index).fillna(0.0).astype(float)
    frame["kept"] = kept
    bar = price * draws.each + float(draws.money)
    enters = worth * draws.each / bar if bar > 0 else pd.Series(np.nan, index=frame.index)
    frame["enters_at"] = enters.where((frame.packages == 0) & (enters < frame.cost) & (enters > 0))
    frame["why"] = [_why(told, limits, row, int(place), bar) for place, row in frame.iterrows()]
    return Reasons(frame, price * draws.each)


def _why(told: Offers, limits: Limits, row: pd.Series, place: int, bar: float) -> str:
    """One reason in the reader's words; limits of the campaign file first."""
    if place in told.must:
        return "wanted in, whatever they bring"
    if place in told.never:
        return "wanted out"
    if row.packages:
        if not row.cost:
            return "costs no money"
        return (
            "on these inputs brings more than it costs"
            if limits.upkeep
            else "brings more for the money than the next in line"
        )
    if row.cost > limits.share * limits.budget:
        return "dearer than one person may be"
    if not row.per_money > 0:
        return "nothing says what they bring"
    if row.per_money >= bar:
        return "worth the money, but another limit or the last bit of money does not allow it"
    if limits.upkeep and row.per_money < 1:
        return "on these inputs brings less than it costs"
    return "others bring more for the money"


def steadiness(here: Setting, mine: Plan, n: int = 60) -> Floats:
    """Per person, how often they stay in or out when everybody's figure is off by up to a fifth either way."""
    told, draws, limits = here.told, here.draws, here.limits()
    off = _off(20261123, len(told.people), n)
    split = over_draws(draws.worth[:, None] * off[told.person], told.costs.tolist(), limits)
    if split is None:
        return np.full(len(told.people), np.nan)
    inside = np.zeros((len(told.people), n), dtype=bool)
    np.logical_or.at(inside, told.person, split.chosen)
    now = np.isin(np.arange(len(told.people)), told.person[mine.items])
    return np.asarray((inside == now[:, None]).mean(axis=1))


def _off(seed: int, people: int, n: int) -> Floats:
    """Factors on everybody's figure, person × draw: up to `ERROR` either way, each part of it as often."""
    return 1 + ERROR * (2 * uniforms(np.random.default_rng(seed), people, n) - 1)


def budget_steps(here: Setting, mine: Plan) -> pd.DataFrame:
    """What other budgets would bring: money, cost, brings (after costs, if it is money), per_unit (of money beyond the step before).

    Columns also: joins, leaves: how many come in and drop out against the plan.
    """
    told, draws = here.told, here.draws
    base, now, rows = here.base, set(told.person[mine.items]), []
    for part in (0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2):
        limits = here.limits(part)
        items = here.choose(draws.worth, limits)
        if items is None:
            continue
        then = set(told.person[items])
        brings = draws.expected(items, limits)
        rows.append((part * base, told.costs[items].sum(), brings, len(then - now), len(now - then)))
    frame = pd.DataFrame(rows, columns=["money", "cost", "brings", "joins", "leaves"]).astype(float)
    frame["per_unit"] = frame.brings.diff() / frame.money.diff()
    return frame


def robustness(here: Setting, mine: Plan, n: int = 60) -> pd.DataFrame:
    """What the plan loses if inputs are a fifth wrong: what, stays (share of its people), loses (share of what the best brings).

    `loses` is what keeping the plan costs against the plan one would have made with the right figure.
    """
    told, draws = here.told, here.draws
    limits = here.limits()
    rows = []
    for what, factor in _errors(told):
        rows.append((what, *_kept_plan(here, draws.worth * factor, limits, mine)))
    off = _off(20261124, len(told.people), n)[told.person]
    singly = [_kept_plan(here, draws.worth * off[:, place], limits, mine) for place in range(n)]
    stays, loses = np.array(singly).T
    words = "every creator's own figure, each up to a fifth either way"
    rows.append((f"{words}: on average", float(stays.mean()), float(loses.mean())))
    rows.append((f"{words}: worst of {n}", float(stays.min()), float(loses.max())))
    rows += _overlap_rows(here, mine)
    return pd.DataFrame(rows, columns=["what", "stays", "loses"])


def _errors(told: Offers) -> list[tuple[str, Floats]]:
    """Every size and every platform a fifth worse and a fifth better than thought."""
    groups = [("tier", tier) for tier in dict.fromkeys(told.people.tier)]
    platforms = list(dict.fromkeys(told.people.platform))
    groups += [("platform", one) for one in platforms if len(platforms) > 1]
    found = []
    for column, name in groups:
        inside = (told.people[column] == name).to_numpy()[told.person]
        for words, by in (("a fifth worse", 1 - ERROR), ("a fifth better", 1 + ERROR)):
            found.append((f"{name}: {words}", np.where(inside, by, 1.0)))
    return found


def _overlap_rows(here: Setting, mine: Plan) -> list[tuple[str, float, float]]:
    """Both ends of the overlap, where it is given as a range."""
    overlap = here.told.rules.overlap
    if overlap is None or overlap.exact:
        return []
    ends = {
        f"overlap of audiences {end:.0%}": here.limits(overlap=end) for end in (overlap.low, overlap.high)
    }
    return [(what, *_kept_plan(here, here.draws.worth, limits, mine)) for what, limits in ends.items()]


def _kept_plan(here: Setting, worth: Floats, limits: Limits, mine: Plan) -> tuple[float, float]:
    """Share of the plan's people whom the right figures would keep, and what keeping the plan loses."""
    items = here.choose(worth, limits) or mine.items
    lost = brought(worth, items, limits) - brought(worth, mine.items, limits)
    top = brought(worth, items, replace(limits, upkeep=()))  # before costs: after them it may be near nothing
    loses = lost / top if top > 0 else 0.0
    mine_now, then = set(here.told.person[mine.items]), set(here.told.person[items])
    return len(mine_now & then) / max(len(mine_now), 1), max(loses, 0.0)


def clashes(book: Book) -> list[str]:
    """In words, the limits that together leave nothing to choose; empty if they do not clash."""
    told, budget, formats = offers(book), book.campaign.budget - planned_shared_costs(book), book.formats
    if not len(told.costs):
        return []
    limits = told.limits(budget + 0.005)
    cost = float(told.costs[list(limits.must)].sum())
    hours = sum(limits.hours[item] for item in limits.must) if limits.hours else 0.0
    words = {
        "budget": f"the money for creators is {formats.money(budget)}",
        "must": f"{len(told.must)} are wanted in, for {formats.money(cost)}"
        + (f" and {formats.number(hours)} hours" if limits.hours else ""),
        "never": f"{len(told.never)} are wanted out",
        "share": f"one person may cost {formats.percent(limits.share)} of the money",
        "most": f"at most {limits.most} creators take part",
        "hours": f"there are {formats.number(told.rules.hours or 0)} own hours",
    }
    parts = {f"money on {name.lower()}": part for name, part in told.rules.platforms.items()}
    for name, part in parts.items():
        words[name] = f"{name} is to be {formats.percent(part.low)} to {formats.percent(part.high)}"
    return [words.get(name.lower(), name) for name in clash(told.costs.tolist(), limits)]
