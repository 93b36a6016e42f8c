"""Which client is this? Its id, made by the first act that writes and kept in its folder; a folder's name says nothing.

Until an act has made one, the id is a hash of where the folder is. A folder that was copied has the id of the first:
it is asked which of the two is which before anything of one is taken for the other's.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
from pathlib import Path

from creatorbook.deliver import write_file
from creatorbook.problems import Problem
from creatorbook.user_data import user_file

ID_FILE = "client.id"

_LENGTH = 16  #: hexadecimal digits
_WORDS = """\
# By this line a client's reports and records are found wherever its folder lies. In a copy that is to be
# another client, delete this file: the copy gets an id of its own with the first thing that is written there.
"""


def client_id(folder: Path) -> str:
    """The id that tells this client from every other.

    Raises:
        Problem: another folder has the same id, or what is kept is none.
    """
    return ids_of(folder)[0]


def ids_of(folder: Path) -> list[str]:
    """All ids that a client has had: the one made for it, if there is one, and the one of its place.

    Raises:
        Problem: as `client_id`.
    """
    folder = folder.resolve()
    made = _written_id(folder)
    if made:
        _refuse_twin(folder, made)
    return [made, id_of_place(folder)] if made else [id_of_place(folder)]


def id_of_place(folder: Path) -> str:
    """The id of a client folder that nothing was written into yet: a hash of its path."""
    return hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:_LENGTH]


def make_id(folder: Path) -> None:
    """Give a client folder an id, once; for who holds the lock on the file."""
    path = folder.resolve() / ID_FILE
    if not _written_id(path.parent):
        with path.open("ab") as file:
            file.write(f"{_WORDS}{secrets.token_hex(_LENGTH // 2)}\n".encode())
    client_id(path.parent)


def _written_id(folder: Path) -> str:
    """What the folder's id file holds; empty where an act has yet to make it.

    Raises:
        Problem: it cannot be read, or holds something else than an id.
    """
    path = folder / ID_FILE
    if not path.exists():
        return ""
    try:
        text = path.read_bytes().decode("utf-8", "replace").lstrip("\ufeff") if path.is_file() else "none"
    except OSError as error:
        todo = "Check that you may open the file."
        raise Problem(f"cannot be read: {error.strerror}", path, todo=todo) from None
    made = "".join(line.strip() for line in text.splitlines() if not line.startswith("#"))
    if made and not re.fullmatch(rf"[0-9a-f]{{{_LENGTH}}}", made):
        todo = "Put back what stood there, or delete the file: the next act makes a new id, and new places for reports."
        raise Problem("this is no client's id", path, todo=todo)
    return made


def _refuse_twin(folder: Path, made: str) -> None:
    """Raise a Problem where the id was last seen in another folder that still has it; else note that it is here."""
    note = user_file("clients", made)
    if note is None:
        return
    earlier = folder
    with contextlib.suppress(OSError):
        earlier = Path(note.read_text(encoding="utf-8", errors="surrogateescape"))
    if earlier != folder and _is_twin(earlier, folder, made):
        todo = (
            f"If one of them is a copy, delete {ID_FILE} in the copy: it gets an id of its own with the first thing "
            "that is written there. If the client has moved, delete the folder that is left over."
        )
        raise Problem(
            f"two folders have the id of one client: {folder} and {earlier}", folder / ID_FILE, todo=todo
        )
    if earlier != folder or not note.is_file():
        with contextlib.suppress(OSError):
            write_file(note, str(folder).encode("utf-8", "surrogateescape"))


def _is_twin(earlier: Path, folder: Path, made: str) -> bool:
    """Whether another folder has this id, and is not this one under another path."""
    try:
        return _written_id(earlier) == made and not (earlier / ID_FILE).samefile(folder / ID_FILE)
    except (OSError, Problem):
        return False
