"""One edition of one client's report: `reports/<client>/<campaign>/<as_of>-<stage>/`, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from creatorbook import findings, plugins, report
from creatorbook.book import Book, open_book
from creatorbook.deliver import put_in_place
from creatorbook.problems import Problem
from creatorbook.repository import NOTEBOOKS
from creatorbook.runner import manifest
from creatorbook.runner.execute import Run, execute, tidy
from creatorbook.runner.jobs import Edition, Job


def make_edition(job: Job) -> Edition:
    """Run a client's notebooks and print its report. Never raises for a client's mistake: it is told."""
    started = time.monotonic()
    try:
        folder, remarks = _edition(job)
    except Problem as problem:
        return Edition(job.client.name, "failed", _since(started), cause=str(problem))
    return Edition(job.client.name, "done", _since(started), folder, remarks=remarks)


def _edition(job: Job) -> tuple[Path, tuple[str, ...]]:
    made = manifest.made_from(job)
    book = open_book(job.client, job.campaign, job.stage, "report", job.as_of)
    folder = job.out / book.client.id / book.campaign.id / f"{book.as_of}-{book.stage}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        remarks = _make(book, made, staging)
        put_in_place(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return folder, remarks


def _make(book: Book, made: dict[str, Any], staging: Path) -> tuple[str, ...]:
    """Everything of an edition, written into a staging folder."""
    started = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as scratch:
        runs = [_run(book, notebook, staging, Path(scratch)) for notebook in plugins.notebooks(book.stage)]
        executed = [staging / "notebooks" / f"{run.notebook}.ipynb" for run in runs]
        found = [told for run in runs for told in findings.read(Path(scratch) / run.notebook)]
        remarks = tuple(report.build(staging, book, executed, found))
    told = {
        **_parameters(book),
        "client": book.client.id,
        "made_at": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 2),
        "runs": [asdict(run) for run in runs],
        "remarks": list(remarks),
    }
    manifest.write(staging, made, told)
    return remarks


def _run(book: Book, notebook: Path, staging: Path, scratch: Path) -> Run:
    """Run one notebook of a report.

    Raises:
        Problem: it did not end well; no report is written then.
    """
    output = staging / "notebooks" / notebook.name
    output.parent.mkdir(exist_ok=True)
    run = execute(notebook, output, _parameters(book), scratch / notebook.stem, NOTEBOOKS)
    if run.status != "ok":
        place = f"cell “{run.cell}”" if run.cell else "a cell"
        raise Problem(
            f"the notebook stopped ({run.status}) in {place}: {run.cause}",
            notebook.name,
            todo="No report was written. Open the notebook in JupyterLab with this client to see the place.",
        )
    tidy(output)
    return run


def _parameters(book: Book) -> dict[str, Any]:
    return {
        "client": str(book.client.folder),
        "campaign": book.campaign.id,
        "stage": book.stage,
        "mode": "report",
        "as_of": book.as_of.isoformat(),
    }


def _since(started: float) -> float:
    return round(time.monotonic() - started, 2)
