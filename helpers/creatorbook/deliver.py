"""A folder of files, written whole or not at all, and only where nothing of anybody else is overwritten."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from creatorbook.problems import Problem

MARK = ".creatorbook"
"""names the folders that we may replace"""


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
        staging = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    except OSError as error:
        raise Problem(f"cannot be written: {error.strerror}", folder, todo="Choose another --out.") from None
    try:
        for name, content in files.items():
            (staging / name).write_bytes(content)
        (staging / MARK).write_text("This folder is replaced as a whole when it is made again.\n")
        put_in_place(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return [folder / name for name in files]


def refuse_strangers(folder: Path) -> None:
    """Raise a Problem if the folder holds anything that we did not put there."""
    if folder.exists() and not folder.is_dir():
        raise Problem("this is a file, not a folder", folder, todo="Choose another --out.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        what = "there are other files in this folder"
        raise Problem(what, folder, todo="Choose an empty or a new folder: nothing was changed.")


def put_in_place(staging: Path, folder: Path) -> None:
    """Swap a finished folder in; an earlier one stays until the new one is on the disk."""
    for path in staging.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    staging.chmod(0o755)  # mkdtemp makes it private
    if not folder.exists():
        staging.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
    folder.rename(old / folder.name)
    staging.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
