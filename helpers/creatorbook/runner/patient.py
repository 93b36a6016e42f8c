"""A kernel's manager and client that look again for what they wait for.

What is sent while somebody waits, as for a widget that catches output, can take away the sign that an answer has
arrived (nbclient, issue 312): the cell would wait until its time is up.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type

#: Seconds after which a channel looks again.
LOOK_AGAIN = 0.2


class PatientChannel(AsyncZMQSocketChannel):
    """A channel that looks again for what it waits for."""

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


class PatientClient(AsyncKernelClient):
    """A client that looks again for the answers to what it asked."""

    shell_channel_class = Type(PatientChannel)


class PatientManager(AsyncKernelManager):
    """Starts kernels as Jupyter does; its clients are patient."""

    client_factory = Type(PatientClient)
