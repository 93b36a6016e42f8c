"""creatorbook in a process of its own, with one set of plugins: what is installed beside them is not asked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from creatorbook.switches import ONLY_VARIABLE, WITHOUT_VARIABLE


def run(
    module: str, arguments: Iterable[str | Path], plugins: Iterable[str], site: Path | None
) -> subprocess.CompletedProcess[str]:
    """Run one of creatorbook's modules to its end.

    Args:
        plugins: the names of those that are on.
        site: a folder of packages that comes before the installed ones.
    """
    places = [str(site)] if site else []
    environment = {name: value for name, value in os.environ.items() if name != WITHOUT_VARIABLE}
    environment[ONLY_VARIABLE] = ",".join(plugins)
    environment["PYTHONPATH"] = os.pathsep.join([*places, *filter(None, [environment.get("PYTHONPATH")])])
    command = [sys.executable, "-P", "-m", module, *map(str, arguments)]
    return subprocess.run(  # noqa: S603 - our own Python
        command, capture_output=True, encoding="utf-8", errors="replace", env=environment, check=False
    )
