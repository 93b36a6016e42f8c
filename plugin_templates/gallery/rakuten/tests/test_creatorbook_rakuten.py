"""Whatever Rakuten's report holds is an order line with what is left of it, or set aside with a reason."""

from datetime import date
from pathlib import Path

import pytest
from creatorbook.acts.new import new_client
from creatorbook.client import read_client
from creatorbook.opening import read_exports

ANSWERS = {
    "brand": "Testbrand",
    "currency": "USD",
    "market": "US",
    "prices_include_tax": False,
    "tax_rate": 0.08,
    "goal": "sales",
    "budget": 5000,
    "start": date(2026, 3, 2),
    "end": date(2026, 3, 29),
}

HEADER = (
    "Member ID (U1),MID,Advertiser Name,Order ID,Transaction Date,Transaction Time,SKU,Sales,# of Items,"
    "Total Commission,Process Date,Process Time\r\n"
)
ORDERS = (
    HEADER
    + '"lene.linden",40417,"Testbrand","9001",3/9/26,"10:15:00","A-1",120.00,1,9.600,3/9/26,"11:00:00"\r\n'
    '"lene.linden",40417,"Testbrand","9001",3/9/26,"10:15:00","B-2","1,030.50",2,82.440,3/9/26,"11:00:00"\r\n'
    '"mo.moor",40417,"Testbrand","9002",3/12/26,"18:02:00","A-1",60.00,1,4.800,3/12/26,"19:00:00"\r\n'
)
CANCELLED = '"",40417,"Testbrand","9002",3/12/26,"18:02:00","A-1",-60.00,-1,-4.800,3/27/26,"09:00:00"\r\n'
PARTLY = (
    '"lene.linden",40417,"Testbrand","9001",3/9/26,"10:15:00","A-1",-20.00,0,-1.600,3/27/26,"09:00:00"\r\n'
)


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A client folder with nothing in it but an empty creators list."""
    new_client(tmp_path, ANSWERS)
    return tmp_path


def read(client: Path, sheet: str, name: str = "signature-orders.csv"):
    """The network's orders and the receipt of a report, placed in a client's exports."""
    (client / "exports" / name).write_bytes(b"\xef\xbb\xbf" + sheet.encode())
    found = read_exports(read_client(client))
    receipt = next(receipt for receipt in found.receipts if receipt.file.endswith(name))
    return found.tables.frames.get("affiliate_orders"), receipt


def test_the_report_is_recognised_by_its_columns(client: Path) -> None:
    """The receipt names our reader, whatever the file is called."""
    _, receipt = read(client, ORDERS, "report (3).csv")
    assert receipt.reader == "rakuten_orders"


def test_every_line_of_an_order_is_there(client: Path) -> None:
    """Amounts, commission and days are the file's; the month comes first."""
    orders, receipt = read(client, ORDERS)
    assert orders.order_id.tolist() == ["9001", "9001", "9002"]
    assert orders.handle.tolist() == ["lene.linden", "lene.linden", "mo.moor"]
    assert orders.amount.tolist() == [120.00, 1030.50, 60.00]
    assert orders.commission.tolist() == [9.60, 82.44, 4.80]
    assert orders.ordered_at.dt.date.tolist() == [date(2026, 3, 9), date(2026, 3, 9), date(2026, 3, 12)]
    assert orders.order_state.isna().all()
    assert receipt.rows_in == receipt.kept == 3


def test_a_cancelled_order_is_no_sale(client: Path) -> None:
    """Its correction has no Member ID: it is its order's, and nothing is left of either."""
    orders, receipt = read(client, ORDERS + CANCELLED)
    (row,) = orders[orders.order_id == "9002"].itertuples()
    assert (row.handle, row.amount, row.commission, row.order_state) == ("mo.moor", 0.0, 0.0, "refunded")
    assert receipt.rows_in == receipt.kept == 4
    assert orders.status.tolist() == ["booked", "booked", "reversed"]
    assert any("corrections" in note and note.endswith("1") for note in receipt.notes)


def test_of_a_part_that_came_back_the_rest_stays(client: Path) -> None:
    """The line is what is left of it, and still a sale."""
    orders, _ = read(client, ORDERS + PARTLY)
    row = orders[orders.sku == "A-1"].iloc[0]
    assert (row.amount, row.commission) == (100.0, 8.0)
    assert orders.order_state.isna().all()


def test_an_order_of_nobody_is_set_aside_and_said(client: Path) -> None:
    """A correction without its order names nobody: a line of the receipt says so."""
    orders, receipt = read(client, ORDERS + CANCELLED.replace("9002", "8999"))
    assert len(orders) == 3
    assert (receipt.rows_in, receipt.kept) == (4, 3)
    assert receipt.set_aside[0].column == "Member ID (U1)"


def test_another_file_is_left_alone(client: Path) -> None:
    """A plain order export is not taken for ours."""
    _, receipt = read(client, "order,date,total,code\n1001,2026-03-02,36.90,\n", "orders.csv")
    assert receipt.reader != "rakuten_orders"


def test_the_sample_is_read_whole(client: Path) -> None:
    """Every row of the file that `plugins try` lays over a sample client is kept."""
    sample = Path(__file__).parents[1] / "sample/exports/signature-orders.csv"
    _, receipt = read(client, sample.read_text(encoding="utf-8-sig"))
    assert receipt.rows_in == receipt.kept > 10
