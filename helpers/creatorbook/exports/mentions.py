"""Where files still name someone: file and place, so that a person can take it out. Whatever is packed is unpacked."""

from __future__ import annotations

import gzip
import html
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import pypdf
from python_calamine import CalamineWorkbook

from creatorbook.client.forgotten import BETWEEN, letters
from creatorbook.client.own_files import files_in
from creatorbook.exports import parse
from creatorbook.exports.archives import check_archive
from creatorbook.exports.database import connect
from creatorbook.exports.encodings import encoding_of, is_utf8
from creatorbook.exports.files import WORKBOOKS
from creatorbook.exports.text import HEAD
from creatorbook.exports.workbooks import open_workbook

UNOPENED = "somewhere: the file cannot be opened, look into it by hand"
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Spellings:
    """What a person is called, to look for.

    Attributes:
        own: handles, names, codes or an e-mail address; case, accents and punctuation do not matter.
        others: what others are called: a part of that names nobody.
    """

    own: tuple[str, ...]
    others: tuple[str, ...] = ()

    def named_in(self, text: str) -> bool:
        """Whether a text names the person, as a word of its own."""
        if "\\u" in text:
            text = _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text)
        if "&" in text:
            text = html.unescape(text)
        if not text.isascii():
            plain = unicodedata.normalize("NFKD", text)
            text = "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()
        if self._own.search(text) is None:
            return False
        return self._others is None or self._own.search(self._others.sub("\n", text)) is not None

    @cached_property
    def _own(self) -> re.Pattern[str]:
        return _pattern(self.own)

    @cached_property
    def _others(self) -> re.Pattern[str] | None:
        return _pattern(self.others) if self.others else None


def find_mentions(folder: Path, spellings: Spellings) -> list[tuple[str, list[str]]]:
    """Every file of a folder, hidden ones too, that names the person, with the places in it.

    Returns:
        File (relative to the folder) and places: `line 17`, `Sheet1, row 4` in a workbook, `page 2` in a PDF, `its name`.
    """
    files = []
    for path in files_in(folder):
        name = path.relative_to(folder)
        if ".git" in name.parts:
            continue
        places = ["its name"] if spellings.named_in(name.as_posix()) else []
        places += _places(path, spellings)
        if places:
            files.append((name.as_posix(), places))
    return files


def places_text(places: Iterable[str]) -> str:
    """All places of a file in one line; lines and rows that follow each other as `line 938 to 1071`."""
    spans: list[list[str]] = []
    for place in places:
        before, number = _split(place)
        if spans and number and (before, number - 1) == _split(spans[-1][-1]):
            spans[-1].append(place)
        else:
            spans.append([place])
    return ", ".join(span[0] if len(span) == 1 else f"{span[0]} to {_split(span[-1])[1]}" for span in spans)


def _split(place: str) -> tuple[str, int]:
    before, _, number = place.rpartition(" ")
    return (before, int(number)) if number.isdecimal() else (place, 0)


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """The names by their letters and digits, whatever stands between the parts of each."""
    between = f"(?:{BETWEEN}){{0,3}}"
    spelt = sorted({letters(name) for name in names} - {""}, key=len, reverse=True)
    each = "|".join(between.join(map(re.escape, name)) for name in spelt)
    return re.compile(rf"(?<![^\W_])(?:{each})(?![^\W_])" if each else r"(?!)", re.IGNORECASE)


def _places(path: Path, spellings: Spellings) -> list[str]:
    try:
        with path.open("rb") as raw:
            if raw.read(4) == b"PAR1":
                return list(_records(path, spellings))
            raw.seek(0)
            return list(_in_file(path.name, raw, spellings))
    except Exception:
        return [UNOPENED]


def _in_file(name: str, raw: BinaryIO, spellings: Spellings) -> Iterator[str]:
    """Places in one file, or in one member of an archive."""
    start = raw.read(8)
    raw.seek(0)
    if Path(name).suffix.lower() in WORKBOOKS:
        yield from _in_workbook(name, raw, spellings)
    elif start.startswith(b"PK\x03\x04"):
        yield from _members(name, raw, spellings)
    elif start.startswith(b"%PDF"):
        yield from _pages(raw, spellings)
    elif start.startswith(b"\x1f\x8b"):
        yield from _in_file(Path(name).stem, io.BytesIO(gzip.decompress(raw.read())), spellings)
    else:
        yield from _lines(raw, spellings)


def _lines(raw: BinaryIO, spellings: Spellings) -> Iterator[str]:
    head = raw.read(HEAD)
    raw.seek(0)
    encoding = encoding_of(head, utf8=is_utf8(head))
    for number, line in enumerate(io.TextIOWrapper(raw, encoding, errors="replace"), start=1):
        if spellings.named_in(line):
            yield f"line {number}"


def _in_workbook(name: str, raw: BinaryIO, spellings: Spellings) -> Iterator[str]:
    """Rows of a workbook; where none names the person, the parts it is packed of (names of sheets, remarks, authors)."""
    content = raw.read()
    places = list(_rows(open_workbook(Path(name), io.BytesIO(content)), spellings))
    if not places and content.startswith(b"PK\x03\x04"):
        places = list(_members("", io.BytesIO(content), spellings))
    yield from places


def _rows(book: CalamineWorkbook, spellings: Spellings) -> Iterator[str]:
    for name in book.sheet_names:
        for number, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1):
            if any(spellings.named_in(str(cell)) for cell in row):
                yield f"{name}, row {number}"


def _members(name: str, raw: BinaryIO, spellings: Spellings) -> Iterator[str]:
    with zipfile.ZipFile(raw) as archive:
        check_archive(Path(name), archive.infolist())
        for member in archive.infolist():
            if spellings.named_in(member.filename):
                yield f"{member.filename}, its name"
            content = io.BytesIO(archive.read(member))
            yield from (
                f"{member.filename}, {place}" for place in _in_file(member.filename, content, spellings)
            )


def _pages(raw: BinaryIO, spellings: Spellings) -> Iterator[str]:
    document = pypdf.PdfReader(raw)
    if any(spellings.named_in(str(value)) for value in (document.metadata or {}).values()):
        yield "its title or author"
    for number, page in enumerate(document.pages, start=1):
        links = [str(note.get_object().get("/A", "")) for note in page.get("/Annots") or ()]
        if any(map(spellings.named_in, [*page.extract_text().splitlines(), *links])):
            yield f"page {number}"


def _records(path: Path, spellings: Spellings) -> Iterator[str]:
    connection = connect()
    try:
        rows = connection.execute(
            f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet({parse.text(str(path))})"
        )
        number = 0
        while batch := rows.fetchmany(10_000):
            for row in batch:
                number += 1
                if any(cell and spellings.named_in(cell) for cell in row):
                    yield f"record {number}"
    finally:
        connection.close()
