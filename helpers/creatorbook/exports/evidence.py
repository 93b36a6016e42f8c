"""What speaks against a layout that fits a header: names of columns are few words, and many kinds of file share them."""

from __future__ import annotations

from collections.abc import Sequence

from creatorbook.exports.columns import Column, columns_of
from creatorbook.exports.layouts import Layout
from creatorbook.exports.offers import from_a_network, list_of_days, of_one_account, tells_posts
from creatorbook.exports.recognise import Match
from creatorbook.tables import TABLES

_AN_ACCOUNT = 0.35  #: how far cells must look like accounts for a creators list


def against(layout: Layout, matched: Match, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Why a file is not what its header says, in words; empty if nothing speaks against it.

    Only layouts of plain tables are doubted: the platforms' and shops' own headers are names enough.
    """
    if layout.name not in TABLES or not rows:
        return ""
    columns = columns_of(header, rows)
    if layout.name in {"orders", "order_lines"} and from_a_network(header):
        return "its columns name an affiliate and a commission, which no shop's own orders have"
    if layout.name == "orders" and list_of_days(columns):
        return "each of its records is a day, not an order"
    if layout.name == "creators":
        return _no_list_of_creators(matched, columns)
    return ""


def _no_list_of_creators(matched: Match, columns: Sequence[Column]) -> str:
    """Why records are not creators."""
    if "followers" not in matched.fields and tells_posts(columns):
        return "its records are posts, each with its day or link and what came of it"
    by_place = {column.at: column for column in columns}
    if of_one_account({field: by_place[at] for field, at in matched.fields.items() if at in by_place}):
        return "most of its records are of one account, and a creators list has each account once"
    return ""


def with_accounts(matched: Match, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Match:
    """A creators list's match with the handle from the column whose cells are accounts, where those it has are names."""
    columns = {column.at: column for column in columns_of(header, rows)}
    found = columns.get(matched.fields.get("handle", -1))
    if found is None or not found.filled or found.accounts > _AN_ACCOUNT:
        return matched
    taken = {at for field, at in matched.fields.items() if field != "creator"}
    free = [column for at, column in columns.items() if at not in taken and column.accounts > 2 * _AN_ACCOUNT]
    better = [
        column
        for column in free
        if not (column.personal or column.platforms or (column.codes and column.plain == "code"))
    ]
    if len(better) != 1:
        return matched
    fields = {field: at for field, at in matched.fields.items() if at != better[0].at} | {
        "handle": better[0].at
    }
    return Match(
        fields if "creator" in fields else {**fields, "creator": found.at}, matched.currency, matched.rank
    )
