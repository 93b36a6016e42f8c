"""Who is needed for what: an edition's urgent notes, kept in its manifest for the index of all reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from creatorbook.findings import Findings

#: What each need is called, the most urgent first.
KINDS = {
    "failed": "failed",
    "budget": "over budget",
    "label": "label to fix",
    "rights": "right ends",
    "early": "too early",
    "file": "file missing",
}

#: Days before its last day from which on a right is named, and named once more.
RIGHTS_AHEAD = (14, 30, 45)

#: The table of files that would add most, first first.
_FILES = "start.one_more_file"


@dataclass(frozen=True)
class OpenNeed:
    """Something that waits for somebody.

    Attributes:
        kind: of `KINDS`.
        owner: a name or a role; empty where nobody is named.
        due: by when, or when a right ends.
    """

    kind: str
    text: str
    owner: str = ""
    due: date | None = None

    @property
    def urgency(self) -> tuple[int, date]:
        """What sorts needs: the most urgent kind first, then what is due first."""
        return list(KINDS).index(self.kind), self.due or date.max

    @property
    def called(self) -> str:
        """What the need is called."""
        return KINDS[self.kind]


def needs_of(findings: Iterable[Findings]) -> list[dict[str, Any]]:
    """The urgent notes of an edition, as its manifest keeps them, each once; and the one file that would add most."""
    of_steps = list(findings)
    rows = [
        {"kind": note.need, "text": str(note.text), "owner": str(note.owner), "due": _day(note.due)}
        for each in of_steps
        for note in each.notes
        if note.need
    ]
    rows += [
        {"kind": "file", "text": str(row["file"]), "owner": str(row["who"]), "due": None}
        for each in of_steps
        if _FILES in each.tables
        for row in each.tables[_FILES].frame.head(1).to_dict("records")
    ]
    return [row for place, row in enumerate(rows) if row not in rows[:place]]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def waiting(rows: Iterable[Mapping[str, Any]], today: date) -> list[OpenNeed]:
    """What of an edition's needs waits for somebody today.

    Rights count from 45 days before their last day until it has passed.

    Raises:
        ValueError, KeyError, TypeError: these are no rows of `needs_of`.
    """
    needs = [
        OpenNeed(
            str(row["kind"]),
            str(row["text"]),
            str(row["owner"]),
            date.fromisoformat(row["due"]) if row["due"] else None,
        )
        for row in rows
        if row["kind"] in KINDS
    ]
    return [each for each in needs if each.kind != "rights" or _ends_soon(each.due, today)]


def _ends_soon(last: date | None, today: date) -> bool:
    return last is not None and today <= last <= today + timedelta(days=max(RIGHTS_AHEAD))


def days_left(last: date, today: date) -> str:
    """How long a right still runs, by the first of 14, 30 and 45 days that holds it."""
    within = next(days for days in RIGHTS_AHEAD if last <= today + timedelta(days=days))
    return f"within {within} days"
