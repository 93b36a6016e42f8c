"""What a campaign changed: one estimate with its range, from a panel of unit × date × value.

Four designs, one kind of answer (`Effect`):

- `difference_in_differences`: units that met the campaign against units that did not (a hold-out);
- `staggered`: units start at different dates, each compared with those not yet started;
- `synthetic_control`: one or few units against the mixture of untouched ones that moves as they do;
- `interrupted_series`: one series before and after, beside untouched series.

The lift is a ratio: `0.1` means a tenth more than without. It is judged in one of two ways, which also give
its range, so that test and range never disagree:

- **by dates**: the gap between observed and expected is added up, with its sign, over the comparison and over
  the same stretch moved around the whole circle of dates. Mixture and gap are fitted under the tested lift on all
  dates alike. Without a lift the true stretch is one of many; source: Chernozhukov, Wüthrich & Zhu, "An exact and robust
  conformal inference method for counterfactual and synthetic controls", JASA 116 (2021), with the signed sum. From
  eight untouched units on, each of them is taken as treated in the same way, and its sums (each unit's relative to
  their own spread) join the many: neighbouring stretches alone overlap too much to tell a short campaign apart.
- **by units**: who is treated is drawn again in every way it could have been (randomisation test; Fisher 1935).

Both need enough dates or units: the smallest chance they can tell is 2 ÷ their number. Below that, and wherever
untouched units raise alarms of their own too often, the answer is "cannot tell".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import linalg, optimize, stats

from creatorbook.stats.lift_panel import Wide, by_unit, wide

LEVEL = 0.05
#: untouched units tried as if they were treated: from so many on, and at most
FEWEST_PLACEBOS, MOST_PLACEBOS = 4, 40
#: untouched units from which on their sums join those of other dates; fewer are too unlike the treated ones
FEWEST_JOINED = 8
#: the range of lifts that is looked at: a hundredth to a hundred times
WIDEST = math.log(100)


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
    """What a comparison found.

    Attributes:
        design: which function made it.
        observed: sum of the treated units in the comparison.
        expected: what it would have been without the campaign; `None` where it cannot be told.
        lift, low, high: observed ÷ expected − 1 and its range; an end that has no limit is `None`.
        p: chance of a lift at least this far from none, if there is none (two-sided); `None` where not told.
        level: the range leaves out what is less likely than this; 0.05 gives a 95 % range.
        judged_by: `dates` or `units`.
        arrangements: how many stretches of dates, or ways to draw the units, the judgement rests on.
        before, during, untouched: dates before and in the comparison, and untouched units used.
        placebos: the same where nothing happened.
        weights: untouched unit → its part in the expected course, where there is such a thing.
        course: date, observed, expected; empty where the expected sum is not told by date.
        trouble: why nothing can be told; empty otherwise.
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
    before: int = 0
    during: int = 0
    untouched: int = 0
    placebos: Placebos = Placebos()
    weights: Mapping[str, float] | None = None
    course: pd.DataFrame | None = None
    trouble: str = ""

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
        """Whether a lift (or a loss) is hard to explain by chance, and the method fits these data."""
        return self.p is not None and self.p <= self.level and not self.placebos.too_many and not self.trouble

    @property
    def finest(self) -> float:
        """The smallest chance this comparison could have told; above `level` it can never find anything."""
        return 2 / self.arrangements if self.arrangements else 1.0


def synthetic_control(
    panel: pd.DataFrame,
    treated: Collection[Any],
    start: date,
    end: date,
    level: float = LEVEL,
    **names: str,
) -> Effect:
    """The treated units' sum against the mixture of untouched units that moves as it does; judged by dates.

    Each series is taken relative to its own mean; the mixture's weights are at least 0 and sum to 1 (Abadie,
    Diamond & Hainmueller 2010; unit means removed as in Ferman & Pinto 2021).

    Args:
        panel: rows of `unit`, `date`, `value`; other column names as `unit=`, `date=`, `value=`.
        treated: the treated units.
        start, end: first and last date of the comparison, both included.
        level: two-sided level of test and range.

    Raises:
        ValueError: the panel lacks a column, a unit, or dates before or in the comparison.
    """
    told = by_unit(panel, **names)
    found = wide(told, treated, start, end)
    return _by_dates("synthetic control", [found], level, _as_treated([found]))


