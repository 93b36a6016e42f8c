"""Locks of the operating system on open files: they end with the process that holds them, however it ends."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

#: Seconds to wait for somebody else's writing, and between two looks.
PATIENCE, LOOK_AGAIN = 60.0, 0.01

#: Windows locks bytes against reading: one that no text reaches.
_FAR = 1 << 30

#: File → how many blocks of this process are inside its lock; two of one process would wait for each other.
_inside: dict[Path, int] = {}
_threads = threading.RLock()


if sys.platform == "win32":
    import msvcrt

    def lock(file: IO[bytes], *, wait: bool) -> bool:
        """Lock a file until it is closed; whether that could be done."""
        file.seek(_FAR)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0)
        return True
else:
    import fcntl

    def lock(file: IO[bytes], *, wait: bool) -> bool:
        """Lock a file until it is closed; whether that could be done."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep everybody else who asks for this file's lock out until the end of the block; blocks may lie in one another.

    Args:
        path: the file; made, empty, if it is not there.

    Raises:
        TimeoutError: somebody else held it for `PATIENCE` seconds.
        OSError: the file can neither be made nor opened.
    """
    path = path.resolve()
    with _threads:
        if _inside.get(path):
            _inside[path] += 1
            try:
                yield
            finally:
                _inside[path] -= 1
            return
        with _opened(path) as file:
            _wait_for(file, path)
            _inside[path] = 1
            try:
                yield
            finally:
                del _inside[path]


def _opened(path: Path) -> IO[bytes]:
    """The file, made if it is not there; to read where it is another user's, which is enough for a lock."""
    try:
        return path.open("a+b")
    except PermissionError:
        if not path.is_file():
            raise
        return path.open("rb")


def _wait_for(file: IO[bytes], path: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not lock(file, wait=False):
        if time.monotonic() > until:
            raise TimeoutError(f"{path} was locked by another process for {PATIENCE:.0f} seconds")
        time.sleep(LOOK_AGAIN)
