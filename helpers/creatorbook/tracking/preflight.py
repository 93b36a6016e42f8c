"""Before launch: what is ready, what is open, who settles it and by when, and whether the campaign may start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pandas as pd

from creatorbook.campaign.assignments import assigned
from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.playbook import playbook
from creatorbook.client.campaign_records import Opening, add_opening
from creatorbook.findings import (
    Column,
    Day,
    Figure,
    Findings,
    Note,
    Table,
    Text,
    Wording,
    number_of,
    packed,
    say,
    sentences,
)
from creatorbook.packs import pack
from creatorbook.tracking.launch_checks import (
    CHECKS,
    LaunchSign,
    counted,
    refuse_unknown_countries,
)
from creatorbook.tracking.launch_days import due_before

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.tracking.link_visits import Visit

VISITED = "links_open"
#: states of a point as readers see them
STATES = {"ready": say("ready"), "blocks": say("blocks"), "warns": say("warns")}


@dataclass(frozen=True)
class Point:
    """One thing to have before launch.

    Attributes:
        id: key in `packs/launch.yml`.
        what: the point as it should be.
        todo: what settles it.
        ready: whether it is.
        seen: what the check saw.
        owner, due: who settles it, and by when.
        blocks: whether the campaign should not start without it; else it warns.
        progress: how far it is, where that can be counted.
    """

    id: str
    what: str
    todo: str
    ready: bool
    seen: Text
    owner: Text
    due: date
    blocks: bool = True
    progress: Wording | None = None

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

    Columns of `tracking.preflight`: point, state (ready, blocks or warns), what the check saw, owner, day.

    Raises:
        Problem: a creator's country is no country; an account stands in the list twice; two people share a code.
    """
    if book.stage != "plan" and book.mode == "report":
        text = say("The points before launch were settled, or left open, in the plan.")
        return Findings("tracking", (Note(text), *_opened(book)), book.formats)
    launch = gate(book)
    ready = sum(point.ready for point in launch.points)
    items: list[Any] = [
        Figure(
            key="tracking.points_ready",
            label="points ready before launch",
            value=ready,
            unit="points",
            grade="counted",
            source=say("client folder and exports"),
            n=len(launch.points),
            note=say("of {n}", n=len(launch.points)),
        ),
        Note(_sentence(launch), slot="plan.before_launch", rank=0),
        _table(launch.points),
    ]
    waiting = sorted(
        (point for point in launch.points if not point.ready), key=lambda one: (not one.blocks, one.due)
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
    every = tuple(points(book, visits))
    blocking = {point.id for point in every if point.state == "blocks"}
    over = [one for one in book.openings if blocking <= one.covers]
    return Gate(every, over[-1] if over and blocking else None)


def points(book: Book, visits: Sequence[Visit] = ()) -> list[Point]:
    """The points of the campaign's playbook in the order of `packs/launch.yml`, ready or open."""
    refuse_unknown_countries(book)
    every = []
    for name, row, blocks in _wanted(book):
        if name == VISITED and not visits:
            continue
        seen = _visited(visits) if name == VISITED else CHECKS[name](book)
        days = book.campaign.lead_times.get(name, row["lead_days"])
        due = due_before(book, days)
        what, todo, owner = row["what"], row["todo"], who_settles(book, row["owner"])
        every.append(Point(name, what, todo, seen.ready, seen.text, owner, due, blocks, seen.progress))
    return every


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
        Problem: no name or no reason, or somebody opened it meanwhile.
    """
    launch = gate(book, visits)
    if not launch.blocking:
        return False
    line = Opening(
        opened_on=on,
        by=by.strip(),
        reason=reason.strip(),
        points=" ".join(point.id for point in launch.blocking),
    )
    return add_opening(book.campaign, line, seen=book.openings)


def _wanted(book: Book) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Point, its row, and whether it blocks in the campaign's playbook."""
    rules = pack("launch")
    change = rules["playbooks"].get(playbook(book)["id"], {})
    for point, row in rules["points"].items():
        if point in change.get("leave_out", []):
            continue
        blocks = point in change.get("blocks", []) or (row["blocks"] and point not in change.get("warns", []))
        yield point, row, blocks


def _visited(visits: Sequence[Visit]) -> LaunchSign:
    wrong = [visit for visit in visits if visit.wrong]
    done, total = len(visits) - len(wrong), len(visits)
    if not wrong:
        return counted(say("{done} of {total} lead on with their tags", done=done, total=total))
    return counted(
        say(
            "{done} of {total} lead on with their tags; {link}: {what}",
            done=done,
            total=total,
            link=wrong[0].name,
            what=wrong[0].wrong,
        )
    )


def _sentence(launch: Gate) -> Wording:
    """The count, and who opened the gate if somebody did; what blocks stands first among the open points."""
    ready = sum(point.ready for point in launch.points)
    return sentences(
        say("{n} of {points} ready.", n=ready, points=number_of("point", len(launch.points))),
        _opening_text(launch.opening) if launch.opening else None,
    )


def _opening_text(opening: Opening) -> Wording:
    reason, day = opening.reason.strip().rstrip("."), Day(opening.opened_on)
    return say("{person} opened the gate on {day}: {reason}.", person=opening.by, day=day, reason=reason)


def _opened(book: Book) -> list[Note]:
    """Who let the campaign start although points were open, repeated after the start."""
    return [Note(_opening_text(one), "caution") for one in book.openings]


def _open_text(point: Point) -> Wording:
    """The point to settle, with how far it is where that can be counted; what the check saw is in the table."""
    todo = packed(point.todo)
    if point.progress is None:
        return say("{todo}.", todo=todo)
    return say("{todo}: {progress}.", todo=todo, progress=point.progress)


def _table(points: Sequence[Point]) -> Table:
    frame = pd.DataFrame(
        {
            "what": [packed(point.what) for point in points],
            "ready": [STATES[point.state] for point in points],
            "seen": [point.seen for point in points],
            "owner": ["" if point.ready else point.owner for point in points],
            "due": ["" if point.ready else Day(point.due) for point in points],
        }
    )
    columns = {
        "what": Column("point"),
        "ready": Column("state"),
        "seen": Column("what we found"),
        "owner": Column("who settles it"),
        "due": Column("by"),
    }
    return Table("tracking.preflight", "Before launch", frame, columns, reader="client")
