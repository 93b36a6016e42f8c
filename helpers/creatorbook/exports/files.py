"""Which files a client's `exports/` folder holds, and nothing outside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from creatorbook.problems import Problem

TEXT = {".csv", ".tsv", ".txt"}
WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}
ARCHIVES = {".zip"}
READABLE = TEXT | WORKBOOKS | ARCHIVES | {".jsonl", ".ndjson", ".parquet"}


@dataclass(frozen=True)
class ExportFile:
    """One file to read.

    Attributes:
        path: where it is.
        name: how a person calls it: the path inside `exports/`, with forward slashes.
        handle: the account it belongs to, if it lies in `exports/creators/<handle>/`.
        digest: SHA-256 of its bytes.
        member: the file inside an archive, or the sheet of a workbook, that is meant; empty for the whole.
    """

    path: Path
    name: str
    handle: str | None
    digest: str
    member: str = ""


def find_files(folder: Path) -> list[ExportFile]:
    """Every readable file in `exports/`, in alphabetical order.

    Raises:
        Problem: a symbolic link leads out of the client folder, or a file cannot be opened.
    """
    exports = folder / "exports"
    if not exports.is_dir():
        return []
    _stay_inside(exports, folder)
    paths = sorted(path for path in exports.rglob("*") if not _hidden(path, exports))
    for path in paths:
        _stay_inside(path, folder)
    return [_file(path, exports) for path in paths if path.is_file() and path.suffix.lower() in READABLE]


def unreadable_files(folder: Path) -> list[str]:
    """Names of files in `exports/` of a kind that no reader opens (pictures, documents …)."""
    exports = folder / "exports"
    if not exports.is_dir():
        return []
    return [
        path.relative_to(exports).as_posix()
        for path in sorted(exports.rglob("*"))
        if path.is_file() and not _hidden(path, exports) and path.suffix.lower() not in READABLE
    ]


def _hidden(path: Path, exports: Path) -> bool:
    """Files of the system or of an open office program: `.DS_Store`, `~$book.xlsx`."""
    return any(part.startswith((".", "~$")) for part in path.relative_to(exports).parts)


def _stay_inside(path: Path, folder: Path) -> None:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Problem(
            "a link that leads out of the client folder is not followed",
            path,
            todo="Copy the file itself into exports/.",
        )


def _file(path: Path, exports: Path) -> ExportFile:
    name = path.relative_to(exports)
    in_creator_folder = len(name.parts) > 2 and name.parts[0].lower() == "creators"
    handle = name.parts[1].lstrip("@").lower() if in_creator_folder else None
    try:
        with path.open("rb") as raw:
            digest = hashlib.file_digest(raw, "sha256").hexdigest()
    except OSError as error:
        raise Problem(
            f"cannot be read: {error.strerror}", path, todo="Check that you may open the file."
        ) from None
    return ExportFile(path, name.as_posix(), handle, digest)
