"""Exact money: sums are made in whole cents, so that rungs add up and repeat to the cent."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd


def cents(amount: float) -> int:
    """An amount in whole cents, halves away from zero, as a cashier rounds."""
    return int(math.copysign(math.floor(abs(amount) * 100 + 0.5 + 1e-9), amount))


def total(amounts: Iterable[float] | pd.Series) -> float | None:
    """The exact sum of what is there; `None` if nothing is, because missing is not zero."""
    values = np.asarray(list(amounts), dtype=float)
    values = values[~np.isnan(values)]
    return int(np.rint(values * 100).astype(np.int64).sum()) / 100 if len(values) else None
