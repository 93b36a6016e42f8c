"""Which files of a client folder are read: with content of their own, and inside it."""

from __future__ import annotations

from pathlib import Path


def files_in(folder: Path, pattern: str = "**/*") -> list[Path]:
    """The files beneath a folder whose path fits, in alphabetical order.

    Pipes, devices and sockets are passed over: who opens one can wait for ever, or read without end.
    """
    return [path for path in sorted(folder.glob(pattern)) if path.is_file()]


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a path is beneath a folder, wherever links lead."""
    return path.resolve().is_relative_to(folder.resolve())
