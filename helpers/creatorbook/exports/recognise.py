"""Which layout a file has, told from the names of its columns, never from its own name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from creatorbook.exports.layouts import CODES, CURRENCY, Layout, normal


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
    names = set(map(normal, header))
    if not names.isdisjoint(map(normal, layout.never)):
        return None
    for need in layout.signature:
        if not any(_may_be(layout.columns.get(field, ()), names) for field in need.split("|")):
            return None
    fields, currency = find_fields(layout, header)
    if not all(any(field in fields for field in need.split("|")) for need in layout.signature):
        return None
    return Match(fields, currency, (len(layout.signature), len(fields)))


def _may_be(aliases: tuple[str, ...], names: set[str]) -> bool:
    """Whether some column may be the field of these names: a quick look, before columns are given out one by one."""
    known = _compared(aliases)
    return known is None or not names.isdisjoint(known)


@cache
def _compared(aliases: tuple[str, ...]) -> frozenset[str] | None:
    """A field's names as names are compared; None if one of them holds a currency, and so stands for many."""
    return None if any(CURRENCY in alias for alias in aliases) else frozenset(map(normal, aliases))


def find_fields(layout: Layout, header: Sequence[str]) -> tuple[dict[str, int], str | None]:
    """Field → position of its column, and the currency that a column's name gives."""
    names = [normal(name) for name in header]
    present = set(names)
    fields: dict[str, int] = {}
    taken: set[int] = set()
    currency = None
    for field, aliases in layout.columns.items():
        for alias in aliases if _may_be(aliases, present) else ():
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
    if CURRENCY not in alias:
        wanted = normal(alias)
        return next(((i, None) for i, name in enumerate(names) if name == wanted and i not in taken), None)
    before, after = (normal(part) for part in alias.split(CURRENCY))
    for i, name in enumerate(names):
        if i in taken or not name.startswith(before) or not name.endswith(after):
            continue
        between = name.removeprefix(before).removesuffix(after).strip()
        if f"{before} {between} {after}".split() == name.split() and between.upper() in {"", *CODES}:
            return i, between.upper() or None
    return None
