"""pyproject.toml, requirements.lock, environment.yml and the launcher say the same."""

import re
import runpy
import tomllib

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from creatorbook.client.repository import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]


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
