"""What JupyterLab's first page offers: the steps of the opened client, and the lessons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from creatorbook.acts.notebook_copies import LESSONS, originals, read_notebook
from creatorbook.client import read_campaign, read_client

#: What a step is called in one or two words; its question is the heading of its notebook.
STEPS = {
    "00_start_here.ipynb": "Start here",
    "01_goals.ipynb": "Goals",
    "02_vetting.ipynb": "Vetting",
    "03_tiers.ipynb": "Sizes and budget",
    "04_tracking.ipynb": "Links, codes, go-live",
    "05_roi.ipynb": "ROI",
}

_NUMBERED = re.compile(rf"^(?:{LESSONS}/)?(\d\d)_")


def launcher_page(root: Path, opened: str) -> dict[str, Any]:
    """What the page is told.

    Args:
        root: what the server shows.
        opened: the folder of a client's copies, from there.

    Returns:
        title: brand and campaign; steps and lessons: of each its path from the root, label, question and number, if it
        has one.
    """
    folder = root / opened
    client = read_client(folder.parents[1])
    there = [name for name in originals() if (folder / name).is_file()]
    lessons = [name for name in there if name.startswith(LESSONS)]
    return {
        "title": f"{client.brand}, {read_campaign(client, folder.name).title}",
        "steps": [_tile(folder, name, opened) for name in there if name not in lessons],
        "lessons": [_tile(folder, name, opened) for name in lessons],
    }


def _tile(folder: Path, name: str, opened: str) -> dict[str, str]:
    number = _NUMBERED.match(name)
    question = _heading(folder / name)
    label = question if name.startswith(LESSONS) else STEPS.get(name, Path(name).stem.replace("_", " "))
    return {
        "path": f"{opened}/{name}",
        "label": label,
        "question": question,
        "number": number[1] if number else "",
    }


def _heading(path: Path) -> str:
    """The first heading of a notebook without what stands before its “·”; empty where there is none."""
    notebook = read_notebook(path)
    cells = notebook.cells if notebook else []
    first = next((cell.source for cell in cells if cell.cell_type == "markdown"), "")
    return first.partition("\n")[0].lstrip("# ").rpartition(" · ")[2].strip()
