"""Where a form's files are: what a person calls them, and links to those that JupyterLab can open."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from creatorbook.findings.browser import LAB_VARIABLE


def file_place(folder: Path, file: Path) -> str:
    """What a form calls a file of a client's folder that it writes, as `campaigns/spring.yml`."""
    return file.relative_to(folder).as_posix()


def opener(path: Path, words: str) -> str:
    """A button that opens a file in JupyterLab; where JupyterLab cannot see it, the words and where it is."""
    return _button("open", path, words)


def client_opener(copies: Path, words: str) -> str:
    """A button that opens a client's copies of the notebooks in tabs of their own; else where they are."""
    return _button("client", copies, words)


def _button(act: str, path: Path, words: str) -> str:
    root = os.environ.get(LAB_VARIABLE)
    place = path.resolve()
    if not root or not place.is_relative_to(Path(root).resolve()):
        return f"<p>{escape(words)}: <code>{escape(str(place))}</code></p>"
    inside = place.relative_to(Path(root).resolve()).as_posix()
    return f'<button type="button" data-{act}="{escape(inside)}">{escape(words)}</button>'
