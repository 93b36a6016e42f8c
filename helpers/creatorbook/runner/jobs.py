"""What is asked of a run, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from creatorbook.runner.record import Run

Outcome = Literal["done", "unchanged", "failed"]


@dataclass(frozen=True)
class Job:
    """What to print: a client folder and the choices of the call.

    Attributes:
        out: folder that all clients' editions go to.
        place: the client's own folder there; none means under the client folder's name.
        campaign, stage, as_of: as asked; none means found from the client's files.
        force: print again although nothing changed.
        timeout: seconds one cell may take; none means `execute.CELL_TIMEOUT`.
        cleared: who clears the edition for sending, and on which day: its pages do not say “Draft”; none means nobody.
        switches: which plugins are on (`plugins.switches`); none means as where it runs.
    """

    client: Path
    out: Path
    campaign: str | None = None
    stage: str | None = None
    as_of: str | None = None
    force: bool = False
    timeout: int | None = None
    place: str = ""
    cleared: tuple[str, str] | None = None
    switches: tuple[tuple[str, str], ...] | None = None

    @property
    def name(self) -> str:
        """What the client is called among the reports: no two clients of one `out` have the same."""
        return self.place or self.client.name


@dataclass(frozen=True)
class Edition:
    """What became of a job.

    Attributes:
        folder: where the edition is, unless it failed.
        cause: what went wrong, in plain words.
        remarks: what could not be done in it, and what would settle that.
        runs: what became of each notebook, in order; empty if none was reached.
        stages: seconds per stage of the work: `open`, `notebooks`, `print`, `store`.
    """

    client: str
    outcome: Outcome
    seconds: float
    folder: Path | None = None
    cause: str = ""
    remarks: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    stages: dict[str, float] = field(default_factory=dict)
