"""What counts of orders can tell apart: exact tests for two creators, power for two groups of creators.

Orders of one creator vary by chance (Poisson); creators differ among themselves, so a group's counts vary
more. `dispersion` is that extra: variance = mean + dispersion × mean². 0 is pure chance, 1 is common. The unit is
the creator and never the post or the order: what one creator brings hangs together, and counting it as if it did
not would call winners far too often.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

import numpy as np
from scipy import optimize, special, stats

#: ratios beyond this are not worth a plan: nothing smaller can be told apart
LARGEST_RATIO = 50.0
#: creators in the smaller group below which power is drawn and not worked out, with how many draws and which seed
FEW, RUNS, SEED = 30, 4000, 20261122
#: nobody waits longer for an answer
LONGEST_WEEKS = 52


def compare_counts(a: float, b: float, exposure_a: float = 1.0, exposure_b: float = 1.0) -> float:
    """Two-sided exact conditional test that two counts have the same rate; 20 against 10: 0.10.

    Source: Przyborowski & Wilenski, Biometrika 31 (1940), 313–323.
    """
    first, total = round(a), round(a) + round(b)
    if total == 0:
        return 1.0
    share = exposure_a / (exposure_a + exposure_b)
    return float(stats.binomtest(first, total, share).pvalue)


def counts_power(mean: float, ratio: float, level: float = 0.1) -> float:
    """Chance (power) that the exact test tells two single creators apart whose means are `mean` and `ratio × mean`."""
    together = mean * (1 + ratio)
    share = ratio / (1 + ratio)
    spread = stats.poisson.ppf([1e-6, 1 - 1e-6], together).astype(int)
    totals = np.arange(spread[0], spread[1] + 1)
    low, high = _rejected_outside(totals, level)
    told_apart = stats.binom.cdf(low, totals, share) + stats.binom.sf(high - 1, totals, share)
    return float(stats.poisson.pmf(totals, together) @ told_apart)


def _rejected_outside(totals: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts up to the first and from the second reject equality, out of totals split by a fair coin."""
    low = stats.binom.ppf(level / 2, totals, 0.5).astype(int)
    low -= stats.binom.cdf(low, totals, 0.5) > level / 2
    return low, totals - low


def groups_power(
    mean: float,
    ratio: float,
    creators: int,
    dispersion: float = 1.0,
    level: float = 0.1,
    others: int | None = None,
) -> float:
    """Chance that two groups of creators are told apart by their orders (statistical power).

    The test is Welch's, on square roots of orders per creator: roots are spread more evenly than counts, of
    which a few are always very large.

    Args:
        mean: orders per creator in the weaker group.
        ratio: the other group's mean over it.
        creators: creators in the weaker group.
        dispersion: see the module.
        level: how often it may cry wolf where there is no difference.
        others: creators in the other group; as many, if not given.
    """
    others = others or creators
    if min(creators, others) < 2:
        return 0.0
    if min(creators, others) < FEW:
        return _drawn_power(mean, ratio, (creators, others), dispersion, level)
    weaker, stronger = _root_moments(mean, dispersion), _root_moments(mean * ratio, dispersion)
    return welch_power(stronger[0] - weaker[0], (weaker[1], stronger[1]), (creators, others), level)


@cache
def _drawn_power(mean: float, ratio: float, sizes: tuple[int, int], dispersion: float, level: float) -> float:
    """The same by drawing groups: for few creators the formula is off by up to eight points."""
    first_middles, first, frailty = _drawn_weaker(mean, sizes, dispersion)
    middles, second = _roots(_generators()[2], mean * ratio, frailty)
    freedom = (first + second) ** 2 / (first**2 / (sizes[0] - 1) + second**2 / (sizes[1] - 1))
    off = np.abs(middles - first_middles) / np.sqrt(first + second)
    fewest, most = min(sizes) - 1, sum(sizes) - 2  # the freedom lies between: only there does it decide
    near, far = special.stdtrit([most, fewest], 1 - level / 2) * [1 - 1e-9, 1 + 1e-9]
    told_apart = off > far
    unsure = ~told_apart & (off > near)
    told_apart[unsure] = 2 * special.stdtr(freedom[unsure], -off[unsure]) <= level
    return float((told_apart & (first_middles != middles)).mean())