def interrupted_series(
    panel: pd.DataFrame,
    treated: Collection[Any],
    start: date,
    end: date,
    controls: Collection[Any] | None = None,
    level: float = LEVEL,
    **names: str,
) -> Effect:
    """One series (the treated units' sum) before and after, beside untouched series; judged by dates.

    As `synthetic_control`, after the series' own straight trend and weekdays are taken out: a series as large as a whole
    business has a course of its own, and without this a long baseline raises false alarms. The price is power. Without
    any untouched series trend and weekdays remain alone; whatever else changed is in the result then.

    Args and errors: as `synthetic_control`; `controls` names the untouched series, `None` means all others.
    """
    found = wide(by_unit(panel, **names), treated, start, end, controls)
    return _by_dates("interrupted series", [found], level, trend=True)


def staggered(
    panel: pd.DataFrame,
    starts: Mapping[Any, date],
    end: date,
    level: float = LEVEL,
    **names: str,
) -> Effect:
    """Units that start at different dates, each group compared with units that have not started; judged by dates.

    A group is compared from its start to `end` where some unit never starts, else to the day before the last group
    starts, which then only serves as comparison (stacked clean comparisons: Cengiz et al. 2019; Callaway & Sant'Anna 2021).
    One lift for all groups; their gaps are added up.

    Args:
        starts: unit → its first date; units of the panel without one never start.
        end: last date of the comparison.

    Raises:
        ValueError: as `synthetic_control`; also where no group can be compared.
    """
    told = by_unit(panel, **names)
    first = {str(unit): pd.Timestamp(day) for unit, day in starts.items()}
    if absent := [unit for unit in first if unit not in told]:
        raise ValueError(f"not in the panel: {', '.join(absent[:5])}")
    never = [unit for unit in told if first.get(unit, pd.Timestamp.max) > pd.Timestamp(end)]
    last = pd.Timestamp(end)
    if not never:
        last = max(first.values()) - pd.Timedelta(days=1)
    days = sorted({day for day in first.values() if day <= last})
    if not days:
        raise ValueError("no unit starts before the others end: there is nothing to compare")
    clean = [unit for unit in told if first.get(unit, pd.Timestamp.max) > last]
    groups = [[unit for unit in told if first.get(unit) == day] for day in days]
    compared = [wide(told, group, day, last, clean) for group, day in zip(groups, days, strict=True)]
    return _by_dates("staggered start", compared, level, _as_treated(compared))


def difference_in_differences(
    panel: pd.DataFrame,
    treated: Collection[Any],
    start: date,
    end: date,
    level: float = LEVEL,
    pairs: Collection[tuple[Any, Any]] | None = None,
    **names: str,
) -> Effect:
    """Treated units' growth over the untouched units' growth: a hold-out; judged by units where there are enough.

    Args:
        pairs: pairs of units of which one was drawn to be treated. `None`: neighbours in size before the start, if
            exactly one of each two is treated; else any other choice of as many units counts as likely.

    Judged by units it needs 40 ways to draw them (six pairs); below that it is judged by dates, against the untouched
    units' sum. Other arguments and errors: as `synthetic_control`.
    """
    told = by_unit(panel, **names)
    found = wide(told, treated, start, end)
    drawn = _Draws.of(told, found, [str(one) for one in treated], pairs)
    if drawn is not None and 2 / drawn.ways <= level:
        return drawn.effect(found, level)
    summed = replace(found, others=_summed(found.others))
    tried = [
        [replace(one, others=_summed(one.others)) for one in placebo] for placebo in _as_treated([found])
    ]
    effect = _by_dates("difference in differences", [summed], level, tried)
    return replace(effect, untouched=found.others.shape[1])


def _summed(others: pd.DataFrame) -> pd.DataFrame:
    """The untouched units as one series; none where there is no unit."""
    return others.sum(axis=1).to_frame("untouched") if others.shape[1] else others


def smallest(effect: Effect, power: float = 0.8) -> float | None:
    """The smallest lift that a comparison with a range as wide as this one's finds with this power; `None` without a range.

    Made for a run on days before launch, where nothing happened: from the half width of its range on the
    logarithm, as for a normal estimate (the study of the designs finds it within a few points).
    """
    if effect.low is None or effect.high is None or effect.low <= -1:
        return None
    half = (math.log1p(effect.high) - math.log1p(effect.low)) / 2
    critical = stats.norm.ppf(1 - effect.level / 2)
    return math.expm1(half * float(critical + stats.norm.ppf(power)) / float(critical))


