"""Which row of a pack came from where, as the rows of a table that the terminal shows."""

from __future__ import annotations

from collections import Counter

from creatorbook.packs import BUILT_IN_PLACE, Packs, RowFrom, pack_names
from creatorbook.packs.rows import schema

ROW_HEADINGS = ("row", "from", "source", "date")
PACK_HEADINGS = ("pack", "what it is", "rows", "brought")


def row_lines(packs: Packs, name: str) -> list[tuple[str, ...]]:
    """Each row of a pack, under `ROW_HEADINGS`; those that were taken out are named with who did."""
    return [(_where(row), _from(row), row.source, row.date) for row in packs.rows_of(name)]


def pack_lines(packs: Packs) -> list[tuple[str, ...]]:
    """Each pack under `PACK_HEADINGS`: how many of its rows hold, and how many of them who brought."""
    lines: list[tuple[str, ...]] = []
    for name in pack_names():
        rows = packs.rows_of(name)
        brought = Counter(_from(row) for row in rows if row.place != BUILT_IN_PLACE)
        brought_by = "; ".join(f"{count} {place}" for place, count in brought.items())
        lines.append((name, schema(name)["description"], str(sum(not row.gone for row in rows)), brought_by))
    return lines


def _where(row: RowFrom) -> str:
    """The section and the row's key; of a pack that is one row, its only one."""
    return ".".join(row.path) or "all"


def _from(row: RowFrom) -> str:
    return f"taken out by {row.place}" if row.gone else row.place
