"""Records among orders that take an order back: a negative total, or a record whose own kind or state says so.

They are no orders. Each is set aside with its reason; what it gave back is taken off its order where that can be found:
by the order's own number, by a number with a mark for refunds (`1001-R`, `Refund 1001`), by a column that names the order,
or as the one order of the same buyer or code that fits.
"""

from __future__ import annotations

import re

from creatorbook.exports import parse, rejected
from creatorbook.exports.reader import Sheet
from creatorbook.exports.states_of_orders import says, undone
from creatorbook.text.order_states import PARTLY_REFUNDED

#: what shops and people write beside an order's number for a refund, a credit note, a reversal or a correction
_MARK = (
    "(?:refund(?:ed)?|ref|rf|rma|ret(?:urn(?:ed)?|oure|our|ur)?|r|credit|cr|cn|cm|c|gs|gutschrift|storno|st|s|avoir|av|a|"
    "remb(?:oursement)?|reemb(?:olso)?|abono|dev(?:olucion|olución|olução)?|rimb(?:orso)?|reso|nc|korr(?:ektur)?|k|"
    "corr(?:ection)?|adj(?:ustment)?|zwrot|kor|iade|возврат|返金|返品|退款|退货|환불|반품)"
)
_BEHIND = re.compile(rf"[\s\-_./#:(]*{_MARK}[\s\-_.#]*\d{{0,2}}\)?$|[-./_]\d{{1,2}}$")
_BEFORE = re.compile(rf"^{_MARK}[\s\-_./#:]+")

_FOUND = "a refund or correction of an order in this file: taken off that order, no order of its own"
_LOST = "a refund or correction whose order is not in this file: not counted"


def take_out_refunds(sheet: Sheet, *, lines: bool = False) -> None:
    """Take records that take an order back out of `typed`, and note what they gave back on their orders.

    Args:
        sheet: the orders, typed.
        lines: whether an order may have several records, so that its number alone does not make one a repetition.
    """
    (negative,) = sheet.one("SELECT count(*) FROM typed WHERE total < 0")
    kind = undone(sheet)
    if not (negative or kind or (says(sheet, "refunded") and not lines)):
        return
    _mark(sheet, kind, lines=lines)
    (marked,) = sheet.one("SELECT count(*) FROM refund_rows")
    if not marked:
        return
    orders = {**_by_likeness(sheet), **_by_number(sheet)}
    pairs = ", ".join(f"({record}, {order})" for record, order in sorted(orders.items()))
    sheet.connection.execute(
        "CREATE OR REPLACE TEMP TABLE refunds_found AS SELECT record, first, abs(total) AS amount FROM "
        f"(VALUES {pairs or '(-1, -1)'}) AS pairs(record, first) JOIN refund_rows ON _record = record"
    )
    rejected.take_out(sheet, "_record IN (SELECT record FROM refunds_found)", _FOUND, "order_id")
    expected = "the number of the order it belongs to"
    rejected.take_out(sheet, "_record IN (SELECT _record FROM refund_rows)", _LOST, "order_id", expected)
    sheet.connection.execute(
        "UPDATE typed SET refunded = greatest(coalesce(abs(refunded), 0), back.amount) FROM "
        "(SELECT first, sum(amount) AS amount FROM refunds_found GROUP BY first) AS back WHERE back.first = typed._record"
    )


def _mark(sheet: Sheet, kind: str | None, *, lines: bool) -> None:
    """The table `refund_rows`: records that take an order back, and the number of the order that they name."""
    parent = f"ltrim({sheet.cell('parent_order')}, chr(39))" if sheet.has("parent_order") else "NULL"
    where = ["total < 0"]
    if kind:
        where.append("kind")
    if not lines:  # the same number again, once sold and once given back
        where.append(
            "order_state = 'refunded' AND order_id IN (SELECT order_id FROM typed WHERE "
            f"coalesce(order_state, '{PARTLY_REFUNDED}') = '{PARTLY_REFUNDED}')"
        )
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE refund_rows AS SELECT typed.*, parent FROM typed JOIN (SELECT _record, "
        f"CAST({parent} AS VARCHAR) AS parent, {kind or 'false'} AS kind FROM {sheet.raw}) AS marks USING (_record) "
        f"WHERE {' OR '.join(f'({one})' for one in where)}"
    )


