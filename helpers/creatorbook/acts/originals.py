"""The notebooks that git tracks are never saved with a client's data in them; JupyterLab asks here before it saves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tornado.web import HTTPError

from creatorbook.client.repository import NOTEBOOKS, client_folder, is_sample
from creatorbook.problems import Problem

#: How a server is told to ask.
OPTION = f"--ContentsManager.pre_save_hook={__name__}.refuse_clients_data"


def refuse_clients_data(model: dict[str, Any], path: str, contents_manager: Any, **_more: Any) -> None:
    """Before a file is saved: refuse one of the workbook's own notebooks that is set to a client of one's own.

    Raises:
        HTTPError: JupyterLab shows its words.
    """
    place = (Path(contents_manager.root_dir) / path.strip("/")).resolve()
    if model.get("type") != "notebook" or not place.is_relative_to(NOTEBOOKS):
        return
    client = _client_of(model.get("content") or {})
    if client is not None and not _is_a_samples_name(client):
        words = (
            "Not saved: this notebook is part of the workbook, which git tracks, and it is set to a client of your own. "
            f"Work in the client's copies: python3 workbook.py lab {client}"
        )
        raise HTTPError(400, words, reason="a client's data does not belong here")


def _client_of(notebook: dict[str, Any]) -> str | None:
    """What a notebook's parameters say the client is; None where they say nothing."""
    for cell in notebook.get("cells", []):
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            source = cell.get("source", "")
            source = source if isinstance(source, str) else "".join(source)
            setting = re.search(r"^client\s*=\s*(.*?)\s*(#.*)?$", source, re.M)
            return setting[1].strip("\"'") if setting else None
    return None


def _is_a_samples_name(client: str) -> bool:
    try:
        return is_sample(client_folder(client))
    except Problem:
        return False
