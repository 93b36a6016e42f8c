"""Daily totals split into what known events account for while they fade, and the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from creatorbook.stats.robust import robust_spread

#: days after an event that share one weight, first and last: fine where most happens, coarse later
LAGS = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 5), (6, 8), (9, 13), (14, 27)]
#: days of totals below which nothing is fitted, and stretches elsewhere below which nothing is compared
LEAST, STRETCHES = 30, 14
#: rounds of fitting without the days that lie further than `FAR` spreads off
ROUNDS, FAR = 3, 4.0


def rest(daily: pd.Series, events: pd.Series) -> pd.Series:
    """What is left of daily totals when events of known size are taken off as they fade.

    A distributed lag (adstock, with the half-life left to the data): the total of a day is a level plus a part of what began on this and on earlier days, with one
    part per stretch of `LAGS`, none below zero (non-negative least squares, Lawson & Hanson 1974). How fast things
    fade is read from the series itself. Days far off the fit do not shape it, so that what is looked for stays
    in the rest.

    Args:
        daily: totals by day; days may be missing.
        events: sizes by day on which they began (posts' lifetime views, say); several of one day are added up.

    Returns:
        The rest by day, over all days from first to last, NaN where the total is missing; all NaN for fewer
        than `LEAST` totals.
    """
    counted = daily.dropna()
    if len(counted) < LEAST:
        return pd.Series(np.nan, index=daily.index)
    days = pd.date_range(counted.index.min(), counted.index.max())
    total = counted.reindex(days).to_numpy(float)
    columns = np.column_stack([np.ones(len(days)), _lagged(events, days)])
    # totals are counts: large ones scatter more
    weight = 1 / np.sqrt(np.maximum(1.0, np.abs(np.nan_to_num(total))))
    there = ~np.isnan(total)
    left, near = total, there
    for _ in range(ROUNDS):
        parts, _norm = nnls(columns[near] * weight[near, None], total[near] * weight[near])
        left = total - columns @ parts
        near = there & (np.abs(left) <= FAR * robust_spread(left[there]))
        if near.sum() < LEAST // 2:
            break
    return pd.Series(left, index=days)


def _lagged(events: pd.Series, days: pd.DatetimeIndex) -> np.ndarray:
    """One column per stretch of `LAGS`: what began that many days before."""
    sums = events.groupby(level=0).sum()
    began = sums.index.min() if len(sums) else days[0]
    whole = pd.date_range(min(days[0], began), days[-1])
    early, longest = len(whole) - len(days), LAGS[-1][1]
    sizes = np.concatenate([np.zeros(longest), sums.reindex(whole).fillna(0.0).to_numpy(float)])
    shifted = [sizes[longest - lag + early : len(sizes) - lag] for lag in range(longest + 1)]
    return np.column_stack([sum(shifted[a : b + 1]) for a, b in LAGS])


def surplus(left: pd.Series, first: pd.Timestamp, last: pd.Timestamp) -> tuple[float, float]:
    """How much more than usual lies in a stretch of days, and how unusual that is.

    Args:
        left: values by day without gaps in the index, NaN where unknown (see `rest`).
        first: first day of the stretch.
        last: last day.

    Returns:
        The sum beyond the middle sum of as many days elsewhere, and the same in robust standard deviations of those
        sums; NaN where too few days are known.
    """
    inside = left[first:last]
    size = (last - first).days + 1
    sums = left.rolling(size, min_periods=max(1, size // 2)).mean() * size
    apart = (sums.index < first) | (sums.index > last + pd.Timedelta(days=size))
    elsewhere = sums[apart].dropna()
    noise = robust_spread(elsewhere)
    if inside.isna().all() or len(elsewhere) < STRETCHES or not noise > 0:
        return float("nan"), float("nan")
    more = float(inside.mean() * size - elsewhere.median())
    return more, more / noise