# ------------------------------------------------------------------ judged by dates


class Mixture:
    """Fits a relative series by untouched ones: weights at least 0 that sum to 1, after a level of its own.

    With `trend`, a straight trend and weekdays of its own are taken out as well.
    """

    def __init__(self, told: Wide, *, trend: bool = False) -> None:
        self.own = _own_terms(told.dates, trend=trend)
        others = told.others.to_numpy(dtype=float)
        self.others = self.without_own(others / others.mean(axis=0))
        q, r = linalg.qr(self.others, mode="economic", check_finite=False)
        self.heavy = 1e4 * max(1.0, float(np.abs(r).max(initial=0.0)))
        self.q, self.design = q, np.vstack([r, np.full(others.shape[1], self.heavy)])

    def without_own(self, series: np.ndarray) -> np.ndarray:
        """Series less what they have of their own: level, and trend and weekdays if asked for."""
        return series - self.own @ (self.own.T @ series)

    def weights(self, relative: np.ndarray) -> np.ndarray:
        """Weights of the untouched series; least squares, the sum held to 1 by a heavy row."""
        found, _ = optimize.nnls(self.design, np.append(self.q.T @ self.without_own(relative), self.heavy))
        return found / found.sum()

    def gap(self, relative: np.ndarray) -> np.ndarray:
        """What the fit leaves, by date."""
        left = self.without_own(relative)
        return left - self.others @ self.weights(relative) if self.others.shape[1] else left


def _own_terms(dates: pd.DatetimeIndex, *, trend: bool) -> np.ndarray:
    """An orthonormal basis of level, or of level, trend and weekdays (where dates are days)."""
    count = len(dates)
    parts = [np.ones((count, 1))]
    if trend:
        parts.append(np.linspace(-1, 1, count)[:, None])
        if dates.day_of_week.nunique() == 7 and count >= 21:
            parts.append(np.eye(7)[dates.day_of_week][:, 1:])
    return linalg.qr(np.hstack(parts), mode="economic", check_finite=False)[0]


class _Compared:
    """One group and what it is compared with: gaps under any lift, and their sums over moved stretches."""

    def __init__(self, told: Wide, *, trend: bool = False) -> None:
        self.told, self.fit = told, Mixture(told, trend=trend)
        count = len(told.dates)
        self.moved = (int(np.argmax(told.inside)) - np.arange(count)) % count
        self.length = int(told.inside.sum())
        # a stretch near the ends loses more to a trend of its own than one in the middle: made comparable
        taken = (self._over_stretches(self.fit.own) ** 2).sum(axis=1)
        room = np.sqrt(np.maximum(self.length - taken, 1e-12))
        self.comparable = room[0] / room

    def usual(self, growth: float) -> np.ndarray:
        """The treated series with the lift taken out; `growth` is its logarithm."""
        return np.where(self.told.inside, self.told.treated * math.exp(-growth), self.told.treated)

    def gap(self, growth: float) -> np.ndarray:
        """Observed less expected by date, in the panel's units, if the lift is what was taken out."""
        usual = self.usual(growth)
        mean = float(usual.mean())
        return self.fit.gap(usual / mean) * mean

    def sums(self, growth: float) -> np.ndarray:
        """The gap over the comparison, then over the same stretch moved back by one date, two, … around the circle."""
        return self._over_stretches(self.gap(growth)[:, None])[:, 0] * self.comparable

    def _over_stretches(self, columns: np.ndarray) -> np.ndarray:
        run = np.cumsum(np.vstack([np.zeros(columns.shape[1]), columns, columns]), axis=0)
        return run[self.moved + self.length] - run[self.moved]


