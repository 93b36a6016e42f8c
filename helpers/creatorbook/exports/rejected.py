"""Rejected rows (a quarantine): records that are in no table, one by one in the temporary table `rejected`.

Receipts and reports say “set aside”.
"""

from __future__ import annotations

from creatorbook.exports import parse
from creatorbook.exports.reader import Sheet
from creatorbook.exports.receipts import LISTED, Rejected


def begin(sheet: Sheet, staged: str, repeated: str, *, odd: bool) -> int:
    """The list of records set aside: at first, those that are none; how many there are.

    Args:
        sheet: what is read.
        staged: the table or view of all records.
        repeated: SQL for the reason of records that only say again what another one says.
        odd: whether there can be any.
    """
    none = "" if odd else " LIMIT 0"
    (noted,) = sheet.one(
        "CREATE OR REPLACE TEMP TABLE rejected AS SELECT _record, _reason AS reason, '' AS field, '' AS expected, "
        f"_reason = {repeated} AS repeats FROM {staged} WHERE _reason IS NOT NULL{none}"
    )
    return int(noted)


def note(
    sheet: Sheet, records: str, reason: str, field: str = "", expected: str = "", *, repeats: bool = False
) -> int:
    """Note the records that a query selects as `_record`; how many there were.

    Args:
        sheet: where they were.
        records: a SELECT of `_record`.
        reason: in words.
        field: the field concerned, if one is.
        expected: what its cell should look like.
        repeats: whether the record only says again what another one says.
    """
    values = ", ".join(parse.text(value) for value in (reason, field, expected))
    made = sheet.connection.execute(
        f"INSERT INTO rejected SELECT _record, {values}, {str(repeats).lower()} FROM ({records})"
    ).fetchone()
    return int(made[0]) if made else 0


def take_out(
    sheet: Sheet, condition: str, reason: str, field: str = "", expected: str = "", *, repeats: bool = False
) -> int:
    """Note the rows of the table `typed` that meet a condition, and delete them from it."""
    records = f"SELECT _record FROM typed WHERE {condition}"
    noted = note(sheet, records, reason, field, expected, repeats=repeats)
    if noted:
        sheet.connection.execute(f"DELETE FROM typed WHERE {condition}")
    return noted


def any_for(sheet: Sheet, reason: str) -> bool:
    """Whether some record was set aside for a reason."""
    (count,) = sheet.one(f"SELECT count(*) FROM rejected WHERE reason = {parse.text(reason)}")
    return bool(count)


def by_reason(sheet: Sheet) -> tuple[tuple[Rejected, ...], int]:
    """All records set aside, by reason, and how many of them only repeat another."""
    groups = sheet.connection.execute(
        "SELECT reason, field, expected, count(*), "
        f"list(_record ORDER BY _record)[:{LISTED}], count(*) FILTER (WHERE repeats) FROM rejected "
        "GROUP BY reason, field, expected ORDER BY min(_record), reason"
    ).fetchall()
    rejected = tuple(
        Rejected(reason, tuple(records), _column(sheet, field), expected, count)
        for reason, field, expected, count, records, _ in groups
    )
    return rejected, sum(int(repeats) for *_, repeats in groups)


def _column(sheet: Sheet, field: str) -> str:
    return sheet.header_of(field) if field and sheet.has(field) else ""
