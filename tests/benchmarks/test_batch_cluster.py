"""A Dask cluster started from the command line: the same bytes as here, and a worker killed costs nothing.

The clients of `test_batch_speed`, all five notebooks. `CREATORBOOK_CLUSTER_CLIENTS` (50) sets how many.
Scheduler and workers listen on 127.0.0.1.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import batches
from benchmarks.simulated_clients import simulated_clients

CLIENTS = int(os.environ.get("CREATORBOOK_CLUSTER_CLIENTS", "50"))

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked")]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """The address of a scheduler, and two workers of one thread, each a process of its own."""
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    scheduler = _dask(environment, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = _until(scheduler, r"Scheduler at:\s+(tcp://\S+)")
    asked = ["--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path), "--death-timeout", "60"]
    workers = [_dask(environment, "worker", address, *asked) for _ in range(2)]
    for worker in workers:
        _until(worker, "Registered to")
    yield address, workers
    for process in [*workers, scheduler]:
        process.terminate()
        process.wait()


def _dask(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments], stderr=subprocess.PIPE, text=True, env=environment
    )


def _until(process: subprocess.Popen[str], pattern: str) -> str:
    """Wait for a line that matches; its group, if it has one."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found[1] if found.groups() else line
    raise AssertionError(f"{process.args} ended without {pattern}")


def test_a_cluster_makes_the_same_reports_although_a_worker_is_killed(
    tmp_path: Path,
    cluster: tuple[str, list[subprocess.Popen[str]]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The same bytes in every file a reader gets; the worker and all its kernels are killed in the middle."""
    address, workers = cluster
    clients = simulated_clients(tmp_path / "clients", CLIENTS)
    asked = [*clients, "--stage", "plan"]
    started = time.monotonic()
    here = batches.report(*asked, "--jobs", 2, "--out", tmp_path / "here")
    assert here.returncode == 0, here.stderr
    seconds_here, started = time.monotonic() - started, time.monotonic()
    there = subprocess.Popen(
        batches.command(*asked, "--cluster", address, "--out", tmp_path / "there", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(batches.editions(tmp_path / "there")) < CLIENTS // 3 and there.poll() is None:
        time.sleep(0.2)
    assert there.poll() is None, there.communicate()
    inside = batches.descendants(workers[0].pid)  # the nanny's worker, its fork server and kernel
    os.kill(inside[0], signal.SIGKILL)
    told, said = there.communicate()
    assert there.returncode == 0, told + said
    seconds = time.monotonic() - started
    assert {client["outcome"] for client in json.loads(told)["clients"]} == {"done"}
    one, other = batches.editions(tmp_path / "here"), batches.editions(tmp_path / "there")
    assert one.keys() == other.keys()
    for client, folder in one.items():
        assert batches.printed(folder) == batches.printed(other[client]), client
    assert not batches.litter(tmp_path / "there")
    with capsys.disabled():
        print(f"\n{CLIENTS} clients: {seconds_here:.0f} s in two processes of this machine, ", end="")
        print(f"{seconds:.0f} s on two Dask workers, one killed after a third; same bytes")
