"""Marking a version of a report: reviewed, cleared for sending, sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from creatorbook import plugins
from creatorbook.client.repository import client_folder
from creatorbook.client.versions import FORGOTTEN, STATES, VersionMark, add_mark, read_marks
from creatorbook.problems import Problem
from creatorbook.runner import manifest, overview, places
from creatorbook.runner.batch import run_batch
from creatorbook.runner.jobs import Job
from creatorbook.runner.versions import Version, recorded_in, versions_of

#: What `version_lines` gives of each.
VERSION_HEADINGS = ("campaign", "version", "state", "by", "note", "remark")


def version_lines(client: Path, out: Path) -> list[tuple[str, ...]]:
    """A line per version for a terminal, under `VERSION_HEADINGS`."""
    return [
        (
            version.campaign,
            version.edition,
            version.state,
            ", ".join(f"{mark.state} {mark.on} {mark.by}" for mark in version.marks),
            "; ".join(mark.note for mark in version.marks if mark.note),
            version.fault,
        )
        for version in versions_of(client, out)
    ]


def mark_version(
    client: str,
    state: str,
    by: str,
    on: date,
    out: Path,
    *,
    campaign: str | None = None,
    edition: str | None = None,
    note: str = "",
) -> Version:
    """VersionMark a version of a report, once; what stands after it.

    Who clears a version has it printed once more, without the word “Draft”: its figures must be those of the draft. What
    was cleared is never written over, so that what is sent is what was cleared.

    Args:
        client: a client folder, or its name.
        state: `reviewed`, `cleared` or `sent`.
        by: who does it.
        on: the day.
        out: the folder for reports.
        campaign, edition: which one; none means the one printed for the latest day.
        note: to whom it was sent, or what the reviewer says.

    Raises:
        Problem: nobody signs, there is no such version, it is not as it was printed, it is sent before it is cleared,
            or what it was made from has changed since.
    """
    if not by.strip():
        raise Problem("a mark is signed", todo="Say who does it: --by NAME.")
    folder = client_folder(client)
    version = _chosen(versions_of(folder, out), campaign, edition, out)
    if version.fault:
        raise Problem(version.fault, version.folder, todo="Print it again; nothing was marked.")
    if STATES.index(version.state) > STATES.index(state):
        return version
    if state == "cleared" and version.state != "cleared":
        _print_cleared(folder, version, out, by.strip(), on)
    if state == "sent" and version.state not in {"cleared", "sent"}:
        todo = f"Have it cleared first: python3 workbook.py mark-cleared {client} --by NAME."
        raise Problem("its pages say “Draft”: nobody has cleared this version", version.folder, todo=todo)
    assert version.folder is not None  # noqa: S101 - `_chosen` gives what is there
    digest = manifest.sha256(version.folder / "manifest.json")
    add_mark(folder, VersionMark(on, version.campaign, version.edition, state, by.strip(), digest, note))
    overview.record_marks(out, version.folder.parents[1].name, read_marks(folder))
    return _chosen(versions_of(folder, out), version.campaign, version.edition, out)


def _chosen(versions: list[Version], campaign: str | None, edition: str | None, out: Path) -> Version:
    """The version that is meant: the last one of the latest day, of what is asked.

    Raises:
        Problem: there is none.
    """
    there = [
        each
        for each in versions
        if each.folder and campaign in {None, each.campaign} and edition in {None, each.edition}
    ]
    if there:
        return there[-1]
    named = [f"{each.campaign}/{each.edition}" for each in versions if each.folder]
    todo = f"Versions there are: {', '.join(named)}." if named else "Print the report first."
    raise Problem("there is no such version among the reports", out, todo=todo)


def _print_cleared(client: Path, version: Version, out: Path, by: str, on: date) -> None:
    """Print a draft once more, as cleared.

    Raises:
        Problem: what it was made from has changed, its figures are others today, or it cannot be printed.
    """
    assert version.folder is not None  # noqa: S101 - `_chosen` gives what is there
    made_from = (recorded_in(version.folder) or {}).get("made_from", {})
    if manifest.inputs_of(client) != made_from.get("inputs"):
        todo = "Print the report again, and read it; nothing was cleared."
        raise Problem(
            "the client's files have changed since this version was printed", version.folder, todo=todo
        )
    switches = tuple(plugins.switches().items())
    job = Job(client, out, **made_from["asked"], force=True, cleared=(by, on.isoformat()), switches=switches)
    (printed,) = run_batch(places.placed([job]), 1, lambda _edition: None)
    if printed.cause:
        raise Problem(printed.cause)


def note_removed(client: Path, editions: Iterable[Path], on: date) -> None:
    """Note of each cleared or sent edition that it goes because it names somebody who is forgotten."""
    for folder in sorted(editions):
        manifest_file = folder / "manifest.json"
        if not manifest_file.is_file():
            continue
        digest = manifest.sha256(manifest_file)
        if any(mark.manifest == digest for mark in read_marks(client)):
            add_mark(client, VersionMark(on, folder.parent.name, folder.name, FORGOTTEN, "", digest))
