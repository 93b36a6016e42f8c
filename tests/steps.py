"""Run a notebook's cells without a kernel: quick, and every step function is called as its notebook calls it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat

import creatorbook.findings
from creatorbook import plugins
from creatorbook.findings import Findings
from creatorbook.runner.execute import NOTEBOOK_ONLY


def run_cells(notebook: Path, **parameters: Any) -> list[Findings]:
    """Execute the code cells with these parameters; what they show comes back in order.

    In report mode, cells that no report needs are left out, as the runner does.
    """
    left_out = {NOTEBOOK_ONLY} if parameters.get("mode") == "report" else set()
    shown: list[Findings] = []
    kept = creatorbook.findings.show
    creatorbook.findings.show = lambda *found: shown.extend(found)
    names: dict[str, Any] = {}
    try:
        for cell in nbformat.read(notebook, as_version=4).cells:
            if cell.cell_type == "code" and not left_out & set(cell.metadata.get("tags", [])):
                exec(compile(cell.source, f"{notebook.name}:{cell.id}", "exec"), names)  # noqa: S102
                if "parameters" in cell.metadata.get("tags", []):
                    names.update(parameters)
    finally:
        creatorbook.findings.show = kept
    return shown


def run_stage(client: Path, stage: str, campaign: str | None = None) -> list[Findings]:
    """All notebooks of a stage's report on one campaign of a client."""
    return [
        findings
        for notebook in plugins.notebooks(stage)
        for findings in run_cells(notebook, client=str(client), campaign=campaign, stage=stage, mode="report")
    ]
