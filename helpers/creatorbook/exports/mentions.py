"""Where a client folder's own files still name someone: file and line, so that a person can take it out."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import duckdb
from python_calamine import CalamineError, CalamineWorkbook

from creatorbook.client.own_files import files_in
from creatorbook.exports import parse
from creatorbook.exports.archives import check_archive
from creatorbook.exports.database import connect
from creatorbook.exports.encodings import encoding_of, is_utf8
from creatorbook.exports.files import ARCHIVES, WORKBOOKS
from creatorbook.exports.text import HEAD
from creatorbook.exports.workbooks import open_workbook
from creatorbook.problems import Problem

_TEXT = {".csv", ".tsv", ".txt", ".yml", ".yaml", ".json", ".jsonl", ".ndjson", ".md", ".html", ".ipynb"}


def find_mentions(folder: Path, names: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Every file of a folder that holds one of the names as a word, with the places in it.

    Returns:
        File (relative to the folder) and places: `line 17`, or `Sheet1, row 4` in a workbook.
    """
    wanted = re.compile("|".join(rf"(?<![\w.])@?{_spaced(name)}(?!\w)" for name in names), re.IGNORECASE)
    files = []
    for path in files_in(folder):
        if path.name.startswith("."):
            continue
        places = list(_places(path, wanted))
        if places:
            files.append((path.relative_to(folder).as_posix(), places))
    return files


def _spaced(name: str) -> str:
    """A name as a pattern, whatever space stands between its words."""
    return r"\s+".join(map(re.escape, name.split()))


def _names(text: str, wanted: re.Pattern[str]) -> bool:
    """Whether a text holds one of the names, its letters in their short form as `plain_name` has them."""
    return wanted.search(text if text.isascii() else unicodedata.normalize("NFC", text)) is not None


def _places(path: Path, wanted: re.Pattern[str]) -> Iterator[str]:
    suffix = path.suffix.lower()
    try:
        if suffix in _TEXT:
            with path.open("rb") as raw:
                yield from _lines(raw, wanted)
        elif suffix in WORKBOOKS:
            yield from _rows(open_workbook(path), wanted)
        elif suffix in ARCHIVES:
            yield from _members(path, wanted)
        elif suffix == ".parquet":
            yield from _records(path, wanted)
    except (OSError, CalamineError, zipfile.BadZipFile, duckdb.Error, Problem):
        yield "somewhere: the file cannot be opened, look into it by hand"


def _lines(raw: BinaryIO, wanted: re.Pattern[str]) -> Iterator[str]:
    head = raw.read(HEAD)
    raw.seek(0)
    encoding = encoding_of(head, utf8=is_utf8(head))
    for number, line in enumerate(io.TextIOWrapper(raw, encoding, errors="replace"), start=1):
        if _names(line, wanted):
            yield f"line {number}"


def _rows(book: CalamineWorkbook, wanted: re.Pattern[str]) -> Iterator[str]:
    for name in book.sheet_names:
        for number, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            if any(_names(str(cell), wanted) for cell in row):
                yield f"{name}, row {number}"


def _members(path: Path, wanted: re.Pattern[str]) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        check_archive(path, archive.infolist())
        for member in archive.infolist():
            suffix = Path(member.filename).suffix.lower()
            if suffix in _TEXT:
                with archive.open(member) as raw:
                    yield from (
                        f"{member.filename}, {place}" for place in _lines(io.BytesIO(raw.read()), wanted)
                    )
            elif suffix in WORKBOOKS:
                book = open_workbook(path, io.BytesIO(archive.read(member)))
                yield from (f"{member.filename}, {place}" for place in _rows(book, wanted))


def _records(path: Path, wanted: re.Pattern[str]) -> Iterator[str]:
    connection = connect()
    try:
        rows = connection.execute(
            f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet({parse.text(str(path))})"
        )
        number = 0
        while batch := rows.fetchmany(10_000):
            for row in batch:
                number += 1
                if any(cell and _names(cell, wanted) for cell in row):
                    yield f"record {number}"
    finally:
        connection.close()
