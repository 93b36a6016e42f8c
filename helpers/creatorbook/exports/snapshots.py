"""Refund dates from two order exports of different days, where no file tells them.

An order export holds one total of what was refunded so far. What the later export says beyond the earlier one went
back between the two; the middle of that time is taken as its date. What the first export already says went back
between the order and that export; the middle of at most `LONGEST_RETURN` days is taken.
"""

from __future__ import annotations

import duckdb

from creatorbook.exports.currencies import in_own_currency

LONGEST_RETURN = 60  #: days; by then, goods that come back are back

REMARK = (
    "read together with another export of the same orders: refunds have no dates of their own, so each is dated in "
    "the middle of the time in which it must have happened"
)

_SEEN = """
    SELECT order_id, ordered_at, refunded, _until, _file,
        lag(refunded) OVER earlier AS before, lag(_until) OVER earlier AS since
    FROM (SELECT * FROM stacked_orders WHERE refunded IS NOT NULL AND _until IS NOT NULL AND {comparable}
          QUALIFY row_number() OVER (PARTITION BY order_id, _until ORDER BY _file DESC) = 1)
    WINDOW earlier AS (PARTITION BY order_id ORDER BY _until)
"""

_FROM = "greatest(coalesce(CAST(since AS TIMESTAMP), ordered_at), ordered_at)"
_TO = f"greatest({_FROM}, least(CAST(_until AS TIMESTAMP), {_FROM} + INTERVAL {LONGEST_RETURN} DAY))"


def refunds_between(connection: duckdb.DuckDBPyConnection, currency: str) -> tuple[int, ...]:
    """Make the temporary table `all_refunds` from `stacked_orders`, of orders in the client's currency.

    Returns:
        The numbers of the files that were compared; empty if no order is in two exports of different days whose
        refunds differ, and then there is no table.
    """
    seen = _SEEN.format(comparable=in_own_currency(currency))
    compared = connection.execute(
        f"SELECT count(*) FILTER (WHERE refunded > before) FROM ({seen}) WHERE since IS NOT NULL"
    ).fetchone()
    if not compared or not compared[0]:
        return ()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE all_refunds AS SELECT order_id, "
        f"CAST(CAST({_FROM} + ({_TO} - {_FROM}) / 2 AS DATE) AS TIMESTAMP) AS refunded_at, "
        "CAST(refunded - coalesce(before, 0) AS DECIMAL(18,2)) AS amount, "
        "'from two order exports' AS reason "
        f"FROM ({seen}) WHERE refunded > coalesce(before, 0) ORDER BY order_id, _until"
    )
    files = connection.execute("SELECT DISTINCT _file FROM stacked_orders ORDER BY 1").fetchall()
    return tuple(int(number) for (number,) in files)
