"""Which versions of a client's reports there are, and what became of each: draft, reviewed, cleared or sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from creatorbook.client.report_places import day_and_stage, edition_number, reports_of
from creatorbook.client.versions import FORGOTTEN, STATES, VersionMark, furthest_state, read_marks
from creatorbook.runner import manifest

#: What reading back a manifest of another shape raises.
_ODD = (OSError, ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True)
class Version:
    """One edition: printed, marked, or both.

    Attributes:
        campaign, edition: names of its folders.
        folder: where it lies; none where it is gone.
        state: of `client.versions.STATES`; empty where its manifest cannot be read.
        marks: the rows about it, oldest first.
        fault: what is wrong with it, in words; empty where nothing is.
    """

    campaign: str
    edition: str
    folder: Path | None
    state: str
    marks: tuple[VersionMark, ...] = ()
    fault: str = ""

    @property
    def number(self) -> int:
        """Which of its day and stage."""
        return edition_number(self.edition)


def versions_of(client: Path, out: Path) -> list[Version]:
    """All versions of a client's reports, oldest day first, those included that were marked and are gone.

    Args:
        client: its folder.
        out: the folder for reports.

    Raises:
        Problem: `versions.csv` cannot be read, or another folder has this client's id.
    """
    marks = read_marks(client)
    printed = [
        _version(folder, marks)
        for place in reports_of(out, client)
        for folder in sorted(path.parent for path in place.glob("*/*/manifest.json"))
    ]
    about = {mark.manifest for version in printed for mark in version.marks}
    gone = _gone([mark for mark in marks if mark.manifest not in about])
    return sorted([*printed, *gone], key=_order)


def _order(version: Version) -> tuple[str, str, int]:
    return day_and_stage(version.edition), version.campaign, version.number


def _version(folder: Path, marks: Iterable[VersionMark]) -> Version:
    """A printed edition with what is known of it."""
    names = folder.parent.name, folder.name
    recorded = recorded_in(folder)
    if recorded is None:
        return Version(*names, folder, "", fault="its manifest is damaged, or was written by another version")
    digest = manifest.sha256(folder / "manifest.json")
    own = tuple(mark for mark in marks if mark.manifest == digest)
    state = furthest_state({mark.state for mark in own}, cleared=bool(recorded.get("cleared")))
    return Version(*names, folder, state, own, _fault(folder, recorded))


def recorded_in(folder: Path) -> dict[str, Any] | None:
    """An edition's manifest; none where it cannot be read."""
    try:
        recorded = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return recorded if recorded["made_from"]["inputs"] and recorded["files"] else None
    except _ODD:
        return None


def _fault(folder: Path, recorded: dict[str, Any]) -> str:
    """Which files of an edition are not what was printed."""
    other = [
        name
        for name, digest in sorted(recorded["files"].items())
        if not (folder / name).is_file() or manifest.sha256(folder / name) != digest
    ]
    return f"not as it was printed: {', '.join(other)}" if other else ""


def _gone(marks: list[VersionMark]) -> list[Version]:
    """Editions that rows tell of and that are not there any more: of a draft that was printed again, nothing."""
    by_edition: dict[tuple[str, str], list[VersionMark]] = {}
    for mark in marks:
        by_edition.setdefault((mark.campaign, mark.edition), []).append(mark)
    versions = []
    for (campaign, edition), about in by_edition.items():
        state = furthest_state({mark.state for mark in about}, cleared=False)
        if STATES.index(state) >= STATES.index("cleared"):
            forgotten = any(mark.state == FORGOTTEN for mark in about)
            fault = (
                "removed, because it named somebody who asked to be forgotten"
                if forgotten
                else "it is not among the reports, or not as it was marked"
            )
            versions.append(Version(campaign, edition, None, state, tuple(about), fault))
    return versions
