"""`ledger.csv` in the client folder: whom a plan was approved with, what was forecast for it, and what came of it.

Rows are only ever added, by an explicit act (`python3 workbook.py approve`, `python3 workbook.py settle`), one per campaign, act and
figure. Reports read the file and never write it. Forecasts and outcomes are of whole campaigns; rows of the act
`approved` name the people of the plan by handle with what each costs, as `decisions.csv` names people: `forget` finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pandas as pd

from creatorbook.client.client_file import Client
from creatorbook.client.forgotten import forgotten_in
from creatorbook.client.record_cells import as_cells, refuse_no_day, refuse_no_number, typed
from creatorbook.client.records import read_rows
from creatorbook.client.writing import append_rows, writing
from creatorbook.problems import Problem

Act = Literal["approved", "forecast", "outcome"]


class Entry(NamedTuple):
    """One row.

    Attributes:
        written_on: the day of the act.
        by: who did it.
        campaign: name of the campaign file.
        starts_on: the campaign's first day.
        act: `approved`, `forecast` or `outcome`.
        figure: its key, as `planning.recorded.FIGURES` names it; of an approved person the plain handle.
        unit: as `findings.Figure.unit`.
        low90, low50, likely, high50, high90: of a forecast: its 90 % and 50 % ranges and its median.
        value: of an outcome, or what an approved person costs beforehand.
        n: of an outcome that is a rate: how many events it rests on.
        source: the files or assumptions behind it.
    """

    written_on: date
    by: str
    campaign: str
    starts_on: date
    act: Act
    figure: str
    unit: str
    low90: float | None = None
    low50: float | None = None
    likely: float | None = None
    high50: float | None = None
    high90: float | None = None
    value: float | None = None
    n: float | None = None
    source: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What may stand in the ledger once."""
        return self.campaign, self.act, self.figure


LEDGER_COLUMNS = list(Entry._fields)
NUMBERS = ["low90", "low50", "likely", "high50", "high90", "value", "n"]
DAYS = ["written_on", "starts_on"]
#: what a row of each act must hold
NEEDED = {"approved": ["value"], "forecast": NUMBERS[:5], "outcome": ["value"]}


def ledger_path(client: Client) -> Path:
    """Where a client's ledger is kept."""
    return client.folder / "ledger.csv"


def read_ledger(client: Client) -> pd.DataFrame:
    """The ledger with days and numbers as such, oldest row first; no rows if there is no file.

    Raises:
        Problem: a column is missing, a day or number is none, a figure stands there twice for one campaign and
            act, or the file is not UTF-8 text.
    """
    path = ledger_path(client)
    rows = _rows(path)
    seen: dict[tuple[str, ...], int] = {}
    for line, row in enumerate(rows, start=2):
        _check(path, line, row)
        key = (row["campaign"], row["act"], row["figure"])
        first = seen.setdefault(key, line)
        if first != line:
            what = f"the {key[1]} of “{key[2]}” for {key[0]} is there twice (first in line {first})"
            raise Problem(what, path, line, "figure", todo="Keep the line that was written first.")
    return typed(pd.DataFrame(rows, columns=LEDGER_COLUMNS), DAYS, NUMBERS)


def rows_of(ledger: pd.DataFrame, campaign: str, act: Act) -> pd.DataFrame:
    """The rows of one campaign and act."""
    return ledger[(ledger.campaign == campaign) & (ledger.act == act)]


def add_entries(client: Client, entries: Sequence[Entry]) -> int:
    """Append rows; what stands in the ledger is never changed, and nothing is written twice (idempotent).

    Returns:
        How many rows were added.

    Raises:
        Problem: the file has a mistake in it (see `read_ledger`).
    """
    with writing(client.folder):
        ledger = read_ledger(client)
        written = set(zip(ledger.campaign, ledger.act, ledger.figure, strict=True))
        new = list({entry.key: entry for entry in reversed(entries) if entry.key not in written}.values())[
            ::-1
        ]
        if new:
            append_rows(ledger_path(client), [as_cells(entry._asdict()) for entry in new], LEDGER_COLUMNS)
    return len(new)


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = read_rows(path, LEDGER_COLUMNS, forgotten_in(path.parent))
    return [{name: cell.strip() for name, cell in row.items()} for row in rows]


def _check(path: Path, line: int, row: dict[str, str]) -> None:
    """Raise a Problem at the first cell that is not what its column holds."""
    if row["act"] not in NEEDED:
        todo = "Rows are written by “python3 workbook.py approve” and “python3 workbook.py settle”; put back what they wrote."
        raise Problem(
            f"“{row['act']}” is neither approved, forecast nor outcome", path, line, "act", todo=todo
        )
    for name in DAYS:
        refuse_no_day(path, line, name, row[name])
    for name in NUMBERS:
        if row[name] or name in NEEDED[row["act"]]:
            refuse_no_number(path, line, name, row[name])
