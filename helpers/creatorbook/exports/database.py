"""The embedded database that reads files: in memory, nothing installed or loaded from outside, no server."""

from __future__ import annotations

import os
from functools import cache

import duckdb

from creatorbook import rooms
from creatorbook.exports.parse import MACROS, link_macros

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "2",
    "memory_limit": "1400MB",
    # a list of words in a cell's expression would become a join of every column with that list
    "disabled_optimizers": "in_clause",
}


def connect() -> duckdb.DuckDBPyConnection:
    """A connection of its own: its temporary tables are seen by nobody else and end with it."""
    return _database(os.getpid()).cursor()


def connect_to_read() -> duckdb.DuckDBPyConnection:
    """A connection that knows how cells are read."""
    return _database_to_read(os.getpid()).cursor()


def release() -> None:
    """Give back the memory that reading large files took: the database of this process is made anew when asked for."""
    _database_to_read.cache_clear()
    _database.cache_clear()


@cache
def _database(_process: int) -> duckdb.DuckDBPyConnection:
    """One database per process: a forked child must not use its parent's."""
    made = duckdb.connect(":memory:", config=SETTINGS)
    made.execute("SET temp_directory = ?", [str(rooms.own_room() / "spill")])
    return made


@cache
def _database_to_read(process: int) -> duckdb.DuckDBPyConnection:
    """The same, once it knows how cells are read; who only looks into stored tables need not wait for that."""
    return _database(process).execute(MACROS + link_macros())
