"""Choosing under a budget: as good as trying everything, and limits that clash are named."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from creatorbook.stats.allocation import (
    Group,
    Limits,
    Pool,
    brought,
    choose,
    clash,
    in_turn,
    over_draws,
    water_filling,
)

#: the random cases that are held against trying everything; fixed before they were first run
SEEDS = range(200)


def keeps(chosen: list[int], costs: np.ndarray, limits: Limits) -> bool:
    """Whether a choice keeps every limit, worked out by hand."""
    inside, spent = set(chosen), costs[chosen].sum()
    owners = [limits.owners[item] for item in chosen] if limits.owners else []
    return (
        spent <= limits.budget + 1e-9
        and (limits.most is None or len(chosen) <= limits.most)
        and set(limits.must) <= inside
        and not set(limits.never) & inside
        and all(costs[i] <= limits.share * limits.budget + 1e-9 for i in inside - set(limits.must))
        and (limits.hours_limit is None or sum(limits.hours[i] for i in chosen) <= limits.hours_limit)
        and len(owners) == len(set(owners))
        and all(group_keeps(inside & set(group.items), costs, group) for group in limits.groups)
    )


def group_keeps(inside: set[int], costs: np.ndarray, group: Group) -> bool:
    size, spent = len(inside), sum(costs[i] for i in inside)
    return (
        group.least <= size
        and (group.most is None or size <= group.most)
        and (size == 0 or size >= group.least_if_any)
        and spent >= group.least_spend - 1e-9
        and (group.most_spend is None or spent <= group.most_spend + 1e-9)
    )


def best_by_hand(values: np.ndarray, costs: np.ndarray, limits: Limits) -> float | None:
    """What the best of all subsets brings; nothing if no subset keeps the limits."""
    subsets = ([i for i, taken in enumerate(mask) if taken] for mask in product([0, 1], repeat=len(values)))
    told = [brought(values, chosen, limits) for chosen in subsets if keeps(chosen, costs, limits)]
    return max(told, default=None)


def random_case(seed: int) -> tuple[np.ndarray, np.ndarray, Limits]:
    """Nine items under a random selection of every kind of limit."""
    rng, n = np.random.default_rng(seed), 9
    values, costs = rng.normal(50, 40, n).round(2), rng.uniform(10, 120, n).round(2)
    limits = Limits(budget=float(rng.choice([150, 250, 400])), share=float(rng.choice([0.4, 0.6, 1.0])))
    kinds = rng.random(8) < 0.4
    order = rng.permutation(n)
    if kinds[0]:
        limits = replace(limits, most=int(rng.integers(1, 5)))
    if kinds[1]:
        limits = replace(limits, must=(int(order[0]),), never=(int(order[1]),))
    if kinds[2]:
        limits = replace(limits, hours=tuple(rng.uniform(1, 8, n).round(1)), hours_limit=12.0)
    if kinds[3]:
        limits = replace(limits, owners=(0, 0, 1, 1, 2, 3, 4, 5, 6))
    if kinds[4]:
        cells = (
            Group("one half", tuple(order[:5]), least_if_any=3),
            Group("rest", tuple(order[5:]), least_if_any=2),
        )
        limits = replace(limits, groups=cells)
    if kinds[5]:
        spend = Group("tried", tuple(order[2:5]), least=1, most_spend=150.0)
        limits = replace(
            limits, groups=(*limits.groups, spend, Group("new", tuple(order[6:]), least_spend=20.0))
        )
    if kinds[6]:
        pairs = [
            (int(i), int(j), float(rng.uniform(2, 30)))
            for i, j in ((order[0], order[2]), (order[3], order[4]))
        ]
        limits = replace(limits, overlaps=tuple(pairs))
    if kinds[7]:
        values = np.abs(values)
        limits = replace(limits, pools=(Pool(tuple(order[:4]), 90.0), Pool(tuple(order[4:8]), 160.0)))
        limits = replace(limits, overlaps=())
    if seed % 5 == 0:  # what is chosen also costs something in the unit of what it brings
        limits = replace(limits, upkeep=tuple(0.3 * costs))
    return values, costs, limits


@pytest.mark.parametrize("seed", SEEDS)
def test_equals_brute_force(seed: int) -> None:
    """On small cases the choice keeps all limits and brings exactly as much as the best of all subsets."""
    values, costs, limits = random_case(seed)
    best, chosen = best_by_hand(values, costs, limits), choose(values.tolist(), costs.tolist(), limits)
    if best is None:
        assert chosen is None
        assert clash(costs.tolist(), limits)
        return
    assert chosen is not None
    assert keeps(chosen, costs, limits)
    assert brought(values, chosen, limits) == pytest.approx(best, rel=2e-6, abs=1e-4)
    assert clash(costs.tolist(), limits) == []


def large_case(seed: int, n: int) -> tuple[np.ndarray, np.ndarray, Limits]:
    """Creators with prices by size and what they bring, a cap, hours, and cells by size."""
    rng = np.random.default_rng(seed)
    costs = rng.lognormal(5, 1, n).round(2)
    values = costs * rng.lognormal(0.2, 0.6, n)
    sizes = np.digitize(costs, np.quantile(costs, [0.5, 0.9]))
    groups = tuple(Group(f"size {k}", tuple(np.flatnonzero(sizes == k)), least_if_any=8) for k in range(3))
    hours = tuple(rng.uniform(2, 8, n).round(1))
    limits = Limits(
        budget=float(0.1 * costs.sum()), share=0.05, hours=hours, hours_limit=0.5 * n, groups=groups
    )
    return values, costs, limits


def test_settling_items_first_changes_nothing() -> None:
    """With many items most are settled before the search; the result is that of the whole search."""
    values, costs, limits = large_case(7, 300)
    from creatorbook.stats import allocation

    fast = choose(values.tolist(), costs.tolist(), limits)
    usual, allocation.MANY_ITEMS = allocation.MANY_ITEMS, 10**9
    try:
        whole = choose(values.tolist(), costs.tolist(), limits)
    finally:
        allocation.MANY_ITEMS = usual
    assert fast is not None
    assert whole is not None
    assert values[fast].sum() == pytest.approx(values[whole].sum(), rel=2e-6)


def test_rounded_draws_keep_limits_and_state_their_gap() -> None:
    """Every draw's choice keeps the limits, and no draw's exact optimum is above its bound."""
    values, costs, limits = large_case(3, 200)
    rng = np.random.default_rng(3)
    draws = values[:, None] * rng.lognormal(0, 0.3, (200, 12))
    split = over_draws(draws, costs.tolist(), limits)
    assert split is not None
    for place in range(12):
        chosen = np.flatnonzero(split.chosen[:, place]).tolist()
        assert keeps(chosen, costs, limits)
        exact = choose(draws[:, place].tolist(), costs.tolist(), limits)
        assert exact is not None
        best = draws[exact, place].sum()
        assert split.values[place] <= best * (1 + 1e-6)
        assert best <= split.bounds[place] * (1 + 1e-6)
    assert split.gaps.max() < 0.05


def test_clashing_limits_are_named() -> None:
    """Must-haves beyond the budget leave no choice; the clash is named and nothing that has no part in it."""
    limits = Limits(budget=50, must=(0, 1), most=3, groups=(Group("nano", (2,), least=1),))
    assert choose([1, 1, 1], [40, 40, 1], limits) is None
    assert clash([40, 40, 1], limits) == ["must", "budget"]


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (Limits(budget=99, must=(0,), never=(0,)), ["never", "must"]),
        (Limits(budget=99, must=(0, 1), owners=(0, 0, 1)), ["owners", "must"]),
        (Limits(budget=99, groups=(Group("nano", (0, 1), least=3),)), ["nano"]),
        (Limits(budget=15, groups=(Group("nano", (0, 1), least=2),)), ["nano", "budget"]),
        (Limits(budget=99, share=0.1, groups=(Group("nano", (0, 1), least=1),)), ["nano", "share"]),
        (Limits(budget=99, hours=(9, 9, 9), hours_limit=10, must=(0, 1)), ["hours", "must"]),
        (Limits(budget=99, groups=(Group("nano", (), least=1),)), ["nano"]),
    ],
)
def test_each_clash_by_its_name(limits: Limits, named: list[str]) -> None:
    """Every kind of limit is found as one that clashes."""
    assert clash([10, 10, 10], limits) == named


def test_must_and_never_are_kept() -> None:
    """A required item is in although it brings nothing, an excluded one out although it brings most."""
    assert choose([0, 9, 5], [10, 10, 10], Limits(budget=20, must=(0,), never=(1,))) == [0, 2]


def test_in_turn_passes_over_what_does_not_fit() -> None:
    """Taken in order, as long as the money lasts."""
    assert in_turn([2, 1, 0], [30, 80, 40], Limits(budget=100)) == [2, 0]


def test_nothing_to_choose_from() -> None:
    """No items is an empty choice, not an error."""
    assert choose([], [], Limits(budget=10)) == []


def test_the_solver_writes_nothing() -> None:
    """The solver's debug line does not reach a page, and what others write meanwhile does."""
    code = (
        "import os, sys; sys.path.insert(0, 'tests')\n"
        "from test_allocation import choose, large_case\n"
        "from creatorbook.stats.solver_output import without_solver_lines\n"
        "v, c, l = large_case(2, 1500); choose(v.tolist(), c.tolist(), type(l)(budget=l.budget))\n"
        "with without_solver_lines(): os.write(1, b'HighsMipSolverData::x\\nheard\\n')"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "heard\n"


def test_water_finds_one_level() -> None:
    """All that get more than their floor bring the same at the margin, and no other split brings more."""
    most, scale, floors = (
        np.array([100.0, 60, 20, 5]),
        np.array([50.0, 20, 40, 30]),
        np.array([0.0, 0, 10, 0]),
    )
    spend, price = water_filling(most.tolist(), scale.tolist(), 100, floors.tolist())
    assert spend.sum() == pytest.approx(100)
    margin = most / scale * np.exp(-spend / scale)
    above = spend > floors + 1e-6
    assert margin[above] == pytest.approx(price)
    assert (margin[~above] <= price + 1e-9).all()
    brings = float((most * -np.expm1(-spend / scale)).sum())
    rng = np.random.default_rng(0)
    for other in rng.dirichlet(np.ones(4), 300):
        split = floors + other * (100 - floors.sum())
        assert float((most * -np.expm1(-split / scale)).sum()) <= brings + 1e-9


def test_water_that_does_not_fit() -> None:
    """Floors above the budget are an error of the caller; nothing to gain spends the floors only."""
    with pytest.raises(ValueError, match="floors"):
        water_filling([1], [1], 1, [2])
    assert water_filling([0, 0], [1, 1], 10)[0].tolist() == [0, 0]
