"""Keep the committed notebooks' outputs true: run them in `explore` mode and store what they show."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient

from creatorbook.client.repository import NOTEBOOKS
from creatorbook.runner.execute import CELL_TIMEOUT, KERNEL_ARGUMENTS, tidy_notebook
from creatorbook.runner.patient import PatientManager


def committed_notebooks() -> list[Path]:
    """Every notebook of the workbook and its lessons, in order."""
    paths = NOTEBOOKS.rglob("*.ipynb")
    return sorted(path for path in paths if ".ipynb_checkpoints" not in path.parts)


def refresh_notebook(path: Path) -> None:
    """Run a notebook with its own parameters and store its outputs, without widget state and run times.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell failed; the file is left as it was.
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        store_widget_state=False,
        kernel_manager_class=PatientManager,
        extra_arguments=KERNEL_ARGUMENTS,
    ).execute()
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)
    tidy_notebook(path)
