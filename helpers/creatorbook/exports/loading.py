"""From a text table to DuckDB: a row per record with its cells as text, and of those the records that are some.

A large regular file is scanned on all cores into Parquet. What that scan refuses, and every small file, is
scanned record by record by a reader that lets odd records pass, so that each can be told.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from creatorbook.exports import parse, rejected
from creatorbook.exports.reader import Sheet
from creatorbook.exports.text import LONGEST_LINE, TextTable
from creatorbook.exports.totals import TOTAL
from creatorbook.exports.values import NUMBER_KINDS, field_kind

LARGE = 16_777_216  #: bytes; below, the strict scan is not worth its set-up

_EMPTY, _HEADER = "an empty record", "the column names again"
_TOO_MANY = "more cells than columns"
_CUT_OFF = "a quotation mark that is never closed: what follows it in the file cannot be told apart"


def load_records(sheet: Sheet, table: TextTable, scratch: Path) -> None:
    """Load the records; those that are none are in the view `staged` only, and told."""
    large = table.path.stat().st_size >= LARGE
    # the strict scan takes the first line break it meets for the file's own: it must not be one inside a name
    regular = large and not (table.open_quote or table.tall)
    if not (regular and _strictly(sheet, table, scratch)):
        sheet.cells = None
        _tolerantly(sheet, table)


# ------------------------------------------------------------------------- large and regular files


def _strictly(sheet: Sheet, table: TextTable, scratch: Path) -> bool:
    """Scan on all cores, only the columns that are used; False if some record has another shape."""
    cells = scratch / "cells.parquet"
    used = sorted({0, len(table.header) - 1, *sheet.match.fields.values()})
    columns = ", ".join(f"c{at}" for at in used)
    try:
        sheet.connection.execute(
            f"COPY (SELECT {columns} FROM {_regular_scan(table)}) TO {parse.text(str(cells))} (FORMAT parquet, COMPRESSION lz4_raw, PRESERVE_ORDER true)"
        )
    except duckdb.Error:
        return False
    sheet.cells = cells
    last = f"c{len(table.header) - 1}"
    reason = f"CASE {_header_again(sheet, table)} WHEN is_total(c0, {last}) THEN {parse.text(TOTAL)} END"
    records, odd = sheet.one(f"SELECT count(*), count({reason}) FROM {scan_of(sheet)}")
    if not records or _some_blank(sheet):
        return False  # whether a whole record is empty is told by columns that were not read
    sheet.tidy, sheet.records = _tidy(sheet), records
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP VIEW staged AS SELECT {_bare_numbers(sheet)} FROM (SELECT "
        f"file_row_number + 1 AS _record, {reason} AS _reason, NULL AS _breaks, {_fields(sheet)} FROM {scan_of(sheet)})"
    )
    rejected.begin(sheet, "staged", parse.text(_HEADER), odd=bool(odd))
    _raw(sheet, odd=bool(odd))
    if odd:
        sheet.cells = None
    return True


def scan_of(sheet: Sheet) -> str:
    """SQL: what stands in a large regular file, as text, with `file_row_number` from 0 (see `column_of`)."""
    return f"read_parquet({parse.text(str(sheet.cells))}, file_row_number=true)"


def column_of(sheet: Sheet, field: str) -> str:
    """SQL: a field's column in `scan_of`; NULL if the file has none."""
    return f"c{sheet.match.fields[field]}" if sheet.has(field) else "CAST(NULL AS VARCHAR)"


def text_of(sheet: Sheet, field: str) -> str:
    """SQL: a field's cell in `scan_of` without surrounding space, as in `raw`."""
    column = column_of(sheet, field)
    return column if column in sheet.tidy or not sheet.has(field) else f"clean({column})"


def _tidy(sheet: Sheet) -> frozenset[str]:
    """Columns of a large file in which no cell has to be cleaned, among those with few different texts.

    Parquet holds these texts once, in a dictionary, so that this costs nearly nothing, and saves a lot.
    """
    columns = sheet.connection.execute(
        f"SELECT path_in_schema FROM parquet_metadata({parse.text(str(sheet.cells))}) GROUP BY path_in_schema "
        "HAVING bool_and(contains(encodings, 'DICTIONARY') OR total_uncompressed_size < 1000) ORDER BY 1"
    ).fetchall()
    return frozenset(
        column
        for (column,) in columns
        if not sheet.one(
            f"SELECT count(*) FROM (SELECT DISTINCT {column} AS cell FROM {scan_of(sheet)}) WHERE clean(cell) IS DISTINCT FROM cell"
        )[0]
    )


def _some_blank(sheet: Sheet) -> bool:
    """Whether no column that is used holds anything in some record. One column after the other: most have no gaps."""
    cells = [f"c{at}" for at in sorted(set(sheet.match.fields.values()))]
    for count in (1, len(cells)):
        (blank,) = sheet.one(
            f"SELECT bool_or(coalesce({', '.join(cells[:count])}) IS NULL) FROM {scan_of(sheet)}"
        )
        if not blank:
            return False
    return True


def _regular_scan(table: TextTable) -> str:
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(table.header)))
    return (
        f"read_csv({parse.text(str(table.path))}, columns={{{columns}}}, auto_detect=false, header=true, "
        f"skip={table.skip}, delim={parse.text(table.delimiter)}, quote='\"', escape='\"', "
        f"max_line_size={LONGEST_LINE})"
    )


