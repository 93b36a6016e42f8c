"""Forked kernels: as fresh and as separate as ordinary ones, and gone when their owner is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import ModuleType

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from creatorbook.runner import forked
from creatorbook.runner.execute import KERNEL_ARGUMENTS

pytestmark = pytest.mark.skipif(not forked.supported(), reason="kernels are forked on Linux only")


def run(*sources: str, folder: Path, **environment: str) -> list[str]:
    """Run cells in a forked kernel; each cell's printed text, or the MIME types it displayed."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    client = NotebookClient(
        notebook,
        kernel_name=forked.KERNEL_NAME,
        extra_arguments=KERNEL_ARGUMENTS,
        resources={"metadata": {"path": str(folder)}},
    )
    kept = dict(os.environ)
    os.environ.update(environment)
    try:
        client.execute()
    finally:
        os.environ.clear()
        os.environ.update(kept)
    return [_told(cell) for cell in notebook.cells]


def _told(cell: object) -> str:
    shown = [output.get("text") or " ".join(output.get("data", {})) for output in cell.outputs]  # type: ignore[attr-defined]
    return " ".join(shown).strip()


def test_everything_is_preloaded_from_a_single_thread(tmp_path: Path) -> None:
    """No import failed in the fork server, it has one thread, and pandas is there before the first cell."""
    said = run(
        "import sys; print('pandas' in sys.modules, 'seaborn' in sys.modules)",
        "from creatorbook.runner import preload; print(preload.FAILED, preload.THREADS)",
        folder=tmp_path,
    )
    assert said == ["True True", "[] 1"]


def test_what_cannot_be_forked_is_not_open(tmp_path: Path) -> None:
    """The fork server leaves no zmq context, no database and no inline backend for its children to share."""
    script = tmp_path / "server.py"
    script.write_text(
        "import os\n"
        "from creatorbook.runner import forked\n"
        "os.environ.update(forked.ENVIRONMENT)\n"
        "from creatorbook.runner import preload\n"
        "import gc, sys, threading, zmq\n"
        "gc.unfreeze()\n"
        "assert not [one for one in gc.get_objects() if isinstance(one, (zmq.Context, zmq.Socket))]\n"
        "from creatorbook.exports import database\n"
        "assert database._database.cache_info().currsize == 0\n"
        "assert 'matplotlib_inline.backend_inline' not in sys.modules\n"
        "assert threading.active_count() == preload.THREADS == 1\n"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_the_fork_server_keeps_silent_is_told(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A module that could not be preloaded is in the kernel's log; from a process with threads none is forked."""
    preload = ModuleType("preload")
    preload.FAILED, preload.THREADS = ["seaborn: no such module"], 1  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "creatorbook.runner.preload", preload)
    monkeypatch.setattr("creatorbook.runner.preload", preload, raising=False)
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    forked._look_at_preload()
    assert capfd.readouterr().out == "not preloaded: seaborn: no such module\n"
    assert not ended
    preload.THREADS = 2  # type: ignore[attr-defined]
    forked._look_at_preload()
    assert ended == [forked.UNSAFE]


def test_figures_do_not_vanish(tmp_path: Path) -> None:
    """A pyplot figure is displayed inline although pyplot was imported before there was a shell."""
    (shown,) = run("import matplotlib.pyplot as plt; plt.plot([1, 2]);", folder=tmp_path)
    assert "image/png" in shown


def test_each_kernel_draws_its_own_numbers(tmp_path: Path) -> None:
    """numpy's and Python's global random states are not copies of one another."""
    source = "import random, numpy; print(numpy.random.rand(), random.random())"
    first, second = (run(source, folder=tmp_path)[0].split() for _ in range(2))
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_environment_and_folder_are_the_callers(tmp_path: Path) -> None:
    """The fork server was started earlier, elsewhere, with another environment; nothing of it is left."""
    run("pass", folder=tmp_path, MARK="first")
    here = tmp_path / "here"
    here.mkdir()
    said, signals = run(
        "import os, sys; print(os.getcwd(), os.environ['MARK'], sys.argv[0])",
        "import signal; print(signal.getsignal(signal.SIGTERM), os.getsid(0) == os.getpid())",
        folder=here,
        MARK="second",
    )
    assert said.split() == [str(here), "second", "ipykernel_launcher"]
    assert signals == "0 True"  # the system's own way, in a session of its own


def test_a_failed_fork_starts_an_ordinary_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One clear line says so, and the notebook runs."""

    def refuse(*_arguments: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(forked, "ForkedProcess", refuse)
    with caplog.at_level("WARNING"):
        said = run("print(1 + 1)", folder=tmp_path)
    assert said == ["2"]
    lines = [record.message for record in caplog.records if "ordinary kernel" in record.message]
    assert lines == ["starting an ordinary kernel: the forked one failed (no more processes)"]


def test_kernels_die_with_their_owner(tmp_path: Path) -> None:
    """An owner that is killed leaves no kernel behind; its script was not run again in any of them."""
    script = tmp_path / "owner.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import time
            open({str(tmp_path / "runs")!r}, "a").write("x")
            from jupyter_client.manager import start_new_kernel
            if __name__ == "__main__":
                manager, client = start_new_kernel(kernel_name={forked.KERNEL_NAME!r})
                print(manager.provisioner.pid, flush=True)
                time.sleep(600)
            """
        )
    )
    owner = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    kernel = int(owner.stdout.readline())
    assert _is_alive(kernel)
    assert (tmp_path / "runs").read_text() == "x"
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    for _ in range(100):
        if not _is_alive(kernel):
            return
        time.sleep(0.1)
    pytest.fail("the kernel outlived its owner by ten seconds")


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
