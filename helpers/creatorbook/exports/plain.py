"""Reading a file with one record per row of one canonical table, and what every such reading shares."""

from __future__ import annotations

from creatorbook.exports import parse
from creatorbook.exports.finishing import FINISHING
from creatorbook.exports.reader import Rows, Sheet
from creatorbook.exports.receipts import LISTED, SetAside
from creatorbook.exports.values import EXPECTED, typed_columns
from creatorbook.tables import SQL_TYPES, TABLES, Table

#: cells without which a record says nothing; other columns may be missing cell by cell
KEYS = {
    "creators": ("handle", "platform"),
    "posts": ("post_id", "published_at"),
    "comments": ("text",),
    "follower_history": ("date", "followers"),
    "audience": ("dimension", "segment", "share"),
    "orders": ("order_id", "ordered_at", "total"),
    "order_lines": ("order_id", "quantity"),
    "refunds": ("order_id", "refunded_at", "amount"),
    "discounts": ("code",),
    "products": ("sku",),
    "sessions": ("sessions",),
    "clicks": ("clicks",),
    "costs": ("kind", "amount"),
    "survey": ("answer",),
    "promotions": ("starts_on", "ends_on"),
    "shop_creators": ("handle",),
    "ads": ("spend",),
    "searches": ("query", "clicks"),
    "account_days": ("date",),
}


def read_plain(sheet: Sheet) -> Rows:
    """One record, one row: cells are typed, the table's own rules applied, unusable records set aside."""
    table = TABLES[sheet.layout.tables[0]]
    type_cells(sheet, table)
    asides = set_aside_unreadable(sheet, table)
    count_unreadable(sheet, table)
    asides += finish(sheet, table)
    (kept,) = sheet.one(f"SELECT coalesce(sum(_records), 0) FROM {table.name}")
    return Rows({table.name: table.name}, int(kept), asides)  # type: ignore[call-overload]


def type_cells(sheet: Sheet, table: Table) -> None:
    """Make the temporary table `typed`: `_record` and the table's columns, missing where the file has none."""
    values = typed_columns(sheet, table)
    constants = {**(sheet.layout.constants or {}), **_account(sheet, table, values)}
    for column, value in constants.items():
        told = parse.text(value)
        values[column] = f"coalesce({values[column]}, {told})" if column in values else told
    made = ", ".join(
        f"CAST({values.get(column.name, 'NULL')} AS {SQL_TYPES[column.kind]}) AS {parse.name(column.name)}"
        for column in table.columns
    )
    sheet.connection.execute(f"CREATE OR REPLACE TEMP TABLE typed AS SELECT _record, {made} FROM raw")


def _account(sheet: Sheet, table: Table, values: dict[str, str]) -> dict[str, str]:
    """Handle and platform that the client folder gives for a file that does not say them itself."""
    told = {"handle": sheet.options.handle, "platform": sheet.options.platform}
    return {
        column: value
        for column, value in told.items()
        if value and column in table.names and (column not in values or column == "platform")
    }


def set_aside_unreadable(sheet: Sheet, table: Table) -> list[SetAside]:
    """Take records without a usable key cell out of `typed`, and say which and why."""
    keys = [key for key in KEYS[table.name] if sheet.has(key)]
    if not keys:
        return []
    bad = "CASE " + " ".join(f"WHEN t.{parse.name(key)} IS NULL THEN '{key}'" for key in keys) + " END"
    blank = (
        "CASE "
        + " ".join(
            f"WHEN t.{parse.name(key)} IS NULL THEN words(r.{parse.name(key)}) IS NULL" for key in keys
        )
        + " END"
    )
    found = sheet.connection.execute(
        f"SELECT {bad} AS field, {blank} AS blank, count(*), list(_record ORDER BY _record)[:{LISTED}] "
        f"FROM typed t JOIN raw r USING (_record) WHERE field IS NOT NULL GROUP BY ALL ORDER BY 1, 2"
    ).fetchall()
    if found:
        sheet.connection.execute(
            "DELETE FROM typed WHERE " + " OR ".join(f"{parse.name(key)} IS NULL" for key in keys)
        )
    return [
        SetAside(
            "the cell is empty" if blank else f"not {EXPECTED[table[field].kind].split(' such')[0]}",
            tuple(records),
            sheet.header_of(field),
            EXPECTED[table[field].kind],
            count,
        )
        for field, blank, count, records in found
    ]


def count_unreadable(sheet: Sheet, table: Table) -> None:
    """Count cells of other columns that hold something which could not be read."""
    columns = [c for c in table.names if sheet.has(c) and c not in KEYS[table.name]]
    if not columns:
        return
    counts = sheet.one(
        "SELECT "
        + ", ".join(
            f"count(words(r.{parse.name(c)})) - count(CASE WHEN words(r.{parse.name(c)}) IS NOT NULL THEN t.{parse.name(c)} END)"
            for c in columns
        )
        + " FROM typed t JOIN raw r USING (_record)"
    )
    for column, count in zip(columns, counts, strict=True):
        if count:
            sheet.unreadable[sheet.header_of(column)] = int(count)  # type: ignore[call-overload]


def finish(sheet: Sheet, table: Table) -> list[SetAside]:
    """Make the canonical table from `typed`, by the table's own rules."""
    asides = FINISHING[table.name](sheet) if table.name in FINISHING else []
    columns = ", ".join(parse.name(column) for column in table.names)
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {table.name} AS "
        f"SELECT _record, 1 AS _records, {columns} FROM typed ORDER BY _record"
    )
    return asides
