"""The launcher in a fresh clone: one command makes the environment and prints a report.

CI starts as a fresh clone itself, with the whole lock; here the lock is cut to what a first call needs.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from creatorbook.client.repository import ROOT
from test_commands import tracked

#: What a call imports before it can say that there is no such client, and what builds the package.
FIRST = ["typer", "pyyaml", "pydantic", "pandas", "babel", "hatchling", "editables"]


def _fresh_clone(target: Path) -> Path:
    """The tracked files as they are in the work tree, in a folder of their own."""
    for name in tracked():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def _with_dependencies(names: list[str]) -> set[str]:
    """These packages and all that they stand on, as they are installed here."""
    wanted: set[str] = set()
    ahead = list(names)
    while ahead:
        name = canonicalize_name(ahead.pop())
        if name in wanted:
            continue
        wanted.add(name)
        try:
            asked = [Requirement(text) for text in requires(name) or []]
        except PackageNotFoundError:  # another system's or another Python's
            continue
        ahead += [one.name for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]
    return wanted


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh clone, with a blank in its name, whose lock names only what a first call needs."""
    target = _fresh_clone(tmp_path_factory.mktemp("fresh clone") / "creatorbook")
    lock = target / "requirements.lock"
    entries = re.split(r"\n(?=\S)", lock.read_text())
    wanted = _with_dependencies(FIRST)
    needed = [entry for entry in entries if canonicalize_name(entry.partition("==")[0]) in wanted]
    assert len(needed) < len(entries) / 3
    lock.write_text("\n".join(needed))
    return target


def _launch(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    base = Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else "bin/python3")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        [str(base), str(clone / "workbook.py"), *arguments],
        capture_output=True,
        text=True,
        env=clean,
        check=False,
    )


def test_first_use_makes_the_environment(clone: Path) -> None:
    """With nothing but Python, the first call makes an environment, says so, and does what it was called for."""
    run = _launch(clone, "--help")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Making an environment" in run.stdout
    assert "simulate" in run.stdout


@pytest.mark.slow
def test_first_use_leaves_a_report(tmp_path: Path) -> None:
    """With nothing but Python and the whole lock, `python3 workbook.py report` leaves the five files."""
    clone = _fresh_clone(tmp_path / "fresh clone")
    run = _launch(clone, "report", "northpin")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Making an environment" in run.stdout
    (edition,) = (clone / "reports" / "northpin").glob("*/*")
    names = {path.name for path in edition.iterdir() if path.is_file()}
    assert names == {"report.html", "report.pdf", "data.xlsx", "summary.json", "manifest.json"}


def test_later_uses_only_hand_over(clone: Path) -> None:
    """The environment is used again, exit codes come through, and a mistake is told without a traceback."""
    assert (clone / ".venv" / "creatorbook.json").is_file()
    started = time.monotonic()
    run = _launch(clone, "report", "nobody")
    assert time.monotonic() - started < 60
    assert run.returncode == 2
    assert "Making an environment" not in run.stdout
    assert "there is no client “nobody”" in run.stderr
    assert "Traceback" not in run.stderr


def test_an_interrupted_set_up_is_repaired(clone: Path) -> None:
    """Without the stamp that a finished set-up leaves, the next call installs again and works."""
    (clone / ".venv" / "creatorbook.json").unlink()
    run = _launch(clone, "--help")
    assert run.returncode == 0, run.stdout + run.stderr
    assert (clone / ".venv" / "creatorbook.json").is_file()


def test_a_changed_package_is_installed_again(clone: Path) -> None:
    """A changed pyproject.toml renews the package, not the whole environment."""
    project = clone / "pyproject.toml"
    project.write_text(project.read_text() + "\n# changed\n")
    run = _launch(clone, "--help")
    assert run.returncode == 0
    assert "Installing creatorbook itself" in run.stdout
    assert "Making an environment" not in run.stdout
