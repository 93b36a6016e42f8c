"""Many editions: side by side, in any executor, one client's trouble never another's."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, as_completed
from functools import cache

from creatorbook.imports import quick_imports
from creatorbook.plugins import any_on
from creatorbook.plugins.faults import has_ended_a_process
from creatorbook.problems import as_problem
from creatorbook.runner import manifest, overview, places
from creatorbook.runner.executors import Opener, local
from creatorbook.runner.jobs import Edition, Job

#: A worker that dies takes the notebook's process with it; a job that kills two of them is given up.
TRIES = 2


def run_batch(
    jobs: list[Job], workers: int, done: Callable[[Edition], None], opener: Opener = local
) -> list[Edition]:
    """Make all editions that are not there yet; `done` hears of each as it ends.

    Whether anything changed is found out first, here; what is left runs in workers, each client on its own.
    The answer is in the order of the jobs. What was done when a batch is interrupted stays done.

    Args:
        jobs: each client once, with its place (`places.placed`).

    Raises:
        Problem: another batch works on one of the clients, or the folder for reports cannot be written.
    """
    if not jobs:
        return []
    out = jobs[0].out
    with places.reserved(out, jobs):
        for job in jobs:
            places.tidy(job)
        try:
            return _run(jobs, workers, done, opener)
        finally:
            for job in jobs:
                places.tidy(job)
            overview.write_overview(out)


def _run(jobs: list[Job], workers: int, done: Callable[[Edition], None], opener: Opener) -> list[Edition]:
    editions: dict[int, Edition] = {}

    def ended(place: int, edition: Edition) -> None:
        editions[place] = edition
        overview.record(jobs[place], edition)
        done(edition)

    for place, job in enumerate(jobs):
        if current := _unchanged(job):
            ended(place, current)
    left = {place: job for place, job in enumerate(jobs) if place not in editions}
    for place, edition in _made(left, min(workers, len(left)), opener):
        ended(place, edition)
    return [editions[place] for place in sorted(editions)]


def _unchanged(job: Job) -> Edition | None:
    started = time.monotonic()
    folder = None if job.force else manifest.current_edition(job, manifest.made_from(job))
    seconds = round(time.monotonic() - started, 2)
    if folder is None:
        return None
    return Edition(job.name, "unchanged", seconds, folder, remarks=manifest.left_out_of(folder))


def _made(jobs: dict[int, Job], workers: int, opener: Opener) -> Iterator[tuple[int, Edition]]:
    """Places and editions, as they end."""
    if (
        len(jobs) == 1 and opener is local and not any_on()
    ):  # one client needs no workers; a plugin could end this process
        for place, job in jobs.items():
            yield place, _make(job)
        return
    tries = dict.fromkeys(jobs, 0)
    while jobs:
        suspects = {place: job for place, job in jobs.items() if tries[place]}
        chosen = dict([next(iter(suspects.items()))]) if suspects else jobs  # alone, to find out which it is
        for place, future in _ended(chosen, min(workers, len(chosen)), opener):
            if isinstance(future.exception(), BrokenExecutor):
                if len(chosen) == 1 and has_ended_a_process(places.plugins_folder(jobs[place])):
                    continue  # and once more, without the plugin
                tries[place] += bool(places.step_of(jobs[place]))
                if tries[place] < TRIES:
                    continue
            yield place, _result(future, jobs.pop(place))


def _ended(jobs: dict[int, Job], workers: int, opener: Opener) -> Iterator[tuple[int, Future[Edition]]]:
    with opener(workers) as executor:
        futures = {executor.submit(_make, job): place for place, job in jobs.items()}
        for future in as_completed(futures):
            yield futures[future], future


def _make(job: Job) -> Edition:
    """What a worker does; the notebooks' libraries are imported there only."""
    try:
        return _maker()(job)
    except Exception as error:
        return _failed(job, error)
    finally:
        places.end_steps(job)


@cache
def _maker() -> Callable[[Job], Edition]:
    with quick_imports():
        from creatorbook.runner.editions import make_edition
    return make_edition


def _result(future: Future[Edition], job: Job) -> Edition:
    """A worker that died, or a mistake of ours, is one client's failure and not the batch's."""
    try:
        return future.result()
    except BrokenExecutor:
        step = places.step_of(job)
        cause = f"the process that made this report was killed{f' at “{step}”' if step else ''}, twice"
        return Edition(job.name, "failed", 0.0, cause=f"{cause}; it may have run out of memory")
    except Exception as error:
        return _failed(job, error)


def _failed(job: Job, error: Exception) -> Edition:
    return Edition(job.name, "failed", 0.0, cause=str(as_problem(error)))
