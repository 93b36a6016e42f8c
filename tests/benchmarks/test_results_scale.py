"""How long step 05 takes for a large shop: 2 million orders, 5 million clicks, 2,000 creators.

`pytest -s -m slow tests/benchmarks/test_results_scale.py` prints it: reading, every step of the notebook, peak memory,
and the same joins done by hand in pandas for comparison. ORDERS changes the size. Each measurement is a process of
its own, so that its peak memory is its own.
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

ORDERS = int(os.environ.get("ORDERS", "2000000"))
CLICKS, CREATORS = ORDERS * 5 // 2, max(20, ORDERS // 1000)

CLIENT = """
brand: Largo
currency: EUR
market: DE
prices_include_tax: true
tax_rate: 0.19
economics: {margin: [0.5, 0.6], shipping_cost: 4.2, handling_per_return: 5, payment_fee_rate: 0.015}
"""
CAMPAIGN = """
goal: sales
budget: 400000
start: 2026-03-02
end: 2026-03-29
agency_fee: 20000
"""

_STEPS = """
import json, resource, sys, time
from pathlib import Path
begun = time.perf_counter()
from creatorbook import roi
from creatorbook.client import repository
from creatorbook.opening import open_book
repository.CACHE = Path(sys.argv[1]) / "cache"
told = {"start": time.perf_counter() - begun}
begun = time.perf_counter()
book = open_book(Path(sys.argv[1]), stage="results")
told["open"] = time.perf_counter() - begun
for name in roi.__all__:
    begun = time.perf_counter()
    getattr(roi, name)(book)
    told[name] = time.perf_counter() - begun
told["GB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
told["CPU"] = time.process_time()
print(json.dumps(told))
"""

_PANDAS = """
import json, resource, sys, time
from pathlib import Path
import pandas as pd
folder = Path(sys.argv[1]) / "exports"
told = {}
begun = time.perf_counter()
orders = pd.read_csv(folder / "orders.csv", parse_dates=["ordered_at"])
clicks = pd.read_csv(folder / "clicks.csv", parse_dates=["date"])
creators = pd.read_csv(folder / "creators.csv")
told["read"] = time.perf_counter() - begun
begun = time.perf_counter()
orders = orders.merge(creators[["creator", "code"]], how="left", left_on="discount_code", right_on="code")
linked = clicks.dropna(subset=["order_id"]).merge(creators[["creator", "handle"]], on="handle")
linked = linked.drop_duplicates("order_id").set_index("order_id").creator
orders["creator"] = orders.creator.fillna(orders.order_id.map(linked))
orders = orders[(orders.ordered_at >= "2026-03-02") & (orders.ordered_at < "2026-04-29")]
orders["net"] = (orders.gross - orders.discount) / 1.19
sums = orders.groupby("creator")[["net", "refunded", "total"]].sum()
by_day = clicks.groupby(["handle", "date"]).clicks.sum()
told["join"] = time.perf_counter() - begun
told["GB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
told["CPU"] = time.process_time()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client folder of that size: two thirds of the orders in the campaign's days, a third of these traced."""
    base = tmp_path_factory.mktemp("largo")
    (base / "campaigns").mkdir()
    (base / "exports").mkdir()
    (base / "client.yml").write_text(CLIENT)
    (base / "campaigns" / "spring.yml").write_text(CAMPAIGN)
    day = "DATE '2026-01-15' + (hash(i) % 105)::INT"
    moment = f"{day} + INTERVAL 1 MINUTE * (hash(i, 1) % 1440)::INT"
    gross = "(2000 + hash(i, 2) % 18000) / 100.0"
    off = f"CASE WHEN hash(i, 3) % 4 = 0 THEN round({gross} * 0.1, 2) ELSE 0 END"
    back = f"CASE WHEN hash(i, 5) % 4 = 0 THEN {gross} - {off} ELSE 0 END"
    code = f"CASE WHEN hash(i, 3) % 4 = 0 THEN concat('CODE', hash(i, 4) % {CREATORS}) END"
    country = "['DE', 'AT', 'FR'][1 + (hash(i, 6) % 3)::INT]"
    tables = {
        "orders": f"SELECT concat('#', i) order_id, {moment} ordered_at, 'EUR' currency, round({gross}, 2) gross, "
        f"{off} discount, 0.0 shipping, round({gross} - {off}, 2) total, round({back}, 2) refunded, "
        f"{code} discount_code, {country} country FROM range({ORDERS}) t(i)",
        "clicks": f"SELECT {day} AS date, concat('handle', hash(i, 7) % {CREATORS}) handle, 1 clicks, "
        f"CASE WHEN i % 30 = 0 THEN concat('#', hash(i, 8) % {ORDERS}) END order_id FROM range({CLICKS}) t(i)",
        "creators": "SELECT concat('Person ', i) creator, concat('handle', i) handle, "
        "CASE WHEN i % 3 = 0 THEN 'tiktok' ELSE 'instagram' END platform, 1000 + hash(i) % 200000 followers, "
        "50 + hash(i, 1) % 900 fee, 0.1 commission_rate, 30 gift_cost, concat('CODE', i) code, "
        f"DATE '2026-03-02' + (hash(i, 2) % 20)::INT posted_on FROM range({CREATORS}) t(i)",
    }
    for name, query in tables.items():
        duckdb.sql(f"COPY ({query}) TO '{base / 'exports' / name}.csv' (HEADER)")
    return base


def _run(script: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.slow
def test_results_of_a_large_shop(folder: Path) -> None:
    """Everything that notebook 05 shows, within memory; times and the ratio to pandas are printed, not asserted.

    Once with the exports never read before, once with their tables in the cache, as from the second time on.
    """
    ours, by_hand = _run(_STEPS, folder), _run(_PANDAS, folder)
    again = _run(_STEPS, folder)
    seconds, cached = (
        sum(v for name, v in told.items() if name not in {"GB", "CPU"}) for told in (ours, again)
    )
    print(f"\n{ORDERS:,} orders, {CLICKS:,} clicks, {CREATORS:,} creators")
    print("  " + ", ".join(f"{name} {value:.1f}" for name, value in ours.items()))
    print(f"whole of 05: {seconds:.1f} s ({ours['CPU']:.1f} s of processor time), {ours['GB']:.2f} GB")
    print(
        f"the second time, from the cache: {cached:.1f} s ({again['CPU']:.1f} s of processor time), {again['GB']:.2f} GB"
    )
    print(
        f"pandas by hand: read {by_hand['read']:.1f} s, join {by_hand['join']:.1f} s, {by_hand['GB']:.2f} GB"
    )
    steps = seconds - ours["start"] - ours["open"]
    print(f"whole of 05 ÷ pandas read and join: {seconds / (by_hand['read'] + by_hand['join']):.1f}")
    print(f"processor time of 05 ÷ of pandas: {ours['CPU'] / by_hand['CPU']:.1f}")
    print(f"steps alone ÷ pandas join alone: {steps / by_hand['join']:.1f}")
    assert max(ours["GB"], again["GB"]) <= 2.0
