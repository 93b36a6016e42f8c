"""Intervals for counts, shares and medians that keep their level in small samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

Interval = tuple[float, float]


def poisson_interval(count: int, level: float = 0.9) -> Interval:
    """Exact (Garwood) interval for the mean of a Poisson count; 8 orders at 95 %: 3.5 to 15.8."""
    tail = (1 - level) / 2
    low = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low), float(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2)


def share_interval(successes: float, n: float, level: float = 0.9) -> Interval:
    """Jeffreys interval for a share; (0, 1) where nothing was looked at.

    Source: Brown, Cai & DasGupta, Statistical Science 16 (2001), 101–133.
    """
    if n == 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    a, b = successes + 0.5, n - successes + 0.5
    low = 0.0 if successes == 0 else float(stats.beta.ppf(tail, a, b))
    return low, 1.0 if successes == n else float(stats.beta.ppf(1 - tail, a, b))


def median_interval(values: Sequence[float], level: float = 0.9) -> Interval | None:
    """Interval for a median between two order statistics; it never covers less than its level.

    `None` where the sample is too small for the level: below 5 values at 90 %.
    Source: Hahn & Meeker, Statistical Intervals (1991), section 5.2.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    rank = int(stats.binom.ppf((1 - level) / 2, n, 0.5))
    if rank > 0 and stats.binom.cdf(rank - 1, n, 0.5) > (1 - level) / 2:
        rank -= 1
    if rank < 1:
        return None
    return float(ordered[rank - 1]), float(ordered[n - rank])
