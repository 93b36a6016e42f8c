"""What a trainer prints: a handout and a key of each lesson, and a page on a group's progress."""

from __future__ import annotations

from pathlib import Path

from creatorbook.acts.learners import progress_in
from creatorbook.deliver import write_file
from creatorbook.problems import Problem, as_problem
from creatorbook.training.lessons import TRACK, open_lesson
from creatorbook.training.papers import group_report, handout, key
from creatorbook.training.worlds import lesson_formats

#: Name of the page on a group's progress, in the folder of its files.
GROUP_PAGE = "progress.html"


def write_group_report(folder: Path) -> Path:
    """A page on everybody whose file lies in a folder, beside the files.

    Raises:
        Problem: there is none, or the page cannot be written.
    """
    return _written(folder / GROUP_PAGE, group_report(progress_in(folder), lesson_formats()))


def write_handouts(folder: Path, seed: int, language: str = "en") -> list[Path]:
    """A handout and a key of every lesson's exercise with this seed, to be printed from a browser.

    Raises:
        Problem: a page cannot be written.
    """
    paths = []
    for name in TRACK:
        lesson = open_lesson(name, seed, language)
        for ending, page in (("handout", handout(lesson)), ("key", key(lesson))):
            paths.append(_written(folder / f"{name}-{seed}-{ending}.html", page))
    return paths


def _written(path: Path, page: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, page.encode("utf-8"))
    except OSError as error:
        raise as_problem(error) from error
    return path


def academy(what: str, folder: Path, seed: int) -> list[Path]:
    """Do what the command `academy` is asked for.

    Raises:
        Problem: it is asked for something else.
    """
    if what == "report":
        return [write_group_report(folder)]
    if what == "handouts":
        return write_handouts(folder, seed)
    raise Problem(f"“{what}” is nothing the academy prints", todo="Write report or handouts.")
