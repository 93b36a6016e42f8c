"""Rooms: folders for work that must not outlive the process that does it, whatever ends that process.

Unpacked archives, sheets as CSV and other raw rows are in a room of the temporary folder, never in what is kept; a file
in the making is in a room beside its place. Each room holds a file that its process keeps locked; a room that nobody
holds was left by a process that was killed, and `sweep` removes it.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import IO

from creatorbook.locks import lock
from creatorbook.problems import Problem

#: How rooms in the temporary folder are called.
PREFIX = "creatorbook-room-"

#: What a room holds: the file that its process keeps locked, and the folder to work in.
_HOLD, _WORK = "hold", "work"


@contextmanager
def room(parent: Path | None = None, prefix: str = PREFIX) -> Iterator[Path]:
    """An empty folder to work in, removed with all that is in it at the end of the block.

    Args:
        parent: the folder it lies in; none means the temporary folder.
        prefix: how its name begins.

    Raises:
        OSError: it cannot be made.
        Problem: there is no temporary folder to write into.
    """
    place, hold = _made(parent or _temporary(), prefix)
    try:
        (place / _WORK).mkdir()
        yield place / _WORK
    finally:
        hold.close()
        shutil.rmtree(place, ignore_errors=True)


def own_room(parent: Path | None = None) -> Path:
    """A folder to work in that lasts as long as this process; made again should somebody have cleared it away."""
    place = _own_room(parent or _temporary(), os.getpid())
    if place.is_dir():
        return place
    _own_room.cache_clear()
    return _own_room(parent or _temporary(), os.getpid())


def sweep(parent: Path | None = None, prefix: str = PREFIX) -> None:
    """Remove the rooms in a folder that killed processes left; those of others are left alone."""
    for place in (parent or _temporary()).glob(f"{prefix}*"):
        with contextlib.suppress(OSError):  # another user's, or somebody holds it
            if _is_left(place):
                shutil.rmtree(place, ignore_errors=True)


@cache
def _own_room(parent: Path, _process: int) -> Path:
    until_the_end = ExitStack()
    atexit.register(until_the_end.close)
    return until_the_end.enter_context(room(parent))


def _temporary() -> Path:
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise Problem(
            "there is no temporary folder that can be written: the disk is full, or it may not be written",
            todo="Make room, or name another folder in the variable TMPDIR, and run the same command again.",
        ) from error


def _made(parent: Path, prefix: str) -> tuple[Path, IO[bytes]]:
    """A room and its locked file; made again where a sweep took it before it was locked."""
    while True:
        place = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        try:
            hold = (place / _HOLD).open("wb")
        except FileNotFoundError:
            continue
        except OSError:
            place.rmdir()
            raise
        if lock(hold, wait=False) and (place / _HOLD).exists():
            return place, hold
        hold.close()


def _is_left(place: Path) -> bool:
    """Whether nobody holds a room; from then on nobody can.

    Raises:
        OSError: somebody holds it (Windows, where an open file cannot be removed), or it is not ours.
    """
    if not (place / _HOLD).exists():
        if not (place / _WORK).exists():
            place.rmdir()  # its process ended, or is about to find out, before it could lock it
        return True
    if os.name == "nt":
        (place / _HOLD).unlink()
        return True
    with (place / _HOLD).open("rb+") as hold:
        if not lock(hold, wait=False):
            return False
        (place / _HOLD).unlink()
    return True
