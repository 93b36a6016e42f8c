"""Run one notebook through papermill, and record what happened to it.

The record is written from what was raised, never from papermill's cell status: papermill marks timed-out
and killed cells as completed.
"""

from __future__ import annotations

import ast
import logging
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

from creatorbook.findings import FOLDER_VARIABLE
from creatorbook.problems import Problem

Status = Literal["ok", "failed", "timed out", "killed"]

#: The kernel for headless runs; `CREATORBOOK_KERNEL=creatorbook-report` forks it from a preloaded process.
KERNEL = os.environ.get("CREATORBOOK_KERNEL", "python3")

#: Seconds one cell may take before it counts as endless.
CELL_TIMEOUT = 600

#: ipykernel warns of unencrypted local connections on every start, and of being stopped on every end.
KERNEL_ARGUMENTS = ["--IPKernelApp.log_level=CRITICAL"]


@dataclass(frozen=True)
class Run:
    """What became of one notebook.

    Attributes:
        cell: id of the cell that failed.
        cause: the error in plain words.
    """

    notebook: str
    status: Status
    seconds: float
    cell: str = ""
    cause: str = ""


def execute(notebook: Path, output: Path, parameters: dict[str, Any], findings: Path, folder: Path) -> Run:
    """Run a notebook with parameters; its findings go to one folder, the executed copy to another.

    Args:
        notebook: the notebook to run; it is not changed.
        output: where the executed copy is written.
        parameters: values for names in its parameters cell.
        findings: folder for what `show` writes.
        folder: the kernel's working folder.

    Raises:
        Problem: a parameter that the notebook does not have.
    """
    _check_parameters(notebook, parameters)
    started = time.monotonic()
    status, cell, cause = _run(notebook, output, parameters, findings, folder)
    return Run(notebook.stem, status, round(time.monotonic() - started, 2), cell, cause)


def _run(
    notebook: Path, output: Path, parameters: dict[str, Any], findings: Path, folder: Path
) -> tuple[Status, str, str]:
    logging.getLogger("papermill").setLevel(logging.ERROR)
    os.environ[FOLDER_VARIABLE] = str(findings)
    try:
        papermill.execute_notebook(
            _braced(notebook),
            _braced(output),
            parameters=parameters,
            kernel_name=KERNEL,
            progress_bar=False,
            execution_timeout=CELL_TIMEOUT,
            resources={"metadata": {"path": str(folder)}},  # never cwd=: it moves the whole process
            extra_arguments=KERNEL_ARGUMENTS,
        )
    except PapermillExecutionError as error:
        told = error.evalue if error.ename == "Problem" else f"{error.ename}: {error.evalue}"
        return "failed", _failed_cell(output), told
    except CellTimeoutError:
        return "timed out", _failed_cell(output), f"a cell ran longer than {CELL_TIMEOUT} seconds"
    except DeadKernelError:
        return "killed", _failed_cell(output), "the notebook's process died; it may have run out of memory"
    finally:
        os.environ.pop(FOLDER_VARIABLE, None)
    return "ok", "", ""


def _check_parameters(notebook: Path, parameters: dict[str, Any]) -> None:
    """Papermill only warns of an unknown parameter and injects it all the same."""
    known = _parameter_names(notebook)
    for name in parameters:
        if name not in known:
            raise Problem(
                f"the notebook has no parameter “{name}”",
                notebook.name,
                todo=f"Its parameters cell has: {', '.join(known) or 'none'}.",
            )


def _parameter_names(notebook: Path) -> list[str]:
    """Names set in the cell tagged `parameters`; papermill's own reading stumbles over a “=” in a comment."""
    cells = nbformat.read(notebook, as_version=4).cells
    tagged = [cell.source for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    told = ast.parse("\n".join(tagged)).body
    targets = [target for node in told if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in told if isinstance(node, ast.AnnAssign)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _braced(path: Path) -> str:
    """Papermill runs paths through `str.format`."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _failed_cell(output: Path) -> str:
    """The id of the last cell that ran."""
    if not output.is_file():
        return ""
    cells = nbformat.read(output, as_version=4).cells
    ran = [cell for cell in cells if cell.cell_type == "code" and cell.get("execution_count")]
    return str(ran[-1].get("id", "")) if ran else ""


def tidy(path: Path) -> None:
    """Take run times, machine paths and widget state out of an executed notebook."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for key in ("papermill", "execution", "ExecuteTime"):
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags", True):
            cell.metadata.pop("tags")
    nbformat.write(notebook, path)
