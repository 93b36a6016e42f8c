"""What a batch keeps beside the reports, in `reports/.batch/`: who works on which client, and what became of it.

.batch/<client>.client      whose place reports/<client>/ is
.batch/<client>.step        what is being done for a client; there while somebody does it
.batch/<client>.plugins/    what was left out of plugins meanwhile, and which is being asked; there while somebody does it
.batch/<client>.json        what became of a client's last run
.batch/<any name>.batch      the clients of a batch; locked as long as it runs
"""

from __future__ import annotations

import contextlib
import os
import platform
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from creatorbook.client.report_places import BATCH_FOLDER, place_whatever_the_id
from creatorbook.deliver import tidy_up
from creatorbook.locks import lock
from creatorbook.plugins.faults import begin_anew
from creatorbook.problems import Problem, unwritable
from creatorbook.runner.jobs import Job

#: How an edition's folder is called while it is being made.
STAGING = ".edition-"


def placed(jobs: list[Job]) -> list[Job]:
    """The jobs, each with its client's own place among the reports; a client that is named twice is there once.

    Raises:
        Problem: the folder for reports cannot be written.
    """
    by_place: dict[str, Job] = {}
    for job in jobs:
        place = place_whatever_the_id(job.out, job.client).name
        by_place.setdefault(place, replace(job, place=place))
    return list(by_place.values())


def folder_of(out: Path) -> Path:
    """The folder for what a batch keeps; made if it is not there."""
    place = out / BATCH_FOLDER
    place.mkdir(parents=True, exist_ok=True)
    return place


def tell_step(job: Job, step: str) -> None:
    """Say what is being done for a client, for whoever shows it; not being able to is no failure."""
    with contextlib.suppress(OSError):
        _step_file(job).write_text(step, encoding="utf-8")


def end_steps(job: Job) -> None:
    """Say that nobody works on a client any more."""
    with contextlib.suppress(OSError):
        _step_file(job).unlink(missing_ok=True)


def step_of(job: Job) -> str:
    """What is being done for a client; empty if nobody works on it."""
    try:
        return _step_file(job).read_text(encoding="utf-8")
    except OSError:
        return ""


def _step_file(job: Job) -> Path:
    return job.out / BATCH_FOLDER / f"{job.name}.step"


def plugins_folder(job: Job) -> Path:
    """Where a run keeps what it left out of plugins (`plugins.faults`)."""
    return job.out / BATCH_FOLDER / f"{job.name}.plugins"


def tidy(job: Job) -> None:
    """Remove what an earlier batch left that was killed."""
    end_steps(job)
    begin_anew(plugins_folder(job))
    for campaign in (job.out / job.name).glob("*/"):
        tidy_up(campaign, STAGING)


@contextlib.contextmanager
def reserved(out: Path, jobs: list[Job]) -> Iterator[None]:
    """Keep these clients to this process until the end of the block, or of the process.

    Raises:
        Problem: another batch works on one of them; or the folder cannot be written.
    """
    try:
        place = folder_of(out)
        gate = (place / "gate").open("a+b")
    except OSError as error:
        raise unwritable(error, out) from None
    own = place / f"{uuid.uuid4().hex}.batch"
    with gate:
        lock(gate, wait=True)
        _refuse_taken(place, {job.name for job in jobs})
        lock_file = own.open("w+b")
        who = f"process {os.getpid()} on {platform.node()}"
        lock_file.write("\n".join([who, *(job.name for job in jobs)]).encode("utf-8", "surrogateescape"))
        lock_file.flush()
        lock(lock_file, wait=False)
    try:
        yield
    finally:
        lock_file.close()
        own.unlink(missing_ok=True)


def _refuse_taken(place: Path, wanted: set[str]) -> None:
    for path in sorted(place.glob("*.batch")):
        with path.open("r+b") as file:
            gone = lock(file, wait=False)
            who, *names = file.read().decode("utf-8", "surrogateescape").split("\n")
        taken = sorted(wanted & set(names))
        if gone:
            path.unlink(missing_ok=True)
        elif taken:
            text = ", ".join(taken[:5]) + (" …" if len(taken) > 5 else "")
            raise Problem(
                f"another batch ({who}) is working on {text}",
                place.parent,
                todo="Nothing was done. Wait until it has ended, or stop it.",
            )
