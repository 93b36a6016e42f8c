"""Shopify's exports: one order over many records, discounts, products with their cost."""

from __future__ import annotations

from creatorbook.exports import large_orders, rejected
from creatorbook.exports.currencies import rate_of_lines
from creatorbook.exports.finishing import set_columns
from creatorbook.exports.identifiers import identifier, reason_and_form, rounded_where, unless_rounded
from creatorbook.exports.large_orders import LINES
from creatorbook.exports.order_kinds import exchange_columns, gift_card_line
from creatorbook.exports.plain import count_unreadable, finish, type_cells
from creatorbook.exports.reader import Rows, Sheet
from creatorbook.exports.states_of_orders import state_columns
from creatorbook.exports.values import number_columns, zones
from creatorbook.tables import SQL_TYPES, TABLES

_FEW = 20_000  #: records of which a copy costs no memory to speak of

#: `Note Attributes` holds lines such as `utm_source: instagram`
_UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content")


def read_shopify_orders(sheet: Sheet) -> Rows:
    """Orders and their lines. The cells of an order stand on its first record, its lines on all of them."""
    quickly = (
        large_orders.read_large_orders(sheet, sheet.cells.parent, _derived(sheet)) if sheet.cells else None
    )
    return quickly or carefully(sheet)


def read_repeated_orders(sheet: Sheet) -> Rows:
    """Other shops' orders of the same form: an order's cells on its first record, one product line on each."""
    sheet.cells = None  # the quick way knows Shopify's own file only
    return carefully(sheet)


def carefully(sheet: Sheet, derived: dict[str, str] | None = None) -> Rows:
    """Step by step over the whole file, so that whatever is odd can be told.

    Args:
        sheet: what is read.
        derived: SQL over `raw` for columns that the file tells in yet another way.
    """
    _lines(sheet)
    _one_block_per_order(sheet)
    # looking the first records up again in every query takes longer than a copy of few
    form, first_records = (
        ("VIEW", "first_records") if sheet.records > _FEW else ("TABLE", "few_first_records")
    )
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP {form} {first_records} AS "
        f"SELECT * FROM {sheet.raw} WHERE _record IN (SELECT first FROM blocks)"
    )
    sheet.raw = first_records
    type_cells(sheet, TABLES["orders"], _derived(sheet) | (derived or {}))
    sheet.time_zone = zones(sheet, "ordered_at")
    set_columns(
        sheet,
        gross="(SELECT basket FROM blocks WHERE blocks.first = typed._record)",
        channel="lower(channel)",
    )
    finish(sheet, TABLES["orders"])
    _whole_orders(sheet)
    _kept_lines(sheet)
    (records,) = sheet.one("SELECT coalesce(sum(_records), 0) FROM orders")
    return Rows({"orders": "orders", "order_lines": "order_lines"}, int(records))


def _lines(sheet: Sheet) -> None:
    """The table `lines`: every record's order, block and line."""
    numbers = number_columns(sheet, LINES)
    made = ", ".join(f"CAST({numbers.get(f, 'NULL')} AS {SQL_TYPES[k]}) AS {f}" for f, k in LINES.items())
    order = identifier(sheet, "order_id")
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE lines AS SELECT _record, {order} AS order_id, "
        f"coalesce({order} IS DISTINCT FROM lag({order}) OVER (ORDER BY _record), true) AS starts, "
        f"{made}, {unless_rounded(sheet, 'line_sku')} AS sku, {sheet.cell('line_name')} AS product, "
        f"{gift_card_line(sheet, 'line_name', 'line_sku')} AS gift_card FROM {sheet.raw}"
    )
    count_unreadable(sheet, [field for field in LINES if sheet.has(field)], "lines")
    if rounded := rounded_where(sheet, "order_id"):
        rejected.note(sheet, f"SELECT _record FROM {sheet.raw} WHERE {rounded}", *reason_and_form("order_id"))
        sheet.connection.execute(
            f"DELETE FROM lines WHERE _record IN (SELECT _record FROM {sheet.raw} WHERE {rounded})"
        )
    rejected.note(
        sheet,
        "SELECT _record FROM lines WHERE order_id IS NULL",
        "the cell is empty",
        "order_id",
        "an order name",
    )
    sheet.connection.execute("DELETE FROM lines WHERE order_id IS NULL")


