"""Frames as plain JSON and back: a list of values and a dtype per column.

pandas' own `orient="table"` says the same, but takes a few milliseconds per frame each way, and a report has
dozens. Floats keep all their digits here; pandas rounds them to ten.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from creatorbook.findings.messages import Wording, as_json, from_json


def to_plain(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Column → dtype and values; what is missing or infinite is null. The index is left out."""
    return {
        str(name): {"dtype": str(column.dtype), "values": _values(column)} for name, column in frame.items()
    }


def from_plain(columns: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """The frame that `to_plain` made plain; dates among objects come back as ISO text."""
    return pd.DataFrame({name: _column(each["values"], each["dtype"]) for name, each in columns.items()})


def _values(column: pd.Series) -> list[Any]:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)
    if column.dtype.kind == "M":
        return [None if text == "NaT" else text for text in np.datetime_as_string(column.to_numpy()).tolist()]
    return [_plain(value) for value in column.tolist()]


def _plain(value: Any) -> Any:
    """One value as JSON has it."""
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Wording):
        return as_json(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, np.generic):
        return _plain(value.item())
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _column(values: list[Any], dtype: str) -> pd.Series | ExtensionArray:
    if dtype.startswith("datetime64"):
        unit, _, zone = dtype.removeprefix("datetime64[").removesuffix("]").partition(", ")
        moments = pd.array(np.array([value or "NaT" for value in values], dtype=f"datetime64[{unit}]"))
        return moments.tz_localize("UTC").tz_convert(zone) if zone else moments
    if dtype in {"object", "category"}:  # an array of objects would be taken for texts
        return pd.Series([from_json(v) if isinstance(v, dict) else v for v in values], dtype=object)
    return pd.array(values, dtype=dtype)
