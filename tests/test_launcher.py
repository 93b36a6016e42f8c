"""The launcher in a fresh clone: one command makes the environment and prints a report.

CI starts as a fresh clone itself, with the whole lock; here the lock is cut to what a first call needs.
"""

import json
import os
import re
import runpy
import shutil
import signal
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

#: What a call imports before it can say that there is no such client, or ask for a new one's facts, and what builds
#: the package.
FIRST = [
    "typer",
    "pyyaml",
    "pydantic",
    "pandas",
    "babel",
    "jinja2",
    "xlsxwriter",
    "platformdirs",
    "hatchling",
    "editables",
]


def fresh_clone(target: Path) -> Path:
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
    target = fresh_clone(tmp_path_factory.mktemp("fresh clone") / "creatorbook")
    lock = target / "requirements.lock"
    entries = re.split(r"\n(?=\S)", lock.read_text())
    wanted = _with_dependencies(FIRST)
    needed = [entry for entry in entries if canonicalize_name(entry.partition("==")[0]) in wanted]
    assert len(needed) < len(entries) / 3
    lock.write_text("\n".join(needed))
    return target


#: The Python that a user has, and its surroundings without what this test run was started with.
BASE = str(Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else "bin/python3"))
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}


def _launch(
    clone: Path, *arguments: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BASE, str(clone / "workbook.py"), *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=CLEAN | environment,
        check=False,
    )


def _packages(clone: Path) -> Path:
    return Path(runpy.run_path(str(clone / "workbook.py"))["PACKAGES"])


def test_first_use_makes_the_environment(clone: Path) -> None:
    """With nothing but Python, the first call makes an environment, says so, and does what it was called for."""
    run = _launch(clone, "--help")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Making an environment" in run.stdout
    assert "simulate" in run.stdout


def test_the_environment_has_a_pip_of_today_and_no_setuptools(clone: Path) -> None:
    """Python brings both as old as itself."""
    (pip,) = _packages(clone).glob("pip-*.dist-info")
    assert (
        f"pip=={pip.name.split('-')[1].removesuffix('.dist')} "
        in (ROOT / "requirements-pip.lock").read_text()
    )
    assert not list(_packages(clone).glob("setuptools*"))


def test_files_of_the_working_directory_are_never_run(clone: Path, tmp_path: Path) -> None:
    """A client's files may be called as a module is; nor is what lies beside workbook.py by accident imported."""
    for folder in (clone, tmp_path):
        for name in ("yaml", "calendar", "json", "typer", "creatorbook"):
            (folder / f"{name}.py").write_text(f"open(r'{tmp_path / 'was run'}', 'w')\n")
    run = _launch(clone, "report", "nobody", cwd=tmp_path)
    in_the_clone = _launch(clone, "report", "nobody", cwd=clone)
    for path in clone.glob("*.py"):
        if path.name != "workbook.py":
            path.unlink()
    assert (run.returncode, in_the_clone.returncode) == (2, 2), run.stderr + in_the_clone.stderr
    assert "there is no client “nobody”" in run.stderr
    assert not (tmp_path / "was run").exists()


@pytest.mark.slow
def test_first_use_leaves_a_report(tmp_path: Path) -> None:
    """With nothing but Python and the whole lock, `python3 workbook.py report` leaves the five files."""
    clone = fresh_clone(tmp_path / "fresh clone")
    run = _launch(clone, "report", "northpin")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "Making an environment" in run.stdout
    (edition,) = (clone / "reports" / "northpin").glob("*/*")
    names = {path.name for path in edition.iterdir() if path.is_file()}
    assert names == {"summary.json", "manifest.json"}
    assert {path.name for path in (edition / "to-send").iterdir()} == {
        "report.html",
        "report.pdf",
        "data.xlsx",
    }


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


@pytest.mark.slow
def test_a_lost_package_is_mended(clone: Path) -> None:
    """A package whose folder or record is gone is installed again, and nothing else is."""
    packages = _packages(clone)
    shutil.rmtree(packages / "yaml")
    (record,) = packages.glob("typer-*.dist-info")
    shutil.rmtree(record)
    run = _launch(clone, "report", "nobody")
    assert "there is no client “nobody”" in run.stderr, run.stdout + run.stderr
    assert "PyYAML is damaged and is installed again" in run.stdout or "pyyaml is damaged" in run.stdout
    assert "pandas is damaged" not in run.stdout
    assert (packages / "yaml" / "__init__.py").is_file()
    assert record.is_dir()


def test_a_lost_part_of_a_package_is_told_and_mended_by_the_next_call(clone: Path) -> None:
    """One sentence, not a traceback; the next call looks at every file and installs what is damaged."""
    (_packages(clone) / "typer" / "main.py").unlink()
    first = _launch(clone, "report", "nobody")
    assert first.returncode == 1
    assert "a part of creatorbook's environment is missing or damaged" in first.stderr
    assert "Traceback" not in first.stderr
    second = _launch(clone, "report", "nobody")
    assert "typer is damaged and is installed again" in second.stdout
    assert "there is no client “nobody”" in second.stderr, second.stdout + second.stderr


