"""`relationship_log.csv` in the client folder: talks with creators, gifts with sizes, results shared, what they asked for.

Rows are only ever added. It is written by hand or by a form, for people who work with the same creators again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from creatorbook.client.client_file import Client
from creatorbook.client.forgotten import forgotten_in, is_made_up
from creatorbook.client.record_cells import refuse_no_day, typed
from creatorbook.client.records import read_rows
from creatorbook.client.writing import append_rows, writing
from creatorbook.problems import Problem
from creatorbook.text.handles import plain_handle

#: what happened, in a line; `sizes` of a gift, `next_on` the day to talk again
LOG_COLUMNS = ["date", "handle", "kind", "note", "sizes", "next_on", "by"]
#: what a row can be about → what its note says
KINDS: Mapping[str, str] = {
    "talk": "what was said",
    "asked for": "what the creator asked for",
    "gift": "what was sent",
    "result shared": "which results the creator was sent",
}


def log_path(client: Client) -> Path:
    """Where the relationship log is kept."""
    return client.folder / "relationship_log.csv"


def read_log(client: Client) -> pd.DataFrame:
    """The log with days as such, oldest first; no rows if there is no file.

    Raises:
        Problem: a column is missing, a day is none, a kind is not known, or the file is not UTF-8 text.
    """
    path = log_path(client)
    rows = read_rows(path, LOG_COLUMNS, forgotten_in(client.folder))
    for line, row in enumerate(rows, start=2):
        row |= {"handle": plain_handle(row["handle"]), "kind": row["kind"].strip().lower()}
        refuse_no_day(path, line, "date", row["date"])
        if row["next_on"]:
            refuse_no_day(path, line, "next_on", row["next_on"])
        if row["kind"] not in KINDS:
            todo = f"One of: {', '.join(KINDS)}."
            raise Problem(f"“{row['kind']}” is no kind of entry", path, line, "kind", todo=todo)
    frame = typed(pd.DataFrame(rows, columns=LOG_COLUMNS), ["date", "next_on"], [])
    return frame.sort_values("date", kind="stable", ignore_index=True)


def _refuse_nobody(client: Client, account: str) -> None:
    """Raise a Problem where an entry is about nobody, or somebody who asked to be forgotten."""
    if not account or is_made_up(account) or forgotten_in(client.folder).name(account):
        what = "this creator asked to be forgotten" if account else "an entry needs a handle"
        raise Problem(what, todo="Nothing was written down.")


def record_contact(
    client: Client,
    handle: str,
    kind: str,
    note: str = "",
    sizes: str = "",
    by: str = "",
    *,
    on: date,
    next_on: date | None = None,
) -> bool:
    """Add one entry to the log; the same entry of the same day is not written twice (idempotent).

    Args:
        client: whose log.
        handle: of the creator.
        kind: one of `KINDS`.
        note: what was said, sent, shared or asked for.
        sizes: of a gift.
        by: who writes it down.
        on: the day it happened.
        next_on: the day to talk again.

    Returns:
        Whether a row was added.

    Raises:
        Problem: no handle or a forgotten one, a kind nobody knows, nothing to write down, or an unreadable file.
    """
    account = plain_handle(handle)
    _refuse_nobody(client, account)
    if kind not in KINDS:
        raise Problem(f"“{kind}” is no kind of entry", todo=f"One of: {', '.join(KINDS)}.")
    if not note.strip() and not sizes.strip() and next_on is None:
        raise Problem("there is nothing in this entry", todo=f"Write down {KINDS[kind]}.")
    cells = (
        on.isoformat(),
        account,
        kind,
        note.strip(),
        sizes.strip(),
        next_on.isoformat() if next_on else "",
    )
    row = dict(zip(LOG_COLUMNS, (*cells, by.strip()), strict=True))
    with writing(client.folder):
        read_log(client)  # raises where the row would not fit the file
        if row in read_rows(log_path(client), LOG_COLUMNS, forgotten_in(client.folder)):
            return False
        append_rows(log_path(client), [row], LOG_COLUMNS)
    return True
