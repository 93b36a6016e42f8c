"""From files to one table each: what several files say about the same thing is counted once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from creatorbook.exports import parse
from creatorbook.exports.receipts import LISTED, Receipt, SetAside
from creatorbook.exports.snapshots import REMARK, refunds_between
from creatorbook.tables import TABLES

#: table → the columns that name a thing; the latest export of it counts. Totals as of different days are
#: snapshots of one thing and are never added up.
SAME = {
    "creators": ("platform", "handle"),
    "posts": ("platform", "post_id"),
    "follower_history": ("platform", "handle", "date"),
    "account_days": ("platform", "handle", "date"),
    "orders": ("order_id",),
    "discounts": ("code",),
    "products": ("sku",),
}

#: tables of which several files tell different columns of the same thing
FILLED = ("creators", "account_days")

#: tables whose rows belong to a row of another: they stay with the file that row was taken from
BELONGS = {"order_lines": ("orders", "order_id")}


@dataclass(frozen=True)
class Part:
    """One file's rows of one canonical table."""

    file: str
    path: Path


def combine(
    connection: duckdb.DuckDBPyConnection, parts: dict[str, list[Part]], receipts: dict[str, Receipt]
) -> dict[str, Receipt]:
    """Make one temporary table `all_<name>` per canonical table; return the receipts with what was dropped."""
    order = [name for name in parts if name not in BELONGS] + [name for name in parts if name in BELONGS]
    for name in order:
        _stack(connection, name, parts[name], receipts)
        if name == "orders" and "refunds" not in parts and len(parts[name]) > 1:
            receipts = _with_refunds(connection, parts, receipts)
        if name in SAME:
            receipts = _latest_only(connection, name, parts[name], receipts)
        if name in BELONGS and len(parts[name]) > 1:
            _with_their_owner(connection, name)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE all_{name} AS "
            f"SELECT {_columns(name)} FROM stacked_{name} ORDER BY _file, _record"
        )
    return receipts


def _with_refunds(
    connection: duckdb.DuckDBPyConnection, parts: dict[str, list[Part]], receipts: dict[str, Receipt]
) -> dict[str, Receipt]:
    """Refund dates from several order exports; `parts` then has the table `refunds`, without files of its own."""
    compared = refunds_between(connection)
    if not compared:
        return receipts
    parts["refunds"] = []
    changed = dict(receipts)
    for number in compared:
        file = parts["orders"][int(number)].file
        changed[file] = replace(changed[file], notes=(*changed[file].notes, REMARK))
    return changed


def _columns(name: str) -> str:
    return ", ".join(parse.name(column) for column in TABLES[name].names)


def _stack(
    connection: duckdb.DuckDBPyConnection, name: str, parts: list[Part], receipts: dict[str, Receipt]
) -> None:
    """All files' rows under one another, with the file's number and the last day it speaks of."""
    selects = []
    for number, part in enumerate(parts):
        last = receipts[part.file].last_day
        until = f"DATE '{last}'" if last else "CAST(NULL AS DATE)"
        selects.append(
            f"SELECT {number} AS _file, {until} AS _until, * FROM read_parquet({parse.text(str(part.path))})"
        )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE stacked_{name} AS {' UNION ALL BY NAME '.join(selects)}"
    )


def _latest_only(
    connection: duckdb.DuckDBPyConnection, name: str, parts: list[Part], receipts: dict[str, Receipt]
) -> dict[str, Receipt]:
    """Keep one row per thing: of the export that reaches furthest, the last file where that is equal."""
    same = ", ".join(parse.name(column) for column in SAME[name])
    if "handle" in SAME[name]:  # files that do not say whose they are, are not taken for one account's
        same += ", CASE WHEN handle IS NULL THEN _file END"
    (repeated,) = connection.execute(
        f"SELECT count(*) > count(DISTINCT ({same})) FROM stacked_{name}"
    ).fetchone() or (False,)
    if not repeated:
        return receipts
    newest = {"posts": "exported_on DESC NULLS LAST, ", "creators": "code IS NULL, fee IS NULL, "}.get(
        name, ""
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE ranked AS SELECT *, row_number() OVER "
        f"(PARTITION BY {same} ORDER BY {newest}_until DESC NULLS LAST, _file DESC, _record DESC) AS _rank "
        f"FROM stacked_{name}"
    )
    if name in FILLED:
        _fill_gaps(connection, name)
    dropped = connection.execute(
        f"SELECT _file, sum(_records), count(*), list(_record ORDER BY _record)[:{LISTED}] FROM ranked "
        "WHERE _rank > 1 GROUP BY _file ORDER BY _file"
    ).fetchall()
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE stacked_{name} AS SELECT * EXCLUDE (_rank) FROM ranked WHERE _rank = 1"
    )
    changed = dict(receipts)
    for number, records, _, listed in dropped:
        file = parts[number].file
        changed[file] = _moved(changed[file], name, int(records), tuple(listed))
    return changed


def _moved(receipt: Receipt, name: str, records: int, listed: tuple[int, ...]) -> Receipt:
    reason = {
        "orders": "the same order is in a later export: counted once, there",
        "posts": "the same post again: the latest totals count",
        "creators": "the same account again: one row was made of all",
        "account_days": "the same day in another file: one row was made of all",
    }.get(name, "the same is said again later: counted once, there")
    aside = SetAside(reason, listed, count=records)
    return replace(
        receipt,
        kept=receipt.kept - records,
        set_aside=(*receipt.set_aside, aside),
        duplicates=receipt.duplicates + records,
    )


def _fill_gaps(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """A creator in several lists, a day in several files: what the counted row leaves empty comes from the others."""
    columns = [column for column in TABLES[name].names if column not in SAME[name]]
    same = ", ".join(SAME[name]) + ", CASE WHEN handle IS NULL THEN _file END"
    everywhere = (
        f"OVER (PARTITION BY {same} ORDER BY _rank ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
    )
    filled = ", ".join(
        f"coalesce({c}, first_value({c} IGNORE NULLS) {everywhere}) AS {c}" for c in map(parse.name, columns)
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE ranked AS SELECT * REPLACE ({filled}) FROM ranked")


def _with_their_owner(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    owner, key = BELONGS[name]
    connection.execute(
        f"DELETE FROM stacked_{name} WHERE ({parse.name(key)}, _file) NOT IN "
        f"(SELECT ({parse.name(key)}, _file) FROM stacked_{owner})"
    )
