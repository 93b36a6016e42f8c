"""`python3 workbook.py check` on one file of each layout: every figure it prints is counted again here, without our readers."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from creatorbook import exports
from creatorbook.cli import app
from creatorbook.exports import Receipt
from creatorbook.exports.built_in import built_in_readers
from creatorbook.exports.layouts import normal
from creatorbook.tables import TABLES, TOLD_BY_ORDER
from shelf import make_client, shelf_folder  # noqa: F401 - a fixture
from test_exports_corpus import CORPUS

NAMES = sorted(reader.name for reader in built_in_readers())

#: first and last day of what each file speaks about, read in the files by eye; the others speak of no day
DAYS = {
    "account_days": "5 Mar 2026",
    "ads": "5 Mar 2026",
    "affiliate_orders": "4 Mar 2026 – 5 Mar 2026",
    "briefs": "1 Mar 2026",
    "clicks": "5 Mar 2026",
    "comments": "5 Mar 2026",
    "costs": "30 Mar 2026",
    "etsy_orders": "2 Mar 2026 – 15 Mar 2026",
    "facebook_content": "14 Mar 2026",
    "feedback": "20 Mar 2026",
    "follower_history": "1 Mar 2026",
    "ga4_traffic": "1 Mar 2026 – 31 Mar 2026",
    "instagram_content": "2 Mar 2026 – 14 Mar 2026",
    "instagram_stories": "14 Mar 2026",
    "journeys": "3 Mar 2026 – 4 Mar 2026",
    "matrixify_orders": "4 Mar 2026 – 5 Mar 2026",
    "meta_ads": "5 Mar 2026",
    "meta_daily": "1 Mar 2026",
    "orders": "4 Mar 2026",
    "posts": "1 Mar 2026 – 2 Mar 2026",
    "profiles": "1 Mar 2026",
    "promotions": "10 Mar 2026 – 12 Mar 2026",
    "refunds": "20 Mar 2026",
    "sessions": "5 Mar 2026",
    "shopify_orders": "4 Mar 2026",
    "signups": "1 Mar 2026",
    "squarespace_orders": "4 Mar 2026 – 5 Mar 2026",
    "store_sales": "2 Mar 2026",
    "survey": "4 Mar 2026",
    "tallies": "1 Mar 2026",
    "tiendanube_orders": "20 Mar 2026 – 21 Mar 2026",
    "tiktok_content": "5 Mar 2026 – 9 Mar 2026",
    "tiktok_followers": "31 Dec 2025 – 1 Jan 2026",
    "tiktok_overview": "1 Mar 2026",
    "tiktok_shop_videos": "5 Mar 2026",
    "tiktok_viewers": "1 Mar 2026 – 2 Mar 2026",
    "youtube_content": "5 Mar 2026 – 9 Mar 2026",
}


def records(name: str) -> tuple[list[str], list[list[str]]]:
    """Header and records of a file's first table, by the standard library alone."""
    raw = (CORPUS / f"{name}.csv").read_bytes()
    text = raw.decode("utf-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
    lines = text.splitlines(keepends=True)
    while re.match(r'#|sep=|"?[\w &]+"?\s*$|\s*$', lines[0]):
        lines.pop(0)
    sign = ";" if lines[0].count(";") > lines[0].count(",") else ","
    rows = list(csv.reader(io.StringIO("".join(lines), newline=""), delimiter=sign))
    end = next((at for at, row in enumerate(rows) if not row), len(rows))
    return rows[0], rows[1:end]


def number(cell: str) -> float | None:
    """`€1.234,50`, `1,234`, `1.2K`, `5%` as a number; None for what is none."""
    bare = re.sub(r"[^\d.,KMk%-]", "", cell)
    if not re.search(r"\d", bare):
        return None
    times = {"K": 1000, "k": 1000, "M": 1_000_000, "%": 0.01}.get(bare[-1], 1)
    digits = bare.rstrip("KMk%")
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", digits):
        return float(re.sub("[.,]", "", digits)) * times
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})*,\d+", digits) and not re.fullmatch(r"-?\d{1,3}(,\d{3})+", digits):
        digits = digits.replace(".", "").replace(",", ".")
    return float(digits.replace(",", "")) * times


@pytest.fixture(name="checked", scope="module")
def checked_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[exports.Read, dict[str, list[str]]]:
    """One file of each layout in one folder: what was read, and what `check` prints of each file."""
    folder = tmp_path_factory.mktemp("all") / "client"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("creatorbook.client.repository.CACHE", folder.parent / "cache")
        files: dict[str, str | bytes] = {f"{n}.csv": (CORPUS / f"{n}.csv").read_bytes() for n in NAMES}
        client = make_client(folder, files, exchange_rates={"USD": 0.9})
        read = exports.read_folder(client)
        run = CliRunner().invoke(app, ["check", str(folder)])
    assert run.exit_code == 0, run.output
    blocks = run.output.split("\n\n")
    return read, {
        block.split(".csv:")[0]: block.splitlines() for block in blocks if re.match(r"\S+\.csv:", block)
    }


def receipt_of(checked: Any, name: str) -> Receipt:
    """The receipt of a layout's file."""
    return next(receipt for receipt in checked[0].receipts if receipt.file == f"{name}.csv")


