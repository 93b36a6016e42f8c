"""Printing a report beside other work: the command `report` in a process of its own, with what it is doing right now."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from creatorbook.client import repository
from creatorbook.client.report_places import TO_SEND, WORKING
from creatorbook.problems import Problem
from creatorbook.runner import places
from creatorbook.runner.jobs import Job

#: what of an edition a person opens
OPENED = {".html", ".pdf", ".xlsx"}


@dataclass(frozen=True)
class PrintedReport:
    """What became of a report.

    Attributes:
        outcome: `done` or `unchanged`.
        folder: the edition.
        seconds: how long it took.
        remarks: what could not be done in it, and what would settle that.
    """

    outcome: str
    folder: Path
    seconds: float
    remarks: tuple[str, ...]

    @property
    def files(self) -> dict[str, Path]:
        """Paper and name → file of the edition, of those that a person opens; what is sent comes first."""
        papers = [self.folder / TO_SEND, self.folder / WORKING]
        return {
            path.relative_to(self.folder).as_posix(): path
            for paper in papers
            if paper.is_dir()
            for path in sorted(paper.iterdir())
            if path.suffix in OPENED
        }


class Printing:
    """A report that is being printed; an interrupt of this process is not one of it."""

    def __init__(self, client: Path, campaign: str, stage: str | None = None, *, force: bool = False) -> None:
        """Begin.

        Args:
            client: its folder.
            campaign: the campaign's file name.
            stage: `plan`, `pulse` or `results`; none means found from dates and files.
            force: print again although nothing changed.
        """
        self.job = places.placed([Job(client, repository.REPORTS.resolve(), campaign, stage)])[0]
        options = ["--campaign", campaign, "--out", str(self.job.out), "--json"]
        options += ["--stage", stage] if stage else []
        options += ["--force"] if force else []
        command = [sys.executable, "-P", "-m", "creatorbook", "report", str(client), *options]
        self._output, self._errors = (tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115 - pipes would fill up; `result` closes them
        self._process = subprocess.Popen(  # noqa: S603 - our own Python
            command, stdout=self._output, stderr=self._errors, start_new_session=True
        )

    def step(self) -> str:
        """What is being done right now; empty between two steps."""
        return places.step_of(self.job)

    def ended(self, seconds: float) -> bool:
        """Whether it has ended, after so many seconds of waiting at the most."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def result(self) -> PrintedReport:
        """What became of it, once it has ended.

        Raises:
            Problem: no report was printed; the cause is told.
        """
        output, errors = _text(self._output), _text(self._errors)
        try:
            edition: dict[str, Any] = json.loads(output)["clients"][0]
        except (ValueError, LookupError):
            raise Problem(errors.strip() or "printing was ended before the report was done") from None
        if edition["folder"] is None:
            raise Problem(edition["cause"])
        return PrintedReport(
            edition["outcome"], Path(edition["folder"]), edition["seconds"], tuple(edition["remarks"])
        )


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    with file:
        return file.read().decode("utf-8", "replace")
