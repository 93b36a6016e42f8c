"""How large a lift a comparison of counts could find, and the comparison itself.

One group of products, markets or stores meets the campaign, another does not; both are counted per unit of
time, before and during. What moves both groups alike cancels. What is left varies more than chance does:
a group's count has variance = mean + dispersion × mean² (negative binomial; 0 is Poisson), and the
dispersion is read from counts before the campaign. Without a second group the comparison is before and
during alone: the same arithmetic, but whatever else changed in between is in it too.

Source of the scaled (quasi-likelihood) errors: McCullagh & Nelder, Generalized Linear Models (1989), chapters 4 and 6.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from creatorbook.stats.lift_effect import LEVEL

#: how often it should find one of the stated size
POWER = 0.8
#: a lift beyond this ratio is not worth a plan: nothing smaller can be found
LARGEST_LIFT_RATIO = 20.0


@dataclass(frozen=True)
class Comparison:
    """What a planned comparison expects, were there no campaign.

    Attributes:
        treated: mean count per unit of time in the group that meets the campaign.
        control: likewise in the group that does not; `None` for before and during alone.
        before, during: units of time (days or weeks) counted before and during.
        dispersion: see the module.
    """

    treated: float
    control: float | None
    before: int
    during: int
    dispersion: float = 0.0

    @property
    def freedom(self) -> int:
        """Degrees of freedom of the estimated spread."""
        return self.before + self.during - 2


@dataclass(frozen=True)
class Lift:
    """What the comparison found: arrays where many campaigns were given.

    Attributes:
        ratio: counts during over what they would have been; 1 is no lift.
        low, high: 95 % confidence interval of the ratio.
        p: two-sided chance of a lift at least this far from none, if there is none.
    """

    ratio: Any
    low: Any
    high: Any
    p: Any


def lift_test(
    before: Any, during: Any, control_before: Any = None, control_during: Any = None, level: float = LEVEL
) -> Lift:
    """The planned analysis: by what ratio counts rose, beyond the untouched group where there is one.

    Args:
        before, during: counts per unit of time of the treated group; the last axis is time.
        control_before, control_during: likewise of the untouched group.
        level: two-sided level of interval and test.

    The spread is Pearson's, scaled from all units of time with one mean (or share) each for before and during;
    the test is t on the logarithm of the ratio. Where a group has no count at all, nothing can be said (NaN, p = 1).
    """
    periods = [
        (np.asarray(one, dtype=float), None if other is None else np.asarray(other, dtype=float))
        for one, other in ((before, control_before), (during, control_during))
    ]
    pearson = sum(_pearson(one, other) for one, other in periods)
    freedom = sum(one.shape[-1] for one, _ in periods) - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        levels = [_log_level(one, other) for one, other in periods]
        variance = sum(_information(one, other) for one, other in periods)
        shift = levels[1] - levels[0]
        error = np.sqrt(pearson / freedom * variance)
        testable = np.isfinite(shift) & (error > 0)
        p = np.where(testable, 2 * stats.t.sf(np.abs(shift) / error, freedom), 1.0)
        half = stats.t.ppf(1 - level / 2, freedom) * error
        ratios = [
            np.where(np.isfinite(one), np.exp(one), np.nan) for one in (shift, shift - half, shift + half)
        ]
    return Lift(ratios[0], ratios[1], ratios[2], p)


def power(comparison: Comparison, ratio: float, level: float = LEVEL) -> float:
    """Chance (power) that `lift_test` finds a lift of this ratio, by the noncentral t.

    The test pools the spread of both periods although a lifted count is spread a little more; so does this.
    """
    c, freedom = comparison, comparison.freedom
    if freedom < 2 or c.treated <= 0 or (c.control is not None and c.control <= 0):
        return 0.0
    chance = [_chance(c.treated, c.control), _chance(c.treated * ratio, c.control)]
    units = [c.before, c.during]
    spread = [1 + _extra(c) / one for one in chance]
    pooled = (spread[0] * units[0] + spread[1] * units[1]) / sum(units)
    true = math.sqrt(sum(s * v / n for s, v, n in zip(spread, chance, units, strict=True)))
    used = math.sqrt(pooled * sum(v / n for v, n in zip(chance, units, strict=True)))
    critical = special.stdtrit(freedom, 1 - level / 2) * used / true
    shift = math.log(ratio) / true
    if abs(shift) > critical + 8:  # certain, and beyond what the noncentral t can be computed for
        return 1.0
    wrong_way = np.nan_to_num(special.nctdtr(freedom, shift, -critical))
    return float(stats.nct.sf(critical, freedom, shift) + wrong_way)


def smallest_lift(comparison: Comparison, wanted: float = POWER, level: float = LEVEL) -> float | None:
    """The smallest lift (0.2 is one fifth more) found with this power, the minimum detectable effect; `None` if none up to 19 is.

    Example: `smallest_lift(Comparison(treated=20, control=20, before=56, during=28, dispersion=0.02))`.
    """
    if power(comparison, LARGEST_LIFT_RATIO, level) < wanted:
        return None
    ratio = optimize.brentq(
        lambda one: power(comparison, one, level) - wanted, 1 + 1e-6, LARGEST_LIFT_RATIO, xtol=1e-5
    )
    return float(ratio) - 1


def dispersion(counts: Any, control: Any = None) -> tuple[float, float, float] | None:
    """Dispersion of counts before the campaign with its 90 % range (low, estimate, high), each at least 0.

    With an untouched group it is what does not move in both alike. `None` below seven units of time, or
    where a group has no count. By moments; the range is the chi-square range of the spread.
    """
    first = np.asarray(counts, dtype=float)
    second = None if control is None else np.asarray(control, dtype=float)
    if len(first) < 7 or first.sum() == 0 or (second is not None and second.sum() == 0):
        return None
    freedom = len(first) - 1
    pearson = float(_pearson(first, second))
    chance = _chance(float(first.mean()), None if second is None else float(second.mean()))
    groups = 1 if second is None else 2
    low, high = stats.chi2.ppf([0.95, 0.05], freedom)

    def extra(scale: float) -> float:
        return max(0.0, float(scale - 1) * chance / groups)

    return extra(pearson / low), extra(pearson / freedom), extra(pearson / high)


def smallest_lift_range(
    comparison: Comparison, dispersions: tuple[float, float, float]
) -> tuple[float | None, float | None, float | None]:
    """`smallest_lift` at the low, the estimated and the high dispersion."""
    low, middle, high = (smallest_lift(replace(comparison, dispersion=one)) for one in dispersions)
    return low, middle, high


def simulated(
    comparison: Comparison, ratio: float, campaigns: int, rng: np.random.Generator
) -> tuple[Any, Any, Any, Any]:
    """Counts of so many campaigns with a lift of `ratio`: before, during, and of the untouched group likewise."""

    def drawn(mean: float | None, units: int) -> Any:
        if mean is None:
            return None
        size = (campaigns, units)
        if comparison.dispersion <= 0:
            return rng.poisson(mean, size)
        shape = 1 / comparison.dispersion
        return rng.poisson(rng.gamma(shape, mean / shape, size))

    c = comparison
    return (
        drawn(c.treated, c.before),
        drawn(c.treated * ratio, c.during),
        drawn(c.control, c.before),
        drawn(c.control, c.during),
    )


def _pearson(one: Any, other: Any) -> Any:
    """Squared distances from the period's own mean or share, each over its variance by chance."""
    if other is None:
        mean = one.mean(axis=-1, keepdims=True)
        return ((one - mean) ** 2 / np.where(mean > 0, mean, 1)).sum(axis=-1)
    both = one + other
    share = one.sum(axis=-1, keepdims=True) / np.maximum(both.sum(axis=-1, keepdims=True), 1)
    chance = both * share * (1 - share)
    return ((one - both * share) ** 2 / np.where(chance > 0, chance, 1)).sum(axis=-1)


def _log_level(one: Any, other: Any) -> Any:
    """Logarithm of a period's mean count, or of the two groups' ratio."""
    return np.log(one.mean(axis=-1)) - (0 if other is None else np.log(other.mean(axis=-1)))


def _information(one: Any, other: Any) -> Any:
    """A period's part of the logarithm's variance by chance alone."""
    return 1 / one.sum(axis=-1) + (0 if other is None else 1 / other.sum(axis=-1))


def _chance(treated: float, control: float | None) -> float:
    """Variance by chance of one unit's logarithm."""
    return 1 / treated + (0 if control is None else 1 / control)


def _extra(comparison: Comparison) -> float:
    """Variance of one unit's logarithm beyond chance."""
    return comparison.dispersion * (1 if comparison.control is None else 2)
