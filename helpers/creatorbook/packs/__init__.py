"""Knowledge as data: tiers, benchmarks, playbooks, disclosure rules, fees …, each row with source and date.

A pack is a YAML file of sections, each with rows: those built in stand in this folder, one JSON Schema for each in
`schemas/`. An installed package, an agency and a client may bring further rows, change rows and take rows out. Rows are
merged by their keys (`rows.py`), and the nearer counts: built in, installed, agency, client, in this order.

Which rows hold depends on the client, so a client carries its `Packs` (`Client.all_packs`, made when its files are read),
and `pack(name)` reads those that are in force in this process. A process works for one client at a time: opening a
campaign puts its client's packs in force (`put_in_force`), and what reads or reports for a client does so under its packs
(`in_force`). Where two clients are open at once, each step goes by the packs of the book it is given (`book.by_its_packs`).
What is worked out from packs is remembered with them (`per_packs`), never by name alone: nothing of one client is in
another's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from importlib.resources import files
from typing import Any, ParamSpec, TypeVar

import yaml

from creatorbook.packs import rows
from creatorbook.packs.rows import NOT_TOLD, Origin, Path

About = ParamSpec("About")
Answer = TypeVar("Answer")

#: the C reader, where PyYAML has one, is seven times as fast; clients' own files keep the one that tells mistakes best
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: What the rows of this folder are called where a person reads whose they are.
BUILT_IN_PLACE = "built in"


@dataclass(frozen=True)
class PackFile:
    """What one file, or one part of a settings file, says of one pack.

    Attributes:
        sections: rows by section, each with the file's source and date where its kind of row has them and it has none.
        origin: the file's source and date, which are those of every row that names none.
    """

    sections: dict[str, Any]
    origin: Origin = NOT_TOLD


@dataclass(frozen=True)
class Layer:
    """What one place brings: an installed package, an agency's or a client's folder, a settings file.

    Attributes:
        place: what a person calls it, with the package's version if it is one.
        packs: by the pack's name.
        digest: of the files; the same rows have the same one.
    """

    place: str
    packs: dict[str, PackFile]
    digest: str


@dataclass(frozen=True)
class RowFrom:
    """One row and where it came from; `gone` if that place took it out."""

    path: Path
    place: str
    source: str
    date: str
    gone: bool = False


class Packs:
    """All packs as they hold for one client: what is built in, and what others bring over it.

    Attributes:
        layers: the farthest first.
        left_out: files of installed packages with a mistake in them, each in a sentence; their rows are not there.
    """

    def __init__(self, layers: tuple[Layer, ...] = (), left_out: tuple[str, ...] = ()) -> None:
        self.layers = layers
        self.left_out = left_out
        self.answers: dict[tuple[Any, ...], Any] = {}
        self._merged: dict[str, Any] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy, as a plugin gets, has the same rows and none of what was worked out from them."""
        return Packs, (self.layers, self.left_out)

    def pack(self, name: str) -> Any:
        """One pack's sections with the rows that hold; see `pack`."""
        if name not in self._merged:
            content = built_in(name)
            for layer in self._with(name):
                content = rows.merged_rows(rows.schema(name), content, layer.packs[name].sections)
            self._merged[name] = content
        return self._merged[name]

    def brought(self, name: str, section: str) -> dict[str, Any]:
        """The rows of a section that are not built in, by key; none that is taken out."""
        merged = self.pack(name)[section]
        keys = dict.fromkeys(
            key for layer in self._with(name) for key in layer.packs[name].sections.get(section, {})
        )
        return {key: merged[key] for key in keys if key in merged}

    def rows_of(self, name: str) -> list[RowFrom]:
        """Every row of a pack with the place it came from, and those that were taken out."""
        by_path = _from(name, built_in(name), BUILT_IN_PLACE)
        for layer in self._with(name):
            by_path |= _from(name, layer.packs[name].sections, layer.place, layer.packs[name].origin)
        return list(by_path.values())

    def digest(self, *names: str) -> str:
        """Tells what is brought to some packs from anything else; empty where nothing is."""
        brought = [(name, layer.packs[name]) for name in names for layer in self._with(name)]
        return hashlib.sha256(repr(brought).encode()).hexdigest()[:32] if brought else ""

    def names(self) -> list[str]:
        """Each place with the hash of its files, the nearest last."""
        return [f"{layer.place} {layer.digest}" for layer in self.layers]

    def _with(self, name: str) -> list[Layer]:
        return [layer for layer in self.layers if name in layer.packs]


BUILT_IN = Packs()

_holding = BUILT_IN  # of this process, not of a thread or context: cells of a notebook and readers' threads are one client's


def pack(name: str) -> Any:
    """The content of a pack as it holds for the client whose packs are in force; callers do not change it.

    Raises:
        KeyError: there is no such pack.
    """
    return _holding.pack(name)


def held_packs() -> Packs:
    """The packs in force."""
    return _holding


def put_in_force(packs: Packs) -> None:
    """From here on this process works for the client whose packs these are."""
    global _holding
    _holding = packs


@contextmanager
def in_force(packs: Packs) -> Iterator[None]:
    """For the time of a `with` block, work for the client whose packs these are."""
    before = _holding
    put_in_force(packs)
    try:
        yield
    finally:
        put_in_force(before)


def per_packs(function: Callable[About, Answer]) -> Callable[About, Answer]:
    """Answer once for each client's packs (memoisation, as `functools.cache`); for what is worked out from packs."""

    @wraps(function)
    def asked(*about: About.args, **named: About.kwargs) -> Answer:
        answers = _holding.answers
        key = (function, about, *named.items()) if named else (function, about)
        if key in answers:
            answer: Answer = answers[key]
            return answer
        return answers.setdefault(key, function(*about, **named))

    return asked


@cache
def pack_names() -> tuple[str, ...]:
    """The names of all packs, in alphabetical order."""
    return tuple(
        sorted(
            file.name.removesuffix(".yml")
            for file in files(__package__).iterdir()
            if file.name.endswith(".yml")
        )
    )


@cache
def built_in(name: str) -> Any:
    """The content of `packs/<name>.yml`.

    Raises:
        KeyError: there is no such pack.
    """
    path = files(__package__) / f"{name}.yml"
    if not path.is_file():
        raise KeyError(f"no pack is called {name!r}")
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - both are safe


def _from(name: str, content: Any, place: str, origin: Origin = NOT_TOLD) -> dict[Path, RowFrom]:
    """The rows of one file by their paths."""
    return {
        row.path: RowFrom(
            row.path, place, row.origin.source, str(row.origin.date), gone=rows.is_gone(row.content)
        )
        for row in rows.rows(rows.schema(name), content, origin)
    }
