"""`creator_history.csv` in the client folder: what each creator brought in each settled campaign, and what was decided.

One row per campaign and person, written by `python3 workbook.py settle`. Rows are only ever added: what stands is kept, and
a later row of the same campaign and person brings nothing but what was open in the earlier ones. A cell that is empty was
not known; it is never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from creatorbook.client.client_file import Client
from creatorbook.client.forgotten import forgotten_in
from creatorbook.client.record_cells import as_cells, refuse_no_day, refuse_no_number, typed
from creatorbook.client.records import read_rows
from creatorbook.client.writing import append_rows, writing
from creatorbook.problems import Problem
from creatorbook.text.handles import plain_name

#: of the columns below and what they mean; a later release writes a higher one
VERSION = 1


class CreatorRecord(NamedTuple):
    """One person in one campaign, as the campaign's files told when it was settled. Money is in the client's currency.

    Attributes:
        version: of the layout.
        written_on, by: the day of settling, and who did it.
        campaign, starts_on, ends_on, goal: of the campaign file.
        product, markets: what was shown and where, as the campaign file says; markets with spaces between.
        creator, handle, platform, tier, followers: the person, their main account and its size.
        price_asked, price_paid: fees without VAT: as offered or listed, and as the costs have it.
        pieces_promised, pieces_delivered: as agreed, and posts of the campaign on file.
        days_late: days after the campaign's last day until all that was promised was out; 0 in time.
        label_kept: part of their posts with a text on file that carried the label.
        reach, views, clicks: added up over their posts; clicks of their links.
        response: likes and comments over their posts.
        exposure, exposure_kind: what their orders were bought with (`finance.exposure`).
        orders, orders_in_doubt: counted after cancellations; of these with a sign that the code travelled.
        orders_adjusted, orders_low, orders_high: adjusted for small numbers, with the 90 % range.
        sales_that_stay, margin, cost, profit: excl. VAT after returns; what they left before and after the creator's costs.
        advice: what the rule proposed: renew, test again, renegotiate, stop or too early.
        decision, reason: what a person decided on them for the next campaign, and why.
        rights_until, exclusive_until: last days of use of their content, and of exclusivity.
        asked_for: what the creator asked for, as the relationship log has it.
        note: the decision's.
    """

    version: int
    written_on: date
    by: str
    campaign: str
    starts_on: date
    ends_on: date
    goal: str
    product: str
    markets: str
    creator: str
    handle: str
    platform: str
    tier: str
    followers: float | None = None
    price_asked: float | None = None
    price_paid: float | None = None
    pieces_promised: float | None = None
    pieces_delivered: float | None = None
    days_late: float | None = None
    label_kept: float | None = None
    reach: float | None = None
    views: float | None = None
    clicks: float | None = None
    response: float | None = None
    exposure: float | None = None
    exposure_kind: str = ""
    orders: float | None = None
    orders_in_doubt: float | None = None
    orders_adjusted: float | None = None
    orders_low: float | None = None
    orders_high: float | None = None
    sales_that_stay: float | None = None
    margin: float | None = None
    cost: float | None = None
    profit: float | None = None
    advice: str = ""
    decision: str = ""
    reason: str = ""
    rights_until: date | None = None
    exclusive_until: date | None = None
    asked_for: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The campaign and the person, as they are compared."""
        return self.campaign, plain_name(self.creator)


HISTORY_COLUMNS = list(CreatorRecord._fields)
_DAYS = ["written_on", "starts_on", "ends_on", "rights_until", "exclusive_until"]
_NEEDED_DAYS = _DAYS[:3]
_NUMBERS = [
    name for name, default in CreatorRecord._field_defaults.items() if default is None and name not in _DAYS
]


def history_path(client: Client) -> Path:
    """Where it is kept what creators brought."""
    return client.folder / "creator_history.csv"


def read_history(client: Client) -> pd.DataFrame:
    """One row per campaign and person (`HISTORY_COLUMNS`, days and numbers as such), oldest campaign first; no rows without a file.

    Raises:
        Problem: a column is missing, a cell is not what its column holds, a later release wrote the file, or it is not
            UTF-8 text.
    """
    merged = _merged(_rows(client))
    frame = typed(pd.DataFrame(list(merged.values()), columns=HISTORY_COLUMNS), _DAYS, _NUMBERS)
    return frame.sort_values(["starts_on", "campaign", "creator"], kind="stable", ignore_index=True)


def add_to_history(client: Client, records: Sequence[CreatorRecord]) -> int:
    """Append what is not there yet: rows of new people, and of others what was open; how many rows were added.

    Writing the same again adds nothing (idempotent).

    Raises:
        Problem: as `read_history`.
    """
    path = history_path(client)
    with writing(client.folder):
        there, new = _merged(_rows(client)), []
        for record in records:
            row = as_cells(record._asdict())
            earlier = there.get(record.key)
            brought = row if earlier is None else _brought(earlier, row)
            if brought is not None:
                new.append(brought)
                there[record.key] = (earlier or {}) | {name: cell for name, cell in brought.items() if cell}
        if new:
            append_rows(path, new, HISTORY_COLUMNS)
    return len(new)


#: what says of which campaign and person a row is, and who wrote it when
_HEAD = frozenset(
    {"version", "written_on", "by", "campaign", "starts_on", "ends_on", "goal", "creator", "handle"}
)


def _brought(earlier: Mapping[str, str], row: Mapping[str, str]) -> dict[str, str] | None:
    """The row with only what was open before; `None` where it brings nothing."""
    brought = {name: cell for name, cell in row.items() if cell and name not in _HEAD and not earlier[name]}
    if not brought:
        return None
    return {name: row[name] if name in _HEAD else brought.get(name, "") for name in HISTORY_COLUMNS}


def _merged(rows: Sequence[Mapping[str, str]]) -> dict[tuple[str, str], dict[str, str]]:
    """Campaign and person → one row: the first that tells a cell is believed."""
    merged: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        own = merged.setdefault((row["campaign"], plain_name(row["creator"])), dict(row))
        own |= {name: cell for name, cell in row.items() if cell and not own[name]}
    return merged


def _rows(client: Client) -> list[dict[str, Any]]:
    path = history_path(client)
    rows = read_rows(path, HISTORY_COLUMNS, forgotten_in(client.folder))
    rows = [{name: cell.strip() for name, cell in row.items()} for row in rows]
    for line, row in enumerate(rows, start=2):
        _check(path, line, row)
    return rows


def _check(path: Path, line: int, row: Mapping[str, str]) -> None:
    """Raise a Problem at the first cell that is not what its column holds."""
    if not row["version"].isdigit() or int(row["version"]) > VERSION:
        todo = "A later release of the workbook wrote this row; use that release or a later one."
        raise Problem(f"version “{row['version']}” is not known here", path, line, "version", todo=todo)
    if not row["campaign"] or not row["creator"]:
        empty = "creator" if row["campaign"] else "campaign"
        todo = "Rows are written by “python3 workbook.py settle”; put back what it wrote."
        raise Problem("a row says of which campaign and person it is", path, line, empty, todo=todo)
    for name in _DAYS:
        if row[name] or name in _NEEDED_DAYS:
            refuse_no_day(path, line, name, row[name])
    for name in _NUMBERS:
        if row[name]:
            refuse_no_number(path, line, name, row[name])
