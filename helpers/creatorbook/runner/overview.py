"""`reports/index.html`: every client on a row, who is needed for what today, headline figures and reports.

What waits for somebody is told by a client's latest edition; rights that end, by the latest edition of each campaign.

What is read for it was written by another call, maybe of another version: what cannot be read is a line of the page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup

from creatorbook import SUMMARY_SCHEMA, built_in
from creatorbook.client.forgotten import forgotten_in
from creatorbook.client.report_places import edition_number
from creatorbook.client.today import today
from creatorbook.client.versions import VersionMark, furthest_state
from creatorbook.deliver import write_file
from creatorbook.findings.formats import Formats
from creatorbook.problems import Problem
from creatorbook.runner import places
from creatorbook.runner.jobs import Edition, Job
from creatorbook.runner.needs import KINDS, OpenNeed, days_left, waiting
from creatorbook.text.plain_english import how_many
from creatorbook.text.plain_text import for_page, for_terminal

#: Which figures stand for a report, by stage; of another stage's, the first three.
HEADLINES = {
    "plan": ["tiers.plan_creators", "tiers.plan_cost", "goals.orders_in_all"],
    "pulse": ["start.creators", "start.posts", "start.orders"],
    "results": [
        *("roi.reach", "roi.cost_per_thousand"),  # of goals other than sales, theirs come first
        *("roi.pieces", "roi.cost_per_piece"),
        *("roi.returning", "roi.cost_per_returning"),
        *("roi.profit", "roi.sales_that_stay", "roi.orders"),
    ],
}

#: Raised when a key of a record of a last run changes its name or meaning.
RECORD_SCHEMA = 1

#: What reading back a file of another shape raises.
_ODD = (OSError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class Printed:
    """One edition that is there to be read.

    Attributes:
        number: which of its day and stage, where the inputs changed since.
        figures: label, value and range of its headline figures, as text; none where its summary cannot be read.
        links: name and address of its files.
        remark: what could not be read, and what would settle that.
        state: draft, reviewed, cleared or sent (`client.versions.STATES`); empty where it cannot be read.
        lead: who leads the campaign, where the client's file says so.
        waiting: what waits for somebody.
    """

    campaign: str
    stage: str
    as_of: str
    number: int
    figures: list[tuple[str, str, str]]
    links: list[tuple[str, str]]
    remark: str = ""
    state: str = ""
    lead: str = ""
    waiting: tuple[OpenNeed, ...] = ()


@dataclass(frozen=True)
class LastRun:
    """What became of a client's last run, as far as its record tells.

    Attributes:
        ended_at: day and time, as text.
        runs: notebook, status and cell of each notebook that did not end well.
    """

    client: str
    outcome: str
    seconds: float = 0.0
    ended_at: str = ""
    cause: str = ""
    remarks: tuple[str, ...] = ()
    runs: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class ClientRow:
    """A client on the page.

    Attributes:
        editions: newest first.
        waiting: what waits for somebody today, the most urgent first.
        today: the day it is told for.
    """

    last_run: LastRun
    editions: list[Printed]
    waiting: tuple[OpenNeed, ...]
    today: date

    @property
    def lead(self) -> str:
        """Who leads the latest campaign, where that is known."""
        return next((edition.lead for edition in self.editions if edition.lead), "")

    @property
    def order(self) -> tuple[int, date, str]:
        """The most urgent first, then the one that is due first."""
        urgency = self.waiting[0].urgency if self.waiting else (len(KINDS), date.max)
        return *urgency, self.last_run.client


def record_marks(out: Path, place: str, marks: Iterable[VersionMark]) -> None:
    """Keep beside the reports which edition of a client is reviewed, cleared or sent, and write the page anew."""
    rows = [{"manifest": mark.manifest, "state": mark.state} for mark in marks]
    text = json.dumps({"schema": RECORD_SCHEMA, "marks": rows}, indent=1)
    write_file(places.folder_of(out) / f"{place}.marks", f"{text}\n".encode())
    write_overview(out)


def record(job: Job, edition: Edition) -> None:
    """Keep what became of a client's run."""
    entry = {
        "schema": RECORD_SCHEMA,
        **asdict(edition),
        "folder": edition.folder.relative_to(job.out).as_posix() if edition.folder else None,
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    text = for_terminal(json.dumps(_without_forgotten(job, entry), ensure_ascii=False, indent=1)) + "\n"
    write_file(places.folder_of(job.out) / f"{job.name}.json", text.encode("utf-8", "replace"))


def _without_forgotten(job: Job, entry: dict[str, Any]) -> dict[str, Any]:
    """A record whose causes and remarks name nobody who is forgotten; where that is unclear, this is the cause."""
    try:
        causes = {name: entry[name] for name in ("cause", "remarks", "runs")}
        return {**entry, **forgotten_in(job.client).data(causes)}
    except Problem as problem:
        return {**entry, "cause": str(problem), "remarks": [], "runs": []}


def write_overview(out: Path, on: date | None = None) -> None:
    """Write the page from the records and the editions that are there, whole.

    Args:
        out: the folder for reports.
        on: the day it is told for; none means today.
    """
    day = on or today()
    rows = sorted((_row(out, last_run, day) for last_run in _records(out)), key=lambda row: row.order)
    failed = sum(row.last_run.outcome == "failed" for row in rows)
    html = for_page(
        _page().render(
            rows=rows,
            failed=failed,
            how_many=how_many,
            today=day,
            kinds=KINDS,
            days_left=days_left,
            script=_script(),
        )
    )
    write_file(out / "index.html", html.encode("utf-8", "replace"))


def _row(out: Path, last_run: LastRun, day: date) -> ClientRow:
    editions = _printed(out, last_run.client, day)
    failed = [OpenNeed("failed", "the last run")] if last_run.outcome == "failed" else []
    latest = {edition.campaign: edition for edition in reversed(editions)}.values()
    rights = [each for edition in latest for each in edition.waiting if each.kind == "rights"]
    others = [each for edition in editions[:1] for each in edition.waiting if each.kind != "rights"]
    waiting = sorted([*failed, *others, *rights], key=lambda each: each.urgency)
    return ClientRow(last_run, editions, tuple(waiting), day)


def _records(out: Path) -> list[LastRun]:
    return [_record(path) for path in sorted((out / places.BATCH_FOLDER).glob("*.json"))]


def _record(path: Path) -> LastRun:
    """A record, read; one that is damaged or of another version says so."""
    try:
        entry = _json(path, RECORD_SCHEMA)
        return LastRun(
            client=str(entry["client"]),
            outcome=str(entry["outcome"]),
            seconds=float(entry["seconds"]),
            ended_at=f"{datetime.fromisoformat(entry['ended_at']):%Y-%m-%d %H:%M} UTC",
            cause=str(entry["cause"]),
            remarks=tuple(map(str, entry["remarks"])),
            runs=tuple(
                (run["notebook"], run["status"], run["cell"])
                for run in entry["runs"]
                if run["status"] != "ok"
            ),
        )
    except _ODD:
        remark = f"What became of the last run cannot be read: {_UNREAD} The next report writes it anew."
        return LastRun(path.stem, "not known", remarks=(remark,))


#: Why a file of ours cannot be read.
_UNREAD = "the file is damaged, or was written by another version."


def _printed(out: Path, client: str, day: date) -> list[Printed]:
    """A client's editions, newest first."""
    marks = _marks(out, client)
    editions = [_edition(out, path, marks, day) for path in sorted((out / client).glob("*/*/summary.json"))]
    return sorted(editions, key=lambda edition: (edition.as_of, edition.number), reverse=True)


def _marks(out: Path, client: str) -> list[tuple[str, str]]:
    """Manifest's digest and state of a client's marks; none where nothing was marked, or it cannot be read."""
    try:
        kept = _json(out / places.BATCH_FOLDER / f"{client}.marks", RECORD_SCHEMA)
        return [(str(row["manifest"]), str(row["state"])) for row in kept["marks"]]
    except _ODD:
        return []


def _edition(out: Path, summary_file: Path, marks: list[tuple[str, str]], day: date) -> Printed:
    folder = summary_file.parent
    address = quote(folder.relative_to(out).as_posix())
    links = [
        (title, f"{address}/{place}")
        for place, title in _titles(folder).items()
        if (folder / place).is_file()
    ]
    number = edition_number(folder.name)
    try:
        summary = _json(summary_file, SUMMARY_SCHEMA)
        formats = Formats(currency=summary["currency"])
        campaign, stage, as_of = (str(summary[key]) for key in ("campaign", "stage", "as_of"))
        printed = Printed(campaign, stage, as_of, number, _headline(summary, formats), links)
    except _ODD:
        as_of, stage = folder.name[:10], folder.name[11:]
        remark = f"Its figures cannot be read: {_UNREAD} Print it again with --force."
        return Printed(folder.parent.name, stage, as_of, number, [], links, remark)
    return replace(printed, **_of_manifest(folder, marks, day))


def _of_manifest(folder: Path, marks: list[tuple[str, str]], day: date) -> dict[str, Any]:
    """State, lead and needs of an edition, as its manifest tells them; nothing where it cannot be read."""
    try:
        content = (folder / "manifest.json").read_bytes()
        recorded = json.loads(content)
        digest = hashlib.sha256(content).hexdigest()
        marked = {state for manifest, state in marks if manifest == digest}
        return {
            "state": furthest_state(marked, cleared=bool(recorded.get("cleared"))),
            "lead": str(recorded.get("lead") or ""),
            "waiting": tuple(waiting(recorded.get("needs", ()), day)),
        }
    except _ODD:
        return {"remark": f"Its manifest cannot be read: {_UNREAD}"}


def _titles(folder: Path) -> dict[str, str]:
    """Files of an edition and how they are called in a link: what is sent, what stays, then what plugins made."""
    own = {output.place: output.title for output in built_in.creatorbook_outputs() if output.title}
    try:
        recorded = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return own | {str(place): str(title) for place, title in recorded["files_of_plugins"].items()}
    except _ODD:
        return own


def _headline(summary: dict[str, Any], formats: Formats) -> list[tuple[str, str, str]]:
    figures = {figure["key"]: figure for figure in summary["figures"]}
    keys = [key for key in HEADLINES.get(summary["stage"], []) if key in figures] or list(figures)
    return [_as_text(figures[key], formats) for key in keys[:3]]


def _as_text(figure: dict[str, Any], formats: Formats) -> tuple[str, str, str]:
    value, unit = figure["value"], figure["unit"]
    digits = 1 if unit in {"percent", "ratio"} else 0
    if value is None:
        return figure["label"], formats.value(None, unit), ""
    span = ""
    if figure["low"] is not None and figure["high"] is not None:
        span = formats.likely(figure["low"], figure["high"], unit, digits)
    return figure["label"], formats.value(value, unit, digits), span


def _json(path: Path, schema: int) -> dict[str, Any]:
    """What a file of this schema holds.

    Raises:
        OSError, ValueError, KeyError, TypeError, AttributeError: it is no such file (`_ODD`).
    """
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if content["schema"] != schema:
        raise ValueError(f"schema {content['schema']}")
    return content


@cache
def _script() -> Markup:
    """What searches, filters and sorts the page; it holds nothing of any client."""
    return Markup(Path(__file__).with_name("overview.js").read_text(encoding="utf-8"))  # noqa: S704 - ours


@cache
def _page() -> Template:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return pages.get_template("overview.html.j2")
