"""A plugin rendered from one of the templates: copier asks, or is told, and can bring later improvements."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from creatorbook.client.repository import ROOT
from creatorbook.problems import Problem


def template_kinds() -> dict[str, str]:
    """The kinds of plugin that templates make: kind → what it brings."""
    questions = yaml.safe_load((ROOT / "copier.yml").read_text(encoding="utf-8"))
    return {kind: what for what, kind in questions["kind"]["choices"].items() if kind != "pack"}


def rendered(folder: Path, data: Mapping[str, str], *, ask: bool) -> list[Path]:
    """Render a plugin into a folder; its files.

    Args:
        data: answers by question, as copier.yml has them.
        ask: whether questions without an answer are asked; else they have their default answers.

    Raises:
        Problem: the folder is not empty, copier is not installed, or an answer cannot be used.
    """
    if folder.exists() and any(folder.iterdir()):
        raise Problem("this folder is not empty", folder, todo="Name another; nothing was changed.")
    try:
        import copier
        from copier.errors import CopierError
    except ModuleNotFoundError:
        todo = "“python3 workbook.py” installs it; in an environment of your own: pip install copier."
        raise Problem("plugins are rendered by copier, which is not installed", todo=todo) from None
    answers: dict[str, Any] = dict(data)
    try:
        copier.run_copy(
            str(ROOT), folder, data=answers, defaults=not ask, overwrite=True, quiet=True, vcs_ref="HEAD"
        )
    except (CopierError, ValueError) as error:
        message = " ".join(str(error).split())
        raise Problem(
            f"no plugin was made: {message}", todo=f"Kinds: {', '.join(template_kinds())}."
        ) from None
    return sorted(path for path in folder.rglob("*") if path.is_file())
