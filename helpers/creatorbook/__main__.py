"""`python -m creatorbook` is the command `creatorbook`, and the one door out of it: what ends a call is one sentence.

Nothing is imported from the working directory, here or in any process started from here: it holds a client's files,
and a `yaml.py` among them would be run (CWE-427). The launcher's `-P` says the same to this process, earlier.
"""

import os
import sys

if not sys.flags.safe_path:
    sys.path[:] = [place for place in sys.path if place not in ("", os.getcwd())]  # noqa: PTH109 - nothing is imported yet
os.environ["PYTHONSAFEPATH"] = "1"

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from creatorbook.problems import Problem, as_problem
from creatorbook.text.plain_text import for_terminal
from creatorbook.tied import end_with_starter

#: Exit codes; the commands end with others of their own.
FAILED, WRONG_CALL, INTERRUPTED = 1, 2, 130

#: What the launcher writes once an environment is whole; without it, the next call looks at every package.
STAMP = Path(sys.prefix) / "creatorbook.json"

#: Set to see the traceback of what the one door would tell in a sentence, for those who change creatorbook.
TRACEBACK_VARIABLE = "CREATORBOOK_TRACEBACK"


def main() -> None:
    """Run the command; whatever stops it is told in one sentence with an exit code, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr] # letters that the output has not
    end_with_starter()
    try:
        code = _exit_code()
        sys.stdout.flush()  # a full disk is told here, not by Python as it ends
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        if os.environ.get(TRACEBACK_VARIABLE):
            raise
        if isinstance(error, ModuleNotFoundError):
            _forget_stamp(error.name or "")
        _tell(str(as_problem(error)))
        mistaken = isinstance(error, Problem) and not isinstance(error.__cause__, OSError)
        code = WRONG_CALL if mistaken else FAILED
    if code == INTERRUPTED:
        _tell("interrupted; the same command goes on where it stopped")
    _close_output()
    sys.exit(code)


def _exit_code() -> int | str | None:
    """Run the command; the code it ends with."""
    from creatorbook.cli import app

    try:
        app(prog_name="python3 workbook.py")
    except SystemExit as ended:
        # typer ends in silence for a reader that went away, and with 1 for an interrupt
        for cause in _causes(ended):
            if isinstance(cause, (BrokenPipeError, KeyboardInterrupt)):
                raise cause from None
        return ended.code
    return 0


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What was being handled when an error was raised, the nearest first."""
    cause = error.__context__
    while cause is not None:
        yield cause
        cause = cause.__context__


def _forget_stamp(missing: str) -> None:
    """Let the next call look at every file of the environment where a module of one of its packages is missing."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        if missing.split(".")[0] in json.loads(STAMP.read_text(encoding="utf-8"))["installed"]:
            STAMP.unlink()


def _tell(sentence: str) -> None:
    print(for_terminal(sentence), file=sys.stderr, flush=True)  # noqa: T201 - the command's output


def _close_output() -> None:
    """What cannot be written any more is dropped: Python would tell it in a traceback as it ends."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":  # worker processes import this module too
    main()
