"""Rooms: folders for work that must not outlive the process that does it, whatever ends that process.

Unpacked archives, sheets as CSV and other raw rows are in a room of the temporary folder, never in what is kept; a file
in the making is in a room beside its place. Each room holds a file that its process keeps locked; a room that nobody
holds was left by a process that was killed, and `sweep` removes it. Rooms outside the temporary folder are noted in the
user's data folder, where `sweep_noted` finds them from any other folder.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import IO

from creatorbook.locks import lock
from creatorbook.problems import Problem
from creatorbook.user_data import user_file

#: How rooms in the temporary folder are called.
PREFIX = "creatorbook-room-"

#: What a room holds: the file that its process keeps locked, and the folder to work in.
_HOLD, _WORK = "hold", "work"

#: What is noted in the user's data folder: each room's folder, and how its name begins.
_NOTES = "rooms"


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
    with _noted(parent, prefix):
        place, hold = _made(parent or _temporary(), prefix)
        try:
            (place / _WORK).mkdir()
            yield place / _WORK
        finally:
            hold.close()
            shutil.rmtree(place, ignore_errors=True)


def own_room(parent: Path | None = None) -> Path:
    """A folder to work in that lasts as long as this process; made again should somebody have cleared it away."""
    parent = parent or _temporary()
    if not _own_room(parent, os.getpid()).is_dir():
        _own_room.cache_clear()
    return _own_room(parent, os.getpid())


def sweep(parent: Path | None = None, prefix: str = PREFIX) -> None:
    """Remove the rooms in a folder that killed processes left; those of others are left alone."""
    for place in (parent or _temporary()).glob(f"{prefix}*"):
        with contextlib.suppress(OSError):  # another user's, or somebody holds it
            if _is_left(place):
                shutil.rmtree(place, ignore_errors=True)


def sweep_noted() -> None:
    """Remove the rooms that killed processes left beside the files they were making, wherever that was."""
    every = user_file(_NOTES, "*")
    for note in every.parent.glob(every.name) if every else ():
        with contextlib.suppress(OSError):  # its process ended meanwhile
            try:
                parent, prefix = json.loads(note.read_text(encoding="utf-8"))
            except ValueError:  # killed as it wrote the note, before it made the room
                note.unlink()
                continue
            sweep(Path(parent), prefix)
            if not any(Path(parent).glob(f"{prefix}*")):
                note.unlink()


@contextmanager
def _noted(parent: Path | None, prefix: str) -> Iterator[None]:
    """Note in which folder a room is, until the end of the block; done without where the user has no data folder."""
    note = user_file(_NOTES, uuid.uuid4().hex) if parent else None
    if parent is None or note is None:
        yield
        return
    with contextlib.suppress(OSError):
        note.write_text(json.dumps([str(parent.resolve()), prefix]), encoding="utf-8")
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)


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
