"""One series beside one to three untouched ones: a regression on the days before forecasts what would have come.

So few series cannot be mixed to move as the treated one does; each gets a scale of its own, beside a level and weekdays.
Scales are learned from sums of whole weeks beside the days: an untouched series' own noise of the day makes a scale too
small, over a week most of it is gone; weeks alone would leave the scale open where an untouched series jumps in the
comparison. Weeks are few, so each scale is drawn towards an equal part of the whole, as far as they cannot tell it
(ridge regression: Hoerl & Kennard, Technometrics 12, 1970). With days before of four times the comparison or more a
straight trend joins, drawn towards none; from fewer its extrapolation costs more than it mends.

All of it is learned from the dates outside a stretch and held against the dates in it: for the true stretch these are
the days before alone, so nothing of the effect is in scale or trend (time-based regression: Kerman, Wang & Vaver, Google
2017). How far a forecast can be off is told by the same stretch moved around the circle of dates, each over its error's
size if dates were independent (the forecast of a stretch at the end is worse than of one in the middle).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from creatorbook.stats.lift_panel import Wide

#: untouched series that get a scale of their own each, at most
MOST_SCALED = 3
#: dates before by term of the regression, at least; fewer fit noise
LEAST_DATES = 5
#: so many times as long as the comparison the days before have to be, for a trend to be learned from them
LEAST_FOR_TREND = 4
#: how far a scale may be from an equal part, and a trend from none over half of all dates (one standard deviation,
#: relative to the series' mean)
SCALE_APART, TREND_APART = 0.15, 0.05


class ControlForecast:
    """A treated series forecast from the dates outside a stretch, for the true stretch and for all moved ones."""

    def __init__(self, comparison: Wide) -> None:
        self.comparison = comparison
        self.usual_terms = _level_terms(comparison)
        self.scaled, self.likely, self.apart = _scaled(comparison)
        self.mean = float(comparison.treated[~comparison.inside].mean())

    def sums(self, growth: float) -> np.ndarray:
        """Observed less forecast over the comparison, then over the same stretch moved back by one date, two, …

        Moved sums are brought to the size of the true one's error.
        """
        return self.contrasts @ self._beyond_likely(growth)

    def gap(self, growth: float) -> np.ndarray:
        """Observed less forecast by date, in the panel's units, if the lift is what was taken out."""
        beyond = self._beyond_likely(growth)
        left = beyond - self.scaled @ (self._learned @ beyond[self._before])
        return left - self.usual_terms @ (np.linalg.pinv(self.usual_terms[self._before]) @ left[self._before])

    def weights(self, _growth: float) -> np.ndarray:
        """The untouched series' parts in the forecast: scale × mean ÷ the treated series' mean; any sign, any sum."""
        beyond = self._beyond_likely(0.0)[self._before]
        return (self.likely + self._learned @ beyond / self.mean)[: self.comparison.others.shape[1]]

    @cached_property
    def contrasts(self) -> np.ndarray:
        """One row per stretch: what a series' dates count in its sum of forecast errors."""
        count = len(self.comparison.dates)
        first, length = int(np.argmax(self.comparison.inside)), int(self.comparison.inside.sum())
        rows = np.zeros((count, count))
        for moved, row in enumerate(rows):
            dates = (first - moved + np.arange(count)) % count
            stretch, outside = dates[:length], dates[length:]
            row[stretch] = 1.0
            row[outside] = -self._forecast(stretch, outside)
        size = np.sqrt((rows**2).sum(axis=1, keepdims=True))
        return rows * size[0] / size

    def _forecast(self, stretch: np.ndarray, outside: np.ndarray) -> np.ndarray:
        """What each date outside counts in the sum that is forecast for a stretch."""
        usual = np.linalg.pinv(self.usual_terms[outside]).T @ self.usual_terms[stretch].sum(axis=0)
        beyond = self.scaled[stretch].sum(axis=0) - usual @ self.scaled[outside]
        return usual + beyond @ self._coefficients(outside)

    def _coefficients(self, outside: np.ndarray) -> np.ndarray:
        """Coefficients of the scaled terms beyond the likely ones, as a product with the series on the dates outside."""
        inverse = np.linalg.pinv(self.usual_terms[outside])
        daily = self._beyond_usual(outside, self.scaled[outside], inverse)
        weekly = self._by_week(daily)
        matrix = daily.T @ daily + weekly.T @ weekly + np.diag(self._noise / self.apart**2)
        days = len(outside) // len(weekly)
        of_weeks = np.zeros_like(daily)
        of_weeks[len(outside) - days * len(weekly) :] = np.repeat(weekly, days, axis=0)
        left = daily + self._beyond_usual(outside, of_weeks, inverse)
        return np.linalg.pinv(matrix, 1e-9, hermitian=True) @ left.T

    def _beyond_usual(self, outside: np.ndarray, series: np.ndarray, inverse: np.ndarray) -> np.ndarray:
        """Series less their level and weekdays on the dates outside; `inverse` is that of the usual terms there."""
        return series - self.usual_terms[outside] @ (inverse @ series)

    def _by_week(self, series: np.ndarray) -> np.ndarray:
        """Sums of whole weeks, the last of which ends where the stretch begins; dates that are no days stay by themselves."""
        days = 7 if self.usual_terms.shape[1] > 1 else 1
        weeks, over = divmod(len(series), days)
        return series[over:].reshape(weeks, days, series.shape[1]).sum(axis=1)

    @cached_property
    def _noise(self) -> float:
        """Variance of what weeks before leave of the treated series, relative to its mean, with the scales that fit best."""
        before = self._before
        series = np.column_stack([self.comparison.treated[before] / self.mean, self.scaled[before]])
        weekly = self._by_week(self._beyond_usual(before, series, np.linalg.pinv(self.usual_terms[before])))
        coefficients, *_ = np.linalg.lstsq(weekly[:, 1:], weekly[:, 0])
        left = weekly[:, 0] - weekly[:, 1:] @ coefficients
        return float(left @ left) / max(len(left) - 1 - len(coefficients), 1)

    @cached_property
    def _learned(self) -> np.ndarray:
        return self._coefficients(self._before)

    @cached_property
    def _before(self) -> np.ndarray:
        return np.flatnonzero(~self.comparison.inside)

    def _beyond_likely(self, growth: float) -> np.ndarray:
        """The series with a lift taken out, less what the untouched series make of it by equal parts."""
        return self.comparison.usual(growth) - self.mean * (self.scaled @ self.likely)


