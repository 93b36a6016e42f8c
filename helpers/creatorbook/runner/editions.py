"""One edition of one client's report: `reports/<client>/<campaign>/<as_of>-<stage>/`, whole or not at all.

Both its papers (`client.report_places`) come out of the same executed notebooks.

What is printed is a draft until somebody clears it for sending: its pages say so, and a later print of the same inputs takes
its place. One that was cleared is never written over.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from creatorbook import findings, plugins, report, rooms
from creatorbook.book import Book
from creatorbook.client.identity import client_id
from creatorbook.client.report_places import WORKING, edition_number
from creatorbook.client.repository import NOTEBOOKS
from creatorbook.client.versions import cleared_editions
from creatorbook.deliver import put_in_place
from creatorbook.opening import open_book
from creatorbook.plugins.faults import has_ended_a_process, watched
from creatorbook.problems import Problem, as_problem
from creatorbook.runner import manifest, places
from creatorbook.runner.execute import CELL_TIMEOUT, execute
from creatorbook.runner.jobs import Edition, Job
from creatorbook.runner.needs import needs_of
from creatorbook.runner.record import BAD_STATUSES, Run


@dataclass
class _Making:
    """An edition in the making: what is known of it even if it fails."""

    job: Job
    runs: list[Run] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage of the work."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.stages[name] = round(time.monotonic() - started, 3)


def make_edition(job: Job) -> Edition:
    """Run a client's notebooks and print its report. Never raises: what stopped it is told as the edition's cause."""
    started = time.monotonic()
    making, cause = _Making(job), ""
    folder: Path | None = None
    remarks: tuple[str, ...] = ()
    if job.switches is not None:
        plugins.set_switches(dict(job.switches))
    try:
        with watched(places.plugins_folder(job), read_only=[job.client, job.out]):
            folder, remarks = _edition_without_what_fails(making)
    except Exception as error:
        cause = str(as_problem(error))
    seconds = round(time.monotonic() - started, 2)
    return Edition(
        job.name,
        "done" if folder else "failed",
        seconds,
        folder,
        cause,
        remarks,
        tuple(making.runs),
        making.stages,
    )


class _Again(Exception):  # noqa: N818 - what is to be done
    """A plugin ended a notebook's process: the edition is made again, without the plugin."""


def _edition_without_what_fails(making: _Making) -> tuple[Path, tuple[str, ...]]:
    """The edition; begun again without a plugin that ended a notebook's process, or held it up."""
    while True:
        try:
            return _edition(making)
        except _Again:
            making.runs.clear()


def _edition(making: _Making) -> tuple[Path, tuple[str, ...]]:
    job = making.job
    places.tell_step(job, "reading the files")
    with making.stage("open"):
        client_id(job.client)  # a copy that is taken for another client gets no report
        made = manifest.made_from(job)
        book = open_book(job.client, job.campaign, job.stage, "report", job.as_of)
    campaign = job.out / job.name / book.campaign.id
    campaign.mkdir(parents=True, exist_ok=True)
    name, taken = f"{book.as_of}-{book.stage}", cleared_editions(job.client, book.campaign.id)
    folder = manifest.edition_folder(campaign, name, made["inputs"], taken)
    draft = 0 if job.cleared else edition_number(folder.name)
    with rooms.room(folder.parent, places.STAGING) as staging:
        remarks = _make(making, book, made, staging, draft)
        with making.stage("store"):
            _refuse_changed(job, made)
            _refuse_other_figures(job, staging, folder)
            put_in_place(staging, folder)
    return folder, remarks


