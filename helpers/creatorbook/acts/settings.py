"""Changing `client.yml` and a campaign's file: only the keys that are asked for; comments, order and all else stay.

What a form shows, it read from a text with a mark (`SettingsFile.mark`). If the file has been changed since, nothing is
written and the change is named, so that nobody's line is lost.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from creatorbook.client import CampaignFile, ClientFile, yaml_files
from creatorbook.client.client_file import agency_settings
from creatorbook.client.forgotten import forgotten_in
from creatorbook.client.writing import writing
from creatorbook.client.yaml_edits import with_item, with_value
from creatorbook.deliver import write_file
from creatorbook.problems import Problem


@dataclass(frozen=True)
class OneMore:
    """A value that is added to a list, whatever stands in it already."""

    item: Any


@dataclass(frozen=True)
class SettingsFile:
    """A settings file as it stood when it was read.

    Attributes:
        folder: the client's.
        path: `client.yml` or a file of `campaigns/`.
        text: what stood in it.
    """

    folder: Path
    path: Path
    text: str

    @property
    def mark(self) -> str:
        """Tells this text from any other."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def values(self) -> dict[str, Any]:
        """What the file itself says, without what it inherits or leaves to defaults, and without who is forgotten."""
        return forgotten_in(self.folder).data(yaml_files.yaml_data(self.text, self.path) or {})


def open_settings(path: Path) -> SettingsFile:
    """A settings file, to be changed.

    Raises:
        Problem: it cannot be read.
    """
    folder = path.parent if path.name == "client.yml" else path.parents[1]
    try:
        return SettingsFile(folder, path, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise Problem("not saved as UTF-8 text", path, todo="Save it again as UTF-8.") from None
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", path) from None


def preview(settings: SettingsFile, wanted: Mapping[str, Any]) -> list[str]:
    """The lines that would change, as `- old` and `+ new`; nothing where nothing would.

    Args:
        settings: the file.
        wanted: key → value; a dot leads into a part (`economics.margin`), None takes a key out, `OneMore` adds to a list.

    Raises:
        Problem: a value cannot be right.
    """
    return _difference(settings.text, _changed(settings, wanted))


def change_settings(settings: SettingsFile, wanted: Mapping[str, Any]) -> list[str]:
    """Write the change, whole or not at all, and give the lines of `preview`.

    Raises:
        Problem: a value cannot be right, or somebody changed the file since it was read.
    """
    lines = preview(settings, wanted)
    if not lines:
        return []
    with writing(settings.folder):
        if open_settings(settings.path).mark != settings.mark:
            raise changed_meanwhile(settings)
        write_file(settings.path, _changed(settings, wanted).encode("utf-8"))
    return lines


def changed_meanwhile(settings: SettingsFile) -> Problem:
    """Says that a file is not as it was read."""
    return Problem(
        "somebody changed this file while the form was open",
        settings.path,
        todo="Nothing was written. The form shows what stands there now; enter yours once more if it is to stand.",
    )


def _changed(settings: SettingsFile, wanted: Mapping[str, Any]) -> str:
    """The text with the change, held to the model that will read it."""
    before = settings.values
    changes = {key: value for key, value in wanted.items() if _value_at(before, key) != _readable(value)}
    text = settings.text
    for key, value in changes.items():
        if isinstance(value, OneMore):
            text = with_item(text, key, _readable(value.item))
        else:
            text = with_value(text, key, _readable(value))
    _check(settings, text)
    return text


def _difference(old: str, new: str) -> list[str]:
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))[2:]
    return [f"{line[0]} {line[1:]}" for line in lines if line[0] in "+-"]


def _value_at(values: Any, key: str) -> Any:
    for name in key.split("."):
        values = values.get(name) if isinstance(values, dict) else None
    return values


def _readable(value: Any) -> Any:
    """A value as YAML gives it back."""
    if isinstance(value, Mapping):
        return {name: _readable(one) for name, one in value.items()}
    return [_readable(one) for one in value] if isinstance(value, list | tuple) else value


def _check(settings: SettingsFile, text: str) -> None:
    """Hold the changed text to its model, before anything is written."""
    model: type[BaseModel] = ClientFile if settings.path.name == "client.yml" else CampaignFile
    inherited = agency_settings(settings.folder.parent / "agency.yml") if model is ClientFile else {}
    try:
        model.model_validate(yaml_files.merged(inherited, yaml_files.yaml_data(text, settings.path) or {}))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        words = first["msg"].removeprefix("Value error, ")
        raise Problem(
            f"“{name.replace('_', ' ')}”: {words}" if name else words, todo="Nothing was written."
        ) from None
