"""Orders as the app Matrixify writes them: Shopify's, with other names, and records of more kinds than product lines.

`Line: Type` tells what a record is (Line Item, Discount, Shipping Line, Transaction, Fulfillment Line, Refund Line);
only a Line Item sells something. A discount's code stands on a record of its own, if the export was made with them.
"""

from __future__ import annotations

from creatorbook.exports import parse, shopify
from creatorbook.exports.reader import Rows, Sheet

_OF_A_LINE = ("line_quantity", "line_price", "line_sku", "line_name", "line_discount")
#: what stands where a discount has no code of its own
_KINDS = "'percentage', 'fixed_amount', 'fixed amount', 'shipping', 'automatic'"


def read_matrixify_orders(sheet: Sheet) -> Rows:
    """Orders and their lines, and the code of each order's first discount record."""
    sheet.cells = None  # the quick way knows Shopify's own file only
    if not sheet.has("line_type"):
        return shopify.carefully(sheet)
    codes = ", ".join(f"nullif({sheet.cell(field)}, '')" for field in ("line_code", "line_name"))
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE order_codes AS SELECT name, arg_min(upper(code), _record) AS code FROM ("
        f"SELECT _record, ltrim(order_id, chr(39)) AS name, list_filter([{codes}], lambda word: "
        f"word IS NOT NULL AND lower(word) NOT IN ({_KINDS}))[1] AS code FROM {sheet.raw} WHERE lower(line_type) = 'discount') "
        "WHERE code IS NOT NULL GROUP BY name"
    )
    (coded,) = sheet.one("SELECT count(*) FROM order_codes")
    if not coded:
        sheet.notes.append(
            "no record of a discount names a code: orders cannot be traced to creators by their codes; "
            "export again with the discount lines, or use the shop's own order export"
        )
    _only_line_items(sheet)
    code = "(SELECT code FROM order_codes WHERE name = ltrim(raw.order_id, chr(39)))"
    return shopify.carefully(sheet, {"discount_code": code} if coded else None)


def _only_line_items(sheet: Sheet) -> None:
    """Empty the cells of a product line on records of other kinds."""
    cells = [parse.name(field) for field in _OF_A_LINE if sheet.has(field)]
    cells += [parse.number_name(field) for field in shopify.LINES if sheet.has(field)]
    emptied = ", ".join(
        f"CASE WHEN lower(line_type) = 'line item' THEN {cell} END AS {cell}" for cell in cells
    )
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE line_items AS SELECT * REPLACE ({emptied}) FROM {sheet.raw}"
    )
    sheet.raw = "line_items"
