"""The one kind of error a user sees: what is wrong, where, what was expected and what to do."""

from __future__ import annotations

import errno
import os
import re
import traceback
from dataclasses import dataclass
from pathlib import Path

LONGEST_QUOTE = 120  #: characters of what somebody wrote that a message repeats
LONGEST_MESSAGE_LINE = 2_000  #: characters of one line of a message
_QUOTE = re.compile(r"“([^“”\n]*)”")


def shortened(text: str, most: int = LONGEST_QUOTE) -> str:
    """A text that was found in a file, at most so long that a message can repeat it."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def bounded(message: str) -> str:
    """A message whose quotes (“…”) and lines are cut to a length, whatever was found in a file."""
    lines = (_QUOTE.sub(lambda quote: f"“{shortened(quote[1])}”", line) for line in message.split("\n"))
    return "\n".join(shortened(line, LONGEST_MESSAGE_LINE) for line in lines)


@dataclass
class Problem(Exception):  # noqa: N818 - the word a user reads
    """A mistake in the user's files or in the call, told without a traceback and at no great length.

    Attributes:
        what: what is wrong, in one sentence.
        file: the file it is in, if it is in one.
        line: 1-based line, record or row number in that file.
        column: the column or key concerned.
        todo: what the user can do about it.
    """

    what: str
    file: Path | str | None = None
    line: int | None = None
    column: str | None = None
    todo: str = ""

    def __post_init__(self) -> None:
        self.what, self.todo = bounded(self.what), bounded(self.todo)
        self.column = shortened(self.column) if self.column else self.column
        super().__init__(str(self))

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                str(self.file) if self.file else "",
                f"line {self.line}" if self.line else "",
                f"column “{self.column}”" if self.column else "",
            )
            if part
        )
        text = f"{place}: {self.what}" if place else self.what
        return f"{text}\n  → {self.todo}" if self.todo else text

    def _render_traceback_(self) -> list[str]:
        """IPython calls this in place of printing a traceback."""
        return str(self).splitlines()


def as_problem(error: BaseException) -> Problem:
    """Whatever stopped a call, in a sentence for the person who made it: their files, their computer, or our mistake."""
    if isinstance(error, Problem):
        return error
    if short := short_of(error):
        return short
    if isinstance(error, OSError):
        return _file_problem(error)
    if isinstance(error, ImportError):
        return Problem(
            f"a part of creatorbook's environment is missing or damaged: {error}",
            todo="Run the same command again: workbook.py mends .venv. In an environment of your own, install "
            "creatorbook again.",
        )
    text = bounded(traceback.format_exception_only(error)[-1].strip())
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return Problem(f"creatorbook itself failed: {text}{place}")


def short_of(error: BaseException) -> Problem | None:
    """What this computer had too little of, memory or disk; `None` for any other error."""
    number = getattr(error, "errno", None)  # Windows says it in its user's language
    text = os.strerror(number) if number in _OF_A_SHORTAGE else str(error)
    return short_in_words(
        "OSError" if isinstance(error, OSError) else type(error).__name__,
        text,
        getattr(error, "filename", None),
    )


def short_in_words(kind: str, text: str, file: str | None = None) -> Problem | None:
    """The same of an error of which only the name of its class and its text are known, as of another process's."""
    if kind.endswith("MemoryError") or (kind in _RAISED_FROM_BELOW and _NO_MEMORY.search(text)):
        return Problem(
            "this computer's memory was not enough",
            todo="Close other programs, or make fewer reports side by side (--jobs 1), and run the same command "
            "again. Nothing half written was left.",
        )
    if kind in _RAISED_FROM_BELOW and _DISK_FULL.search(text):
        return Problem(
            "the disk is full",
            file,
            todo="Make room and run the same command again: it goes on where it stopped. Nothing half written was left.",
        )
    return None


def unwritable(error: OSError, place: Path) -> Problem:
    """What kept a folder that somebody chose from being written: a full disk, or the folder itself."""
    return short_of(error) or Problem(
        f"cannot be written: {error.strerror or error}", place, todo="Choose another --out."
    )


_OF_A_SHORTAGE = {
    errno.ENOMEM,
    errno.EAGAIN,
    errno.ENOSPC,
    errno.EFBIG,
    getattr(errno, "EDQUOT", errno.ENOSPC),
}

#: Errors with which the system, a library's C++ or DuckDB say that something ran out; others may quote a client's text.
_RAISED_FROM_BELOW = {
    *("OSError", "ImportError", "RuntimeError", "SystemError"),
    *("IOException", "OutOfMemoryException", "InternalException", "FatalException"),
}

#: How they say it of memory, processes and threads, and of a disk or a quota.
_NO_MEMORY = re.compile(
    "bad_alloc|cannot allocate memory|failed to map segment|can.t start new thread|unable to allocate|out of memory"
    "|failed to allocate|resource temporarily unavailable",
    re.IGNORECASE,
)
_DISK_FULL = re.compile(
    "no space left on device|not enough space on the disk|file too large|quota exceeded", re.IGNORECASE
)


def _file_problem(error: OSError) -> Problem:
    """What the system said about a file, for a reader: a folder that may not be written, a reader that went away."""
    if isinstance(error, BrokenPipeError):
        return Problem(
            "the program that read the output has ended", todo="What was asked for may be half told."
        )
    return Problem(
        f"cannot be read or written: {error.strerror or error}",
        error.filename,
        todo="Check the folder and its rights, and run the same command again. Nothing half written was left.",
    )
