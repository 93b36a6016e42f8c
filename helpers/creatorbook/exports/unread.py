"""Files that could not be read, told all at once: one look, one block to paste, instead of one file after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from creatorbook.exports.downloads import file_of
from creatorbook.exports.importing import Unrecognised
from creatorbook.exports.offers import Offered
from creatorbook.exports.receipts import Receipt
from creatorbook.problems import Problem

_BLOCK = "mapping:\n"  #: what a block for client.yml begins with
_IN_A_NOTEBOOK = (
    "Say what it is in the form at the top of notebook 00. Or write it into client.yml: "
    "“python3 workbook.py check” prints the lines."
)
_THERE = "client.yml has the line “mapping:” already: put these lines under it.\n"


@dataclass
class Unread(Problem):
    """Some files of a client could not be read.

    Attributes:
        receipts: of the files that could.
        files: of those that could not: name and what is wrong.
        offered: what those may be that nobody recognises.
    """

    receipts: tuple[Receipt, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    offered: tuple[Offered, ...] = ()

    def _render_traceback_(self) -> list[str]:
        """In a notebook a form asks what the files are that nobody recognises: no lines to paste are needed."""
        if not self.offered:
            return super()._render_traceback_()
        return str(replace(self, todo=_IN_A_NOTEBOOK)).splitlines()


def _what(problem: Problem) -> str:
    """What is wrong with a file, and what it may be where nobody recognises it."""
    if isinstance(problem, Unrecognised) and problem.offered and problem.offered.label:
        return f"nobody knows its columns; perhaps “{problem.offered.label}”, see the block to paste"
    return problem.what


def unread(problems: Sequence[Problem], receipts: Sequence[Receipt], *, mapped: bool) -> Unread:
    """One problem for all files; what is to be pasted into client.yml is one block.

    Args:
        problems: one per file, at least one.
        receipts: of the files that were read.
        mapped: whether client.yml has a mapping already, under which the lines go.
    """
    first, *others = problems
    files = tuple((file_of(one), _what(one)) for one in problems)
    offered = tuple(one.offered for one in problems if isinstance(one, Unrecognised) and one.offered)
    if not others:
        todo = first.todo
        if mapped and _BLOCK in todo:
            head, _, lines = todo.partition(_BLOCK)
            todo = f"{head}{_THERE}{lines}"
        return Unread(first.what, first.file, first.line, first.column, todo, tuple(receipts), files, offered)
    texts, lines = [], ""
    for problem in problems:
        head, _, block = problem.todo.partition(_BLOCK)
        lines += block and block.rstrip("\n") + "\n"
        texts.append(str(replace(problem, todo="" if block else head)))
    todo = ""
    if lines:
        todo = (
            "Say in client.yml what they are: paste this, check our guesses, put “ignore: true” in place of what is "
            f"below a file's name to leave it out.\n{_THERE if mapped else _BLOCK}{lines.rstrip()}"
        )
    return Unread(
        f"{len(problems)} files cannot be read yet\n" + "\n".join(texts),
        todo=todo,
        receipts=tuple(receipts),
        files=files,
        offered=offered,
    )
