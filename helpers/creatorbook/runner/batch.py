"""Many editions: side by side in processes, one client's trouble never another's."""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed

from creatorbook.runner.editions import Edition, Job, make_edition


def run_batch(jobs: list[Job], workers: int, done: Callable[[Edition], None]) -> list[Edition]:
    """Make all editions; `done` hears of each as it ends. The answer is in the order of the jobs.

    One worker runs in this process; more run in processes of their own.
    """
    if workers <= 1 or len(jobs) == 1:
        return [_told(make_edition(job), done) for job in jobs]
    spawn = multiprocessing.get_context("spawn")  # the same on every system, and nothing is inherited
    with ProcessPoolExecutor(min(workers, len(jobs)), mp_context=spawn) as executor:
        return [edition for _, edition in sorted(_submitted(executor, jobs, done), key=lambda pair: pair[0])]


def _submitted(
    executor: Executor, jobs: list[Job], done: Callable[[Edition], None]
) -> Iterator[tuple[int, Edition]]:
    places: dict[Future[Edition], int] = {
        executor.submit(make_edition, job): place for place, job in enumerate(jobs)
    }
    for future in as_completed(places):
        yield places[future], _told(_result(future, jobs[places[future]]), done)


def _result(future: Future[Edition], job: Job) -> Edition:
    """A worker that died, or a mistake of ours, is one client's failure and not the batch's."""
    try:
        return future.result()
    except Exception as error:
        cause = traceback.format_exception_only(error)[-1].strip()
        return Edition(job.client.name, "failed", 0.0, cause=f"creatorbook itself failed: {cause}")


def _told(edition: Edition, done: Callable[[Edition], None]) -> Edition:
    done(edition)
    return edition
