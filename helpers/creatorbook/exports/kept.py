"""Whether a file that was read gave anything: one of which nothing, or next to nothing, is kept was not read right."""

from __future__ import annotations

from creatorbook.exports.currencies import NO_RATE
from creatorbook.exports.receipts import Receipt, Rejected, set_aside_sentence
from creatorbook.findings.formats import Formats
from creatorbook.problems import Problem

LEAST = 0.05  #: share of the records that must be kept
_NO_RECORDS = ("an empty record", "the column names again", "a total, not a record")


def nothing_kept(receipt: Receipt) -> Problem | None:
    """What is wrong with a file of which nothing or next to nothing was kept; None where enough was.

    Totals, empty records and repeats are no losses. Amounts that only want a rate are told on the receipt, and stop
    nothing unless they are the shop's orders: without these a report says that nothing was sold.
    """
    losses = [one for one in receipt.set_aside if one.reason not in _NO_RECORDS]
    lost = sum(one.count for one in losses) - receipt.duplicates
    if lost <= 0 or receipt.kept > LEAST * (receipt.kept + lost):
        return None
    main = max(losses, key=lambda one: one.count)
    of_the_shop = {"order_id", "total"} <= receipt.recognised.keys()
    if NO_RATE in main.reason and not of_the_shop:
        return None
    kept = "nothing" if not receipt.kept else f"only {receipt.kept} of {receipt.rows_in} records"
    return Problem(
        f"read as “{receipt.label}”, and {kept} could be kept: {set_aside_sentence(main, Formats())}",
        f"exports/{receipt.file}",
        column=main.column or None,
        todo=_todo(receipt, main),
    )


def _todo(receipt: Receipt, main: Rejected) -> str:
    """What can be done about it."""
    if NO_RATE in main.reason:
        return "Add the rate to client.yml."
    return (
        "Look at that column in the file. If it is another kind of file, or another column is meant, say so in "
        f'client.yml; “ignore: true” leaves it out:\nmapping:\n  - file: "{receipt.file}"\n    ignore: true'
    )
