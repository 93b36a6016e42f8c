"""Whether a file that was read gave anything: one of which nothing, or next to nothing, is kept was not read right."""

from __future__ import annotations

from creatorbook.exports.currencies import NO_RATE
from creatorbook.exports.receipts import Receipt, Rejected, losses, lost
from creatorbook.problems import Problem

LEAST = 0.05  #: share of the records that must be kept


def nothing_kept(receipt: Receipt) -> Problem | None:
    """What is wrong with a file of which nothing or next to nothing was kept; None where enough was.

    Totals, empty records and repeats are no losses. Amounts that only want a rate are told on the receipt, and stop
    nothing unless they are the shop's orders: without these a report says that nothing was sold.
    """
    gone = lost(receipt)
    if not gone or receipt.kept > LEAST * (receipt.kept + gone):
        return None
    main = max(losses(receipt), key=lambda one: one.count)
    of_the_shop = {"order_id", "total"} <= receipt.recognised.keys()
    if NO_RATE in main.reason and not of_the_shop:
        return None
    remainder = "nothing" if not receipt.kept else f"only {receipt.kept} of {receipt.rows_in} records"
    expected = f"; expected {main.expected}" if main.expected else ""
    return Problem(
        f"read as “{receipt.label}”, but {remainder} could be kept ({main.reason}: {main.count} of {receipt.rows_in}){expected}",
        f"exports/{receipt.file}",
        column=main.column or None,
        todo=_todo(main),
    )


def _todo(main: Rejected) -> str:
    """What can be done about it."""
    if NO_RATE in main.reason:
        return "Add the rate to client.yml."
    return (
        "Look at that column in the file. If it is another kind of file, or another column is meant, say so under "
        "“mapping:” in client.yml; “ignore: true” leaves the file out."
    )
