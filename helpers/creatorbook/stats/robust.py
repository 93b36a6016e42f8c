"""Robust spreads: how unusual a value is among its neighbours, when some neighbours are unusual themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: makes the median absolute deviation of a normal sample its standard deviation
MAD_TO_SD = 1.4826


def robust_spread(values: np.ndarray | pd.Series) -> float:
    """Median absolute deviation, scaled to a standard deviation; NaN for no values."""
    present = np.asarray(values, dtype=float)
    present = present[~np.isnan(present)]
    return (
        float(MAD_TO_SD * np.median(np.abs(present - np.median(present)))) if len(present) else float("nan")
    )


#: the quantile that stands for the usual level: low enough that a rise may fill more than half of a window
USUAL_LEVEL = 0.25


def rolling_noise(values: pd.Series, groups: pd.Series, window: int) -> pd.Series:
    """Spread of the values around their own course, over a centred window, in standard deviations.

    Read from the changes between neighbours, which a change of level in the window does not touch.

    Args:
        values: in the order of time within each group.
        groups: which series a value belongs to.
        window: number of values, centred; the ends use what there is.

    Returns:
        One spread per value; NaN where fewer than a third of the window is there.
    """
    change = values.groupby(groups, sort=False).diff().abs()
    return rolling_quantile(change, groups, window, 0.5) * MAD_TO_SD / np.sqrt(2)


def rolling_quantile(values: pd.Series, groups: pd.Series, window: int, share: float) -> pd.Series:
    """Quantiles over a centred window that never reaches into a neighbouring group."""
    rolled = values.groupby(groups, sort=False).rolling(window, center=True, min_periods=max(2, window // 3))
    return rolled.quantile(share).droplevel(0).reindex(values.index)


def line_z(x: pd.Series, y: pd.Series, rounds: int = 4) -> tuple[pd.Series, pd.Series]:
    """Residuals of y around a line in x in robust standard deviations, and the line's own values.

    Least squares, refitted without what lies further than 2.5 spreads off; a fifth of odd points does not
    turn the line. NaN where x or y is missing.
    """
    both = x.notna() & y.notna() & np.isfinite(x) & np.isfinite(y)
    z = pd.Series(np.nan, index=y.index, dtype=float)
    fitted = z.copy()
    if both.sum() < 3:
        return z, fitted
    a, b = x[both].to_numpy(float), y[both].to_numpy(float)
    slope, level = 0.0, float(np.median(b))
    for _ in range(rounds):
        off = b - (level + slope * a)
        near = np.abs(off - np.median(off)) <= 2.5 * max(robust_spread(off), 1e-9)
        slope, level = _line(a[near], b[near])
    off = b - (level + slope * a)
    middle = float(np.median(off))
    z[both] = (off - middle) / max(robust_spread(off), 1e-9)
    fitted[both] = level + slope * a + middle
    return z, fitted


def _line(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Least squares; flat where all x are the same."""
    varied = float(np.var(a))
    slope = float(np.mean((a - a.mean()) * (b - b.mean()))) / varied if varied > 1e-12 else 0.0
    return slope, float(b.mean() - slope * a.mean())
