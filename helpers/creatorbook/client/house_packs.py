"""Packs of one's own: the folders that `packs:` in client.yml and agency.yml name, and those of installed packages.

Each file is held against its pack's JSON Schema. A mistake in a folder of the client's or agency's own is a Problem with its
line: the report would be one of other figures than the file's writer meant. A file of an installed package with a mistake
is left out and named, and the report goes on without it: whoever runs the report did not write it.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from creatorbook.client import yaml_files
from creatorbook.client.forgotten import NOBODY, Forgotten
from creatorbook.client.own_files import files_in, lies_in
from creatorbook.client.yaml_files import StrictModel
from creatorbook.packs import BUILT_IN, Layer, PackFile, Packs, pack_names, rows
from creatorbook.problems import Problem
from creatorbook.switches import is_on

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


#: Entry points in this group name a package, and after a colon a folder in it: `beauty = "beauty_pack:packs"`.
GROUP = "creatorbook.packs"


def packs_of(
    folder: Path,
    agency: Mapping[str, Any],
    own: Mapping[str, Any],
    schemes: Mapping[str, StrictModel],
    forgotten: Forgotten,
) -> Packs:
    """The packs as they hold for the client in a folder.

    Args:
        folder: the client's.
        agency: what agency.yml says.
        own: what client.yml itself says.
        schemes: tier schemes of both files, checked.
        forgotten: who is named in no report; their names stand in no row either.

    Raises:
        Problem: a folder is not there or lies elsewhere, or a file in one has a mistake.
    """
    its_agency = folder.parent
    layers, left_out = installed_packs()
    layers = _with_folders(layers, its_agency / "agency.yml", agency.get("packs") or [], "agency", forgotten)
    own_schemes = own.get("tier_schemes") or {}
    layers += settings_layer(
        "agency.yml", {name: one for name, one in schemes.items() if name not in own_schemes}
    )
    layers = _with_folders(layers, folder / "client.yml", own.get("packs") or [], "client", forgotten)
    layers += settings_layer(
        "client.yml", {name: one for name, one in schemes.items() if name in own_schemes}
    )
    return Packs(layers, left_out) if layers or left_out else BUILT_IN


def packs_without_a_client() -> Packs:
    """The packs as they hold for anybody: what is built in, and what installed packages bring."""
    return Packs(*installed_packs())


def refuse_unknown_pack(name: str, file: Path | None = None) -> None:
    """Say that there is no such pack, and which one is likely meant.

    Raises:
        Problem: no pack has this name.
    """
    if name not in pack_names():
        near = difflib.get_close_matches(name, pack_names(), n=1)
        todo = f"Did you mean “{near[0]}”?" if near else f"Packs: {', '.join(pack_names())}."
        raise Problem(f"no pack is called “{name}”", file, todo=todo)


def settings_layer(place: str, schemes: Mapping[str, StrictModel]) -> tuple[Layer, ...]:
    """The tier schemes that a settings file holds, as rows of the pack `tiers`; nothing where it holds none."""
    if not schemes:
        return ()
    sections = {"schemes": {name: one.model_dump(by_alias=True) for name, one in schemes.items()}}
    return (_layer(place, {"tiers": PackFile(sections)}),)


def pack_folders(file: Path, named: list[str]) -> list[Path]:
    """The folders that `packs:` in a settings file names, each inside the folder that the file lies in.

    Raises:
        Problem: one lies elsewhere or is not there.
    """
    folders = []
    for number, name in enumerate(named):
        folder = (file.parent / name).resolve()
        line = yaml_files.line_of(file, ["packs", number])
        if not lies_in(folder, file.parent):
            todo = "Name a folder inside of it, as ./house."
            raise Problem(
                f"“packs”: the folder “{name}” lies outside of this file's folder", file, line, todo=todo
            )
        if not folder.is_dir():
            todo = f"Make the folder {folder}, or take the line away."
            raise Problem(f"“packs”: there is no folder “{name}”", file, line, todo=todo)
        folders.append(folder)
    return folders


def _with_folders(
    layers: tuple[Layer, ...], file: Path, named: list[str], whose: str, forgotten: Forgotten
) -> tuple[Layer, ...]:
    """Layers and, over them, one for each folder that a settings file names, in its order: the last counts most."""
    for folder in pack_folders(file, named):
        under = Packs(layers)
        packs = {one.stem: _read(one, folder, under, forgotten) for one in _yaml_files(folder)}
        layers += (_layer(f"{whose}: {forgotten.text(folder.name)}", packs),)
    return layers


def installed_packs() -> tuple[tuple[Layer, ...], tuple[str, ...]]:
    """What installed packages that are on bring, by the packages' names; and what is wrong with what was left out.

    Only data is read: no code of a package runs.
    """
    entries = sorted(entry_points(group=GROUP), key=lambda one: (one.dist.name if one.dist else "", one.name))
    on = (one for one in entries if is_on({one.name, *([one.dist.name] if one.dist else [])}))
    return _brought_by(tuple(on))


@cache
def _brought_by(entries: tuple[EntryPoint, ...]) -> tuple[tuple[Layer, ...], tuple[str, ...]]:
    layers: tuple[Layer, ...] = ()
    left_out: tuple[str, ...] = ()
    for entry in entries:
        place = f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.name
        packs, wrong = _sound_packs(entry, Packs(layers))
        left_out += tuple(f"packs of {place} were left out: {problem}" for problem in wrong)
        layers += (_layer(place, packs),) if packs else ()
    return layers, left_out


def _sound_packs(entry: EntryPoint, under: Packs) -> tuple[dict[str, PackFile], list[Problem]]:
    """What the files of an installed package bring that can be used, and what is wrong with the others."""
    package, _, inside = entry.value.partition(":")
    try:
        spec = find_spec(package.partition(".")[0])  # of the outermost package: nothing is imported
    except (ImportError, ValueError):
        spec = None
    places = list(spec.submodule_search_locations or []) if spec else []
    folder = Path(places[0], *package.split(".")[1:], *inside.split("/")) if places else None
    if folder is None or not folder.is_dir():
        return {}, [Problem(f"its folder “{entry.value}” is not there", todo="Update or uninstall it.")]
    sound, wrong = {}, []
    for file in _yaml_files(folder):
        try:
            sound[file.stem] = _read(file, folder, under, NOBODY)
        except Problem as problem:
            wrong.append(problem)
    return sound, wrong


def _layer(place: str, packs: dict[str, PackFile]) -> Layer:
    return Layer(place, packs, hashlib.sha256(repr(packs).encode()).hexdigest()[:12])


def _yaml_files(folder: Path) -> list[Path]:
    """The YAML files right in a folder; what else lies there is none of ours."""
    files = [file for file in files_in(folder, "*") if file.suffix in {".yml", ".yaml"}]
    return [file for file in files if not file.name.startswith(".")]


def _read(file: Path, folder: Path, under: Packs, forgotten: Forgotten) -> PackFile:
    """One file's rows, held against its schema and the rows that it stands over, each with its source and date.

    Raises:
        Problem: it leads out of the folder, is not called as a pack, or has a mistake, which is told with its line.
    """
    if not lies_in(file, folder):
        raise Problem(
            "this file is a link that leads out of its folder", file, todo="Put the file itself there."
        )
    refuse_unknown_pack(file.stem, file)
    if file.suffix != ".yml":
        raise Problem("not read under this name", file, todo=f"Call it {file.stem}.yml.")
    # only whoever brings packs waits for the validator
    from creatorbook.client.pack_schema import refuse_mistakes

    part = rows.schema(file.stem)
    content = rows.with_origin(part, forgotten.data(yaml_files.read_mapping(file)), rows.NOT_TOLD)
    refuse_mistakes(file, content, under.pack(file.stem))
    origin = rows.origin_of(content, rows.NOT_TOLD)
    sections = {key: one for key, one in content.items() if key not in {"source", "date"}}
    return PackFile(sections, origin)
