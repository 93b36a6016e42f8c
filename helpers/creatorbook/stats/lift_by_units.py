"""Judged by units: who is treated is drawn again in every way it could have been (randomisation test; Fisher 1935).

Each unit's growth (its mean in the comparison over its mean before) is regressed on its treatment and on where the days
before were heading; units count by how steady they were before. The statistic is t of the treatment, once for every way
to draw. Weights and covariate know nothing of the comparison, so the chance is exact however well they fit (Rosenbaum,
"Covariance adjustment in randomized experiments", Statistical Science 2002; Lin, Annals of Applied Statistics 2013);
the better they fit, the smaller a lift is found. A plain difference would have a ceiling: its largest value need not be
the true draw's.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product

import numpy as np
import pandas as pd
from scipy import linalg, optimize

from creatorbook.stats.lift_effect import WIDEST, Effect, test_range, two_sided, with_self_check
from creatorbook.stats.lift_panel import LARGEST_GAP, Wide, gaps_filled

#: ways to draw that are looked at, at most
MOST_WAYS = 4096
#: stretches that the days before are cut into, to see how steady a unit is
STRETCHES = 4


@dataclass(frozen=True)
class RandomAssignments:
    """The judgement by units: every way the treated units could have been drawn.

    Attributes:
        growth: by unit, its mean in the comparison over its mean before.
        weights: by unit, one over the variance of its growth, as far as the days before tell it.
        covariates: one row per unit: 1, and where the days before were heading.
        treated: which units are treated.
        chosen: one row per way to draw, the true one first; which units are treated in it.
    """

    growth: np.ndarray
    weights: np.ndarray
    covariates: np.ndarray
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
        treated: Collection[str],
        blocks: Sequence[Collection[str]] | None = None,
    ) -> RandomAssignments | None:
        """Ways to draw the units of a comparison; `None` where there is but one.

        Args:
            blocks: units that were drawn together, so many of each block as are treated; see `_blocks`.

        Units that sold nothing before, were not counted in the comparison, or lack too many dates, are left out on both
        sides alike. A single gap is filled, before and in the comparison each by itself.
        """
        values = unit_series.loc[comparison.dates]
        counted = values[comparison.inside].notna().any() & (values.isna().mean() <= LARGEST_GAP)
        earlier, during = (values.loc[part, counted] for part in (~comparison.inside, comparison.inside))
        before = earlier.mean()
        is_treated = pd.Series(before.index.isin(list(treated)), before.index)
        groups = _blocks(before[before > 0], is_treated, blocks)
        if not groups:
            return None
        names = [name for group in groups for name in group]
        places = np.split(np.arange(len(names)), np.cumsum([len(group) for group in groups])[:-1])
        chosen = _every_way(is_treated[names].to_numpy(), places)
        earlier, during = gaps_filled(earlier[names]), gaps_filled(during[names])
        return cls(
            (during.mean() / earlier.mean()).to_numpy(),
            unit_weights(earlier.to_numpy()),
            _covariates(earlier.to_numpy()),
            is_treated[names].to_numpy(),
            chosen,
        )

    @cached_property
    def parts(self) -> tuple[np.ndarray, np.ndarray]:
        """The statistic's part from untouched and from treated units' growth, for every way to draw."""
        root = np.sqrt(self.weights)[:, None]
        basis = linalg.qr(self.covariates * root, mode="economic", check_finite=False)[0]
        growth = np.column_stack(
            [np.where(self.treated, 0.0, self.growth), np.where(self.treated, self.growth, 0.0)]
        )
        left = growth * root - basis @ (basis.T @ (growth * root))
        drawn = self.chosen * root[:, 0]
        room = (drawn**2).sum(axis=1) - ((drawn @ basis) ** 2).sum(axis=1)
        scaled = drawn @ left / np.sqrt(np.maximum(room, 1e-12))[:, None]
        return scaled[:, 0], scaled[:, 1]

    def statistics(self, growth: float) -> np.ndarray:
        """The treatment's scaled coefficient for every way to draw, after the lift (its logarithm) was taken out."""
        untouched, treated = self.parts
        return untouched + math.exp(-growth) * treated

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
        untouched, treated = (float(part[0]) for part in self.parts)
        if treated <= 0 or untouched >= 0 or abs(growth := math.log(-treated / untouched)) > WIDEST:
            return replace(plain, trouble="no_values")
        estimated = replace(
            plain, expected=observed * math.exp(-growth), lift=math.expm1(growth), p=self.p(0.0)
        )
        if self.ways < plain.needed:
            return with_self_check(replace(estimated, trouble="few_ways"), self.p, growth)
        scale = float(self.statistics(growth).std()) / -untouched
        low, high = test_range(self.p, growth, scale, level)
        return with_self_check(replace(estimated, low=low, high=high), self.p, growth)


