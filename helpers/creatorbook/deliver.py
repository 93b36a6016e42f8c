"""A folder of files, written whole or not at all (atomic writes), and only where nothing of others is overwritten."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import uuid
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from creatorbook import rooms
from creatorbook.problems import Problem, unwritable

MARK = ".creatorbook"
"""names the folders that we may replace"""

STAGING, ASIDE = ".making-", ".old-"
"""how folders begin that are being written, or moved aside, beside the one they are for"""


def write_folder(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files into a folder of their own; an earlier one of ours is replaced as a whole.

    Args:
        folder: made if it is not there.
        files: name, without any folder, → content.

    Raises:
        Problem: the folder holds files that are not ours, or cannot be written.
    """
    refuse_strangers(folder)
    wrong = [name for name in files if Path(name).name != name or name.startswith(".")]
    if wrong:
        raise ValueError(f"not a file name: {wrong[0]!r}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(error, folder) from None
    rooms.sweep(folder.parent, STAGING)
    with rooms.room(folder.parent, STAGING) as staging:
        for name, content in files.items():
            (staging / name).write_bytes(content)
        (staging / MARK).write_text("This folder is replaced as a whole when it is made again.\n")
        put_in_place(staging, folder)
    return [folder / name for name in files]


def refuse_strangers(folder: Path) -> None:
    """Raise a Problem if the folder holds anything that we did not put there."""
    if folder.exists() and not folder.is_dir():
        raise Problem("this is a file, not a folder", folder, todo="Choose another --out.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        what = "there are other files in this folder"
        raise Problem(what, folder, todo="Choose an empty or a new folder: nothing was changed.")


def staging_folder(parent: Path, prefix: str = STAGING) -> Path:
    """A new folder to write into, beside the one it is for, with the rights that the user's umask gives."""
    staging = parent / f"{prefix}{uuid.uuid4().hex}"
    staging.mkdir()
    return staging


def put_in_place(staging: Path, folder: Path) -> None:
    """Swap a finished folder in, once it is on the disk; an earlier one stays until then.

    Where the system can exchange two folders in one step (Linux), there is no moment without one. Elsewhere the
    earlier one is moved aside first, and `tidy_up` moves it back if the process ends in between.
    """
    for path in staging.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    _sync_folder(staging)
    if not folder.exists():
        staging.rename(folder)
    elif _exchanged(staging, folder):
        shutil.rmtree(staging, ignore_errors=True)  # the earlier one, by now
    else:
        _moved_aside(staging, folder)
    _sync_folder(folder.parent)


def write_file(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file whole: aside, onto the disk, then under its name, with what the user's umask leaves of a mode.

    Where the name is a link, the link stays one.
    """
    path = path.resolve()
    rooms.sweep(path.parent, STAGING)
    with rooms.room(path.parent, STAGING) as staging:
        with open(staging / path.name, "xb", opener=partial(os.open, mode=mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        (staging / path.name).replace(path)


def tidy_up(parent: Path, staging: str) -> None:
    """Remove what a process left that was ended while it wrote into this folder; nobody may write there now."""
    for left in sorted(parent.glob(f"{ASIDE}*/*")):
        if not (parent / left.name).exists():
            left.rename(parent / left.name)
    for left in [*parent.glob(f"{staging}*"), *parent.glob(f"{ASIDE}*")]:
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def _moved_aside(staging: Path, folder: Path) -> None:
    old = staging_folder(folder.parent, ASIDE)
    folder.rename(old / folder.name)
    staging.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _exchanged(first: Path, second: Path) -> bool:
    """Swap two folders' names in one step; False where the system or its disk cannot."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)  # not in the standard library
    here, exchange = -100, 2  # AT_FDCWD and RENAME_EXCHANGE, from Linux's fcntl.h and fs.h
    return rename is not None and rename(here, os.fsencode(first), here, os.fsencode(second), exchange) == 0


def _sync_folder(folder: Path) -> None:
    """Put a folder's list of names onto the disk, where folders can be opened (not on Windows)."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
