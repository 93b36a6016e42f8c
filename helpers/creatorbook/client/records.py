"""`decisions.csv` and the campaign’s links file: rows that people and acts add, and that nobody changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from creatorbook.client.campaign_file import Campaign
from creatorbook.client.client_file import Client
from creatorbook.client.forgotten import Forgotten, forgotten_in
from creatorbook.client.writing import append_rows, without_half_line, writing
from creatorbook.deliver import write_file
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
    client: Client,
    handle: str,
    decision: str,
    reason: str,
    note: str = "",
    by: str = "",
    *,
    on: date,
    seen: pd.DataFrame | None = None,
    reasons: Mapping[str, Sequence[str]] | None = None,
) -> bool:
    """Add one decision to `decisions.csv`, as `record_decisions` does; whether a row was added."""
    return bool(
        record_decisions(client, [handle], decision, reason, note, by, on=on, seen=seen, reasons=reasons)
    )


def record_decisions(
    client: Client,
    handles: Sequence[str],
    decision: str,
    reason: str,
    note: str = "",
    by: str = "",
    *,
    on: date,
    seen: pd.DataFrame | None = None,
    reasons: Mapping[str, Sequence[str]] | None = None,
) -> int:
    """Add one decision on one or several creators to `decisions.csv`, on all of them or on none; what stands there stays.

    Where the last row on an account says the same (day, decision, reason, person), no other is added, however often it is
    asked for (idempotent).

    Args:
        seen: the decisions that the decider has read, as `read_decisions` gives them; none means it does not matter.
        reasons: decision → the reasons offered with it; none means those of `packs/reasons.yml`.

    Returns:
        How many rows were added.

    Raises:
        Problem: no handle or a forgotten one, a decision that nobody knows or a reason that is not offered with it, an
            unreadable file, or a decision on one of these accounts that the decider has not seen.
    """
    accounts = list(dict.fromkeys(map(plain_handle, handles)))
    if not accounts or not all(accounts):
        raise Problem("a decision needs a handle", todo="Say which creator it is about.")
    _refuse_unknown(decision, reason, pack("reasons")["reasons"] if reasons is None else reasons)
    path, forgotten = client.folder / "decisions.csv", forgotten_in(client.folder)
    if any(map(forgotten.name, accounts)):
        raise Problem("this creator asked to be forgotten", todo="Nothing was written down.")
    row = dict(zip(DECISION_COLUMNS, (on.isoformat(), "", decision, reason, note, by), strict=True))
    with writing(client.folder):
        decided = read_decisions(client)
        last = decided.drop_duplicates("handle", keep="last").set_index("handle")
        same = last[["decision", "reason", "by"]].eq([decision, reason, by]).all(axis=1)
        there = set(last.index[same & (last["date"] == pd.Timestamp(on))])
        rows = [{**row, "handle": account} for account in accounts if account not in there]
        if seen is not None:
            _refuse_unseen(decided, [added["handle"] for added in rows], seen)
        if rows:
            append_rows(path, rows, DECISION_COLUMNS)
    return len(rows)


def _refuse_unknown(decision: str, reason: str, reasons: Mapping[str, Sequence[str]]) -> None:
    """Raise a Problem where there is no such decision, or the reason is not one of its own."""
    if decision not in reasons:
        raise Problem(f"“{decision}” is not a decision we know", todo=f"Choose one of: {', '.join(reasons)}.")
    if reason not in reasons[decision]:
        todo = f"Choose one of: {', '.join(reasons[decision])}."
        raise Problem(f"“{reason}” is not a reason for “{decision}”", todo=todo)


def _refuse_unseen(decided: pd.DataFrame, accounts: Sequence[str], seen: pd.DataFrame) -> None:
    """Raise a Problem that shows what somebody else decided on one of the accounts meanwhile."""
    known, about = (frame[frame["handle"].isin(accounts)] for frame in (seen, decided))
    rows = set(known.itertuples(index=False, name=None))
    newer = [row for row in about.itertuples(index=False) if tuple(row) not in rows]
    if newer:
        last: Any = newer[-1]
        words = f"{last.reason} ({last.note})" if last.note else last.reason
        who = last.by or "somebody without a name"
        what = f"“{last.decision}” was decided on @{last.handle} meanwhile: {words}, by {who} on {last.date.date()}"
        todo = "Nothing was written. Write yours down once more if it is to stand above theirs."
        raise Problem(what, todo=todo)


def _rows_by_handle(path: Path, columns: list[str], forgotten: Forgotten) -> list[dict[str, Any]]:
    """The rows of a file of ours as they stand, handles plain."""
    return [{**row, "handle": plain_handle(row["handle"])} for row in read_rows(path, columns, forgotten)]


def read_rows(path: Path, columns: Sequence[str], forgotten: Forgotten) -> list[dict[str, Any]]:
    """The rows that `append_rows` wrote, or people since, as texts without who is forgotten; none where there is no file.

    Raises:
        Problem: a column is missing, or the file is not UTF-8 text with commas.
    """
    lines = _lines(path)
    if not lines:
        return []
    header, *rows = lines
    lacking = [name for name in columns if name not in header]
    if lacking:
        todo = f"The first line reads: {','.join(columns)}"
        raise Problem(f"the column “{lacking[0]}” is missing", path, 1, todo=todo)
    by_name = [dict(zip(header, row, strict=False)) for row in rows]
    return [forgotten.row({name: from_csv(row.get(name, "")) for name in columns}) for row in by_name]


def _lines(path: Path) -> list[list[str]]:
    """The cells of a file of ours, line by line, blank ones left out: the header comes first; none where there is no file.

    Raises:
        Problem: the file is not UTF-8 text with commas.
    """
    try:
        text = without_half_line(_content(path)).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem("not saved as UTF-8 text", path, todo="Save it again as UTF-8.") from None
    reader = csv.reader(io.StringIO(text, newline=None))
    try:
        return [cells for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error:
        todo = "Look for a quotation mark that is opened and never closed, or save it again as CSV."
        raise Problem("not readable as CSV", path, reader.line_num, todo=todo) from None


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def forget_in_rows(path: Path, forgotten: Forgotten) -> bool:
    """Write a file of ours again without who is forgotten, whatever people have added to it; whether it changed.

    Raises:
        Problem: the file is not UTF-8 text with commas.
    """
    header, *rows = _lines(path) or [[]]
    beyond = range(len(header) + 1, max(map(len, rows), default=0) + 1)  # a note with a comma of its own
    columns = [*header, *(f"column {place}" for place in beyond)]
    plain = [{name: from_csv(cell) for name, cell in zip(columns, row, strict=False)} for row in rows]
    without = [forgotten.row(row) for row in plain]
    content = _content(path)
    if without == plain and without_half_line(content) == content:
        return False
    write_rows(path, without, columns)
    return True


def write_rows(path: Path, rows: list[dict[str, Any]], columns: Sequence[str]) -> None:
    """Write a file of ours anew, whole or not at all; what is linked elsewhere is written there, and stays linked.

    For an act that has to take something out; whatever is added is appended.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: for_csv(cell) for name, cell in row.items()} for row in rows)
    write_file(path, text.getvalue().encode("utf-8"))


