"""The same jobs on a Dask cluster: what has to be right there is looked at before the first job is sent."""

from __future__ import annotations

import logging
import multiprocessing
import uuid
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from creatorbook import __version__
from creatorbook.problems import Problem
from creatorbook.runner import places
from creatorbook.runner.executors import Opener
from creatorbook.runner.jobs import Job

#: Seconds to find the scheduler.
PATIENCE = 20

_log = logging.getLogger(__name__)


def on_cluster(address: str, jobs: list[Job]) -> Opener:
    """An opener for the Dask cluster of an address; the cluster decides how many jobs run side by side."""

    @contextmanager
    def opened(_workers: int) -> Iterator[Executor]:
        client = _client(address)
        try:
            _look(client, jobs)
            # a worker that dies takes its job with it: the cluster sends that to another, as often as it allows
            yield client.get_executor(pure=False)
        finally:
            client.close()

    return opened


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise Problem(
            "Dask is not installed here",
            todo="“pip install 'creatorbook[cluster]'” adds it, here and where the cluster's workers run.",
        ) from None
    try:
        return Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise Problem(
            f"no Dask cluster answers at {address} ({error or type(error).__name__})",
            todo="Start one with “dask scheduler” and “dask worker”, and give its address as tcp://host:8786.",
        ) from None


def _look(client: Any, jobs: list[Job]) -> None:
    """See that the workers can do the work.

    Raises:
        Problem: there is none, one runs several jobs in one process, cannot see the folders, or has another version.
    """
    workers = client.scheduler_info(n_workers=-1)["workers"]
    if not workers:
        raise Problem(
            "the cluster has no workers", todo="Start some: “dask worker ADDRESS --nworkers 2 --nthreads 1”."
        )
    wide = [name for name, facts in workers.items() if facts["nthreads"] != 1]
    if wide:
        raise Problem(
            f"the worker {wide[0]} has more than one thread: reports of two clients would share a process",
            todo="Start workers with “--nthreads 1” and as many as there are cores (“--nworkers”).",
        )
    mark = places.folder_of(jobs[0].out) / f"{uuid.uuid4().hex}.mark"
    mark.touch()
    try:
        answers = client.run(_seen, [mark, *(job.client for job in jobs)])
    finally:
        mark.unlink(missing_ok=True)
    for worker, (version, missing, daemonic) in answers.items():
        _refuse(worker, version, missing)
        if daemonic:
            _log.warning(
                "the worker %s is daemonic and may not fork kernels, so its reports take about twice as long: "
                "start it with DASK_DISTRIBUTED__WORKER__DAEMON=False",
                worker,
            )


def _refuse(worker: str, version: str, missing: list[Path]) -> None:
    if version != __version__:
        raise Problem(
            f"the worker {worker} has creatorbook {version}, this is {__version__}",
            todo="Install the same version everywhere: a report is never made by two.",
        )
    if missing:
        raise Problem(
            f"the worker {worker} does not see this",
            missing[0],
            todo="Clients and reports have to be on a disk that all workers share, under the same path.",
        )


def _seen(paths: list[Path]) -> tuple[str, list[Path], bool]:
    """What a worker says of itself: its version, which of these files it cannot see, and whether it is daemonic."""
    missing = [path for path in paths if not path.exists()]
    return __version__, missing, bool(multiprocessing.current_process().daemon)
