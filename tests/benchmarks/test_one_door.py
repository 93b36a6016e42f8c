"""Every command where the computer has too little of something: an exit code and a sentence, never a traceback.

A full disk and a read-only one (as root, on a file system of its own), little memory, output with few letters, a
narrow umask. `CREATORBOOK_MEMORY` names the limits of `ulimit -v` in MB.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from creatorbook.client.repository import SAMPLE_DATA

MEMORY = [int(size) for size in os.environ.get("CREATORBOOK_MEMORY", "1500 2000 2500 3000 4000").split()]

#: What a command may end with: done, some client failed or nothing could be done, a place that it cannot write.
CODES = {0, 1, 2}

#: What a person can act on; a sentence for each kind of shortage.
FULL = r"the disk is full|No space left on device"
READ_ONLY = r"[Rr]ead-only file system|Permission denied|cannot be written|cannot be read or written"
#: What two of them answer where nothing is short: northpin has no links yet, and its goods can still come back.
NOT_YET = "no link yet|goods can come back until"
SHORT = r"memory was not enough|may have run out of memory|the notebook could not be run"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="limits and mounts of Linux"),
]

ANSWERS = (
    *(
        "--brand",
        "Testbrand",
        "--currency",
        "EUR",
        "--market",
        "DE",
        "--prices-include-tax",
        "--tax-rate",
        "0.19",
    ),
    *("--goal", "sales", "--budget", "6000", "--start", "2026-03-02", "--end", "2026-03-29"),
)


def commands(place: Path) -> dict[str, list[str]]:
    """Every command, on a client in this folder, with all it writes in this folder too."""
    client, out = str(place / "northpin"), str(place / "out")
    on_client: dict[str, tuple[str, ...]] = {
        "check": ("--out", f"{out}/check"),
        "shortlist": ("--out", f"{out}/shortlist"),
        "briefs": ("--out", f"{out}/briefs"),
        "ready": ("--store-lift", "--on", "2026-02-20"),
        "codes": ("--out", f"{out}/codes"),
        "approve": ("--by", "Ann", "--on", "2026-02-20"),
        "settle": ("--by", "Ann"),
        "what-we-hold": ("--creator", "alma_regenrunde", "--out", out),
        "forget": ("--creator", "alma_regenrunde", "--out", out),
        "report": ("--stage", "plan", "--force", "--jobs", "1", "--out", out),
    }
    calls = {name: [name, client, *more] for name, more in on_client.items()}
    return {
        **calls,
        "new": ["new", str(place / "new"), *ANSWERS],
        "simulate": ["simulate", str(place / "simulated"), "--creators", "3", "--days", "5"],
        "labels": ["labels"],
        "help": ["--help"],
    }


def _client(place: Path) -> None:
    shutil.copytree(SAMPLE_DATA / "northpin", place / "northpin", ignore=shutil.ignore_patterns("truth"))
    (place / "out").mkdir()


def _run(
    call: list[str], before: str = "true", output: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    command = ["bash", "-c", f'{before}; exec "$@"', "bash", sys.executable, "-P", "-m", "creatorbook", *call]
    with (output or Path(os.devnull)).open("w") as file:
        run = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file if output else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env={**os.environ, **environment},
            check=False,
        )
    if output:
        run.stdout = output.read_text(encoding="latin-1")
    return run


def _answered(run: subprocess.CompletedProcess[str], sentence: str) -> str:
    """What was wrong with an answer; empty if it was an exit code with a sentence."""
    output = f"{run.stdout or ''}{run.stderr}"
    if "Traceback" in output or "creatorbook itself failed" in output:
        return output[-1500:]
    if run.returncode not in CODES:
        return f"rc {run.returncode}: {output[-500:]}"
    if run.returncode and not re.search(f"{sentence}|{NOT_YET}", output):
        return f"rc {run.returncode} and another cause: {output[-500:]}"
    return ""


@contextmanager
def _mounted(place: Path, *options: str) -> Iterator[Path]:
    place.mkdir()
    made = subprocess.run(["mount", *options, str(place)], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no file system of its own can be made here: {made.stderr}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _printed(capsys: pytest.CaptureFixture[str], title: str, answers: dict[str, str]) -> None:
    with capsys.disabled():
        print(
            f"\n{title}: {len(answers)} calls, {sum(bool(wrong) for wrong in answers.values())} without an answer"
        )
        for name, wrong in answers.items():
            if wrong:
                print(f"  {name}: {wrong}")
    assert not any(answers.values())


def test_a_full_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Client, reports and the temporary folder on a file system without a byte left."""
    answers = {}
    with _mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=4m", "tmpfs") as place:
        for name, call in commands(place).items():
            for left in place.iterdir():
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            _client(place)
            (place / "tmp").mkdir()
            with (place / "filler").open("wb") as filler:
                subprocess.run(
                    ["head", "-c", "5m", "/dev/zero"], stdout=filler, stderr=subprocess.DEVNULL, check=False
                )
            answers[name] = _answered(_run(call, TMPDIR=str(place / "tmp")), FULL)
    _printed(capsys, "full disk", answers)


def test_a_disk_that_may_not_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Client and reports on a read-only file system."""
    _client(tmp_path)
    with _mounted(tmp_path / "m", "--bind", str(tmp_path)) as place:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(place)], check=True)
        answers = {name: _answered(_run(call), READ_ONLY) for name, call in commands(place).items()}
    _printed(capsys, "read-only disk", answers)


@pytest.mark.parametrize("size", MEMORY)
def test_little_memory(size: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From 1.5 GB of address space up: done, or told; the launcher explains an abort, so it is called."""
    answers = {}
    _client(tmp_path)
    for name, call in commands(tmp_path).items():
        run = _run(call, before=f"ulimit -v {size * 1000}")
        answers[name] = _answered(run, SHORT)
        if "the PDF engine is not installed" in f"{run.stdout}{run.stderr}":
            answers[name] = "a wrong cause for the PDF"
    _printed(capsys, f"{size} MB", answers)


@pytest.mark.parametrize("letters", ["cp1252", "latin-1", "ascii"])
def test_output_with_few_letters(letters: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Into a file, as on a system whose own letters are few: everything is told, some signs are replaced."""
    answers = {}
    _client(tmp_path)
    for name, call in commands(tmp_path).items():
        run = _run(call, output=tmp_path / "output.txt", PYTHONIOENCODING=letters)
        answers[name] = _answered(run, "nothing goes wrong here")
        if not run.stdout.rstrip() and not run.stderr:
            answers[name] = answers[name] or "nothing was printed"
    _printed(capsys, letters, answers)


def test_a_narrow_umask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing goes wrong, and nothing that was written can be read by others."""
    _client(tmp_path)
    answers = {
        name: _answered(_run(call, before="umask 077"), "nothing goes wrong here")
        for name, call in commands(tmp_path).items()
    }
    _printed(capsys, "umask 077", answers)
    written = [path for name in ("out", "new", "simulated") for path in (tmp_path / name).rglob("*")]
    assert len(written) > 20
    assert not [path for path in written if path.stat().st_mode & 0o077]
