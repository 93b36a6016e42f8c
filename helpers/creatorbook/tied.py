"""A process that ends with the one that started it, however that one ended: a pipe between the two is closed by it.

`python -m creatorbook.tied MODULE …` runs another program's module in such a process. (Not on Windows, where a pipe is
not handed down like this.)
"""

from __future__ import annotations

import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: Where a process is told its end of the pipe; the launcher, `workbook.py`, writes the same.
VARIABLE = "CREATORBOOK_LAUNCHER"


def end_with_starter() -> None:
    """From now on this process is asked to end (SIGTERM) once the one that started it is gone, if it told of a pipe."""
    if pipe := os.environ.pop(VARIABLE, ""):
        os.set_inheritable(int(pipe), False)  # noqa: FBT003 - not ours
        threading.Thread(target=_end_after, args=(int(pipe),), daemon=True).start()


def run_module(module: str, arguments: Sequence[str], folder: Path | None = None) -> int:
    """Run a program until it ends, which an interrupt leaves to it; its exit code, as a shell would have it."""
    tie: dict[str, Any] = {}
    if os.name != "nt":
        child_end, _own_end = os.pipe()
        tie = {"pass_fds": [child_end], "env": {**os.environ, VARIABLE: str(child_end)}}
    command = [sys.executable, "-P", "-m", __name__, module, *arguments]
    child = subprocess.Popen(command, cwd=folder, **tie)  # noqa: S603 - our own Python
    while True:
        try:
            code = child.wait()
        except KeyboardInterrupt:
            continue
        return 128 - code if code < 0 else code


def _end_after(pipe: int) -> None:
    os.read(pipe, 1)  # nothing is ever written
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    end_with_starter()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
