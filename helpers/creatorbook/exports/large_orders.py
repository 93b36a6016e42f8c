"""Shopify orders, when the file is large and regular: in a few passes over all records, from Parquet to Parquet.

The same rows and receipt as `shopify` makes step by step. Every assumption is checked on every record; where
one does not hold, nothing is returned and the file is read step by step.
"""

from __future__ import annotations

from pathlib import Path

from creatorbook.exports import parse
from creatorbook.exports.finishing import gross_from_total
from creatorbook.exports.reader import Rows, Sheet
from creatorbook.exports.values import DATES, NUMBERS, evidence, words, zones
from creatorbook.tables import SQL_TYPES, TABLES, Kind

#: fields of a line that hold numbers
LINES: dict[str, Kind] = {"line_quantity": "number", "line_price": "money", "line_discount": "money"}

_KEYS = ("order_id", "ordered_at", "total")
_SAMPLE = 20_000  #: records looked at for how numbers are written; every record is then held to it


def read(sheet: Sheet, workroom: Path, derived: dict[str, str]) -> Rows | None:
    """Orders and their lines, or None if some record is out of the ordinary.

    Args:
        sheet: a large file whose records are all regular.
        workroom: where the Parquet files go.
        derived: SQL for columns of orders that the shop tells in its own way.
    """
    lines, orders = workroom / "order_lines.parquet", workroom / "orders.parquet"
    if sheet.options.currency in sheet.options.exchange_rates or sheet.match.currency not in (
        None,
        sheet.options.currency,
    ):
        return None
    if not (_lines(sheet, lines) and _blocks(sheet) and _orders(sheet, orders, derived)):
        return None
    sheet.currency = sheet.options.currency
    (kept,) = sheet.one("SELECT coalesce(sum(_records), 0) FROM written_orders")
    return Rows(
        {name: f"written_{name}" for name in ("orders", "order_lines")},
        int(kept),
        {"orders": orders, "order_lines": lines},
    )


def _lines(sheet: Sheet, path: Path) -> bool:
    """Write `order_lines`; False if an order's name is missing or a number is not plain."""
    if not _point_decimals(sheet, [field for field in LINES if sheet.has(field)], "raw"):
        return False
    values = {f: parse.plain_number(sheet.cell(f), kind) for f, kind in LINES.items()}
    odd = _unread({sheet.cell(field): value for field, value in values.items()})
    _write(
        sheet,
        path,
        "order_lines",
        f"SELECT _record, 1 AS _records, ltrim(order_id, '''') AS order_id, {sheet.cell('line_sku')} AS sku, "
        f"{sheet.cell('line_name')} AS product, {values['line_quantity']} AS quantity, "
        f"{values['line_price']} AS price, {values['line_discount']} AS discount, "
        f"({odd}) OR order_id IS NULL OR quantity IS NULL AS _odd FROM raw",
    )
    return _in_order(sheet, "order_lines")


def _blocks(sheet: Sheet) -> bool:
    """The table `blocks`: an order's first record, its basket, how many records it has.

    Records of one order follow one another; False if an order comes up again later. The windows have no
    order of their own: they pass over the records as they lie, without sorting them.
    """
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE blocks AS SELECT first, "
        "coalesce(lead(first) OVER (), total + 1) - first AS records, "
        "CASE WHEN coalesce(lead(priced) OVER (), all_priced) > priced "
        "THEN CAST(coalesce(lead(before) OVER (), all_before) - before AS DECIMAL(18,2)) END AS basket, name "
        "FROM (SELECT _record AS first, hash(order_id) AS name, sold - coalesce(amount, 0) AS before, "
        "known - CAST(amount IS NOT NULL AS BIGINT) AS priced FROM "
        "(SELECT _record, order_id, amount, lag(order_id) OVER () AS previous, "
        "sum(amount) OVER (ROWS UNBOUNDED PRECEDING) AS sold, count(amount) OVER (ROWS UNBOUNDED PRECEDING) AS known "
        "FROM (SELECT _record, order_id, price * CAST(quantity AS DECIMAL(12,0)) AS amount FROM written_order_lines)) "
        "WHERE order_id IS DISTINCT FROM previous), "
        "(SELECT count(*) AS total, count(price * quantity) AS all_priced, "
        "coalesce(sum(price * CAST(quantity AS DECIMAL(12,0))), 0) AS all_before FROM written_order_lines)"
    )
    (once,) = sheet.one(
        "SELECT count(*) = count(DISTINCT name) AND coalesce(min(records) > 0, true) FROM blocks"
    )
    sheet.connection.execute("ALTER TABLE blocks DROP COLUMN name")  # the join of orders needs the memory
    return bool(once)


