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
from typing import Any, TypeVar, cast

import duckdb
import pandas as pd

from creatorbook.book import Book
from creatorbook.exports.reader import Sheet
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
        faults.keep_fault(fault)
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


@contextmanager
def without_files(sheet: Sheet) -> Iterator[None]:
    """For the time of a `with` block, the sheet's database makes tables and answers, and writes no file."""
    own = sheet.connection
    sheet.connection = cast("Any", LentConnection(own))
    try:
        yield
    finally:
        sheet.connection = own


class LentConnection:
    """A sheet's database as a plugin's reader gets it: what SQL would write or attach is refused."""

    _FETCHING = frozenset(
        (
            "description",
            "df",
            "fetch_df",
            "fetchall",
            "fetchdf",
            "fetchmany",
            "fetchone",
            "register",
            "rowcount",
            "unregister",
        )
    )
    _REFUSED = frozenset(
        getattr(duckdb.StatementType, name)
        for name in ("COPY", "EXPORT", "ATTACH", "LOAD", "COPY_DATABASE")
        if hasattr(duckdb.StatementType, name)
    )

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.__connection = connection

    def execute(self, query: str, *parameters: Any) -> LentConnection:
        """Run statements, as DuckDB's own does.

        Raises:
            PermissionError: one of them writes a file, or reads a database from one.
        """
        for statement in duckdb.extract_statements(query):
            if statement.type in self._REFUSED:
                raise PermissionError(f"a plugin may not write files by SQL ({statement.type.name})")
        self.__connection.execute(query, *parameters)
        return self

    def cursor(self) -> LentConnection:
        """Another connection to the same database."""
        return LentConnection(self.__connection.cursor())

    def __getattr__(self, name: str) -> Any:
        if name not in self._FETCHING:
            raise AttributeError(f"a plugin's reader asks by execute(); “{name}” is not lent")
        return getattr(self.__connection, name)


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
def _nowhere() -> int:
    """Where a traceback goes that nobody reads; a descriptor, open as long as the process."""
    return os.open(os.devnull, os.O_WRONLY)


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
    run = faults.watch_folder()
    if run is None:
        return
    for at, beside in _WRITING[event]:
        path = arguments[at]
        if isinstance(path, str | bytes | os.PathLike):
            place = _place(Path(os.fsdecode(path)), arguments[beside] if beside is not None else None)
            if place is None or _is_read_only(place, run, whole=event in _WITH_ALL_INSIDE):
                raise PermissionError(f"a plugin may not write there: {Path(os.fsdecode(path)).name}")


def _place(path: Path, descriptor: int | None) -> Path | None:
    """Where a path leads that may begin in an open folder; `None` where nobody can tell where that is."""
    if descriptor is None or descriptor < 0 or path.is_absolute():
        return path.resolve()
    try:
        return (Path(f"/proc/self/fd/{descriptor}").readlink() / path).resolve()
    except OSError:
        return _place_on_a_mac(path, descriptor)


def _place_on_a_mac(path: Path, descriptor: int) -> Path | None:
    try:
        import fcntl

        begins = fcntl.fcntl(descriptor, fcntl.F_GETPATH, bytes(1024))  # type: ignore[attr-defined, unused-ignore]
    except (ImportError, AttributeError, OSError):
        return None
    return Path(os.fsdecode(begins.rstrip(b"\0")), path).resolve()


def _is_read_only(place: Path, run: Path, *, whole: bool) -> bool:
    """Whether a place lies in a folder that is only to be read, or, of what goes with all that is inside, around one."""
    if place.is_relative_to(run.resolve()):
        return False
    folders = _read_only(run)
    return any(
        place.is_relative_to(folder) or (whole and Path(folder).is_relative_to(place)) for folder in folders
    )


@cache
def _read_only(run: Path) -> tuple[str, ...]:
    return faults.read_only_folders(run)


#: what Python tells before it writes → where among what it tells a path stands, and the open folder in which it begins
_WRITING: Mapping[str, tuple[tuple[int, int | None], ...]] = {
    "open": ((0, None),),
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.mkdir": ((0, 2),),
    "os.chmod": ((0, 2),),
    "os.chown": ((0, 3),),
    "os.utime": ((0, 3),),
    "os.truncate": ((0, None),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),
    "os.symlink": ((1, 2),),
    "shutil.rmtree": ((0, 1),),
}
#: what takes all that lies inside with it
_WITH_ALL_INSIDE = frozenset({"os.rename", "shutil.rmtree"})
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