def scales_can_be_learned(comparison: Wide) -> bool:
    """Whether there are so few untouched series, and so many dates before, that each can get a scale of its own."""
    if comparison.others.shape[1] > MOST_SCALED:
        return False
    terms = _level_terms(comparison).shape[1] + _scaled(comparison)[0].shape[1]
    return int((~comparison.inside).sum()) >= LEAST_DATES * terms


def _level_terms(comparison: Wide) -> np.ndarray:
    """By date: level, and weekdays where dates are days."""
    dates = comparison.dates
    level = np.ones((len(dates), 1))
    if dates.day_of_week.nunique() < 7 or len(dates) < 21:
        return level
    return np.hstack([level, np.eye(7)[dates.day_of_week][:, 1:]])


def _scaled(comparison: Wide) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Terms with a scale of their own by date: untouched series over their means, and a trend where days before are many.

    Beside them the scale that is likely before anything is learned, and how far it may be from that.
    """
    others, before = comparison.others.to_numpy(dtype=float), ~comparison.inside
    series = others.shape[1]
    terms = [others / np.maximum(others[before].mean(axis=0), 1e-12)]
    likely, apart = [1 / max(series, 1)] * series, [SCALE_APART] * series
    if before.sum() >= LEAST_FOR_TREND * comparison.inside.sum():
        terms.append(np.linspace(-1, 1, len(others))[:, None])
        likely.append(0.0)
        apart.append(TREND_APART)
    return np.hstack(terms), np.array(likely), np.array(apart)
