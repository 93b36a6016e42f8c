"""The canonical tables: every export becomes one of these, whatever platform it came from.

Each table is declared once, in `declared`. Readers cast to these kinds in SQL while reading; `conform` holds
pandas frames to them. Missing values stay missing: `NaN`, `NaT` or `<NA>`, never 0.
"""

from __future__ import annotations

from creatorbook.tables.declared import TABLES, TOLD_BY_ORDER
from creatorbook.tables.frames import Tables, conform, empty
from creatorbook.tables.kinds import PANDAS_TYPES, SQL_TYPES, CanonicalColumn, CanonicalTable, Kind

__all__ = [
    "PANDAS_TYPES",
    "SQL_TYPES",
    "TABLES",
    "TOLD_BY_ORDER",
    "CanonicalColumn",
    "CanonicalTable",
    "Kind",
    "Tables",
    "conform",
    "empty",
]
