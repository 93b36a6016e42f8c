"""Where jobs run: in processes of this machine, or on a Dask cluster. Both are `concurrent.futures.Executor`s."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.connection import Connection

#: Opens an executor for so many jobs side by side.
Opener = Callable[[int], AbstractContextManager[Executor]]


@contextmanager
def local(workers: int) -> Iterator[Executor]:
    """Processes of this machine that end when this one does, by whatever way.

    Each holds one end of a pipe whose other end only this process has.
    """
    spawn = multiprocessing.get_context("spawn")  # the same on every system, and nothing is inherited
    owned, owner = spawn.Pipe(duplex=False)
    executor = ProcessPoolExecutor(workers, mp_context=spawn, initializer=_begin, initargs=(owned,))
    try:
        yield executor
    except BaseException:
        owner.close()  # ends the workers at once, and with them their kernels
        executor.shutdown(wait=False, cancel_futures=True)
        raise
    else:
        executor.shutdown()
    finally:
        owner.close()
        owned.close()


def _begin(owned: Connection) -> None:
    """A worker leaves Ctrl-C to its owner, follows it, and ends without taking its modules apart."""
    atexit.register(os._exit, 0)  # after all that is registered later
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_owner, args=(owned,), daemon=True).start()


def _end_with_owner(owned: Connection) -> None:
    try:
        owned.recv()
    except (EOFError, OSError):
        os._exit(1)
