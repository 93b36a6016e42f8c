"""`reports/index.html`: every client, what became of its last run, its headline figures and its reports."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, Template

from creatorbook.deliver import write_file
from creatorbook.findings.formats import NOT_AVAILABLE, Formats
from creatorbook.runner import places
from creatorbook.runner.jobs import Edition, Job

#: Which figures stand for a report, by stage; of another stage's, the first three.
HEADLINES = {
    "plan": ["tiers.plan_creators", "tiers.plan_cost", "goals.orders_in_all"],
    "pulse": ["start.creators", "start.posts", "start.orders"],
    "results": ["roi.profit", "roi.sales_that_stay", "roi.orders"],
}

#: Files of an edition and how they are called in a link.
LINKS = {"report.html": "HTML", "report.pdf": "PDF", "data.xlsx": "XLSX", "summary.json": "JSON"}


@dataclass(frozen=True)
class Printed:
    """One edition that is there to be read.

    Attributes:
        figures: label, value and range of its headline figures, as text.
        links: name and address of its files.
    """

    campaign: str
    stage: str
    as_of: str
    figures: list[tuple[str, str, str]]
    links: list[tuple[str, str]]


def record(job: Job, edition: Edition) -> None:
    """Keep what became of a client's run."""
    told = {
        **asdict(edition),
        "folder": edition.folder.relative_to(job.out).as_posix() if edition.folder else None,
        "ended_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    write_file(places.folder_of(job.out) / f"{job.client.name}.json", text.encode("utf-8", "replace"))


def write(out: Path) -> None:
    """Write the page from the records and the editions that are there, whole."""
    clients = [(told, _printed(out, told["client"])) for told in _records(out)]
    failed = sum(told["outcome"] == "failed" for told, _ in clients)
    html = _page().render(clients=clients, failed=failed)
    write_file(out / "index.html", html.encode("utf-8", "replace"))


def _records(out: Path) -> list[dict[str, Any]]:
    found = [_json(path) for path in sorted((out / places.FOLDER).glob("*.json"))]
    return sorted(
        (told for told in found if told), key=lambda told: (told["outcome"] != "failed", told["client"])
    )


def _printed(out: Path, client: str) -> list[Printed]:
    """A client's editions, newest first."""
    found = [
        _edition(out, path.parent, told)
        for path in sorted((out / client).glob("*/*/summary.json"))
        if (told := _json(path))
    ]
    return sorted(found, key=lambda edition: edition.as_of, reverse=True)


def _edition(out: Path, folder: Path, told: dict[str, Any]) -> Printed:
    address = quote(folder.relative_to(out).as_posix())
    links = [(label, f"{address}/{name}") for name, label in LINKS.items() if (folder / name).is_file()]
    formats = Formats(currency=told["currency"])
    return Printed(told["campaign"], told["stage"], told["as_of"], _headline(told, formats), links)


def _headline(told: dict[str, Any], formats: Formats) -> list[tuple[str, str, str]]:
    figures = {figure["key"]: figure for figure in told["figures"]}
    keys = [key for key in HEADLINES.get(told["stage"], []) if key in figures] or list(figures)[:3]
    return [_told(figures[key], formats) for key in keys]


def _told(figure: dict[str, Any], formats: Formats) -> tuple[str, str, str]:
    value, unit = figure["value"], figure["unit"]
    digits = 1 if unit in {"percent", "ratio"} else 0
    if value is None:
        return figure["label"], NOT_AVAILABLE, ""
    span = ""
    if figure["low"] is not None and figure["high"] is not None:
        span = f"likely {formats.span(figure['low'], figure['high'], unit, digits)}"
    return figure["label"], formats.value(value, unit, digits), span


def _json(path: Path) -> dict[str, Any]:
    """What a file holds; nothing if it cannot be read."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


@cache
def _page() -> Template:
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return pages.get_template("overview.html.j2")