# ------------------------------------------------------------------------------------ any other file


def _tolerantly(sheet: Sheet, table: TextTable) -> None:
    numbers = [field for field in sheet.match.fields if field_kind(sheet, field) in NUMBER_KINDS]
    fields = [*numbers, *(field for field in sheet.match.fields if field not in numbers)]
    cells = ", ".join(f"c{sheet.match.fields[field]}" for field in fields)
    texts = [f"cells[{i}] AS {parse.name(field)}" for i, field in enumerate(fields, start=1)]
    bare = [f"numbers[{i}] AS {parse.number_name(field)}" for i, field in enumerate(numbers, start=1)]
    records = (
        f"SELECT row_number() OVER () AS _record, {_reason(sheet, table)} AS _reason, {_breaks(table)} AS _breaks, "
        f"{_each('filled', _each('trimmed', f'CAST([{cells}] AS VARCHAR[])'))} AS cells FROM {_scan(table)}"
    )
    both = (
        f"SELECT *, {_each('bare', f'cells[1:{len(numbers)}]')} AS numbers FROM ({records})"
        if numbers
        else records
    )
    (sheet.records,) = sheet.one(
        "CREATE OR REPLACE TEMP TABLE scanned AS "
        f"SELECT {', '.join(['_record', '_reason', '_breaks', *texts, *bare])} FROM ({both})",
        {f"c{i}": "VARCHAR" for i in range(len(table.header) + 1)},
    )
    if table.open_quote:
        sheet.connection.execute(
            f"UPDATE scanned SET _reason = {parse.text(_CUT_OFF)} "
            "WHERE _breaks AND _record = (SELECT max(_record) FROM scanned)"
        )
    sheet.raw = "scanned"
    if rejected.begin(sheet, "scanned", parse.text(_HEADER), odd=True):
        sheet.connection.execute("CREATE OR REPLACE TEMP VIEW staged AS FROM scanned")
        _raw(sheet, odd=True)


def _each(macro: str, cells: str) -> str:
    """SQL: a macro over a list of cells. It is planned once; over one column each, once for each column.

    One macro over another's cells is planned quicker than one that names its cell again and again.
    """
    return f"list_transform({cells}, lambda cell: {macro}(cell))"


def _raw(sheet: Sheet, *, odd: bool) -> None:
    """The view `raw` of the records that are some."""
    where = " WHERE _reason IS NULL" if odd else ""
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP VIEW raw AS SELECT * EXCLUDE (_reason, _breaks) FROM staged{where}"
    )
    sheet.raw = "raw"


def _scan(table: TextTable) -> str:
    """`read_csv` with its columns as the query's parameter: every cell as text, and one column more than the header to
    notice longer records.
    """
    return (
        f"read_csv({parse.text(str(table.path))}, columns=$1, auto_detect=false, header=true, "
        f"skip={table.skip}, delim={parse.text(table.delimiter)}, quote='\"', escape='\"', null_padding=true, "
        f"strict_mode=false, parallel=false, max_line_size={LONGEST_LINE})"
    )


def _fields(sheet: Sheet) -> str:
    """SQL: each field's cell without surrounding space."""
    return ", ".join(f"{text_of(sheet, field)} AS {parse.name(field)}" for field in sheet.match.fields)


def _bare_numbers(sheet: Sheet) -> str:
    """SQL: all of that, and each number field's cell without currency signs, too."""
    numbers = [field for field in sheet.match.fields if field_kind(sheet, field) in NUMBER_KINDS]
    return ", ".join(
        ["*", *(f"bare({parse.name(field)}) AS {parse.number_name(field)}" for field in numbers)]
    )


def _reason(sheet: Sheet, table: TextTable) -> str:
    """SQL: why a record is none, or NULL."""
    cells = ", ".join(f"c{i}" for i in range(len(table.header) + 1))
    last, beyond = f"c{len(table.header) - 1}", f"c{len(table.header)}"
    # where one cell holds something, the others need no look
    one = f"c{next(iter(sheet.match.fields.values()), 0)}"
    return (
        f"CASE WHEN trim(coalesce({one}, '')) = '' AND trim(concat_ws('', {cells})) = '' THEN {parse.text(_EMPTY)} "
        f"{_header_again(sheet, table)} WHEN is_total(c0, coalesce({beyond}, {last})) THEN {parse.text(TOTAL)} "
        f"WHEN trim({beyond}) <> '' THEN {parse.text(_TOO_MANY)} END"
    )


def _header_again(sheet: Sheet, table: TextTable) -> str:
    repeated = [
        f"trim(c{at}) = {parse.text(table.header[at].strip())}"
        for at in reversed(
            list(sheet.match.fields.values())[:4]
        )  # the last of them has the fewest different texts
    ]
    return f"WHEN {' AND '.join(repeated)} THEN {parse.text(_HEADER)}"


def _breaks(table: TextTable) -> str:
    if not table.open_quote:
        return "NULL"
    cells = ", ".join(f"c{i}" for i in range(len(table.header)))
    return f"contains(concat_ws('', {cells}), chr(10))"
