"""`decisions.csv` and the campaign’s links file: rows that people and acts add, and that nobody changes."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from creatorbook.client.campaign_file import Campaign
from creatorbook.client.client_file import Client
from creatorbook.client.forgotten import Forgotten, forgotten_in
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.text.codes import code_of
from creatorbook.text.handles import plain_handle
from creatorbook.text.plain_text import for_csv, from_csv

DECISION_COLUMNS = ["date", "handle", "decision", "reason", "note", "by"]


def read_decisions(client: Client) -> pd.DataFrame:
    """`decisions.csv` as texts (date as a day), oldest first; empty if nothing is decided yet.

    Raises:
        Problem: a column is missing, a day is no day, or the file is not UTF-8 text.
    """
    path = client.folder / "decisions.csv"
    rows = _rows_by_handle(path, DECISION_COLUMNS, forgotten_in(client.folder))
    for line, row in enumerate(rows, start=2):
        try:
            row["date"] = date.fromisoformat(row["date"])
        except ValueError:
            raise Problem(
                f"“{row['date']}” is not a day", path, line, "date", todo="Write it as 2026-03-29."
            ) from None
    frame = pd.DataFrame(rows, columns=DECISION_COLUMNS)
    frame["date"] = pd.to_datetime(frame["date"])
    return frame.sort_values("date", kind="stable", ignore_index=True)


def record_decision(
    client: Client, handle: str, decision: str, reason: str, note: str = "", by: str = "", *, on: date
) -> bool:
    """Add one decision to `decisions.csv`; nothing that stands there is changed.

    The same day, handle, decision and reason are written once, however often it is asked for (idempotent).

    Returns:
        Whether a row was added.

    Raises:
        Problem: no handle or a forgotten one, a decision or reason that is not in `packs/reasons.yml`, or an unreadable file.
    """
    offered = pack("reasons")
    account = plain_handle(handle)
    if not account:
        raise Problem("a decision needs a handle", todo="Say which creator it is about.")
    for what, value, choices in (
        ("decision", decision, list(offered["decisions"])),
        ("reason", reason, offered["reasons"]),
    ):
        if value not in choices:
            raise Problem(f"“{value}” is not a {what} we know", todo=f"Choose one of: {', '.join(choices)}.")
    path, forgotten = client.folder / "decisions.csv", forgotten_in(client.folder)
    if forgotten.name(account):
        raise Problem("this creator asked to be forgotten", todo="Nothing was written down.")
    rows = _rows_by_handle(path, DECISION_COLUMNS, forgotten)
    row = dict(zip(DECISION_COLUMNS, (on.isoformat(), account, decision, reason, note, by), strict=True))
    key = DECISION_COLUMNS[:4]
    if any([old[name] for name in key] == [row[name] for name in key] for old in rows):
        return False
    write_rows(path, [*rows, row], DECISION_COLUMNS)
    return True


def _rows_by_handle(path: Path, columns: list[str], forgotten: Forgotten) -> list[dict[str, Any]]:
    """The rows of a file of ours as they stand, handles plain."""
    return [{**row, "handle": plain_handle(row["handle"])} for row in read_rows(path, columns, forgotten)]


def read_rows(path: Path, columns: Sequence[str], forgotten: Forgotten) -> list[dict[str, Any]]:
    """The rows that `write_rows` wrote, or people since, as texts without who is forgotten; none where there is no file.

    Raises:
        Problem: a column is missing, or the file is not UTF-8 text with commas.
    """
    if not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("not saved as UTF-8 text", path, todo="Save it again as UTF-8.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    lacking = [name for name in columns if name not in (reader.fieldnames or [])]
    if text.strip() and lacking:
        todo = f"The first line reads: {','.join(columns)}"
        raise Problem(f"the column “{lacking[0]}” is missing", path, 1, todo=todo)
    try:
        return [forgotten.row({name: from_csv(row[name] or "") for name in columns}) for row in reader]
    except csv.Error:
        todo = "Look for a quotation mark that is opened and never closed, or save it again as CSV."
        raise Problem("not readable as CSV", path, reader.line_num, todo=todo) from None


def forget_in_rows(path: Path, forgotten: Forgotten) -> bool:
    """Write a file of ours again without who is forgotten, whatever columns people have added; whether it changed."""
    if not path.is_file():
        return False
    text = path.read_text(encoding="utf-8-sig")
    header, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    plain = [{name: from_csv(cell) for name, cell in zip(header, row, strict=False)} for row in rows]
    without = [forgotten.row(row) for row in plain]
    if without == plain:
        return False
    write_rows(path, without, header)
    return True


def write_rows(path: Path, rows: list[dict[str, Any]], columns: Sequence[str]) -> None:
    """Write beside the file and move over it: a reader sees the old or the new file, never half (an atomic write)."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".csv", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: for_csv(cell) for name, cell in row.items()} for row in rows)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


LINK_COLUMNS = ["issued_on", "creator", "handle", "platform", "code", "link"]


def links_path(campaign: Campaign) -> Path:
    """Where a campaign's issued codes and links are kept: beside its file."""
    return campaign.path.with_name(f"{campaign.id}.links.csv")


def read_links(campaign: Campaign) -> pd.DataFrame:
    """The codes and links issued for a campaign, as texts; empty if none is issued yet.

    Raises:
        Problem: a column is missing, one account stands there twice, or the file is not UTF-8 text.
    """
    path = links_path(campaign)
    rows = _rows_by_handle(path, LINK_COLUMNS, forgotten_in(campaign.path.parents[1]))
    seen: dict[tuple[str, str], int] = {}
    for line, row in enumerate(rows, start=2):
        first = seen.setdefault((row["handle"], row["platform"]), line)
        if first != line:
            what = f"@{row['handle']} on {row['platform']} is there twice (first in line {first})"
            raise Problem(what, path, line, "handle", todo="Keep the line that the creator was given.")
    _refuse_shared(path, rows)
    return pd.DataFrame(rows, columns=LINK_COLUMNS, dtype="str")


def _refuse_shared(path: Path, rows: list[dict[str, Any]]) -> None:
    """Raise a Problem where one issued code stands beside two creators."""
    owners: dict[str, tuple[str, int]] = {}
    for line, row in enumerate(rows, start=2):
        owner, first = owners.setdefault(code_of(row["code"]), (row["creator"], line))
        if row["code"] and owner != row["creator"]:
            what = f"the code {row['code']} was issued to {owner} (line {first}) and to {row['creator']}"
            todo = (
                "The shop's orders tell who used it; ask the brand whose it is, and give the other a new one."
            )
            raise Problem(what, path, line, "code", todo=todo)


def add_links(campaign: Campaign, issued: pd.DataFrame) -> int:
    """Write newly issued codes and links to the campaign's links file; what was issued never changes.

    Args:
        campaign: the campaign they belong to.
        issued: rows with `LINK_COLUMNS`; a value that stands in the file already is left as it is there.

    Returns:
        How many codes and links were added.
    """
    links = {(row["handle"], row["platform"]): row for row in read_links(campaign).to_dict("records")}
    added = 0
    for row in issued[LINK_COLUMNS].fillna("").to_dict("records"):
        written = links.setdefault((row["handle"], row["platform"]), {**row, "code": "", "link": ""})
        for name in ("code", "link"):
            if row[name] and not written[name]:
                written[name], added = row[name], added + 1
    if added:
        write_rows(links_path(campaign), list(links.values()), LINK_COLUMNS)
    return added
