"""How fast a large Shopify orders file becomes canonical tables, against a bare copy and against careful pandas.

Prints what it measures (`pytest -s -m slow tests/benchmarks/test_exports_speed.py`); EXPORT_ROWS changes the size. Each
measurement is a process of its own, so that its peak memory is its own. Times on a busy machine say little: the
ratios are of runs one after the other.
"""

# ruff: noqa: S608 - the SQL is made of expressions written here
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from benchmarks import careful_pandas
from creatorbook import exports
from creatorbook.client import read_client, repository
from creatorbook.exports import loading
from shelf import KEY, make_client

ROWS = int(os.environ.get("EXPORT_ROWS", "10000000"))
HEADER = [
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfillment Status",
    "Fulfilled at",
    "Accepts Marketing",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Discount Code",
    "Discount Amount",
    "Shipping Method",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem compare at price",
    "Lineitem sku",
    "Lineitem requires shipping",
    "Lineitem taxable",
    "Lineitem fulfillment status",
    "Billing Name",
    "Billing Street",
    "Billing Address1",
    "Billing Address2",
    "Billing Company",
    "Billing City",
    "Billing Zip",
    "Billing Province",
    "Billing Country",
    "Billing Phone",
    "Shipping Name",
    "Shipping Street",
    "Shipping Address1",
    "Shipping Address2",
    "Shipping Company",
    "Shipping City",
    "Shipping Zip",
    "Shipping Province",
    "Shipping Country",
    "Shipping Phone",
    "Notes",
    "Note Attributes",
    "Cancelled at",
    "Payment Method",
    "Payment Reference",
    "Refunded Amount",
    "Vendor",
    "Outstanding Balance",
    "Employee",
    "Location",
    "Device ID",
    "Id",
    "Tags",
    "Risk Level",
    "Source",
    "Lineitem discount",
    "Tax 1 Name",
    "Tax 1 Value",
    "Tax 2 Name",
    "Tax 2 Value",
    "Tax 3 Name",
    "Tax 3 Value",
    "Tax 4 Name",
    "Tax 4 Value",
    "Tax 5 Name",
    "Tax 5 Value",
    "Phone",
    "Receipt Number",
    "Duties",
    "Billing Province Name",
    "Shipping Province Name",
    "Payment ID",
    "Payment Terms Name",
    "Next Payment Due At",
    "Payment References",
]

_ADDRESS = {
    "Name": "concat('Kim Muster ', o % 977)",
    "Street": "concat('Musterweg ', o % 311)",
    "Address1": "concat('Musterweg ', o % 311)",
    "City": "concat('Stadt ', o % 211)",
    "Zip": "concat('''', 10000 + o % 80000)",
    "Province": "CASE WHEN o % 3 = 0 THEN 'HH' END",
    "Country": "CASE WHEN o % 5 = 0 THEN 'FR' WHEN o % 5 = 1 THEN 'AT' ELSE 'DE' END",
}
#: cells of an order, as SQL over its number `o`; they stand on its first record
ORDER = {
    "Email": "concat('buyer', hash(o) % 4000000, '@shop.example')",
    "Financial Status": "CASE WHEN o % 9 = 0 THEN 'partially_refunded' ELSE 'paid' END",
    "Paid at": "moment",
    "Fulfillment Status": "'fulfilled'",
    "Fulfilled at": "moment",
    "Accepts Marketing": "'no'",
    "Currency": "'EUR'",
    "Subtotal": "printf('%.2f', total)",
    "Shipping": "'4.90'",
    "Taxes": "printf('%.2f', total * 0.19 / 1.19)",
    "Total": "printf('%.2f', total + 4.9)",
    "Discount Code": "CASE WHEN o % 6 = 0 THEN concat('CREATOR', o % 40) END",
    "Discount Amount": "CASE WHEN o % 6 = 0 THEN '5.00' ELSE '0.00' END",
    "Shipping Method": "'Standard'",
    "Created at": "moment",
    **{f"{whose} {cell}": value for whose in ("Billing", "Shipping") for cell, value in _ADDRESS.items()},
    "Note Attributes": "CASE WHEN o % 8 = 0 THEN concat('utm_source: instagram', chr(10), 'utm_content: h', o % 60) END",
    "Cancelled at": "CASE WHEN o % 50 = 0 THEN moment END",
    "Payment Method": "'Shopify Payments'",
    "Payment Reference": "concat('c', o)",
    "Refunded Amount": "CASE WHEN o % 9 = 0 THEN '19.90' ELSE '0.00' END",
    "Id": "5000000000000 + o",
    "Risk Level": "'Low'",
    "Source": "'web'",
    "Tax 1 Name": "'DE MwSt 19%'",
    "Tax 1 Value": "printf('%.2f', total * 0.19 / 1.19)",
}
#: cells of a line, as SQL over the record's number `i`
LINE = {
    "Name": "concat('#', 90000000 - o)",
    "Lineitem quantity": "1 + i % 3",
    "Lineitem name": "concat('Dress ', i % 900, ', size ', i % 7)",
    "Lineitem price": "printf('%.2f', 9.9 + (i * 7) % 120)",
    "Lineitem sku": "concat('SKU-', i % 900)",
    "Lineitem requires shipping": "'true'",
    "Lineitem taxable": "'true'",
    "Lineitem fulfillment status": "'fulfilled'",
    "Vendor": "'Testbrand'",
    "Lineitem discount": "'0.00'",
}

