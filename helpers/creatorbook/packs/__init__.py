"""Knowledge as data: tiers, benchmarks, playbooks, disclosure rules, fees …, each row with source and date.

A pack is a YAML file in this folder, or one that a plugin brings; a client overrides rows in its own files.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

#: the C reader, where PyYAML has one, is seven times as fast; clients' own files keep the one that tells mistakes best
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def pack(name: str) -> Any:
    """The content of `packs/<name>.yml`.

    Raises:
        KeyError: there is no such pack.
    """
    path = files(__package__) / f"{name}.yml"
    if not path.is_file():
        raise KeyError(f"no pack is called {name!r}")
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - both are safe
