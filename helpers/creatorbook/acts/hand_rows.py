"""Writing into the sheets that people fill in by hand: one row at a time, where the readers look for it, `exports/`.

A row is added as a person would in a spreadsheet: to the sheet's own file, which is made where there is none. It is
never changed. The row that was added last can be taken back as long as nobody has written into the file since.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from creatorbook.client.forgotten import forgotten_in, is_made_up
from creatorbook.client.hand_sheets import HandSheet, hand_sheets
from creatorbook.client.records import read_rows
from creatorbook.client.writing import append_rows, writing
from creatorbook.deliver import write_file
from creatorbook.exports.layouts import built_in_layouts, normal
from creatorbook.problems import Problem
from creatorbook.tables import TABLES, Kind
from creatorbook.text.handles import plain_handle

#: the columns of the sheets that name a creator
_WHO = ("handle", "creator")
#: file → a column that counts a whole → the columns that count its parts, each thing once
_PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "comment_tally.csv": {
        "comments looked at": ("specific comments",),
        "comments looked at for answers": ("answered by creator",),
    },
    "feedback_sheet.csv": {
        "comments counted": (
            "praise",
            "size questions",
            "price questions",
            "where to buy",
            "complaints",
            "other",
        )
    },
}


@dataclass(frozen=True)
class AddedRow:
    """A row that was added, and the file before and after it.

    Attributes:
        path: the sheet's file.
        before: what stood in it; `None` where it was made for the row.
        after: what stands in it with the row.
    """

    path: Path
    before: bytes | None
    after: bytes


def hand_sheet(file: str) -> HandSheet:
    """The sheet whose file is called so."""
    return next(sheet for sheet in hand_sheets() if sheet.file == file)


def sheet_path(folder: Path, sheet: HandSheet) -> Path:
    """Where a client's rows of a sheet are read from."""
    return folder / "exports" / sheet.file


def column_kind(sheet: HandSheet, column: str) -> Kind:
    """What a sheet's column holds, as the table says that its reader fills."""
    layout = next(one for one in built_in_layouts() if one.name == sheet.reader)
    kinds = {one.name: one.kind for one in TABLES[layout.tables[0]].columns}
    fields = (field for field, names in layout.columns.items() if normal(column) in map(normal, names))
    return next((kinds[field] for field in fields if field in kinds), "text")


def needed_columns(sheet: HandSheet) -> set[str]:
    """The columns without which a row of a sheet is set aside."""
    layout = next(one for one in built_in_layouts() if one.name == sheet.reader)
    names = {
        name for field in TABLES[layout.tables[0]].required for name in map(normal, layout.columns[field])
    }
    return {column for column in sheet.columns if normal(column) in names}


def sheet_rows(folder: Path, sheet: HandSheet) -> list[dict[str, str]]:
    """The rows of a client's sheet as texts, oldest first, without those about who is forgotten.

    Raises:
        Problem: a column is missing, or the file is not UTF-8 text with commas.
    """
    path = sheet_path(folder, sheet)
    rows = read_rows(path, _columns_there(path, sheet), forgotten_in(folder))
    return [row for row in rows if not any(is_made_up(row.get(name, "")) for name in _WHO)]


def add_row(folder: Path, sheet: HandSheet, cells: Mapping[str, str]) -> AddedRow:
    """Add one row to a client's sheet; what stands there stays.

    Args:
        folder: the client's.
        sheet: an empty sheet's columns and name.
        cells: column → text; a column that is left out stays empty.

    Raises:
        Problem: nothing was entered, parts are more than their whole, the creator asked to be forgotten, or the file is not
            one that a row can be added to.
    """
    row = {name: cells.get(name, "").strip() for name in sheet.columns}
    if "handle" in row:
        row["handle"] = plain_handle(row["handle"])
    if not any(row.values()):
        raise Problem("there is nothing in this row", todo="Fill in what you know.")
    if any(forgotten_in(folder).name(row.get(name, "")) for name in _WHO):
        raise Problem("this creator asked to be forgotten", todo="Nothing was written down.")
    _refuse_wrong_sums(sheet, row)
    path = sheet_path(folder, sheet)
    with writing(folder):
        filled = [name for name, cell in row.items() if cell]
        read_rows(path, filled, forgotten_in(folder))  # raises where the row would not fit the file
        before = path.read_bytes() if path.is_file() else None
        path.parent.mkdir(exist_ok=True)
        append_rows(path, [row], sheet.columns)
        return AddedRow(path, before, path.read_bytes())


def _refuse_wrong_sums(sheet: HandSheet, row: Mapping[str, str]) -> None:
    for whole, parts in _PARTS.get(sheet.file, {}).items():
        counted = sum(float(row[part]) for part in parts if row[part])
        if row[whole] and counted > float(row[whole]):
            names = ", ".join(parts)
            raise Problem(
                f"more was counted ({names}: {counted:g}) than there was ({whole}: {row[whole]})",
                todo="Count each comment once.",
            )


def _columns_there(path: Path, sheet: HandSheet) -> list[str]:
    """The sheet's columns that a file has; all of them where it has none, as an earlier release's sheet has fewer."""
    first = path.read_bytes().decode("utf-8-sig", "replace").lstrip() if path.is_file() else ""
    header = next(csv.reader([first.partition("\n")[0]]), [])
    return [name for name in sheet.columns if name in [cell.strip() for cell in header]] or list(
        sheet.columns
    )


def take_back(folder: Path, added: AddedRow) -> None:
    """Take the row out again that was added last.

    Raises:
        Problem: somebody has written into the file since.
    """
    with writing(folder):
        if not added.path.is_file() or added.path.read_bytes() != added.after:
            todo = "Nothing was changed. Take the row out in the file itself, or write a further one."
            raise Problem(
                "somebody has written into this file since the row was added", added.path, todo=todo
            )
        if added.before is None:
            added.path.unlink()
        else:
            write_file(added.path, added.before)
