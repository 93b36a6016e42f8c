"""Start report kernels by forking a process that has imported everything already (Linux).

Each notebook still gets a fresh kernel of its own; what it saves is the seconds of imports before the first
cell. Where forking is not possible, an ordinary kernel starts instead, and one line says so.

Traps this module is built around, each with a test: preloading the inline backend makes all figures vanish;
numpy's global random state is copied into every child; a fork copies one thread and every lock; the child
inherits environment, folder, arguments and signals; a kernel could outlive its owner; a module that cannot be
preloaded is passed over in silence.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from creatorbook import rooms

KERNEL_NAME = "creatorbook-report"
PRELOAD = "creatorbook.runner.preload"

#: Settings that must stand before numpy, pandas and matplotlib are imported in the fork server.
ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}

#: How a line of a kernel's log begins that names a module the fork server could not import.
NOT_PRELOADED = "not preloaded: "

#: Exit code of a child that will not become a kernel, because the fork server had more than one thread.
UNSAFE = 75

#: A path of a Unix socket may be this long, with the dash and number that are added to it.
LONGEST_SOCKET = 100

_log = logging.getLogger(__name__)
_starting = threading.Lock()
_warned: set[str] = set()


def supported() -> bool:
    """Whether kernels can be forked here; macOS has fork, but not safely after its frameworks are loaded."""
    return sys.platform == "linux"


def warm_up() -> None:
    """Start the fork server ahead of the first kernel, so that it imports while this process does something else."""
    if supported():
        with _starting, _no_script():
            _start_server(multiprocessing.get_context("forkserver"))


def warn_once(line: str) -> None:
    """Log a line the first time it is due in this process."""
    if line not in _warned:
        _warned.add(line)
        _log.warning("%s", line)


class ForkedProvisioner(LocalProvisioner):
    """A local kernel whose process is forked instead of started."""

    process: Any = None
    forked: ForkedProcess | None = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Let the kernel be reached over Unix sockets: ports are chosen, freed, and only later bound."""
        manager: Any = self.parent
        sockets = str(rooms.own_room() / str(self.kernel_id))
        if supported() and manager.transport == "tcp" and len(sockets) < LONGEST_SOCKET:
            manager.transport, manager.ip = "ipc", sockets
            manager.connection_file = f"{sockets}.json"
            manager.cache_ports = False
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel; an ordinary one if that fails."""
        if supported():
            try:
                # in a thread, because the first one waits for all imports: a server goes on answering meanwhile
                self.process = self.forked = await asyncio.to_thread(
                    ForkedProcess, cmd, kwargs["env"], kwargs.get("cwd") or Path.cwd()
                )
            except Exception as error:  # any failure to fork has the same answer
                warn_once(f"starting an ordinary kernel: the forked one failed ({error})")
            else:
                self.pid = self.pgid = self.process.pid
                self.cwd = kwargs.get("cwd")
                return self.connection_info
        else:
            warn_once(f"starting an ordinary kernel: forking is not supported on {sys.platform}")
        return await super().launch_kernel(cmd, **kwargs)

    async def cleanup(self, restart: bool = False) -> None:  # noqa: FBT001, FBT002 - as in the base class
        """Tell what a kernel said that did not end well, and drop its log."""
        if self.forked is not None:
            self.forked.end(_log)
        await super().cleanup(restart)


class ForkedProcess:
    """A forked kernel with the face of a `subprocess.Popen`.

    The kernel holds one end of a pipe whose other end only this process has: when this process goes, by
    whatever way, the kernel reads the end of the pipe and goes too.
    """

    stdin = stdout = stderr = None

    def __init__(self, command: list[str], environment: dict[str, str], folder: str | Path) -> None:
        context = multiprocessing.get_context("forkserver")
        owned, self._owner = context.Pipe(duplex=False)
        descriptor, name = tempfile.mkstemp(suffix=".log", dir=rooms.own_room())
        os.close(descriptor)
        self.log = Path(name)
        arguments = command[command.index("ipykernel_launcher") + 1 :]
        with _starting:  # processes are started one at a time
            self._process = context.Process(
                target=become_kernel,
                args=(arguments, environment, str(folder), name, owned),
                daemon=False,
            )
            with _no_script():
                _start_server(context)
                self._process.start()
        owned.close()
        self.pid = self._process.pid
        self.args = command

    def poll(self) -> int | None:
        """The exit code, or nothing while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end."""
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        """Send a signal if it still runs."""
        if self.poll() is None and self.pid:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def end(self, log: logging.Logger) -> None:
        """Close the pipe; tell what could not be preloaded, and what a kernel said that ended with an error."""
        self._owner.close()
        code = self.wait(5)
        output = self.log.read_text(errors="replace") if self.log.is_file() else ""
        for line in output.splitlines():
            if line.startswith(NOT_PRELOADED):
                warn_once(line)
        if code not in {0, -signal.SIGKILL, -signal.SIGTERM}:
            log.warning("a kernel ended with %s: %s", code, output[-2000:])
        self.log.unlink(missing_ok=True)

    @property
    def returncode(self) -> int | None:
        """As in `Popen`."""
        return self.poll()


@contextmanager
def _no_script() -> Iterator[None]:
    """Hide the running script: multiprocessing would import it, and all it imports, in every kernel."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def _start_server(context: Any) -> None:
    """Start the fork server, if it does not run yet, with the settings its imports need."""
    context.set_forkserver_preload([PRELOAD])
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        multiprocessing.forkserver.ensure_running()  # type: ignore[attr-defined]
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)


def become_kernel(
    arguments: list[str], environment: dict[str, str], folder: str, log: str, owned: Connection
) -> None:
    """Turn a freshly forked process into an ordinary kernel: own session, folder, environment and chance."""
    os.setsid()
    _write_to(log)
    _look_at_preload()
    os.environ.clear()
    os.environ.update({**environment, **ENVIRONMENT, "JPY_PARENT_PID": str(os.getppid())})
    os.chdir(folder)
    sys.argv = ["ipykernel_launcher", *arguments]
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _draw_own_chance()
    threading.Thread(target=_end_with_owner, args=(owned,), daemon=True).start()

    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance()
    app.initialize(arguments)
    app.start()


def _look_at_preload() -> None:
    """Write to the log what the fork server kept silent about; end if it was not safe to fork from."""
    from creatorbook.runner import preload

    for failure in preload.FAILED:
        print(f"{NOT_PRELOADED}{failure}", flush=True)  # noqa: T201 - goes to the kernel's log
    if preload.THREADS > 1:
        print(f"not forked: the fork server has {preload.THREADS} threads", flush=True)  # noqa: T201
        os._exit(UNSAFE)


def _write_to(log: str) -> None:
    """What the process says outside its notebook goes to a file, not to the owner's terminal."""
    with open(log, "ab", buffering=0) as file:  # noqa: PTH123 - a descriptor is wanted
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)


def _draw_own_chance() -> None:
    """A fork copies the state of random generators: without this, all reports draw the same numbers."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _end_with_owner(owned: Connection) -> None:
    """Wait until the owner's end of the pipe is closed, which only its end does."""
    try:
        owned.recv()
    except (EOFError, OSError):
        os._exit(1)
