"""Intervals for counts, shares and medians that keep their level in small samples."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import special, stats

Interval = tuple[float, float]

#: half-width of a 90 % interval in standard deviations, and the quantiles it runs between
NINETY = 1.645
NINETY_ENDS = (0.05, 0.95)


def poisson_interval(count: int, level: float = 0.9) -> Interval:
    """Exact (Garwood) confidence interval for the mean of a Poisson count; 8 orders at 95 %: 3.5 to 15.8."""
    tail = (1 - level) / 2
    low = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low), float(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2)


def share_interval(successes: float, n: float, level: float = 0.9) -> Interval:
    """Jeffreys credible interval for a share, such as a conversion rate; (0, 1) where nothing was looked at.

    Source: Brown, Cai & DasGupta, Statistical Science 16 (2001), 101–133.
    """
    if n == 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    a, b = successes + 0.5, n - successes + 0.5
    low = 0.0 if successes == 0 else float(special.betaincinv(a, b, tail))
    return low, 1.0 if successes == n else float(special.betaincinv(a, b, 1 - tail))


def grouped_share_interval(successes: np.ndarray, tries: np.ndarray, level: float = 0.9) -> Interval:
    """Interval for a share of all tries where those of one group are alike, such as comments under one creator's posts.

    Jeffreys' with an effective sample size: tries ÷ the design effect, the variance between groups (ratio estimator,
    Cochran, Sampling Techniques, 1977, section 6.3) over that of independent tries, and smaller still where few groups tell
    that variance (Student's t against the normal). Never more than the tries there are. One group says nothing of others
    and counts as independent tries.
    Source: Korn & Graubard, Survey Methodology 24 (1998), 193-201.

    Args:
        successes, tries: by group; some tries in all.
        level: of the interval.
    """
    groups, n = len(tries), float(tries.sum())
    share = float(successes.sum()) / n
    independent = share * (1 - share) / n
    between = float((((successes - share * tries) / n) ** 2).sum()) * groups / max(groups - 1, 1)
    if groups < 2 or independent == 0 or between == 0:
        return share_interval(float(successes.sum()), n, level)
    upper = (1 + level) / 2
    few = float(stats.t.ppf(upper, groups - 1) / stats.norm.ppf(upper)) ** 2
    effective = n * min(1.0, independent / between / few)
    return share_interval(share * effective, effective, level)


def change_in_share(
    had: np.ndarray, of: np.ndarray, has: np.ndarray, since: np.ndarray, level: float = 0.9
) -> tuple[float, float, float]:
    """Change of a share of totals between two occasions, with its confidence interval; what one group says is not independent.

    Args:
        had, of: by group, successes and tries on the first occasion; two groups at least.
        has, since: by the same groups, on the second.
        level: of the interval.

    Ratio estimator, linearised over groups (Cochran, Sampling Techniques, 1977, section 6.3), with Student's t; never
    surer than independent tries would be.
    """
    first, second = had.sum() / of.sum(), has.sum() / since.sum()
    influence = (has - second * since) / since.sum() - (had - first * of) / of.sum()
    groups = len(of)
    between = groups / (groups - 1) * float((influence**2).sum())
    tries = [((k.sum() + 0.5) / (n.sum() + 1), n.sum()) for k, n in ((had, of), (has, since))]
    spread = np.sqrt(max(between, sum(p * (1 - p) / n for p, n in tries)))
    reach = float(stats.t.ppf((1 + level) / 2, groups - 1) * spread)
    change = float(second - first)
    return change, max(-1.0, change - reach), min(1.0, change + reach)


def median_interval(values: Sequence[float], level: float = 0.9, carry: float = 0.0) -> Interval | None:
    """Confidence interval for a median between two order statistics; for independent values it never covers less than its level.

    `None` where the sample is too small for the level: below 5 values at 90 %.
    Source: Hahn & Meeker, Statistical Intervals (1991), section 5.2.

    Args:
        values: the sample, in any order.
        level: the share of samples whose interval holds the median.
        carry: correlation of a value with the one before it (`carry_over`), 0 to 1. The number of values below the
            median then varies more: the signs of a normal series with correlation ρ at some distance correlate by
            2/π · asin ρ (Kedem 1980), and a beta-binomial of that variance stands in for the binomial.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    if n < 2:
        return None
    rank = _rank(n, level, carry)
    if rank < 1:
        return None
    return float(ordered[rank - 1]), float(ordered[n - rank])


@lru_cache(maxsize=4096)
def _rank(n: int, level: float, carry: float) -> int:
    """How many values lie outside on each side; a list of creators asks for few sizes again and again."""
    inflation = _inflation(n, carry)
    half = (n - inflation) / (inflation - 1) / 2 if inflation > 1 else None
    counts = np.arange(n // 2)
    each = stats.binom.pmf(counts, n, 0.5) if half is None else stats.betabinom.pmf(counts, n, half, half)
    return int((np.cumsum(each) <= (1 - level) / 2).sum())


def _inflation(n: int, carry: float) -> float:
    """Variance of the number of values below the median, over that of independent ones."""
    steps = np.arange(1, n)
    alike = 2 / np.pi * np.arcsin(np.clip(carry, 0, 0.95) ** steps)
    return 1 + 2 * float(((1 - steps / n) * alike).sum())


def carry_over(series: Sequence[np.ndarray]) -> float:
    """How much of a value's distance from its series' mean is in the next value: lag-one autocorrelation, pooled; 0 to 0.95.

    Short series show less than there is: the shortfall (1 + 3ρ) ÷ n of Kendall (1954) is put back. 0 where fewer than
    30 pairs are known.
    """
    apart = [values - values.mean() for values in map(np.asarray, series) if len(values) >= 4]
    pairs = sum(len(values) - 1 for values in apart)
    if pairs < 30:
        return 0.0
    power = sum(float(values @ values) for values in apart)
    if power == 0:
        return 0.0
    seen = sum(float(values[:-1] @ values[1:]) for values in apart) / power
    length = sum(map(len, apart)) / len(apart)
    return float(np.clip((seen + 1 / length) / (1 - 3 / length), 0, 0.95))
