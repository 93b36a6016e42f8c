"""What a step returns, and how it is shown: figures, tables, charts and sentences, each with its evidence."""

from __future__ import annotations

from creatorbook.findings.items import (
    Chart,
    Column,
    Figure,
    Findings,
    Grade,
    Note,
    NoteKind,
    StoredChart,
    Table,
    Unit,
    read,
    write,
)
from creatorbook.findings.showing import FOLDER_VARIABLE, show

__all__ = [
    "FOLDER_VARIABLE",
    "Chart",
    "Column",
    "Figure",
    "Findings",
    "Grade",
    "Note",
    "NoteKind",
    "StoredChart",
    "Table",
    "Unit",
    "read",
    "show",
    "write",
]
