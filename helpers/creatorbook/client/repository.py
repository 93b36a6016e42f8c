"""Where things are: found from the repository's root, whatever the working directory."""

from __future__ import annotations

from pathlib import Path

from creatorbook.problems import Problem

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOKS = ROOT / "notebooks"
SAMPLE_DATA = ROOT / "sample_data"
CLIENTS = ROOT / "clients"
#: Who practises on this computer, and their marks; ignored by git.
LEARNERS = ROOT / "learners"
REPORTS = ROOT / "reports"
CACHE = ROOT / ".cache"
#: Where a client's own copies of the notebooks are, in its folder.
COPIES = "notebooks"
#: The sample client that shows most; a first visitor sees its report.
FIRST_SAMPLE = "sorrelby"


def sample_clients() -> list[Path]:
    """The sample clients' folders, in alphabetical order."""
    return sorted(path.parent for path in SAMPLE_DATA.glob("*/client.yml"))


def is_sample(folder: Path) -> bool:
    """Whether a folder is one of the sample clients of this workbook, as they came with it."""
    return folder.resolve().parent == SAMPLE_DATA


def client_folder(name: str) -> Path:
    """The folder a user means: a path, a client in `clients/`, or a sample client's name.

    Raises:
        Problem: there is no such client.
    """
    for folder in (Path(name), CLIENTS / name, SAMPLE_DATA / name):
        if folder.is_dir():
            return folder.resolve()
    samples = ", ".join(path.name for path in sample_clients())
    raise Problem(
        f"there is no client “{name}”",
        todo=f"Give a client folder or one of the sample clients: {samples}. “python3 workbook.py new DIR” makes a folder.",
    )
