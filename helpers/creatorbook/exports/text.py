"""From a file as it was saved to a text table that DuckDB can scan: encoding detection, delimiter, preamble, blocks."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from creatorbook.exports.encodings import IN_PARTS, encoding_of, guess_remark
from creatorbook.exports.files import LONGEST_LINE, TEXT
from creatorbook.exports.headers import (
    DELIMITERS,
    LOOKED_AT,
    header_row,
    holds_values,
    joined_names,
    quoted_as_one_cell,
    unquote,
)
from creatorbook.exports.workbooks import sheets_of
from creatorbook.problems import Problem

EMPTY = "the file is empty"  #: what is wrong with a file that holds nothing
HEAD = 262_144  #: bytes looked at to find encoding, delimiter and header
_SEVERAL_CELLS = re.compile("[" + re.escape(DELIMITERS) + "]")
_PIECE = 65_536  #: bytes looked at in one go
_MARK = ord('"')


@dataclass(frozen=True)
class TextTable:
    """One table in a text file.

    Attributes:
        path: a UTF-8 file, the raw one wherever it can be scanned as it is.
        delimiter: between cells.
        skip: lines before the header.
        header: column names as written.
        preamble: comment and title lines before the header.
        open_quote: whether the file ends inside quotation marks: what follows that mark is one cell.
        guess: how its letters were read, where the file does not say and it had to be guessed.
    """

    path: Path
    delimiter: str
    skip: int
    header: tuple[str, ...]
    preamble: tuple[str, ...] = ()
    open_quote: bool = False
    guess: str = ""

    @property
    def tall(self) -> bool:
        """Whether a column's name holds a line break."""
        return any("\n" in name or "\r" in name for name in self.header)


def text_tables(path: Path, scratch: Path, market: str = "") -> list[TextTable]:
    """The tables of one file, top to bottom; files that need rewriting are rewritten into `scratch`.

    The home market helps to guess how letters are stored.

    Raises:
        Problem: the file is empty, not a table, or a workbook that cannot be opened.
    """
    if path.suffix.lower() not in TEXT:
        return [_table(sheet) for sheet in _workbook_sheets(path, scratch)]
    seen = _look_through(path)
    start = _head(path)
    encoding = encoding_of(start, utf8=seen.utf8, market=market)
    guess = guess_remark(start, encoding, utf8=seen.utf8)
    readable = (
        path if encoding == "utf-8" and seen.utf8 and not seen.to_clean else _as_utf8(path, scratch, encoding)
    )
    head = _head(readable)
    if not head.strip():
        raise Problem(EMPTY, path, todo="Export it again.")
    if (once := _unquoted(readable, head, scratch)) is not None:
        readable, head = once, _head(once)
    if head.lstrip(codecs.BOM_UTF8).startswith(b"#") or _has_title_lines(head):
        return [replace(_table(*block), guess=guess) for block in _blocks(readable, scratch)]
    return [replace(_table(readable, open_quote=seen.open_quote if readable == path else None), guess=guess)]


def _head(path: Path) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as raw:
        return raw.read(HEAD)


def _unquoted(path: Path, head: bytes, scratch: Path) -> Path | None:
    """A copy whose rows are unquoted once more, where each row of a file is one cell."""
    if b'"' not in head:
        return None
    sign = quoted_as_one_cell(head[:_PIECE].decode("utf-8-sig", "replace"))
    if sign is None:
        return None
    copy = scratch / f"unquoted-{len(list(scratch.iterdir()))}.csv"
    unquote(path, copy, sign)
    return copy


@dataclass(frozen=True)
class _Seen:
    """What one pass over all bytes of a file told.

    Attributes:
        utf8: whether they are UTF-8.
        to_clean: whether there are NUL bytes, or lines that end in a bare carriage return.
        open_quote: whether there is an odd number of quotation marks.
    """

    utf8: bool
    to_clean: bool
    open_quote: bool


