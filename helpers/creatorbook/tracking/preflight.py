"""Before launch: what is ready, what is open, who settles it and by when, and whether the campaign may start."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pandas as pd

from creatorbook.campaign.assignments import assigned
from creatorbook.client.campaign_records import Opening, add_opening
from creatorbook.findings import Column, Figure, Findings, Note, Table
from creatorbook.packs import pack
from creatorbook.tracking.launch_checks import (
    CHECKS,
    precedence_stated,
    promotions_stated,
    refuse_unknown_countries,
)

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.findings.formats import Formats
    from creatorbook.tracking.link_visits import Visit

__all__ = [
    "Gate",
    "Point",
    "gate",
    "open_gate",
    "points",
    "precedence_stated",
    "preflight",
    "promotions_stated",
]

VISITED = "links_open"


@dataclass(frozen=True)
class Point:
    """One thing to have before launch.

    Attributes:
        id: key in `packs/launch.yml`.
        what: the point as it should be.
        todo: what settles it.
        ready: whether it is.
        seen: what was found, in words.
        owner, due: who settles it, and by when.
        blocks: whether the campaign should not start without it; else it warns.
    """

    id: str
    what: str
    todo: str
    ready: bool
    seen: str
    owner: str
    due: date
    blocks: bool = True

    @property
    def state(self) -> str:
        """ready, blocks or warns."""
        return "ready" if self.ready else "blocks" if self.blocks else "warns"


@dataclass(frozen=True)
class Gate:
    """Whether the campaign may start.

    Attributes:
        points: every point of the campaign's playbook.
        opening: who opened the gate over all that blocks now; `None` if nobody did.
    """

    points: tuple[Point, ...]
    opening: Opening | None = None

    @property
    def blocking(self) -> list[Point]:
        """Points that are open and block."""
        return [point for point in self.points if point.state == "blocks"]

    @property
    def warning(self) -> list[Point]:
        """Points that are open and only warn."""
        return [point for point in self.points if point.state == "warns"]

    @property
    def ready(self) -> bool:
        """Whether the campaign may start: nothing blocks, or a named person opened the gate over what does."""
        return not self.blocking or self.opening is not None


def preflight(book: Book) -> Findings:
    """How many points are ready before launch, whether the campaign may start, and the open points.

    Columns of `tracking.preflight`: point, state (ready, blocks or warns), what was found, owner, day.

    Raises:
        Problem: a creator's country is no country; an account stands in the list twice; two people share a code.
    """
    if book.stage != "plan" and book.mode == "report":
        text = "The points before launch were settled, or left open, in the plan."
        return Findings("tracking", (Note(text), *_opened(book)), book.formats)
    told = gate(book)
    ready = sum(point.ready for point in told.points)
    items: list[Any] = [
        Figure(
            key="tracking.points_ready",
            label="points ready before launch",
            value=ready,
            unit="points",
            grade="counted",
            source="client folder and exports",
            n=len(told.points),
            note=f"of {len(told.points)}",
        ),
        Note(_sentence(told, book.formats), slot="plan.before_launch", rank=0),
        _table(told.points, book.formats),
    ]
    waiting = sorted(
        (point for point in told.points if not point.ready), key=lambda one: (not one.blocks, one.due)
    )
    # what blocks comes first; three fit on the first page beside the sentence
    for rank, point in enumerate(waiting, start=1):
        slot = "plan.before_launch" if rank <= 3 else None
        items.append(Note(_open_text(point), "todo", slot=slot, owner=point.owner, due=point.due, rank=rank))
    if not waiting:
        items.append(Note("Nothing is open: the campaign can start."))
    return Findings("tracking", tuple(items), book.formats)


def gate(book: Book, visits: Sequence[Visit] = ()) -> Gate:
    """Every point, and who opened the gate over those that block.

    Args:
        visits: what came of opening the links, where that was asked for.
    """
    told = tuple(points(book, visits))
    blocking = {point.id for point in told if point.state == "blocks"}
    over = [one for one in book.openings if blocking <= one.covers]
    return Gate(told, over[-1] if over and blocking else None)


def points(book: Book, visits: Sequence[Visit] = ()) -> list[Point]:
    """The points of the campaign's playbook in the order of `packs/launch.yml`, ready or open."""
    refuse_unknown_countries(book)
    told = []
    for name, row, blocks in _wanted(book):
        if name == VISITED:
            if not visits:
                continue
            ready, seen = _visited(visits)
        else:
            ready, seen = CHECKS[name](book)
        days = book.campaign.lead_times.get(name, row["lead_days"])
        due = max(book.campaign.start - timedelta(days=days), book.as_of)
        told.append(Point(name, row["what"], row["todo"], ready, seen, row["owner"], due, blocks))
    return told