def _by_number(sheet: Sheet) -> dict[int, int]:
    """Record of a refund → the first record of the order whose number it carries."""
    rows = sheet.connection.execute("SELECT _record, parent, order_id FROM refund_rows").fetchall()
    names = {record: _names(parent, number) for record, parent, number in rows}
    wanted = ", ".join(
        parse.text(name) for name in sorted({name for some in names.values() for name in some})
    )
    orders = sheet.connection.execute(
        f"SELECT {_plain('order_id')}, min(_record) FROM typed WHERE {_plain('order_id')} IN ({wanted or 'NULL'}) "
        "AND _record NOT IN (SELECT _record FROM refund_rows) GROUP BY 1"
    ).fetchall()
    by_name = dict(orders)
    order_of = {
        record: next((by_name[n] for n in some if n in by_name), None) for record, some in names.items()
    }
    return {record: order for record, order in order_of.items() if order is not None}


def _plain(column: str) -> str:
    return f"ltrim(lower({column}), '# ')"


def _names(parent: str | None, number: str | None) -> list[str]:
    """What the order may be called, likeliest first."""
    numbers = [text.casefold().lstrip("# ") for text in (parent, number) if text]
    bare = [bare for text in numbers for bare in (_BEHIND.sub("", text), _BEFORE.sub("", text)) if bare]
    return list(dict.fromkeys([*numbers, *(name.lstrip("# ") for name in bare)]))


def _by_likeness(sheet: Sheet) -> dict[int, int]:
    """Record of a refund → the one order before it of the same buyer, or of the same code and amount."""
    rows = sheet.connection.execute(
        "SELECT r._record, min(o._record) FROM refund_rows r JOIN typed o ON o._record NOT IN "
        "(SELECT _record FROM refund_rows) AND o.ordered_at < r.ordered_at + INTERVAL 1 DAY AND "
        "((r.customer IS NOT NULL AND o.customer = r.customer AND o.total >= abs(r.total)) OR (r.customer IS NULL AND "
        "r.discount_code IS NOT NULL AND o.discount_code = r.discount_code AND o.total = abs(r.total))) "
        "GROUP BY r._record HAVING count(*) = 1"
    ).fetchall()
    return {int(record): int(order) for record, order in rows}


def only_refunds(sheet: Sheet) -> bool:
    """Whether all records take orders back: a list of refunds, in the client's own currency."""
    kind = undone(sheet)
    (sold,) = sheet.one("SELECT count(*) FROM typed WHERE total >= 0")
    if sold and not kind:
        return False
    _mark(sheet, kind, lines=True)
    others, all_of_them, foreign = sheet.one(
        "SELECT (SELECT count(*) FROM typed WHERE total IS NOT NULL AND _record NOT IN (SELECT _record FROM refund_rows)), "
        "(SELECT count(*) FROM refund_rows), "
        f"(SELECT count(*) FROM typed WHERE currency <> {parse.text(sheet.options.currency)})"
    )
    return bool(all_of_them and not others and not foreign)


def as_refunds(sheet: Sheet) -> None:
    """Let `typed` be refunds: each of the order that its record names, without the mark for refunds beside the number."""
    rows = sheet.connection.execute("SELECT _record, parent, order_id FROM refund_rows").fetchall()
    orders = {record: parent or _without_mark(number) for record, parent, number in rows if parent or number}
    cases = " ".join(f"WHEN {record} THEN {parse.text(order)}" for record, order in orders.items())
    order = f"CASE _record {cases} END" if cases else "NULL"
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE typed AS SELECT _record, _records, CAST({order} AS VARCHAR) AS order_id, "
        "ordered_at AS refunded_at, abs(total) AS amount, CAST(NULL AS VARCHAR) AS reason FROM typed ORDER BY _record"
    )
    sheet.notes.append(
        "every record takes an order back: read as refunds, each on the day that stands beside it"
    )


def _without_mark(number: str) -> str:
    """An order's number without a mark for refunds: a bare number behind it may be the order's own."""
    bare = re.sub(rf"(?i)[\s\-_./(]+{_MARK}[\s\-_.]*\d{{0,2}}\)?$|^{_MARK}[\s\-_./#:]+", "", number)
    return bare or number
