"""A panel of unit × date × value, made ready for a comparison: one column per unit, gaps told or filled.

Nothing here knows what the units are: products, markets, stores, regions, or whole series.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

#: an untouched unit that lacks a larger share of the dates is left out
LARGEST_GAP = 0.1


@dataclass(frozen=True)
class Wide:
    """What is compared, by date.

    Attributes:
        dates: the dates on which the treated units were counted, up to the end of the comparison.
        treated: sum of the treated units.
        others: one column per untouched unit.
        inside: which dates belong to the comparison.
    """

    dates: pd.DatetimeIndex
    treated: np.ndarray
    others: pd.DataFrame
    inside: np.ndarray

    def usual(self, growth: float) -> np.ndarray:
        """The treated series with a lift taken out of the comparison; `growth` is its logarithm."""
        return np.where(self.inside, self.treated * np.exp(-growth), self.treated)


def by_unit(
    panel: pd.DataFrame, unit: str = "unit", date: str = "date", value: str = "value"
) -> pd.DataFrame:
    """One row per date and one column per unit; rows of the same unit and date are added up.

    Raises:
        ValueError: a column is missing, a date is none, or a value is no number.
    """
    if lacking := [name for name in (unit, date, value) if name not in panel]:
        raise ValueError(f"the panel has no column {', '.join(map(repr, lacking))}")
    values = pd.to_numeric(panel[value]).to_numpy(dtype=float, na_value=np.nan)
    days, dates = pd.factorize(pd.to_datetime(panel[date]).dt.normalize(), sort=True)
    places, units = pd.factorize(panel[unit], sort=True)
    usable = np.isfinite(values) & (days >= 0) & (places >= 0)
    cell = days[usable] * len(units) + places[usable]
    shape = (len(dates), len(units))
    sums = np.bincount(cell, values[usable], minlength=shape[0] * shape[1]).reshape(shape)
    seen = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    frame = pd.DataFrame(
        np.where(seen > 0, sums, np.nan), pd.DatetimeIndex(dates), [str(one) for one in units]
    )
    return frame.loc[(seen > 0).any(axis=1), (seen > 0).any(axis=0)]


def wide(
    unit_series: pd.DataFrame,
    treated: Collection[Any],
    start: date,
    end: date,
    others: Collection[Any] | None = None,
) -> Wide:
    """The treated units' sum and the untouched units, on the dates all treated units were counted.

    Args:
        unit_series: from `by_unit`.
        treated: names of the treated units.
        start, end: first and last date of the comparison; later dates are not used.
        others: the untouched units; `None` means all that are not treated.

    A single gap of an untouched unit is filled with its mean times what the other units made of that date.

    Raises:
        ValueError: a unit is not in the panel, or no date lies before or in the comparison.
    """
    names = [str(name) for name in treated]
    rest = (
        [name for name in unit_series if name not in set(names)]
        if others is None
        else [str(one) for one in others]
    )
    if absent := [name for name in (*names, *rest) if name not in unit_series]:
        raise ValueError(f"not in the panel: {', '.join(absent[:5])}")
    if not names:
        raise ValueError("no unit is treated")
    unit_series = unit_series[unit_series.index <= pd.Timestamp(end)]
    unit_series = unit_series[unit_series[names].notna().all(axis=1)]
    inside = np.asarray(unit_series.index >= pd.Timestamp(start))
    if not inside.any() or inside.all():
        where = "in" if not inside.any() else "before"
        raise ValueError(f"no date on which every treated unit was counted lies {where} the comparison")
    return Wide(
        pd.DatetimeIndex(unit_series.index),
        unit_series[names].sum(axis=1).to_numpy(),
        _usable(unit_series[rest], inside),
        inside,
    )


def _usable(rest: pd.DataFrame, inside: np.ndarray) -> pd.DataFrame:
    """Untouched units with enough dates, counted before as well as in the comparison; gaps are filled."""
    good = (
        (rest.isna().mean() <= LARGEST_GAP)
        & (rest[~inside].mean() > 0)
        & (rest[inside].mean() > 0)
        & (rest.std() > 0)
    )
    return gaps_filled(rest.loc[:, good])


def gaps_filled(values: pd.DataFrame) -> pd.DataFrame:
    """Dates × units with each gap filled: the unit's mean times what the other units made of that date over theirs."""
    if not values.isna().to_numpy().any():
        return values
    of_the_date = (values / values.mean()).mean(axis=1).fillna(1.0)
    return values.fillna(pd.DataFrame(np.outer(of_the_date, values.mean()), values.index, values.columns))