def unit_weights(before: np.ndarray) -> np.ndarray:
    """One over the variance of each unit's relative level over stretches of the days before.

    The variance has a part that all units share and one that falls with size, as counts do (variance = own² +
    count ÷ size); both from all units together, because one unit's own variance is known too badly.
    """
    size = before.mean(axis=0)
    stretches = np.array([part.mean(axis=0) for part in np.array_split(before, min(STRETCHES, len(before)))])
    relative = stretches / size
    apart = relative - np.average(relative, axis=1, weights=size)[:, None]
    squares = (apart**2).sum(axis=0)
    design = np.column_stack([np.ones_like(size), size.mean() / size])
    variance = size.mean() / size
    for _ in range(5):  # squares are as uncertain as they are large
        shares, _ = optimize.nnls(design / variance[:, None], squares / variance)
        if not shares.any():
            return np.ones_like(size)
        variance = design @ shares
    return variance.min() / variance


def _covariates(before: np.ndarray) -> np.ndarray:
    """By unit: 1, and how much more it sold in the later half of the days before than in the earlier, over its mean."""
    earlier, later = (half.mean(axis=0) for half in np.array_split(before, 2))
    return np.column_stack([np.ones(before.shape[1]), (later - earlier) / before.mean(axis=0)])


def _blocks(size: pd.Series, treated: pd.Series, blocks: Sequence[Collection[str]] | None) -> list[list[str]]:
    """The usable units by block, those blocks left out that could only be drawn in one way.

    Where it is not said how units were drawn, neighbours in size are pairs if exactly one of each two is treated and
    there are six pairs or more; else all units are one block.
    """
    if blocks is None:
        blocks = _pairs_by_size(size, treated) or [list(size.index)]
    groups = [[name for name in map(str, block) if name in size.index] for block in blocks]
    return [group for group in groups if 0 < treated[group].sum() < len(group)]


def _pairs_by_size(size: pd.Series, treated: pd.Series) -> list[list[str]]:
    ordered = [str(name) for name in size.sort_values(ascending=False, kind="stable").index]
    pairs = [ordered[first : first + 2] for first in range(0, len(ordered), 2)]
    whole = len(ordered) % 2 == 0 and len(pairs) >= 6
    return pairs if whole and all(treated[pair].sum() == 1 for pair in pairs) else []


def _every_way(treated: np.ndarray, blocks: list[np.ndarray]) -> np.ndarray:
    """Every way to draw as many of each block, the true one first; `MOST_WAYS` of them where there are more."""
    counts = [int(treated[block].sum()) for block in blocks]
    ways = math.prod(math.comb(len(block), count) for block, count in zip(blocks, counts, strict=True))
    if ways <= MOST_WAYS:
        each = [combinations(block, count) for block, count in zip(blocks, counts, strict=True)]
        chosen = np.zeros((ways, len(treated)))
        for row, parts in enumerate(product(*each)):
            chosen[row, [place for part in parts for place in part]] = 1.0
        true = int(np.argmax((chosen == treated).all(axis=1)))
        chosen[[0, true]] = chosen[[true, 0]]
        return chosen
    random = np.random.default_rng(1)
    chosen = np.zeros((MOST_WAYS, len(treated)))
    for block, count in zip(blocks, counts, strict=True):
        order = random.random((MOST_WAYS, len(block))).argsort(axis=1, kind="stable")
        np.put_along_axis(chosen, block[order[:, :count]], 1.0, axis=1)
    chosen[0] = treated
    return chosen
