"""What JupyterLab's first page offers: the steps of the opened client, and the lessons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from creatorbook.acts.notebook_copies import LESSONS, originals, read_notebook
from creatorbook.client import read_campaign, read_client

#: What a step is called in one or two words; its question is the heading of its notebook.
STEPS = {
    "00_start_here": "Start here",
    "01_goals": "Goals",
    "02_vetting": "Vetting",
    "03_tiers": "Sizes and budget",
    "04_tracking": "Links, codes, go-live",
    "05_roi": "ROI",
}

_NUMBERED = re.compile(r"^(\d\d)_")


def launcher_page(root: Path, opened: str) -> dict[str, Any]:
    """What the page is told.

    Args:
        root: what the server shows.
        opened: the folder of a client's copies, from there.

    Returns:
        title: brand and campaign; notebooks: path from the root, label, question and, of a step, its number.
    """
    folder = root / opened
    client = read_client(folder.parents[1])
    there = [name for name in originals() if (folder / name).is_file()]
    return {
        "title": f"{client.brand}, {read_campaign(client, folder.name).title}",
        "notebooks": [_tile(folder / name, f"{opened}/{name}") for name in there],
    }


def _tile(notebook: Path, path: str) -> dict[str, str]:
    number = _NUMBERED.match(notebook.stem)
    heading = _heading(notebook)
    lesson = notebook.parent.name == LESSONS
    label = heading if lesson else STEPS.get(notebook.stem, notebook.stem.replace("_", " "))
    return {
        "path": path,
        "label": label,
        "question": heading,
        "number": number[1] if number else "",
    }


def _heading(path: Path) -> str:
    """The first heading of a notebook without what stands before its “·”; empty where there is none."""
    notebook = read_notebook(path)
    cells = notebook.cells if notebook else []
    first = next((cell.source for cell in cells if cell.cell_type == "markdown"), "")
    return first.partition("\n")[0].lstrip("# ").rpartition(" · ")[2].strip()