@lru_cache(maxsize=8)
def _drawn_weaker(
    mean: float, sizes: tuple[int, int], dispersion: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What does not depend on the ratio: the weaker group, and how the other one's members differ.

    Returns:
        mean roots and their squared errors, by run; members' own factors of the other group.
    """
    for_weaker, for_members, _ = _generators()
    for_factors, for_counts = for_weaker.spawn(2)
    middles, errors = _roots(for_counts, mean, _frailty(for_factors, sizes[0], dispersion))
    return middles, errors, _frailty(for_members, sizes[1], dispersion)


def _generators() -> list[np.random.Generator]:
    """The same for every power: of the weaker group, of the other's members, and of the other's counts."""
    return np.random.default_rng(SEED).spawn(3)


def _frailty(rng: np.random.Generator, size: int, dispersion: float) -> np.ndarray:
    """Each member's own factor on the mean, by run."""
    if dispersion <= 0:
        return np.ones((RUNS, size))
    return rng.gamma(1 / dispersion, dispersion, (RUNS, size))


def _roots(rng: np.random.Generator, expected: float, frailty: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean square root of the counts of a group, and its squared error, by run."""
    roots = np.sqrt(rng.poisson(expected * frailty))
    middles = roots.mean(axis=1)
    spread = roots.var(axis=1, ddof=1, mean=middles[:, None])
    return middles, np.maximum(spread, 1e-12) / frailty.shape[1]


def welch_power(
    difference: float, variances: tuple[float, float], sizes: tuple[int, int], level: float = 0.1
) -> float:
    """Power of Welch's two-sided t test; 0 where a group has fewer than two members.

    Noncentral t with Satterthwaite's degrees of freedom at the true variances. Source: Moser, Stevens and Watts,
    Communications in Statistics: Theory and Methods 18 (1989), 3963–3975.
    """
    if min(sizes) < 2:
        return 0.0
    first, second = variances[0] / sizes[0], variances[1] / sizes[1]
    freedom = (first + second) ** 2 / (first**2 / (sizes[0] - 1) + second**2 / (sizes[1] - 1))
    critical = special.stdtrit(freedom, 1 - level / 2)
    shift = difference / math.sqrt(first + second)
    if shift > critical + 6:  # certain, and beyond what the noncentral t can be computed for
        return 1.0
    wrong_way = special.nctdtr(freedom, shift, -critical)
    return float(stats.nct.sf(critical, freedom, shift) + np.nan_to_num(wrong_way))


@cache
def _root_moments(mean: float, dispersion: float) -> tuple[float, float]:
    """Mean and variance of the square root of a negative-binomial count."""
    if dispersion <= 0:
        counts = stats.poisson(mean)
    else:
        counts = stats.nbinom(1 / dispersion, 1 / (1 + dispersion * mean))
    values = np.arange(int(counts.ppf(1 - 1e-9)) + 1)
    weights = counts.pmf(values)
    root = float(weights @ np.sqrt(values))
    return root, max(float(weights @ values) - root**2, 1e-12)


def detectable_ratio(power_of: Callable[[float], float], power: float = 0.8) -> float | None:
    """The smallest ratio above 1 that is told apart with this power (minimum detectable effect); `None` if none up to 50 is.

    Example: `detectable_ratio(lambda ratio: groups_power(8, ratio, 10))`.
    """
    if power_of(LARGEST_RATIO) < power:
        return None
    return float(optimize.brentq(lambda ratio: power_of(ratio) - power, 1.0 + 1e-6, LARGEST_RATIO, xtol=1e-3))


def creators_needed(mean: float, ratio: float, dispersion: float = 1.0, power: float = 0.8) -> int | None:
    """The fewest creators per group that tell a ratio apart (sample size); `None` if 2,000 do not."""
    few, many = 2, 2000
    if groups_power(mean, ratio, many, dispersion) < power:
        return None
    if groups_power(mean, ratio, FEW - 1, dispersion) < power:
        few = FEW  # from here on power is worked out: quicker than drawing it on the way
    while few < many:
        middle = (few + many) // 2
        if groups_power(mean, ratio, middle, dispersion) >= power:
            many = middle
        else:
            few = middle + 1
    return few


def estimate_dispersion(counts: Sequence[float]) -> float | None:
    """Dispersion (overdispersion) of counts by moments, at least 0; `None` below five creators or without any order."""
    values = np.asarray(counts, dtype=float)
    if len(values) < 5 or values.mean() == 0:
        return None
    return float(max(0.0, (values.var(ddof=1) - values.mean()) / values.mean() ** 2))


def weeks_needed(
    weekly: float, ratio: float, creators: int, others: int, dispersion: float = 1.0, power: float = 0.8
) -> int | None:
    """The fewest weeks after which two groups of these sizes are told apart; `None` if a year is not enough.

    More weeks bring more orders per creator, but creators differ for good: where they differ much, no number of
    weeks replaces more creators.

    Args:
        weekly: orders per creator and week in the weaker group.
    """

    def enough(weeks: int) -> bool:
        return groups_power(weekly * weeks, ratio, creators, dispersion, others=others) >= power

    if not enough(LONGEST_WEEKS):
        return None
    return next(weeks for weeks in range(1, LONGEST_WEEKS + 1) if enough(weeks))
