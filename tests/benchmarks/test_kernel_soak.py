"""Soak: thousands of forked kernels at eight workers, every one of which must answer.

`CREATORBOOK_SOAK` sets the number of starts (5,000 before the forked kernel becomes the default).
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

from creatorbook.runner import forked

STARTS = int(os.environ.get("CREATORBOOK_SOAK", "5000"))
WORKERS = 8

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not forked.supported(), reason="kernels are forked on Linux only"),
]


def _answer(number: int) -> tuple[int | None, str]:
    """Start a kernel, let it count, stop it; its process id, and what went wrong if something did."""
    try:
        manager, client = start_new_kernel(kernel_name=forked.KERNEL_NAME, startup_timeout=60)
    except Exception as error:
        return None, f"start {number}: {error!r}"
    pid = manager.provisioner.pid
    try:
        reply = client.execute_interactive(
            f"assert {number} + 1", timeout=60, output_hook=lambda _message: None
        )
        return pid, "" if reply["content"]["status"] == "ok" else f"start {number}: {reply['content']}"
    except Exception as error:
        return pid, f"start {number}: {error!r}"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_no_start_is_lost(capsys: pytest.CaptureFixture[str]) -> None:
    """Every kernel starts, runs a cell and stops; none survives."""
    started = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as executor:
        answers = list(executor.map(_answer, range(STARTS)))
    seconds = time.monotonic() - started
    lost = [told for _, told in answers if told]
    with capsys.disabled():
        print(
            f"\n{STARTS} forked starts at {WORKERS} workers: {len(lost)} lost, {seconds / STARTS:.3f} s each"
        )
    assert not lost, lost[:10]
    time.sleep(2)
    assert not [pid for pid, _ in answers if pid and _is_kernel(pid)]


def _is_kernel(pid: int) -> bool:
    """Whether a process with this id is (still) one of ours; ids are used again by others."""
    try:
        return "multiprocessing.forkserver" in Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
    except OSError:
        return False
