"""Rounding, in one place: figures to the nearest, the ends of a range outwards.

A range never reads narrower than it is, so its low end goes down and its high end up; what stands on a step already
stays there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

#: what a number is in a range: its lower end, its upper end, or a figure of its own
End = Literal["", "low", "high"]
#: so close to a step of the last digit, of the number or of the step, it counts as standing on it: sums are no closer
SAME = 1e-9
#: a share's range narrower than so many points reads as one or two whole ones: there is a digit more to say
NARROW = 0.02


def places_of(unit: str, digits: int) -> int:
    """Decimals of the number itself: a share printed in per cent has two more."""
    return digits + 2 if unit == "percent" else digits


def end_of(column: str) -> End:
    """What a column of a table holds, by its name: `low` and `orders_low` are lower ends, `high` upper ones."""
    name = column.rpartition("_")[2]
    return "low" if name == "low" else "high" if name == "high" else ""


def rounded_values(values: np.ndarray, places: int, end: End = "") -> np.ndarray:
    """Numbers rounded to so many decimals: to the nearest, or outwards as the end of a range; NaN and infinity stay."""
    values = np.asarray(values, dtype=float)
    nearest = np.round(values, places) + 0.0
    if not end:
        return nearest
    step = 10.0**-places
    outwards = -1.0 if end == "low" else 1.0
    with np.errstate(invalid="ignore"):  # infinity less itself
        too_narrow = outwards * (values - nearest) > SAME * np.maximum(np.abs(values), step)
    return np.where(too_narrow, np.round(nearest + outwards * step, places), nearest) + 0.0


def rounded_number(value: float, places: int, end: End = "") -> float:
    """One number; see `rounded_values`."""
    return float(rounded_values(np.array([value]), places, end)[0])


def rounded_ends(low: float, high: float, places: int) -> tuple[float, float]:
    """Both ends of a range, outwards; a range without any width is one number, rounded to the nearest."""
    if low == high:
        return (rounded_number(low, places),) * 2
    return rounded_number(low, places, "low"), rounded_number(high, places, "high")


def round_far(value: float, end: End = "") -> float:
    """Two leading digits of a number above 1: a forecast has no more; the ends of a range outwards."""
    if value == 0:
        return 0.0
    places = -max(0, int(np.floor(np.log10(abs(value)))) - 1)
    return rounded_number(value, places, end)


def far_ends(low: float, high: float) -> tuple[float, float]:
    """A forecast's range, with the digits that it has."""
    return round_far(low, "low"), round_far(high, "high")


def rounded_columns(values: Mapping[str, np.ndarray], places: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Columns of a table by their names: ends of ranges outwards, but where a row's range has no width."""
    made = {}
    for name, column in values.items():
        end = end_of(name)
        made[name] = rounded_values(column, places[name], end)
        other = name.removesuffix(end) + ("high" if end == "low" else "low")
        if end and other in values:
            made[name] = np.where(column == values[other], rounded_values(column, places[name]), made[name])
    return made


def digits_of_share(digits: int, low: float | None, high: float | None) -> int:
    """Digits of a share in per cent: one instead of none, where its range is so narrow that it has more to say."""
    if digits or low is None or high is None:
        return digits
    return 1 if 0 < high - low < NARROW else 0
