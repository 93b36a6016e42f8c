"""How fast a large Shopify orders file becomes canonical tables, against a bare copy and against careful pandas.

Prints what it measures (`pytest -s -m slow tests/benchmarks/test_exports_speed.py`); EXPORT_ROWS changes the size. Each
measurement is a process of its own, so that its peak memory is its own. Times on a busy machine say little: the
ratios are of runs one after the other.
"""

# ruff: noqa: S608 - the SQL is made of expressions written here
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

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
from creatorbook import exports, repository
from creatorbook.client import read_client
repository.CACHE = Path('{room}/cache')
client = read_client(Path('{room}/client'))
began, spent = time.perf_counter(), time.process_time()
from creatorbook.exports import folder
folder._load = lambda place, told: told  # the tables are made; loading them into pandas is another matter
told = exports.read_folder(client)
assert told["receipts"][0]["kept"] == {rows}, told
"""
_PANDAS = """
import pandas as pd
lines = ["Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Lineitem discount"]
cells = ["Email", "Currency", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Created at",
         "Shipping Zip", "Shipping Province", "Shipping Country", "Note Attributes", "Cancelled at", "Payment Method",
         "Refunded Amount", "Source"]
all_rows = pd.read_csv('{file}', usecols=["Name", *cells, *lines], dtype="str")
for column in ("Lineitem quantity", "Lineitem price", "Lineitem discount"):
    all_rows[column] = pd.to_numeric(all_rows[column])
all_rows["Name"] = all_rows["Name"].str.strip()
baskets = (all_rows["Lineitem price"] * all_rows["Lineitem quantity"]).groupby(all_rows["Name"], sort=False).sum()
orders = all_rows.drop_duplicates("Name")[["Name", *cells]].copy()
orders["gross"] = orders["Name"].map(baskets)
for column in ("Shipping", "Taxes", "Total", "Discount Amount", "Refunded Amount"):
    orders[column] = pd.to_numeric(orders[column])
for column in ("Created at", "Cancelled at"):
    orders[column] = pd.to_datetime(orders[column].str[:19])
people = pd.Series(orders["Email"].str.lower().unique())
import hashlib, hmac
hashed = {{p: hmac.digest(b"a public key for tests", p.encode(), hashlib.sha256).hex()[:16] for p in people.dropna()}}
orders["Email"] = orders["Email"].str.lower().map(hashed)
orders["Shipping Zip"] = orders["Shipping Zip"].str.lstrip("'").str[:2]
for utm in ("utm_source", "utm_medium", "utm_campaign", "utm_content"):
    orders[utm] = orders["Note Attributes"].str.extract(utm + r"\\s*[:=]\\s*([^\\n\\r]*)", expand=False)
orders["test"] = orders["Payment Method"].str.contains("bogus|for testing", case=False)

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
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    seconds, spent, peak = json.loads(run.stdout.splitlines()[-1])
    return seconds, spent, peak


def read_orders(room: Path, rows: int) -> tuple[tuple[float, float, float], Path]:
    """A file of so many records, read to canonical tables in an empty cache."""
    from shelf import make_client

    make_client(room / "client", {"orders.csv": ""})
    file = room / "client" / "exports" / "orders.csv"
    write_orders(file, rows)
    return measured(_OURS, room=room, rows=rows), file


@pytest.mark.slow
def test_a_large_orders_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wall and processor time as ratios to the baselines of the same run, and peak memory."""
    whole, quarter, million = (tmp_path / name for name in ("whole", "quarter", "million"))
    ours, file = read_orders(whole, ROWS)
    size = file.stat().st_size
    bare = measured(_BARE, file=file, room=whole)
    file.unlink()
    (whole / "bare.parquet").unlink()
    part, file = read_orders(quarter, ROWS // 4)
    file.unlink()
    small, file = read_orders(million, min(ROWS, 1_000_000))
    pandas = measured(_PANDAS, file=file, room=million)
    file.unlink()
    with capsys.disabled():
        print(f"\n{ROWS:,} records, {size / 2**30:.2f} GB: seconds, processor seconds, peak MB")
        for name, (seconds, spent, peak) in {
            "canonical tables": ours,
            "bare COPY": bare,
            "a quarter of it": part,
            "at most 1 million": small,
            "pandas, the same": pandas,
        }.items():
            print(f"  {name:18} {seconds:8.1f} {spent:8.1f} {peak:8.0f}")
        for name, one, other in (
            ("to bare COPY (goal 1.5)", ours, bare),
            ("to pandas (goal 0.5)", small, pandas),
            ("to a quarter (goal 4.4)", ours, part),
        ):
            print(f"  ratio {name:25} {one[0] / other[0]:6.2f} wall {one[1] / other[1]:6.2f} processor")
    assert ours[2] < 2048
