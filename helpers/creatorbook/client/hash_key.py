"""The key that hashes a client's identifiers: `hash.key` in its folder, made with its id; until then the user's own.

A key is random and read by its owner only. Only sample clients, whose people are made up, have public ones.
"""

from __future__ import annotations

import contextlib
import secrets
from functools import cache
from pathlib import Path

from creatorbook.client.identity import id_of_place
from creatorbook.client.repository import is_sample
from creatorbook.deliver import write_file
from creatorbook.locks import locked
from creatorbook.problems import Problem
from creatorbook.user_data import user_file

KEY_FILE = "hash.key"
OWNER_ONLY = 0o600


def hash_key(folder: Path) -> bytes:
    """The key of a client folder; nothing is written into the folder.

    Raises:
        Problem: `hash.key` cannot be read.
    """
    path = folder / KEY_FILE
    try:
        key = path.read_bytes().strip() if path.is_file() else b""
    except PermissionError:
        todo = "It is its owner's only: let them run this, or give you a copy that you own."
        raise Problem("the client's key may not be read by you", path, todo=todo) from None
    if key:
        return key
    return folder.name.encode() if is_sample(folder) else _users_key(folder.resolve())


def has_key(folder: Path) -> bool:
    """Whether a client folder has a key of its own."""
    path = folder / KEY_FILE
    return path.is_file() and path.stat().st_size > 0


def make_key(folder: Path) -> None:
    """Give a client folder that has none a key: the one that was used until now."""
    _write_key(folder / KEY_FILE, hash_key(folder))
    users = _users_key_file(folder.resolve())
    if users is not None:
        users.unlink(missing_ok=True)


def _users_key(folder: Path) -> bytes:
    """The key that the user's data folder holds for a client folder, made where there is none."""
    path = _users_key_file(folder)
    if path is None:
        return _passing_key(folder)
    with contextlib.suppress(OSError):
        return path.read_bytes().strip()
    try:
        with locked(path.with_name("lock")):
            if not path.is_file():
                _write_key(path, secrets.token_hex(32).encode())
            return path.read_bytes().strip()
    except OSError:
        return _passing_key(folder)


def _users_key_file(folder: Path) -> Path | None:
    return user_file("keys", id_of_place(folder))


@cache
def _passing_key(_folder: Path) -> bytes:
    """A key for this process, where the user has no folder that can be written; no figure depends on a key."""
    return secrets.token_hex(32).encode()


def _write_key(path: Path, key: bytes) -> None:
    """Write a key, for its owner only."""
    write_file(path, key + b"\n", OWNER_ONLY)
