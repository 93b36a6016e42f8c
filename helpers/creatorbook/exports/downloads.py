"""Files that a tool puts beside the one that is read: known by their columns, set aside by name, never in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from creatorbook.exports.importing import Unrecognised
from creatorbook.exports.layouts import built_in_layouts, normal
from creatorbook.exports.receipts import Receipt
from creatorbook.exports.text import EMPTY
from creatorbook.packs import pack, per_packs
from creatorbook.problems import Problem


@dataclass(frozen=True)
class Companion:
    """One file of a download that is not read.

    Attributes:
        download: the tool whose download it is.
        label: what is in it.
        columns: names it has; each is a tuple of the names that one column may have.
        width: how many columns it has; 0 for any.
        alone: whether its columns are enough, or a file that is read must lie beside it.
        why: why it is not used.
    """

    download: str
    label: str
    columns: tuple[tuple[str, ...], ...]
    width: int
    alone: bool
    why: str

    def fits(self, header: Sequence[str]) -> bool:
        """Whether a file's columns are this one's."""
        names = [name for name in map(normal, header) if name]
        there = all(any(alias in names for alias in aliases) for aliases in self.columns)
        return there and (not self.width or len(names) == self.width)


def companions(problems: Sequence[Problem], receipts: dict[str, Receipt]) -> dict[str, str]:
    """File → why it is set aside, for files nobody recognises that come with a known download."""
    unknown = {file_of(problem): problem.header for problem in problems if isinstance(problem, Unrecognised)}
    reasons: dict[str, str] = {}
    for name, header in unknown.items():
        for one in _companions():
            if one.fits(header) and (one.alone or _beside(name, one.download, unknown, receipts)):
                reasons[name] = f"{one.download}, {one.label}: {one.why}"
                break
    for name in unknown:
        download = next((d for d in _readers() if ".zip/" in name and _beside(name, d, {}, receipts)), None)
        if download and name not in reasons:
            reasons[name] = (
                f"comes with the download of {download} and is not known: nothing was read from it"
            )
    for name in (file_of(problem) for problem in problems if problem.what == EMPTY):
        download = next((d for d in _readers() if _beside(name, d, unknown, receipts)), None)
        if download:
            reasons[name] = f"empty: comes with the download of {download}"
    return reasons


def file_of(problem: Problem) -> str:
    """The name inside `exports/` of the file that a problem is about."""
    return str(problem.file or "").removeprefix("exports/")


def _beside(
    name: str, download: str, unknown: dict[str, tuple[str, ...]], receipts: dict[str, Receipt]
) -> bool:
    """Whether a file of a download lies in the same folder or archive: one that is read, or one known by its columns."""
    here = _folder(name)
    read = any(_folder(one.file) == here and one.reader in _readers()[download] for one in receipts.values())
    certain = [one for one in _companions() if one.download == download and one.alone]
    return read or any(
        _folder(other) == here and other != name and any(one.fits(header) for one in certain)
        for other, header in unknown.items()
    )


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


@per_packs
def _readers() -> dict[str, tuple[str, ...]]:
    """Download → the readers of the files in it that are read."""
    return {one["name"]: tuple(one["readers"]) for one in pack("downloads")["downloads"]}


@per_packs
def _companions() -> tuple[Companion, ...]:
    return tuple(
        _companion(one["name"], settings)
        for one in pack("downloads")["downloads"]
        for settings in one["beside"]
    )


def _companion(download: str, settings: dict[str, Any]) -> Companion:
    own = tuple(tuple(normal(name) for name in names) for names in settings.get("columns", ()))
    return Companion(
        download,
        settings["label"],
        own + _names_in_layout(settings),
        int(settings.get("width", 0)),
        bool(settings.get("alone", True)),
        settings.get("why", "comes with the same download and is not used"),
    )


def _names_in_layout(settings: dict[str, Any]) -> tuple[tuple[str, ...], ...]:
    """The names that columns have in a layout's own file, in all its languages."""
    layouts = {layout.name: layout for layout in built_in_layouts()}
    return tuple(
        tuple(normal(name) for name in layouts[name].columns[field])
        for name, fields in settings.get("as_in", {}).items()
        for field in fields
    )
