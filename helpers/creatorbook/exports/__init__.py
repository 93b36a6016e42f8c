"""Exports in, canonical tables and import receipts out."""

from __future__ import annotations

from creatorbook.exports.folder import Read, read_folder
from creatorbook.exports.receipts import (
    Receipt,
    Rejected,
    folded,
    overview_lines,
    receipt_as_json,
    receipt_lines,
    receipts_frame,
    rejected_rows,
    totals_line,
    worst_first,
    write_receipts,
)
from creatorbook.exports.unread import Unread

__all__ = [
    "Read",
    "Receipt",
    "Rejected",
    "Unread",
    "folded",
    "overview_lines",
    "read_folder",
    "receipt_as_json",
    "receipt_lines",
    "receipts_frame",
    "rejected_rows",
    "totals_line",
    "worst_first",
    "write_receipts",
]
