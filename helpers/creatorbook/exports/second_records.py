"""Sales that two files tell under numbers of their own: a network's or a payment service's list of the shop's orders.

Order numbers do not join them; amount, day and code do. A file nearly all of whose orders stand in another one in that way
is a second record of the same sales: each is counted once, in the file that tells more.
"""

from __future__ import annotations

import duckdb

#: share of a file's orders that must stand in the other
_NEARLY_ALL = 0.9
#: fewest orders, and fewest different ones, that such a file is told by
_FEWEST = 3
#: orders of the other file with the same amount, day and code, per order of this one; more meet by chance
_MOST_ALIKE = 2.0
#: share of order numbers that two files may have in common: with more they are two exports of one list
_SAME_NUMBERS = 0.1

_KEYED = (
    "SELECT _file, _record, order_id, total, CAST(ordered_at AS DATE) AS day, coalesce(discount_code, '') AS code, "
    "bool_or(discount_code IS NOT NULL) OVER (PARTITION BY _file) AS coded FROM stacked_orders WHERE total <> 0"
)


def second_records(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Pairs of files: the number of one that repeats sales, and of the one that has them."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE keyed_orders AS {_KEYED}")
    sizes = dict(connection.execute("SELECT _file, count(*) FROM keyed_orders GROUP BY 1").fetchall())
    shared = {
        (one, other): count
        for one, other, count in connection.execute(
            "SELECT a._file, b._file, count(*) FROM keyed_orders a JOIN keyed_orders b ON a.order_id = b.order_id "
            "AND a._file <> b._file GROUP BY 1, 2"
        ).fetchall()
    }
    coded = dict(connection.execute("SELECT _file, any_value(coded) FROM keyed_orders GROUP BY 1").fetchall())
    repeated_in: dict[int, int] = {}
    for one, other, same, kinds, there in _alike(connection):
        enough = same >= max(_FEWEST, _NEARLY_ALL * sizes[one]) and kinds >= _FEWEST
        apart = shared.get((one, other), 0) <= _SAME_NUMBERS * sizes[one]
        if enough and apart and there <= _MOST_ALIKE * same:
            # codes are what creators are found by: the file that has some stays, then the one that tells more orders
            less, more = sorted((one, other), key=lambda file: (bool(coded[file]), sizes[file], -file))
            if more not in repeated_in:
                repeated_in.setdefault(less, more)
    return sorted(repeated_in.items())


def _alike(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, int, int, int, int]]:
    """For each two files: orders of the first that stand in the second, of how many kinds, and how many there are of these.

    Codes are compared where both files tell some.
    """
    pairs = []
    for code, both in (("code", "a.coded AND b.coded"), ("''", "NOT (a.coded AND b.coded)")):
        keyed = (
            f"SELECT _file, total, day, {code} AS code, any_value(coded) AS coded, count(*) AS n FROM keyed_orders "
            "GROUP BY 1, 2, 3, 4"
        )
        pairs += connection.execute(
            f"SELECT a._file, b._file, sum(least(a.n, b.n)), count(*), sum(b.n) FROM ({keyed}) a JOIN ({keyed}) b ON "
            f"a.total = b.total AND a.day = b.day AND a.code = b.code AND a._file <> b._file AND {both} GROUP BY 1, 2"
        ).fetchall()
    return [tuple(map(int, pair)) for pair in sorted(pairs)]  # type: ignore[misc]


def repeated_rows(one: int, other: int) -> str:
    """SQL: the rows of `stacked_orders` of one file that are sales of the other, each of which stands for one there."""
    coded = "(SELECT bool_and(coded) FROM (SELECT any_value(coded) AS coded FROM keyed_orders WHERE _file IN ({0}, {1}) GROUP BY _file))"
    code = f"CASE WHEN {coded.format(one, other)} THEN code ELSE '' END"
    numbered = (
        f"SELECT *, row_number() OVER (PARTITION BY _file, total, day, {code} ORDER BY _record) AS nth, {code} AS code_or_none "
        f"FROM keyed_orders WHERE _file IN ({one}, {other})"
    )
    return (
        f"stacked_orders WHERE _file = {one} AND _record IN (SELECT a._record FROM ({numbered}) a JOIN ({numbered}) b ON "
        f"a._file = {one} AND b._file = {other} AND a.total = b.total AND a.day = b.day AND a.code_or_none = b.code_or_none AND a.nth = b.nth)"
    )
