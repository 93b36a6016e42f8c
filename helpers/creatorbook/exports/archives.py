"""Archives: opened, and refused from their table of contents where they could do harm."""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from creatorbook.exports.files import ARCHIVES
from creatorbook.problems import Problem

MOST_MEMBERS = 500  #: files in one archive
LARGEST_ARCHIVE = 4 * 1024**3  #: bytes that one archive may unpack to
HIGHEST_RATIO = 300  #: how many times larger unpacked than packed; tables come to 5 to 50
SMALL_MEMBER = 10 * 1024**2  #: bytes below which the ratio does not matter


def open_archive(path: Path) -> zipfile.ZipFile:
    """An archive, opened.

    Raises:
        Problem: it is none, or broken.
    """
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Problem(
            f"this archive cannot be opened: {error}", path, todo="Unpack it and put the files into exports/."
        ) from None


def check_archive(path: Path, members: Sequence[zipfile.ZipInfo], largest: int | None = None) -> None:
    """Refuse an archive that could do harm, from its table of contents alone.

    Raises:
        Problem: too many or too large members, names that lead elsewhere, links, archives inside, a password.
    """
    if len(members) > MOST_MEMBERS:
        raise refused(path, f"it holds {len(members)} files, more than {MOST_MEMBERS}")
    for member in members:
        name, inside = member.filename, PurePosixPath(member.filename.replace("\\", "/"))
        if inside.is_absolute() or ".." in inside.parts or re.match(r"[A-Za-z]:", name):
            raise refused(path, f"its file “{name}” would be written outside the folder")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise refused(path, f"its file “{name}” is a symbolic link")
        if inside.suffix.lower() in ARCHIVES:
            raise refused(path, f"it holds another archive, “{name}”")
        if member.flag_bits & 1:
            raise refused(path, f"its file “{name}” needs a password")
        if member.file_size > max(SMALL_MEMBER, HIGHEST_RATIO * member.compress_size):
            raise refused(
                path, f"its file “{name}” unpacks to more than {HIGHEST_RATIO} times its size (a zip bomb)"
            )
    largest = largest or LARGEST_ARCHIVE
    if sum(member.file_size for member in members) > largest:
        raise refused(path, f"it unpacks to more than {largest / 1024**3:g} GB")


def refused(path: Path, why: str) -> Problem:
    """What is said of an archive that is not opened."""
    return Problem(
        f"refused: {why}", path, todo="Unpack it yourself, look at it, and put the tables into exports/."
    )
