"""A person named in every place where a client's files can name one, found by walking the tables and the models.

A new column, setting or record is a new place by itself: nothing here lists them.
"""

from __future__ import annotations

import csv
import io
import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Literal, get_args, get_origin

from annotated_types import MinLen
from pydantic import BaseModel

from creatorbook.client.client_file import TierBand
from creatorbook.exports.forgotten import NAMELESS, TELLING
from creatorbook.tables import TABLES, CanonicalTable

HANDLE, NAME, CODE = "quillfeder_zanzibarra", "Zanzibarra Quillfeder", "ZANZIBARRA10"
#: how the person is written: as a handle, a name, without punctuation, in a tag, in an address, as a code
SPELLINGS = [
    *(HANDLE, f"@{HANDLE.upper()}", NAME, "quillfederzanzibarra_video_1", "zanzibarra-quillfeder"),
    *(
        "https://insta.example/quillfeder.zanzibarra?x=1",
        CODE,
        "Zanzibarra%20Quillfeder",
        "Quillf\u200beder_Zanzibarra",
    ),
]
#: no output, cache or record holds one of these, in any case; `plantword` tells of them in their own rows
TRACES = ("quillfeder", "zanzibarra", "plantword")
OTHER = "bo_knits"

_CELLS: dict[str, str] = {
    "number": "3", "whole": "3000", "money": "12.50", "rate": "0.1", "date": "2026-03-12", "moment": "2026-03-12 10:00",
    "flag": "yes",
}  # fmt: skip
#: what columns of a fixed list hold
_FIXED = {
    "platform": "instagram", "currency": "EUR", "country": "DE", "dimension": "country", "segment": "DE", "kind": "fee",
    "value_kind": "percentage", "language": "de", "format": "reel", "order_state": "", "counted": "30", "looked_at": "30", "territory": "DE",
}  # fmt: skip


def table_file(table: CanonicalTable) -> str:
    """A file with the table's own columns: a row about the person, and one about another that names the person.

    In every text column stands a spelling of the person; in those that tell of somebody, a word of its own too.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.names)
    for about in (HANDLE, OTHER):
        writer.writerow([_cell(table, name, about, place) for place, name in enumerate(table.names)])
    return text.getvalue()


def _cell(table: CanonicalTable, name: str, about: str, place: int) -> str:
    kind, own = table[name].kind, about == HANDLE
    if name in {"handle", "creator"}:
        return {("creator", True): NAME, ("creator", False): "Bo"}.get((name, own), about)
    if name in _FIXED:
        return _FIXED[name]
    if kind != "text":
        return _CELLS[kind]
    if name in NAMELESS:
        return f"{name}-{'a' if own else 'b'}"
    if name in {"code", "discount_code"}:
        return CODE if own else "BO10" if table.name == "creators" else f"BO10, {CODE}"
    spelling = SPELLINGS[place % len(SPELLINGS)]
    return (
        f"plantword{place} {spelling}"
        if own and name in TELLING and "handle" in table.names
        else f"with {spelling}"
    )


def mapping_of(table: CanonicalTable) -> dict[str, Any]:
    """What client.yml says of such a file."""
    return {"file": f"{table.name}.csv", "table": table.name, "columns": {name: name for name in table.names}}


def tables() -> list[CanonicalTable]:
    """The tables in which a person can be named."""
    return [table for table in TABLES.values() if any(column.kind == "text" for column in table.columns)]


# ------------------------------------------------------------------------------------ settings


def settings_with(model: type[BaseModel], word: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each place of a settings file that can hold a text, as `theme.footer`, and the least settings that hold it there."""
    for path, value in _texts(model, word):
        yield ".".join(path), {**least(model), path[0]: value}


def _texts(model: type[BaseModel], word: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Path and value of a model's first key, for every text under it."""
    for name, field in model.model_fields.items():
        many = max([mark.min_length for mark in field.metadata if isinstance(mark, MinLen)], default=1)
        for path, value in _places(field.annotation, word):
            yield (field.alias or name, *path), value * many if isinstance(value, list) else value


def _places(annotation: Any, word: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    origin, parts = get_origin(annotation), get_args(annotation)
    if annotation is str or annotation is Any:
        yield (), word
    elif origin is typing.Annotated:
        yield from _places(parts[0], word)
    elif origin in {typing.Union, types.UnionType}:
        for part in parts:
            yield from _places(part, word)
    elif origin in {list, tuple, frozenset}:
        yield from (((), [value]) if not path else (path, [value]) for path, value in _places(parts[0], word))
    elif origin is dict:
        yield ("key",), {word: _least(parts[1])}
        yield from ((path, {"quality": value}) for path, value in _places(parts[1], word))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for path, value in _texts(annotation, word):
            yield path, {**least(annotation), path[0]: value}


def least(model: type[BaseModel]) -> dict[str, Any]:
    """The least settings that a model takes."""
    needed = {
        field.alias or name: _USUAL.get(name, _least(field.annotation))
        for name, field in model.model_fields.items()
        if field.is_required()
    }
    return needed | ({"from": 0} if model is TierBand else {})


#: values that a pattern or a rule of the model asks for
_USUAL = {
    "baseline": {"starts_on": "2026-02-01", "ends_on": "2026-02-20"},
    "currency": "EUR",
    "market": "DE",
    "end": "2026-03-29",
    "ends_on": "2026-03-29",
    "bands": [{"name": "all", "from": 0}],
}


def _least(annotation: Any) -> Any:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is typing.Annotated:
        return _least(parts[0])
    if origin in {typing.Union, types.UnionType}:
        return _least(parts[0])
    if origin is Literal:
        return parts[0]
    if origin is list:
        return [_least(parts[0])] * 2
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return least(annotation)
    simple = {str: "x", int: 1, float: 0.5, bool: True, date: "2026-03-02", datetime: "2026-03-02"}
    return simple.get(annotation, 1)
