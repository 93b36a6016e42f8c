"""A folder that somebody works in to extend creatorbook: a Python package with an entry point, or an agency's settings.

`try.yml` in it says on what it is tried: a sample client (or, for an agency, one of its own), the stage of the report, and
lines for the client's and the campaign's settings. What lies in `sample/` is laid over the copy of the client.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from creatorbook.client import Stage, yaml_files
from creatorbook.client.house_packs import GROUP as PACKS_GROUP
from creatorbook.client.yaml_files import StrictModel
from creatorbook.plugins import GROUP
from creatorbook.problems import Problem

AGENCY_FILE, TRY_FILE, SAMPLE_FOLDER = "agency.yml", "try.yml", "sample"


class TryFile(StrictModel):
    """`try.yml`."""

    client: str = "northpin"
    """a sample client's name; of an agency, one of the client folders in it"""
    stage: Stage = "plan"
    settings: dict[str, Any] = {}
    """lines that client.yml has in the try"""
    campaign: dict[str, Any] = {}
    """lines that the campaign's file has in the try"""


@dataclass(frozen=True)
class AuthorsFolder:
    """What somebody works in, as its own files tell it."""

    path: Path

    @classmethod
    def of(cls, path: Path) -> AuthorsFolder:
        """A folder, with a package or an agency in it.

        Raises:
            Problem: it is neither.
        """
        folder = cls(path.resolve())
        if not folder.is_agency and not (folder.path / "pyproject.toml").is_file():
            raise Problem(
                f"there is no pyproject.toml and no {AGENCY_FILE} in this folder",
                path,
                todo="Name a plugin's folder; “python3 workbook.py plugins new DIR” makes one.",
            )
        return folder

    @property
    def is_agency(self) -> bool:
        """Whether it holds an agency's settings and clients, and no package."""
        return (self.path / AGENCY_FILE).is_file()

    @cached_property
    def project(self) -> dict[str, Any]:
        """`pyproject.toml`, as it is.

        Raises:
            Problem: it cannot be read.
        """
        path = self.path / "pyproject.toml"
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Problem(f"this is no TOML: {error}", path, todo="Mend the file.") from None

    def entries(self, group: str = GROUP) -> dict[str, str]:
        """Entry points of a group: name → what it names."""
        groups = self.project.get("project", {}).get("entry-points", {})
        return dict(groups.get(group, {}))

    @property
    def names(self) -> list[str]:
        """What its plugins are called where they are switched on and off."""
        return sorted({*self.entries(), *self.entries(PACKS_GROUP)})

    @property
    def title(self) -> str:
        """What it calls itself."""
        return (
            self.path.name
            if self.is_agency
            else str(self.project.get("project", {}).get("name", self.path.name))
        )

    @cached_property
    def to_try(self) -> TryFile:
        """`try.yml`, or what holds where there is none.

        Raises:
            Problem: there is a mistake in it.
        """
        path = self.path / TRY_FILE
        return yaml_files.load(path, TryFile) if path.is_file() else TryFile()

    @property
    def sample(self) -> list[Path]:
        """Files that are laid over the client, by their places in `sample/`."""
        folder = self.path / SAMPLE_FOLDER
        return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