_TOLD = """
import json, resource, sys, time
began, spent = time.perf_counter(), time.process_time()
{body}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
print(json.dumps([time.perf_counter() - began, time.process_time() - spent, peak]))
"""
_BARE = """
import duckdb
duckdb.connect(config={{"threads": 2}}).execute("COPY (SELECT * FROM read_csv('{file}', all_varchar=true)) TO '{room}/bare.parquet'")
"""
_OURS = """
from pathlib import Path
from benchmarks import careful_pandas
from creatorbook import exports
from creatorbook.client import repository
from creatorbook.client import read_client
repository.CACHE = Path('{room}/cache')
client = read_client(Path('{room}/client'))
began, spent = time.perf_counter(), time.process_time()
read = exports.read_folder(client)  # frames are loaded when a step asks for them, which is another matter
assert read.receipts[0].kept == {rows}, read.receipts
"""
_PANDAS = """
from pathlib import Path
from benchmarks import careful_pandas
began, spent = time.perf_counter(), time.process_time()
orders, lines, unread = careful_pandas.read(Path('{file}'), {key!r})
assert len(lines) == {rows}, unread
"""


def write_orders(path: Path, rows: int) -> None:
    """A Shopify orders export: eight records are five orders, of 1, 1, 1, 2 and 3 lines."""
    cells = {h: f"CASE WHEN start THEN CAST({value} AS VARCHAR) END" for h, value in ORDER.items()}
    columns = ", ".join(f'CAST({ {**cells, **LINE}.get(h, "NULL") } AS VARCHAR) AS "{h}"' for h in HEADER)
    records = (
        "SELECT i, 5 * (i // 8) + [0, 1, 2, 3, 3, 4, 4, 4][i % 8 + 1] AS o, i % 8 NOT IN (4, 6, 7) AS start "
        f"FROM range({rows}) t(i)"
    )
    day = "strftime(TIMESTAMP '2026-06-30 22:00:00' - o * INTERVAL 1 SECOND, '%Y-%m-%d %H:%M:%S +0200')"
    duckdb.sql(
        f"COPY (SELECT {columns} FROM (SELECT *, 30 + (o * 13) % 200 + 0.5 AS total, {day} AS moment "
        f"FROM ({records}))) TO '{path}' (FORMAT csv, HEADER)"
    )


