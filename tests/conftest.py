"""Tells at the end of a run where its time went, by room of tests; and keeps the user's own data folder out of tests."""

from __future__ import annotations

import logging
import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

#: Seconds of set-up, test and tear-down by room, over all processes side by side.
_SECONDS: defaultdict[str, float] = defaultdict(float)

#: Share of the time under which a room is told among the others.
SMALL = 0.01


@pytest.fixture(scope="session", autouse=True)
def _users_data_folder() -> Iterator[None]:
    """Keys and places of the clients that tests make are no part of whoever runs them; processes inherit it."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_DATA_HOME", os.path.realpath(folder))
        yield


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A Jupyter server inside of a test sets logging up for its process; the next test hears our loggers as ever."""
    before = {name: (log.propagate, log.disabled) for name, log in _loggers().items()}
    disabled = logging.root.manager.disable
    yield
    logging.disable(disabled)
    for name, log in _loggers().items():
        if name.startswith("creatorbook"):
            log.propagate, log.disabled = before.get(name, (True, False))


def _loggers() -> dict[str, logging.Logger]:
    every = logging.root.manager.loggerDict.items()
    return {name: log for name, log in every if isinstance(log, logging.Logger)}


def room(test: str) -> str:
    """A test's folder; right in `tests`, the first word of its file, as in `tests/vetting` for test_vetting_reading.py."""
    path = PurePosixPath(test.split("::")[0])
    if path.parent.name != "tests":
        return str(path.parent)
    return str(path.parent / path.stem.removeprefix("test_").split("_")[0])


def shares(seconds: dict[str, float]) -> list[str]:
    """A line for each room, the longest first; small ones share a line."""
    total = sum(seconds.values())
    longest = sorted(seconds.items(), key=lambda item: -item[1])
    lines = [f"{spent:7.1f} s  {name}" for name, spent in longest if spent >= SMALL * total]
    small = [spent for _, spent in longest if spent < SMALL * total]
    return [*lines, f"{sum(small):7.1f} s  {len(small)} others"] if small else lines


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Each phase of each test, also from other processes."""
    _SECONDS[room(report.nodeid)] += report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Printed before pytest's closing line, where there is more than one room to compare."""
    if len(_SECONDS) > 1:
        terminalreporter.section("seconds by room, all processes together")
        for line in shares(_SECONDS):
            terminalreporter.write_line(line)
