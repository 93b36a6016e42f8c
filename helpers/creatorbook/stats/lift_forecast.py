"""One series beside one to three untouched ones: a regression on the days before forecasts what would have come.

So few series cannot be mixed to move as the treated one does; each gets a scale of its own by least squares, beside a
level and weekdays. With days before of four times the comparison or more a straight trend joins; learned from fewer it
costs more than it mends (from three times as many, extrapolating it more than doubles the variance). All of it is
learned from the dates outside a stretch and held against the dates in it: for the true stretch these are the days before
alone, so nothing of the effect is in scale or trend (time-based regression: Kerman, Wang & Vaver, Google 2017). How far
a forecast can be off is told by the same stretch moved around the circle of dates, each over its error's size if dates
were independent (the forecast of a stretch at the end is worse than of one in the middle).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy import linalg

from creatorbook.stats.lift_panel import Wide

#: untouched series that get a scale of their own each, at most
MOST_SCALED = 3
#: dates before by term of the regression, at least; fewer fit noise, and a scale fitted to noise is too small
LEAST_DATES = 5
#: so many times as long as the comparison the days before have to be, for a trend to be learned from them
LEAST_FOR_TREND = 4


class ControlForecast:
    """A treated series forecast from the dates outside a stretch, for the true stretch and for all moved ones."""

    def __init__(self, comparison: Wide) -> None:
        self.comparison = comparison
        self.terms = _terms(comparison)

    def sums(self, growth: float) -> np.ndarray:
        """Observed less forecast over the comparison, then over the same stretch moved back by one date, two, …

        Moved sums are brought to the size of the true one's error.
        """
        return self.contrasts @ self.comparison.usual(growth)

    def gap(self, growth: float) -> np.ndarray:
        """Observed less forecast by date, in the panel's units, if the lift is what was taken out."""
        usual, before = self.comparison.usual(growth), ~self.comparison.inside
        return usual - self.terms @ _fitted(self.terms[before], usual[before])

    def weights(self, _growth: float) -> np.ndarray:
        """The untouched series' parts in the forecast: scale × mean ÷ the treated series' mean; any sign, any sum."""
        before = ~self.comparison.inside
        treated, others = self.comparison.treated[before], self.comparison.others.to_numpy()[before]
        count = others.shape[1]
        scales = _fitted(self.terms[before], treated)[-count:] if count else np.empty(0)
        return scales * (others.mean(axis=0) / _size(others)) / treated.mean()

    @cached_property
    def contrasts(self) -> np.ndarray:
        """One row per stretch: what a series' dates count in its sum of forecast errors."""
        basis = linalg.orth(self.terms)
        inside = self.comparison.moved_stretches
        width = basis.shape[1]
        left = np.eye(width) - np.einsum("sd,di,dj->sij", inside, basis, basis, optimize=True)
        forecast = (
            np.einsum("sij,sj->si", np.linalg.pinv(left, 1e-9, hermitian=True), inside @ basis) @ basis.T
        )
        rows = np.where(inside > 0, 1.0, -forecast)
        size = np.sqrt((rows**2).sum(axis=1, keepdims=True))
        return rows * size[0] / size


def scales_can_be_learned(comparison: Wide) -> bool:
    """Whether there are so few untouched series, and so many dates before, that each can get a scale of its own."""
    if comparison.others.shape[1] > MOST_SCALED:
        return False
    return int((~comparison.inside).sum()) >= LEAST_DATES * _terms(comparison).shape[1]


def _terms(comparison: Wide) -> np.ndarray:
    """By date: level, weekdays where dates are days, a trend where days before are many, and the untouched series over their means."""
    dates, others = comparison.dates, comparison.others.to_numpy(dtype=float)
    count = len(dates)
    parts = [np.ones((count, 1))]
    if dates.day_of_week.nunique() == 7 and count >= 21:
        parts.append(np.eye(7)[dates.day_of_week][:, 1:])
    before = ~comparison.inside
    if before.sum() >= LEAST_FOR_TREND * comparison.inside.sum():
        parts.append(np.linspace(-1, 1, count)[:, None])
    return np.hstack([*parts, others / _size(others[before])])


def _size(series: np.ndarray) -> np.ndarray:
    return np.maximum(series.mean(axis=0), 1e-12)


def _fitted(terms: np.ndarray, series: np.ndarray) -> np.ndarray:
    """Least-squares coefficients; the smallest ones where several fit alike."""
    return np.asarray(linalg.lstsq(terms, series)[0])
