"""Empirical Bayes: what a small count says once it has been compared with its group.

Homogeneity comes first: where the groups' counts differ no more than chance would make, there is nothing
to rank. Sources: Robbins 1956; Efron & Morris, JASA 70 (1975), 311–319; Greenwood & Yule 1920 for
gamma-Poisson; DerSimonian & Laird, Controlled Clinical Trials 7 (1986), 177–188 for means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special, stats

#: above this shape the spread between rates is too small to tell from none
NO_SPREAD = 1e4
#: expected count per cell from which the chi-square table replaces simulation in the homogeneity test
ENOUGH_EXPECTED = 50.0


@dataclass(frozen=True)
class GammaPoisson:
    """Rates that vary between units like a gamma, counts like a Poisson around rate × exposure.

    Attributes:
        mean: mean rate per unit of exposure.
        shape: gamma shape; large means that units hardly differ.
        counts, exposure: what it was fitted to.
    """

    mean: float
    shape: float
    counts: np.ndarray
    exposure: np.ndarray

    @property
    def posterior(self) -> tuple[np.ndarray, np.ndarray]:
        """Shape and rate of each unit's gamma posterior."""
        prior_rate = self.shape / self.mean if self.mean > 0 else 1.0
        return self.shape + self.counts, prior_rate + self.exposure

    @property
    def expected(self) -> np.ndarray:
        """Each unit's rate, adjusted for small numbers."""
        shape, rate = self.posterior
        return shape / rate

    def interval(self, level: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
        """Equal-tailed interval of each unit's rate."""
        shape, rate = self.posterior
        tail = (1 - level) / 2
        return stats.gamma.ppf(tail, shape, scale=1 / rate), stats.gamma.ppf(1 - tail, shape, scale=1 / rate)

    def draws(self, random: np.random.Generator, n: int) -> np.ndarray:
        """Draws of each unit's rate, one row per unit."""
        shape, rate = self.posterior
        return random.standard_gamma(shape[:, None], size=(len(shape), n)) / rate[:, None]


def gamma_poisson(counts: np.ndarray, exposure: np.ndarray | None = None) -> GammaPoisson:
    """Fit mean and spread of the rates by marginal likelihood (the counts are negative binomial).

    The likelihood of the shape carries a weak penalty (one pseudo-observation at shape 1), so that with
    few units the spread is not taken for none: intervals stay honest where there is little to learn from.

    Raises:
        ValueError: counts are negative or not as many as exposures.
    """
    counts = np.asarray(counts, dtype=float)
    exposure = np.ones_like(counts) if exposure is None else np.asarray(exposure, dtype=float)
    if counts.shape != exposure.shape or (counts < 0).any():
        raise ValueError("counts must be ≥ 0, one per exposure")
    if not counts.sum():
        return GammaPoisson(0.5 / max(float(exposure.sum()), 1.0), 0.5, counts, exposure)
    start = np.log(counts.sum() / exposure.sum())

    def loss(parameters: np.ndarray) -> float:
        mean, shape = np.exp(parameters)
        share = mean * exposure / (mean * exposure + shape)
        told = (
            special.gammaln(counts + shape)
            - special.gammaln(shape)
            + shape * np.log1p(-share)
            + counts * np.log(np.maximum(share, 1e-300))
        )
        return float(-told.sum() + 0.5 * (parameters[1] / 2) ** 2)

    bounds = [(start - 5, start + 5), (np.log(0.05), np.log(NO_SPREAD))]
    best = optimize.minimize(loss, np.array([start, 0.5]), bounds=bounds, method="L-BFGS-B")
    mean, shape = np.exp(best.x)
    return GammaPoisson(float(mean), float(shape), counts, exposure)


def homogeneity(counts: np.ndarray, exposure: np.ndarray | None = None, draws: int = 4000) -> float:
    """How often equal rates would make counts differ at least this much (dispersion test).

    Statistic: Σ (count − expected)² ÷ expected. Simulated from the multinomial with a fixed seed while
    expected counts are small, else the chi-square table. 1.0 where there is nothing to compare.
    """
    counts = np.asarray(counts, dtype=float)
    exposure = np.ones_like(counts) if exposure is None else np.asarray(exposure, dtype=float)
    kept = exposure > 0
    counts, exposure = counts[kept], exposure[kept]
    if len(counts) < 2 or counts.sum() == 0:
        return 1.0
    share = exposure / exposure.sum()
    expected = counts.sum() * share
    seen = float(((counts - expected) ** 2 / expected).sum())
    if expected.min() >= ENOUGH_EXPECTED:
        return float(stats.chi2.sf(seen, len(counts) - 1))
    drawn = np.random.default_rng(1975).multinomial(int(counts.sum()), share, size=draws)
    made = ((drawn - expected) ** 2 / expected).sum(axis=1)
    return float((1 + (made >= seen - 1e-9).sum()) / (draws + 1))


@dataclass(frozen=True)
class ShrunkMeans:
    """Group means pulled towards the common mean as far as their own uncertainty asks for.

    Attributes:
        expected, sd: mean of each group and its standard deviation.
        common: the common mean.
        between: standard deviation between groups.
    """

    expected: np.ndarray
    sd: np.ndarray
    common: float
    between: float


def shrunk_means(means: np.ndarray, variances: np.ndarray) -> ShrunkMeans:
    """Shrink means with known sampling variances (normal-normal, spread between groups by moments).

    Groups without observations have variance infinity and get the common mean.
    """
    means, variances = np.asarray(means, dtype=float), np.asarray(variances, dtype=float)
    seen = np.isfinite(variances) & (variances > 0)
    weight = np.where(seen, 1 / np.where(seen, variances, 1.0), 0.0)
    if not seen.any():
        return ShrunkMeans(means, np.zeros_like(means), float(np.nanmean(means)), 0.0)
    common = float((weight * np.where(seen, means, 0)).sum() / weight.sum())
    heterogeneity = float((weight * (np.where(seen, means, common) - common) ** 2).sum())
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    between = max(0.0, (heterogeneity - (seen.sum() - 1)) / scale) if scale > 0 else 0.0
    total = np.where(seen, 1 / (np.where(seen, variances, 1.0) + between), 0.0)
    common = float((total * np.where(seen, means, 0)).sum() / total.sum())
    pull = np.where(seen, between / (between + np.where(seen, variances, 1.0)), 0.0)
    expected = pull * np.where(seen, means, 0) + (1 - pull) * common
    uncertain = np.sqrt(pull * np.where(seen, variances, 0.0) + (1 - pull) ** 2 / total.sum())
    alone = np.sqrt(between + 1 / total.sum())
    return ShrunkMeans(expected, np.where(seen, uncertain, alone), common, float(np.sqrt(between)))


def james_stein(means: np.ndarray, variance: float) -> np.ndarray:
    """Efron–Morris estimator for equal variances: pull to the grand mean by 1 − (k − 3) σ² ÷ S."""
    means = np.asarray(means, dtype=float)
    spread = float(((means - means.mean()) ** 2).sum())
    pull = max(0.0, 1 - (len(means) - 3) * variance / spread) if spread > 0 else 0.0
    return means.mean() + pull * (means - means.mean())
