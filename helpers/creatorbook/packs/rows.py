"""What a row of a pack is, and how rows are merged by their keys: told by the pack's JSON Schema in `schemas/`.

Besides the standard's own words, which editors and validators read, a schema here says with `x-rows` how the rows of a
section are told apart:

- `"name"`: the section is a mapping, and each of its keys names a row;
- a list of fields: the section is a list of rows, and these fields together are a row's key;
- `"words"`: the section is a list of words, each a row of its own.

A part without `x-rows` anywhere inside is one row. A nearer row takes the whole place of a farther one with its key; a
new one comes after them. A named row is taken out by `key: null`, one of a list by its key's fields and `remove: true`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date as day
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

#: Section and keys that lead to a row, such as `("schemes", "s0")`.
Path = tuple[str, ...]

#: Says that a row of a list is taken out.
REMOVE = "remove"

#: What a file or part says of its rows, and is none itself.
OF_A_PART = frozenset(("source", "date", "dated", "reviewed", "confidence", "note"))


class Origin(NamedTuple):
    """Where something was taken from, and when that was written: a day, a year or a word such as “undated”."""

    source: str = ""
    date: day | str | int = ""


NOT_TOLD = Origin()


class Row(NamedTuple):
    """A row with its section and keys; its source and date, or those of what it stands in; and its place in the file."""

    path: Path
    content: Any
    origin: Origin
    place: tuple[Any, ...]


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a pack, references resolved.

    Raises:
        KeyError: there is no such pack.
    """
    file = files(__package__) / "schemas" / f"{name}.json"
    if not file.is_file():
        raise KeyError(f"no pack is called {name!r}")
    written = json.loads(file.read_text(encoding="utf-8"))
    resolved: dict[str, Any] = _resolved(written, written.get("$defs", {}))
    return resolved


def merged_rows(part: dict[str, Any], base: Any, own: Any) -> Any:
    """`own` over `base`, row by row, as the part of a schema says; neither is changed."""
    if not _has_rows(part):
        return own
    if isinstance(own, list) and isinstance(base, list):
        return _merged_lists(part, base, own)
    if not isinstance(own, dict) or not isinstance(base, dict):
        return own
    both = dict(base)
    for key, value in own.items():
        if key in OF_A_PART and key in part.get("properties", {}):
            continue  # said of the rows here: what stays of the others has its own
        if value is None:
            both.pop(key, None)
        else:
            both[key] = merged_rows(inner_part(part, key), both[key], value) if key in both else value
    return both


def rows(
    part: dict[str, Any],
    content: Any,
    origin: Origin = NOT_TOLD,
    path: Path = (),
    place: tuple[Any, ...] = (),
) -> Iterator[Row]:
    """Every row of a part, with its source and date or those of the nearest part around it that has any.

    A part without rows inside is one row itself.
    """
    origin = origin_of(content, origin)
    if isinstance(content, list) and _has_rows(part):
        for number, row in enumerate(content):
            yield Row((*path, " · ".join(_key(part, row))), row, origin_of(row, origin), (*place, number))
    elif isinstance(content, dict) and _has_rows(part):
        for key, inner in content.items():
            if key not in OF_A_PART or key not in part.get("properties", {}):
                yield from rows(inner_part(part, key), inner, origin, (*path, str(key)), (*place, key))
    else:
        yield Row(path, content, origin, place)


def origin_of(content: Any, around: Origin) -> Origin:
    """What something says of its source and date, else what is said around it."""
    own = content if isinstance(content, dict) else {}
    several = own.get("sources")
    source = own.get("source") or ("; ".join(map(str, several)) if isinstance(several, list) else "")
    date = own.get("date") or own.get("dated") or own.get("reviewed")
    return Origin(
        source if source and isinstance(source, str) else around.source,
        date if isinstance(date, str | int | day) else around.date,
    )


def with_origin(part: dict[str, Any], content: Any, origin: Origin) -> Any:
    """A copy in which whatever has room for a source and a date, and has none, has those of what it stands in."""
    if isinstance(content, list):
        return [with_origin(part.get("items", {}), one, origin) for one in content]
    if not isinstance(content, dict) or is_gone(content):
        return content
    origin, room = origin_of(content, origin), {} if _has_rows(part) else part.get("properties", {})
    given = {"source": origin.source, "date": origin.date, "dated": origin.date}
    own = {key: value for key, value in given.items() if value and key in room and key not in content}
    return {**{key: with_origin(inner_part(part, key), one, origin) for key, one in content.items()}, **own}


def is_gone(row: Any) -> bool:
    """Whether a row says that the one of its key is taken out."""
    return row is None or (isinstance(row, dict) and row.get(REMOVE) is True)


def _merged_lists(part: dict[str, Any], base: list[Any], own: list[Any]) -> list[Any]:
    """A list of rows: those of a known key in their places, new ones after them."""
    by_key = {_key(part, row): row for row in base}
    for row in own:
        if is_gone(row):
            by_key.pop(_key(part, row), None)
        else:
            by_key[_key(part, row)] = row
    return list(by_key.values())


def _key(part: dict[str, Any], row: Any) -> Path:
    """What tells a row of a list from the others."""
    if part["x-rows"] == "words":
        return (str(row),)
    values = (row.get(name) for name in part["x-rows"])
    return tuple(
        ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for value in values
        if value is not None
    )


def inner_part(part: dict[str, Any], key: Any) -> dict[str, Any]:
    """The schema of what stands under a key."""
    inner = part.get("properties", {}).get(str(key), part.get("additionalProperties"))
    return inner if isinstance(inner, dict) else {}


def _has_rows(part: dict[str, Any]) -> bool:
    inner = [*part.get("properties", {}).values(), part.get("additionalProperties")]
    return "x-rows" in part or any(_has_rows(one) for one in inner if isinstance(one, dict))


def _resolved(part: Any, definitions: dict[str, Any]) -> Any:
    """A schema with each reference to one of its definitions replaced by what it refers to."""
    if isinstance(part, list):
        return [_resolved(one, definitions) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        definition = definitions[part["$ref"].removeprefix("#/$defs/")]
        return {
            **_resolved(definition, definitions),
            **{key: one for key, one in part.items() if key != "$ref"},
        }
    return {key: _resolved(one, definitions) for key, one in part.items() if key != "$defs"}