def _look_through(path: Path) -> _Seen:
    """One pass over a file, in pieces that stay in the processor's cache.

    Raises:
        Problem: a line is too long to be a table's, in any encoding; it is refused before anything holds it in memory.
    """
    decode = codecs.getincrementaldecoder("utf-8")().decode
    utf8, nul, marks, longest = True, False, 0, 0
    with path.open("rb", buffering=0) as raw:
        head = raw.read(HEAD)
        raw.seek(0)
        while piece := raw.read(_PIECE):
            end = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
            longest = longest + len(piece) if end < 0 else len(piece) - end - 1
            if longest > LONGEST_LINE:
                raise _endless(path)
            nul = nul or b"\x00" in piece
            # three times as quick as `piece.count`
            marks += int(np.count_nonzero(np.frombuffer(piece, np.uint8) == _MARK))
            utf8 = utf8 and _decodes(decode, piece)
    utf8 = utf8 and _decodes(decode, b"", final=True)
    return _Seen(utf8, nul or (b"\r" in head and b"\n" not in head), marks % 2 == 1)


def _decodes(decode: Callable[[bytes, bool], str], piece: bytes, *, final: bool = False) -> bool:
    try:
        decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True


def _endless(path: Path) -> Problem:
    return Problem(
        f"refused: a line is longer than {LONGEST_LINE // 1_048_576} MB: this is not a table",
        path,
        todo="Export the file again.",
    )


def _as_utf8(path: Path, scratch: Path, encoding: str) -> Path:
    """A UTF-8 copy."""
    copy = scratch / f"utf8-{len(list(scratch.iterdir()))}.csv"
    with (
        path.open(encoding=encoding, errors="replace", newline="") as source,
        copy.open("w", encoding="utf-8", newline="") as target,
    ):
        text = source.read(HEAD) + source.readline()
        bare_returns = "\r" in text and "\n" not in text
        while text:
            text = text.replace("\x00", "")
            if encoding in IN_PARTS:
                text = unicodedata.normalize("NFC", text)
            target.write(text.replace("\r", "\n") if bare_returns else text)
            text = source.read(1 << 20) + source.readline()
    return copy


def _has_title_lines(head: bytes) -> bool:
    """Whether the first line has one cell and a later one of the first ten has more."""
    lines = head.decode("utf-8-sig", "replace").splitlines()[:10]
    if not lines or lines[0].lower().startswith("sep="):
        return bool(lines)
    delimiter = _delimiter("\n".join(lines[1:]))
    cells = [sum(cell.strip() != "" for cell in row) for row in csv.reader(lines, delimiter=delimiter)]
    return len(cells) > 2 and cells[0] == 1 and max(cells[1:]) > 1


