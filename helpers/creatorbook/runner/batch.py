"""Many editions: side by side in processes, one client's trouble never another's."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed

from creatorbook.runner import manifest
from creatorbook.runner.jobs import Edition, Job


def run_batch(jobs: list[Job], workers: int, done: Callable[[Edition], None]) -> list[Edition]:
    """Make all editions that are not there yet; `done` hears of each as it ends.

    Whether anything changed is found out first, here; what is left runs in this process, or in several.
    The answer is in the order of the jobs.
    """
    editions: dict[int, Edition] = {}
    for place, job in enumerate(jobs):
        if current := _unchanged(job):
            editions[place] = current
            done(current)
    left = {place: job for place, job in enumerate(jobs) if place not in editions}
    for place, edition in _made(left, min(workers, len(left))):
        editions[place] = edition
        done(edition)
    return [editions[place] for place in sorted(editions)]


def _unchanged(job: Job) -> Edition | None:
    started = time.monotonic()
    folder = None if job.force else manifest.current_edition(job, manifest.made_from(job))
    seconds = round(time.monotonic() - started, 2)
    return Edition(job.client.name, "unchanged", seconds, folder) if folder else None


def _made(jobs: dict[int, Job], workers: int) -> Iterator[tuple[int, Edition]]:
    """Places and editions, as they end."""
    if workers <= 1:
        for place, job in jobs.items():
            yield place, _make(job)
        return
    spawn = multiprocessing.get_context("spawn")  # the same on every system, and nothing is inherited
    with ProcessPoolExecutor(workers, mp_context=spawn) as executor:
        futures = {executor.submit(_make, job): place for place, job in jobs.items()}
        for future in as_completed(futures):
            place = futures[future]
            yield place, _result(future, jobs[place])


def _make(job: Job) -> Edition:
    """What a worker does; the notebooks' libraries are imported there only."""
    from creatorbook.runner.editions import make_edition

    return make_edition(job)


def _result(future: Future[Edition], job: Job) -> Edition:
    """A worker that died, or a mistake of ours, is one client's failure and not the batch's."""
    try:
        return future.result()
    except Exception as error:
        cause = traceback.format_exception_only(error)[-1].strip()
        return Edition(job.client.name, "failed", 0.0, cause=f"creatorbook itself failed: {cause}")
