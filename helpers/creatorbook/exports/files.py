"""Which files a client's `exports/` folder holds, and nothing outside it."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from creatorbook.client.own_files import files_in, lies_in
from creatorbook.problems import Problem
from creatorbook.text.handles import plain_handle

_PIECE, _READ = 16_777_216, 262_144  #: bytes of a file hashed by one core, and read in one go
LONGEST_LINE = 8_388_608  #: bytes; a longer line is not a table

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
        digest: tells its bytes from any others.
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
    paths = sorted(path for path in exports.rglob("*") if not _hidden(path, exports))
    for path in (exports, *paths):
        _stay_inside(path, folder)
    return [
        _file(path, exports)
        for path in files_in(exports)
        if not _hidden(path, exports) and path.suffix.lower() in READABLE
    ]


def unreadable_files(folder: Path) -> list[str]:
    """Names of files in `exports/` of a kind that no reader opens (pictures, documents …)."""
    exports = folder / "exports"
    if not exports.is_dir():
        return []
    return [
        path.relative_to(exports).as_posix()
        for path in files_in(exports)
        if not _hidden(path, exports) and path.suffix.lower() not in READABLE
    ]


def _hidden(path: Path, exports: Path) -> bool:
    """Files of the system or of an open office program: `.DS_Store`, `~$book.xlsx`."""
    return any(part.startswith((".", "~$")) for part in path.relative_to(exports).parts)


def _stay_inside(path: Path, folder: Path) -> None:
    if path.is_symlink() and not path.exists():  # to nothing, or round in a circle
        raise Problem("is a link that leads nowhere", path, todo="Put the file itself into exports/.")
    if not lies_in(path, folder):
        raise Problem(
            "a link that leads out of the client folder is not followed",
            path,
            todo="Copy the file itself into exports/.",
        )


def digest_of(path: Path) -> str:
    """SHA-256 of the SHA-256 of each piece of a file, pieces on all cores at once.

    Of a file that begins with more NUL bytes than a line may have, only its size: such a file is refused by its beginning.
    """
    size = path.stat().st_size
    pieces = range(max(1, -(-size // _PIECE)))
    if len(pieces) > 1 and _begins_with_nothing(path):
        return hashlib.sha256(f"{size} bytes, the first {LONGEST_LINE} of them NUL".encode()).hexdigest()
    if len(pieces) == 1:
        digests = [_digest_of_piece(path, 0)]
    else:
        with ThreadPoolExecutor(2) as pool:
            digests = list(pool.map(partial(_digest_of_piece, path), pieces))
    return hashlib.sha256(b"".join(digests)).hexdigest()


def _begins_with_nothing(path: Path) -> bool:
    with path.open("rb", buffering=0) as raw:
        left = LONGEST_LINE
        while left and (part := raw.read(min(left, _READ))):
            if part.count(0) < len(part):
                return False
            left -= len(part)
    return True


def _digest_of_piece(path: Path, piece: int) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as raw:
        raw.seek(piece * _PIECE)
        left = _PIECE
        while left and (part := raw.read(min(left, _READ))):
            digest.update(part)
            left -= len(part)
    return digest.digest()


def _file(path: Path, exports: Path) -> ExportFile:
    name = path.relative_to(exports)
    in_creator_folder = len(name.parts) > 2 and name.parts[0].lower() == "creators"
    handle = plain_handle(name.parts[1]) if in_creator_folder else None
    try:
        digest = digest_of(path)
    except OSError as error:
        raise Problem(
            f"cannot be read: {error.strerror}", path, todo="Check that you may open the file."
        ) from None
    return ExportFile(path, name.as_posix(), handle, digest)