def test_there_is_one_receipt_for_each_file(checked: Any) -> None:
    """Headed by the file, what it is and whose."""
    assert sorted(checked[1]) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_its_records_are_those_of_the_file(checked: Any, name: str) -> None:
    """In, kept and set aside, as printed; in = kept + set aside; the reasons' counts add up."""
    receipt = receipt_of(checked, name)
    if name != "meta_audience":  # five blocks, each laid out in its own way: counted in its receipt by eye
        assert receipt.rows_in == len(records(name)[1])
    kept, aside = receipt.rows_in - receipt.set_aside_count, receipt.set_aside_count
    assert f"  records: {receipt.rows_in} in, {kept} kept, {aside} set aside" in checked[1][name]
    assert receipt.kept == kept


@pytest.mark.parametrize("name", NAMES)
def test_its_columns_are_those_of_the_file(checked: Any, name: str) -> None:
    """Every column is either used, under the file's own name, or told as not used; none is both or neither."""
    receipt = receipt_of(checked, name)
    used, ignored = set(receipt.recognised.values()), set(receipt.ignored)
    if name != "meta_audience":
        header = {cell.strip() for cell in records(name)[0]}
        assert used | ignored == header
        assert not used & ignored
    printed = "\n".join(checked[1][name])
    assert all(column in printed for column in used | ignored)
    assert not any(normal(column) in {normal(name) for name in used} for column in receipt.missing)


@pytest.mark.parametrize("name", NAMES)
def test_its_days_are_those_of_the_file(checked: Any, name: str) -> None:
    """The first and the last day, or none."""
    dates = [line.strip() for line in checked[1][name] if line.startswith("  dates: ")]
    assert dates == ([f"dates: {DAYS[name]}"] if name in DAYS else [])


#: tables whose rows are records of the files, so that their numbers can be added up
ADDED_UP = sorted({reader.tables[0] for reader in built_in_readers()} - {"audience", "shop_creators"})


#: what columns of another name bring, added up by eye: a daily file's figure, durations, commissions, lines of shops, Etsy's adjusted totals
READ_IN_THEIR_OWN_WAY = {
    ("account_days", "views"): 1200,
    ("affiliate_orders", "commission"): 3.35 + 1.00 + 2.00,
    ("order_lines", "quantity"): 2 + 1 + 1 + 2 + 1 + 1 + 6 * 1,
    ("order_lines", "price"): 40 + 49 + 20 + 40 + 10 + 40 + 60 + 40 + 60 + 600 + 400 + 300,
    ("orders", "refunded"): 20,
    ("orders", "gross"): 56 + 129 + 20 + 90 + 40 + 100 + 60 + 1000 + 300,
    ("posts", "duration_seconds"): 605 + 44,
    ("posts", "average_watch_seconds"): 158 + 31,
}


@pytest.mark.parametrize("table", ADDED_UP)
def test_the_numbers_of_a_table_add_up_to_those_of_its_files(checked: Any, table: str) -> None:
    """Each number column, added up over the records of all files that were kept."""
    sums: dict[str, float] = {}
    for reader in (reader for reader in built_in_readers() if reader.tables[0] == table):
        for field, told in added_up(receipt_of(checked, reader.name)).items():
            sums[field] = sums.get(field, 0) + told
    frame = checked[0].tables.frames[table]
    if table == "refunds":  # what only the order files tell is no record of a refund file
        frame = frame[frame.reason != TOLD_BY_ORDER]
    for field, told in sums.items():
        told += READ_IN_THEIR_OWN_WAY.get((table, field), 0)
        assert frame[field].sum() == pytest.approx(told), field


def test_refunds_that_only_order_files_tell_are_those_of_the_orders(checked: Any) -> None:
    """The refund file tells of none of these orders: what went back of each is added, once."""
    refunds = checked[0].tables.frames["refunds"]
    added = refunds[refunds.reason == TOLD_BY_ORDER].set_index("order_id").amount
    assert added.to_dict() == {"3002": 20.0, "101": 10.0, "#1002": 40.0, "#2002": 40.0}
    orders = checked[0].tables.frames["orders"].set_index("order_id")
    assert added.to_dict() == orders.refunded[orders.refunded > 0].to_dict()


def added_up(receipt: Receipt) -> dict[str, float]:
    """Number columns of a file's main table, each added up over the records that were kept."""
    header, rows = records(receipt.file.removesuffix(".csv"))
    aside = {record for told in receipt.set_aside for record in told.records}
    kept = [row for number, row in enumerate(rows, start=1) if number not in aside]
    table = TABLES[receipt.tables[0]]
    sums = {}
    for field, column in receipt.recognised.items():
        if field in table.names and table[field].kind in {"number", "whole", "money"}:
            at = [cell.strip() for cell in header].index(column)
            cells = [number(row[at]) for row in kept if at < len(row) and ":" not in row[at]]
            sums[field] = sum(abs(cell) for cell in cells if cell is not None)
    return sums


def test_names_that_cannot_be_printed_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A creator whose letters no font of this machine has; nothing is said where all can be printed."""
    monkeypatch.setattr("creatorbook.client.repository.CACHE", tmp_path / "cache")
    monkeypatch.setattr("creatorbook.report.fonts._drawable_by_the_machine", frozenset)
    for name, expected in (("さくら", "さくら (U+3055 U+304F U+3089)"), ("Şükran 🌸", "")):
        listed = f"creator,handle,platform,followers\n{name},sakura,instagram,900\n"
        make_client(tmp_path / "client", {"creators.csv": listed})
        run = CliRunner().invoke(app, ["check", str(tmp_path / "client")])
        assert run.exit_code == 0, run.output
        assert ("Names with letters that no font" in run.output) == bool(expected)
        assert expected in run.output
