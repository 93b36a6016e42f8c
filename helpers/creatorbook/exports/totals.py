"""A total that an export states, held against its rows: some tools export only the rows that were on screen."""

from __future__ import annotations

from creatorbook.exports import parse, rejected
from creatorbook.exports.reader import Sheet
from creatorbook.exports.values import number_columns

TOTAL = "a total, not a record"  #: why a record with a total is set aside
CLOSE = 0.01  #: share by which rows may fall short of their total: tools round, and hide the smallest rows


def compare(sheet: Sheet, field: str) -> None:
    """Say on the receipt if the rows of `typed` add up to less than the total that the file states.

    Args:
        sheet: a file whose records are in `typed`, and whose total was set aside.
        field: the number that can be added up, a column of `typed`.
    """
    if not sheet.has(field) or not rejected.any_for(sheet, TOTAL):
        return
    value = number_columns(sheet, {field: "number"})[field]
    (stated,) = sheet.one(f"SELECT max({value}) FROM staged WHERE _reason = {parse.text(TOTAL)}")
    (added_up,) = sheet.one(f"SELECT sum({parse.name(field)}) FROM typed")
    if stated and (added_up or 0) < stated * (1 - CLOSE):
        sheet.notes.append(
            f"its rows add up to {added_up or 0:,.0f} of the {stated:,.0f} that it states as total of “"
            f"{sheet.header_of(field)}”: the tool exports only rows that were on screen; show more rows and export again"
        )
