"""Judged by dates: the gap between observed and expected, over the comparison and moved around the circle of dates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import linalg, optimize

from creatorbook.stats.lift_effect import (
    WIDEST,
    Effect,
    Placebos,
    Trouble,
    test_range,
    two_sided,
    with_self_check,
)
from creatorbook.stats.lift_forecast import ControlForecast
from creatorbook.stats.lift_panel import Wide

#: untouched units tried as if they were treated: from so many on, and at most
FEWEST_PLACEBOS, MOST_PLACEBOS = 4, 40


#: untouched units from which on their sums join those of other dates; fewer are too unlike the treated ones
FEWEST_JOINED = 8

#: their sums are compared over each unit's own spread, which holds the lift: a comparison that is a larger part of the
#: dates could not stand out from it, whatever the lift, and is judged among its own dates alone
LARGEST_JOINED = 1 / 3


class Mixture:
    """Fits a relative series by untouched ones: weights at least 0 that sum to 1, after a level of its own.

    With `trend`, a straight trend and weekdays of its own are taken out as well.
    """

    def __init__(self, comparison: Wide, *, trend: bool = False) -> None:
        self.own = _own_terms(comparison.dates, trend=trend)
        others = comparison.others.to_numpy(dtype=float)
        self.others = self.without_own(others / others.mean(axis=0))
        q, r = linalg.qr(self.others, mode="economic", check_finite=False)
        self.heavy = 1e4 * max(1.0, float(np.abs(r).max(initial=0.0)))
        self.q, self.design = q, np.vstack([r, np.full(others.shape[1], self.heavy)])

    def without_own(self, series: np.ndarray) -> np.ndarray:
        """Series less what they have of their own: level, and trend and weekdays if asked for."""
        return series - self.own @ (self.own.T @ series)

    def weights(self, relative: np.ndarray) -> np.ndarray:
        """Weights of the untouched series; least squares, the sum held to 1 by a heavy row."""
        solution, _ = optimize.nnls(self.design, np.append(self.q.T @ self.without_own(relative), self.heavy))
        return solution / solution.sum()

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

    def __init__(self, comparison: Wide, *, trend: bool = False) -> None:
        self.comparison, self.fit = comparison, Mixture(comparison, trend=trend)
        count = len(comparison.dates)
        self.moved = (int(np.argmax(comparison.inside)) - np.arange(count)) % count
        self.length = int(comparison.inside.sum())
        # a stretch near the ends loses more to a trend of its own than one in the middle: made comparable
        taken = (self._over_stretches(self.fit.own) ** 2).sum(axis=1)
        room = np.sqrt(np.maximum(self.length - taken, 1e-12))
        self.comparable = room[0] / room

    def gap(self, growth: float) -> np.ndarray:
        """Observed less expected by date, in the panel's units, if the lift is what was taken out."""
        usual = self.comparison.usual(growth)
        mean = float(usual.mean())
        return self.fit.gap(usual / mean) * mean

    def weights(self, growth: float) -> np.ndarray:
        """Weights of the untouched series."""
        usual = self.comparison.usual(growth)
        return self.fit.weights(usual / usual.mean())

    def sums(self, growth: float) -> np.ndarray:
        """The gap over the comparison, then over the same stretch moved back by one date, two, … around the circle."""
        return self._over_stretches(self.gap(growth)[:, None])[:, 0] * self.comparable

    def _over_stretches(self, columns: np.ndarray) -> np.ndarray:
        run = np.cumsum(np.vstack([np.zeros(columns.shape[1]), columns, columns]), axis=0)
        return run[self.moved + self.length] - run[self.moved]


class _Dates:
    """The judgement by dates over one or several groups, among the sums of untouched units where there are any."""

    def __init__(
        self, compared: Sequence[_Compared | ControlForecast], others: np.ndarray | None = None
    ) -> None:
        self.compared = compared
        self.dates = max(len(one.comparison.dates) for one in compared)
        self.others = np.empty(0) if others is None else np.sort(others)

    @property
    def ways(self) -> int:
        """How many sums the true one is held against, itself included."""
        return self.dates + len(self.others)

    def sums(self, growth: float) -> np.ndarray:
        """Gaps of all groups together: over the true stretch first, then moved."""
        moved = np.arange(self.dates)
        return np.sum([one.sums(growth)[moved % len(one.comparison.dates)] for one in self.compared], axis=0)

    def relative(self, growth: float) -> np.ndarray:
        """The sums over their own spread."""
        sums = self.sums(growth)
        return sums / max(float(np.sqrt(np.mean(sums**2))), 1e-12)

    def p(self, growth: float) -> float:
        """Two-sided chance of the true stretch's rank among all."""
        return two_sided(self.relative(growth), self.others)

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
        usual = sum(
            float(one.comparison.usual(self.growth)[one.comparison.inside].sum()) for one in self.compared
        )
        return float(self.sums(self.growth).std()) / usual if usual else 0.0


