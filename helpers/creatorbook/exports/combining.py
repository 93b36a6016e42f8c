"""From files to one table each: what several files say about the same thing is counted once (deduplication)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from creatorbook.exports import parse
from creatorbook.exports.receipts import LISTED, Receipt, Rejected
from creatorbook.exports.refund_files import compare_refunds
from creatorbook.exports.second_records import repeated_rows, second_records
from creatorbook.exports.snapshots import REMARK, refunds_between
from creatorbook.tables import TABLES

#: table → the columns that name a thing; the latest export of it counts. Totals as of different days are
#: snapshots of one thing and are never added up.
SAME_THING = {
    "creators": ("platform", "handle"),
    "posts": ("platform", "post_id"),
    "follower_history": ("platform", "handle", "date"),
    "account_days": ("platform", "handle", "date"),
    "orders": ("order_id",),
    "discounts": ("code",),
    "products": ("sku",),
}

#: SQL: a post's link as it stands in any file: without what an app adds to a link that is shared
_LINK = (
    "rtrim(regexp_replace(CASE WHEN contains(permalink, 'watch?v=') THEN permalink "
    "ELSE regexp_extract(permalink, '^[^?#]*') END, '^https?://(www[.]|m[.])?', ''), '/')"
)

#: tables of which several files tell different columns of the same thing
FILLED = ("creators", "account_days")

#: tables whose rows belong to a row of another: they stay with the file that row was taken from
BELONGS = {"order_lines": ("orders", "order_id")}

#: a log of single clicks becomes what the table says: clicks per link and day; those that led to an order stay apart
_SUMMED_CLICKS = (
    "SELECT date, handle, link, sum(clicks) AS clicks, order_id FROM stacked_clicks "
    "GROUP BY date, handle, link, order_id ORDER BY min((_file, _record))"
)


@dataclass(frozen=True)
class Part:
    """One file's rows of one canonical table."""

    file: str
    path: Path


@dataclass(frozen=True)
class Combined:
    """All files' rows.

    Attributes:
        receipts: with what was counted once.
        alone: tables that are one file's rows as they are → that file's Parquet.
        queries: the other tables → the query for their rows, in order.
    """

    receipts: dict[str, Receipt]
    alone: dict[str, Path]
    queries: dict[str, str]


def combine_files(
    connection: duckdb.DuckDBPyConnection,
    parts: dict[str, list[Part]],
    receipts: dict[str, Receipt],
    currency: str,
) -> Combined:
    """One table for each canonical table, without duplicates; one that comes from one file is not written again.

    Args:
        currency: the client's own, in which refunds are compared.
    """
    done = Combined(dict(receipts), {}, {})
    files = list(receipts)
    for name in [name for name in parts if name not in BELONGS] + [name for name in parts if name in BELONGS]:
        alone = len(parts[name]) == 1
        if alone and name not in (*SAME_THING, "clicks"):
            done.alone[name] = parts[name][0].path
            continue
        _stack(connection, name, parts[name], files, receipts)
        if not alone:
            _count_once(connection, name, files, done.receipts)
        if name == "orders" and "refunds" not in parts and not alone:
            _add_refunds(connection, files, done, currency)
        if name in SAME_THING and _repeats(connection, name):
            _latest_only(connection, name, files, done.receipts)
        elif name in BELONGS:
            with_owners = [files.index(part.file) for part in parts.get(BELONGS[name][0], [])]
            _with_their_owner(connection, name, with_owners, files, done.receipts)
        elif name == "clicks":
            done.queries[name] = _SUMMED_CLICKS
            continue
        elif alone:
            done.alone[name] = parts[name][0].path
            continue
        done.queries[name] = f"SELECT {_columns(name)} FROM stacked_{name} ORDER BY _file, _record"
    if "orders" in parts and "refunds" in parts:
        _add_lacking_refunds(connection, done, [part.file for part in parts["refunds"]], currency)
    return done


def _add_lacking_refunds(
    connection: duckdb.DuckDBPyConnection, done: Combined, files: list[str], currency: str
) -> None:
    """Hold the refund files against the orders': what only these tell is added, and the files' receipts say so."""
    orders, refunds = (_rows_of(done, name) for name in ("orders", "refunds"))
    compared = compare_refunds(connection, orders, refunds, currency)
    for file in files:
        receipt = done.receipts[file]
        done.receipts[file] = replace(receipt, notes=(*receipt.notes, *compared.remarks()))
    if compared.only_in_orders:
        columns = _columns("refunds")
        done.queries["refunds"] = (
            f"SELECT {columns} FROM {refunds} UNION ALL SELECT {columns} FROM refunds_lacking"
        )
        done.alone.pop("refunds", None)


