"""How a batch tells what it does: one live display in a terminal, plain lines elsewhere, JSON, or only failures."""

from __future__ import annotations

import json
import os
import sys
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from creatorbook.runner import places
from creatorbook.runner.jobs import Edition, Job
from creatorbook.text.plain_text import for_terminal


class Lines(AbstractContextManager["Lines"]):
    """One line per client as it ends; with `quiet`, only what failed."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet

    def __exit__(self, *_exception: object) -> None:
        """Nothing is open."""

    def done(self, edition: Edition) -> None:
        """A client's edition ended."""
        if not self.quiet:
            print("\n".join(edition_lines(edition)), flush=True)  # noqa: T201 - the command's output
        if edition.cause:
            named = f"{edition.client}: " if self.quiet else "  "
            print(for_terminal(f"{named}{edition.cause}"), file=sys.stderr, flush=True)  # noqa: T201


class Display(AbstractContextManager["Display"]):
    """A live display: clients done, failures so far, time left, and what is being done right now."""

    def __init__(self, jobs: list[Job], console: Console | None = None) -> None:
        self.jobs = {job.name: job for job in jobs}
        self.console = console or Console(highlight=False)
        self.failed = 0
        self.bar = Progress(
            TextColumn("reports"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[failed]}"),
            TextColumn("time left"),
            TimeRemainingColumn(),
            console=self.console,
        )
        self.task = self.bar.add_task("reports", total=len(jobs), failed="none failed")
        self.live = Live(get_renderable=self._shown, console=self.console, refresh_per_second=2)

    def __enter__(self) -> Self:
        """Start drawing."""
        self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the last state on the screen."""
        self.live.stop()

    def done(self, edition: Edition) -> None:
        """A client's edition ended."""
        self.jobs.pop(edition.client, None)
        for line in [*edition_lines(edition), *([f"  {edition.cause}"] if edition.cause else [])]:
            self.console.print(Text(for_terminal(line)), soft_wrap=True)
        self.failed += edition.outcome == "failed"
        failures = f"{self.failed} failed" if self.failed else "none failed"
        self.bar.update(self.task, advance=1, failed=failures)

    def _shown(self) -> Group:
        steps = [(name, places.step_of(job)) for name, job in self.jobs.items()]
        running = [
            Text(for_terminal(f"  {name}: {step}"), overflow="ellipsis") for name, step in steps if step
        ]
        return Group(*running[:12], self.bar)


def edition_lines(edition: Edition) -> list[str]:
    """What became of a client, as lines of text."""
    place = near(edition.folder) if edition.folder else "no report"
    first = f"{edition.client}: {edition.outcome} in {edition.seconds:.1f} s, {place}"
    return [for_terminal(line) for line in (first, *(f"  {remark}" for remark in edition.remarks))]


def batch_json(editions: list[Edition], out: Path) -> str:
    """What became of a batch, as one JSON document."""
    clients = [
        {**asdict(edition), "folder": str(edition.folder) if edition.folder else None} for edition in editions
    ]
    failed = sum(edition.outcome == "failed" for edition in editions)
    return json.dumps(
        {"reports": str(out), "failed": failed, "clients": clients}, ensure_ascii=False, indent=1
    )


def near(path: Path) -> str:
    """A path as short as it can be told."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
