"""Where the header stands, and whether rows were quoted once too often: for files that people have opened and saved.

A report's title may have several cells (a spreadsheet saves it with its row's delimiters), a header may stand under a
row that groups columns, and a row that was quoted as a whole is one cell.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

LOOKED_AT = 15  #: rows in which a header is looked for
_FEW = 30  #: rows that tell whether rows were quoted as one cell
_ENOUGH = 0.8  #: share of cells, or rows, that is most of them
DELIMITERS = ",;\t|"  #: what may stand between cells
_VALUE = re.compile(
    r"[-+]?[\d.,'\s]*\d[\d.,'\s]*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|\S+@\S+\.\S+|https?://\S+"
)


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows names the columns: the first, or one that stands below sparse rows (titles, groups)."""
    most = 0
    for at, row in enumerate(rows[:LOOKED_AT]):
        named = [cell.strip() for cell in row if cell.strip()]
        if at and len(named) >= max(2, 2 * most) and _names_columns(row, named, rows[at + 1 :]):
            return at
        most = max(most, len(named))
    return 0


def _names_columns(row: Sequence[str], named: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row's cells are names: all different, no values, without gaps, and with fuller rows below it."""
    if len(set(named)) < len(named) or any(_VALUE.fullmatch(name) for name in named):
        return False
    width = max((at for at, cell in enumerate(row, start=1) if cell.strip()), default=0)
    filled = [sum(bool(cell.strip()) for cell in other) for other in below]
    return len(named) >= _ENOUGH * width and (not filled or max(filled) * 2 > len(named))


def holds_values(row: Sequence[str]) -> bool:
    """Whether a row has numbers, days, addresses or links in it, and so names nothing."""
    return any(_VALUE.fullmatch(cell.strip()) for cell in row)


def joined_names(above: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    """The names of a header of two rows: each group's name before those of its columns."""
    names, group = [], ""
    for at, name in enumerate(below):
        group = above[at].strip() if at < len(above) and above[at].strip() else group
        names.append(f"{group} {name.strip()}".strip())
    return tuple(names)


def quoted_as_one_cell(text: str) -> str | None:
    """The delimiter inside rows that are one cell each, if most rows of a text are; None if they are not."""
    rows = _rows(text, _outer(text))[:_FEW]
    for sign in DELIMITERS:
        inner = [once_more(row, sign) for row in rows]
        columns = len(inner[0] or rows[0]) if rows else 0
        alike = sum(len(cells) == columns for cells in inner[1:])
        if columns > 1 and alike >= max(1, _ENOUGH * (len(rows) - 1)):
            return sign
    return None


def once_more(row: Sequence[str], sign: str) -> list[str]:
    """The cells inside a row's only cell, if it holds some; else none."""
    if not row or not row[0].strip() or any(cell.strip() for cell in row[1:]) or sign not in row[0]:
        return []
    return [] if re.search(r"[\r\n\x00]", row[0]) else next(_records(iter([row[0]]), sign), [])


def unquote(source: Path, target: Path, sign: str) -> None:
    """Write a file's rows again, each that is one cell as the cells inside it."""
    with source.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        outer = _outer(lines.read(65_536))
        lines.seek(0)
        with target.open("w", encoding="utf-8", newline="") as copy:
            writer = csv.writer(copy)
            for row in _records(lines, outer):
                writer.writerow(once_more(row, sign) or row)


def _outer(text: str) -> str:
    """The delimiter between the cells of the first row."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(DELIMITERS, key=bare.count)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """The first rows of a text that hold something."""
    filled = (row for row in _records(io.StringIO(text, newline=""), delimiter) if any(map(str.strip, row)))
    return [row for row, _ in zip(filled, range(_FEW + 1), strict=False)]


def _records(lines: Iterator[str] | io.TextIOBase, delimiter: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:  # a cell longer than a cell can be
        return