def measured(body: str, **told: object) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak MB of a script in a process of its own."""
    script = _TOLD.format(body=body.format(**told))
    place = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, env=place
    )
    assert run.returncode == 0, run.stderr
    seconds, spent, peak = json.loads(run.stdout.splitlines()[-1])
    return seconds, spent, peak


def make_orders(room: Path, rows: int) -> Path:
    """A client with one file of so many records."""
    make_client(room / "client", {"orders.csv": ""})
    file = room / "client" / "exports" / "orders.csv"
    write_orders(file, rows)
    return file


def read_orders(room: Path, rows: int) -> tuple[float, float, float]:
    """That file read to canonical tables in an empty cache."""
    shutil.rmtree(room / "cache", ignore_errors=True)
    return measured(_OURS, room=room, rows=rows)


def show(title: str, runs: dict[str, tuple[float, float, float]], ratios: dict[str, tuple[str, str]]) -> None:
    """Print what was measured, and how one relates to another."""
    print(f"\n{title}: seconds, processor seconds, peak MB")
    for name, (seconds, spent, peak) in runs.items():
        print(f"  {name:18} {seconds:8.1f} {spent:8.1f} {peak:8.0f}")
    for name, (one, other) in ratios.items():
        wall, spent = (runs[one][i] / runs[other][i] for i in (0, 1))
        print(f"  ratio {name:25} {wall:6.2f} wall {spent:6.2f} processor")


@pytest.mark.slow
def test_a_million_records_against_pandas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each three times in turn; of each the quickest run counts, which the rest of the machine disturbed least.

    Before the large file, whose gigabytes are still being written to the disk for a while afterwards.
    """
    rows = min(ROWS, 1_000_000)
    file = make_orders(tmp_path, rows)
    runs: dict[str, tuple[float, float, float]] = {}
    for _ in range(3):
        for name, one in (
            ("canonical tables", read_orders(tmp_path, rows)),
            ("careful pandas", measured(_PANDAS, file=file, key=KEY.encode(), rows=rows)),
            ("bare COPY", measured(_BARE, file=file, room=tmp_path)),
        ):
            runs[name] = tuple(map(min, one, runs.get(name, one)))  # type: ignore[assignment]
    with capsys.disabled():
        show(
            f"{rows:,} records, load {os.getloadavg()[0]:.1f}",
            runs,
            {
                "to pandas (goal 0.5)": ("canonical tables", "careful pandas"),
                "to bare COPY": ("canonical tables", "bare COPY"),
            },
        )
    assert 2 * runs["canonical tables"][0] <= runs["careful pandas"][0]


@pytest.mark.slow
def test_a_large_orders_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Against a bare copy of the same file to Parquet, and against a quarter of it; peak memory."""
    runs = {}
    for name, rows in (("a quarter", ROWS // 4), ("canonical tables", ROWS)):
        file = make_orders(tmp_path / name, rows)
        size = file.stat().st_size
        runs[name] = read_orders(tmp_path / name, rows)
        shutil.rmtree(tmp_path / name / "cache")
        if rows < ROWS:
            file.unlink()
    runs["bare COPY"] = measured(_BARE, file=file, room=tmp_path)
    shutil.rmtree(tmp_path)  # gigabytes that pytest would keep
    with capsys.disabled():
        show(
            f"{ROWS:,} records, {size / 2**30:.2f} GB, load {os.getloadavg()[0]:.1f}",
            runs,
            {
                "to bare COPY (goal 1.5)": ("canonical tables", "bare COPY"),
                "to a quarter (goal 4.4)": ("canonical tables", "a quarter"),
            },
        )
    assert runs["canonical tables"][2] < 2048
    assert runs["canonical tables"][1] < 1.5 * runs["bare COPY"][1]
    assert runs["canonical tables"][1] < 4.4 * runs["a quarter"][1]


@pytest.mark.slow
def test_pandas_gives_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we are measured against does the same work: every column of both tables, row by row."""
    monkeypatch.setattr(repository, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(loading, "LARGE", 0)
    file = make_orders(tmp_path, 20_000)
    tables = exports.read_folder(read_client(tmp_path / "client")).tables
    orders, lines, _ = careful_pandas.read(file, KEY.encode())
    for ours, theirs in ((tables.orders, orders), (tables.order_lines, lines)):
        theirs = theirs.reset_index(drop=True)
        assert set(theirs) == set(ours)
        for column in theirs:
            if ours[column].dtype == "str":
                assert ours[column].fillna("").tolist() == theirs[column].fillna("").tolist(), column
            else:
                pd.testing.assert_series_equal(
                    ours[column], theirs[column], check_dtype=False, check_names=False
                )
