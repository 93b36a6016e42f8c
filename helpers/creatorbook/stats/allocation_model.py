"""Limits on a choice as rows of a linear program: what every solver in `allocation` works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Group:
    """Items under a common limit: those of one size, one platform, or not tried before.

    Attributes:
        name: how the limit is called where it clashes.
        items: positions of its items.
        least, most: fewest and most of them.
        least_if_any: none at all, or at least so many; the smallest cell that a test can read.
        least_spend, most_spend: least and most money for them together.
    """

    name: str
    items: tuple[int, ...]
    least: int = 0
    most: int | None = None
    least_if_any: int = 0
    least_spend: float = 0.0
    most_spend: float | None = None


@dataclass(frozen=True)
class Pool:
    """Items that reach for the same: together they bring `size` × (1 − exp(−sum ÷ `size`)), not their sum.

    That is what independent draws from one crowd of that size give (expected distinct members).
    """

    items: tuple[int, ...]
    size: float


@dataclass(frozen=True)
class Limits:
    """What a choice must keep to.

    Attributes:
        budget: the most that may be spent.
        share: the most of the budget that one item may take.
        most: the most items.
        must, never: items by position that are in or out whatever they bring.
        hours, hours_limit: own hours per item, and the most there are.
        owners: item → its owner; items of one owner are alternatives, of which at most one is taken.
        groups: limits on parts of the items.
        overlaps: (item, item, what is counted twice if both are in).
        pools: items that bring less together than alone; what they bring alone must not be below 0.
        upkeep: what each item takes off the total once it is chosen, in the unit of what items bring.
    """

    budget: float
    share: float = 1.0
    most: int | None = None
    must: tuple[int, ...] = ()
    never: tuple[int, ...] = ()
    hours: tuple[float, ...] = ()
    hours_limit: float | None = None
    owners: tuple[int, ...] = ()
    groups: tuple[Group, ...] = ()
    overlaps: tuple[tuple[int, int, float], ...] = ()
    pools: tuple[Pool, ...] = ()
    upkeep: tuple[float, ...] = ()


@dataclass(frozen=True)
class LimitRow:
    """One linear limit: `low` ≤ coefficients · variables ≤ `high`, with the limit it belongs to."""

    name: str
    at: NDArray[np.intp]
    coefficients: Values
    low: float
    high: float


class ChoiceModel:
    """Rows and bounds of a choice. Variables: items, then one per `least_if_any`, per overlap and per pool."""

    def __init__(self, costs: Values, limits: Limits, without: frozenset[str] = frozenset()) -> None:
        self.costs, self.limits, self.items = costs, limits, len(costs)
        self.cells = [group for group in limits.groups if group.least_if_any > 1]
        self.variables = self.items + len(self.cells) + len(limits.overlaps) + len(limits.pools)
        self.first_overlap = self.items + len(self.cells)
        self.first_pool = self.first_overlap + len(limits.overlaps)
        self.rows = [row for row in self._all_rows() if row.name not in without]
        self.low, self.high = self._bounds(without)
        self.whole = np.zeros(self.variables)
        self.whole[: self.first_overlap] = 1

    def matrix(self, more: Sequence[LimitRow] = ()) -> tuple[sparse.csr_array, Values, Values]:
        """Coefficients, lower and upper ends; every row scaled to 1, so that no cent looks like a violation."""
        rows = [*self.rows, *more]
        scale = [max(float(np.abs(row.coefficients).max(initial=0)), 1e-12) for row in rows]
        at = np.concatenate([row.at for row in rows]) if rows else np.zeros(0, dtype=np.intp)
        scaled = [row.coefficients / by for row, by in zip(rows, scale, strict=True)]
        values = np.concatenate(scaled) if rows else np.zeros(0)
        ends = np.cumsum([0, *(len(row.at) for row in rows)])
        table = sparse.csr_array((values, at, ends), shape=(len(rows), self.variables))
        low = np.array([row.low / by for row, by in zip(rows, scale, strict=True)])
        high = np.array([row.high / by for row, by in zip(rows, scale, strict=True)])
        return table, low, high

    def objective(self, values: Values) -> Values:
        """What each variable brings: pooled items bring through their pool, overlaps take away."""
        gain = np.zeros(self.variables)
        gain[: self.items] = values
        for place, (_, _, loss) in enumerate(self.limits.overlaps):
            gain[self.first_overlap + place] = -loss
        for place, pool in enumerate(self.limits.pools):
            gain[list(pool.items)] = 0
            gain[self.first_pool + place] = 1
        if self.limits.upkeep:
            gain[: self.items] -= self.limits.upkeep
        return gain

    def cut(self, place: int, values: Values, total: float) -> LimitRow:
        """The tangent of a pool's curve at a total: a limit from above that is exact there."""
        pool = self.limits.pools[place]
        items = np.asarray(pool.items, dtype=np.intp)
        slope, here = np.exp(-total / pool.size), pooled(total, pool.size)
        at = np.append(items, self.first_pool + place)
        return LimitRow(
            "pool", at, np.append(-slope * values[items], 1.0), -np.inf, float(here - slope * total)
        )

    def _bounds(self, without: frozenset[str]) -> tuple[Values, Values]:
        limits, low, high = self.limits, np.zeros(self.variables), np.ones(self.variables)
        high[self.first_pool :] = [pool.size for pool in limits.pools]
        if "share" not in without:
            high[: self.items][self.costs > limits.share * limits.budget + 1e-9] = 0
        if "must" not in without:  # a required item stays, however dear; two alternatives keep the row
            high[list(limits.must)] = 1
            low[list(limits.must)] = 1
        if "never" not in without:
            high[list(limits.never)] = 0
        return low, high

    def _all_rows(self) -> Iterator[LimitRow]:
        limits, every = self.limits, np.arange(self.items)
        yield LimitRow("budget", every, self.costs, -np.inf, limits.budget)
        if limits.most is not None:
            yield LimitRow("most", every, np.ones(self.items), -np.inf, float(limits.most))
        if limits.hours_limit is not None:
            yield LimitRow("hours", every, np.asarray(limits.hours, dtype=float), -np.inf, limits.hours_limit)
        yield from self._owner_rows()
        for group in limits.groups:
            yield from self._group_rows(group)
        for place, (one, other, _) in enumerate(limits.overlaps):
            at = np.array([one, other, self.first_overlap + place], dtype=np.intp)
            yield LimitRow("overlap", at, np.array([1.0, 1.0, -1.0]), -np.inf, 1.0)

    def _owner_rows(self) -> Iterator[LimitRow]:
        owners = np.asarray(self.limits.owners)
        names, counts = np.unique(owners, return_counts=True)
        for owner in names[counts > 1]:
            at = np.flatnonzero(owners == owner)
            yield LimitRow("owners", at, np.ones(len(at)), -np.inf, 1.0)

    def _group_rows(self, group: Group) -> Iterator[LimitRow]:
        at = np.asarray(group.items, dtype=np.intp)
        ones, none = np.ones(len(at)), not len(at)
        if group.least or group.most is not None:
            most = np.inf if group.most is None else float(group.most)
            yield LimitRow(group.name, at, ones, float(group.least), most)
        if group.least_spend > 0 or group.most_spend is not None:
            most = np.inf if group.most_spend is None else group.most_spend
            yield LimitRow(group.name, at, self.costs[at], group.least_spend or -np.inf, most)
        if group in self.cells and not none:
            place = self.items + self.cells.index(group)
            yield LimitRow(
                group.name, np.append(at, place), np.append(ones, -group.least_if_any), 0.0, np.inf
            )
            yield LimitRow(group.name, np.append(at, place), np.append(ones, -len(at)), -np.inf, 0.0)


