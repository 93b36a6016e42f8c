"""A client's tables as they lie in the cache: each is read when a step first asks for it, and kept from then on.

What no step asks for is never in memory, and rows dated after the day of the report are never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd

from creatorbook.exports import parse
from creatorbook.exports.database import connect
from creatorbook.problems import Problem, short_of
from creatorbook.tables import PANDAS_TYPES, TABLES, CanonicalTable, Tables, conform, empty

#: rows are fetched in parts of so many vectors of 2,048 rows, so that a large table is never held twice
VECTORS = 100
FEW_ROWS = 20_000  #: rows that take little memory, however often their texts come again


@dataclass(frozen=True)
class Frames(Mapping[str, pd.DataFrame]):
    """Table → its frame, read from its Parquet file when it is first looked up.

    Attributes:
        files: table → the Parquet file that holds it.
        until: the last day whose rows are known; `None` means all.
    """

    files: Mapping[str, Path]
    until: date | None = None
    _read: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._read:
            self._read[name] = _frame(TABLES[name], self.rows(name), self.files[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def __contains__(self, name: object) -> bool:
        return name in self.files

    def in_memory(self, name: str) -> bool:
        """Whether some step has asked for this table."""
        return name in self._read

    def rows(self, name: str) -> str:
        """SQL: the table's rows that are known."""
        when, source = TABLES[name].when, f"read_parquet({parse.text(str(self.files[name]))})"
        if when is None or self.until is None:
            return source
        end = f"TIMESTAMP '{self.until + timedelta(days=1)}'"
        return f"(FROM {source} WHERE {parse.name(when)} IS NULL OR {parse.name(when)} < {end})"


@dataclass(frozen=True)
class StoredTables(Tables):
    """Tables of the cache; questions that need no frame are answered from the file."""

    frames: Frames = field(default_factory=lambda: Frames({}))

    def has(self, table: str, *columns: str) -> bool:
        """Whether some file brought rows of this table, with a value in each of these columns."""
        if table not in self.frames or self.frames.in_memory(table):
            return super().has(table, *columns)
        filled = ", ".join(f"count({parse.name(column)}) > 0" for column in columns)
        query = f"SELECT count(*) > 0{filled and ', '}{filled} FROM {self.frames.rows(table)}"
        return all(_one(query, self.frames.files[table]))

    def last_moment(self, table: str) -> pd.Timestamp | None:
        """The last moment a table's rows are dated with; `None` if no row has a date."""
        when = TABLES[table].when
        query = f"SELECT max({parse.name(when or '')}) FROM {self.frames.rows(table)}"
        (last,) = _one(query, self.frames.files[table])
        return None if last is None else pd.Timestamp(last)

    def until(self, day: date) -> StoredTables:
        """The tables as they were known at the end of a day."""
        last = self.frames.until
        return StoredTables(Frames(self.frames.files, day if last is None else min(day, last)))


def _one(query: str, file: Path) -> tuple[object, ...]:
    with _reading(file) as connection:
        row: tuple[object, ...] | None = connection.execute(query).fetchone()
    return row or ()


def _frame(table: CanonicalTable, rows: str, file: Path) -> pd.DataFrame:
    """Rows as a frame of the declared kinds; money leaves SQL as a float that holds whole cents."""
    columns = ", ".join(
        f"CAST({name} AS DOUBLE) AS {name}" if PANDAS_TYPES[kind] == "float64" else name
        for name, kind in ((parse.name(column.name), column.kind) for column in table.columns)
    )
    shared = _Shared(table)
    with _reading(file) as connection:
        result = connection.execute(f"SELECT {columns} FROM {rows}")
        parts = [shared.of(conform(part, table)) for part in _fetched(result)]
    if not parts:
        return empty(table)
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def _fetched(result: duckdb.DuckDBPyConnection) -> Iterator[pd.DataFrame]:
    while len(part := result.fetch_df_chunk(VECTORS)):
        yield part


@contextmanager
def _reading(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to ask about a file of the cache; what goes wrong is told by its cause."""
    connection = connect()
    try:
        yield connection
    except duckdb.Error as error:
        if short := short_of(error):
            raise short from error
        state = "damaged" if file.exists() else "no longer there"
        raise Problem(
            f"what was read from the exports is {state} in the cache",
            todo="Run the notebook from its first cell on, or the command again; the exports are read again.",
        ) from error
    finally:
        connection.close()


class _Shared:
    """Texts that come again (countries, codes, handles) are held once, however many rows carry them."""

    def __init__(self, table: CanonicalTable) -> None:
        self._shared: dict[str, dict[str, str]] = {c.name: {} for c in table.columns if c.kind == "text"}

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The same rows; a column of which more than half are different texts is left as it is from then on."""
        if len(rows) < FEW_ROWS:
            return rows
        for name, shared in list(self._shared.items()):
            places, texts = pd.factorize(rows[name])
            if len(texts) > len(rows) / 2:
                del self._shared[name]
                continue
            once = pd.array([shared.setdefault(text, text) for text in texts], dtype=rows[name].dtype)
            rows[name] = once.take(places, allow_fill=True)
        return rows
