"""Plugins that exist for one test only: as an object that is registered, or as an installed package."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from creatorbook import plugins
from creatorbook.plugins import faults, hookimpl

#: what an installed plugin's module begins with
HEAD = "from creatorbook.plugins import *\nfrom creatorbook.plugins import hookimpl\nimport os, sys, time, signal\n"


@contextmanager
def plugin_with(**answers: Any) -> Iterator[None]:
    """A registered plugin, `ailing`, whose hooks answer these."""
    plugin = SimpleNamespace(**{hook: _answering(hook, answer) for hook, answer in answers.items()})
    manager = plugins.manager()
    manager.register(plugin, "ailing")
    try:
        with _run():
            yield
    finally:
        manager.unregister(plugin)


def _answering(hook: str, answer: Any) -> Any:
    def answering() -> Any:
        return answer

    answering.__name__ = hook
    return hookimpl(answering)


def faults_of(hook: str) -> list[str]:
    """What is wrong in what plugins brought for a hook, in a fixed order."""
    return [fault.what for fault in plugins.recorded() if fault.hook == hook]


def install(folder: Path, name: str, code: str, version: str = "1.0") -> Path:
    """An installed plugin in a folder that is to be on the path; the path of its module."""
    info = folder / f"{name}-{version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[creatorbook]\n{name} = {name}\n")
    module = folder / f"{name}.py"
    module.write_text(HEAD + code, encoding="utf-8")
    return module


@contextmanager
def on_path(folder: Path, *names: str) -> Iterator[None]:
    """The plugins of a folder are installed within the block."""
    with pytest.MonkeyPatch.context() as patch, _run():
        patch.syspath_prepend(folder)
        try:
            yield
        finally:
            for name in names:
                sys.modules.pop(name, None)


@contextmanager
def _run() -> Iterator[None]:
    """What is left out of plugins within the block is recorded for it alone."""
    with tempfile.TemporaryDirectory() as folder, faults.watched(Path(folder)):
        yield
