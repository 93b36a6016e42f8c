"""Files that are no plain text table: archives, workbooks of several sheets, JSON lines, Parquet, stacked audience files.

Each is turned into tables that the other modules read; what could do harm is refused by name, with the limit it hit.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from creatorbook.exports import parse
from creatorbook.exports.archives import check_archive, open_archive, refused
from creatorbook.exports.database import connect
from creatorbook.exports.files import ARCHIVES, READABLE, TEXT, WORKBOOKS, ExportFile
from creatorbook.exports.workbooks import check_document, sheet_of, sheets_of
from creatorbook.problems import Problem

LONGEST_OBJECT = 8_388_608  #: characters of one JSON line
_TITLES = 8  #: rows of a sheet in which its header is looked for
LARGEST_AUDIENCE = 1_048_576  #: bytes of a stacked audience file: some hundred lines


def file_parts(
    file: ExportFile, recognised: Callable[[Sequence[str]], bool], *, mapped: bool = False
) -> tuple[list[ExportFile], list[str]]:
    """What a file is read as: an archive's members, a workbook's sheets, mostly just itself.

    Args:
        file: the file.
        recognised: whether some reader knows a header.
        mapped: whether client.yml tells how to read the file as a whole.

    Returns:
        The parts, and the names of those that hold nothing to read.

    Raises:
        Problem: an archive or workbook that is not safe to open.
    """
    suffix = file.path.suffix.lower()
    if suffix in ARCHIVES:
        return _members(file)
    if suffix in WORKBOOKS:
        check_document(file.path)
        return ([file], []) if mapped else _sheets(file, recognised)
    return [file], []


def opened(file: ExportFile, scratch: Path) -> Path:
    """A path that the text reader understands: the file itself, or a copy made in `scratch`.

    Raises:
        Problem: the file is broken, or not safe to open.
    """
    path = file.path
    if path.suffix.lower() in ARCHIVES:
        path = _extracted(file, scratch)
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS:
        check_document(path)
        return _sheet_copy(file, scratch) if file.member and path == file.path else path
    if suffix in {".jsonl", ".ndjson"}:
        return _from_json_lines(path, scratch, file.name)
    if suffix == ".parquet":
        return _from_parquet(path, scratch, file.name)
    return _unstacked(path, scratch) if suffix in TEXT else path


# ---------------------------------------------------------------------------------------- archives


def _members(file: ExportFile) -> tuple[list[ExportFile], list[str]]:
    with open_archive(file.path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        check_archive(file.path, members)
    tables, others = [], []
    for member in sorted(members, key=lambda member: member.filename):
        inside = PurePosixPath(member.filename)
        if any(part.startswith((".", "~$", "__MACOSX")) for part in inside.parts):
            continue
        name = f"{file.name}/{member.filename}"
        if inside.suffix.lower() in READABLE:
            tables.append(replace(file, name=name, member=member.filename))
        else:
            others.append(name)
    return tables, others


def _extracted(file: ExportFile, scratch: Path) -> Path:
    """One member, written into `scratch` under a name of our own; never more bytes than its entry announced."""
    with open_archive(file.path) as archive:
        check_archive(file.path, archive.infolist())
        member = archive.getinfo(file.member)
        target = scratch / f"member{PurePosixPath(file.member).suffix.lower()}"
        left = member.file_size
        try:
            with archive.open(member) as source, target.open("wb") as copy:
                while chunk := source.read(1 << 20):
                    left -= len(chunk)
                    if left < 0:
                        raise refused(file.path, f"its file “{file.member}” is larger than it says")
                    copy.write(chunk)
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
            ValueError,
        ) as error:
            raise Problem(
                f"its file “{file.member}” cannot be unpacked: {error}", file.path, todo="Download it again."
            ) from None
    return target


# --------------------------------------------------------------------------------------- workbooks


def _sheets(
    file: ExportFile, recognised: Callable[[Sequence[str]], bool]
) -> tuple[list[ExportFile], list[str]]:
    """The sheets of a workbook where several are tables we know; else the workbook as one file."""
    filled = list(sheets_of(file.path))
    if len(filled) == 1:
        return (
            ([file], []) if len(filled[0][1]) != 1 or not recognised(filled[0][1][0]) else ([], [file.name])
        )
    recognisable = [(name, rows) for name, rows in filled if any(map(recognised, rows[:_TITLES]))]
    if not recognisable:
        return [file], []
    tables = [
        replace(file, name=f"{file.name}/{name}", member=name) for name, rows in recognisable if len(rows) > 1
    ]
    read = {table.member for table in tables}
    return tables, [f"{file.name}/{name}" for name, _ in filled if name not in read]


def _sheet_copy(file: ExportFile, scratch: Path) -> Path:
    return _written(scratch / "sheet.csv", sheet_of(file.path, file.member))


def _written(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(rows)
    return path


# --------------------------------------------------------------------------- JSON lines and Parquet


def _from_json_lines(path: Path, scratch: Path, name: str) -> Path:
    """One object per line; columns in the order in which they first come up."""
    columns: dict[str, None] = {}
    for record in _json_records(path, name):
        columns.update(dict.fromkeys(record))
    target = scratch / "lines.csv"
    with target.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy)
        writer.writerow(columns)
        for record in _json_records(path, name):
            writer.writerow([_cell_of(record.get(column)) for column in columns])
    return target


def _json_records(path: Path, name: str) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(iter(lambda: lines.readline(LONGEST_OBJECT), ""), start=1):
            if len(line) == LONGEST_OBJECT:
                raise Problem(
                    f"refused: a line is longer than {LONGEST_OBJECT // 1_048_576} MB",
                    f"exports/{name}",
                    number,
                    todo="Export the file again.",
                )
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            if not isinstance(record, dict):
                raise Problem(
                    "this line is not a JSON object",
                    f"exports/{name}",
                    number,
                    todo='Each line holds one object, as {"order": 1, "total": 59.9}. Was the file cut off?',
                )
            yield record


def _cell_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _from_parquet(path: Path, scratch: Path, name: str) -> Path:
    target = scratch / "rows.csv"
    connection = connect()
    try:
        connection.execute(
            f"COPY (SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet({parse.text(str(path))})) "
            f"TO {parse.text(str(target))} (FORMAT csv, HEADER true, DELIMITER ',')"
        )
    except duckdb.Error as error:
        raise Problem(
            f"this Parquet file cannot be opened: {str(error).splitlines()[0]}",
            f"exports/{name}",
            todo="Write it again, or save it as CSV.",
        ) from None
    finally:
        connection.close()
    return target


# --------------------------------------------------------------------------- stacked audience files

#: what the blocks of a stacked audience file are called
_BLOCKS = re.compile(
    r"(age (&|and) gender|alter (und|&) geschlecht|âge et (genre|sexe)|edad y (género|sexo)|idade e (gênero|género)"
    r"|top (towns/)?cities|top countries|top pages|(haupt|top)[- ]?(städte|länder)|principales (villes|pays|ciudades|países)"
    r"|principais (cidades|países)|follows?|followers)",
    re.IGNORECASE,
)
_FIRST_BLOCK = re.compile(rf'^\s*(sep=.\s+)?"?{_BLOCKS.pattern}"?\s*$', re.IGNORECASE)
_AGE_AND_GENDER = re.compile("age|alter|âge|edad|idade", re.IGNORECASE)


#: figures per day, whatever they are called: a title, two names, and a day with its hour
_DAILY = re.compile(
    r'^\s*(sep=.\s+)?"?[^",;\t\n]+"?[,;\t]*\n+"?[^",;\t\n]+"?[,;\t]"?[^",;\t\n]+"?[,;\t]*\n+"?\d{4}-\d\d-\d\dT'
)


def _unstacked(path: Path, scratch: Path) -> Path:
    """Blocks under one another as one list: of shares, each block laid out in its own way, or of figures per day."""
    with path.open("rb") as raw:
        head = raw.read(4096)
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    start = head.decode("utf-16" if utf16 else "utf-8-sig", "replace").replace("\r", "")
    title = "\n".join(start.lstrip().split("\n")[: 2 if start.lstrip().lower().startswith("sep=") else 1])
    daily = _DAILY.match(start)
    if not (daily or _FIRST_BLOCK.match(title)) or path.stat().st_size > LARGEST_AUDIENCE:
        return path
    text = path.read_bytes().decode("utf-16" if utf16 else "utf-8-sig", "replace").replace("\x00", "")
    if daily:
        figures = _daily_blocks(text)
        several = len({name for name, _, _ in figures}) > 1
        return (
            _written(scratch / "days.csv", [["Daily figure", "Date", "Primary"], *figures])
            if several
            else path
        )
    rows = [row for block in _audience_blocks(text) for row in _shares(*block)]
    if not rows:
        return path
    return _written(
        scratch / "audience.csv", [["Audience block", "Audience segment", "Audience share"], *rows]
    )


def _daily_blocks(text: str) -> list[tuple[str, str, str]]:
    """Title, day and figure of each line of blocks of figures per day."""
    title, named, rows = "", False, []
    for line in text.splitlines():
        delimiter = max(",;\t", key=line.count)
        cells = _cells_of(line, delimiter)
        filled = [cell for cell in cells if cell]
        if (
            len(filled) == 1
            and not re.match(r"\d{4}-\d\d-\d\d", cells[0])
            and not line.lower().startswith("sep=")
        ):
            title, named = filled[0], False
        elif title and not named and len(filled) > 1:
            named = True  # the names of the columns, said again in each block
        elif title and filled and not line.lower().startswith("sep="):
            rows.append((title, cells[0], cells[1] if len(cells) > 1 else ""))
    return rows


def _cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of a line; none where a cell is longer than one can be."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _audience_blocks(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    """Title and rows of each block."""
    title = ""
    rows: list[list[str]] = []
    for line in text.splitlines():
        try:
            row = next(csv.reader([line]), [])
        except csv.Error:
            continue
        cells = [cell.strip() for cell in row]
        if len([cell for cell in cells if cell]) == 1 and _BLOCKS.fullmatch(cells[0]):
            if rows:
                yield title, rows
            title, rows = cells[0], []
        elif title and any(cells):
            rows.append(cells)
    if rows:
        yield title, rows


def _shares(title: str, rows: list[list[str]]) -> Iterator[list[str]]:
    """Rows of block, segment, share. Three layouts are known: a grid of age by gender, names over figures, a list."""
    head, *body = rows
    if _AGE_AND_GENDER.match(title) and len(head) > 2 and body:
        for row in body:
            yield ["Age", row[0], _added(row[1:])]
        for at, gender in enumerate(head[1:], start=1):
            yield ["Gender", gender, _added([row[at] for row in body if at < len(row)])]
    elif len(body) == 1 and len(head) > 1 and not _is_share(head[-1]):
        yield from ([title, name, share] for name, share in zip(head, body[0], strict=False) if name)
    else:
        yield from ([title, row[0], row[1]] for row in rows if len(row) > 1 and _is_share(row[1]))


def _is_share(cell: str) -> bool:
    return _number(cell) is not None


def _number(cell: str) -> float | None:
    try:
        return float(cell.strip().rstrip("%").strip().replace(",", "."))
    except ValueError:
        return None


def _added(cells: Sequence[str]) -> str:
    """The sum of a row or column of the grid, written as its cells are."""
    numbers = [number for cell in cells if (number := _number(cell)) is not None]
    sign = "%" if any("%" in cell for cell in cells) else ""
    return f"{sum(numbers):.4f}{sign}" if numbers else ""
