"""Run one notebook through papermill, in a fresh kernel, and record what happened to it."""

from __future__ import annotations

import ast
import logging
import multiprocessing
import os
import time
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpecManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from creatorbook.findings import FOLDER_VARIABLE
from creatorbook.problems import Problem, bounded, short_in_words, short_of
from creatorbook.runner import forked
from creatorbook.runner.patient import PatientManager
from creatorbook.runner.record import Recorder, Run, Status
from creatorbook.text.plain_text import for_page

#: The kernel every Jupyter has.
ORDINARY = "python3"

#: Names another kernel for headless runs, such as `python3`.
KERNEL_VARIABLE = "CREATORBOOK_KERNEL"

#: Seconds one cell may take before it counts as endless.
CELL_TIMEOUT = 600

#: Cells for whoever sits at the notebook: sliders, forms, another formula, plans at depth. No part of a report uses
#: what they show, so a headless run leaves them out, and their outputs empty.
NOTEBOOK_ONLY = "notebook-only"

#: ipykernel warns of unencrypted local connections on every start, and of being stopped on every end; and what a
#: report runs is no part of what somebody typed, which IPython keeps in a database.
KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=CRITICAL", "--HistoryManager.enabled=False"]

#: Seconds a kernel may take to answer for the first time.
START_TIMEOUT = 60

#: What is raised when a kernel was lost before it answered, or could not be started.
LOST = {"RuntimeError", "DeadKernelError", "TimeoutError", "OSError"}

_log = logging.getLogger(__name__)


def execute(
    notebook: Path,
    output: Path,
    parameters: dict[str, Any],
    findings: Path,
    folder: Path,
    timeout: int = CELL_TIMEOUT,
) -> Run:
    """Run a notebook with parameters; its findings go to one folder, the executed copy to another.

    A forked kernel that was lost before its first cell is replaced by an ordinary one; after that, nothing is
    ever run twice.

    Args:
        notebook: the notebook to run; it is not changed.
        output: where the executed copy is written, if all went well.
        parameters: values for names in its parameters cell.
        findings: folder for what `show` writes.
        folder: the kernel's working folder.
        timeout: seconds one cell may take.

    Raises:
        Problem: a parameter that the notebook does not have.
    """
    check_parameters(notebook, parameters)
    started = time.monotonic()
    name = kernel()
    recorder, restarted = Recorder(), False
    executed, status, error, cause = _run(notebook, name, parameters, timeout, folder, findings, recorder)
    if error in LOST and not recorder.began and name != ORDINARY:
        _log.warning("starting an ordinary kernel: the first one was lost before its first cell (%s)", cause)
        recorder, restarted = Recorder(), True
        executed, status, error, cause = _run(
            notebook, ORDINARY, parameters, timeout, folder, findings, recorder
        )
    if executed is not None:
        # on one line, which takes a tenth of the time; Jupyter indents it when it saves it
        output.write_text(for_page(nbformat.writes(_tidied(executed), indent=None)) + "\n", encoding="utf-8")
    seconds = round(time.monotonic() - started, 2)
    cell = "" if status == "ok" else recorder.cell
    return Run(notebook.stem, status, seconds, cell, cause, error, tuple(recorder.cells), restarted)


@cache
def kernel() -> str:
    """The kernel for headless runs: forked where that is safe, else an ordinary one, and one line says so."""
    if asked := os.environ.get(KERNEL_VARIABLE):
        return asked
    if why := why_ordinary():
        _log.warning("reports run in ordinary kernels, which takes about twice as long: %s", why)
        return ORDINARY
    return forked.KERNEL_NAME


def why_ordinary() -> str:
    """Why kernels cannot be forked here; empty if they can."""
    if not forked.supported():
        return "forking is only safe on Linux"
    if multiprocessing.current_process().daemon:
        return "a daemonic process may not have children of its own"
    if forked.KERNEL_NAME not in KernelSpecManager().find_kernel_specs():
        return f"the kernel “{forked.KERNEL_NAME}” is not installed; install creatorbook again"
    return ""


def _run(
    notebook: Path,
    name: str,
    parameters: dict[str, Any],
    timeout: int,
    folder: Path,
    findings: Path,
    recorder: Recorder,
) -> tuple[Any, Status, str, str]:
    """The executed notebook, if it ended well, and what happened: status, error and cause."""
    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    os.environ[FOLDER_VARIABLE] = str(findings)
    try:
        executed = papermill.execute_notebook(
            _literally(notebook),
            None,
            parameters,
            kernel_name=name,
            kernel_manager_class=PatientManager,
            progress_bar=False,
            execution_timeout=timeout,
            start_timeout=START_TIMEOUT,
            extra_arguments=KERNEL_ARGUMENTS,
            shutdown_kernel="immediate",  # it has nothing left to say
            on_cell_execute=recorder.sent,
            on_cell_executed=recorder.answered,
            skip_cells_with_tag=NOTEBOOK_ONLY,
            resources={"metadata": {"path": str(folder)}},  # the process itself stays
        )
    except PapermillExecutionError as error:
        return None, "failed", "" if error.ename == "Problem" else error.ename, _plain_cause(error)
    except CellTimeoutError:
        return None, "timed out", "", f"a cell ran longer than {timeout} seconds"
    except DeadKernelError:
        return None, "killed", "DeadKernelError", "the notebook's process died; it may have run out of memory"
    except Exception as error:  # a kernel that does not start, a broken connection, a full disk
        short = short_of(error)
        why = short.what if short else error
        return None, "failed", type(error).__name__, f"the notebook could not be run: {why}"
    finally:
        os.environ.pop(FOLDER_VARIABLE, None)
    return executed, "ok", "", ""


def _literally(path: Path) -> str:
    """A path as papermill takes it, which fills in what stands between braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _plain_cause(error: PapermillExecutionError) -> str:
    """What went wrong in a cell, for somebody who reads no Python where that can be said."""
    if error.ename == "Problem":
        return str(error.evalue)
    if short := short_in_words(error.ename, str(error.evalue)):
        return short.what
    return bounded(f"{error.ename}: {error.evalue}")


def check_parameters(notebook: Path, parameters: dict[str, Any]) -> None:
    """See that a notebook has these parameters; papermill only warns and injects them all the same.

    Raises:
        Problem: it has no parameter of that name.
    """
    names = _parameter_names(notebook, notebook.stat().st_mtime_ns)
    for name in parameters:
        if name not in names:
            raise Problem(
                f"the notebook has no parameter “{name}”",
                notebook.name,
                todo=f"Its parameters cell has: {', '.join(names) or 'none'}.",
            )


@cache
def _parameter_names(notebook: Path, _written: int) -> list[str]:
    """Names set in the cell tagged `parameters`; papermill's own reading stumbles over a “=” in a comment.

    Read once for all clients of a batch.
    """
    cells = nbformat.read(notebook, as_version=4).cells
    tagged = [cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    statements = ast.parse("\n".join(tagged)).body
    targets = [target for node in statements if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in statements if isinstance(node, ast.AnnAssign)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def tidy_notebook(path: Path) -> None:
    """Take run times, machine paths and widget state out of an executed notebook's file."""
    nbformat.write(_tidied(nbformat.read(path, as_version=4)), path)


def _tidied(notebook: Any) -> Any:
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for key in ("papermill", "execution", "ExecuteTime"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):
            cell.metadata.pop("tags")
    return notebook
