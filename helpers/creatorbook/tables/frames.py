"""Frames that hold to the canonical tables (their schema), and all tables of one client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

import pandas as pd

from creatorbook.tables.declared import TABLES
from creatorbook.tables.kinds import DTYPES, CanonicalTable


def empty(table: CanonicalTable) -> pd.DataFrame:
    """A frame with the table's columns and no row."""
    return conform(pd.DataFrame(), table)


@cache
def _empty(name: str) -> pd.DataFrame:
    return empty(TABLES[name])


def conform(frame: pd.DataFrame, table: CanonicalTable) -> pd.DataFrame:
    """The frame with exactly the table's columns, in order and of the declared kinds.

    A column the frame lacks is there and all missing; a column the table does not declare is dropped.

    Raises:
        ValueError: a value cannot be what the column's kind says.
    """
    columns = {}
    for column in table.columns:
        values = frame[column.name] if column.name in frame else pd.Series(None, index=frame.index)
        dtype = DTYPES[column.kind]
        if values.dtype != dtype:
            values = pd.to_datetime(values) if column.kind in {"date", "moment"} else values
            values = values.astype(dtype)
        columns[column.name] = values
    return pd.DataFrame(columns, index=frame.index)


@dataclass(frozen=True)
class Tables:
    """All canonical tables of one client; `tables.orders` is a frame, empty if no file brought any."""

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name not in TABLES:
            raise AttributeError(f"no canonical table is called {name!r}")
        return self.frames[name] if name in self.frames else _empty(name).copy()

    def __iter__(self) -> Iterator[str]:
        return iter(self.frames)

    def has(self, table: str, *columns: str) -> bool:
        """Whether some file brought rows of this table, with a value in each of these columns."""
        if table in TABLES and table not in self.frames:
            return False
        frame = getattr(self, table)
        return len(frame) > 0 and all(bool(frame[column].notna().any()) for column in columns)

    def last_moment(self, table: str) -> pd.Timestamp | None:
        """The last moment a table's rows are dated with; `None` if no row has a date."""
        last = self.frames[table][TABLES[table].when].max()
        return None if pd.isna(last) else last

    def until(self, day: date) -> Tables:
        """The tables as they were known at the end of a day: rows dated later are left out."""
        cut = pd.Timestamp(day) + pd.Timedelta(days=1)
        frames = {}
        for name, frame in self.frames.items():
            when = TABLES[name].when
            frames[name] = frame if when is None else frame[~(frame[when] >= cut)]
        return replace(self, frames=frames)