def links_to_open(book: Book) -> list[tuple[str, str, Mapping[str, str]]]:
    """Each link with whose it is and the tags that have to arrive at the landing page."""
    return [
        (f"@{row.handle} ({row.platform})", str(row.link), dict(parse_qsl(str(row.query))))
        for row in assigned(book).itertuples()
        if row.link
    ]


def open_gate(book: Book, by: str, reason: str, on: date, visits: Sequence[Visit] = ()) -> bool:
    """Let the campaign start although points block: a line with name and reason, which the report repeats.

    An explicit act: no report calls it. The line covers the points that block now, and no others.

    Returns:
        Whether a line was written; not, if nothing blocks or the same line is there.

    Raises:
        Problem: no name or no reason.
    """
    told = gate(book, visits)
    if not told.blocking:
        return False
    line = Opening(
        opened_on=on,
        by=by.strip(),
        reason=reason.strip(),
        points=" ".join(point.id for point in told.blocking),
    )
    if line in book.openings:
        return False
    add_opening(book.campaign, line)
    return True


def _wanted(book: Book) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Point, its row, and whether it blocks in the campaign's playbook."""
    known = pack("launch")
    name = book.campaign.playbook or pack("playbooks")["by_goal"][book.campaign.goal]
    change = known["playbooks"].get(name, {})
    for point, row in known["points"].items():
        if point in change.get("leave_out", []):
            continue
        blocks = point in change.get("blocks", []) or (row["blocks"] and point not in change.get("warns", []))
        yield point, row, blocks


def _visited(visits: Sequence[Visit]) -> tuple[bool, str]:
    wrong = [visit for visit in visits if visit.wrong]
    seen = f"{len(visits) - len(wrong)} of {len(visits)} lead on with their tags"
    return not wrong, f"{seen}; {wrong[0].name}: {wrong[0].wrong}" if wrong else seen


def _sentence(told: Gate, formats: Formats) -> str:
    """The count, and who opened the gate if somebody did; what blocks stands first among the open points."""
    text = f"{sum(point.ready for point in told.points)} of {len(told.points)} points ready"
    if told.opening is None:
        return f"{text}."
    return f"{text}. {_opening_text(told.opening, formats)}"


def _opening_text(opening: Opening, formats: Formats) -> str:
    reason = opening.reason.strip().rstrip(".")
    return f"{opening.by} opened the gate on {formats.day(opening.opened_on)}: {reason}."


def _opened(book: Book) -> list[Note]:
    """Who let the campaign start although points were open, repeated after the start."""
    return [Note(_opening_text(one, book.formats), "caution") for one in book.openings]


def _open_text(point: Point) -> str:
    """The point to settle, with how far it is where that can be counted; what was found is in the table."""
    counted = re.match(r"\d+ of \d+", point.seen)
    return f"{point.todo}: {counted[0]}." if counted else f"{point.todo}."


def _table(told: Sequence[Point], formats: Formats) -> Table:
    frame = pd.DataFrame(
        {
            "what": [point.what for point in told],
            "ready": [point.state for point in told],
            "seen": [point.seen for point in told],
            "owner": ["" if point.ready else point.owner for point in told],
            "due": ["" if point.ready else formats.day(point.due) for point in told],
        }
    )
    columns = {
        "what": Column("point"),
        "ready": Column("state"),
        "seen": Column("what we found"),
        "owner": Column("who settles it"),
        "due": Column("by"),
    }
    return Table("tracking.preflight", "Before launch", frame, columns)
