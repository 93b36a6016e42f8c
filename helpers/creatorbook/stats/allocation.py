"""Choosing items under a budget: exact by integer programming, and in a given order by hand."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse


@dataclass(frozen=True)
class Limits:
    """What a choice must keep to.

    Attributes:
        budget: the most that may be spent.
        share: the most of the budget that one item may take.
        most: the most items.
        must, never: items by position that are in or out whatever they bring.
        hours, hours_limit: own hours per item, and the most there are.
    """

    budget: float
    share: float = 1.0
    most: int | None = None
    must: tuple[int, ...] = ()
    never: tuple[int, ...] = ()
    hours: tuple[float, ...] = ()
    hours_limit: float | None = None


def choose(values: Sequence[float], costs: Sequence[float], limits: Limits) -> list[int] | None:
    """The items that together bring most within the limits; `None` if the limits clash.

    Solved exactly (HiGHS). Items that bring nothing or less are left out unless they must be in. Among
    equals the cheaper, then the earlier one is taken.
    """
    worth, price = np.asarray(values, dtype=float), np.asarray(costs, dtype=float)
    if len(worth) == 0:
        return [] if not limits.must else None
    low, high = _bounds(worth, price, limits)
    if (low > high).any():
        return None
    rows, ends = [price], [limits.budget]
    if limits.most is not None:
        rows, ends = [*rows, np.ones(len(worth))], [*ends, float(limits.most)]
    if limits.hours_limit is not None:
        rows, ends = [*rows, np.asarray(limits.hours, dtype=float)], [*ends, limits.hours_limit]
    scale = max(float(np.abs(worth).max()), 1e-12)
    nudge = 1e-9 * (price / max(float(price.max()), 1e-12) + np.arange(len(worth)) / len(worth))
    with _quiet():
        solved = _solve(-worth / scale + nudge, np.vstack(rows), np.asarray(ends), low, high)
    return None if solved.x is None else [int(i) for i in np.flatnonzero(solved.x > 0.5)]


def _solve(
    cost: np.ndarray, rows: np.ndarray, ends: np.ndarray, low: np.ndarray, high: np.ndarray
) -> optimize.OptimizeResult:
    return optimize.milp(
        cost,
        constraints=optimize.LinearConstraint(sparse.csr_array(rows), ub=ends),
        integrality=np.ones(len(cost)),
        bounds=optimize.Bounds(low, high),
        options={"mip_rel_gap": 0.0},
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing that HiGHS writes past Python reaches the page: some versions print a line while they solve."""
    sys.stdout.flush()
    kept = os.dup(1)
    silence = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silence, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(silence)
        os.close(kept)


def _bounds(worth: np.ndarray, price: np.ndarray, limits: Limits) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.zeros(len(worth)), np.ones(len(worth))
    high[(price > limits.share * limits.budget + 1e-9) | (worth <= 0)] = 0
    high[list(limits.never)] = 0
    low[list(limits.must)] = 1
    high[list(set(limits.must) - set(limits.never))] = 1
    return low, high


def clash(costs: Sequence[float], limits: Limits) -> list[str]:
    """Why nothing can be chosen: the limits that clash, in words; empty if they do not."""
    told = []
    both = set(limits.must) & set(limits.never)
    if both:
        told.append(f"{len(both)} are both required and excluded")
    if limits.must and sum(costs[i] for i in limits.must) > limits.budget:
        told.append("those required cost more than the budget")
    if limits.most is not None and len(limits.must) > limits.most:
        told.append("more are required than may be chosen")
    if limits.hours_limit is not None and sum(limits.hours[i] for i in limits.must) > limits.hours_limit:
        told.append("those required take more hours than there are")
    return told


def in_turn(order: Sequence[int], costs: Sequence[float], limits: Limits) -> list[int]:
    """Items taken in a given order as long as they fit; one that does not fit is passed over."""
    chosen: list[int] = []
    left = limits.budget
    for item in order:
        full = limits.most is not None and len(chosen) >= limits.most
        dear = costs[item] > limits.share * limits.budget + 1e-9
        if item in limits.never or full or dear or costs[item] > left + 1e-9:
            continue
        chosen.append(item)
        left -= costs[item]
    return chosen
