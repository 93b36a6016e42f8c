"""Which of what is installed beside creatorbook is on: set for a call and the processes that it starts."""

from __future__ import annotations

import os
from collections.abc import Iterable

#: names the plugins that are on: unset, all; empty, none; else only these, with commas between them
ONLY_VARIABLE = "CREATORBOOK_PLUGINS"

#: names the plugins that are off, as `--no-plugin` writes it for the processes that a call starts
WITHOUT_VARIABLE = "CREATORBOOK_NO_PLUGIN"


def is_on(names: Iterable[str]) -> bool:
    """Whether a plugin that goes by these names (its entry point's, its distribution's) is used."""
    own, only = set(names), os.environ.get(ONLY_VARIABLE)
    without = _listed(os.environ.get(WITHOUT_VARIABLE, ""))
    return (only is None or not own.isdisjoint(_listed(only))) and own.isdisjoint(without)


def _listed(names: str) -> set[str]:
    return {name.strip() for name in names.split(",") if name.strip()}
