"""`versions.csv` in the client folder: who reviewed, cleared and sent which edition of a report.

Rows are only ever added, by an explicit act (`python3 workbook.py mark-sent` and its like). No report is made from the file,
so a row changes none. An edition is known by the digest of its manifest, which holds the hashes of all its files: a row
about one edition says nothing of another that was printed under its name.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from creatorbook.client.forgotten import forgotten_in
from creatorbook.client.records import read_rows
from creatorbook.client.report_places import VERSIONS_FILE
from creatorbook.client.writing import append_rows, writing
from creatorbook.problems import Problem

#: What an edition can be, in this order: its pages say “Draft” until it is cleared, and nothing writes over it from then on.
STATES = ("draft", "reviewed", "cleared", "sent")

#: What is noted of one that was removed, because it named somebody who asked to be forgotten.
FORGOTTEN = "forgotten"


class VersionMark(NamedTuple):
    """One row.

    Attributes:
        campaign, edition: names of the edition's folders.
        state: what the edition is from now on: `reviewed`, `cleared` or `sent`; or `FORGOTTEN`.
        manifest: SHA-256 of its manifest.
        note: to whom it was sent, or what the reviewer says.
    """

    on: date
    campaign: str
    edition: str
    state: str
    by: str
    manifest: str
    note: str = ""


COLUMNS = list(VersionMark._fields)


def read_marks(folder: Path) -> list[VersionMark]:
    """All rows of a client folder's `versions.csv`, oldest first; none if there is no file.

    Raises:
        Problem: a column is missing, a day is none, or the file is not UTF-8 text.
    """
    path = folder / VERSIONS_FILE
    rows = read_rows(path, COLUMNS, forgotten_in(folder))
    return [_mark(path, line, row) for line, row in enumerate(rows, start=2)]


def _mark(path: Path, line: int, row: dict[str, str]) -> VersionMark:
    try:
        on = date.fromisoformat(row["on"])
    except ValueError:
        raise Problem(
            f"“{row['on']}” is not a day", path, line, "on", todo="Write it as 2026-03-29."
        ) from None
    return VersionMark(on, *(row[name] for name in COLUMNS[1:]))


def cleared_editions(folder: Path, campaign: str) -> set[str]:
    """Names of a campaign's editions that were cleared or sent, wherever they lie now: nothing is printed under them.

    Raises:
        Problem: as `read_marks`.
    """
    return {
        mark.edition
        for mark in read_marks(folder)
        if mark.campaign == campaign and mark.state in {"cleared", "sent"}
    }


def add_mark(folder: Path, mark: VersionMark) -> bool:
    """Add a row unless the edition has this state by a row already (idempotent); whether one was added.

    Raises:
        Problem: the file cannot be read or written.
    """
    with writing(folder, makes_key=False):
        there = {(each.manifest, each.state) for each in read_marks(folder)}
        if (mark.manifest, mark.state) in there:
            return False
        append_rows(folder / VERSIONS_FILE, [{**mark._asdict(), "on": mark.on.isoformat()}], COLUMNS)
        return True


def furthest_state(marked: set[str], *, cleared: bool) -> str:
    """The furthest of the states that rows tell, and of what stands in the manifest itself."""
    reached = marked | ({"cleared"} if cleared else set())
    return next((state for state in reversed(STATES) if state in reached), STATES[0])
