"""Orders of any shop whose file has one record per product line."""

from __future__ import annotations

from creatorbook.exports.currencies import rate_of_lines
from creatorbook.exports.identifiers import identifier, unless_rounded
from creatorbook.exports.order_kinds import gift_card_line
from creatorbook.exports.order_sums import makes_total
from creatorbook.exports.reader import Rows, Sheet
from creatorbook.exports.values import number_columns
from creatorbook.problems import Problem
from creatorbook.tables import SQL_TYPES, Kind
from creatorbook.text.plain_english import how_many

_NUMBERS: dict[str, Kind] = {"quantity": "number", "price": "money"}


def has_lines(sheet: Sheet) -> bool:
    """Whether the file tells what was in each order."""
    return sheet.options.total == "lines" or (
        sheet.has("quantity") and (sheet.has("sku") or sheet.has("product"))
    )


def take_lines(sheet: Sheet) -> None:
    """The table `plain_lines`: every record's line; `typed` keeps an order's first record only.

    A line that stands twice in one order is two lines. Where the order comes again further down, after others, or the
    whole file says everything twice, it was exported twice: such a record stays for the orders' own rule.
    """
    numbers = number_columns(sheet, _NUMBERS)
    made = ", ".join(f"CAST({numbers.get(f, 'NULL')} AS {SQL_TYPES[k]}) AS {f}" for f, k in _NUMBERS.items())
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE plain_lines AS SELECT *, min(_record) OVER (PARTITION BY order_id) AS first, "
        "row_number() OVER (PARTITION BY order_id, sku, product, quantity, price ORDER BY _record) AS time, "
        "order_id IS DISTINCT FROM lag(order_id) OVER (ORDER BY _record) AS starts FROM ("
        f"SELECT _record, {identifier(sheet, 'order_id')} AS order_id, {made}, {unless_rounded(sheet, 'sku')} AS sku, "
        f"{sheet.cell('product')} AS product, {gift_card_line(sheet, 'product', 'sku')} AS gift_card "
        f"FROM {sheet.raw}) WHERE order_id IS NOT NULL "
        "AND _record NOT IN (SELECT _record FROM rejected)"
    )
    _lines_of_one_block(sheet)
    if sheet.options.total == "lines":
        _add_up(sheet)
    elif sheet.has("total"):
        _tell_differing(sheet)
    sheet.connection.execute(
        "DELETE FROM typed WHERE _record IN (SELECT _record FROM plain_lines WHERE _record <> first AND time = 1)"
    )
    _baskets(sheet)


def _lines_of_one_block(sheet: Sheet) -> None:
    """Let every line of an order's first unbroken run of records be a line.

    Unless the whole file says each of them twice, or the order's own total is that of its different lines alone.
    """
    (fewest,) = sheet.one(
        "SELECT coalesce(min(times), 1) FROM (SELECT max(time) AS times FROM plain_lines "
        "GROUP BY order_id, sku, product, quantity, price)"
    )
    if fewest > 1:
        return
    once = "sum(l.quantity * l.price) FILTER (WHERE l.time = 1)"
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE told_once AS SELECT l.first FROM plain_lines l JOIN typed t ON t._record = l.first "
        f"GROUP BY l.first HAVING max(l.time) > 1 AND abs({once} - any_value(t.total)) < 0.01"
    )
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE plain_lines AS SELECT * EXCLUDE (block, starts) REPLACE "
        "(CASE WHEN block = 1 AND first NOT IN (SELECT first FROM told_once) THEN 1 ELSE time END AS time) FROM "
        "(SELECT *, sum(CAST(starts AS INTEGER)) OVER (PARTITION BY order_id ORDER BY _record) AS block "
        "FROM plain_lines) ORDER BY _record"
    )


def _tell_differing(sheet: Sheet) -> None:
    (differ,) = sheet.one(
        "SELECT count(*) FROM (SELECT order_id FROM typed WHERE order_id IS NOT NULL AND total IS NOT NULL "
        "GROUP BY order_id HAVING count(DISTINCT total) > 1)"
    )
    if differ:
        sheet.notes.append(
            f"another total on each line of {how_many(differ, 'order')}: the first was taken; if those are totals of the "
            "lines, write “total: lines” into this file's entry under mapping in client.yml"
        )


