"""Asking a plugin: on copies, in silence, for a limited time, and whatever it does, the caller goes on.

What is built in is not asked through here: it is trusted, and costs nothing more.
"""

from __future__ import annotations

import copy
import faulthandler
import io
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeVar

import pandas as pd

from creatorbook.book import Book
from creatorbook.findings import Table
from creatorbook.plugins import faults
from creatorbook.plugins.brought import EditionContents
from creatorbook.plugins.faults import Fault, LeftOut
from creatorbook.problems import Problem
from creatorbook.stats.attribution import Journeys
from creatorbook.tables import Tables

Answer = TypeVar("Answer")

#: how many plugins this process is asking right now: one may ask another
_asking: list[str] = []


@contextmanager
def calling(
    release: str, plugin: str, hook: str, item: str = "", *, tells_user: bool = False
) -> Iterator[None]:
    """Guard a block in which a plugin's code runs.

    What it prints is dropped. If it raises or exits, the fault is recorded. In a run that is watched, a block that does not
    end in time ends the process, and so does a plugin that ends it itself: whoever watches finds out which one it was.

    Args:
        release, plugin, hook, item: as in `Fault`.
        tells_user: whether a `Problem` is one of the client's files, and no fault of the plugin's.

    Raises:
        LeftOut: the block did not end well.
        KeyboardInterrupt: somebody wants the whole call to end.
    """
    folder = faults.watch_folder()
    try:
        with ExitStack() as stack:
            if folder is not None:
                stack.enter_context(faults.noted(folder, release, plugin, hook, item))
                _protect()
            stack.enter_context(_timed(f"{plugin} ({hook or 'loading'})", watched=folder is not None))
            stack.enter_context(_silent())
            yield
    except LeftOut:
        raise
    except BaseException as error:
        is_users = tells_user and isinstance(error, Problem)
        if is_users or (isinstance(error, KeyboardInterrupt) and folder is None):
            raise
        what = error.what if isinstance(error, Problem) else faults.cause_of(error)
        fault = Fault(release, plugin, hook, item, what, "call")
        faults.record(fault)
        raise LeftOut(fault) from error


def guarded(
    function: Callable[..., Answer],
    release: str,
    plugin: str,
    hook: str,
    item: str,
    *,
    looked_at: Callable[..., str] = lambda *_: "",
    tells_user: bool = False,
) -> Callable[..., Answer]:
    """A plugin's function, asked on copies and under guard.

    Args:
        looked_at: what is wrong with an answer, of the answer and what was asked; empty where nothing is.

    Returns:
        A function that raises `LeftOut` where the plugin's fails, or has failed in this run.
    """

    def asked(*arguments: Any) -> Answer:
        if faults.has_failed(plugin, hook, item):
            raise LeftOut(Fault(release, plugin, hook, item, "it failed before", "call"))
        with calling(release, plugin, hook, item, tells_user=tells_user):
            answer = function(*map(lent, arguments))
            if wrong := looked_at(answer, *arguments):
                raise ValueError(wrong)
        return answer

    return asked


def lent(value: Any) -> Any:
    """A value as a plugin gets it: what it does to it reaches nobody else.

    Frames are copied when they are written to (pandas' copy-on-write), so that lending one costs nothing.
    """
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.copy(deep=False)
    if isinstance(value, dict | list):
        return copy.copy(value)
    if isinstance(value, Journeys):
        return replace(value, **{one.name: copy.copy(getattr(value, one.name)) for one in fields(value)})
    if isinstance(value, EditionContents):
        items = tuple(map(lent, value.items))
        summary = copy.deepcopy(dict(value.summary))
        return replace(value, book=lent(value.book), items=items, summary=summary, document=None)
    if isinstance(value, Table):
        return replace(value, frame=lent(value.frame), columns=dict(value.columns), stored=True)
    if isinstance(value, Book):
        frames = {name: lent(getattr(value, name)) for name in ("decisions", "issued", "ledger")}
        before = value.changed_from and lent(value.changed_from)
        return replace(
            value,
            tables=Tables(_Lent(value.tables)),
            client=value.client.model_copy(deep=True),
            campaign=value.campaign.model_copy(deep=True),
            changed_from=before,
            **frames,
        )
    return value


class _Lent(Mapping[str, pd.DataFrame]):
    """Tables, each copied when it is first looked up; where they lie on the disk is not told."""

    def __init__(self, tables: Tables) -> None:
        self.__tables, self._copies = tables, dict[str, pd.DataFrame]()

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._copies:
            self._copies[name] = lent(self.__tables.frames[name])
        return self._copies[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.__tables.frames)

    def __len__(self) -> int:
        return len(self.__tables.frames)

    def __contains__(self, name: object) -> bool:
        return name in self.__tables.frames


@contextmanager
def _timed(asked: str, *, watched: bool) -> Iterator[None]:
    """Hold a block to its time: in a run that is watched the process ends, elsewhere a line says who holds it up."""
    _asking.append(asked)
    try:
        if watched:
            faulthandler.dump_traceback_later(faults.seconds(), exit=True, file=_nowhere())
            yield
        else:
            sentence = _HELD_UP.format(plugin=asked, seconds=faults.seconds())
            timer = threading.Timer(
                faults.seconds(), sys.stderr.write, [sentence]
            )  # it is silent from here on
            timer.daemon = True
            timer.start()
            try:
                yield
            finally:
                timer.cancel()
    finally:
        _asking.pop()
        if watched:
            faulthandler.cancel_dump_traceback_later()
            if _asking:  # the plugin that asked this one has its whole time again
                faulthandler.dump_traceback_later(faults.seconds(), exit=True, file=_nowhere())


_HELD_UP = "the plugin {plugin} has not answered for {seconds:g} seconds; Ctrl-C ends the call, and --no-plugin NAME leaves one out\n"


@cache
def _nowhere() -> IO[str]:
    """Where a traceback goes that nobody reads; open as long as the process."""
    return Path(os.devnull).open("w", encoding="utf-8")


@cache
def _protect() -> None:
    """Refuse what a plugin, while it is asked, would write into the folders of a run that are only to be read.

    Python tells of every file that is opened, moved or removed (PEP 578), and lets it be refused; a library's own code in
    another language is not held by that.
    """
    sys.addaudithook(_refuse_writing)


def _refuse_writing(event: str, arguments: tuple[Any, ...]) -> None:
    if not _asking or event not in _WRITING or (event == "open" and not arguments[2] & _TO_WRITE):
        return
    folder = faults.watch_folder()
    if folder is None:
        return
    for path in arguments[:2]:
        if isinstance(path, str | bytes | os.PathLike) and _is_read_only(Path(os.fsdecode(path)), folder):
            raise PermissionError(f"a plugin may not write there: {Path(os.fsdecode(path)).name}")


def _is_read_only(path: Path, run: Path) -> bool:
    place = path.resolve()
    return not place.is_relative_to(run.resolve()) and any(
        place.is_relative_to(folder) for folder in _read_only(run)
    )


@cache
def _read_only(run: Path) -> tuple[str, ...]:
    return faults.read_only_folders(run)


#: what Python tells before it writes
_WRITING = frozenset(
    {
        "open",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.mkdir",
        "os.truncate",
        "os.link",
        "os.symlink",
        "os.chmod",
    }
)
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@contextmanager
def _silent() -> Iterator[None]:
    """Drop what is printed or displayed: it would stand in a notebook that is not the plugin's."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.utils.capture import capture_output

        with capture_output():
            yield
        return
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        yield
