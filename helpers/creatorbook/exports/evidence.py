"""What speaks against a layout that fits a header: names of columns are few words, and many kinds of file share them."""

from __future__ import annotations

from collections.abc import Sequence

from creatorbook.exports.columns import FileColumn, columns_of
from creatorbook.exports.guesses import take_accounts
from creatorbook.exports.layouts import Layout
from creatorbook.exports.offers import from_a_network, list_of_days, of_anybody, of_one_account, tells_posts
from creatorbook.exports.recognise import Match
from creatorbook.tables import TABLES


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


def _no_list_of_creators(matched: Match, columns: Sequence[FileColumn]) -> str:
    """Why records are not creators."""
    if "followers" not in matched.fields and tells_posts(columns):
        return "its records are posts, each with its day or link and what came of it"
    if of_anybody(columns, matched.fields):
        return (
            "its records are profiles as tools list followers or likers: nothing in it belongs to a campaign"
        )
    if of_one_account(matched_columns(matched, columns)):
        return "most of its records are of one account, and a creators list has each account once"
    return ""


def matched_columns(matched: Match, columns: Sequence[FileColumn]) -> dict[str, FileColumn]:
    """Field → its column, for the columns that have a name."""
    by_place = {column.at: column for column in columns}
    return {field: by_place[at] for field, at in matched.fields.items() if at in by_place}


def with_accounts(matched: Match, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Match:
    """A creators list's match with the handle from the column whose cells are accounts, where those it has are names."""
    columns = columns_of(header, rows)
    chosen = matched_columns(matched, columns)
    take_accounts(chosen, columns)
    return Match({field: column.at for field, column in chosen.items()}, matched.currency, matched.rank)
