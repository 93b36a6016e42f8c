"""A choice where items may be taken in part: bounds, prices of the budget, and whole choices near it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from creatorbook.stats.allocation_model import ChoiceModel, Cuts, Values, brought

#: items that are tried when a relaxed choice is rounded
TRIED = 300
#: taken in whole, but for the solver's tolerance
TAKEN_WHOLE = 1 - 1e-6


@dataclass(frozen=True)
class Relaxed:
    """A solved relaxation.

    Attributes:
        parts: part of each variable that is taken.
        bound: what it brings; no whole choice brings more.
        reduced: what the bound changes by if a variable at one of its ends moves by one.
        price: what one more unit of budget brings at the margin.
    """

    parts: Values
    bound: float
    reduced: Values
    price: float

    def fixed(self, model: ChoiceModel, worth: Values) -> tuple[Values, Values]:
        """Bounds with every item settled that no best choice can have otherwise (reduced-cost fixing).

        Source: Dantzig, Fulkerson & Johnson, Operations Research 2 (1954), 393–410.
        """
        low, high = model.low.copy(), model.high.copy()
        choice = rounded(model, worth, self.parts)
        if choice is None:
            return low, high
        room = self.bound - brought(worth, choice, model.limits) + 1e-6 * abs(self.bound)
        settled = np.abs(self.reduced) > room
        settled[model.items :] = False
        inside = settled & (self.reduced > 0)
        outside = settled & (self.reduced < 0)
        low[inside], high[outside] = high[inside], low[outside]
        return low, high


class Relaxation:
    """The relaxed program of one model, set up once and solved for any values."""

    def __init__(self, model: ChoiceModel) -> None:
        self.model = model
        self.ready = None if model.limits.pools else self._set_up(Cuts(np.zeros(model.items), model.limits))

    def _set_up(self, cuts: Cuts) -> tuple[sparse.csr_array, Values]:
        table, least, most = self.model.matrix(cuts.rows)
        upper, lower = np.isfinite(most), np.isfinite(least)
        rows = sparse.vstack([table[upper], -table[lower]], format="csr")
        return rows, np.concatenate([most[upper], -least[lower]])

    def solve(self, worth: Values) -> Relaxed | None:
        """The best parts for these values; `None` if even parts are impossible. The budget is the first row."""
        model = self.model
        rows, ends = self.ready or self._set_up(Cuts(worth, model.limits))
        gain = model.objective(worth)
        scale = max(float(np.abs(gain).max()), 1e-12)
        bounds = np.column_stack([model.low, model.high])
        solved = optimize.linprog(-gain / scale, A_ub=rows, b_ub=ends, bounds=bounds, method="highs")
        if solved.x is None:
            return None
        reduced = -(solved.lower.marginals + solved.upper.marginals) * scale
        unit = max(float(np.abs(model.costs).max(initial=0)), 1e-12)
        price = -solved.ineqlin.marginals[0] * scale / unit
        return Relaxed(solved.x, float(-solved.fun * scale), reduced, float(price))


def rounded(model: ChoiceModel, worth: Values, parts: Values) -> list[int] | None:
    """A whole choice near a relaxed one; `None` if none is found that keeps every limit.

    What is taken in whole stays; then the parts, largest first, then others by what they bring for their
    money, as long as they fit. A group too small for its `least_if_any` is left out.
    """
    taken = parts[: model.items] >= TAKEN_WHOLE
    order = _order(model, worth, parts[: model.items], taken)
    taken = _filled(model, taken, order)
    for group in model.cells:
        items = list(group.items)
        if 0 < taken[items].sum() < group.least_if_any:
            taken[items] = model.low[items] > 0
    return _within_limits(model, taken)


def _order(model: ChoiceModel, worth: Values, parts: Values, taken: np.ndarray) -> np.ndarray:
    worth = worth - np.asarray(model.limits.upkeep) if model.limits.upkeep else worth
    open_to = (~taken) & (model.high[: model.items] > 0) & ((worth > 0) | (parts > 1 - TAKEN_WHOLE))
    ratio = worth / np.maximum(model.costs, 1e-9)
    first = np.where(parts > 1 - TAKEN_WHOLE, 1 + parts, 0.0)
    at = np.flatnonzero(open_to)
    return at[np.lexsort((at, -ratio[at], -first[at]))][:TRIED]


def _filled(model: ChoiceModel, taken: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Add in order whatever keeps every upper limit on items alone."""
    plain = [row for row in model.rows if np.isfinite(row.high) and row.at.max(initial=0) < model.items]
    table = np.zeros((len(plain), model.items))
    for place, row in enumerate(plain):
        table[place, row.at] = row.coefficients
    left = np.array([row.high for row in plain]) - table @ taken
    taken = taken.copy()
    slack = 1e-9 * np.maximum(1.0, np.abs(left))
    for item in order:
        if (table[:, item] <= left + slack).all():
            taken[item] = True
            left -= table[:, item]
    return taken


def _within_limits(model: ChoiceModel, taken: np.ndarray) -> list[int] | None:
    """The choice if it keeps every limit on items, cells included."""
    for row in model.rows:
        if row.at.max(initial=0) >= model.items:
            continue
        total = float(row.coefficients @ taken[row.at])
        room = 1e-9 * max(1.0, abs(total))
        if not row.low - room <= total <= row.high + room:
            return None
    sizes = [(int(taken[list(group.items)].sum()), group.least_if_any) for group in model.cells]
    if any(0 < size < least for size, least in sizes):
        return None
    return [int(item) for item in np.flatnonzero(taken)]