class Cuts:
    """Tangents of the pools' curves, more of them where a choice has been."""

    def __init__(self, worth: Values, limits: Limits) -> None:
        self.worth, self.pools, self.rows = worth, limits.pools, list[LimitRow]()
        blank = ChoiceModel(np.zeros(len(worth)), limits) if limits.pools else None
        for place, pool in enumerate(limits.pools):
            whole = float(worth[list(pool.items)].clip(min=0).sum())
            tangents = (0, 0.05, 0.15, 0.3, 0.6, 1)
            self.rows += [blank.cut(place, worth, whole * part) for part in tangents if blank]

    def add(self, model: ChoiceModel, chosen: Sequence[int]) -> None:
        """Tangents where a choice has been: the curve is exact there from now on."""
        inside = set(chosen)
        for place, pool in enumerate(self.pools):
            total = float(sum(self.worth[item] for item in pool.items if item in inside))
            self.rows.append(model.cut(place, self.worth, total))


def pooled(total: float, size: float) -> float:
    """What a pool brings for the sum of its items."""
    return float(size * -np.expm1(-total / size))


def brought(values: Values, chosen: Sequence[int], limits: Limits) -> float:
    """What chosen items bring together, what is counted twice taken off."""
    inside = set(chosen)
    pools = {item for pool in limits.pools for item in pool.items}
    alone = float(sum(values[item] for item in chosen if item not in pools))
    twice = sum(loss for one, other, loss in limits.overlaps if one in inside and other in inside)
    shared = (
        pooled(float(sum(values[item] for item in pool.items if item in inside)), pool.size)
        for pool in limits.pools
    )
    less = sum(limits.upkeep[item] for item in chosen) if limits.upkeep else 0.0
    return alone - twice + sum(shared) - less


def irreducible(names: Sequence[str], feasible: Callable[[frozenset[str]], bool]) -> list[str]:
    """Limits that clash, none of them to spare: each is dropped in turn and kept out while the clash stays."""
    dropped: set[str] = set()
    for name in names:
        if not feasible(frozenset({*dropped, name})):
            dropped.add(name)
    return [name for name in names if name not in dropped]
