"""A kernel's answer is looked for again, and a process imports no more than it needs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from queue import Empty
from typing import Any

import pytest
from jupyter_client.channels import AsyncZMQSocketChannel

from creatorbook.runner.patient import LOOK_AGAIN, PatientChannel, PatientClient, PatientManager


def in_own_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: a browser of other tests may keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.mark.parametrize("timeout", [None, 5.0])
def test_a_channel_looks_again_for_an_answer_it_missed(
    timeout: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is there, but the sign of it went with a message that was sent meanwhile."""
    waits: list[float] = []

    async def misses_two(_channel: object, timeout: float) -> dict[str, Any]:
        waits.append(timeout)
        if len(waits) < 3:
            raise Empty
        return {"found": True}

    monkeypatch.setattr(AsyncZMQSocketChannel, "get_msg", misses_two)
    channel = PatientChannel.__new__(PatientChannel)
    assert in_own_loop(channel.get_msg(timeout)) == {"found": True}
    assert waits == [LOOK_AGAIN] * 3


def test_a_channel_that_hears_nothing_ends_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait that is shorter than the pause between two looks is kept."""

    async def nothing(_channel: object, timeout: float) -> dict[str, Any]:
        await asyncio.sleep(timeout)
        raise Empty

    monkeypatch.setattr(AsyncZMQSocketChannel, "get_msg", nothing)
    with pytest.raises(Empty):
        in_own_loop(PatientChannel.__new__(PatientChannel).get_msg(0.01))


def test_managers_make_patient_clients() -> None:
    """papermill is given the manager only."""
    manager = PatientManager()
    assert manager.client_factory is PatientClient
    assert manager.client().shell_channel_class is PatientChannel


def test_quick_imports_leave_nothing_behind() -> None:
    """The hidden module can be imported afterwards, garbage is looked for again, and notebooks are still checked."""
    script = """
import gc, sys
from creatorbook.imports import UNUSED, quick_imports
with quick_imports():
    assert not gc.isenabled()
    import nbformat
assert gc.isenabled() and gc.get_freeze_count()
assert UNUSED not in sys.modules
assert __import__(UNUSED).__name__ == UNUSED
try:
    nbformat.validate({"cells": [{"cell_type": "none"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
except nbformat.ValidationError:
    print("refused")
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "refused", run.stderr
