"""What a comparison found: the effect, how untouched units fared, and the range that one test gives."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

#: how often a test may find a lift where there is none (two-sided)
LEVEL = 0.05

#: the range of lifts that is looked at: a thousandth to a thousand times
WIDEST = math.log(1000)

#: why nothing can be told: nothing or one side was not counted; no untouched unit has values before and in the
#: comparison; the treated ones have none; fewer than two dates on either side; fewer dates, or ways to draw the units,
#: than the level needs
Trouble = Literal[
    "", "not_counted", "one_side", "no_untouched", "no_values", "under_two_dates", "few_dates", "few_ways"
]


@dataclass(frozen=True)
class Placebos:
    """The same estimate where nothing happened.

    Attributes:
        tried: untouched units that were taken as treated.
        alarms: how many of them gave a lift that chance would seldom give.
        low, high: 90 % of the treated units' own gaps over stretches of other dates, in units of the panel's values;
            `None` where the lift is judged by units.
    """

    tried: int = 0
    alarms: int = 0
    low: float | None = None
    high: float | None = None

    @property
    def too_many(self) -> bool:
        """Whether alarms come so often that the method does not fit these data (hard to explain by one in ten)."""
        return self.alarms >= 2 and float(stats.binom.sf(self.alarms - 1, self.tried, 0.1)) < 0.05


@dataclass(frozen=True)
class Effect:
    """What a comparison found: incrementality, in the field's word.

    Attributes:
        design: which function made it.
        observed: sum of the treated units in the comparison.
        expected: what it would have been without the campaign; `None` where it cannot be told.
        lift, low, high: observed ÷ expected − 1 and its range (a confidence interval); an end that has no limit is `None`.
        p: chance of a lift at least this far from none, if there is none (two-sided); `None` where not told.
        level: the range leaves out what is less likely than this; 0.05 gives a 95 % range.
        judged_by: `dates` or `units`.
        arrangements: how many stretches of dates, or ways to draw the units, the judgement rests on.
        finest: the smallest chance it can give on these data, whatever the lift; `None` where there is no estimate.
        doubling: the chance it gives to a doubling, planted where the lift was taken out.
        before, during, untouched: dates before and in the comparison, and untouched units used.
        placebos: the same where nothing happened.
        weights: untouched unit → its part in the expected course, where there is such a thing.
        course: date, observed, expected; empty where the expected sum is not told by date.
        trouble: why nothing can be told; empty otherwise. Its words are for who speaks of it.
    """

    design: str
    observed: float
    expected: float | None = None
    lift: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    level: float = LEVEL
    judged_by: str = "dates"
    arrangements: int = 0
    finest: float | None = None
    doubling: float | None = None
    before: int = 0
    during: int = 0
    untouched: int = 0
    placebos: Placebos = Placebos()
    weights: Mapping[str, float] | None = None
    course: pd.DataFrame | None = None
    trouble: Trouble = ""

    @property
    def extra(self) -> float | None:
        """Values beyond what was expected, over the comparison."""
        return _extra(self.observed, self.lift)

    @property
    def extra_range(self) -> tuple[float | None, float | None]:
        """The range of `extra`."""
        return _extra(self.observed, self.low), _extra(self.observed, self.high)

    @property
    def found(self) -> bool:
        """Whether a lift (or a loss) is hard to explain by chance (statistically significant), and the method fits these data."""
        return self.p is not None and self.p <= self.level and not self.placebos.too_many and not self.trouble

    @property
    def never_tells(self) -> bool:
        """Whether it would miss a doubling of sales (the self-check): then no answer of it means that there was no lift."""
        return self.doubling is not None and self.doubling > self.level

    @property
    def needed(self) -> int:
        """How many arrangements it takes to tell anything at this level: the smallest chance is 2 ÷ their number."""
        return math.ceil(2 / self.level)


def two_sided(values: np.ndarray, others: np.ndarray | None = None) -> float:
    """Twice the rank of the first value from its nearer end among all, over their number; ties count against it.

    `others` are further values, sorted.
    """
    near = 1e-9 * max(1.0, float(np.abs(values).max()))
    low, high = values[0] - near, values[0] + near
    above, below, count = (values >= low).sum(), (values <= high).sum(), len(values)
    if others is not None and len(others):
        above += len(others) - np.searchsorted(others, low, "left")
        below += np.searchsorted(others, high, "right")
        count += len(others)
    return min(1.0, 2.0 * float(min(above, below)) / count)


def with_self_check(effect: Effect, p: Callable[[float], float], growth: float) -> Effect:
    """The effect with what the same test says of lifts planted in its own data.

    Args:
        p: chance of no further lift after a growth (a logarithm) was taken out.
        growth: the estimate; with it taken out, nothing is left to find.
    """
    doubling, largest = (p(growth - math.log(times)) for times in (2.0, math.exp(WIDEST)))
    return replace(effect, doubling=doubling, finest=min(doubling, largest))


def test_range(
    p: Callable[[float], float], centre: float, scale: float, level: float
) -> tuple[float | None, float | None]:
    """All lifts that are not rejected, as lift; an end that has no limit within the widest range is `None`."""
    ends = [_end(p, centre, sign * max(scale, 1e-6) / 4, level) for sign in (-1, 1)]
    return tuple(None if one is None else math.expm1(one) for one in ends)  # type: ignore[return-value]


def _end(
    p: Callable[[float], float], centre: float, step: float, level: float, patience: int = 6
) -> float | None:
    """The furthest growth in one direction that is not rejected; looks on past some rejections."""
    accepted, here, refused = centre, centre, 0
    while refused < patience:
        here += step
        if abs(here) > WIDEST:
            return None
        if p(here) > level:
            accepted, refused = here, 0
        else:
            refused += 1
        if refused == 0:
            step *= 1.1
    inside, outside = accepted, accepted + step
    for _ in range(12):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if p(middle) > level else (inside, middle)
    return outside


def _extra(observed: float, lift: float | None) -> float | None:
    return None if lift is None or lift <= -1 else observed * lift / (1 + lift)
