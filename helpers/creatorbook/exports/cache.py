"""What was read once is not parsed again: Parquet and receipts, keyed by content, mapping and code.

The cache holds only what the canonical tables hold: no raw cell of a personal column ever reaches it, and no folder
to work in lies in it but for finished tables on their way. A cache that cannot be written is done without.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from creatorbook import rooms
from creatorbook.client import repository
from creatorbook.client.identity import client_id, ids_of
from creatorbook.exports.files import digest_of
from creatorbook.packs import held_packs

LARGEST_CACHE = 4 * 1024**3  #: bytes that all cached tables together may take

#: Packs that decide how a file is read; those that a client, an agency or a package brings are part of every key.
READ_BY = (
    *("column_words", "downloads", "layouts", "layouts_localised", "links", "month_names", "order_kinds"),
    *("order_states", "states", "tax_names"),
)

_PACKAGE = Path(__file__).resolve().parents[1]


def folder() -> Path | None:
    """Where cached tables are; None if that place cannot be written."""
    place = repository.CACHE / "tables"
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return place if os.access(place, os.W_OK) else None


@cache
def code_version() -> str:
    """A hash of everything that decides how a file is read: this package's code, layouts, tables and vocabulary."""
    parts = [*sorted(Path(__file__).parent.glob("*.py")), *sorted((_PACKAGE / "tables").glob("*.py"))]
    parts += [*sorted((_PACKAGE / "text").glob("*.py")), _PACKAGE / "client" / "forgotten.py"]
    parts += [_PACKAGE / "packs" / f"{name}.yml" for name in READ_BY]
    digest = hashlib.sha256()
    for path in parts:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def forget(client: Path) -> None:
    """Throw away what was read from one client's folder; other clients' entries stay, whoever reads them now."""
    place = folder()
    for owner in ids_of(client):
        for path in place.glob(f"{owner}-*") if place else ():
            remove(path)


def key_of(client: Path, parts: Any) -> str:
    """A key for anything JSON can write, of one client, with whose id it begins, under this version of the code."""
    brought = held_packs().digest(*READ_BY)
    text = json.dumps([code_version(), brought, parts], sort_keys=True, default=str)
    return f"{client_id(client)}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def load_entry(path: Path) -> Any:
    """What an entry of the cache holds; None unless it and all its files are there as they were written.

    A disk that filled up or lost its power leaves files that are empty or cut off: those are made again.
    """
    try:
        entry = json.loads(path.read_text(encoding="utf-8"))
        whole = all(_digest(path.parent / name) == digest for name, digest in entry["files"].items())
        return entry["value"] if whole else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def save_entry(path: Path, value: Any, files: Collection[Path]) -> None:
    """Write an entry, once the files that belong to it are in their places."""
    entry = {"value": value, "files": {file.name: _digest(file) for file in files}}
    with whole_at(path) as part:
        part.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")


@contextlib.contextmanager
def whole_at(path: Path) -> Iterator[Path]:
    """Where a file of the cache is to be written: it is moved to its place at once (an atomic write), or not at all."""
    with rooms.room(path.parent) as place:
        yield place / path.name
        if path.is_dir():  # left behind by a reading that did not come to its end
            shutil.rmtree(path)
        (place / path.name).replace(path)


def keep(made: Path, path: Path) -> None:
    """Move a Parquet file, or a folder of them that are one table, to its place in the cache, from whatever disk."""
    with whole_at(path) as part:
        shutil.move(made, part)


def _digest(path: Path) -> list[str]:
    """Tells a file, or a folder of files, from any other."""
    return [digest_of(part) for part in (sorted(path.iterdir()) if path.is_dir() else [path])]


def used(paths: Collection[Path]) -> None:
    """Mark files as used last, so that they are the last to be thrown away."""
    for path in paths:
        with contextlib.suppress(OSError):
            path.touch()


def make_room(cache_folder: Path, keep: Collection[str]) -> None:
    """Throw away what was not used for longest (least recently used), until the cache is within its size; never the files to keep."""
    cached = (path for path in cache_folder.iterdir() if path.is_file() or path.suffix == ".parquet")
    entries = [(path.stat().st_mtime, path.name, _size(path)) for path in cached]
    total = sum(size for _, _, size in entries)
    for _, name, size in sorted(entries):
        if total <= LARGEST_CACHE:
            return
        if name not in keep:
            remove(cache_folder / name)
            total -= size


def _size(path: Path) -> int:
    """Bytes of a file, or of the files in a folder."""
    return sum(part.stat().st_size for part in path.iterdir()) if path.is_dir() else path.stat().st_size


def remove(path: Path) -> None:
    """Throw a file or a folder away; one that is gone already is no mistake."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
