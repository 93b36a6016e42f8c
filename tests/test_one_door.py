"""Whatever stops a call is one sentence and an exit code, from every command and every form; never a traceback."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pytest

from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.findings import Findings
from creatorbook.forms.board import Board
from creatorbook.forms.what_if import what_if_form
from creatorbook.opening import open_book
from creatorbook.problems import Problem, as_problem, unwritable
from creatorbook.report import pdf

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits and devices of Linux")

MEMORY, FULL = "this computer's memory was not enough", "the disk is full"


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A copy of the smallest sample client."""
    return Path(shutil.copytree(SAMPLE_DATA / "northpin", tmp_path / "client"))


def _call(
    *arguments: object, before: str = "true", cwd: Path | None = None, **more: Any
) -> subprocess.CompletedProcess[str]:
    """The command as the launcher starts it."""
    call = [sys.executable, "-P", "-m", "creatorbook", *map(str, arguments)]
    if before != "true":
        call = ["bash", "-c", f'{before}; exec "$@"', "bash", *call]
    environment = {**os.environ, **more.pop("environment", {})}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return subprocess.run(call, text=True, cwd=cwd, env=environment, check=False, **streams)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Problem("a mistake"), "a mistake"),
        (MemoryError(), MEMORY),
        (OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), MEMORY),
        (ImportError("libcairo.so.2: failed to map segment from shared object"), MEMORY),
        (RuntimeError("can't start new thread"), MEMORY),
        (RuntimeError("std::bad_alloc"), MEMORY),
        (duckdb.OutOfMemoryException("Out of Memory Error: could not allocate block"), MEMORY),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x.csv"), f"x.csv: {FULL}"),
        (OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)), FULL),
        (duckdb.IOException("IO Error: Could not write all: No space left on device"), FULL),
        (PermissionError(errno.EACCES, os.strerror(errno.EACCES), "x"), "x: cannot be read or written: Permission denied"),
        (OSError(errno.EROFS, os.strerror(errno.EROFS), "x"), "x: cannot be read or written: Read-only file system"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), "the program that read the output has ended"),
        (ModuleNotFoundError("No module named 'duckdb'"), "a part of creatorbook's environment is missing"),
        (ValueError("a shop that sells out of memory foam"), "creatorbook itself failed: ValueError: a shop that"),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_stopped_a_call_is_told_by_its_cause(error: Exception, sentence: str) -> None:
    """The computer's shortages are told from each other, from mistakes in files, and from ours."""
    assert str(as_problem(error)).startswith(sentence)


def test_a_folder_that_was_chosen_is_told_from_a_full_disk() -> None:
    """Another `--out` on the same disk would not help."""
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "out/.batch")
    assert str(unwritable(full, Path("out"))).startswith(f"out/.batch: {FULL}\n  → Make room")
    read_only = OSError(errno.EROFS, os.strerror(errno.EROFS), "out/.batch")
    sentence = "out: cannot be written: Read-only file system\n  → Choose another --out."
    assert str(unwritable(read_only, Path("out"))) == sentence


def test_nothing_is_imported_from_a_client_folder(client: Path) -> None:
    """A creator's archive that was unpacked there is not run by whoever works in that folder."""
    for name in ("yaml", "calendar", "typer", "pandas", "duckdb", "creatorbook"):
        (client / f"{name}.py").write_text(f"open({str(client.parent / 'was run')!r}, 'w')\n")
    run = _call("check", ".", cwd=client)
    assert run.returncode == 0, run.stderr
    assert "creators.csv" in run.stdout
    assert not (client.parent / "was run").exists()


@pytest.mark.parametrize("letters", [pytest.param("cp1252", marks=pytest.mark.slow), "latin-1"])
def test_letters_that_the_output_has_not_are_replaced(client: Path, letters: str) -> None:
    """The same lines as elsewhere, and the same JSON."""
    outputs = {
        name: [
            _call(*call, environment={"PYTHONIOENCODING": name}, encoding=name).stdout
            for call in (("check", client), ("check", client, "--json"))
        ]
        for name in ("utf-8", letters)
    }
    whole, few = outputs["utf-8"], outputs[letters]
    assert "→" in whole[0]
    assert [len(line) for line in few[0].splitlines()] == [len(line) for line in whole[0].splitlines()]
    assert json.loads(few[1]) == json.loads(whole[1])


