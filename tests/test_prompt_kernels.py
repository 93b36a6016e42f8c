"""A kernel is used as soon as it has answered, and a process imports no more than it needs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.channels import AsyncZMQSocketChannel

from creatorbook.runner import forked
from creatorbook.runner.prompt import LOOK_AGAIN, PatientChannel, PromptClient, PromptManager


def in_own_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in a thread of its own: a browser of other tests may keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def told(question: str, state: str = "idle") -> dict[str, Any]:
    """A status message on the channel of outputs."""
    return {
        "msg_type": "status",
        "parent_header": {"msg_id": question},
        "content": {"execution_state": state},
    }


class Scripted(PromptClient):
    """A client whose channels say what a test wrote down; a `None` is silence until the wait is over."""

    def __init__(self, shell: list[Any], iopub: list[Any], alive: bool = True) -> None:
        super().__init__()
        self.shell, self.iopub, self.alive, self.asked = shell, iopub, alive, 0

    def kernel_info(self, **_: Any) -> str:  # type: ignore[override]
        self.asked += 1
        return f"question {self.asked}"

    async def get_shell_msg(self, **_: Any) -> Any:
        return _next(self.shell)

    async def get_iopub_msg(self, **_: Any) -> Any:
        return _next(self.iopub)

    async def is_alive(self) -> bool:
        return self.alive

    def _handle_kernel_info_reply(self, msg: Any) -> None:
        pass


def _next(said: list[Any]) -> Any:
    message = said.pop(0) if said else None
    if message is None:
        raise Empty
    return message


def test_ready_when_both_channels_answered() -> None:
    """The answer and the end of the work on it are enough; nothing more is waited for."""
    client = Scripted([{}], [told("question 1", "busy"), told("question 1"), told("later")])
    in_own_loop(client.wait_for_ready(5))
    assert client.asked == 1
    assert client.iopub == [told("later")]


def test_asks_again_when_outputs_do_not_arrive_yet() -> None:
    """A kernel whose outputs cannot be heard yet would run its first cell unheard."""
    client = Scripted([{}, {}], [told("another"), None, told("question 1"), told("question 2")])
    in_own_loop(client.wait_for_ready(5))
    assert client.asked == 2


def test_a_dead_kernel_is_told_as_such() -> None:
    """Not waited for until the time is up."""
    with pytest.raises(RuntimeError, match="died"):
        in_own_loop(Scripted([], [], alive=False).wait_for_ready(60))


def test_a_silent_kernel_is_given_up() -> None:
    """After the time that was asked for."""
    with pytest.raises(RuntimeError, match="respond"):
        in_own_loop(Scripted([], []).wait_for_ready(0.01))


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


def test_managers_make_prompt_clients() -> None:
    """papermill is given the manager only."""
    assert PromptManager().client_factory is PromptClient


def test_quick_imports_leave_nothing_behind() -> None:
    """The hidden module can be imported afterwards, garbage is looked for again, and notebooks are still checked."""
    script = """
import gc, sys
from creatorbook.runner.imports import UNUSED, quick_imports
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


@pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")
def test_a_forked_kernel_listens_when_it_is_handed_over() -> None:
    """A client that knocked too early would try again only after a tenth of a second."""

    async def start_and_look() -> list[bool]:
        manager = PromptManager(kernel_name=forked.KERNEL_NAME)
        await manager.start_kernel()
        doors = [f"{manager.ip}-{getattr(manager, f'{name}_port')}" for name in forked.CHANNELS]
        there = [Path(door).exists() for door in doors]
        await manager.shutdown_kernel(now=True)
        return there

    assert in_own_loop(start_and_look()) == [True] * 5
