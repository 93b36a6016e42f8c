"""The user's own data folder: what this computer knows of clients that does not belong into their folders.

keys/<hash of a folder>     the key that hashes a client's identifiers until its folder has one of its own
clients/<id>                the folder in which a client was seen last
rooms/<random>              where somebody writes a file just now, should they be killed
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def user_file(kind: str, name: str) -> Path | None:
    """Where one thing is kept, its folder made; None where this user has no place that can be written."""
    folder = platformdirs.user_data_path("creatorbook", appauthor=False) / kind
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return folder / name if os.access(folder, os.W_OK) else None
