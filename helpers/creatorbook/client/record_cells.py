"""Days and numbers in the files that acts write: read as such, or refused with file, line and column."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from creatorbook.problems import Problem


def refuse_no_day(path: Path, line: int, column: str, text: str) -> None:
    """Raise a Problem where a cell is not a day."""
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Problem(f"“{text}” is not a day", path, line, column, todo="Write it as 2026-03-29.") from None


def refuse_no_number(path: Path, line: int, column: str, text: str) -> None:
    """Raise a Problem where a cell is not a finite number."""
    try:
        finite = math.isfinite(float(text))
    except ValueError:
        finite = False
    if not finite:
        todo = "Write it with a point and no thousands separator, as 1234.5."
        raise Problem(f"“{text}” is not a number", path, line, column, todo=todo)


def as_cells(values: Mapping[str, Any]) -> dict[str, str]:
    """A row as it is written: days as 2026-03-01, numbers with six digits, what is not known empty."""
    row = {}
    for name, value in values.items():
        if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
            row[name] = ""
        elif isinstance(value, date):
            row[name] = value.isoformat()[:10]
        else:
            row[name] = f"{value:.6g}" if isinstance(value, float | int) else str(value)
    return row


def typed(frame: pd.DataFrame, days: Iterable[str], numbers: Iterable[str]) -> pd.DataFrame:
    """A frame of texts with its days and numbers as such; empty cells are missing."""
    for name in days:
        frame[name] = pd.to_datetime(frame[name])
    for name in numbers:
        frame[name] = pd.to_numeric(frame[name]).astype("float64")
    return frame