@pytest.mark.skipif(os.name == "nt", reason="programs there are no scripts")
def test_plugins_are_put_back_when_the_environment_is_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From the folder they were installed from, as they were installed; what has no folder any more is said."""
    workbook = runpy.run_path(str(ROOT / "workbook.py"))
    namespace = workbook["make_environment"].__globals__
    packages, calls = tmp_path / ".venv/lib/python3.11/site-packages", []
    namespace.update(
        ENVIRONMENT=tmp_path / ".venv", PACKAGES=packages, REMEMBERED=tmp_path / "remembered.json"
    )
    namespace["pip"] = lambda *arguments: calls.append(arguments)
    origins = {
        "ours": {"url": tmp_path.as_uri(), "dir_info": {"editable": True}},
        "gone": {"url": (tmp_path / "nowhere").as_uri(), "dir_info": {}},
        "bought": None,
        "packs": {"url": tmp_path.as_uri(), "dir_info": {"editable": True}},  # brings data alone, and no hook
    }
    for name, origin in origins.items():
        record = packages / f"{name}-1.0.dist-info"
        record.mkdir(parents=True)
        group = "creatorbook.packs" if name == "packs" else "creatorbook"
        (record / "entry_points.txt").write_text(f"[{group}]\n{name} = {name}\n")
        (record / "RECORD").write_text(f"{name}/__init__.py,,\n{name}-1.0.dist-info/RECORD,,\n")
        if origin:
            (record / "direct_url.json").write_text(json.dumps(origin))
    assert workbook["files_of_plugins"]() == {
        f"{name}{end}" for name in origins for end in ("", ".dist-info")
    }
    workbook["remember_plugins"]()
    shutil.rmtree(tmp_path / ".venv")
    workbook["put_plugins_back"]()
    assert [call[-2:] for call in calls] == [("--editable", str(tmp_path))] * 2
    output = capsys.readouterr().out
    assert "ours is installed again" in output
    assert f"gone could not be installed again: install it yourself, from {tmp_path / 'nowhere'}" in output
    assert "bought could not be installed again: install it yourself, from where you have it from" in output
    assert not (tmp_path / "remembered.json").exists()


def test_a_moved_folder_starts_its_own_programs(clone: Path) -> None:
    """After a move, and in a copy whose original is there still, every program of .venv starts that .venv's Python."""
    moved = clone.parent / "moved here"
    shutil.copytree(clone, moved, symlinks=True)
    run = _launch(moved, "report", "nobody")
    assert "there is no client “nobody”" in run.stderr, run.stdout + run.stderr
    for script in (moved / ".venv" / "bin").iterdir():
        if script.is_file() and not script.is_symlink():
            assert str(clone).encode() not in script.read_bytes(), script
    program = subprocess.run([moved / ".venv/bin/typer", "--help"], capture_output=True, check=False)
    assert program.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="signals and limits of Linux")
@pytest.mark.parametrize(
    ("number", "code", "sentence"),
    [
        (signal.SIGKILL, 137, "probably this computer's memory was not enough"),
        (signal.SIGABRT, 134, "probably this computer's memory was not enough"),
        (signal.SIGTERM, 143, "was ended (SIGTERM)"),
    ],
)
def test_an_abort_is_explained(
    number: int, code: int, sentence: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The launcher is still there when creatorbook was killed, says so, and ends with the shell's exit code."""
    explained = runpy.run_path(str(ROOT / "workbook.py"))["explained"]
    dying = subprocess.run(
        [sys.executable, "-c", f"import os; os.kill(os.getpid(), {number:d})"], check=False
    )
    assert explained(dying.returncode) == code
    assert sentence in capfd.readouterr().err
    assert [explained(each) for each in (0, 1, 2, 130)] == [0, 1, 2, 130]
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
def test_creatorbook_ends_with_its_launcher(clone: Path) -> None:
    """A launcher that is killed leaves nobody behind; one that is asked to end hands that on."""
    for number, code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGTERM, 143)):
        launcher = subprocess.Popen(
            [BASE, str(clone / "workbook.py"), "new", "a", "--brand", "A"], env=CLEAN, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert launcher.stdout is not None
        assert launcher.stdout.read(8) == b"Currency"  # it waits for an answer
        launcher.send_signal(number)
        assert launcher.wait(20) == code
        assert launcher.stdout.read() is not None  # it ends only when the last process that could write has


@pytest.mark.slow
def test_letters_that_the_output_has_not_are_replaced(clone: Path) -> None:
    """From the launcher's own progress to creatorbook's help."""
    (clone / ".venv" / "creatorbook.json").unlink()
    run = _launch(clone, "--help", PYTHONIOENCODING="ascii")
    assert run.returncode == 0, run.stderr
    assert "Ready." in run.stdout
