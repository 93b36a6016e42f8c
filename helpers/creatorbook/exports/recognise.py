"""Which layout a file has, told from the names of its columns, never from its own name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from creatorbook.exports.guesses import by_cells, holds_days, names_a_platform, platform_guess
from creatorbook.exports.layouts import CODES, Layout, normal
from creatorbook.tables import TABLES

_CURRENCY = "{currency}"
_CURRENCY_NAMES = ("", *(f" {code.lower()}" for code in CODES))  #: what may stand there in a column's name


@dataclass(frozen=True)
class Match:
    """A layout found in a header.

    Attributes:
        fields: field → position of its column.
        currency: the currency a column's name gives, as in `Amount spent (USD)`.
        rank: how specific the match is; the highest wins.
    """

    fields: dict[str, int]
    currency: str | None
    rank: tuple[int, int]


def match(layout: Layout, header: Sequence[str]) -> Match | None:
    """How a layout fits a header, if it does."""
    names = {normal(name) for name in header}
    if any(normal(name) in names for name in layout.never):
        return None
    if not all(
        any(_may_have(layout, field, names) for field in need.split("|")) for need in layout.signature
    ):
        return None
    fields, currency = find_fields(layout, header)
    if not all(any(field in fields for field in need.split("|")) for need in layout.signature):
        return None
    return Match(fields, currency, (len(layout.signature), len(fields)))


def _may_have(layout: Layout, field: str, names: set[str]) -> bool:
    """Whether some column may be the field: a quick look, before columns are given out one by one."""
    aliases = layout.columns.get(field, ())
    return any(_CURRENCY in alias or normal(alias) in names for alias in aliases)


def find_fields(layout: Layout, header: Sequence[str]) -> tuple[dict[str, int], str | None]:
    """Field → position of its column, and the currency that a column's name gives."""
    names = [normal(name) for name in header]
    fields: dict[str, int] = {}
    taken: set[int] = set()
    currency = None
    for field, aliases in layout.columns.items():
        for alias in aliases:
            place = _position(alias, names, taken)
            if place:
                fields[field] = place[0]
                taken.add(place[0])
                currency = currency or place[1]
                break
    _find_first(layout, fields, len(header))
    return fields, currency


def _find_first(layout: Layout, fields: dict[str, int], columns: int) -> None:
    """Let the first column that has no known name be what the layout says, if nothing else tells that."""
    end = fields.get(layout.signature[0], 0) if layout.signature else 0
    unknown = [at for at in range(min(end, columns)) if at not in fields.values()]
    if unknown and layout.first and not set(layout.first) & set(fields):
        fields[layout.first[0]] = unknown[0]


def _position(alias: str, names: list[str], taken: set[int]) -> tuple[int, str | None] | None:
    if _CURRENCY not in alias:
        wanted = normal(alias)
        return next(((i, None) for i, name in enumerate(names) if name == wanted and i not in taken), None)
    before, after = (normal(part) for part in alias.split(_CURRENCY))
    fits = [f"{before}{currency} {after}".rstrip() for currency in _CURRENCY_NAMES]
    for i, name in enumerate(names):
        if i not in taken and name in fits:
            return i, _CURRENCY_NAMES[fits.index(name)].strip().upper() or None
    return None


#: plain layouts looked at closely, with names spelt alike, for a header that nobody recognises
_LOOKED_AT = 4


def closest(layouts: Iterable[Layout], header: Sequence[str]) -> Layout | None:
    """The plain layout that a header nobody recognises resembles most."""
    plain = [layout for layout in layouts if layout.name in TABLES]
    likely = sorted(
        plain, key=lambda layout: _likeness(layout, guess_columns(layout, header, alike=False)), reverse=True
    )
    scored = [(_likeness(layout, guess_columns(layout, header)), layout) for layout in likely[:_LOOKED_AT]]
    best, resembling = max(scored, key=lambda score: score[0], default=(0.0, None))
    return resembling if best else None


def named_enough(layout: Layout, header: Sequence[str]) -> bool:
    """Whether columns' names tell all that a layout needs."""
    guesses = guess_columns(layout, header)
    return all(any(field in guesses for field in need.split("|")) for need in layout.signature)


def _likeness(layout: Layout, guesses: dict[str, str]) -> float:
    """Share of the columns a layout needs, and a tenth for each of its columns that are there."""
    needed = [need for need in layout.signature if any(field in guesses for field in need.split("|"))]
    return len(needed) / max(len(layout.signature), 1) + len(guesses) / 10


def guess_columns(layout: Layout, header: Sequence[str], *, alike: bool = True) -> dict[str, str]:
    """Field → the column that may be meant: the very name, a name that holds it, or (if asked) one spelt alike."""
    names = {normal(name): name for name in reversed(header) if normal(name)}
    guesses: dict[str, str] = {}
    fields = set(TABLES[layout.tables[0]].names)
    for field in (field for field in layout.columns if field in fields):
        wanted = [normal(alias) for alias in (field, *layout.columns[field]) if _CURRENCY not in alias]
        left = [name for name in names if names[name] not in guesses.values()]
        meant = next((name for alias in wanted for name in left if name == alias), None)
        longer = (min((n for n in left if _holds(n, alias)), key=len, default=None) for alias in wanted)
        meant = meant or next(filter(None, longer), None)
        if alike and not meant:
            near = (near for alias in wanted for near in difflib.get_close_matches(alias, left, 1, 0.8))
            meant = next(near, None)
        if meant:
            guesses[field] = names[meant]
    return guesses


def _holds(name: str, alias: str) -> bool:
    """Whether a longer name has the alias as whole words: `Follower count (IG)` holds `follower count`."""
    return len(alias) > 3 and any(f" {alias}{plural} " in f" {name} " for plural in ("", "s"))


def mapping_to_copy(
    file: str, layout: Layout | None, header: Sequence[str], rows: Sequence[Sequence[str]] = ()
) -> str:
    """A `mapping:` block for client.yml with the best guess for each column, by its name, else by its cells in `rows`."""
    lines = ["mapping:", f"  - file: {_quoted(file)}"]
    if layout is None:
        return "\n".join([*lines, "    ignore: true"])
    table = TABLES[layout.tables[0]]
    columns = by_cells(table, header, rows, guess_columns(layout, header))
    guesses = {field: columns[field] for field in (*table.required, *columns) if field in columns}
    open_columns = [column for column in table.required if column not in guesses]
    lines.append(f"    table: {table.name}")
    about_pins = "platform" in table.names and any(re.search(r"\bpins?\b", normal(name)) for name in header)
    if "platform" in open_columns or about_pins:
        open_columns = [column for column in open_columns if column != "platform"]
        if about_pins:
            lines.append("    platform: pinterest")
        elif not names_a_platform(rows):
            guess = platform_guess(file, *guesses.values())
            lines.append(
                f"    platform: {guess}   # of every row: instagram, tiktok, youtube, pinterest, facebook"
            )
    if "handle" in layout.signature and "handle" not in guesses and "handle" not in table.required:
        lines.append("    # handle: …   no column says whose account it is: say it here")
    lines.append("    columns:")
    lines += [f"      {field}: {_quoted(name)}" for field, name in guesses.items()]
    dated = not rows or holds_days(header, rows)
    for column in open_columns:
        if table[column].kind in {"date", "moment"} and not dated:
            lines.append(
                f"      # {column}: no column holds days; add a column “date” to the file, then check again"
            )
        else:
            lines.append(f'      {column}: "…"   # needed: {table[column].meaning}')
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