def _orders(sheet: Sheet, path: Path, derived: dict[str, str]) -> bool:
    """Write `orders`; False if a cell is not plain, a key is missing, or an amount is in another currency."""
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP VIEW firsts AS SELECT * EXCLUDE (_aside, _breaks) FROM staged "
        "JOIN blocks ON _record = first"
    )
    present = [column for column in TABLES["orders"].columns if sheet.has(column.name)]
    numbers = {column.name: column.kind for column in present if column.kind in NUMBERS}
    if not _point_decimals(sheet, list(numbers), f"firsts WHERE _record <= {_SAMPLE}"):
        return False
    cells = {field: parse.plain_number(parse.name(field), kind) for field, kind in numbers.items()}
    cells |= {c.name: parse.plain_moment(parse.name(c.name)) for c in present if c.kind in DATES}
    cells |= {c.name: words(sheet, c) for c in present if c.kind not in NUMBERS | DATES}
    unread = _unread({parse.name(f): value for f, value in cells.items() if f != "customer"})
    sheet.time_zone = zones(sheet, "ordered_at", "firsts")
    _write(sheet, path, "orders", _finished(sheet, {**cells, **derived}, unread))
    return _in_order(sheet, "orders") or _sorted(sheet, path)


def _finished(sheet: Sheet, values: dict[str, str], unread: str) -> str:
    """The query for `orders`: cells as values, then what the table's rules say (see `finishing`, `currencies`)."""
    columns = TABLES["orders"].columns
    read_values = ", ".join(
        f"CAST({values.get(c.name, 'NULL')} AS {SQL_TYPES[c.kind]}) AS {parse.name(c.name)}" for c in columns
    )
    signless = (
        "SELECT * REPLACE (abs(discount) AS discount, abs(refunded) AS refunded, lower(channel) AS channel, "
        f"coalesce(currency, {parse.text(sheet.options.currency)}) AS currency) "
        f"FROM (SELECT first AS _record, records AS _records, basket, {read_values}, {unread} AS _odd FROM firsts)"
    )
    missing = " OR ".join(f"{key} IS NULL" for key in _KEYS)
    return (
        f"SELECT * EXCLUDE (basket) REPLACE (coalesce(basket, {gross_from_total(sheet)}) AS gross, "
        f"_odd OR {missing} OR currency <> {parse.text(sheet.options.currency)} AS _odd) FROM ({signless})"
    )


def _point_decimals(sheet: Sheet, fields: list[str], rows: str) -> bool:
    """Whether numbers in the first records have a decimal point, and none a comma.

    If all other cells are plain too, no cell of the file speaks for a decimal comma.
    """
    if not fields:
        return True
    cells = ", ".join(parse.number_name(field) for field in fields)
    seen = evidence(sheet, fields, f"(SELECT {cells} FROM {rows} LIMIT {_SAMPLE})").values()
    return any(told.point for told in seen) and not any(told.commas for told in seen)


def _unread(values: dict[str, str]) -> str:
    """SQL: whether some cell holds something and its value is missing."""
    return (
        " OR ".join(f"({cell} IS NOT NULL AND {value} IS NULL)" for cell, value in values.items()) or "false"
    )


def _write(sheet: Sheet, path: Path, name: str, query: str) -> None:
    """A query's rows as a Parquet file, and as the view `written_<name>`."""
    sheet.connection.execute(
        f"COPY ({query}) TO {parse.text(str(path))} (FORMAT parquet, COMPRESSION lz4_raw, PRESERVE_ORDER true)"
    )
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP VIEW written_{name} AS FROM read_parquet({parse.text(str(path))})"
    )


def _sorted(sheet: Sheet, path: Path) -> bool:
    """Write `orders` again in the order of the file, which a join that does not fit into memory does not keep."""
    (odd,) = sheet.one("SELECT coalesce(bool_or(_odd), false) FROM written_orders")
    if odd:
        return False
    unsorted = path.replace(path.with_suffix(".unsorted"))
    sheet.connection.execute(
        f"COPY (SELECT * FROM read_parquet({parse.text(str(unsorted))}) ORDER BY _record) "
        f"TO {parse.text(str(path))} (FORMAT parquet, COMPRESSION lz4_raw, PRESERVE_ORDER true)"
    )
    unsorted.unlink()
    return True


def _in_order(sheet: Sheet, name: str) -> bool:
    """Whether no record is odd and all lie in the order of the file."""
    (fine,) = sheet.one(
        f"SELECT NOT coalesce(bool_or(_odd OR behind), false) FROM "
        f"(SELECT _odd, coalesce(lag(_record) OVER () > _record, false) AS behind FROM written_{name})"
    )
    return bool(fine)
