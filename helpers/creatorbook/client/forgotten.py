"""Who is forgotten (the right to erasure): `forgotten.csv`, and the one door for every text that can name a person.

A tombstone is a hash of a keyed hash: it tells nobody who was forgotten, and still finds them in whatever is read. Every
text of a client comes in through `Forgotten`: cells of exports and of the product's own files, settings, names of files.
A forgotten creator stays under a made-up name and their codes under made-up codes, the same ones everywhere, so that
costs, orders and totals stay. A file that leaves any doubt about who is forgotten stops the call.

Kinds of tombstones:
    creator: a whole handle or name, as `plain_name` has it → the made-up name.
    spelling: a handle, name or code by its letters and digits alone, anywhere in a text → the made-up name or code.
    other: a spelling of somebody else in which a forgotten one is contained (`anna` in `anna_bakes`): it stays.
    customer: an e-mail address.
    all: first of the file; a keyed hash of all others, so that a file that was cut, or that another key made, is told.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from creatorbook.client.hash_key import KEY_FILE, hash_key
from creatorbook.problems import Problem
from creatorbook.text.handles import AT_SIGNS, plain_handle, plain_name

FORGOTTEN_FILE = "forgotten.csv"
FORGOTTEN_COLUMNS = ["kind", "key", "name"]

#: columns of our own records that say whom a row is about (in the ledger, the figure of an approved plan)
WHO = ("handle", "creator", "figure")

#: columns of our own records whose text can tell who someone is; they are emptied in a forgotten creator's rows
TELLING = {"note", "link", "asked_for", "sizes"}

#: what may stand between the parts of one spelling: `capucine_knopf`, `Capucine Knopf`, `capucine%20knopf`; no sign that
#: ends a cell or a sentence's part
BETWEEN = r"[^\w,;:!?|\"'<>(){}\[\]=&#\r\n\t/\\]|_|%20"
_BETWEEN = re.compile(f"(?:{BETWEEN}){{0,3}}")
_PARTS = re.compile(r"%[0-9A-Fa-f]{2}|[^\W_]+")
MOST_PARTS = 6  #: letters and digits in one piece that make up one spelling

_KEY = re.compile("[0-9a-f]{16}")
_PERSON = re.compile("forgotten-[0-9a-f]{6}(-[0-9]+)?")
_CODE = re.compile("FORGOTTEN[0-9A-F]{6}")
_NAME_OF = {
    "creator": _PERSON,
    "spelling": re.compile(f"{_PERSON.pattern}|{_CODE.pattern}"),
    **dict.fromkeys(("other", "customer", "all"), re.compile("")),
}


@dataclass(frozen=True)
class Tombstone:
    """One row of `forgotten.csv`: its kind, the hash, and what stands in the place of a name or code now."""

    kind: str
    key: str
    name: str = ""


@dataclass(frozen=True)
class Forgotten:
    """The door: who is forgotten, and what their names become in any text.

    Attributes:
        key: the client's hashing key.
        tombstones: who is forgotten; empty where nobody asked.
    """

    key: bytes = b""
    tombstones: tuple[Tombstone, ...] = ()

    @cached_property
    def _by_kind(self) -> dict[str, dict[str, str]]:
        kinds: dict[str, dict[str, str]] = {kind: {} for kind in _NAME_OF}
        for stone in self.tombstones:
            kinds[stone.kind][stone.key] = stone.name
        return kinds

    def __bool__(self) -> bool:
        return bool(self.tombstones)

    @property
    def customers(self) -> list[str]:
        """The keys of forgotten customers."""
        return list(self._by_kind["customer"])

    def name(self, text: str) -> str:
        """The made-up name of whom a whole handle or name (or a made-up one) means; empty where nobody forgotten is meant."""
        if not self._by_kind["creator"]:
            return ""
        if is_made_up(text):
            return plain_handle(text)
        if made := self._by_kind["creator"].get(_grave(self.key, plain_name(text))):
            return made
        made = self._by_kind["spelling"].get(_grave(self.key, letters(text)), "")
        return made if is_made_up(made) else ""

    def text(self, text: str) -> str:
        """A text without the names, handles and codes of forgotten people: the made-up ones stand in their place."""
        if not self._by_kind["spelling"]:
            return self.name(text) or text
        if made := self.name(text):
            return made
        parts = [part for part in _PARTS.finditer(text) if not part[0].startswith("%")]
        pieces, end, at = [], 0, 0
        while at < len(parts):
            count, made = self._spelling_at(text, parts[at : at + MOST_PARTS])
            if made:
                pieces += [text[end : parts[at].start()], made]
                end = parts[at + count - 1].end()
            at += count
        return "".join([*pieces, text[end:]])

    def _spelling_at(self, text: str, parts: list[re.Match[str]]) -> tuple[int, str]:
        """How many parts from the first on are one spelling (the longest counts), and what stands for it now."""
        most = 1
        while most < len(parts) and _BETWEEN.fullmatch(text, parts[most - 1].end(), parts[most].start()):
            most += 1
        spelt = [_letters(part[0]) for part in parts[:most]]
        for count in range(most, 0, -1):
            grave = _grave(self.key, "".join(spelt[:count]))
            if grave in self._by_kind["other"]:
                return count, ""
            if made := self._by_kind["spelling"].get(grave):
                return count, made
            start, end = parts[0].start(), parts[count - 1].end()
            if text[start - 1 : start] in {*AT_SIGNS} and (made := self.name(text[start:end])):
                return count, made
        return 1, ""

    def row(self, row: Mapping[str, str]) -> dict[str, str]:
        """A row of the client's own records; of one about a forgotten creator, what tells of them is emptied."""
        if not self:
            return dict(row)
        passed = {name: self.text(cell) for name, cell in row.items()}
        about = any(is_made_up(passed.get(name, "")) for name in WHO)
        return {name: "" if about and name in TELLING else cell for name, cell in passed.items()}

    def data(self, data: Any) -> Any:
        """The same of anything YAML or JSON can hold: every text in it passes."""
        if not self:
            return data
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, Mapping):
            return {self.data(key): self.data(value) for key, value in data.items()}
        return type(data)(map(self.data, data)) if isinstance(data, list | tuple) else data


