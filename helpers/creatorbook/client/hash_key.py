"""The key with which a client's customers, commenters and forgotten people are hashed (a keyed hash tells nobody who)."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_FILE = "hash.key"


def hash_key(folder: Path) -> tuple[bytes, str]:
    """The client's hashing key, and a remark for the receipts if there is no key file.

    Without one the folder's name is the key, so that the same customer has the same hash in every run;
    whoever knows the name can then test whether an e-mail address they already have is in the data.
    """
    path = folder / KEY_FILE
    if path.is_file() and (key := path.read_bytes().strip()):
        return key, ""
    return folder.name.encode(), (
        f"no {KEY_FILE} in the client folder: e-mails are hashed with the folder's name as the key; "
        f"“python3 workbook.py new” makes a better one"
    )


def make_hash_key(folder: Path, key: bytes = b"") -> bytes:
    """The client's key, written for its owner's eyes only where there is none yet; one is drawn unless it is given."""
    path = folder / KEY_FILE
    if path.is_file() and (own := path.read_bytes().strip()):
        return own
    made = key or secrets.token_hex(32).encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(made + b"\n")
    return made
