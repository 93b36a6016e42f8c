"""What the browser runs and wears: scripts and styles that lie beside the code which they belong to."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

#: Where `python3 workbook.py lab` says what JupyterLab can see; nothing says it elsewhere.
LAB_VARIABLE = "CREATORBOOK_LAB_ROOT"


@cache
def browser_text(*names: str) -> str:
    """The text of files of the package (`findings/elements.js`), one after the other."""
    return "".join(files("creatorbook").joinpath(name).read_text(encoding="utf-8") for name in names)