NOBODY = Forgotten()


def forgotten_in(folder: Path) -> Forgotten:
    """Who is forgotten in a client folder.

    Raises:
        Problem: `forgotten.csv` leaves a doubt: cut, changed, saved otherwise, made with another key, or not a file.
    """
    tombstones = _read(folder)
    if not tombstones:
        return NOBODY
    path = folder / FORGOTTEN_FILE
    if not (folder / KEY_FILE).is_file():
        raise _doubt(f"{KEY_FILE} is missing, by which they are recognised", path)
    key = hash_key(folder)
    seals = [stone for stone in tombstones if stone.kind == "all"]
    people = tuple(stone for stone in tombstones if stone.kind != "all")
    if seals and seals != [_seal(people, key)]:
        raise _doubt("not as it was written: a row is missing or changed, or hash.key is another", path)
    if not seals and any(stone.kind in {"spelling", "other"} for stone in people):
        raise _doubt("the row “all” is missing", path, 2)
    return Forgotten(key, people)


def tombstone(kind: str, identifier: str, key: bytes, name: str = "") -> Tombstone:
    """The tombstone of a handle, name, spelling, code or e-mail address; a creator's name is made up if none is given."""
    plain = {"creator": plain_name, "customer": lambda text: text.strip(" @").lower()}.get(kind, letters)
    grave = _grave(key, plain(identifier))
    return Tombstone(kind, grave, name or (f"forgotten-{grave[:6]}" if kind == "creator" else ""))


def made_up_code(code: str, key: bytes) -> str:
    """What stands in the place of a forgotten creator's code."""
    return f"FORGOTTEN{_grave(key, letters(code))[:6].upper()}"


def is_made_up(name: str) -> bool:
    """Whether this is the made-up name of somebody who is forgotten."""
    return _PERSON.fullmatch(plain_handle(name)) is not None


def letters(text: str) -> str:
    """A spelling by its letters and digits alone: `@Zoë_K.`, `zoe k` and `ZOEK` are the same."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text).casefold() if sign.isalnum())


@lru_cache(maxsize=1 << 15)
def _letters(part: str) -> str:
    """The same of one part; texts are made of the same words again and again."""
    return letters(part)


def tombstones_text(tombstones: Iterable[Tombstone], key: bytes) -> str:
    """`forgotten.csv` with these tombstones."""
    people = tuple(dict.fromkeys(tombstones))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FORGOTTEN_COLUMNS)
    writer.writerows((stone.kind, stone.key, stone.name) for stone in (_seal(people, key), *people))
    return text.getvalue()


def _seal(people: tuple[Tombstone, ...], key: bytes) -> Tombstone:
    rows = "\n".join(f"{stone.kind},{stone.key},{stone.name}" for stone in people)
    return Tombstone("all", hmac.digest(key, rows.encode(), "sha256").hex()[:16])


@lru_cache(maxsize=1 << 17)
def _grave(key: bytes, plain: str) -> str:
    hashed = hmac.digest(key, plain.encode(), "sha256").hex()[:16]
    return hashlib.sha256(f"forgotten:{hashed}".encode()).hexdigest()[:16]


def _read(folder: Path) -> list[Tombstone]:
    """The rows of the file, each as it must be."""
    path = folder / FORGOTTEN_FILE
    if not os.path.lexists(path):
        return _none_meant(folder)
    if not path.is_file():
        raise _doubt("not a file", path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError:
        raise _doubt("not saved as UTF-8 text", path) from None
    except csv.Error:
        raise _doubt("not readable as CSV", path) from None
    if not rows or rows[0] != FORGOTTEN_COLUMNS:
        raise _doubt(f"the first line is not “{','.join(FORGOTTEN_COLUMNS)}”", path, 1)
    if not text.endswith("\n"):
        raise _doubt("the last line was cut off", path, len(rows))
    return [_stone(row, path, line) for line, row in enumerate(rows[1:], start=2)]


def _none_meant(folder: Path) -> list[Tombstone]:
    """No tombstones; but a file that may be meant for the list, under another name, is a doubt."""
    near = [path for path in sorted(folder.glob("*")) if path.name.lower().startswith("forgotten")]
    if near:
        raise _doubt(f"this may be the list of who is forgotten, which is called {FORGOTTEN_FILE}", near[0])
    return []


def _stone(row: list[str], path: Path, line: int) -> Tombstone:
    if len(row) != len(FORGOTTEN_COLUMNS):
        raise _doubt(f"{len(row)} cells where there are {len(FORGOTTEN_COLUMNS)}", path, line)
    kind, key, name = row
    if kind not in _NAME_OF or not _KEY.fullmatch(key) or not _NAME_OF[kind].fullmatch(name):
        raise _doubt("not a row that “forget” writes", path, line)
    return Tombstone(kind, key, name)


def _doubt(what: str, path: Path, line: int | None = None) -> Problem:
    todo = (
        "Nothing is read while it is unclear who asked to be forgotten. Put the file back from a copy; if there is none, "
        "remove it and run “python3 workbook.py forget” again for everybody who asked."
    )
    return Problem(what, path, line, todo=todo)