def _blocks(path: Path, scratch: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Cut a file of stacked tables at comment, title and blank lines; each block gets a file of its own."""
    preamble: list[str] = []
    block: list[str] = []
    for line in _logical_lines(path):
        if (
            line.startswith("#")
            or _is_title(line)
            or (not block and _is_title(line.strip().rstrip(DELIMITERS)))
        ):
            if block:
                yield _written(block, scratch), tuple(preamble)
                preamble, block = [], []
            if line.strip():
                preamble.append(line.strip().strip('"'))
        else:
            block.append(line)
    if block:
        yield _written(block, scratch), tuple(preamble)


def _logical_lines(path: Path) -> Iterator[str]:
    """Lines, where a line break inside quotation marks does not end one."""
    pending = ""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for line in lines:
            pending += line
            if pending.count('"') % 2 == 0 or len(pending) > LONGEST_LINE:
                yield pending
                pending = ""
    if pending:
        yield pending


def _is_title(line: str) -> bool:
    """A blank line, `sep=,`, or a line with a single cell."""
    bare = line.strip()
    return not _SEVERAL_CELLS.search(bare) or bare.lower().startswith("sep=")


def _written(block: list[str], scratch: Path) -> Path:
    path = scratch / f"block-{len(list(scratch.iterdir()))}.csv"
    path.write_text("".join(block), encoding="utf-8", newline="")
    return path


def _table(path: Path, preamble: tuple[str, ...] = (), *, open_quote: bool | None = None) -> TextTable:
    head = _head(path).decode("utf-8-sig", "replace")
    delimiter = _delimiter(head)
    rows = _rows_to_look_at(head, delimiter)
    before, header = rows[header_row([row for _, row in rows])] if rows else (0, [])
    header = list(header)
    while header and not header[-1].strip():
        header.pop()
    if open_quote is None:
        open_quote = _ends_in_quotes(path)
    return TextTable(path, delimiter, before, tuple(header), preamble, open_quote)


def _rows_to_look_at(head: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """The first rows that hold something, each with the number of lines before it."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    before = 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((before, row))
            if len(rows) > LOOKED_AT:
                break
            before = reader.line_num
    except csv.Error:  # a cell longer than a cell can be
        return rows
    return rows


def with_other_headers(table: TextTable) -> Iterator[TextTable]:
    """The same table with each of its next rows as the header, and with two rows as one header."""
    head = _head(table.path).decode("utf-8-sig", "replace")
    rows = [(before, row) for before, row in _rows_to_look_at(head, table.delimiter) if before >= table.skip]
    for (_, above), (before, row) in pairwise(rows):
        if holds_values(row):
            continue
        titles = tuple(" ".join(cell.strip() for cell in above if cell.strip()).splitlines())
        for names in (tuple(row), joined_names(above, row)):
            named = names[: max((at for at, name in enumerate(names, 1) if name.strip()), default=0)]
            if len(named) > 1:
                yield replace(table, skip=before, header=named, preamble=(*table.preamble, *titles))


def records_of(table: TextTable) -> Iterator[list[str]]:
    """The records under the header, cell by cell, up to one that is no record."""
    with table.path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        for _ in range(table.skip):
            next(lines, "")
        reader = csv.reader(lines, delimiter=table.delimiter)
        try:
            next(reader, [])
            yield from reader
        except csv.Error:  # a cell longer than a cell can be
            return


def _delimiter(text: str) -> str:
    """The delimiter that cuts most of the first records into as many cells as the header (at least two).

    Where none does, the first records are titles: then into as many as most of them have.
    """
    cut = {sign: _first_records(text, sign) for sign in DELIMITERS if sign in text}
    fitting = {sign: _fitting(rows, len(rows[0])) for sign, rows in cut.items() if rows and len(rows[0]) > 1}
    if max((share for share, _ in fitting.values()), default=0.0) < 0.5:
        fitting |= {
            sign: max((_fitting(rows, len(row)) for row in rows), key=lambda fit: fit[0] * (fit[1] > 1))
            for sign, rows in cut.items()
            if rows
        }
    best, most = ",", 0.0
    for sign in cut:
        share, cells = fitting.get(sign, (0.0, 0))
        if cells > 1 and cells * share**2 > most:
            best, most = sign, cells * share**2
    return best


def _fitting(rows: list[list[str]], cells: int) -> tuple[float, int]:
    """Which share of records has a number of cells, and that number."""
    return sum(len(row) == cells for row in rows) / len(rows), cells


def _first_records(text: str, delimiter: str, limit: int = 30) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) == limit:
                break
    except csv.Error:  # a cell longer than a cell can be
        return rows
    return rows


def _ends_in_quotes(path: Path) -> bool:
    marks = 0
    with path.open("rb") as raw:
        while chunk := raw.read(1 << 22):
            marks += chunk.count(b'"')
    return marks % 2 == 1


def _workbook_sheets(path: Path, scratch: Path) -> Iterator[Path]:
    """Each sheet with something in it, written as CSV: dates as ISO, numbers with a decimal point."""
    for number, (_, rows) in enumerate(sheets_of(path)):
        if len(rows) < 2:
            continue
        copy = scratch / f"sheet-{number}.csv"
        with copy.open("w", encoding="utf-8", newline="") as target:
            csv.writer(target).writerows(rows)
        yield copy