@linux
def test_a_full_disk_is_told(client: Path, tmp_path: Path) -> None:
    """Files that may not grow stand for it, and a device that is always full takes the output."""
    limited = _call("codes", client, "--out", tmp_path / "codes", before="ulimit -f 1")
    assert (limited.returncode, "Traceback" in limited.stderr) == (1, False), limited.stderr
    assert FULL in limited.stderr
    assert not (tmp_path / "codes").exists()
    with Path("/dev/full").open("w") as full:
        output = _call("labels", stdout=full)
    assert output.returncode == 1
    assert output.stderr.startswith(FULL)
    assert "Traceback" not in output.stderr


@linux
def test_a_place_that_may_not_be_written_is_told(client: Path) -> None:
    """Where even the system's administrator may not write."""
    run = _call("check", client, "--out", "/proc/receipts")
    assert run.returncode in (1, 2)
    assert "/proc/receipts" in run.stderr
    assert "Traceback" not in run.stderr


@linux
def test_a_reader_that_went_away_is_told(client: Path) -> None:
    """As `head` does."""
    readable, writable = os.pipe()
    os.close(readable)
    run = _call("labels", stdout=writable)
    os.close(writable)
    assert run.returncode == 1
    assert run.stderr.startswith("the program that read the output has ended")
    assert len(run.stderr.splitlines()) == 2


@linux
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_program_ends_with_the_call_that_runs_it(number: int) -> None:
    """JupyterLab, and the tests, do not outlive a command that was killed; here a web server stands for them."""
    code = "from creatorbook.tied import run_module; run_module('http.server', ['0', '--bind', '127.0.0.1'])"
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    call = subprocess.Popen(
        [sys.executable, "-P", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        # a test run that outlives its terminal ignores it
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    assert call.stdout is not None
    assert call.stdout.read(12) == b"Serving HTTP"
    call.send_signal(number)
    assert call.wait(20) == -number
    assert call.stdout.read() is not None  # it ends only when the server, which could write there, has


@linux
def test_an_interrupt_is_told(tmp_path: Path) -> None:
    """One sentence and the shell's exit code."""
    call = [sys.executable, "-P", "-m", "creatorbook", "new", str(tmp_path / "new"), "--brand", "A"]
    asking = subprocess.Popen(
        call,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a run in the background ignores it
    )
    assert asking.stdout is not None
    assert asking.stdout.read(8) == "Currency"
    asking.send_signal(signal.SIGINT)
    _, message = asking.communicate()
    assert (asking.returncode, "Traceback" in message) == (130, False)
    assert message.strip().endswith("interrupted; the same command goes on where it stopped")


def test_a_pdf_engine_that_cannot_be_loaded_is_not_told_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little memory is told as that; what is not installed, with how to install it."""
    monkeypatch.setitem(sys.modules, "plutoprint", None)
    assert "the PDF engine is not installed" in pdf.why_none()
    finder = mock.Mock()
    finder.find_spec.side_effect = ImportError("libplutobook.so: failed to map segment from shared object")
    monkeypatch.delitem(sys.modules, "plutoprint")
    monkeypatch.setattr(sys, "meta_path", [finder])
    assert pdf.why_none() == f"no PDF was made: {MEMORY}"


def _children(form: Any) -> list[Any]:
    return [form, *(each for child in getattr(form, "children", ()) for each in _children(child))]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(OSError(errno.ENOSPC, "kein Platz"), FULL), (MemoryError(), "memory was not enough")],
)
def test_a_form_shows_the_sentence(
    error: Exception, sentence: str, client: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What-ifs and the creators' board, in JupyterLab."""
    book = open_book(client, stage="plan", mode="explore")
    step = mock.Mock(side_effect=[Findings("x"), error], __name__="break_even")
    answer = what_if_form(book, step, "budget").move({"budget": book.campaign.budget / 2})
    assert sentence in answer["words"]
    monkeypatch.setattr("creatorbook.acts.creators_board.record_decisions", mock.Mock(side_effect=error))
    board = Board(book)
    wanted = {"decision": "Shortlist", "reason": "people respond", "by": "Ann"}
    answer = board.answer({"do": "decide", "accounts": [board.rows[0]["id"]], **wanted})
    assert not answer["ok"]
    assert sentence in answer["words"]