class _Dates:
    """The judgement by dates over one or several groups, among the sums of untouched units where there are any."""

    def __init__(self, compared: list[_Compared], others: np.ndarray | None = None) -> None:
        self.compared = compared
        self.dates = max(len(one.told.dates) for one in compared)
        self.others = np.empty(0) if others is None else np.sort(others)

    @property
    def ways(self) -> int:
        """How many sums the true one is held against, itself included."""
        return self.dates + len(self.others)

    def sums(self, growth: float) -> np.ndarray:
        """Gaps of all groups together: over the true stretch first, then moved."""
        moved = np.arange(self.dates)
        return sum(one.sums(growth)[moved % len(one.told.dates)] for one in self.compared)  # type: ignore[return-value]

    def relative(self, growth: float) -> np.ndarray:
        """The sums over their own spread."""
        sums = self.sums(growth)
        return sums / max(float(np.sqrt(np.mean(sums**2))), 1e-12)

    def p(self, growth: float) -> float:
        """Two-sided chance of the true stretch's rank among all."""
        return _two_sided(self.relative(growth), self.others)

    @cached_property
    def growth(self) -> float:
        """The lift (its logarithm) at which the true stretch shows no gap."""
        ends = (-WIDEST, WIDEST)
        at = [float(self.sums(one)[0]) for one in ends]
        if at[0] * at[1] > 0:
            return ends[0] if abs(at[0]) < abs(at[1]) else ends[1]
        return float(optimize.brentq(lambda one: float(self.sums(one)[0]), *ends, xtol=1e-6))

    @property
    def scale(self) -> float:
        """Spread of the gaps relative to the expected sum, to search the range with."""
        usual = sum(float(one.usual(self.growth)[one.told.inside].sum()) for one in self.compared)
        return float(self.sums(self.growth).std()) / usual if usual else 0.0


def _by_dates(
    design: str,
    groups: list[Wide],
    level: float,
    untouched: Sequence[list[Wide]] = (),
    *,
    trend: bool = False,
) -> Effect:
    """The estimate judged by dates; `untouched` are placebo groups, one list per untouched unit."""
    plain = Effect(
        design,
        observed=float(sum(told.treated[told.inside].sum() for told in groups)),
        level=level,
        before=int((~groups[0].inside).sum()),
        during=int(sum(told.inside.sum() for told in groups)),
        untouched=groups[0].others.shape[1],
    )
    if trouble := _trouble(groups, trend=trend):
        return replace(plain, trouble=trouble)
    tried = [one for one in untouched if not _trouble(one, trend=trend)]
    sums = [_Dates([_Compared(told) for told in one]).relative(0.0) for one in tried]
    others = np.concatenate(sums) if len(sums) >= FEWEST_JOINED else None
    dates = _Dates([_Compared(told, trend=trend) for told in groups], others)
    if (too_few := math.ceil(2 / level)) > dates.ways:
        plain = replace(plain, trouble=f"{dates.ways} dates are too few: {too_few} at least")
    placebos = _placebos(dates, sums, level)
    return replace(_estimated(plain, dates), placebos=placebos)


def _estimated(plain: Effect, dates: _Dates) -> Effect:
    low, high = (None, None) if plain.trouble else _range(dates.p, dates.growth, dates.scale, plain.level)
    return replace(
        plain,
        expected=plain.observed * math.exp(-dates.growth),
        lift=math.expm1(dates.growth),
        low=low,
        high=high,
        p=dates.p(0.0),
        arrangements=dates.ways,
        weights=_weights(dates) if len(dates.compared) == 1 else None,
        course=_course(dates),
    )


def _placebos(dates: _Dates, sums: list[np.ndarray], level: float) -> Placebos:
    """Alarms of the untouched units, each among its own other stretches, and the treated units' gaps over theirs."""
    own = dates.sums(dates.growth)
    low, high = (float(np.quantile(own, end)) for end in (0.05, 0.95))
    if len(sums) < FEWEST_PLACEBOS:
        return Placebos(low=low, high=high)
    alarms = sum(_two_sided(one) <= level for one in sums)
    return Placebos(len(sums), int(alarms), low, high)


def _as_treated(groups: list[Wide]) -> list[list[Wide]]:
    """Each untouched unit as if it were treated, against the other untouched ones."""
    rest = list(groups[0].others.columns)
    return [
        [
            replace(told, treated=told.others[unit].to_numpy(), others=told.others.drop(columns=unit))
            for told in groups
            if unit in told.others
        ]
        for unit in rest[:MOST_PLACEBOS]
        if all(unit in told.others for told in groups)
    ]


def _trouble(groups: list[Wide], *, trend: bool) -> str:
    """Why nothing can be estimated, if so; only a series with a trend of its own can do without untouched units."""
    for told in groups:
        if not told.others.shape[1] and not trend:
            return "no untouched unit has values before and in the comparison"
        if told.treated[~told.inside].sum() <= 0 or told.treated[told.inside].sum() <= 0:
            return "the treated units have no values before or in the comparison"
        if min(told.inside.sum(), (~told.inside).sum()) < 2:
            return "fewer than two dates before or in the comparison"
    return ""


