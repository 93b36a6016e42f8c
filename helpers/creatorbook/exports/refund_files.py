"""A file of refunds held against what the order file says was refunded: neither silently over the other.

Both tell what went back so far, and either can lack some of it: a refund file that covers one month, an order file exported
before the last parcels came back. Of each order what is told more counts. Where that is the order file, what the refund file
lacks is added to it, dated as between two order exports (`snapshots`): in the middle of the time in which it must have happened.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from creatorbook.exports.currencies import in_own_currency
from creatorbook.exports.snapshots import LONGEST_RETURN
from creatorbook.tables import TOLD_BY_ORDER


@dataclass(frozen=True)
class RefundComparison:
    """How a refund file and an order file differ.

    Attributes:
        refunds, of_orders: refunds in the file, and how many are of orders on file.
        only_in_orders, lacking: orders of which the order file tells more, and how much more.
        only_in_refunds, beyond: orders of which the refund file tells more, and how much more.
        too_large: orders to which more went back than they came to.
    """

    refunds: int
    of_orders: int
    only_in_orders: int
    lacking: float
    only_in_refunds: int
    beyond: float
    too_large: int

    def remarks(self) -> list[str]:
        """What a receipt says of it."""
        made = []
        if self.of_orders < self.refunds:
            made.append(
                f"refunds of orders on file: {self.of_orders} of {self.refunds}; the others are of orders before the order "
                "file begins, or of another shop"
            )
        if self.only_in_orders:
            made.append(
                f"orders of which the order file tells more refunds: {self.only_in_orders} ({self.lacking:.2f} in all): these "
                "count as well, each in the middle of the time in which it must have happened"
            )
        if self.only_in_refunds and self.lacking:
            made.append(
                f"orders of which this file tells more refunds than the order file: {self.only_in_refunds} "
                f"({self.beyond:.2f} in all): they count"
            )
        if self.too_large:
            made.append(
                f"refunds larger than their order: {self.too_large}; no more than the order came to counts"
            )
        return made


def compare_refunds(
    connection: duckdb.DuckDBPyConnection, orders: str, refunds: str, currency: str
) -> RefundComparison:
    """Hold refunds against orders, both as SQL after FROM; makes the temporary table `refunds_lacking` with what is to be added.

    Orders in another currency than the client's have no rate: their amounts are not held against the refunds'.
    """
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE refunds_compared AS SELECT o.order_id, ordered_at, total, refunded, "
        f"coalesce(back, 0) AS back, (SELECT max(ordered_at) FROM {orders}) AS last FROM {orders} o LEFT JOIN "
        f"(SELECT order_id, sum(amount) AS back FROM {refunds} GROUP BY order_id) USING (order_id) "
        f"WHERE {in_own_currency(currency)}"
    )
    middle = f"least(last - ordered_at, INTERVAL {LONGEST_RETURN} DAY) / 2"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE refunds_lacking AS SELECT order_id, CAST(CAST(ordered_at + {middle} AS DATE) AS TIMESTAMP) "
        f"AS refunded_at, CAST(refunded - back AS DECIMAL(18,2)) AS amount, '{TOLD_BY_ORDER}' AS reason "
        "FROM refunds_compared WHERE refunded > back ORDER BY ordered_at, order_id"
    )
    counted = connection.execute(
        f"SELECT (SELECT count(*) FROM {refunds}), (SELECT count(*) FROM {refunds} WHERE order_id IN (SELECT order_id FROM {orders})), "
        "count(*) FILTER (WHERE refunded > back), coalesce(sum(refunded - back) FILTER (WHERE refunded > back), 0), "
        "count(*) FILTER (WHERE refunded < back), coalesce(sum(back - refunded) FILTER (WHERE refunded < back), 0), "
        "count(*) FILTER (WHERE greatest(back, coalesce(refunded, 0)) > total AND total >= 0) FROM refunds_compared"
    ).fetchone()
    return RefundComparison(*(counted or (0, 0, 0, 0.0, 0, 0.0, 0)))
