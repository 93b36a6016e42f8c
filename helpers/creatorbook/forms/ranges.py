"""Quantities that are not known exactly, in a form: low, likely and high in a row, with who says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from creatorbook.client import Range
from creatorbook.forms.fields import Field, Kind

#: what a range's source is where its file names none
UNNAMED = "client.yml"


def range_rows(
    name: str, label: str, kind: Kind, unit: str = "", *, means: str = "", group: str = ""
) -> Field:
    """A row for each quantity: what it is, low, likely, high and source."""
    limits = {"low": 0.0, "high": 1.0 if kind == "share" else None}
    columns = [
        Field("what", "What", "shown"),
        *(Field(end, end.capitalize(), kind, unit=unit, **limits) for end in ("low", "likely", "high")),  # type: ignore[arg-type]
        Field("source", "Who says so"),
    ]
    return Field(name, label, "rows", columns=columns, fixed=True, help=means, group=group)


def rows_of_ranges(stated: Mapping[str, Range | None], words: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows for what a file states, in the order of `words` (name → what a person reads)."""
    return [_row(words[name], stated[name]) for name in words]


def ranges_of_rows(rows: list[dict[str, Any]], words: Mapping[str, str]) -> dict[str, Any]:
    """What a file should state by name, as short as it can be written; None where a row is empty."""
    of_row = {row["what"]: row for row in rows}
    return {name: _stated(of_row.get(text, {})) for name, text in words.items()}


def _row(what: str, stated: Range | None) -> dict[str, Any]:
    if stated is None:
        return {"what": what, "low": None, "likely": None, "high": None, "source": None}
    ends = {"low": None, "high": None} if stated.exact else {"low": stated.low, "high": stated.high}
    source = None if stated.source == UNNAMED else stated.source
    return {"what": what, **ends, "likely": stated.likely, "source": source}


def _stated(row: Mapping[str, Any]) -> Any:
    """A number, or a range with its source; a range of two ends alone has its likely value between them."""
    low, likely, high, source = (row.get(name) for name in ("low", "likely", "high", "source"))
    ends = [end for end in (low, likely, high) if end is not None]
    if not ends:
        return None
    if likely is None:
        likely = sum(ends) / len(ends)
    if len(ends) == 1 and not source:
        return likely
    whole = {
        "low": likely if low is None else low,
        "likely": likely,
        "high": likely if high is None else high,
    }
    return {**whole, "source": source} if source else whole
