"""Empty sheets to fill in by hand (data entry templates): CSV files, one workbook with all, and how to fill them in."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml

from creatorbook.deliver import write_file

WORKBOOK, HOW_TO = "sheets_to_fill_in.xlsx", "how_to_fill_in.md"


@dataclass(frozen=True)
class HandSheet:
    """One empty sheet.

    Attributes:
        file: the CSV file's name.
        sheet: the workbook sheet's name.
        reader: the layout that reads it back.
        columns: its header.
        how: how to fill it in.
    """

    file: str
    sheet: str
    reader: str
    columns: tuple[str, ...]
    how: str


@cache
def hand_sheets() -> tuple[HandSheet, ...]:
    """All empty sheets, in the order in which a campaign needs them."""
    text = files("creatorbook").joinpath("new_client", "sheets.yml").read_text(encoding="utf-8")
    return tuple(HandSheet(**{**sheet, "columns": tuple(sheet["columns"])}) for sheet in yaml.safe_load(text))


def write_sheets(folder: Path, created: date) -> list[Path]:
    """Write the empty sheets into a folder.

    Args:
        folder: where; files of the same names are written over.
        created: the workbook's day, so that the same call writes the same bytes.

    Returns:
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    contents: dict[str, bytes] = {sheet.file: _csv(sheet) for sheet in hand_sheets()}
    contents[WORKBOOK] = _workbook(created)
    contents[HOW_TO] = _instructions().encode()
    for name, content in contents.items():
        write_file(folder / name, content)
    return [folder / name for name in contents]


def _csv(sheet: HandSheet) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(sheet.columns)
    return text.getvalue().encode()


def _instructions() -> str:
    lines = [
        "# Sheets to fill in by hand",
        "",
        f"Fill in what you have, in CSV or in {WORKBOOK}, and copy it into `exports/`. Nothing here is required; an",
        "empty sheet does no harm. Keep the first line as it is. Days are written as 2026-03-29.",
    ]
    for sheet in hand_sheets():
        lines += ["", f"## {sheet.sheet} ({sheet.file})", "", sheet.how]
    return "\n".join(lines) + "\n"


def _workbook(created: date) -> bytes:
    import xlsxwriter  # forms and readers of a sheet need no workbook

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"author": "creatorbook", "created": datetime.combine(created, datetime.min.time())})
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    first = book.add_worksheet("How to fill in")
    first.set_column(0, 0, 24)
    first.set_column(1, 1, 100)
    for row, sheet in enumerate(hand_sheets()):
        first.write_string(row, 0, sheet.sheet, bold)
        first.write_string(row, 1, sheet.how, wrapped)
    for sheet in hand_sheets():
        page = book.add_worksheet(sheet.sheet)
        page.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            page.write_string(0, place, column, bold)
            page.set_column(place, place, max(len(column) + 2, 12))
    book.close()
    return stream.getvalue()