def _weights(dates: _Dates) -> Mapping[str, float] | None:
    one = dates.compared[0]
    if not one.told.others.shape[1]:
        return None
    usual = one.usual(dates.growth)
    named = zip(one.told.others.columns, one.fit.weights(usual / usual.mean()), strict=True)
    return {str(name): float(weight) for name, weight in named if weight > 1e-9}


def _course(dates: _Dates) -> pd.DataFrame:
    """Observed and expected by date, groups added up."""
    parts = [
        pd.DataFrame(
            {
                "date": one.told.dates,
                "observed": one.told.treated,
                "expected": one.usual(dates.growth) - one.gap(dates.growth),
            }
        )
        for one in dates.compared
    ]
    return pd.concat(parts).groupby("date", as_index=False).sum()


# ------------------------------------------------------------------ judged by units


@dataclass(frozen=True)
class _Draws:
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
        told: pd.DataFrame,
        found: Wide,
        treated: list[str],
        pairs: Collection[tuple[Any, Any]] | None,
    ) -> _Draws | None:
        """Ways to draw the units of a comparison; `None` where there is no untouched unit."""
        if not found.others.shape[1]:
            return None
        values = told.loc[found.dates, treated].join(found.others)
        before = values[~found.inside].mean().to_numpy()
        during = values[found.inside].mean().to_numpy()
        is_treated = np.arange(len(before)) < len(treated)
        named = {name: place for place, name in enumerate(values)}
        places: np.ndarray | None
        if pairs is not None:
            places = np.array([[named[str(one)], named[str(other)]] for one, other in pairs])
        else:
            places = _neighbours(before, is_treated)
        ways = _choices(is_treated) if places is None else _flips(is_treated, places)
        return cls(before, during, is_treated, ways)

    def statistics(self, growth: float) -> np.ndarray:
        """The logarithm of the ratio of growths for every way to draw, after the lift was taken out."""
        during = np.where(self.treated, self.during * math.exp(-growth), self.during)
        here, all_before, all_during = self.chosen, self.before.sum(), during.sum()
        before, after = here @ self.before, here @ during
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.log(after) - np.log(before) - np.log(all_during - after) + np.log(all_before - before)
        return np.nan_to_num(found, nan=0.0, posinf=1e9, neginf=-1e9)

    def p(self, growth: float) -> float:
        """Two-sided chance of the true draw's rank among all."""
        return _two_sided(self.statistics(growth))

    def effect(self, found: Wide, level: float) -> Effect:
        """The estimate with its range."""
        observed = float(found.treated[found.inside].sum())
        plain = Effect(
            "difference in differences",
            observed,
            level=level,
            judged_by="units",
            arrangements=self.ways,
            before=int((~found.inside).sum()),
            during=int(found.inside.sum()),
            untouched=int((~self.treated).sum()),
        )
        growth = float(self.statistics(0.0)[0])
        if abs(growth) > WIDEST:
            return replace(plain, trouble="the treated units have no values before or in the comparison")
        scale = float(self.statistics(growth).std())
        low, high = _range(self.p, growth, scale, level)
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


# ------------------------------------------------------------------ shared


def _two_sided(values: np.ndarray, others: np.ndarray | None = None) -> float:
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


def _range(
    p: Callable[[float], float], centre: float, scale: float, level: float
) -> tuple[float | None, float | None]:
    """All lifts that are not rejected, as lift; an end that has no limit within the widest range is `None`."""
    ends = [_end(p, centre, sign * max(scale, 1e-6) / 4, level) for sign in (-1, 1)]
    return tuple(None if one is None else math.expm1(one) for one in ends)  # type: ignore[return-value]


def _end(
    p: Callable[[float], float], centre: float, step: float, level: float, patience: int = 6
) -> float | None:
    """The furthest growth in one direction that is not rejected; looks on past some rejections."""
    kept, here, refused = centre, centre, 0
    while refused < patience:
        here += step
        if abs(here) > WIDEST:
            return None
        if p(here) > level:
            kept, refused = here, 0
        else:
            refused += 1
        if refused == 0:
            step *= 1.1
    inside, outside = kept, kept + step
    for _ in range(12):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if p(middle) > level else (inside, middle)
    return outside


def _extra(observed: float, lift: float | None) -> float | None:
    return None if lift is None or lift <= -1 else observed * lift / (1 + lift)
