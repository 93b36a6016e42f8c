"""What a command and all its descendants cost: seconds, core-seconds, and memory while it runs (Linux)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

#: Waits for every descendant, those that lost their parent too, and tells what they used.
_WAITER = """
import ctypes, json, os, resource, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
started, code = time.monotonic(), 0
child = os.fork()
if child == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
while True:
    try:
        ended, status = os.wait()
    except ChildProcessError:
        break
    if ended == child:
        code, seconds = os.waitstatus_to_exitcode(status), time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
json.dump({"seconds": seconds, "core_seconds": used.ru_utime + used.ru_stime, "code": code}, open(sys.argv[1], "w"))
"""


@dataclass
class Cost:
    """What a command cost.

    Attributes:
        memory: proportional memory of all its processes in MB, by how many clients were done.
    """

    seconds: float
    core_seconds: float
    code: int
    output: str
    memory: dict[int, float] = field(default_factory=dict)


def run(command: list[str], scratch: Path, *, counting: str = "", **environment: str) -> Cost:
    """Run a command to its end; memory is sampled each second, lines that hold `counting` are counted."""
    told = scratch / "cost.json"
    process = subprocess.Popen(
        [sys.executable, "-c", _WAITER, str(told), *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment or None,
    )
    lines: list[str] = []
    memory: dict[int, float] = {}
    sampler = threading.Thread(target=_sample, args=(process, lines, counting, memory), daemon=True)
    sampler.start()
    assert process.stdout is not None
    lines.extend(iter(process.stdout.readline, ""))
    process.wait()
    cost = json.loads(told.read_text())
    return Cost(**cost, output="".join(lines), memory=memory)


def _sample(
    process: subprocess.Popen[str], lines: list[str], counting: str, memory: dict[int, float]
) -> None:
    while process.poll() is None:
        done = sum(counting in line for line in lines) if counting else 0
        memory[done] = max(memory.get(done, 0.0), sum(map(_megabytes, descendants(process.pid))))
        time.sleep(1)


def descendants(root: int) -> list[int]:
    """All processes below one."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        parents.setdefault(parent, []).append(int(stat.parent.name))
    found, left = [], [root]
    while left:
        children = parents.get(left.pop(), [])
        found += children
        left += children
    return found


def _megabytes(process: int) -> float:
    """Proportional set size: what processes share is counted once between them."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("Pss:")), 0.0)
