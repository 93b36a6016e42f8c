"""Reading a file with one record per row of one canonical table, and what every such reading shares."""

from __future__ import annotations

import re
from collections.abc import Sequence

from creatorbook.exports import parse, rejected
from creatorbook.exports.accounts import (
    EXPECTED_ACCOUNT,
    address_column,
    handle_column,
    linked_account,
    platform_of_account,
    set_aside_links,
)
from creatorbook.exports.currencies import one_currency
from creatorbook.exports.finishing import FINISHING
from creatorbook.exports.guesses import platform_guess
from creatorbook.exports.identifiers import set_aside_rounded
from creatorbook.exports.reader import Rows, Sheet
from creatorbook.exports.values import EXPECTED, number_columns, typed_columns
from creatorbook.problems import Problem
from creatorbook.tables import SQL_TYPES, TABLES, CanonicalColumn, CanonicalTable

#: cells without which a record says nothing; other cells may be missing one by one
KEYS = {
    "creators": ("handle", "platform"),
    "posts": ("post_id", "published_at"),
    "comments": ("text",),
    "follower_history": ("date", "followers"),
    "audience": ("dimension", "segment", "share"),
    "tallies": ("handle", "looked_at"),
    "feedback": ("counted",),
    "profiles": ("handle",),
    "reviews": ("handle", "reviewer"),
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
    "rights": ("handle",),
    "briefs": ("handle", "sent_on"),
    "signups": ("date", "signups"),
    "store_sales": ("date", "sales"),
    "shop_videos": ("post_id", "sales"),
    "affiliate_orders": ("order_id", "handle"),
}


def read_plain(sheet: Sheet) -> Rows:
    """One record, one row: cells are typed, the table's own rules applied, unusable records set aside."""
    table = TABLES[sheet.layout.tables[0]]
    type_cells(sheet, table)
    return finish(sheet, table)


def finish(sheet: Sheet, table: CanonicalTable) -> Rows:
    """Make `typed` the canonical table: unusable records set aside, then the table's own rules."""
    lacking = _with_gaps(sheet, table)
    set_aside_unreadable(sheet, table, lacking)
    count_unreadable(sheet, [column for column in lacking if column not in KEYS.get(table.name, ())])
    if table.name == "orders" and sheet.has("subtotal"):
        (filled, read) = sheet.one(
            f"SELECT (SELECT count(subtotal) FROM {sheet.raw}), (SELECT count(subtotal) FROM typed)"
        )
        count_unreadable(sheet, ["subtotal"] if read < filled else [])
    if table.name in FINISHING:
        FINISHING[table.name](sheet)
    one_currency(sheet, table)
    (records,) = sheet.one("SELECT count(*) FROM typed")
    return Rows({table.name: "typed"}, int(records))


def _with_gaps(sheet: Sheet, table: CanonicalTable) -> list[str]:
    """Columns of `typed` that are empty somewhere, though not for the reason that their cells are."""
    keys = KEYS.get(table.name, ())
    looked_at = [c for c in table.names if c in keys or (sheet.has(c) and c not in sheet.verbatim)]
    counts = ", ".join(["count(*)", *(f"count({parse.name(column)})" for column in looked_at)])
    records, *filled = sheet.one(f"SELECT {counts} FROM typed")
    return [column for column, count in zip(looked_at, filled, strict=True) if count < records]


def read_creators(sheet: Sheet) -> Rows:
    """A creators list; the platform is told by the account's link, its column, another link, the column's name, or client.yml.

    Raises:
        Problem: nothing tells on which platform creators are.
    """
    table = TABLES["creators"]
    in_column = f"platform_of({sheet.cell('platform')})"
    links = [f"platform_in_link({sheet.cell(field)})" for field in ("post_url", "link") if sheet.has(field)]
    by_name = re.search("instagram|tiktok|youtube|facebook|pinterest", sheet.header_of("handle").lower())
    of_account = f"coalesce({platform_of_account(sheet, 'handle')}, {platform_of_account(sheet, 'profile')})"
    named = parse.text(by_name[0]) if by_name else "NULL"
    values = {"platform": f"coalesce({', '.join([of_account, in_column, *links, named])})"}
    if sheet.has("profile"):
        values["handle"] = _named_or_linked(sheet)
    if sheet.has("link"):
        values["link"] = address_column(sheet, "link")
    type_cells(sheet, table, values)
    _tell_other_platforms(sheet, of_account, in_column)
    open_rows, rows = sheet.one(
        "SELECT count(*) FILTER (WHERE platform IS NULL), count(*) FROM typed WHERE handle IS NOT NULL"
    )
    if open_rows and (not sheet.has("platform") or open_rows * 2 > rows):
        raise _no_platform(sheet, open_rows, rows)
    return finish(sheet, table)


def _named_or_linked(sheet: Sheet) -> str:
    """SQL for the handle, where a link to the profile stands beside it: a name with spaces is shown, and no handle."""
    handle, linked = handle_column(sheet, "handle"), linked_account(sheet, "profile")
    return f"CASE WHEN contains({sheet.cell('handle')}, ' ') THEN coalesce({linked}, {handle}) ELSE coalesce({handle}, {linked}) END"


