"""What was read lies in the cache until a step asks for it, and only as far as the report's day reaches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from unittest import mock

import duckdb
import pandas as pd
import pytest

from creatorbook.client import repository
from creatorbook.exports import cache, stored
from creatorbook.exports.stored import StoredTables
from creatorbook.problems import Problem
from creatorbook.tables import Tables
from shelf import read, shelf_folder  # noqa: F401 - a fixture

FILES = {
    "orders.csv": "order_id,ordered_at,total,currency,country\n#1,2026-03-01 10:00,10.00,EUR,DE\n"
    "#2,2026-03-05 23:59,20.00,EUR,DE\n#3,2026-03-06 00:00,30.00,EUR,DE\n",
    "clicks.csv": "date,handle,clicks,order_id\n2026-03-01,ana,1,\n2026-03-01,ana,1,#1\n2026-03-01,ana,1,\n"
    "2026-03-02,ana,1,\n2026-03-01,ben,2,\n",
}


@pytest.fixture
def tables(shelf: Path) -> StoredTables:
    """Three orders and five lines of a click log, in the cache."""
    told = read(shelf, FILES).tables
    assert isinstance(told, StoredTables)
    return told


def test_what_nobody_asks_for_is_not_in_memory(tables: StoredTables) -> None:
    """Whether there are rows, and of which day the last is, is told without reading the table."""
    assert tables.has("orders", "country")
    assert not tables.has("orders", "customer")
    assert not tables.has("sessions")
    assert tables.last_moment("orders") == pd.Timestamp("2026-03-06")
    assert not tables.frames.in_memory("orders")
    assert len(tables.orders) == 3
    assert tables.frames.in_memory("orders")
    assert not tables.frames.in_memory("clicks")
    assert tables.has("orders", "country")
    assert not tables.has("orders", "customer")


def test_later_rows_are_never_read(tables: StoredTables) -> None:
    """Known at the end of a day are the rows of that day, as in tables that are in memory."""
    known = tables.until(date(2026, 3, 5))
    assert known.orders.order_id.tolist() == ["#1", "#2"]
    assert known.last_moment("orders") == pd.Timestamp("2026-03-05 23:59")
    assert known.until(date(2026, 3, 9)).orders.order_id.tolist() == ["#1", "#2"]
    in_memory = Tables(dict(tables.frames)).until(date(2026, 3, 5))
    pd.testing.assert_frame_equal(known.orders, in_memory.orders)
    assert in_memory.last_moment("orders") == pd.Timestamp("2026-03-05 23:59")


def test_a_log_of_single_clicks_is_summed_by_day(tables: StoredTables) -> None:
    """Clicks per link and day; a click that led to an order stays a row of its own."""
    told = tables.clicks[["handle", "date", "clicks", "order_id"]]
    rows = [(row.handle, row.date.day, row.clicks, row.order_id) for row in told.fillna("").itertuples()]
    assert rows == [("ana", 1, 2.0, ""), ("ana", 1, 1.0, "#1"), ("ana", 2, 1.0, ""), ("ben", 1, 2.0, "")]


def test_a_large_table_is_read_in_parts(tables: StoredTables, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts change nothing, and a text that comes again is held once over all of them."""
    monkeypatch.setattr(stored, "FEW_ROWS", 0)
    whole = tables.orders
    held = stored.Frames(tables.frames.files)
    parts = [whole.iloc[:2].copy(), whole.iloc[2:].copy()]
    monkeypatch.setattr(stored, "_fetched", lambda _: parts)
    pd.testing.assert_frame_equal(held["orders"], whole)
    assert len({id(value) for value in held["orders"].country.array._ndarray}) == 1


def test_a_cache_that_is_gone_is_told(tables: StoredTables) -> None:
    """Somebody cleared the cache while a notebook was open: what to do, no traceback; what was read stays."""
    orders = tables.orders
    for path in (repository.CACHE / "tables").iterdir():
        path.unlink()
    assert tables.orders is orders
    with pytest.raises(Problem, match="no longer there"):
        _ = tables.clicks


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _zeros_inside(path: Path) -> None:
    """As a power cut leaves a file whose pages had not reached the disk."""
    content = bytearray(path.read_bytes())
    content[len(content) // 4 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 4)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_emptied, _cut_off, _zeros_inside, Path.unlink])
@pytest.mark.parametrize("kind", ["*.parquet", "*.json", "*"])
def test_a_damaged_cache_is_made_again(shelf: Path, kind: str, damage: Callable[[Path], object]) -> None:
    """Whatever was damaged, the exports are read again, in silence, and the cache is whole afterwards."""
    before = read(shelf, FILES).loaded()
    place = repository.CACHE / "tables"
    names = {path.name for path in place.iterdir()}
    for path in place.glob(kind):
        damage(path)
    again = read(shelf, FILES)
    assert again.receipts == before.receipts
    for name in before.tables.frames:
        pd.testing.assert_frame_equal(getattr(again.tables, name), getattr(before.tables, name))
    assert {path.name for path in place.iterdir()} == names
    assert cache.load_entry(next(path for path in place.glob("*.json"))) is not None


def test_an_entry_of_another_shape_is_no_entry(tmp_path: Path) -> None:
    """Nothing that can stand in a JSON file is taken for what we wrote, unless we wrote it."""
    for text in ("", "{", "[]", "null", "7", "{}", '{"files": []}', '{"files": {"a": 1}, "value": 1}'):
        (tmp_path / "entry.json").write_text(text)
        assert cache.load_entry(tmp_path / "entry.json") is None, text


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (duckdb.OutOfMemoryException("Out of Memory Error: failed to pin block"), "memory was not enough"),
        (duckdb.IOException("IO Error: Could not write file: No space left on device"), "the disk is full"),
        (duckdb.InvalidInputException("No magic bytes found"), "is damaged in the cache"),
    ],
)
def test_what_the_database_says_is_told_by_its_cause(
    tables: StoredTables, error: duckdb.Error, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too little memory or disk is not told as a cache that is gone."""
    connection = mock.Mock()
    connection.execute.side_effect = error
    monkeypatch.setattr(stored, "connect", lambda: connection)
    with pytest.raises(Problem, match=sentence):
        _ = tables.clicks
