"""What the browser runs and wears: scripts and styles that lie beside the code which they belong to."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def browser_text(*names: str) -> str:
    """The text of files of the package (`findings/elements.js`), one after the other."""
    return "".join(files("creatorbook").joinpath(name).read_text(encoding="utf-8") for name in names)