_NO_PLATFORM = "nothing tells the platform"
_PLATFORM_NEEDED = (
    "a platform such as instagram in the row, or “platform: …” for the whole file under mapping in client.yml"
)


def _no_platform(sheet: Sheet, open_rows: int, rows: int) -> Problem:
    """The question on which platform creators are, for a list that leaves it open for all or for some of them."""
    some = f" ({open_rows} of {rows} rows)" if open_rows < rows else ""
    return Problem(
        f"the list does not say which platform the creators are on{some}",
        f"exports/{sheet.options.file}",
        todo="Add a column “platform”, or say it for every row that does not tell it in client.yml:\n"
        f'mapping:\n  - file: "{sheet.options.file}"\n    table: creators\n    platform: {platform_guess(sheet.options.file)}',
    )


def _tell_other_platforms(sheet: Sheet, of_account: str, in_column: str) -> None:
    """Rows whose account's link belongs to another platform than their column says: the link counts, and that is told."""
    if not (sheet.has("platform") and any(sheet.links.values())):
        return
    (differ,) = sheet.one(f"SELECT count(*) FROM {sheet.raw} AS raw WHERE {of_account} <> {in_column}")
    if differ:
        sheet.notes.append(
            f"{sheet.header_of('platform')}: the account's link belongs to another platform than this column says "
            f"(rows: {differ}): the link was taken"
        )


def type_cells(sheet: Sheet, table: CanonicalTable, values: dict[str, str] | None = None) -> None:
    """Make the temporary table `typed`: `_record`, `_records`, and the table's columns, missing where the file has none.

    Args:
        sheet: what is read.
        table: what it becomes.
        values: SQL over `raw` for columns that a layout derives in its own way.
    """
    made = {**typed_columns(sheet, table), **(values or {})}
    constants = {**(sheet.layout.constants or {}), **_account(sheet, table, made)}
    for column, value in constants.items():
        constant = parse.text(value)
        made[column] = f"coalesce({made[column]}, {constant})" if column in made else constant
    columns = ", ".join(
        f"{_of_kind(made.get(column.name, 'NULL'), column)} AS {parse.name(column.name)}"
        for column in table.columns
    )
    if table.name == "orders":  # held against the total, and then left out
        read = number_columns(sheet, {"subtotal": "money"}).get("subtotal", "NULL")
        subtotal = made.get("subtotal", read)
        columns += f", CAST({subtotal} AS DECIMAL(18,2)) AS subtotal"
    sheet.verbatim = frozenset(column for column, value in made.items() if value == parse.name(column))
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE typed AS SELECT _record, 1 AS _records, {columns} FROM {sheet.raw} AS raw"
    )


def _of_kind(value: str, column: CanonicalColumn) -> str:
    """SQL: a value as its column has it. Each word of a query takes time to plan; a text as it stands needs none."""
    kind = SQL_TYPES[column.kind]
    if value == "NULL":
        return f"NULL::{kind}"
    return value if column.kind == "text" and value == parse.name(column.name) else f"CAST({value} AS {kind})"


def _account(sheet: Sheet, table: CanonicalTable, made: dict[str, str]) -> dict[str, str]:
    """Handle and platform that the client folder gives for a file that does not say them itself."""
    account = {"handle": sheet.options.handle, "platform": sheet.options.platform}
    if table.name == "posts" and sheet.options.handle:
        account["whose"] = "creator"
    return {column: value for column, value in account.items() if value and column in table.names}


def set_aside_unreadable(sheet: Sheet, table: CanonicalTable, lacking: Sequence[str]) -> None:
    """Take records without a usable key cell out of `typed`, and say which and why."""
    for key in (key for key in KEYS.get(table.name, ()) if key in lacking):
        where = f"{parse.name(key)} IS NULL"
        if key == "handle":
            set_aside_links(sheet, key)
        set_aside_rounded(sheet, key)
        if (
            table.name == "creators" and key == "platform"
        ):  # the cell is one of several places that can tell it
            rejected.take_out(sheet, where, _NO_PLATFORM, key if sheet.has(key) else "", _PLATFORM_NEEDED)
            continue
        if not sheet.has(key):
            rejected.take_out(sheet, where, f"nothing tells the {key.replace('_', ' ')}")
            continue
        blank = f"_record IN (SELECT _record FROM {sheet.raw} WHERE {parse.name(key)} IS NULL)"
        expected = EXPECTED_ACCOUNT if key == "handle" else EXPECTED[table[key].kind]
        rejected.take_out(sheet, f"{where} AND {blank}", "the cell is empty", key, expected)
        rejected.take_out(sheet, where, f"not {expected.split(' such')[0]}", key, expected)


def count_unreadable(sheet: Sheet, columns: Sequence[str], made: str = "typed") -> None:
    """Count cells that hold something which could not be read: in a table made of them, their columns are empty."""
    if not columns:
        return
    counts = sheet.one(
        "SELECT "
        + ", ".join(
            f"count(*) FILTER (WHERE t.{c} IS NULL AND r.{c} IS NOT NULL)" for c in map(parse.name, columns)
        )
        + f" FROM {made} t JOIN {sheet.raw} r USING (_record)"
    )
    for column, count in zip(columns, counts, strict=True):
        if count:
            sheet.unreadable[sheet.header_of(column)] = int(count)
