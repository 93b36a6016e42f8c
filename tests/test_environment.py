"""pyproject.toml, requirements.lock, environment.yml, the launcher and what is imported say the same."""

import ast
import re
import runpy
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from creatorbook.client.repository import ROOT
from creatorbook.runner import manifest

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]

#: Packages of which we know how they work inside, so that a next major may break it: how a kernel becomes one after a
#: fork and goes without a debugger, how a channel waits, what papermill hands on to nbclient, how a server keeps its
#: sessions, and how JupyterLab takes an extension that was not built.
LEANED_ON = ("ipykernel", "jupyter-client", "jupyter-server", "jupyterlab", "nbclient", "papermill")


def _pins(name: str) -> dict[str, set[str]]:
    """Package → locked versions (a universal lock may hold one per platform or Python)."""
    pins: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([\w.!+-]+)", (ROOT / name).read_text(), re.M):
        pins.setdefault(canonicalize_name(package), set()).add(version)
    return pins


def test_every_requirement_is_locked_at_a_version_it_allows() -> None:
    """The lock holds what pyproject.toml asks for."""
    pins = _pins("requirements.lock") | _pins("requirements-pdf.lock")
    wanted = [Requirement(text) for text in PROJECT["dependencies"] + EXTRAS["test"] + EXTRAS["pdf"]]
    for requirement in wanted:
        versions = pins.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is not locked"
        assert all(version in requirement.specifier for version in versions), requirement


def test_locks_carry_hashes_and_no_address() -> None:
    """Every pin is hashed, and no registry's address is in a lock."""
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "://" not in text
        pins = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
        assert pins
        assert all("--hash=sha256:" in pin for pin in pins)


def test_conda_environment_is_the_projects() -> None:
    """environment.yml lists Python, pip and exactly the requirements of pyproject.toml."""
    told = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert told[0] == f"python {PROJECT['requires-python']}"
    assert told[1] == "pip"
    assert told[2]["pip"] == [*PROJECT["dependencies"], *EXTRAS["pdf"], *EXTRAS["test"], "-e ."]


def test_the_launcher_takes_the_pythons_that_the_project_takes() -> None:
    """workbook.py names the same oldest and newest Python as pyproject.toml."""
    launcher = runpy.run_path(str(ROOT / "workbook.py"))
    oldest, newest = launcher["OLDEST"], launcher["NEWEST"]
    expected = f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"
    assert PROJECT["requires-python"] == expected


def _names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(text).name) for text in requirements}


@cache
def _imported(folder: Path) -> set[str]:
    """Distributions that the modules in a folder import, at load or later."""
    ours = {"creatorbook", *(path.stem for path in folder.iterdir())}
    names: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names.add(node.module.split(".")[0])
    distributions = packages_distributions()  # an extra that is not installed goes by its module's name
    outside = names - set(sys.stdlib_module_names) - ours
    return {canonicalize_name(distributions.get(name, [name])[0]) for name in outside}


def test_whatever_is_imported_is_declared() -> None:
    """An installed wheel brings what its modules import; what only tests import is in the extra for tests."""
    runtime = _names(PROJECT["dependencies"])
    extras = _names(EXTRAS["pdf"] + EXTRAS["cluster"] + EXTRAS["tagged"] + EXTRAS["authors"])
    helpers, tests = _imported(ROOT / "helpers"), _imported(ROOT / "tests")
    assert {"scipy", "scikit-learn", "python-calamine"} <= helpers  # read under their other names too
    assert helpers <= runtime | extras
    assert tests <= runtime | extras | _names(EXTRAS["test"])


def test_whatever_is_declared_is_imported() -> None:
    """Nothing is installed with the package, or for one of its extras, that no module of it uses."""
    declared = _names(
        PROJECT["dependencies"] + EXTRAS["pdf"] + EXTRAS["cluster"] + EXTRAS["tagged"] + EXTRAS["authors"]
    )
    assert declared - _imported(ROOT / "helpers") == set()


def test_the_manifest_names_what_every_installation_has() -> None:
    """A package of the tests or of an extra would stop a report where it is not installed."""
    assert {canonicalize_name(name) for name in manifest.PACKAGES} <= _names(PROJECT["dependencies"])


@pytest.mark.parametrize("package", LEANED_ON)
def test_packages_that_are_leaned_on_inside_are_bounded(package: str) -> None:
    """The next major version is not taken unseen."""
    (requirement,) = [
        Requirement(text)
        for text in PROJECT["dependencies"]
        if canonicalize_name(Requirement(text).name) == package
    ]
    (locked,) = _pins("requirements.lock")[package]
    major = Version(locked).major
    assert f"{major + 1}.0" not in requirement.specifier
    assert locked in requirement.specifier
