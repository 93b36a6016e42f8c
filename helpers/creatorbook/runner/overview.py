"""`reports/index.html`: every client, what became of its last run, its headline figures and its reports.

What is read for it was written by another call, maybe of another version: what cannot be read is a line of the page.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, Template

from creatorbook import SUMMARY_SCHEMA, built_in
from creatorbook.client.forgotten import forgotten_in
from creatorbook.client.report_places import edition_number
from creatorbook.deliver import write_file
from creatorbook.findings.formats import Formats
from creatorbook.problems import Problem
from creatorbook.runner import places
from creatorbook.runner.jobs import Edition, Job
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
    """

    campaign: str
    stage: str
    as_of: str
    number: int
    figures: list[tuple[str, str, str]]
    links: list[tuple[str, str]]
    remark: str = ""


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


def write_overview(out: Path) -> None:
    """Write the page from the records and the editions that are there, whole."""
    clients = [(last_run, _printed(out, last_run.client)) for last_run in _records(out)]
    failed = sum(last_run.outcome == "failed" for last_run, _ in clients)
    html = for_page(_page().render(clients=clients, failed=failed, how_many=how_many))
    write_file(out / "index.html", html.encode("utf-8", "replace"))


def _records(out: Path) -> list[LastRun]:
    last_runs = [_record(path) for path in sorted((out / places.BATCH_FOLDER).glob("*.json"))]
    return sorted(last_runs, key=lambda last_run: (last_run.outcome != "failed", last_run.client))


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


def _printed(out: Path, client: str) -> list[Printed]:
    """A client's editions, newest first."""
    editions = [_edition(out, path) for path in sorted((out / client).glob("*/*/summary.json"))]
    return sorted(editions, key=lambda edition: (edition.as_of, edition.number), reverse=True)


def _edition(out: Path, summary_file: Path) -> Printed:
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
        return Printed(campaign, stage, as_of, number, _headline(summary, formats), links)
    except _ODD:
        day, stage = folder.name[:10], folder.name[11:]
        remark = f"Its figures cannot be read: {_UNREAD} Print it again with --force."
        return Printed(folder.parent.name, stage, day, number, [], links, remark)


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
def _page() -> Template:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return pages.get_template("overview.html.j2")
