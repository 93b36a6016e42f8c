"""A plugin's wheel, built without a network, and laid out so that Python finds the package and its entry points."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from creatorbook.problems import Problem, shortened

#: nothing is fetched: what a build needs is in creatorbook's own environment
OFFLINE = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index")

#: characters of what a build says that are repeated
LONGEST_REASON = 600


def built(folder: Path, target: Path) -> Path:
    """Build a package's wheel into a folder; its path.

    Raises:
        Problem: it cannot be built.
    """
    with tempfile.TemporaryDirectory() as place:
        # a copy: what a backend leaves in the folder it builds from is no file of the author's
        source = Path(place, "source")
        shutil.copytree(folder, source, ignore=shutil.ignore_patterns(".git", "tried", "dist", "__pycache__"))
        command = [
            sys.executable,
            "-P",
            "-m",
            "pip",
            "wheel",
            *OFFLINE,
            "--wheel-dir",
            str(target),
            str(source),
        ]
        run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own Python
    wheels = sorted(target.glob("*.whl"))
    if run.returncode or not wheels:
        reason = shortened(" ".join((run.stderr or run.stdout).split()), LONGEST_REASON)
        raise Problem(f"no wheel can be built: {reason}", folder, todo="Mend pyproject.toml.")
    return wheels[0]


def unpacked_wheel(folder: Path, target: Path) -> Path:
    """Build a package and unpack its wheel into an empty folder, which then works as a place of packages.

    Raises:
        Problem: it cannot be built.
    """
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(built(folder, Path(place))) as wheel:
        wheel.extractall(target)
    return target
