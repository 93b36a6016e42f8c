"""The empty sheets that `python3 workbook.py new` writes are read back when a person has filled them in."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from creatorbook.client.hand_sheets import HOW_TO, WORKBOOK, HandSheet, hand_sheets, write_sheets
from shelf import read, read_one, shelf_folder  # noqa: F401 - a fixture

DAY = date(2026, 3, 2)

#: what a person writes, by column
CELLS = {
    "handle": "annaq", "platform": "instagram", "post type": "reel", "paid": "no", "link": "https://x.example/p/1",
    "label seen": "none", "campaign": "spring", "contract": "drive/1", "deliverables": "2 reels", "channels": "website, ads",
    "territory": "DE", "paid use": "yes", "promotion": "20 % off", "source": "instagram", "counted by": "Kim",
    "comments counted": "72", "audience of": "@annaq", "drawn from": "followers", "creator": "annaq", "kind": "fee", "currency": "EUR", "picture": "yes", "looks suspicious": "no",
    "reviewer": "Kim", "own words": "calm",
}  # fmt: skip
DAYS = {"date", "counted on", "seen on", "posted on", "start", "end", "signed on", "paid on", "drawn on", "rights start", "rights until", "exclusive until", "reviewed on"}  # fmt: skip


def filled(sheet: HandSheet) -> list[str]:
    """One line, as a person fills it in."""
    return ["2026-03-05" if name in DAYS else CELLS.get(name, "12") for name in sheet.columns]


def written(rows: list[tuple[str, ...] | list[str]]) -> str:
    """Rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("sheet", hand_sheets(), ids=lambda sheet: sheet.file)
def test_a_filled_sheet_is_recognised_and_every_column_used(shelf: Path, sheet: HandSheet) -> None:
    """Under any name; nothing a person typed is ignored or set aside."""
    _, receipt = read_one(shelf, written([sheet.columns, filled(sheet)]), "copy of it (2).csv")
    assert (receipt.reader, receipt.kept, receipt.ignored, receipt.unreadable) == (sheet.reader, 1, (), {})


def test_all_empty_sheets_in_exports_are_no_error(shelf: Path) -> None:
    """CSV, workbook and instructions copied as they are: read, nothing in them."""
    paths = write_sheets(shelf.parent / "sheets", DAY)
    done = read(shelf, {path.name: path.read_bytes() for path in paths})
    assert sum(receipt.rows_in for receipt in done.receipts) == 0
    assert {receipt.file for receipt in done.receipts} >= {sheet.file for sheet in hand_sheets()} | {HOW_TO}
    assert list(done.tables) == []


def test_the_workbook_filled_in_is_read_sheet_by_sheet(shelf: Path) -> None:
    """One receipt per sheet, the same tables as from the CSV files."""
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    for sheet in hand_sheets():
        page = book.add_worksheet(sheet.sheet)
        page.write_row(0, 0, sheet.columns)
        page.write_row(1, 0, filled(sheet))
    book.close()
    done = read(shelf, {WORKBOOK: stream.getvalue()})
    told = {receipt.file.split("/")[1]: (receipt.reader, receipt.kept) for receipt in done.receipts}
    assert told == {sheet.sheet: (sheet.reader, 1) for sheet in hand_sheets()}


def test_the_workbook_holds_the_same_columns_as_the_csv_files(tmp_path: Path) -> None:
    """And how to fill in each of them, on the first sheet; the same bytes every time."""
    write_sheets(tmp_path / "a", DAY)
    write_sheets(tmp_path / "b", DAY)
    assert (tmp_path / "a" / WORKBOOK).read_bytes() == (tmp_path / "b" / WORKBOOK).read_bytes()
    book = CalamineWorkbook.from_path(tmp_path / "a" / WORKBOOK)
    first, *names = book.sheet_names
    assert names == [sheet.sheet for sheet in hand_sheets()]
    assert [row[0] for row in book.get_sheet_by_name(first).to_python()] == names
    for sheet in hand_sheets():
        header = (tmp_path / "a" / sheet.file).read_text().strip().split(",")
        assert tuple(header) == sheet.columns
        assert tuple(book.get_sheet_by_name(sheet.sheet).to_python()[0]) == sheet.columns
