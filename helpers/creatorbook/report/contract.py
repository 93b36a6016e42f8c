"""What `data.xlsx` promises to whoever reads it by program: its sheets, their columns, and the order of both.

`contract.yml` lists them. A sheet or column may be missing where a stage or a client's files do not give it, and
plugins and later versions may add some; one that is listed is never renamed, and never moves before or behind
another. A change that breaks this raises the version.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from creatorbook.report.spreadsheet import WORKBOOK_SCHEMA, clients_sheets, headings, sheet_names

if TYPE_CHECKING:
    from creatorbook.findings import Table

CONTRACT_FILE = Path(__file__).with_name("contract.yml")


@cache
def _declared() -> dict[str, Any]:
    declared: dict[str, Any] = yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8"))
    if declared["version"] != WORKBOOK_SCHEMA:
        raise ValueError(
            f"contract.yml is of version {declared['version']}, spreadsheet.py of {WORKBOOK_SCHEMA}"
        )
    return declared


def contract() -> dict[str, list[str]]:
    """Sheet name → its columns, both in order, of the working paper's file."""
    return dict(_declared()["sheets"])


def clients_contract() -> dict[str, list[str]]:
    """The same of the client's file."""
    return dict(_declared()["to_send"])


def sheet_columns(tables: list[Table]) -> dict[str, list[str]]:
    """Sheet name → columns as these tables are written into the working paper's file."""
    written = [table for table in tables if table.sheet]
    names = sheet_names([table.key for table in written])
    return {names[table.key]: headings(list(table.seen.values())) for table in written}


def clients_sheet_columns(tables: list[Table]) -> dict[str, list[str]]:
    """The same of the client's file; the tables are those of `Contents.for_client`."""
    by_key = {table.key: table for table in tables}
    return {
        name: headings(list(by_key[key].seen.values()))
        for key, name in clients_sheets().items()
        if key in by_key
    }


def broken(tables: list[Table]) -> list[str]:
    """What in these tables breaks the working paper's contract, in words; nothing if it is kept."""
    return _breaches(sheet_columns(tables), contract())


def clients_broken(tables: list[Table]) -> list[str]:
    """The same of the client's file."""
    return _breaches(clients_sheet_columns(tables), clients_contract())


def _breaches(written: dict[str, list[str]], promised: dict[str, list[str]]) -> list[str]:
    breaches = []
    if not _in_order([name for name in written if name in promised], list(promised)):
        breaches.append("the sheets stand in another order")
    for name, columns in written.items():
        expected = promised.get(name, columns)
        if not _in_order([column for column in columns if column in expected], expected):
            breaches.append(f"the columns of “{name}” stand in another order")
        elif not set(columns) & set(expected) and columns:
            breaches.append(f"“{name}” has none of its columns")
    return breaches


def _in_order(some: list[str], every: list[str]) -> bool:
    """Whether all of `some` are in `every`, in its order."""
    places = [every.index(name) for name in some if name in every]
    return len(places) == len(some) and places == sorted(places)
