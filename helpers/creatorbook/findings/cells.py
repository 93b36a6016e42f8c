"""A cell of a table as a reader sees it, on a page and in a notebook."""

from __future__ import annotations

from typing import Any

import pandas as pd

from creatorbook.findings.formats import Formats


def cell(value: Any, column: Any, formats: Formats) -> str:
    """One table cell as text; a missing figure reads as its column says, a missing text is left empty."""
    if isinstance(value, str):
        return value
    missing = value is None or pd.isna(value)
    if column.unit == "text":
        return "" if missing else str(value)
    if missing:
        return formats.words(column.missing)
    if column.unit == "date":
        return formats.day(value)
    return formats.value(
        float(value), column.unit if column.unit in {"money", "percent"} else "number", column.digits
    )
