"""Workbooks, opened only once it is known how much of each sheet there is: a reader holds the whole rectangle in memory.

One space in the last cell of a sheet makes a rectangle of 17 billion cells of a file of a kilobyte. So the cells that
hold something are counted in the packed file first, without opening it (SpreadsheetML, ECMA-376 part 1, 18.3.1;
OpenDocument 1.3 part 3, 9.1). An .xls cannot hold more than 65,536 rows of 256 cells.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from creatorbook.exports.archives import check_archive, open_archive
from creatorbook.exports.files import WORKBOOKS
from creatorbook.problems import Problem

LARGEST_BOOK = 1024**3  #: bytes that one workbook may unpack to: it is read in memory
MOST_CELLS = 40_000_000  #: cells of a sheet's rectangle, filled or not: some gigabytes of memory
MOST_MOSTLY_EMPTY = 2_000_000  #: cells of a rectangle of which hardly any holds something
_HARDLY_ANY = 0.02  #: share of cells that hold something

_DOCUMENTS = WORKBOOKS - {".xls"}  # zip archives inside
_BROKEN = (
    CalamineError,
    OSError,
    zipfile.BadZipFile,
    EOFError,
    RuntimeError,
    NotImplementedError,
    zlib.error,
)
_PIECE = 1 << 20  #: bytes unpacked in one go
_LONGEST_TAG = 65_536  #: bytes
_TAG = re.compile(
    rb"<(?:\w+:)?(?P<kind>row|c)(?=[\s/>])(?:\s[^<>]*?\br\s*=\s*[\"'](?P<column>[A-Za-z]{0,3})(?P<row>\d{1,9})[\"'])?[^<>]*?(?P<closed>/?)>"
    rb"|<table:(?P<part>table-row|table-cell|covered-table-cell|table)(?=[\s/>])(?P<attributes>[^<>]*)>"
)
_REPEATED = re.compile(rb"table:number-(?:rows|columns)-repeated\s*=\s*[\"'](\d{1,12})[\"']")


@dataclass
class _Rectangle:
    """How far the cells of one sheet reach, from its first cell on.

    Attributes:
        rows: the last row that holds something.
        columns: the last column that does.
        filled: how many cells do.
    """

    rows: int = 0
    columns: int = 0
    filled: int = 0

    def hold(self, row: int, column: int, *, rows: int = 1, columns: int = 1) -> None:
        """Reach as far as a cell that ends in this row and column and is there so many times."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        self.filled += rows * columns


def check_document(path: Path) -> None:
    """Refuse workbooks with macros, with links to other files, or that are zip bombs.

    Raises:
        Problem: it is one of these.
    """
    todo = "Save it again as XLSX without them, or as CSV."
    if path.suffix.lower() == ".xlsm":
        raise Problem("refused: a workbook with macros (.xlsm)", path, todo=todo)
    if path.suffix.lower() not in _DOCUMENTS or not zipfile.is_zipfile(path):
        return
    with open_archive(path) as archive:
        members = archive.infolist()
    check_archive(path, members, LARGEST_BOOK)
    names = [member.filename.lower() for member in members]
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Problem("refused: a workbook with macros", path, todo=todo)
    if any("externallinks/" in name for name in names):
        raise Problem("refused: a workbook with links to other files", path, todo=todo)


def open_workbook(path: Path, source: BinaryIO | None = None) -> CalamineWorkbook:
    """A workbook, ready to be read.

    Args:
        path: the file, or the one that an error names.
        source: what is read in its place.

    Raises:
        Problem: it cannot be opened, or a sheet reaches so far that no memory holds it.
    """
    try:
        if source is None:
            state = path.stat()
            _refuse_far_once(path, state.st_mtime_ns, state.st_size)
            return CalamineWorkbook.from_path(path)
        _refuse_far(path, source)
        source.seek(0)
        return CalamineWorkbook.from_filelike(source)
    except _BROKEN as error:
        raise Problem(
            f"this workbook cannot be opened: {error}", path, todo="Open it and save it again as XLSX or CSV."
        ) from None


