"""How fast a batch is, and what it costs: fifty simulated clients against a shell loop of papermill and nbconvert.

Printed: seconds of both, core-seconds outside cells, memory by clients done, time by stage, the slowest cells.
The loop makes neither PDF nor XLSX, and runs on a sample of the clients; its time is scaled to all.

`CREATORBOOK_CLIENTS` (50), `CREATORBOOK_LOOP` (5 clients in the loop), `CREATORBOOK_STAGE` (plan: five notebooks),
`CREATORBOOK_SIMULATED` (a folder that keeps the simulated clients for the next time) change what is run.
"""

from __future__ import annotations

import json
import os
import shlex
import statistics
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from benchmarks import process_tree
from benchmarks.simulated_clients import simulated_clients
from creatorbook import plugins
from creatorbook.client.repository import NOTEBOOKS

CLIENTS = int(os.environ.get("CREATORBOOK_CLIENTS", "50"))
LOOP = int(os.environ.get("CREATORBOOK_LOOP", "5"))
STAGE = os.environ.get("CREATORBOOK_STAGE", "plan")

#: Goals: times faster than the loop, core-seconds per client outside cells, MB of all processes, cells' seconds.
FASTER, OVERHEAD, MEMORY, CELLS = 12, 2.5, 2500, 5.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="costs are read from /proc"),
]

#: Run by every kernel at its start: writes what each cell used, and its last line, to a file of its process.
_METER = """
import os, time
_used = [0.0]
def _before(*_): _used[0] = time.process_time()
def _after(result):
    used, told = time.process_time() - _used[0], result.info.raw_cell.strip().splitlines()
    with open(os.path.join(os.environ["CREATORBOOK_METER"], str(os.getpid())), "a") as file:
        file.write(f"{used} {told[-1] if told else ''}\\n")
get_ipython().events.register("pre_run_cell", _before)
get_ipython().events.register("post_run_cell", _after)
"""


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The simulated clients' folders."""
    return simulated_clients(tmp_path_factory.mktemp("clients"), CLIENTS)


def test_a_batch_is_many_times_faster_than_a_shell_loop(
    clients: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Goals: 12 times, 2.5 core-seconds outside cells, 2.5 GB, the same memory at the end as at the tenth."""
    out = tmp_path / "out"
    batch, cells = _batch(clients, out, tmp_path)
    assert batch.code == 0, batch.output
    in_cells = sum(map(sum, cells.values()))
    overhead = (batch.core_seconds - in_cells) / CLIENTS
    early = max(mb for done, mb in batch.memory.items() if done <= 10)
    late = max(batch.memory.values())
    with capsys.disabled():
        print(
            f"\n{CLIENTS} clients, stage {STAGE}: HTML, PDF and XLSX, --jobs 2: {batch.seconds:.0f} s, ",
            end="",
        )
        print(
            f"{batch.core_seconds / CLIENTS:.2f} core-seconds per client: {in_cells / CLIENTS:.2f} in cells, ",
            end="",
        )
        print(f"{overhead:.2f} outside")
        print(f"memory: {early:.0f} MB at most until client 10, {late:.0f} MB at most in all")
        _tell_stages(out)
        _tell_cells(cells)
    loop = process_tree.run(["bash", "-c", _loop(clients[:LOOP], tmp_path / "loop")], tmp_path)
    assert loop.code == 0, loop.output
    loop_seconds = loop.seconds / LOOP * CLIENTS
    with capsys.disabled():
        print(f"loop of papermill and nbconvert, {LOOP} clients: {loop.seconds:.0f} s, ", end="")
        print(f"{loop.core_seconds / LOOP:.1f} core-seconds per client")
        print(
            f"  scaled to {CLIENTS}: {loop_seconds:.0f} s, {loop_seconds / batch.seconds:.1f} times as long"
        )
    assert loop_seconds >= FASTER * batch.seconds
    assert overhead <= OVERHEAD
    assert late < MEMORY
    assert late < 1.15 * early
    assert in_cells / CLIENTS < CELLS


def _batch(clients: list[Path], out: Path, scratch: Path) -> tuple[process_tree.Cost, dict[str, list[float]]]:
    """What the batch cost, and how many core-seconds of that each cell used, by its last line."""
    meter, profile = scratch / "meter", scratch / "ipython" / "profile_default" / "startup"
    meter.mkdir()
    profile.mkdir(parents=True)
    (profile / "meter.py").write_text(_METER)
    environment = {
        **os.environ,
        "IPYTHONDIR": str(scratch / "ipython"),
        "CREATORBOOK_METER": str(meter),
    }
    command = [sys.executable, "-m", "creatorbook", "report", *map(str, clients), "--stage", STAGE]
    cost = process_tree.run(
        [*command, "--jobs", "2", "--out", str(out)], scratch, counting=": done in", **environment
    )
    found: dict[str, list[float]] = defaultdict(list)
    for line in (line for path in meter.iterdir() for line in path.read_text().splitlines()):
        seconds, _, told = line.partition(" ")
        found[told].append(float(seconds))
    return cost, found


def _loop(clients: list[Path], out: Path) -> str:
    """The shell loop: what somebody would write who has papermill and nbconvert."""
    lines = ["set -e"]
    for client in clients:
        folder = out / client.name
        lines.append(f"mkdir -p {shlex.quote(str(folder))}")
        for notebook in plugins.notebooks(STAGE):
            made = shlex.quote(str(folder / notebook.name))
            lines.append(
                f"{sys.executable} -m papermill -k python3 --cwd {shlex.quote(str(NOTEBOOKS))} --no-progress-bar "
                f"{shlex.quote(str(notebook))} {made} -p client {shlex.quote(str(client))} -p stage {STAGE} -p mode report"
            )
            lines.append(f"{sys.executable} -m jupyter nbconvert --to html --no-input {made}")
    return "\n".join(lines)


def _tell_cells(cells: dict[str, list[float]]) -> None:
    slow = sorted(cells.items(), key=lambda item: -sum(item[1]))[:10]
    print("slowest cells, core-seconds per client:")
    for name, seconds in slow:
        print(f"  {sum(seconds) / CLIENTS:5.2f}  {name}")


def _tell_stages(out: Path) -> None:
    """Where a client's seconds go."""
    found: dict[str, list[float]] = defaultdict(list)
    for path in (out / ".batch").glob("*.json"):
        told = json.loads(path.read_text())
        for stage, seconds in told["stages"].items():
            found[stage].append(seconds)
        found["cells"].append(sum(cell["seconds"] for run in told["runs"] for cell in run["cells"]))
    print("median seconds per client with two side by side:", end=" ")
    print(", ".join(f"{stage} {statistics.median(seconds):.2f}" for stage, seconds in found.items()))
