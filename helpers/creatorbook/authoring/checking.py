"""A plugin's folder looked over: its structure, what it brings, its words for people, and whether it can be packed."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from creatorbook.authoring.building import unpacked_wheel
from creatorbook.authoring.folder import TRY_FILE, AuthorsFolder
from creatorbook.authoring.processes import run
from creatorbook.client import read_campaign, read_client, yaml_files
from creatorbook.client.house_packs import GROUP as PACKS_GROUP
from creatorbook.opening import read_exports
from creatorbook.plugins import GROUP
from creatorbook.problems import Problem

#: the file that a host's machines test the plugin by
CI_FILE = ".github/workflows/test.yml"

#: addresses that nobody can own: where the template's questions were not answered (RFC 2606)
_PLACEHOLDER = re.compile(r"https?://[\w.-]*\.(example|invalid)\b[^\s\"']*")

#: where a README leads to
_LINKS = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class LookedOver:
    """What looking over a folder showed.

    Attributes:
        good: what is as it should be, a line each.
        faults: what is to be mended, a line each.
    """

    good: tuple[str, ...]
    faults: tuple[str, ...]


def looked_over(path: Path) -> LookedOver:
    """Look a plugin's or an agency's folder over.

    Raises:
        Problem: it is neither.
    """
    folder = AuthorsFolder.of(path)
    looks: dict[str, Callable[[], Iterable[str]]] = {
        "structure": lambda: _structure(folder),
        "documents": lambda: _documents(folder),
    }
    with tempfile.TemporaryDirectory() as place:
        site = Path(place, "site")
        if folder.is_agency:
            looks["clients"] = lambda: _clients(folder)
        else:
            looks |= {"packaging": lambda: _packaging(folder, site), "hooks": lambda: _hooks(folder, site)}
        faults_by_look = {name: _told(look) for name, look in looks.items()}
    good = tuple(name for name, faults in faults_by_look.items() if not faults)
    return LookedOver(
        good, tuple(f"{name}: {fault}" for name, faults in faults_by_look.items() for fault in faults)
    )


def _told(look: Callable[[], Iterable[str]]) -> list[str]:
    try:
        return list(look())
    except Problem as problem:
        return [str(problem)]


def _structure(folder: AuthorsFolder) -> Iterator[str]:
    """Files that somebody who gets the plugin looks for."""
    for name in ["README.md", CI_FILE, *([] if folder.is_agency else ["LICENSE"])]:
        if not (folder.path / name).is_file():
            yield f"there is no {name}"
    if not any((folder.path / "tests").glob("test_*.py")):
        yield "there are no tests (tests/test_….py)"
    if (folder.path / TRY_FILE).is_file():
        _ = folder.to_try  # a mistake in it is told


def _documents(folder: AuthorsFolder) -> Iterator[str]:
    """The README leads nowhere that is not there, shows what comes of the plugin, and no address is left open."""
    readme = folder.path / "README.md"
    if not readme.is_file():
        return
    text = readme.read_text(encoding="utf-8")
    links = [link for link in _LINKS.findall(text) if "://" not in link]
    for link in links:
        if not (folder.path / link).exists():
            yield f"README.md leads to {link}, which is not there"
    if not re.search(r"!\[[^\]]+\]\(", text):
        yield "README.md shows no picture of the result; “plugins try” makes some in tried/pages"
    for name in (CI_FILE, "pyproject.toml"):
        path = folder.path / name
        placeholder = _PLACEHOLDER.search(path.read_text(encoding="utf-8")) if path.is_file() else None
        if placeholder:
            yield f"{name} names {placeholder[0]}, where nobody is: write the address of your creatorbook repository"


def _packaging(folder: AuthorsFolder, site: Path) -> Iterator[str]:
    """It names what it needs safely, has an entry point, and a wheel builds that has all of its files."""
    for text in folder.project.get("project", {}).get("dependencies", []):
        try:
            needed = Requirement(text)
        except InvalidRequirement:
            yield f"“{text}” is no requirement"
            continue
        if needed.name.lower() == "creatorbook" and not needed.url:
            yield (
                "it needs creatorbook by its bare name, which somebody else could register: write "
                "“creatorbook @ git+ADDRESS@TAG”"
            )
        elif needed.name.lower() == "creatorbook" and "@" not in str(needed.url).partition("://")[2]:
            yield "it needs creatorbook without a tag: write “creatorbook @ git+ADDRESS@TAG”"
    if not folder.names:
        yield f"pyproject.toml has no entry point in the group {GROUP} or {PACKS_GROUP}"
    unpacked_wheel(folder.path, site)
    for package in sorted({value.split(":")[0].split(".")[0] for value in _named(folder)}):
        yield from _missing_of(folder.path / "src" / package, site / package)


def _named(folder: AuthorsFolder) -> list[str]:
    return [*folder.entries().values(), *folder.entries(PACKS_GROUP).values()]


def _missing_of(source: Path, packed: Path) -> Iterator[str]:
    if not packed.exists() and not packed.with_suffix(".py").exists():
        yield f"the wheel has no package {packed.name}, which an entry point names"
    for path in sorted(source.rglob("*")) if packed.is_dir() else []:
        place = path.relative_to(source)
        if path.is_file() and "__pycache__" not in path.parts and not (packed / place).is_file():
            yield f"the wheel has no {packed.name}/{place.as_posix()}"


def _hooks(folder: AuthorsFolder, site: Path) -> Iterator[str]:
    """It loads, answers, and nothing of what it answers is left out; a package that cannot be packed is not asked."""
    if not site.is_dir():
        return
    ended = run("creatorbook.authoring.asking", folder.names, folder.names, site)
    if ended.returncode:
        yield f"it ends the process that asks it: {ended.stderr.strip().rpartition(chr(10))[2]}"
        return
    answer = json.loads(ended.stdout)
    yield from answer["faults"]
    yield from answer["left_out"]
    yield from (f"{hook} says nothing of what it brings (a docstring)" for hook in answer["undocumented"])
    if not answer["hooks"] and not answer["packs"] and not answer["faults"] and not answer["left_out"]:
        yield "it brings nothing: no hook is implemented, and no pack is there"


def _clients(folder: AuthorsFolder) -> Iterator[str]:
    """An agency's clients: their settings, packs and exports are read without a mistake."""
    clients = sorted(path.parent for path in folder.path.glob("*/client.yml"))
    if not clients:
        yield "there is no client folder in it"
    yaml_files.read_mapping(folder.path / "agency.yml")
    for client in clients:
        try:
            its_client = read_client(client)
            read_campaign(its_client)
            read_exports(its_client)
        except Problem as problem:
            yield str(problem)
