"""What forgetting does to rows as they are read: a forgotten creator's rows stay under a made-up name, so that costs and
totals stay; a forgotten customer's orders stay without the customer. Nothing is written anywhere before.

Who is forgotten, and by what their names are known in a text, is `client.forgotten`'s answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb

from creatorbook.client.forgotten import Forgotten
from creatorbook.exports import parse
from creatorbook.tables import TABLES, CanonicalTable

#: columns whose text can tell who someone is; they are emptied in a forgotten creator's rows. Not `campaign`: what is paid
#: or posted for another campaign would count for whichever is opened
TELLING = {
    "link", "niche", "place", "post_url", "source", "biography", "caption", "permalink", "text", "own_words", "note",
    "contract", "answer", "ad", "ad_code", "by",
}  # fmt: skip

#: text columns in which nobody is named: hashes, numbers of orders and goods, words of a fixed list
NAMELESS = {
    "customer", "commenter", "journey", "order_id", "exchange_of", "sku", "post_id", "ad_id", "currency", "country",
    "postcode_area", "language", "platform", "order_state", "value_kind",
}  # fmt: skip

_BATCH = 10_000  #: texts looked at in one go


def forget_rows(connection: duckdb.DuckDBPyConnection, tables: dict[str, str], forgotten: Forgotten) -> None:
    """Take forgotten people out of the canonical tables of one file, before anything is written anywhere.

    Args:
        connection: where the tables are.
        tables: canonical table → the DuckDB table that holds it.
        forgotten: who is forgotten.
    """
    for name, made in tables.items():
        table = TABLES[name]
        replaced = {
            **_without_customer(forgotten.customers, table.names),
            **_without_creator(connection, made, table, forgotten),
        }
        if replaced:
            values = ", ".join(f"{value} AS {parse.name(column)}" for column, value in replaced.items())
            connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {made} AS SELECT * REPLACE ({values}) FROM {made}"
            )


def _without_customer(keys: list[str], columns: Sequence[str]) -> dict[str, str]:
    who = next((column for column in ("customer", "commenter") if column in columns), None)
    if who is None or not keys:
        return {}
    grave = f"left(sha256(concat('forgotten:', {who})), 16)"
    forgotten = f"{grave} IN ({', '.join(map(parse.text, keys))})"
    emptied = [column for column in (who, "region", "postcode_area") if column in columns]
    return {column: f"CASE WHEN {forgotten} THEN NULL ELSE {parse.name(column)} END" for column in emptied}


def _without_creator(
    connection: duckdb.DuckDBPyConnection, made: str, table: CanonicalTable, forgotten: Forgotten
) -> dict[str, str]:
    """Column → its value without forgotten creators, for the columns in which one is named."""
    own: list[str] = [column for column in ("handle", "creator") if column in table.names]
    texts = [one.name for one in table.columns if one.kind == "text" and one.name not in {*own, *NAMELESS}]
    people = {column: _through(connection, made, column, forgotten.name) for column in own}
    values = {column: _mapped(column, names) for column, names in people.items() if names}
    named = f"coalesce({', '.join(values.values())})" if values else ""
    replaced: dict[str, str] = {
        column: f"coalesce({value}, {parse.name(column)})" for column, value in values.items()
    }
    for column in texts:
        if changed := _through(connection, made, column, lambda text: _new(text, forgotten)):
            replaced[column] = f"coalesce({_mapped(column, changed)}, {parse.name(column)})"
        if named and column in TELLING:
            replaced[column] = (
                f"CASE WHEN {named} IS NULL THEN {replaced.get(column, parse.name(column))} END"
            )
    if named and "post_id" in table.names:
        replaced["post_id"] = f"CASE WHEN {named} IS NULL THEN post_id ELSE concat({named}, '-', _record) END"
    return replaced


def _through(
    connection: duckdb.DuckDBPyConnection, made: str, column: str, door: Callable[[str], str]
) -> dict[str, str]:
    """The texts of a column for which the door has an answer → the answer."""
    cell = parse.name(column)
    texts = connection.execute(f"SELECT DISTINCT {cell} FROM {made} WHERE {cell} IS NOT NULL ORDER BY ALL")
    answers: dict[str, str] = {}
    while batch := texts.fetchmany(_BATCH):
        answers |= {text: answer for (text,) in batch if (answer := door(text))}
    return answers


def _new(text: str, forgotten: Forgotten) -> str:
    """What a text becomes; empty where it stays."""
    passed = forgotten.text(text)
    return "" if passed == text else passed


def _mapped(column: str, names: dict[str, str]) -> str:
    """SQL for what a cell becomes; NULL where it stays."""
    pairs = ", ".join(f"{parse.text(text)}: {parse.text(new)}" for text, new in names.items())
    return f"map_extract_value(MAP {{{pairs}}}, {parse.name(column)})"
