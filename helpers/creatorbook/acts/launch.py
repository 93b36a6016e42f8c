"""`python3 workbook.py ready`: the gate before launch as lines of text, with the acts that may be asked for beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from creatorbook.book import Book
from creatorbook.client import read_client
from creatorbook.client.campaign_file import campaign_files
from creatorbook.client.campaign_records import gate_path, lift_path, store_lift
from creatorbook.client.repository import client_folder
from creatorbook.findings import written
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.tracking import link_visits
from creatorbook.tracking.lift_plan import planned
from creatorbook.tracking.link_visits import Visit
from creatorbook.tracking.preflight import Gate, Point, gate, links_to_open, open_gate


@dataclass(frozen=True)
class Asked:
    """What the call asks for beside the list: nothing of it is done unasked.

    Attributes:
        open_links: open every link, marked as a test visit.
        by, reason: who opens the gate, and why.
        store_lift: store the comparison for extra sales.
        on: the day of storing or opening; none means the report's day.
        stored_by: who stores the comparison; else who opens the gate.
    """

    open_links: bool = False
    by: str | None = None
    reason: str | None = None
    store_lift: bool = False
    on: date | None = None
    stored_by: str = ""


def launched(client: str, campaign: str | None, asked: Asked) -> tuple[bool, list[str]]:
    """Whether the campaign may start, and the lines that say so.

    A mistake in the client's files is an answer too: not ready, with the mistake.

    Raises:
        Problem: no such client or campaign, or an act that cannot be done.
    """
    folder = client_folder(client)
    its_client = read_client(folder)
    campaign_files(its_client, campaign)
    try:
        book = open_book(folder, campaign, "plan")
        gate(book)
    except Problem as problem:
        return False, [
            f"{its_client.brand}: not ready, because a file has to be put right first",
            str(problem),
        ]
    visits = link_visits.visit_all(links_to_open(book)) if asked.open_links else ()
    book, lines = _acted(book, asked, visits)
    gate_now = gate(book, visits)
    return gate_now.ready, [*lines, *gate_lines(book, gate_now, visits)]


def gate_lines(book: Book, gate_now: Gate, visits: Sequence[Visit] = ()) -> list[str]:
    """Whether the campaign may start, each open point, links that lead nowhere, and who opened the gate."""
    lines = [
        _headline(book, gate_now),
        *_point_lines(book, gate_now.blocking),
        *_point_lines(book, gate_now.warning),
    ]
    lines += [
        f"  {visit.name}: {written(visit.wrong, book.formats)} ({visit.link})"
        for visit in visits
        if visit.wrong
    ]
    if gate_now.opening is not None:
        one = gate_now.opening
        lines.append(f"The gate was opened by {one.by} on {book.formats.day(one.opened_on)}: {one.reason}")
    return lines


def _acted(book: Book, asked: Asked, visits: tuple[Visit, ...]) -> tuple[Book, list[str]]:
    """The campaign as it is after what was asked for, and what was written, in words.

    Raises:
        Problem: the campaign has begun by the report's day, and no day before it is given.
    """
    lines: list[str] = []
    if asked.store_lift or asked.by is not None:
        book = _before_the_start(book, asked)
    if asked.store_lift:
        is_new = store_lift(
            book.campaign, planned(book, asked.on or book.as_of, asked.stored_by or asked.by or "")
        )
        name = lift_path(book.campaign).name
        lines.append(f"wrote campaigns/{name}" if is_new else f"campaigns/{name} holds this plan already")
        book = _again(book) if is_new else book
    if asked.by is not None:
        is_new = open_gate(book, asked.by, asked.reason or "", asked.on or book.as_of, visits)
        name = gate_path(book.campaign).name
        nothing = "no line was added: nothing blocks, or the same line is there"
        lines.append(f"added a line to campaigns/{name}" if is_new else nothing)
        book = _again(book) if is_new else book
    return book, lines


def _before_the_start(book: Book, asked: Asked) -> Book:
    """The campaign on the day of an act, with what was known then: the day given, else the report's, as `approve` has it."""
    on_the_day = open_book(book.client.folder, book.campaign.id, as_of=asked.on)
    if on_the_day.stage != "plan":
        what = f"the campaign began on {book.campaign.start}: what is decided now would know what came"
        todo = (
            "If it was decided before the start, give that day: --on DAY. Only what was known then is used."
        )
        raise Problem(what, book.campaign.path, todo=todo)
    return on_the_day


def _again(book: Book) -> Book:
    """The same campaign, with what has just been written beside its file."""
    return open_book(book.client.folder, book.campaign.id, "plan")


def _headline(book: Book, gate_now: Gate) -> str:
    title = f"{book.client.brand}, {book.campaign.title}"
    ready = sum(point.ready for point in gate_now.points)
    state = "ready" if not gate_now.blocking else "opened" if gate_now.ready else "not ready"
    counts = f"{ready} of {len(gate_now.points)} points ready, {len(gate_now.blocking)} block, {len(gate_now.warning)} warn"
    return f"{title}: {state} ({counts})"


def _point_lines(book: Book, points: list[Point]) -> list[str]:
    return [
        f"  {point.state}  {point.todo}: {written(point.seen, book.formats)} "
        f"({written(point.owner, book.formats)}, by {book.formats.day(point.due)})"
        for point in sorted(points, key=lambda one: (one.due, one.id))
    ]
