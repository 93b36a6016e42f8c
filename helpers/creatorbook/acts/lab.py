"""`python3 workbook.py lab`: what JupyterLab is to show, and for a client of one's own the copies it is to show it in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from creatorbook.acts.notebook_copies import bring_notebooks, own_client
from creatorbook.acts.originals import OPTION
from creatorbook.client import read_campaign, read_client
from creatorbook.client.repository import NOTEBOOKS, ROOT, client_folder

FIRST = "00_start_here.ipynb"


def lab_options(client: str | None, campaign: str | None) -> tuple[list[str], list[str]]:
    """JupyterLab's options, and what was written into the client folder, in words.

    Args:
        client: a client folder or a client's name; a sample client is copied to `clients/` first. None means the
            workbook's own notebooks.
        campaign: as `read_campaign` takes it.

    Raises:
        Problem: no such client or campaign, or a mistake in their files.
    """
    if client is None:
        return _options(ROOT, NOTEBOOKS), []
    asked = client_folder(client)
    folder = own_client(asked)
    copies = bring_notebooks(read_campaign(read_client(folder), campaign))
    lines = [f"{asked.name} is a sample client: you work in its copy, {folder}"] if folder != asked else []
    return _options(folder, copies.folder), [*lines, *copies.lines()]


def _options(root: Path, notebooks: Path) -> list[str]:
    """Root of what can be seen, the first notebook, and who is asked before anything is saved."""
    first = quote((notebooks / FIRST).relative_to(root).as_posix())
    return [f"--ServerApp.root_dir={root}", f"--LabApp.default_url=/lab/tree/{first}", OPTION]
