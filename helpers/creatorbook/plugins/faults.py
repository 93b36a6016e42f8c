"""What was left out of plugins, by name: kept for one run, across its processes, and told in the report.

A report is made by several processes. The one that makes it names a folder in `WATCH_VARIABLE`; each process writes there
what it left out, and reads what others did, so that what failed once is not asked again in this run:

faults.jsonl    one line each
read_only.json  folders in which no plugin may write
calling.json    the plugin that is being asked right now, and for what; there while it is

Everywhere else (a command, a notebook at work) what was left out is a line of the log, once.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from creatorbook.problems import shortened

#: names the folder in which a run keeps what was left out
WATCH_VARIABLE = "CREATORBOOK_PLUGIN_WATCH"

#: seconds a plugin may take for one answer, and what sets another number
SECONDS, SECONDS_VARIABLE = 60.0, "CREATORBOOK_PLUGIN_SECONDS"

#: characters of an error's text that are repeated
LONGEST_CAUSE = 300

_FAULTS, _CALLING, _READ_ONLY = "faults.jsonl", "calling.json", "read_only.json"

_log = logging.getLogger("creatorbook.plugins")

#: what this process left out, where no run is watched
_logged: set[Fault] = set()


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that was left out of a plugin, or that has to be said of it.

    Attributes:
        release: the plugin's distribution and version.
        plugin: the name of its entry point.
        hook: what it was asked for; empty while it was loaded.
        item: which of its contributions; empty for all that it answered.
        what: what is wrong, in a sentence without its end.
        kind: found in an `answer`; a `call` that failed, not made again in this run; a `process` that the plugin ended or
            held up, so that the run started again without it; or a `remark`: nothing was left out.
    """

    release: str
    plugin: str
    hook: str
    item: str
    what: str
    kind: Literal["answer", "call", "process", "remark"] = "answer"

    def concerns(self, hook: str) -> bool:
        """Whether something may be missing of what was to be brought for a hook."""
        return self.kind != "remark" and (self.kind == "process" or self.hook in ("", hook))

    def __str__(self) -> str:
        contribution = f"{self.hook} “{self.item}”" if self.item else self.hook or "loading"
        left_out = "" if self.kind == "remark" else "left out: "
        return f"plugin {self.release} ({contribution}), {left_out}{self.what}"


class LeftOut(Exception):  # noqa: N818 - what became of the contribution
    """A call of a plugin failed; what it would have given is left out, and the fault is recorded."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def seconds() -> float:
    """How long a plugin may take for one answer."""
    with suppress(ValueError):
        return float(os.environ.get(SECONDS_VARIABLE) or SECONDS)
    return SECONDS


def cause_of(error: BaseException) -> str:
    """An error in a few words."""
    text = " ".join(str(error).split())
    return shortened(f"{type(error).__name__}: {text}" if text else type(error).__name__, LONGEST_CAUSE)


def record(fault: Fault) -> None:
    """Keep what was left out: for the run that is watched, else as a line of the log; the same is kept once."""
    folder = watch_folder()
    if folder is None:
        if fault not in _logged:
            _logged.add(fault)
            _log.warning("%s", fault)
    elif fault not in recorded(folder):
        with suppress(OSError):
            _append(folder, fault)


def recorded(folder: Path | None = None) -> tuple[Fault, ...]:
    """What was left out so far in a run, in a fixed order; where no run is watched, by this process."""
    folder = folder or watch_folder()
    if folder is None:
        return tuple(sorted(_logged))
    if not (folder / _FAULTS).is_file():
        return ()
    lines = (folder / _FAULTS).read_text(encoding="utf-8").splitlines()
    return tuple(sorted(Fault(**json.loads(line)) for line in lines))


def is_off(plugin: str) -> bool:
    """Whether the run goes on without this plugin."""
    return any(fault.plugin == plugin and fault.kind == "process" for fault in recorded())


def has_failed(plugin: str, hook: str, item: str) -> bool:
    """Whether this call failed in this run already; who works at a notebook tries it again."""
    return watch_folder() is not None and any(
        (fault.plugin, fault.hook, fault.item, fault.kind) == (plugin, hook, item, "call")
        for fault in recorded()
    )


def watch_folder() -> Path | None:
    """The folder of the run that this process belongs to, if there is one."""
    name = os.environ.get(WATCH_VARIABLE)
    return Path(name) if name else None


@contextmanager
def watched(folder: Path, read_only: Iterable[Path] = ()) -> Iterator[None]:
    """Keep what is left out within the block, here and in processes started from here, in a folder.

    What an earlier try of the same run left out stays left out (`forget` ends that).

    Args:
        folder: made if it is not there.
        read_only: folders in which no plugin may write meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _READ_ONLY).write_text(
        json.dumps([str(path.resolve()) for path in read_only]), encoding="utf-8"
    )
    (folder / _CALLING).unlink(missing_ok=True)
    before = os.environ.get(WATCH_VARIABLE)
    os.environ[WATCH_VARIABLE] = str(folder)
    try:
        yield
    finally:
        os.environ.pop(WATCH_VARIABLE)
        if before is not None:
            os.environ[WATCH_VARIABLE] = before


def read_only_folders(folder: Path) -> tuple[str, ...]:
    """The folders in which no plugin may write in a run."""
    try:
        return tuple(json.loads((folder / _READ_ONLY).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return ()


def forget(folder: Path) -> None:
    """A run begins or has ended: nothing is left out."""
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def noted(folder: Path, release: str, plugin: str, hook: str, item: str) -> Iterator[None]:
    """Note which plugin is being asked; should the process end meanwhile, the note stays."""
    file = folder / _CALLING
    outer = file.read_bytes() if file.is_file() else None
    with suppress(OSError):
        asked = {"release": release, "plugin": plugin, "hook": hook, "item": item}
        file.write_text(json.dumps({**asked, "since": time.monotonic()}), encoding="utf-8")
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True) if outer is None else file.write_bytes(outer)


def has_ended_a_process(folder: Path) -> bool:
    """Whether a process ended while a plugin was being asked: then that plugin is off for the rest of the run."""
    limit = seconds()
    try:
        asked = json.loads((folder / _CALLING).read_text(encoding="utf-8"))
        is_late = time.monotonic() - asked.pop("since") >= limit
        what = f"no answer in {limit:g} seconds" if is_late else "it ended the process"
        _append(
            folder,
            Fault(**asked, what=f"{what}; the report was made again without the plugin", kind="process"),
        )
        (folder / _CALLING).unlink()
    except (OSError, ValueError, KeyError, TypeError):  # nobody was asked, or it cannot be kept who was
        return False
    return True


def _append(folder: Path, fault: Fault) -> None:
    with (folder / _FAULTS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(fault)) + "\n")
