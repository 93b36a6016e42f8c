"""Numbers that name something (orders, posts, products, customers), and those that a spreadsheet has rounded.

`7.31E+12` is what is left of many numbers: two that look alike are not the same. Such a number names nothing, joins
nothing, and makes no two rows one.
"""

from __future__ import annotations

from collections.abc import Sequence

from creatorbook.exports import parse, rejected
from creatorbook.exports.reader import Sheet
from creatorbook.problems import Problem

#: field → what its identifiers name
NAMES = {
    "order_id": "order",
    "post_id": "post",
    "sku": "product",
    "line_sku": "product",
    "code": "code",
    "discount_code": "code",
    "customer": "customer",
    "commenter": "commenter",
    "journey": "visitor",
}
#: tables whose rows say nothing without the field
_NEEDED = {
    "orders": "order_id",
    "order_lines": "order_id",
    "refunds": "order_id",
    "affiliate_orders": "order_id",
}
_WAY_OUT = "export the file again; to look at it in a spreadsheet, import it there with this column as text"
_EXACT = 15  #: digits that a spreadsheet keeps; it writes 0 for those behind
#: what a cell holds somewhere if it was rounded: such a 0, or a power of ten
_MAY_BE_ROUNDED = rf"[0-9]{{{_EXACT}}}0|[0-9][eE][+][0-9]|[.,][0-9]+[eE][0-9]"


def identifier(sheet: Sheet, field: str) -> str:
    """SQL for an identifier, without a spreadsheet's guard against formulas; NULL where it was rounded.

    Raises:
        Problem: most rows of a file that is read by it have lost theirs.
    """
    cell = f"ltrim({parse.name(field)}, '''')"
    rounded = rounded_where(sheet, field)
    return f"CASE WHEN {rounded} THEN NULL ELSE {cell} END" if rounded else cell


def unless_rounded(sheet: Sheet, field: str, value: str = "") -> str:
    """SQL for the value made of a field's cell (else the cell), NULL where the cell was rounded or there is none."""
    if not sheet.has(field):
        return "CAST(NULL AS VARCHAR)"
    value, rounded = value or parse.name(field), rounded_where(sheet, field)
    return f"CASE WHEN NOT ({rounded}) THEN {value} END" if rounded else value


def rounded_where(sheet: Sheet, field: str) -> str:
    """SQL for whether a cell of a field was rounded; empty where none of the column was.

    Raises:
        Problem: most rows of a file that is read by the field have lost theirs.
    """
    if field not in sheet.rounded:
        open_fields = [one for one in NAMES if sheet.has(one) and one not in sheet.rounded]
        _pass_those_without(sheet, [field] if sheet.cells else open_fields)
    if field not in sheet.rounded:
        sheet.rounded[field] = _condition(sheet, field)
    return sheet.rounded[field]


def _pass_those_without(sheet: Sheet, fields: Sequence[str]) -> None:
    """Note it of fields of which no cell can be a rounded number, as in nearly all files: one look is enough for all."""
    names = list(map(parse.name, fields))
    cells = names[0] if len(names) == 1 else f"concat_ws(' ', {', '.join(names)})"
    # of many rows, those few first that a quick look leaves; of few, the pattern alone is planned sooner
    quick = f"WHERE (strlen(cells) > {_EXACT} OR contains(lower(cells), 'e')) AND" if sheet.cells else "WHERE"
    (some,) = sheet.one(
        f"SELECT count(*) FROM (SELECT {cells} AS cells FROM {sheet.raw}) {quick} "
        f"regexp_matches(cells, {parse.text(_MAY_BE_ROUNDED)})"
    )
    if not some:
        sheet.rounded |= dict.fromkeys(fields, "")


def set_aside_rounded(sheet: Sheet, field: str) -> None:
    """Take rows out of `typed` whose identifier was rounded, and say so."""
    if field in NAMES and sheet.has(field) and (rounded := rounded_where(sheet, field)):
        records = f"SELECT _record FROM {sheet.raw} WHERE {rounded}"
        rejected.take_out(
            sheet, f"{parse.name(field)} IS NULL AND _record IN ({records})", *reason_and_form(field)
        )


def reason_and_form(field: str) -> tuple[str, str, str]:
    """Why a row is set aside, for which field, and what its cell should be."""
    return (
        f"rounded by a spreadsheet: it names no {NAMES[field]} any more",
        field,
        f"the whole number: {_WAY_OUT}",
    )


def _condition(sheet: Sheet, field: str) -> str:
    """What tells rounded cells of a column, told once for each file."""
    cell = parse.name(field)
    powers, ends_in_zeros, long, filled = sheet.one(
        f"SELECT count(*) FILTER (WHERE is_rounded({cell})), count(*) FILTER (WHERE {_zeros(cell)}), "
        f"count(*) FILTER (WHERE {_long(cell)}), count({cell}) FROM {sheet.raw}"
    )
    cut = ends_in_zeros * 2 > long and (ends_in_zeros > 2 or _ends_far_out(sheet, cell))
    if not powers and not cut:
        return ""
    where = f"(is_rounded({cell}) OR {_zeros(cell)})" if cut else f"is_rounded({cell})"
    lost = powers + (ends_in_zeros if cut else 0)
    (example,) = sheet.one(f"SELECT {cell} FROM {sheet.raw} WHERE {where} ORDER BY _record LIMIT 1")
    if lost * 2 > filled and any(_NEEDED.get(table) == field for table in sheet.layout.tables):
        raise Problem(
            f"{NAMES[field]} numbers such as {example} were rounded by a spreadsheet: they stand for many "
            f"{NAMES[field]}s and cannot tell them apart ({lost} of {filled} rows)",
            f"exports/{sheet.options.file}",
            column=sheet.header_of(field),
            todo=f"{_WAY_OUT[0].upper()}{_WAY_OUT[1:]}.",
        )
    sheet.notes.append(
        f"{sheet.header_of(field)}: {lost} of {filled} were rounded by a spreadsheet (such as {example}): they name no "
        f"{NAMES[field]} any more, and nothing is joined by them; {_WAY_OUT}"
    )
    return where


def _long(cell: str) -> str:
    """SQL: more digits than a spreadsheet keeps."""
    return f"CASE WHEN length({cell}) > {_EXACT} THEN regexp_matches({cell}, '^[0-9]{{{_EXACT + 1},}}$') ELSE false END"


def _zeros(cell: str) -> str:
    """SQL: of those digits, all that a spreadsheet does not keep are 0."""
    return (
        f"CASE WHEN length({cell}) > {_EXACT} AND ends_with({cell}, '0') "
        f"THEN regexp_matches({cell}, '^[0-9]{{{_EXACT}}}0+$') ELSE false END"
    )


def _ends_far_out(sheet: Sheet, cell: str) -> bool:
    """Whether a number has three zeros or more where a spreadsheet writes them: by chance that is one in a thousand."""
    (longest,) = sheet.one(f"SELECT max(length({cell})) FROM {sheet.raw} WHERE {_zeros(cell)}")
    return (longest or 0) >= _EXACT + 3
