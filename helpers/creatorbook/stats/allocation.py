"""Choosing items under a budget: exact by integer programming, over many draws by its relaxation.

Solver: HiGHS through `scipy.optimize.milp`. Source of the next-wave rule: Thompson, Biometrika 25 (1933),
285–294, with the choice among items made by the same program in every draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from creatorbook.stats.allocation_model import (
    ChoiceModel,
    Cuts,
    Group,
    LimitRow,
    Limits,
    Pool,
    Values,
    brought,
    irreducible,
)
from creatorbook.stats.allocation_relaxed import Relaxation, rounded
from creatorbook.stats.solver_output import without_solver_lines

__all__ = [
    "Group",
    "Limits",
    "Pool",
    "Split",
    "brought",
    "choose",
    "clash",
    "in_turn",
    "over_draws",
    "water_filling",
]

#: from so many items on, those that cannot be in (or out) of a best choice are found first
MANY_ITEMS = 150
#: a pool's curve is followed to this part of what the choice brings
PRECISION = 1e-7


def choose(values: Sequence[float], costs: Sequence[float], limits: Limits) -> list[int] | None:
    """The items that together bring most within the limits (a knapsack problem); `None` if the limits clash (see `clash`).

    Solved exactly (HiGHS); the curve of a pool is followed by tangents to a ten-millionth. Items that bring
    nothing or less are left out unless a limit needs them. Among equals the cheaper, then the earlier is taken.
    """
    worth, price = np.asarray(values, dtype=float), np.asarray(costs, dtype=float)
    if len(worth) == 0:
        return None if limits.must or any(group.least or group.least_spend for group in limits.groups) else []
    model, cuts = ChoiceModel(price, limits), Cuts(worth, limits)
    if (model.low > model.high).any():
        return None
    best: list[int] | None = None
    for _ in range(60):
        solved = _solved(model, worth, cuts.rows)
        if solved is None:
            return best
        choice, bound = solved
        if best is None or brought(worth, choice, limits) > brought(worth, best, limits):
            best = choice
        if not limits.pools or bound - brought(worth, best, limits) <= PRECISION * max(abs(bound), 1e-12):
            return best
        cuts.add(model, choice)
    return best


def _solved(model: ChoiceModel, worth: Values, cuts: Sequence[LimitRow]) -> tuple[list[int], float] | None:
    """Chosen items, and the most that any choice can bring; `None` if the limits clash."""
    gain = model.objective(worth)
    scale = max(float(np.abs(gain).max()), 1e-12)
    cost = -gain / scale
    cost[: model.items] += 1e-8 * (
        model.costs / max(float(model.costs.max()), 1e-12) + np.arange(model.items) / model.items
    )
    low, high = model.low, model.high
    if model.items > MANY_ITEMS and not model.limits.pools:
        relaxed = Relaxation(model).solve(worth)
        if relaxed is None:
            return None
        low, high = relaxed.fixed(model, worth)
    table, least, most = model.matrix(cuts)
    with without_solver_lines():
        solved = optimize.milp(
            cost,
            constraints=optimize.LinearConstraint(table, least, most),
            integrality=model.whole,
            bounds=optimize.Bounds(low, high),
            options={"mip_rel_gap": 0.0},
        )
    if solved.x is None:
        return None
    chosen = [int(i) for i in np.flatnonzero(solved.x[: model.items] > 0.5)]
    return chosen, float(-solved.mip_dual_bound * scale)


@dataclass(frozen=True)
class Split:
    """The choice made anew in every draw, as if that draw were the truth.

    Attributes:
        chosen: items × draws, whether the item is funded.
        values, bounds: per draw, what the choice brings and the most that any choice could bring.
        exact: per draw, whether the choice was made exactly because rounding was not good enough.
    """

    chosen: NDArray[np.bool_]
    values: Values
    bounds: Values
    exact: NDArray[np.bool_]

    @property
    def funded(self) -> Values:
        """Per item, the share of draws in which it is funded."""
        return np.asarray(self.chosen.mean(axis=1))

    @property
    def gaps(self) -> Values:
        """Per draw, how far the choice may be from the best one, as a share of the bound."""
        return np.asarray((self.bounds - self.values) / np.maximum(np.abs(self.bounds), 1e-12))


def over_draws(draws: Values, costs: Sequence[float], limits: Limits, gap: float = 0.02) -> Split | None:
    """Choose in every draw by the relaxed program, rounded; exactly where rounding leaves too wide a gap.

    Shares of draws in which an item is funded are those of Thompson sampling.

    Args:
        draws: items × draws, what each item brings.
        costs: per item.
        limits: as for `choose`.
        gap: a draw whose rounded choice may be further than this from the best one is chosen exactly.

    Returns:
        The choices; `None` if the limits clash.
    """
    draws, price = np.asarray(draws, dtype=float), np.asarray(costs, dtype=float)
    model = ChoiceModel(price, limits)
    if (model.low > model.high).any():
        return None
    program = Relaxation(model)
    chosen = np.zeros(draws.shape, dtype=bool)
    values, bounds, exact = np.zeros((3, draws.shape[1]))
    for place in range(draws.shape[1]):
        worth = draws[:, place]
        relaxed = program.solve(worth)
        choice = None if relaxed is None else rounded(model, worth, relaxed.parts)
        if relaxed is None or choice is None or _too_far(relaxed.bound, brought(worth, choice, limits), gap):
            choice, exact[place] = choose(worth.tolist(), costs, limits), 1
        if choice is None:
            return None
        chosen[choice, place] = True
        values[place] = brought(worth, choice, limits)
        bounds[place] = (
            values[place] if relaxed is None or exact[place] else max(relaxed.bound, values[place])
        )
    return Split(chosen, values, bounds, exact.astype(bool))


def _too_far(bound: float, value: float, gap: float) -> bool:
    return bound - value > gap * abs(bound)


def clash(costs: Sequence[float], limits: Limits) -> list[str]:
    """Names of the limits that clash, none of them to spare; empty if they do not.

    Names: `budget`, `share`, `most`, `must`, `never`, `hours`, `owners` and those of groups.
    """
    price = np.asarray(costs, dtype=float)
    groups = [group.name for group in limits.groups]
    names = [*groups, "never", "share", "most", "hours", "owners", "must", "budget"]
    if _possible(price, limits, frozenset()):
        return []
    return irreducible(names, lambda without: _possible(price, limits, without))


def _possible(price: Values, limits: Limits, without: frozenset[str]) -> bool:
    """Whether anything keeps all limits but those left out."""
    model = ChoiceModel(price, replace(limits, overlaps=(), pools=()), without)
    if not model.items:
        return not any(row.low > 0 for row in model.rows)
    if (model.low > model.high).any():
        return False
    table, least, most = model.matrix()
    with without_solver_lines():
        solved = optimize.milp(
            np.zeros(model.variables),
            constraints=optimize.LinearConstraint(table, least, most),
            integrality=model.whole,
            bounds=optimize.Bounds(model.low, model.high),
        )
    return solved.x is not None


def in_turn(order: Sequence[int], costs: Sequence[float], limits: Limits) -> list[int]:
    """Items taken in a given order as long as they fit; one that does not fit is passed over.

    Keeps budget, share, most, must and never; groups and the other limits are for `choose`.
    """
    chosen = list(limits.must)
    left = limits.budget - sum(costs[item] for item in chosen)
    for item in order:
        full = limits.most is not None and len(chosen) >= limits.most
        dear = costs[item] > limits.share * limits.budget + 1e-9
        if item in chosen or item in limits.never or full or dear or costs[item] > left + 1e-9:
            continue
        chosen.append(item)
        left -= costs[item]
    return chosen


def water_filling(
    most: Sequence[float], scale: Sequence[float], budget: float, floors: Sequence[float] | None = None
) -> tuple[Values, float]:
    """Split money over saturating curves `most` × (1 − exp(−spend ÷ `scale`)) so that together they bring most.

    Curves of diminishing returns: every one that gets more than its floor brings the same at the margin (the level the water finds).

    Args:
        most: what each curve brings at the very most.
        scale: the spend that brings 63 % of it.
        budget: money to split.
        floors: least spend per curve; their sum must not exceed the budget.

    Returns:
        Spend per curve, and what one more unit of money brings.

    Raises:
        ValueError: floors above the budget, or a curve without size or scale.
    """
    top, width = np.asarray(most, dtype=float), np.asarray(scale, dtype=float)
    least = np.zeros(len(top)) if floors is None else np.asarray(floors, dtype=float)
    if (width <= 0).any() or (top < 0).any() or least.sum() > budget + 1e-9:
        raise ValueError("curves need a scale above 0, and floors must fit the budget")

    def spend(log_level: float) -> Values:
        steep = np.log(np.maximum(top / width, 1e-300))
        return np.maximum(least, width * np.maximum(steep - log_level, 0))

    if not len(top) or top.max() <= 0:
        return least, 0.0
    high = float(np.log((top / width).max()))
    low = high - 1.0
    while spend(low).sum() < budget:
        low = high - 2 * (high - low)
    level = (
        float(optimize.brentq(lambda at: spend(at).sum() - budget, low, high, xtol=1e-14))
        if (spend(high).sum() < budget)
        else high
    )
    return spend(level), float(np.exp(level))
