"""What a reader is: it recognises a file by its columns and turns its records into canonical rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from creatorbook.exports import parse
from creatorbook.exports.layouts import Layout
from creatorbook.exports.recognise import Match, match


@dataclass(frozen=True)
class Options:
    """What the client folder says about how to read a file.

    Attributes:
        file: the file's name inside `exports/`, for messages.
        currency: the reporting currency.
        exchange_rates: one unit of another currency in the reporting currency.
        prices_include_tax: whether the shop's prices contain VAT or sales tax.
        market: the home market, a two-letter country code.
        key: for hashing personal identifiers.
        handle, platform: the account a file belongs to, where the file does not say.
        day_first: how `03/04/2026` is meant.
        starts_on, ends_on: the file's range, where its dates have no year.
        range_is_stated: whether that range comes from client.yml; if not, from the campaigns' dates.
        time_zone: where the client's days begin, if client.yml says so; else the market tells it.
        days_from: the calendar in which a spreadsheet counts days, 1900 or 1904.
        states: words for an order's state → what they mean, as client.yml says.
        total: what client.yml says of orders' totals: `lines` (the sum of an order's lines) or `without tax`.
        tax_rates: tax rate by the buyer's country; `""` is the home market's.
    """

    file: str
    currency: str
    exchange_rates: dict[str, float]
    prices_include_tax: bool
    market: str
    key: bytes
    handle: str | None = None
    platform: str | None = None
    day_first: bool | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    range_is_stated: bool = False
    days_from: int = 1900
    time_zone: str | None = None
    states: tuple[tuple[str, str], ...] = ()
    total: str | None = None
    tax_rates: dict[str, float] = field(default_factory=dict)


@dataclass
class Sheet:
    """One text table, loaded into DuckDB.

    `raw` is what comes after FROM for its records: a table or view with the columns `_record` (1 is the first
    record under the header) and, for each field of the match, the field's name with the cell as text. Records
    that cannot be read at all are not in it.
    Of a large file whose records are all regular, `raw` is a view of the Parquet file `cells`, of which the
    columns `tidy` hold no cell with space around it and none that stands for nothing.
    `records` counts everything under the header, also what is no record. `verbatim` are the columns of the table
    `typed` that hold their cells as they are. `saved_on` is the day on which the file was
    written last: nothing in it can be later. `links` are the fields looked through for links, and whether there are any;
    `rounded` are the identifiers looked through for numbers that a spreadsheet rounded, and SQL for those; `words` are
    the different words of a field in `raw`, each with how many records have it, where they were asked for; `evidence` is
    how the numbers of a field in `raw` look, likewise.
    """

    connection: duckdb.DuckDBPyConnection
    layout: Layout
    header: tuple[str, ...]
    match: Match
    options: Options
    preamble: tuple[str, ...] = ()
    saved_on: date | None = None
    notes: list[str] = field(default_factory=list)
    unreadable: dict[str, int] = field(default_factory=dict)
    currency: str | None = None
    time_zone: str | None = None
    raw: str = "raw"
    cells: Path | None = None
    tidy: frozenset[str] = frozenset()
    records: int = 0
    verbatim: frozenset[str] = frozenset()
    links: dict[str, bool] = field(default_factory=dict)
    rounded: dict[str, str] = field(default_factory=dict)
    words: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    evidence: dict[tuple[str, str], parse.Evidence] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Whether the file has a column for a field."""
        return name in self.match.fields

    def cell(self, name: str) -> str:
        """SQL for a field's cell as text; NULL if the file has no such column."""
        return parse.name(name) if self.has(name) else "CAST(NULL AS VARCHAR)"

    def header_of(self, name: str) -> str:
        """The file's own name for a field's column."""
        return self.header[self.match.fields[name]].strip()

    def note_once(self, text: str) -> None:
        """Add a remark to the receipt, unless it is there already: a column may be read more than once."""
        if text not in self.notes:
            self.notes.append(text)

    def one(self, query: str, *parameters: object) -> tuple[Any, ...]:
        """The single row of a query."""
        return self.connection.execute(query, parameters).fetchone() or ()


@dataclass
class Rows:
    """What reading a sheet gave.

    Attributes:
        tables: canonical table → the DuckDB table that holds it, with `_record` (first record behind a
            row) and `_records` (how many records are behind it) besides the canonical columns.
        kept: how many records are behind the tables' rows. The others are in the temporary table
            `rejected` (see that module).
        files: canonical table → the Parquet file that already holds its rows, where one was written.
    """

    tables: dict[str, str]
    kept: int
    files: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """One kind of file.

    Attributes:
        name: how a mapping in client.yml calls it.
        label: what people in the trade call the file.
        whose: who has it.
        tables: canonical tables it fills.
        layout: its columns and what the absence of each costs.
        recognise: column names in, how they fit out; None if this is another kind of file.
        read: a sheet in, rows out.
    """

    name: str
    label: str
    whose: str
    tables: tuple[str, ...]
    layout: Layout
    recognise: Callable[[Sequence[str]], Match | None]
    read: Callable[[Sheet], Rows]


def layout_reader(layout: Layout, read: Callable[[Sheet], Rows]) -> Reader:
    """The reader of a layout that is recognised by its columns alone."""
    return Reader(
        layout.name,
        layout.label,
        layout.whose,
        layout.tables,
        layout,
        lambda header: match(layout, header),
        read,
    )