def _rows_of(done: Combined, name: str) -> str:
    """SQL after FROM for a table that is put together."""
    path = done.alone.get(name)
    return f"read_parquet({parse.text(str(path))})" if path else f"({done.queries[name]})"


def _count_once(
    connection: duckdb.DuckDBPyConnection, name: str, files: list[str], receipts: dict[str, Receipt]
) -> None:
    """Leave out what two files tell of one thing under different names."""
    if name == "posts":
        _count_posts_once(connection, files, receipts)
    elif name == "orders":
        _count_sales_once(connection, files, receipts)


def _count_posts_once(
    connection: duckdb.DuckDBPyConnection, files: list[str], receipts: dict[str, Receipt]
) -> None:
    """Leave out posts that were written down by their link where another file has them by the platform's own id.

    The label that was seen and the campaign it was written down for come to that post, where its file says neither.
    """
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE posts_by_link AS SELECT * FROM (SELECT *, {_LINK} AS _link FROM stacked_posts "
        f"WHERE post_id = permalink) SEMI JOIN (SELECT platform, {_LINK} AS _link FROM stacked_posts "
        "WHERE post_id <> permalink) USING (platform, _link)"
    )
    if not connection.execute("SELECT count(*) FROM posts_by_link").fetchone()[0]:  # type: ignore[index]
        return
    last = "last({0} ORDER BY exported_on NULLS FIRST, _file, _record) FILTER (WHERE {0} IS NOT NULL) AS {0}"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE posts_by_id AS SELECT own.* REPLACE (coalesce(own.label, seen.label) AS label, "
        "coalesce(own.campaign, seen.campaign) AS campaign) FROM (SELECT *, "
        f"{_LINK} AS _link FROM stacked_posts) AS own LEFT JOIN (SELECT platform, _link, {last.format('label')}, "
        f"{last.format('campaign')} FROM posts_by_link GROUP BY platform, _link) AS seen "
        "ON own.platform = seen.platform AND own._link = seen._link "
        "WHERE NOT EXISTS (FROM posts_by_link AS gone WHERE gone._file = own._file AND gone._record = own._record)"
    )
    reason = "the same post is in another file by its own id: counted once, there, with the label seen here"
    _tell_dropped(connection, "posts", "posts_by_link", files, receipts, reason)
    _replace(connection, "posts", "SELECT * EXCLUDE (_link) FROM posts_by_id")


def _count_sales_once(
    connection: duckdb.DuckDBPyConnection, files: list[str], receipts: dict[str, Receipt]
) -> None:
    """Leave out what one file tells of sales that stand in another under other numbers, and say so on its receipt."""
    for one, other in second_records(connection):
        rows = repeated_rows(one, other)
        reason = f"the same sales by amount, day and code are in {files[other]}: a second record of them, counted once, there"
        _tell_dropped(connection, "orders", rows, files, receipts, reason)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE second_{one} AS SELECT _record FROM {rows}")
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE kept_{one} AS SELECT * FROM stacked_orders WHERE NOT "
            f"(_file = {one} AND _record IN (SELECT _record FROM second_{one}))"
        )
        _replace(connection, "orders", f"SELECT * FROM kept_{one}")


def _add_refunds(
    connection: duckdb.DuckDBPyConnection, files: list[str], done: Combined, currency: str
) -> None:
    """Refund dates from several order exports: the query for the table `refunds`, and a remark on each file."""
    compared = refunds_between(connection, currency)
    if compared:
        done.queries["refunds"] = "SELECT * FROM all_refunds"
    for number in compared:
        receipt = done.receipts[files[number]]
        done.receipts[files[number]] = replace(receipt, notes=(*receipt.notes, REMARK))


def _columns(name: str) -> str:
    return ", ".join(parse.name(column) for column in TABLES[name].names)


def _stack(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    parts: list[Part],
    files: list[str],
    receipts: dict[str, Receipt],
) -> None:
    """The view `stacked_<name>`: all files' rows under one another, each with its file's number and last day."""
    selects = []
    for part in parts:
        last = receipts[part.file].last_day
        until = f"DATE '{last}'" if last else "CAST(NULL AS DATE)"
        selects.append(
            f"SELECT {files.index(part.file)} AS _file, {until} AS _until, * "
            f"FROM read_parquet({parse.text(str(part.path))})"
        )
    _replace(connection, name, " UNION ALL BY NAME ".join(selects))


