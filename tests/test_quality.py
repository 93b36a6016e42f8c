"""The code keeps the project's own rules: ruff, mypy, short functions, one way through the house."""

import ast
import importlib
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from creatorbook.client.repository import ROOT

PACKAGE = ROOT / "helpers" / "creatorbook"
MODULES = sorted(PACKAGE.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


STEPS = ("start", "goals", "vetting", "tiers", "tracking", "roi")
#: what every lesson has
LESSON = {"Exercise", "exercise", "parts"}


@pytest.mark.parametrize(
    "command",
    [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]],
    ids=" ".join,
)
def test_linters_are_clean(command: list[str]) -> None:
    """Ruff and mypy find nothing."""
    run = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_house_keeps_its_contracts() -> None:
    """Imports go down, never up and never in a circle, types included, over every module (pyproject.toml)."""
    assert lint_imports(no_cache=True) == 0


def test_no_function_is_longer_than_a_screen() -> None:
    """No function has more than 50 lines."""
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 50
    ]
    assert not long


def test_a_public_name_stands_in_one_module() -> None:
    """A name means one thing; only notebooks' sentences (`goals.gifts`, `roi.gifts`) may share a word between steps.

    A form is called by what it is for, as a notebook says it: `forms.rights(book)`. Lessons are made alike, each in a module
    of its own: an `Exercise` from a seed, and its `parts`.
    """
    homes: dict[str, set[str]] = {}
    forms = set(_sentences("forms"))
    for path in MODULES:
        for node in parsed(path).body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
                continue
            if _room(path) == "training" and node.name in LESSON:
                continue
            if _room(path) != "forms" or node.name not in forms:
                homes.setdefault(node.name, set()).add(str(path.relative_to(PACKAGE)))
    sentences = {name for step in STEPS for name in _sentences(step)}
    doubled = {name: sorted(paths) for name, paths in homes.items() if len(paths) > 1}
    assert not {
        name: paths
        for name, paths in doubled.items()
        if name not in sentences or any(path.split("/")[0].removesuffix(".py") not in STEPS for path in paths)
    }


def test_only_the_simulator_and_lessons_know_the_truth() -> None:
    """No analysis code names the folder truth/."""
    allowed = {"simulate", "training", "runner", "cli"}
    named = [path for path in MODULES if "truth" in _strings(path) and _room(path) not in allowed]
    assert not named


def test_addresses_are_taken_apart_in_one_place() -> None:
    """Only `text/addresses.py` uses what raises on an address that somebody typed."""
    taking_apart = {"urlsplit", "urlparse", "urljoin", "urldefrag"}
    users = [
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        for node in ast.walk(parsed(path))
        if (isinstance(node, ast.Attribute) and node.attr in taking_apart)
        or (isinstance(node, ast.ImportFrom) and taking_apart & {alias.name for alias in node.names})
    ]
    assert users == ["text/addresses.py"]


def test_nothing_reads_the_clock() -> None:
    """Only the manifest, the progress display and a person's own decision know today's date."""
    allowed = {"runner", "forms"}
    clocks = {"now", "today", "utcnow"}
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute)
        and node.attr in clocks
        and _room(path) not in allowed
        and path.name != "today.py"
    ]
    assert not wrong


def _sentences(room: str) -> list[str]:
    """The functions of a room that notebooks call."""
    face = importlib.import_module(f"creatorbook.{room}")
    return list(face.__all__)


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _strings(path: Path) -> set[str]:
    """String constants that are not docstrings, as path parts."""
    tree = parsed(path)
    values = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return {part for value in values if len(value) < 40 for part in value.split("/")}