LINK_COLUMNS = ["issued_on", "creator", "handle", "platform", "code", "link"]
#: what an account is given
ISSUED = ("code", "link")


def links_path(campaign: Campaign) -> Path:
    """Where a campaign's issued codes and links are kept: beside its file."""
    return campaign.path.with_name(f"{campaign.id}.links.csv")


def read_links(campaign: Campaign) -> pd.DataFrame:
    """The codes and links issued for a campaign, one row per account, as texts; empty if none is issued yet.

    A later line of an account may bring the code or the link that an earlier one left open, and nothing else.

    Raises:
        Problem: a column is missing, one account stands there twice, or the file is not UTF-8 text.
    """
    path = links_path(campaign)
    rows = _rows_by_handle(path, LINK_COLUMNS, forgotten_in(campaign.owner))
    _refuse_shared(path, rows)
    accounts: dict[tuple[str, str], dict[str, Any]] = {}
    lines: dict[tuple[str, str], int] = {}
    for line, row in enumerate(rows, start=2):
        key = (row["handle"], row["platform"])
        first = lines.setdefault(key, line)
        account = accounts.setdefault(key, row)
        brought = {name: row[name] for name in ISSUED if row[name]}
        if first != line and (not brought or any(account[name] for name in brought)):
            what = f"@{row['handle']} on {row['platform']} is there twice (first in line {first})"
            raise Problem(what, path, line, "handle", todo="Keep the line that the creator was given.")
        account |= brought
    return pd.DataFrame(list(accounts.values()), columns=LINK_COLUMNS, dtype="str")


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
    new = []
    with writing(campaign.owner):
        links = {(row["handle"], row["platform"]): row for row in read_links(campaign).to_dict("records")}
        for row in issued[LINK_COLUMNS].fillna("").to_dict("records"):
            written = links.get((row["handle"], row["platform"]), dict.fromkeys(ISSUED, ""))
            brought = {name: "" if written[name] else row[name] for name in ISSUED}
            if any(brought.values()):
                new.append({**row, **brought})
        if new:
            append_rows(links_path(campaign), new, LINK_COLUMNS)
    return sum(bool(row[name]) for row in new for name in ISSUED)
