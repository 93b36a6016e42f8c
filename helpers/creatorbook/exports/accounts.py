"""Columns that hold accounts: handles as people type them, and links, each link judged before it is used.

What a link leads to is told by `text.account_links`, once for each different cell; here the answers are brought to the
rows. A row whose link names no account is set aside, with what to do.
"""

from __future__ import annotations

from collections.abc import Sequence

from creatorbook.exports import parse, rejected
from creatorbook.exports.reader import Sheet
from creatorbook.text.account_links import CALLED, handle_in, read_link
from creatorbook.text.addresses import address_parts

#: what belongs into the cell of a handle
EXPECTED_ACCOUNT = "a handle such as lina.muster, or the link of the account's profile"


def handle_column(sheet: Sheet, field: str) -> str:
    """SQL for the handle that a field's cell holds or links to; NULL where a link names none."""
    cell = parse.name(field)
    if not _links_known(sheet, field):
        return f"handle_without_link({cell})"
    account = f"(SELECT _account FROM {_table(field)} WHERE _link = {cell})"
    return f"CASE WHEN is_link({cell}) THEN {account} ELSE handle_without_link({cell}) END"


def linked_account(sheet: Sheet, field: str) -> str:
    """SQL for the handle that the link in a field's cell names; NULL where there is no link, or it names none."""
    if not sheet.has(field) or not _links_known(sheet, field):
        return "CAST(NULL AS VARCHAR)"
    return f"(SELECT _account FROM {_table(field)} WHERE _link = {parse.name(field)})"


def platform_of_account(sheet: Sheet, field: str) -> str:
    """SQL for the platform that the link in a field's cell belongs to; NULL where there is none."""
    if not sheet.has(field) or not _links_known(sheet, field):
        return "CAST(NULL AS VARCHAR)"
    return f"(SELECT _platform FROM {_table(field)} WHERE _link = {parse.name(field)})"


def address_column(sheet: Sheet, field: str) -> str:
    """SQL for the address in a field's cell; NULL where it cannot be taken apart (`https://[your-shop]/x`)."""
    cell = parse.name(field)
    cells = sheet.connection.execute(
        f"SELECT DISTINCT {cell} FROM {sheet.raw} WHERE {cell} IS NOT NULL ORDER BY 1"
    ).fetchall()
    unreadable = [parse.text(address) for (address,) in cells if address_parts(address) is None]
    return f"CASE WHEN {cell} NOT IN ({', '.join(unreadable)}) THEN {cell} END" if unreadable else cell


def set_aside_links(sheet: Sheet, field: str) -> None:
    """Take rows without an account out of `typed` whose cell links to something else, and say to what."""
    if not sheet.has(field) or not _links_known(sheet, field):
        return
    kinds = sheet.connection.execute(
        f"SELECT DISTINCT _kind FROM {_table(field)} WHERE _account IS NULL AND _kind IS NOT NULL ORDER BY 1"
    ).fetchall()
    for (kind,) in kinds:
        rejected.take_out(
            sheet,
            f"{parse.name(field)} IS NULL AND _record IN (SELECT r._record FROM {sheet.raw} r JOIN {_table(field)} l "
            f"ON l._link = r.{parse.name(field)} WHERE l._kind = {parse.text(kind)})",
            f"this is {CALLED[kind]}, not of an account"
            if kind in _OF_ACCOUNT
            else f"this is {CALLED[kind]}",
            field,
            EXPECTED_ACCOUNT,
        )


#: links that are “of” something: `the link of a post, not of an account`
_OF_ACCOUNT = {kind for kind, called in CALLED.items() if called.startswith("the link of")}


def _table(field: str) -> str:
    return parse.name(f"links_in_{field}")


def _links_known(sheet: Sheet, field: str) -> bool:
    """Whether the field holds links; what each leads to is in a table then (`_link`, `_account`, `_platform`, `_kind`)."""
    if field not in sheet.links:
        cells = sheet.connection.execute(
            f"SELECT DISTINCT {parse.name(field)} FROM {sheet.raw} WHERE is_link({parse.name(field)})"
        ).fetchall()
        sheet.links[field] = bool(cells)
        if cells:
            _write(sheet, field, sorted(cell for (cell,) in cells))
    return sheet.links[field]


def _write(sheet: Sheet, field: str, cells: Sequence[str]) -> None:
    read = [(cell, read_link(cell)) for cell in cells]
    columns = [
        [cell for cell, _ in read],
        [handle_in(cell) or None for cell, _ in read],
        [(link.platform or None) if link else None for _, link in read],
        [link.kind if link else None for _, link in read],
    ]
    sheet.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {_table(field)} AS SELECT unnest($1::VARCHAR[]) AS _link, "
        "unnest($2::VARCHAR[]) AS _account, unnest($3::VARCHAR[]) AS _platform, unnest($4::VARCHAR[]) AS _kind",
        columns,
    )
