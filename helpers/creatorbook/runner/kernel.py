"""ipykernel's application for a forked kernel: the same kernel, without what only a person at a terminal needs.

A fork shares the fork server's memory until somebody writes to it, and Python writes to whatever it looks at. What
is left out here looks at every module and every setting there is: half of a kernel's start.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from ipykernel import ipkernel
from ipykernel.iostream import OutStream
from ipykernel.kernelapp import IPKernelApp
from traitlets import DottedObjectName
from traitlets.config import Config, DeferredConfigString

_PLAIN = re.compile(r"--(?P<owner>\w+)\.(?P<name>\w+)=(?P<word>\w+)")


class ReportStream(OutStream):
    """Standard output that has nothing to do when nothing was written.

    ipykernel and IPython flush both streams six times per cell, and each time two threads wake each other.
    """

    _written = False

    def write(self, string: str) -> int | None:  # type: ignore[override] # as in the base class
        """Write text to the current cell."""
        self._written = True
        return super().write(string)

    def flush(self) -> None:
        """Send what was written since the last time."""
        if self._written:
            self._written = False
            super().flush()


class ReportApp(IPKernelApp):
    """Starts a kernel that is told where to listen, and a few settings."""

    outstream_class = DottedObjectName(f"{__name__}.{ReportStream.__name__}")

    def parse_command_line(self, argv: list[str] | None = None) -> None:
        """Take `-f FILE` and `--Class.name=word`; with anything else, ask the parser that knows all of them."""
        settings = self._settings(sys.argv[1:] if argv is None else argv)
        if settings is None:
            super().parse_command_line(argv)
        else:
            self.argv, self.cli_config = argv or [], settings
            self.update_config(settings)

    def _settings(self, arguments: list[str]) -> Config | None:
        given, settings = iter(arguments), Config()
        for argument in given:
            if argument == "-f":
                settings.IPKernelApp.connection_file = next(given, "")
            elif (plain := _PLAIN.fullmatch(argument)) and plain["name"] not in settings[plain["owner"]]:
                settings[plain["owner"]][plain["name"]] = DeferredConfigString(plain["word"])
            else:
                return None
        return settings

    def init_kernel(self) -> None:
        """Make the kernel; ipykernel lists the files of all modules for its debugger, so it sees none."""
        with _no_modules():
            super().init_kernel()

    def init_code(self) -> None:
        """Run what somebody wants run at every start; there is no other code to run, and nobody who asks what is new."""
        self._run_startup_files()
        self._run_exec_lines()
        self._run_exec_files()


@contextmanager
def _no_modules() -> Iterator[None]:
    told: Any = ipkernel
    kept, told.sys = told.sys, SimpleNamespace(modules={})
    try:
        yield
    finally:
        told.sys = kept
