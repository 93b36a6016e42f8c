"""Judged by units: who was treated is drawn again in every way it could have been (randomisation test; Fisher 1935)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from creatorbook.stats.lift_effect import WIDEST, Effect, test_range, two_sided
from creatorbook.stats.lift_panel import Wide


@dataclass(frozen=True)
class RandomAssignments:
    """The judgement by units: every way the treated units could have been drawn.

    Attributes:
        before, during: sums by unit, before and in the comparison.
        treated: which units are treated.
        chosen: one row per way to draw, the true one first; which units are treated in it.
    """

    before: np.ndarray
    during: np.ndarray
    treated: np.ndarray
    chosen: np.ndarray

    @property
    def ways(self) -> int:
        """How many ways there are (or were drawn)."""
        return len(self.chosen)

    @classmethod
    def of(
        cls,
        unit_series: pd.DataFrame,
        comparison: Wide,
        treated: list[str],
    ) -> RandomAssignments | None:
        """Ways to draw the units of a comparison; `None` where there is no untouched unit."""
        if not comparison.others.shape[1]:
            return None
        values = unit_series.loc[comparison.dates, treated].join(comparison.others)
        before = values[~comparison.inside].mean().to_numpy()
        during = values[comparison.inside].mean().to_numpy()
        is_treated = np.arange(len(before)) < len(treated)
        places = _neighbours(before, is_treated)
        ways = _choices(is_treated) if places is None else _flips(is_treated, places)
        return cls(before, during, is_treated, ways)

    def statistics(self, growth: float) -> np.ndarray:
        """The logarithm of the ratio of growths for every way to draw, after the lift was taken out."""
        during = np.where(self.treated, self.during * math.exp(-growth), self.during)
        here, all_before, all_during = self.chosen, self.before.sum(), during.sum()
        before, after = here @ self.before, here @ during
        with np.errstate(divide="ignore", invalid="ignore"):
            log_ratios = (
                np.log(after) - np.log(before) - np.log(all_during - after) + np.log(all_before - before)
            )
        return np.nan_to_num(log_ratios, nan=0.0, posinf=1e9, neginf=-1e9)

    def p(self, growth: float) -> float:
        """Two-sided chance of the true draw's rank among all."""
        return two_sided(self.statistics(growth))

    def effect(self, comparison: Wide, level: float) -> Effect:
        """The estimate with its range."""
        observed = float(comparison.treated[comparison.inside].sum())
        plain = Effect(
            "difference in differences",
            observed,
            level=level,
            judged_by="units",
            arrangements=self.ways,
            before=int((~comparison.inside).sum()),
            during=int(comparison.inside.sum()),
            untouched=int((~self.treated).sum()),
        )
        growth = float(self.statistics(0.0)[0])
        if abs(growth) > WIDEST:
            return replace(plain, trouble="no_values")
        scale = float(self.statistics(growth).std())
        low, high = test_range(self.p, growth, scale, level)
        expected = observed * math.exp(-growth)
        return replace(plain, expected=expected, lift=math.expm1(growth), low=low, high=high, p=self.p(0.0))


def _neighbours(before: np.ndarray, treated: np.ndarray) -> np.ndarray | None:
    """Pairs of neighbours in size, if exactly one of each two is treated."""
    if len(before) % 2 or treated.sum() * 2 != len(before):
        return None
    places = np.argsort(-before, kind="stable").reshape(-1, 2)
    return places if (treated[places].sum(axis=1) == 1).all() else None


def _flips(treated: np.ndarray, pairs: np.ndarray, most: int = 4096) -> np.ndarray:
    """Every way to draw one of each pair, the true one first; as many of them as `most` where there are more."""
    count = len(pairs)
    if 2**count <= most:
        coins = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    else:
        coins = np.random.default_rng(1).integers(0, 2, (most, count))
        coins[0] = 0
    chosen = np.tile(treated, (len(coins), 1))
    for number, (one, other) in enumerate(pairs):
        flipped = coins[:, number] == 1
        chosen[flipped, one], chosen[flipped, other] = treated[other], treated[one]
    return chosen.astype(float)


def _choices(treated: np.ndarray, most: int = 4096) -> np.ndarray:
    """Every choice of as many units, the true one first; as many of them as `most` where there are more."""
    from itertools import combinations

    units, count = len(treated), int(treated.sum())
    if math.comb(units, count) <= most:
        chosen = np.zeros((math.comb(units, count), units))
        for row, places in enumerate(combinations(range(units), count)):
            chosen[row, list(places)] = 1.0
        true = int(np.argmax((chosen == treated).all(axis=1)))
        chosen[[0, true]] = chosen[[true, 0]]
        return chosen
    order = np.random.default_rng(1).random((most, units)).argsort(axis=1, kind="stable")
    drawn = (order < count).astype(float)
    drawn[0] = treated
    return drawn