def by_dates(
    design: str,
    groups: list[Wide],
    level: float,
    untouched: Sequence[list[Wide]] = (),
    *,
    trend: bool = False,
    forecast: bool = False,
) -> Effect:
    """The estimate judged by dates; `untouched` are placebo groups, one list per untouched unit.

    With `forecast`, untouched series get a scale of their own each, learned from the days before alone.
    """
    plain = Effect(
        design,
        observed=float(sum(group.treated[group.inside].sum() for group in groups)),
        level=level,
        before=int((~groups[0].inside).sum()),
        during=int(sum(group.inside.sum() for group in groups)),
        untouched=groups[0].others.shape[1],
    )
    if trouble := trouble_of(groups, alone=trend or forecast):
        return replace(plain, trouble=trouble)
    tried = [one for one in untouched if not trouble_of(one)]
    placebos = [_Dates([_Compared(group) for group in one]) for one in tried]
    joined = len(placebos) >= FEWEST_JOINED and groups[0].inside.mean() <= LARGEST_JOINED
    others = np.concatenate([one.relative(0.0) for one in placebos]) if joined else None
    compared = [ControlForecast(group) if forecast else _Compared(group, trend=trend) for group in groups]
    dates = _Dates(compared, others)
    if dates.ways < plain.needed:
        plain = replace(plain, trouble="few_dates")
    return replace(_estimated(plain, dates), placebos=_placebos(dates, placebos, level))


def _estimated(plain: Effect, dates: _Dates) -> Effect:
    low, high = (None, None) if plain.trouble else test_range(dates.p, dates.growth, dates.scale, plain.level)
    estimated = replace(
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
    return with_self_check(estimated, dates.p, dates.growth)


def _placebos(dates: _Dates, untouched: list[_Dates], level: float) -> Placebos:
    """Alarms of the untouched units, each among its own other stretches, and the treated units' gaps over theirs."""
    own = dates.sums(dates.growth)
    low, high = (float(np.quantile(own, end)) for end in (0.05, 0.95))
    if len(untouched) < FEWEST_PLACEBOS:
        return Placebos(low=low, high=high)
    alarms = sum(one.p(0.0) <= level for one in untouched)
    return Placebos(len(untouched), int(alarms), low, high)


def as_treated(groups: list[Wide]) -> list[list[Wide]]:
    """Each untouched unit as if it were treated, against the other untouched ones."""
    rest = list(groups[0].others.columns)
    return [
        [
            replace(group, treated=group.others[unit].to_numpy(), others=group.others.drop(columns=unit))
            for group in groups
            if unit in group.others
        ]
        for unit in rest[:MOST_PLACEBOS]
        if all(unit in group.others for group in groups)
    ]


def trouble_of(groups: list[Wide], *, alone: bool = False) -> Trouble:
    """Why nothing can be estimated, if so; `alone` tells that untouched units can be done without."""
    for group in groups:
        if not group.others.shape[1] and not alone:
            return "no_untouched"
        if group.treated[~group.inside].sum() <= 0 or group.treated[group.inside].sum() <= 0:
            return "no_values"
        if min(group.inside.sum(), (~group.inside).sum()) < 2:
            return "under_two_dates"
    return ""


def _weights(dates: _Dates) -> Mapping[str, float] | None:
    one = dates.compared[0]
    if not one.comparison.others.shape[1]:
        return None
    named = zip(one.comparison.others.columns, one.weights(dates.growth), strict=True)
    return {str(name): float(weight) for name, weight in named if abs(weight) > 1e-9}


def _course(dates: _Dates) -> pd.DataFrame:
    """Observed and expected by date, groups added up."""
    parts = [
        pd.DataFrame(
            {
                "date": one.comparison.dates,
                "observed": one.comparison.treated,
                "expected": one.comparison.usual(dates.growth) - one.gap(dates.growth),
            }
        )
        for one in dates.compared
    ]
    return pd.concat(parts).groupby("date", as_index=False).sum()
