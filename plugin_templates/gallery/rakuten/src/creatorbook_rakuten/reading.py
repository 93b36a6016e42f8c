"""Rows of the Signature Orders Report as order lines.

Rakuten never changes a row: a cancelled order, or one of which a part came back, gets a further row with the
same order number and negative amounts, and that row may lack the Member ID. So a row without one has its
order's, and the rows of one line are added up. What is left of a line tells its state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.plugins import read_plain

if TYPE_CHECKING:
    from creatorbook.exports.reader import Rows, Sheet

_WITH_MEMBERS = """
CREATE OR REPLACE TEMP VIEW with_members AS
SELECT * REPLACE (coalesce(handle, first(handle) OVER (
    PARTITION BY order_id ORDER BY handle IS NULL, _record)) AS handle)
FROM {raw}
"""

#: of a line and its corrections: the first row says what it was, the sums what is left of it
_SUMS = {
    "_record": "min(_record)",
    "_records": "sum(_records)::INTEGER",
    "ordered_at": "min(ordered_at)",
    "amount": "sum(amount)",
    "commission": "sum(commission)",
    "status": "CASE WHEN sum(amount) <= 0 THEN 'reversed' ELSE 'booked' END",
    "order_state": "CASE WHEN sum(amount) <= 0 THEN 'refunded' END",
}
#: what makes rows those of one line
_LINE = ("order_id", "sku", "handle")


def read_signature_orders(sheet: Sheet) -> Rows:
    """Order lines with what is left of them; rows that were added up are counted as kept."""
    sheet.connection.execute(_WITH_MEMBERS.format(raw=sheet.raw))
    sheet.raw = "with_members"
    rows = read_plain(sheet)
    corrected = _added_up(sheet)
    if corrected:
        sheet.note_once(f"corrections of Rakuten's, added to their orders: {corrected}")
    return rows


def _added_up(sheet: Sheet) -> int:
    """Add the rows of each line up in `typed`; how many rows went into others."""
    columns = [name for name, *_ in sheet.connection.execute("DESCRIBE typed").fetchall()]
    made = ", ".join(f"{_of_line(name)} AS {name}" for name in columns)
    (before,) = sheet.one("SELECT count(*) FROM typed")
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE typed AS SELECT {made} FROM typed GROUP BY {', '.join(_LINE)} ORDER BY 1"
    )
    (after,) = sheet.one("SELECT count(*) FROM typed")
    return int(before - after)


def _of_line(column: str) -> str:
    """SQL: a column of a line, of the rows behind it."""
    if column in _LINE:
        return column
    return _SUMS.get(column, f"first({column} ORDER BY _record)")
