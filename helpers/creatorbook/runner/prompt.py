"""A kernel's manager and client that go on as soon as the kernel answers, instead of after a fixed wait.

The ordinary client listens for another fifth of a second to be sure that nothing more comes; five notebooks of a
client would wait a whole second for nothing.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

#: Seconds to wait for an answer before asking again, and for what belongs to it on the channel of outputs.
ANSWER, OUTPUTS = 1.0, 0.05

#: Seconds after which a channel looks again.
LOOK_AGAIN = 0.2


class PatientChannel(AsyncZMQSocketChannel):
    """A channel that looks again for what it waits for.

    What is sent while somebody waits, as for a widget that catches output, can take away the sign that an answer
    has arrived (nbclient, issue 312): the cell would wait until its time is up.
    """

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        """The next message.

        Raises:
            Empty: none came within `timeout` seconds.
        """
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        while True:
            try:
                return await super().get_msg(max(0.0, min(LOOK_AGAIN, until - time.monotonic())))
            except Empty:
                if time.monotonic() >= until:
                    raise


class PromptClient(AsyncKernelClient):
    """A client that is ready once the kernel's answer and the end of its work on it have both arrived."""

    shell_channel_class = Type(PatientChannel)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask who the kernel is until its answer has come by both channels.

        Raises:
            RuntimeError: the kernel ended, or did not answer in time.
        """
        until = time.monotonic() + (timeout or float("inf"))
        while not await self._answered(self.kernel_info()):
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            if time.monotonic() > until:
                raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")

    async def _answered(self, asked: str) -> bool:
        """Whether the kernel answered, and told on the channel of outputs that it is done with the question."""
        try:
            reply = await self.get_shell_msg(timeout=ANSWER)
            self._handle_kernel_info_reply(reply)
            while not _is_end_of(asked, await self.get_iopub_msg(timeout=OUTPUTS)):
                pass
        except Empty:
            return False
        return True


def _is_end_of(asked: str, told: dict[str, Any]) -> bool:
    """Whether a message says that the kernel is idle again after a question."""
    same = told["parent_header"].get("msg_id") == asked
    return same and told["msg_type"] == "status" and told["content"]["execution_state"] == "idle"


class PromptManager(AsyncKernelManager):
    """Starts kernels as Jupyter does; its clients are prompt."""

    client_factory = Type(PromptClient)
