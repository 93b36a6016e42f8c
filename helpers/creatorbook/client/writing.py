"""Writing into a client folder: one at a time, whoever writes, and rows only ever added.

Every act and form takes the client's lock around reading, deciding and writing, so that nobody decides on what
another has changed meanwhile. The lock is the client's id file: what writes first makes the id, and the key with it.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from creatorbook import locks
from creatorbook.client.hash_key import KEY_FILE, has_key, make_key
from creatorbook.client.identity import ID_FILE, make_id
from creatorbook.problems import Problem, as_problem
from creatorbook.text.plain_text import for_csv


@contextmanager
def writing(folder: Path, *, makes_key: bool = True) -> Iterator[None]:
    """Keep everybody else from writing into a client folder until the end of the block.

    Args:
        folder: the client's.
        makes_key: whether a folder without a key gets one; not for what no report is made from, as it would change that.

    Raises:
        Problem: somebody else writes there for a minute, two folders have this client's id, or what is written in the
            block cannot be written.
    """
    try:
        with locks.locked(folder / ID_FILE):
            make_id(folder)
            if makes_key and not has_key(folder):
                keep_out_of_git(folder, KEY_FILE)  # first: a call that ends in between leaves no key to git
                make_key(folder)
            yield
    except TimeoutError:
        todo = "Wait until they are done, and do it again; nothing was written."
        raise Problem("somebody else is writing into this client's folder", folder, todo=todo) from None
    except OSError as error:
        raise as_problem(error) from error


def keep_out_of_git(folder: Path, name: str) -> None:
    """Name something in the client folder's `.gitignore`, once."""
    path = folder / ".gitignore"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    if name not in lines:
        append_text(path, f"{name}\n")


def append_rows(path: Path, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Add rows to a CSV file of ours, in its own order of columns; what stands there, or is linked there, stays.

    Args:
        path: made, with these columns, if it is not there.
        rows: column → cell.
        columns: of a new file.
    """
    first = _first_line(path)
    header = next(csv.reader([first.removeprefix("\ufeff")]), [])
    text = io.StringIO(newline="")
    line_end = "\r\n" if first.endswith("\r\n") else "\n"
    writer = csv.DictWriter(text, header or columns, extrasaction="ignore", lineterminator=line_end)
    if not header:
        path.write_bytes(b"")  # nothing but blank lines, which would be taken for the header
        writer.writeheader()
    writer.writerows({name: for_csv(cell) for name, cell in row.items()} for row in rows)
    append_text(path, text.getvalue())


def append_text(path: Path, text: str) -> None:
    """Add whole lines to a file, all or none of them; a last line without an end is ended first.

    The file is made longer by zero bytes before they are written over, so that half a line, should this process be
    killed or the power go, ends in some of them: `without_half_line` tells it by that.
    """
    path.touch()
    with path.open("rb+", buffering=0) as file:
        content = file.read()
        whole = without_half_line(content)
        file.truncate(len(whole))
        file.seek(len(whole))
        try:
            if whole and not whole.endswith(b"\n"):
                os.write(file.fileno(), b"\n")
                os.fsync(file.fileno())
            left = memoryview(text.encode("utf-8"))
            file.truncate(file.tell() + len(left))
            while left:
                left = left[os.write(file.fileno(), left) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(len(whole))
            raise


def without_half_line(content: bytes) -> bytes:
    """What is whole of a file that lines are added to: without one that `append_text` had begun when it was ended."""
    written = content.rstrip(b"\0")
    if len(written) == len(content) or b"\0" in written:  # UTF-16 has them everywhere
        return content
    return written[: written.rfind(b"\n") + 1]


def _first_line(path: Path) -> str:
    """The first line with anything in it; empty where there is none."""
    if not path.is_file():
        return ""
    text = without_half_line(path.read_bytes()).decode("utf-8")
    return next((line for line in io.StringIO(text, newline="") if line.strip("\ufeff \t\r\n")), "")
