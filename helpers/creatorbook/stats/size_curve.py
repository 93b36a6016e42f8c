"""A rate against size: a parabola on log scales, so that it may rise, fall, or do one after the other.

y = a + b·x + c·x² + person + noise, x the log of the size in tens around its middle, y the log of the rate; Bayesian
linear regression with normal priors on b and c (flat where there is no prior) and the spread between persons by
restricted maximum likelihood. Sources: Lindley & Smith, J. R. Statist. Soc. B 34 (1972), 1–41; Patterson & Thompson,
Biometrika 58 (1971), 545–554.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, special, stats

FloatArray = NDArray[np.float64]

#: shapes a curve can have over the sizes that were seen
CURVE_SHAPES = ("falls", "rises", "rises, then falls", "falls, then rises")


@dataclass(frozen=True)
class Prior:
    """What is thought of a curve beforehand: mean and standard deviation of slope and bend.

    Attributes:
        slope: change of the rate's natural log for ten times the size, in the middle.
        bend: half the change of that slope for ten times the size.
    """

    slope: tuple[float, float]
    bend: tuple[float, float]


@dataclass(frozen=True)
class SizeCurve:
    """A fitted curve.

    Attributes:
        middle: log10 size at which the curve is centred.
        mean, covariance: of level, slope and bend.
        freedom: degrees of freedom of its t distribution.
        between: standard deviation between persons of one size, natural log.
        prior_share: how much of what is known of slope and of bend comes from the prior, 0 to 1.
        ends: smallest and largest log10 size seen.
        expected, sd: per person, natural log of the rate adjusted for small numbers (partial pooling), and how sure
            that is.
    """

    middle: float
    mean: FloatArray
    covariance: FloatArray
    freedom: float
    between: float
    prior_share: tuple[float, float]
    ends: tuple[float, float]
    expected: FloatArray
    sd: FloatArray

    def at(self, size: float, level: float = 0.9) -> tuple[float, float, float]:
        """Low end, middle and high end of the typical rate at a size (a credible interval)."""
        row = _design(np.array([np.log10(size)]), self.middle)[0]
        middle, reach = float(row @ self.mean), self._reach(row, level)
        return float(np.exp(middle - reach)), float(np.exp(middle)), float(np.exp(middle + reach))

    def ratio(self, size: float, other: float, level: float = 0.9) -> tuple[float, float, float]:
        """By what the typical rate at `other` differs from that at `size`: low end, middle and high end."""
        rows = _design(np.log10(np.array([size, other])), self.middle)
        row = rows[1] - rows[0]
        middle, reach = float(row @ self.mean), self._reach(row, level)
        return float(np.exp(middle - reach)), float(np.exp(middle)), float(np.exp(middle + reach))

    def shapes(self, draws: int = 4000, seed: int = 1972) -> dict[str, float]:
        """How likely each shape is over the sizes seen; an inner turn must lie a tenth of the way from either end."""
        drawn = stats.multivariate_t(
            self.mean[1:], self.covariance[1:, 1:], df=self.freedom, seed=seed, allow_singular=True
        ).rvs(draws)
        slope, bend = np.atleast_2d(drawn).T
        low, high = (end - self.middle for end in self.ends)
        inset = 0.1 * (high - low)
        turn = -slope / (2 * np.where(bend == 0, 1e-12, bend))
        inner = (turn > low + inset) & (turn < high - inset)
        overall = slope * (high - low) + bend * (high**2 - low**2)
        return {
            "falls": float((~inner & (overall < 0)).mean()),
            "rises": float((~inner & (overall >= 0)).mean()),
            "rises, then falls": float((inner & (bend < 0)).mean()),
            "falls, then rises": float((inner & (bend >= 0)).mean()),
        }

    def _reach(self, row: FloatArray, level: float) -> float:
        spread = float(np.sqrt(max(float(row @ self.covariance @ row), 0.0)))
        return float(special.stdtrit(self.freedom, 0.5 + level / 2)) * spread


def size_curve(
    sizes: FloatArray, rates: FloatArray, noise: FloatArray, prior: Prior | None = None
) -> SizeCurve:
    """Fit the curve.

    Args:
        sizes: one per person, above 0.
        rates: one per person, above 0.
        noise: variance of the natural log of each rate by what it was measured from; 0 if it is exact.
        prior: weak beliefs on slope and bend; `None` switches them off.

    Raises:
        ValueError: fewer than five persons, or sizes or rates that are not above 0.
    """
    sizes, rates, noise = (np.asarray(each, dtype=float) for each in (sizes, rates, noise))
    if len(sizes) < 5 or (sizes <= 0).any() or (rates <= 0).any():
        raise ValueError("a curve takes at least five persons, with sizes and rates above 0")
    x, y = np.log10(sizes), np.log(rates)
    middle = float(np.median(x))
    design = _design(x, middle)
    precision, pull = _prior(prior)
    between = _between(design, y, noise, precision, pull)
    weight = 1 / np.maximum(noise + between**2, 1e-9)
    data = (design.T * weight) @ design
    covariance = _inverse(data + precision)
    mean = covariance @ ((design.T * weight) @ y + precision @ pull)
    trust = between**2 * weight
    fitted = design @ mean
    leverage = np.einsum("ij,jk,ik->i", design, covariance, design)
    return SizeCurve(
        middle=middle,
        mean=mean,
        covariance=covariance,
        freedom=float(max(len(x) - 3, 2)),
        between=between,
        prior_share=_shares(data, precision),
        ends=(float(x.min()), float(x.max())),
        expected=fitted + trust * (y - fitted),
        sd=np.sqrt(trust * noise + (1 - trust) ** 2 * leverage),
    )


def _design(x: FloatArray, middle: float) -> FloatArray:
    return np.column_stack([np.ones(len(x)), x - middle, (x - middle) ** 2])


def _prior(prior: Prior | None) -> tuple[FloatArray, FloatArray]:
    """Precision matrix and mean of the prior; a very weak one keeps the bend finite where sizes hardly differ."""
    if prior is None:
        return np.diag([0.0, 1e-6, 1e-6]), np.zeros(3)
    precision = np.diag([0.0, prior.slope[1] ** -2, prior.bend[1] ** -2])
    return precision, np.array([0.0, prior.slope[0], prior.bend[0]])


def _inverse(matrix: FloatArray) -> FloatArray:
    return np.asarray(linalg.pinvh(matrix))


def _between(
    design: FloatArray, y: FloatArray, noise: FloatArray, precision: FloatArray, pull: FloatArray
) -> float:
    """Spread between persons that makes what was seen most likely, level, slope and bend integrated out."""

    def loss(log_spread: float) -> float:
        weight = 1 / np.maximum(noise + np.exp(2 * log_spread), 1e-9)
        whole = (design.T * weight) @ design + precision
        mean = np.linalg.solve(whole + 1e-9 * np.eye(3), (design.T * weight) @ y + precision @ pull)
        off, away = y - design @ mean, mean - pull
        _, size = np.linalg.slogdet(whole + 1e-9 * np.eye(3))
        return float(size - np.log(weight).sum() + (weight * off**2).sum() + away @ precision @ away)

    best = optimize.minimize_scalar(loss, bounds=(np.log(1e-3), np.log(5.0)), method="bounded")
    return float(np.exp(best.x))


def _shares(data: FloatArray, precision: FloatArray) -> tuple[float, float]:
    """Part of the precision of slope and bend that is the prior's, the level being unknown either way."""
    rest = data[1:, 1:] - np.outer(data[1:, 0], data[0, 1:]) / max(data[0, 0], 1e-12)
    own = [1 / max(1 / value, 1e-12) if value > 1e-9 else 0.0 for value in np.diag(rest)]
    prior = np.diag(precision)[1:]
    slope, bend = (float(p / (p + o)) if p > 1e-3 else 0.0 for p, o in zip(prior, own, strict=True))
    return slope, bend
