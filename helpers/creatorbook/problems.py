"""The one kind of error a user sees: what is wrong, where, what was expected and what to do."""

from __future__ import annotations

import re
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
