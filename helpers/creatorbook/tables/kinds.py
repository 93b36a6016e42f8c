"""What a canonical table is: columns with a kind (data type) and a meaning, an entry of the data dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

Kind = Literal["text", "number", "whole", "money", "rate", "date", "moment", "flag"]


#: kind → type in DuckDB. Money is exact to the cent while it is summed in SQL.
SQL_TYPES: dict[Kind, str] = {
    "text": "VARCHAR",
    "number": "DOUBLE",
    "whole": "BIGINT",
    "money": "DECIMAL(18,2)",
    "rate": "DOUBLE",
    "date": "DATE",
    "moment": "TIMESTAMP",
    "flag": "BOOLEAN",
}


#: kind → dtype in pandas. Counts are floats so that a missing count can be NaN; money is a float
#: that always holds whole cents (see `money.total` for sums).
PANDAS_TYPES: dict[Kind, str] = {
    "text": "str",
    "number": "float64",
    "whole": "float64",
    "money": "float64",
    "rate": "float64",
    "date": "datetime64[us]",
    "moment": "datetime64[us]",
    "flag": "boolean",
}


DTYPES = {kind: pd.api.types.pandas_dtype(dtype) for kind, dtype in PANDAS_TYPES.items()}


@dataclass(frozen=True)
class CanonicalColumn:
    """One column: its kind and its meaning (with the unit, where it has one)."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True)
class CanonicalTable:
    """One canonical table.

    Attributes:
        name: how steps and mappings call it.
        meaning: one row is …
        columns: in order.
        required: columns a file must bring to be this table at all.
        when: the date or moment column that says when a row became known, if rows have one.
    """

    name: str
    meaning: str
    columns: tuple[CanonicalColumn, ...]
    required: tuple[str, ...] = ()
    when: str | None = None

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [column.name for column in self.columns]

    def __getitem__(self, name: str) -> CanonicalColumn:
        return next(column for column in self.columns if column.name == name)


def table(name: str, meaning: str, required: str, when: str | None, columns: str) -> CanonicalTable:
    """Read the compact declaration below: one `name kind meaning …` line per column."""
    rows = [line.split(maxsplit=2) for line in columns.strip().splitlines()]
    made = tuple(CanonicalColumn(name, kind, meaning) for name, kind, meaning in rows)  # type: ignore[arg-type]
    return CanonicalTable(name, meaning, made, tuple(required.split()), when)