def _make(making: _Making, book: Book, made: dict[str, Any], staging: Path, draft: int) -> tuple[str, ...]:
    """Everything of an edition, written into a staging folder.

    Args:
        draft: the number that its pages give as a draft's; 0 says nothing.
    """
    started = datetime.now(UTC)
    with rooms.room() as scratch:
        with making.stage("notebooks"):
            executed = _run_notebooks(making, book, staging / WORKING / "notebooks", scratch)
        places.tell_step(making.job, "printing")
        with making.stage("print"):
            collected = [each for path in executed for each in findings.read(scratch / path.stem)]
            remarks = tuple(report.build_report(staging, book, executed, collected, draft))
            added = _files_of_plugins(book, staging)
            left_out = [str(fault) for fault in plugins.recorded()]
    facts = {
        **_parameters(book),
        "client": book.client.id,
        "client_id": client_id(book.client.folder),
        "made_at": started.isoformat(timespec="seconds"),
        "seconds": round((datetime.now(UTC) - started).total_seconds(), 2),
        "runs": [asdict(run) for run in making.runs],
        "remarks": list(remarks),
        "packs": book.client.all_packs.names(),
        "lead": book.client.theme.prepared_by,
        "needs": needs_of(collected),
        **(
            {"cleared": dict(zip(("by", "on"), making.job.cleared, strict=True))}
            if making.job.cleared
            else {}
        ),
        **({"left_out_of_plugins": left_out} if left_out else {}),
        **({"files_of_plugins": added} if added else {}),
    }
    manifest.write_manifest(staging, made, facts)
    return (*remarks, *left_out)


def _files_of_plugins(book: Book, staging: Path) -> dict[str, str]:
    """The files that outputs of plugins made, and how their links are called."""
    _, added = plugins.outputs(book.client.replaces)
    return {
        output.place: output.title or output.file for output in added if (staging / output.place).is_file()
    }


def _run_notebooks(making: _Making, book: Book, output: Path, scratch: Path) -> list[Path]:
    """Run the notebooks of a report in order; the executed copies. One of a plugin's that does not end well is left out.

    Raises:
        Problem: another one did not end well; the rest is skipped and no report is written.
        _Again: it did not, because a plugin ended its process.
    """
    output.mkdir(parents=True)
    asked, executed = plugins.notebooks(book.stage), []
    for notebook in asked:
        places.tell_step(making.job, notebook.stem)
        run = execute(
            notebook,
            output / notebook.name,
            _parameters(book),
            scratch / notebook.stem,
            NOTEBOOKS,
            making.job.timeout or CELL_TIMEOUT,
        )
        making.runs.append(run)
        if run.status not in BAD_STATUSES:
            executed.append(output / notebook.name)
            continue
        if has_ended_a_process(places.plugins_folder(making.job)):
            raise _Again
        if not plugins.leave_out(
            "creatorbook_notebooks", f"{book.stage}/{notebook.name}", _stopped(run, notebook).what
        ):
            making.runs.extend(Run(left.stem, "skipped") for left in asked[len(making.runs) :])
            raise _stopped(run, notebook)
    return executed


def _stopped(run: Run, notebook: Path) -> Problem:
    place = f"in cell “{run.cell}”" if run.cell else "before its first cell"
    return Problem(
        f"the notebook stopped ({run.status}) {place}: {run.cause}",
        notebook.name,
        todo="No report was written. “python3 workbook.py lab CLIENT” opens the notebook with this client, to see the place.",
    )


def _refuse_changed(job: Job, made: dict[str, Any]) -> None:
    """A report of files that changed meanwhile would mix two states of them."""
    if manifest.inputs_of(job.client) != made["inputs"]:
        raise Problem(
            "the client's files changed while the report was being made",
            job.client,
            todo="No report was written. Print it again once nobody writes into the folder.",
        )


def _refuse_other_figures(job: Job, staging: Path, folder: Path) -> None:
    """What is cleared is what was read as a draft, to the byte of its figures."""
    draft, printed = folder / "summary.json", staging / "summary.json"
    if job.cleared and not (draft.is_file() and draft.read_bytes() == printed.read_bytes()):
        raise Problem(
            "printed today, its figures are not the draft's",
            folder,
            todo="Nothing was cleared. Print the report again, and read it.",
        )


def _parameters(book: Book) -> dict[str, Any]:
    return {
        "client": str(book.client.folder),
        "campaign": book.campaign.id,
        "stage": book.stage,
        "mode": "report",
        "as_of": book.as_of.isoformat(),
    }