def _one_block_per_order(sheet: Sheet) -> None:
    """The table `blocks`: an order's first record, its basket, and how many records it has.

    Records of one order follow one another; an order that comes up again later was exported twice.
    """
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE numbered AS SELECT *, "
        "max(CASE WHEN starts THEN _record END) OVER (ORDER BY _record) AS first FROM lines"
    )
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE all_blocks AS SELECT first, any_value(order_id) AS order_id, "
        "CAST(sum(line_price * CAST(line_quantity AS DECIMAL(12,0))) AS DECIMAL(18,2)) AS basket, count(*) AS records "
        "FROM numbered GROUP BY first"
    )
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE blocks AS SELECT * FROM all_blocks "
        "WHERE first IN (SELECT min(first) FROM all_blocks GROUP BY order_id)"
    )
    rejected.note(
        sheet,
        "SELECT _record FROM numbered WHERE first NOT IN (SELECT first FROM blocks)",
        "the same order again: counted once, from its first record",
        "order_id",
        repeats=True,
    )


def _derived(sheet: Sheet) -> dict[str, str]:
    """SQL for columns that Shopify tells in its own way."""
    made = {
        "test": f"coalesce({sheet.cell('payment')} ILIKE '%bogus%' OR {sheet.cell('payment')} ILIKE '%for testing%', false)"
    }
    if sheet.has("tags"):
        made["test"] = (
            f"{made['test']} OR regexp_matches(coalesce({sheet.cell('tags')}, ''), '\\btest( order)?\\b', 'i')"
        )
    made |= state_columns(sheet) | exchange_columns(sheet)
    if sheet.has("attributes"):
        for utm in _UTM:
            made[utm] = (
                f"nullif(trim(regexp_extract({sheet.cell('attributes')}, '{utm}\\s*[:=]\\s*([^\\n\\r]*)', 1, 'i')), '')"
            )
        made["referrer"] = (
            f"nullif(trim(regexp_extract({sheet.cell('attributes')}, "
            "'(?:landing[_ ]site|landing[_ ]page|referrer|referring[_ ]site)\\s*[:=]\\s*([^\\n\\r]*)', 1, 'i')), '')"
        )
    return made


def _whole_orders(sheet: Sheet) -> None:
    """An order set aside takes its other records with it; a kept one knows how many it has."""
    sheet.connection.execute(
        "INSERT INTO rejected SELECT n._record, s.reason, s.field, s.expected, s.repeats FROM rejected s "
        "JOIN numbered n ON n.first = s._record AND n._record <> s._record "
        "WHERE n.first IN (SELECT first FROM blocks)"
    )
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE orders AS SELECT o.* REPLACE (b.records AS _records) "
        "FROM typed o JOIN blocks b ON b.first = o._record ORDER BY o._record"
    )


def _kept_lines(sheet: Sheet) -> None:
    rate = rate_of_lines(sheet)
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE order_lines AS SELECT n._record, 1 AS _records, n.order_id, n.sku, n.product, "
        f"n.line_quantity AS quantity, CAST(n.line_price * {rate} AS DECIMAL(18,2)) AS price, "
        f"abs(CAST(n.line_discount * {rate} AS DECIMAL(18,2))) AS discount, n.gift_card "
        f"FROM numbered n JOIN orders o ON o._record = n.first JOIN {sheet.raw} r ON r._record = n.first "
        "WHERE n.line_quantity IS NOT NULL ORDER BY n._record"
    )


def read_discounts(sheet: Sheet) -> Rows:
    """Discount codes; `Value` may be negative, `Name` is the code."""
    table = TABLES["discounts"]
    type_cells(sheet, table)
    return finish(sheet, table)


def read_products(sheet: Sheet) -> Rows:
    """Variants; the title stands on a product's first record only. A record without SKU is an image."""
    title = (
        f"concat_ws(' · ', coalesce({sheet.cell('title')}, max({sheet.cell('title')}) OVER "
        f"(PARTITION BY {sheet.cell('product_handle')})), nullif({sheet.cell('option')}, 'Default Title'))"
    )
    table = TABLES["products"]
    type_cells(sheet, table, {"product": title})
    # looking for a product's first record has brought the others into another order
    sheet.connection.execute("CREATE OR REPLACE TEMP TABLE typed AS FROM typed ORDER BY _record")
    return finish(sheet, table)
