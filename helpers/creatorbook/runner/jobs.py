"""What is asked of a run, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Outcome = Literal["done", "unchanged", "failed"]


@dataclass(frozen=True)
class Job:
    """What to print: a client folder and the choices of the call.

    Attributes:
        out: folder that all clients' editions go to.
        campaign, stage, as_of: as asked; none means found from the client's files.
        force: print again although nothing changed.
    """

    client: Path
    out: Path
    campaign: str | None = None
    stage: str | None = None
    as_of: str | None = None
    force: bool = False


@dataclass(frozen=True)
class Edition:
    """What became of a job.

    Attributes:
        folder: where the edition is, unless it failed.
        cause: what went wrong, in plain words.
        remarks: what could not be done in it, and what would settle that.
    """

    client: str
    outcome: Outcome
    seconds: float
    folder: Path | None = None
    cause: str = ""
    remarks: tuple[str, ...] = ()
