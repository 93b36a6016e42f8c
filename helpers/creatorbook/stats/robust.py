"""Robust spreads: how unusual a value is among its neighbours, when some neighbours are unusual themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: makes the median absolute deviation of a normal sample its standard deviation
MAD_TO_SD = 1.4826


def spread(values: np.ndarray | pd.Series) -> float:
    """Median absolute deviation, scaled to a standard deviation; NaN for no values."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    return float(MAD_TO_SD * np.median(np.abs(known - np.median(known)))) if len(known) else float("nan")


#: quantiles that stand for the usual level and the usual spread below it, and their distance in a normal sample
LEVEL, LOW, LEVEL_TO_LOW = 0.4, 0.1, 1.0282


def rolling_z(values: pd.Series, groups: pd.Series, window: int, floor: pd.Series | float) -> pd.Series:
    """How far each value lies above the usual of the window around it, in robust standard deviations.

    Level and spread are read from the lower half of the window (40th and 10th percentile), so that a rise
    may fill up to two fifths of the window and still stand out; a median and its deviation would take the
    rise for the usual.

    Args:
        values: in the order of time within each group.
        groups: which series a value belongs to.
        window: number of values, centred; the ends use what there is.
        floor: smallest spread that is believed: a flat history makes nothing unusual.

    Returns:
        One z per value; NaN where fewer than a third of the window is there.
    """
    level = rolling_quantile(values, groups, window, LEVEL)
    spread_below = (level - rolling_quantile(values, groups, window, LOW)) / LEVEL_TO_LOW
    return (values - level) / np.maximum(spread_below, floor)


def rolling_quantile(values: pd.Series, groups: pd.Series, window: int, share: float) -> pd.Series:
    """Quantiles over a centred window that never reaches into a neighbouring group."""
    rolled = values.groupby(groups, sort=False).rolling(window, center=True, min_periods=max(2, window // 3))
    return rolled.quantile(share).droplevel(0).reindex(values.index)


def line_z(x: pd.Series, y: pd.Series, rounds: int = 4) -> tuple[pd.Series, pd.Series]:
    """Residuals of y around a line in x in robust standard deviations, and the line's own values.

    Least squares, refitted without what lies further than 2.5 spreads off; a fifth of odd points does not
    turn the line. NaN where x or y is missing.
    """
    known = x.notna() & y.notna() & np.isfinite(x) & np.isfinite(y)
    z = pd.Series(np.nan, index=y.index, dtype=float)
    fitted = z.copy()
    if known.sum() < 3:
        return z, fitted
    a, b = x[known].to_numpy(float), y[known].to_numpy(float)
    slope, level = 0.0, float(np.median(b))
    for _ in range(rounds):
        off = b - (level + slope * a)
        near = np.abs(off - np.median(off)) <= 2.5 * max(spread(off), 1e-9)
        slope, level = _line(a[near], b[near])
    off = b - (level + slope * a)
    middle = float(np.median(off))
    z[known] = (off - middle) / max(spread(off), 1e-9)
    fitted[known] = level + slope * a + middle
    return z, fitted


def _line(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Least squares; flat where all x are the same."""
    varied = float(np.var(a))
    slope = float(np.mean((a - a.mean()) * (b - b.mean()))) / varied if varied > 1e-12 else 0.0
    return slope, float(b.mean() - slope * a.mean())
