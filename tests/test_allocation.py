"""Choosing under a budget: as good as trying everything, and limits that clash are named."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from creatorbook.stats.allocation import Limits, choose, clash, in_turn


def best_by_hand(values: np.ndarray, costs: np.ndarray, limits: Limits) -> float:
    best = -np.inf
    for size in range(len(values) + 1):
        for chosen in map(list, combinations(range(len(values)), size)):
            fits = costs[chosen].sum() <= limits.budget and (limits.most is None or size <= limits.most)
            if fits and all(costs[i] <= limits.share * limits.budget for i in chosen):
                best = max(best, values[chosen].sum())
    return best


@pytest.mark.parametrize("seed", range(40))
def test_equals_brute_force(seed: int) -> None:
    """On small cases the choice brings exactly as much as the best of all subsets."""
    rng = np.random.default_rng(seed)
    values, costs = rng.normal(50, 40, 9).round(2), rng.uniform(10, 120, 9).round(2)
    limits = Limits(budget=250.0, share=[0.4, 1.0][seed % 2], most=[None, 3][seed // 2 % 2])
    chosen = choose(values, costs, limits)
    assert chosen is not None
    assert values[chosen].sum() == pytest.approx(best_by_hand(values, costs, limits))


def test_clashing_limits_are_named() -> None:
    """Must-haves beyond the budget leave no choice, and the reason is said."""
    limits = Limits(budget=50, must=(0, 1))
    assert choose([1, 1], [40, 40], limits) is None
    assert clash([40, 40], limits) == ["those required cost more than the budget"]


def test_must_and_never_are_kept() -> None:
    """A required item is in although it brings nothing, an excluded one out although it brings most."""
    assert choose([0, 9, 5], [10, 10, 10], Limits(budget=20, must=(0,), never=(1,))) == [0, 2]


def test_in_turn_passes_over_what_does_not_fit() -> None:
    """Taken in order, as long as the money lasts."""
    assert in_turn([2, 1, 0], [30, 80, 40], Limits(budget=100)) == [2, 0]


def test_nothing_to_choose_from() -> None:
    """No items is an empty choice, not an error."""
    assert choose([], [], Limits(budget=10)) == []
