"""A plugin tried on a sample client: the same report with it and without, and what is different."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from creatorbook.authoring.building import unpacked_wheel
from creatorbook.authoring.comparing import Changes, MadeEdition, changes
from creatorbook.authoring.folder import SAMPLE_FOLDER, AuthorsFolder
from creatorbook.authoring.pictures import pages_with
from creatorbook.authoring.processes import run
from creatorbook.client import yaml_files
from creatorbook.client.report_places import WORKING
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.problems import Problem
from creatorbook.report.pdf import why_none

#: the folder of a try, in the plugin's own; its `.gitignore` has it
TRIED = "tried"


@dataclass(frozen=True)
class Tried:
    """What a try showed.

    Attributes:
        changes: what the report has with the plugin that it has not without it.
        left_out: what was left out of the plugin, and why.
        remarks: what to know about the comparison.
        pictures: pages of the report with the plugin.
    """

    changes: Changes
    left_out: tuple[str, ...]
    remarks: tuple[str, ...]
    pictures: tuple[Path, ...]

    @property
    def works(self) -> bool:
        """Whether the plugin shows, and nothing of it was left out."""
        return bool(self.changes) and not self.left_out


def try_out(path: Path, out: Path | None = None) -> Tried:
    """Print the report of a sample client with a plugin and without it, and say what is different.

    Without it means: the same files, the plugin off, and settings that name nothing of it. Where the files cannot be read
    without the plugin, the sample as it came is compared.

    Args:
        path: the plugin's folder.
        out: where copies, reports and pictures go; else `tried/` in the plugin's folder. What is there already of the
            same sample, unchanged, is not printed again.

    Raises:
        Problem: the folder or its `try.yml` has a mistake, or no report can be made with the plugin.
    """
    folder = AuthorsFolder.of(path)
    out = (out or folder.path / TRIED).resolve()
    site = None if folder.is_agency else unpacked_wheel(folder.path, out / "site" / folder.title)
    with_it = _copy(folder, out / "with" / folder.title, changed=True)
    before, remarks = _without(folder, out)
    after = _printed(folder, with_it, out / "reports" / folder.title, folder.names if site else (), site)
    different = changes(before, after)
    pictures = pages_with(
        after.folder / WORKING / "report.html",
        different.parts["sentences added"],
        out / "pages" / folder.title,
    )
    if not pictures:
        remarks = (*remarks, f"no pictures of pages: {why_none()}")
    return Tried(different, tuple(after.left_out), remarks, tuple(pictures))


def _without(folder: AuthorsFolder, out: Path) -> tuple[MadeEdition, tuple[str, ...]]:
    """The edition without the plugin, and what to know about it."""
    remarks: tuple[str, ...] = ()
    name, reports = folder.to_try.client, out / "reports" / "without"
    if folder.sample or folder.is_agency:
        files_only = _copy(folder, out / "without" / folder.title, changed=False)
        try:
            return _printed(folder, files_only, reports / folder.title, (), None), ()
        except Problem as problem:
            message = problem.what.partition("\n")[0]
            remarks = (f"without it there is no report: {message}; compared with {name} as it came",)
    plain = shutil.copytree(SAMPLE_DATA / name, _emptied(out / "without" / "as it came" / name))
    return _printed(folder, plain, reports / "as it came", (), None), remarks


def _copy(folder: AuthorsFolder, place: Path, *, changed: bool) -> Path:
    """A copy of the client with the plugin's sample files, and the settings that `try.yml` adds if they are wanted."""
    settings = folder.to_try
    if folder.is_agency:
        return _agency_copy(folder, place, changed=changed)
    source = SAMPLE_DATA / settings.client
    if not source.is_dir():
        samples = ", ".join(sorted(one.name for one in SAMPLE_DATA.iterdir() if one.is_dir()))
        raise Problem(
            f"there is no sample client “{settings.client}”",
            folder.path / "try.yml",
            todo=f"Samples: {samples}.",
        )
    client = shutil.copytree(source, _emptied(place / settings.client))
    for file in folder.sample:
        (client / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder.path / SAMPLE_FOLDER / file, client / file)
    if changed:
        _add(client / "client.yml", settings.settings)
        _add(client / "campaigns" / f"{_campaign_of(client)}.yml", settings.campaign)
    return client


def _campaign_of(client: Path) -> str:
    """The campaign that a copy's report is about: client.yml's, else the one that starts last."""
    own = yaml_files.read_mapping(client / "client.yml").get("campaign")
    starts = {
        path.stem: str(yaml_files.read_mapping(path).get("start"))
        for path in sorted((client / "campaigns").glob("*.yml"))
        if not path.stem.endswith(".lift")
    }
    return str(own or max(starts, key=lambda name: starts[name]))


def _agency_copy(folder: AuthorsFolder, place: Path, *, changed: bool) -> Path:
    """A copy of an agency's client with what the agency says, or without it."""
    name = folder.to_try.client
    if not (folder.path / name / "client.yml").is_file():
        raise Problem(
            f"there is no client “{name}” in this agency's folder",
            folder.path / "try.yml",
            todo="Name one as client.",
        )
    place = _emptied(place)
    shutil.copytree(folder.path / name, place / name)
    if changed:
        aside = shutil.ignore_patterns(".git", TRIED, "tests", "reports", name)
        shutil.copytree(folder.path, place, ignore=aside, dirs_exist_ok=True)
    return place / name


def _emptied(place: Path) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


def _add(path: Path, lines: dict[str, Any]) -> None:
    """Give a settings file of the copy further lines, in place of those of the same name."""
    if lines:
        whole = {**yaml_files.read_mapping(path), **lines}
        path.write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _printed(
    folder: AuthorsFolder, client: Path, out: Path, plugins: Iterable[str], site: Path | None
) -> MadeEdition:
    """Print one report in a process of its own.

    Raises:
        Problem: it cannot be made.
    """
    arguments: list[str | Path] = [
        "report",
        client,
        "--stage",
        folder.to_try.stage,
        "--out",
        out,
        "--jobs",
        "1",
        "--json",
    ]
    ended = run("creatorbook", arguments, plugins, site)
    try:
        (edition,) = json.loads(ended.stdout)["clients"]
    except ValueError:
        raise Problem(ended.stderr.strip() or "no report was made", folder.path) from None
    if edition["folder"] is None:
        raise Problem(edition["cause"].strip(), folder.path)
    return MadeEdition(Path(edition["folder"]))