def sheets_of(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Each sheet's name and its rows that hold something, as `sheet_of` gives them.

    Raises:
        Problem: as `open_workbook`.
    """
    book = open_workbook(path)
    for name in book.sheet_names:
        yield name, _rows_of(book, name, path)


def sheet_of(path: Path, name: str) -> list[list[str]]:
    """One sheet's rows that hold something, cells as text: dates as ISO, numbers with a decimal point.

    Raises:
        Problem: as `open_workbook`.
    """
    return _rows_of(open_workbook(path), name, path)


def _rows_of(book: CalamineWorkbook, name: str, path: Path) -> list[list[str]]:
    try:
        rows = book.get_sheet_by_name(name).to_python()
    except CalamineError as error:
        raise Problem(
            f"its sheet “{name}” cannot be read: {error}",
            path,
            todo="Open it and save it again as XLSX or CSV.",
        ) from None
    filled = (row for row in rows if any(cell not in ("", None) for cell in row))
    return [[_text(cell) for cell in row] for row in filled]


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() else repr(cell)
    return cell.isoformat(sep=" ") if type(cell).__name__ == "datetime" else str(cell)  # type: ignore[attr-defined]


@cache
def _refuse_far_once(path: Path, _written: int, _size: int) -> None:
    """As `_refuse_far`, worked out again only if the file was written meanwhile: it is opened for each of its sheets."""
    _refuse_far(path, path)


def _refuse_far(path: Path, source: Path | BinaryIO) -> None:
    """Raise a Problem if a sheet of a workbook reaches further than it can be read."""
    if not zipfile.is_zipfile(source):
        return
    with zipfile.ZipFile(source) as archive:
        for member in archive.infolist():
            with archive.open(member) as raw:
                _refuse_far_part(path, raw)


def _refuse_far_part(path: Path, raw: IO[bytes]) -> None:
    """The same for one part of what it is packed of."""
    for sheet in _rectangles(raw):
        cells = sheet.rows * sheet.columns
        if cells <= MOST_MOSTLY_EMPTY or (cells <= MOST_CELLS and sheet.filled >= _HARDLY_ANY * cells):
            continue
        raise Problem(
            f"refused: a sheet of it reaches to cell {_letters(sheet.columns)}{sheet.rows}, with something in {sheet.filled:,} "
            f"of its {cells:,} cells: reading it would take too much memory",
            path,
            todo="Open it, press Ctrl+End to see the last cell, delete the empty rows and columns up to there, and save it "
            "again; or save the sheet with the table as CSV.",
        )


def _rectangles(raw: IO[bytes]) -> list[_Rectangle]:
    """How far each sheet in a part of a workbook reaches; parts that hold no cells have one of nothing."""
    sheets = [_Rectangle()]
    row, column, repeated = 0, 0, 1
    for tag in _tags(raw):
        if tag["kind"] == b"row":
            row, column = int(tag["row"] or row + 1), 0
        elif tag["kind"] == b"c":
            column = _number(tag["column"]) if tag["column"] else column + 1
            if not tag["closed"]:
                sheets[-1].hold(int(tag["row"] or row), column)
        elif tag["part"] == b"table":
            sheets.append(_Rectangle())
            row, repeated = 0, 0
        elif tag["part"] == b"table-row":
            row, column, repeated = row + repeated, 0, _times(tag["attributes"])
        else:
            columns = _times(tag["attributes"])
            column += columns
            if b"value-type" in tag["attributes"]:
                sheets[-1].hold(row + repeated, column, rows=repeated, columns=columns)
    return sheets


def _tags(raw: IO[bytes]) -> Iterator[re.Match[bytes]]:
    """The rows and cells of an XML part, piece by piece."""
    rest = b""
    while piece := raw.read(_PIECE):
        text = rest + piece
        cut = text.rfind(b"<")
        whole = cut < 0 or text.find(b">", cut) >= 0
        yield from _TAG.finditer(text, 0, len(text) if whole else cut)
        rest = b"" if whole or len(text) - cut > _LONGEST_TAG else text[cut:]


def _times(attributes: bytes) -> int:
    match = _REPEATED.search(attributes)
    return int(match[1]) if match else 1


def _number(letters: bytes) -> int:
    """The number of a column: A is 1, XFD 16,384."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> str:
    """The letters of a column."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