def _add_up(sheet: Sheet) -> None:
    """Let an order's total be the sum of its lines: of what each says that it cost, else of its units times their price.

    Then discount comes off, and delivery and a tax on top are added. An order of which some line has no amount has no total.

    Raises:
        Problem: no column says what a line cost.
    """
    if not (sheet.has("total") or (sheet.has("quantity") and sheet.has("price"))):
        raise Problem(
            "client.yml adds up the lines of each order (total: lines), and no column says what a line cost",
            f"exports/{sheet.options.file}",
            todo="Name under columns, in this file's entry, either total (what each line cost) or quantity and price.",
        )
    of_a_line = "t.total" if sheet.has("total") else "CAST(l.quantity * l.price AS DECIMAL(18,2))"
    others = [column for column in _OF_ORDERS if sheet.has(column)]
    sums = "".join(f", {_whole(sheet, column)} AS {column}" for column in others)
    settings = "".join(f", {column} = sums.{column}" for column in others)
    sheet.connection.execute(
        f"UPDATE typed SET total = sums.total{settings} FROM (SELECT l.first, CASE WHEN count({of_a_line}) = count(*) "
        f"THEN sum({of_a_line}) END AS total{sums} FROM plain_lines l JOIN typed t USING (_record) WHERE l.time = 1 "
        "GROUP BY l.first) AS sums JOIN plain_lines p ON p.first = sums.first WHERE p._record = typed._record"
    )
    if not sheet.has("total"):
        added_tax = "0" if sheet.options.prices_include_tax else "coalesce(tax, 0)"
        sheet.connection.execute(
            "UPDATE typed SET gross = total, total = CAST(total - abs(coalesce(discount, 0)) + coalesce(shipping, 0) + "
            f"{added_tax} AS DECIMAL(18,2))"
        )
    sheet.notes.append("the total of each order is the sum of its lines, as client.yml says")


#: amounts that a file of lines may tell for each line, or once more on each line for the whole order
_OF_ORDERS = ("gross", "discount", "shipping", "tax", "refunded")


def _whole(sheet: Sheet, column: str) -> str:
    """SQL: an order's amount from its lines': their sum, unless all lines of every order say the same."""
    (same,) = sheet.one(
        "SELECT coalesce(bool_and(lowest = highest) FILTER (WHERE records > 1), false) FROM (SELECT count(*) AS records, "
        f"min(t.{column}) AS lowest, max(t.{column}) AS highest FROM plain_lines l JOIN typed t USING (_record) "
        f"WHERE l.time = 1 AND t.{column} <> 0 GROUP BY l.first)"
    )
    return f"max(t.{column})" if same else f"sum(t.{column})"


def _baskets(sheet: Sheet) -> None:
    """Where no column tells an order's basket, what its lines add up to, if that makes its total: prices of units, or of lines."""
    if not sheet.has("price"):
        return
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE baskets AS SELECT first, CAST(sum(quantity * price) AS DECIMAL(18,2)) AS units, "
        "sum(price) AS lines FROM plain_lines WHERE time = 1 GROUP BY first HAVING count(quantity * price) = count(*)"
    )
    for column in ("units", "lines"):
        sheet.connection.execute(
            f"UPDATE typed SET gross = b.{column} FROM baskets b WHERE b.first = typed._record AND typed.gross IS NULL "
            f"AND {makes_total(f'b.{column}')}"
        )


def with_lines(sheet: Sheet) -> Rows:
    """Orders know how many records they have; lines of an order set aside go with it."""
    sheet.connection.execute(
        "INSERT INTO rejected SELECT l._record, s.reason, s.field, s.expected, s.repeats FROM plain_lines l "
        "JOIN rejected s ON s._record = l.first WHERE l._record <> l.first AND l.time = 1"
    )
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE orders AS SELECT o.* REPLACE (n.records AS _records) FROM typed o JOIN "
        "(SELECT first, count(*) AS records FROM plain_lines WHERE time = 1 GROUP BY first) n ON n.first = o._record "
        "ORDER BY o._record"
    )
    price = f"CAST(l.price * {rate_of_lines(sheet)} AS DECIMAL(18,2))"
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE order_lines AS SELECT l._record, 1 AS _records, l.order_id, l.sku, l.product, "
        f"l.quantity, {price} AS price, CAST(NULL AS DECIMAL(18,2)) AS discount, l.gift_card FROM plain_lines l "
        f"JOIN orders o ON o._record = l.first JOIN {sheet.raw} r ON r._record = l.first "
        "WHERE l.time = 1 AND l.quantity IS NOT NULL ORDER BY l._record"
    )
    (records,) = sheet.one("SELECT coalesce(sum(_records), 0) FROM orders")
    return Rows({"orders": "orders", "order_lines": "order_lines"}, int(records))
