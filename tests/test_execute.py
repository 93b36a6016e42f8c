"""One notebook's run: what happened is written down as it happened, and only a lost start is tried again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

import batches
from creatorbook.problems import Problem
from creatorbook.runner import execute as runner
from creatorbook.runner import forked
from creatorbook.runner.record import Run

linux = pytest.mark.skipif(not forked.supported(), reason="kernels are forked on Linux only")


@pytest.fixture(autouse=True)
def forget_the_kernel() -> None:
    """Which kernel is used is found out once per process."""
    runner.kernel.cache_clear()


def run(folder: Path, *sources: str, timeout: int = 60, **parameters: Any) -> Run:
    """Run cells called `first`, `second` … after a parameters cell with `client`."""
    cells = [new_code_cell("client = ''", id="parameters", metadata={"tags": ["parameters"]})]
    names = ("first", "second", "third")
    cells += [new_code_cell(source, id=name) for source, name in zip(sources, names, strict=False)]
    notebook = new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    path = folder / "a {client} b.ipynb"
    nbformat.write(notebook, path)
    return runner.execute(path, folder / "out {0}.ipynb", parameters, folder / "findings", folder, timeout)


def test_a_run_that_ends_well_tells_its_cells(tmp_path: Path) -> None:
    """Braces in paths stay braces; the copy is tidy; the kernel works in the folder, this process does not move."""
    before = Path.cwd()
    told = run(tmp_path, "import os; print(os.getcwd(), client)", client="x{y}")
    assert (told.status, told.cell, told.cause) == ("ok", "", "")
    assert [cell.cell for cell in told.cells][-1] == "first"
    made = nbformat.read(tmp_path / "out {0}.ipynb", as_version=4)
    assert made.cells[-1].outputs[0].text == f"{tmp_path} x{{y}}\n"
    assert "papermill" not in made.metadata
    assert Path.cwd() == before


def test_cells_for_the_notebook_only_are_left_out_and_show_nothing(tmp_path: Path) -> None:
    """Neither run nor shown: what stood in them may be another client's."""
    cells = [
        new_code_cell("client = ''", id="parameters", metadata={"tags": ["parameters"]}),
        new_code_cell(
            "open('ran', 'w')",
            id="slider",
            metadata={"tags": ["explore", runner.NOTEBOOK_ONLY]},
            outputs=[new_output("stream", text="somebody else's")],
            execution_count=3,
        ),
        new_code_cell("print(client)", id="after"),
    ]
    path = tmp_path / "a.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}), path)
    told = runner.execute(path, tmp_path / "out.ipynb", {"client": "mine"}, tmp_path / "findings", tmp_path)
    left_out, after = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[-2:]
    assert (told.status, [cell.cell for cell in told.cells][-1]) == ("ok", "after")
    assert (left_out.outputs, left_out.execution_count) == ([], None)
    assert after.outputs[0].text == "mine\n"
    assert not (tmp_path / "ran").exists()


def test_a_failed_cell_is_named_with_its_error(tmp_path: Path) -> None:
    """No copy is left of a run that failed."""
    told = run(tmp_path, "x = 1", "{}['gone']", "x = 2")
    assert (told.status, told.cell, told.error, told.cause) == (
        "failed",
        "second",
        "KeyError",
        "KeyError: 'gone'",
    )
    assert not (tmp_path / "out {0}.ipynb").exists()


def test_an_endless_cell_times_out(tmp_path: Path) -> None:
    """Papermill's own record calls it completed."""
    told = run(tmp_path, "import time; time.sleep(60)", timeout=1)
    assert (told.status, told.cell, told.cause) == ("timed out", "first", "a cell ran longer than 1 seconds")


def test_a_kernel_that_dies_in_a_cell_is_not_started_again(tmp_path: Path) -> None:
    """What the cell did may not be done twice."""
    told = run(
        tmp_path, "open('ran', 'a').write('x'); import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert (told.status, told.cell, told.restarted) == ("killed", "first", False)
    assert (tmp_path / "ran").read_text() == "x"


@linux
def test_a_start_that_is_lost_before_the_first_cell_is_made_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An ordinary kernel takes over, one line says so, and the lost kernel's own words are in the log."""
    monkeypatch.setattr(forked, "become_kernel", batches.lose_a_kernel)
    told = run(tmp_path, "open('ran', 'a').write('x')")
    assert (told.status, told.restarted) == ("ok", True)
    assert (tmp_path / "ran").read_text() == "x"
    assert "lost before its first cell" in caplog.text
    assert "out of paper" in caplog.text


def test_a_wrong_parameter_stops_before_any_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papermill would warn and inject it all the same."""
    monkeypatch.setattr(runner, "kernel", lambda: pytest.fail("a kernel was asked for"))
    with pytest.raises(Problem, match="has no parameter “cliemt”"):
        run(tmp_path, "x = 1", cliemt="x")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_an_ordinary_kernel_and_one_line(
    platform: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """macOS and Windows: the line says why, once."""
    monkeypatch.delenv(runner.KERNEL_VARIABLE, raising=False)
    monkeypatch.setattr("sys.platform", platform)
    assert [runner.kernel(), runner.kernel()] == [runner.ORDINARY] * 2
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith(
        "reports run in ordinary kernels, which takes about twice as long: forking is only safe"
    )


@linux
def test_on_linux_headless_kernels_are_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the environment names another kernel."""
    monkeypatch.delenv(runner.KERNEL_VARIABLE, raising=False)
    assert runner.kernel() == forked.KERNEL_NAME
    runner.kernel.cache_clear()
    monkeypatch.setenv(runner.KERNEL_VARIABLE, "python3")
    assert runner.kernel() == "python3"
