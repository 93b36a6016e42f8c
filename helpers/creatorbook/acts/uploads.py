"""Putting files into a client's `exports/`: as they came, under their own names, nothing overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from creatorbook.client.writing import writing
from creatorbook.deliver import write_file
from creatorbook.problems import Problem

#: Signs that a file name must not hold: they mean something to one system or another.
_NO_NAME = set('/\\:*?"<>|') | {chr(number) for number in range(32)}


def add_exports(folder: Path, files: Iterable[tuple[str, bytes]]) -> list[str]:
    """Write files into `exports/`, all or none; the lines that say what was done.

    Args:
        folder: the client's.
        files: name and content.

    Raises:
        Problem: a name that no file can have, an empty file, or another file of that name is there.
    """
    wanted = [(export_path(folder, name), content) for name, content in files]
    lines = []
    with writing(folder):
        new = []
        for path, content in wanted:
            if not content:
                raise Problem(f"{path.name} is empty", todo="Export it again; nothing was written.")
            if not path.exists():
                new.append((path, content))
            elif path.is_file() and path.read_bytes() == content:
                lines.append(f"exports/{path.name} is there already")
            else:
                raise Problem(
                    f"exports/{path.name} is there already and says something else",
                    todo="Give the new file another name, or take the old one out of the folder; nothing was written.",
                )
        try:
            for path, content in new:
                path.parent.mkdir(exist_ok=True)
                write_file(path, content)
        except OSError:
            for path, _ in new:
                path.unlink(missing_ok=True)
            raise
        lines += [f"wrote exports/{path.name}" for path, _ in new]
    return lines


def file_to_add(place: str) -> tuple[str, bytes]:
    """Name and content of a file on this computer.

    Raises:
        Problem: there is no such file, or it cannot be read.
    """
    path = Path(place.strip().strip("\"'")).expanduser()
    if not path.is_file():
        raise Problem("there is no such file", path, todo="Copy the whole path, with the file's name.")
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", path) from None


def export_path(folder: Path, name: str) -> Path:
    """Where a file goes in a client's folder: under its own name, nothing of a path.

    Raises:
        Problem: a name that no file can have.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    if not last or last.startswith(".") or _NO_NAME & set(last):
        raise Problem(f"“{name}” cannot be a file's name here", todo="Give it a plain name, as orders.csv.")
    return folder / "exports" / last
