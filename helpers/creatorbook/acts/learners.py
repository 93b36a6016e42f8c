"""Who is learning on this computer, and the marks that are kept of them: `learners/NAME.jsonl`, which git ignores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from creatorbook import locks
from creatorbook.campaign.links import slug
from creatorbook.client import repository
from creatorbook.client.writing import append_text, without_half_line
from creatorbook.deliver import write_file
from creatorbook.problems import Problem, as_problem
from creatorbook.training.lesson import Lesson, Mark
from creatorbook.training.progress import KeptMark, Progress, read_progress

#: Names whose file it is that this computer's lessons go on with.
CURRENT = "current.txt"

#: How the file of a learner's marks ends.
ENDING = ".jsonl"


def name_learner(name: str) -> str:
    """Say who is learning on this computer from now on; the name, as it is kept.

    Raises:
        Problem: there is no name, or the file cannot be written.
    """
    name = " ".join(name.split())
    file = _file(name)
    with _writing():
        if not file.is_file():
            append_text(file, json.dumps({"learner": name}, ensure_ascii=False) + "\n")
        write_file(repository.LEARNERS / CURRENT, (name + "\n").encode("utf-8"))
    return name


def current_learner() -> str:
    """Who is learning on this computer; empty where nobody has said so."""
    try:
        return (repository.LEARNERS / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def keep_mark(learner: str, lesson: Lesson, mark: Mark) -> None:
    """Add a mark to a learner's file.

    Raises:
        Problem: it cannot be written.
    """
    entry = KeptMark.of(lesson, mark)
    with _writing():
        append_text(_file(learner), entry.line() + "\n")


def progress_of(learner: str) -> Progress:
    """A learner's progress; nothing where there is no file."""
    return _read(_file(learner))


def progress_in(folder: Path) -> list[Progress]:
    """The progress of everybody whose file lies in a folder, by name.

    Raises:
        Problem: there is no such folder, or no learner's file in it.
    """
    files = sorted(folder.glob(f"*{ENDING}"))
    if not files:
        todo = f"Name the folder that the learners' files (…{ENDING}) lie in; on each computer they are in learners/."
        raise Problem("no learner's file is here", folder, todo=todo)
    return [_read(path) for path in files]


def _read(path: Path) -> Progress:
    try:
        text = without_half_line(path.read_bytes()).decode("utf-8", errors="replace")
    except OSError:
        return Progress(path.stem)
    progress = read_progress(text)
    return progress if progress.learner else Progress(path.stem, progress.entries, progress.unread)


def _file(name: str) -> Path:
    if not name.strip():
        raise Problem("there is no name", todo="Write a name, so that your marks can be kept.")
    return repository.LEARNERS / f"{slug(name)}{ENDING}"


@contextmanager
def _writing() -> Iterator[None]:
    """One at a time: several lessons can be open."""
    try:
        repository.LEARNERS.mkdir(parents=True, exist_ok=True)
        with locks.locked(repository.LEARNERS / ".lock"):
            yield
    except TimeoutError:
        raise Problem("another lesson is writing", repository.LEARNERS, todo="Do it again.") from None
    except OSError as error:
        raise as_problem(error) from error


def write_certificate(learner: str, page: str) -> Path:
    """Put a learner's certificate beside the marks it is made of.

    Raises:
        Problem: it cannot be written.
    """
    path = _file(learner).with_suffix(".html")
    with _writing():
        write_file(path, page.encode("utf-8"))
    return path