def _replace(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    """Let `stacked_<name>` be what a query selects."""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW stacked_{name} AS {query}")


def _same(name: str) -> str:
    """SQL: what names a thing. Files that do not say whose they are, are not taken for one account's."""
    same = ", ".join(parse.name(column) for column in SAME_THING[name])
    return same + (", CASE WHEN handle IS NULL THEN _file END" if "handle" in SAME_THING[name] else "")


def _repeats(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    """Whether several rows are about the same thing. Hashes are compared: quick, and never too few."""
    (repeated,) = connection.execute(
        f"SELECT count(*) > count(DISTINCT hash({_same(name)})) FROM stacked_{name}"
    ).fetchone() or (False,)
    return bool(repeated)


def _latest_only(
    connection: duckdb.DuckDBPyConnection, name: str, files: list[str], receipts: dict[str, Receipt]
) -> None:
    """Keep one row per thing: of the export that reaches furthest, the last file where that is equal."""
    newest = {"posts": "exported_on DESC NULLS LAST, ", "creators": "code IS NULL, fee IS NULL, "}.get(
        name, ""
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE ranked_{name} AS SELECT *, row_number() OVER "
        f"(PARTITION BY {_same(name)} ORDER BY {newest}_until DESC NULLS LAST, _file DESC, _record DESC) AS _rank "
        f"FROM stacked_{name}"
    )
    if name in FILLED:
        _fill_gaps(connection, name)
    _tell_dropped(connection, name, f"ranked_{name} WHERE _rank > 1", files, receipts)
    _replace(connection, name, f"SELECT * EXCLUDE (_rank) FROM ranked_{name} WHERE _rank = 1")


def _tell_dropped(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    rows: str,
    files: list[str],
    receipts: dict[str, Receipt],
    reason: str | None = None,
) -> None:
    """Move rows that are not counted from kept to set aside, on their files' receipts."""
    dropped = connection.execute(
        f"SELECT _file, sum(_records), list(_record ORDER BY _record)[:{LISTED}] FROM {rows} "
        "GROUP BY _file ORDER BY _file"
    ).fetchall()
    for number, records, numbers in dropped:
        why = reason or _AGAIN.get(name, "the same is said again later: counted once, there")
        receipts[files[number]] = _moved(receipts[files[number]], why, int(records), tuple(numbers))


#: table → why a row of it is not counted
_AGAIN = {
    "orders": "the same order is in a later export: counted once, there",
    "posts": "the same post again: the latest totals count",
    "creators": "the same account again: one row was made of all",
    "account_days": "the same day in another file: one row was made of all",
    "order_lines": "the lines of this order are in another file, too: counted once, there",
}


def _moved(receipt: Receipt, reason: str, records: int, numbers: tuple[int, ...]) -> Receipt:
    rejected = Rejected(reason, numbers, count=records)
    return replace(
        receipt,
        kept=receipt.kept - records,
        set_aside=(*receipt.set_aside, rejected),
        duplicates=receipt.duplicates + records,
    )


def _fill_gaps(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """A creator in several lists, a day in several files: what the counted row leaves empty comes from the others."""
    columns = [column for column in TABLES[name].names if column not in SAME_THING[name]]
    everywhere = f"OVER (PARTITION BY {_same(name)} ORDER BY _rank ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
    filled = ", ".join(
        f"coalesce({c}, first_value({c} IGNORE NULLS) {everywhere}) AS {c}" for c in map(parse.name, columns)
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE ranked_{name} AS SELECT * REPLACE ({filled}) FROM ranked_{name}"
    )


def _with_their_owner(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    with_owners: list[int],
    files: list[str],
    receipts: dict[str, Receipt],
) -> None:
    """Rows come from the file their owner was taken from; if that has none, from a file that has no owners at all.

    Rows of a file with owners were told with them; of a file without, they are told here.
    """
    owner, key = BELONGS[name][0], parse.name(BELONGS[name][1])
    owned = f"({key}, _file) IN (SELECT ({key}, _file) FROM stacked_{owner})" if with_owners else "false"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE ranked_{name} AS SELECT *, {owned} AS _own, "
        f"list_contains({with_owners}::BIGINT[], _file) AS _owned FROM stacked_{name}"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE chosen_{name} AS SELECT {key}, "
        "coalesce(max(_file) FILTER (WHERE _own), max(_file) FILTER (WHERE NOT _owned)) AS _file "
        f"FROM ranked_{name} GROUP BY {key}"
    )
    chosen = f"({key}, _file) IN (SELECT ({key}, _file) FROM chosen_{name})"
    _tell_dropped(connection, name, f"ranked_{name} WHERE NOT _owned AND NOT ({chosen})", files, receipts)
    _replace(connection, name, f"SELECT * EXCLUDE (_owned, _own) FROM ranked_{name} WHERE {chosen}")
