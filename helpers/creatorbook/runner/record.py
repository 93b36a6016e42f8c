"""What happened to a notebook, written down as it happens.

The record is made of what the kernel's client told and raised, never of papermill's cell status: papermill
marks timed-out and killed cells as completed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Literal

Status = Literal["ok", "failed", "timed out", "killed", "skipped"]

#: Statuses of a notebook that did not end well.
BAD_STATUSES: tuple[Status, ...] = ("failed", "timed out", "killed")


@dataclass(frozen=True)
class CellTime:
    """How long one code cell ran, in seconds from being sent to being answered."""

    cell: str
    seconds: float


@dataclass(frozen=True)
class Run:
    """What became of one notebook.

    Attributes:
        seconds: from asking for a kernel until it is gone.
        cell: id of the cell that failed, ran too long, or was running when the kernel died.
        cause: the error in plain words.
        error: the kind of error, such as `KeyError`; empty for a client's own mistake.
        cells: its code cells in order, as far as they ended.
        restarted: whether the first kernel was lost before its first cell and an ordinary one took over.
    """

    notebook: str
    status: Status
    seconds: float = 0.0
    cell: str = ""
    cause: str = ""
    error: str = ""
    cells: tuple[CellTime, ...] = ()
    restarted: bool = False


class Recorder:
    """Listens to one run of a notebook: which cell was sent last, and how long each took."""

    def __init__(self) -> None:
        self.cell = ""
        self.cells: list[CellTime] = []
        self._sent = 0.0

    @property
    def began(self) -> bool:
        """Whether a cell was sent; from then on nothing may be run a second time."""
        return bool(self.cell)

    def sent(self, cell: Any, cell_index: int) -> None:
        """A code cell is about to be sent to the kernel."""
        self.cell = str(cell.get("id") or f"number {cell_index + 1}")
        self._sent = time.monotonic()

    def answered(self, cell: Any, cell_index: int, execute_reply: Any) -> None:
        """The kernel answered, with a result or an error."""
        self.cells.append(CellTime(self.cell, round(time.monotonic() - self._sent, 3)))
