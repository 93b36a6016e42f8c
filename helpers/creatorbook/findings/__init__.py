"""What a step returns, and how it is shown: figures, tables, charts and sentences, each with its evidence."""

from __future__ import annotations

from creatorbook.findings.items import (
    UNSEEN_UNITS,
    Chart,
    Column,
    Figure,
    Findings,
    Grade,
    Note,
    NoteKind,
    Reader,
    StoredChart,
    Table,
    Unit,
)
from creatorbook.findings.messages import (
    Capital,
    Count,
    Day,
    Money,
    Quantity,
    Share,
    Span,
    Text,
    Wording,
    ends,
    joined,
    packed,
    say,
    say_many,
    sentences,
    written,
)
from creatorbook.findings.nouns import number_of
from creatorbook.findings.showing import FOLDER_VARIABLE, show
from creatorbook.findings.steps import Step, Steps
from creatorbook.findings.stored import read, write

__all__ = [
    "FOLDER_VARIABLE",
    "UNSEEN_UNITS",
    "Capital",
    "Chart",
    "Column",
    "Count",
    "Day",
    "Figure",
    "Findings",
    "Grade",
    "Money",
    "Note",
    "NoteKind",
    "Quantity",
    "Reader",
    "Share",
    "Span",
    "Step",
    "Steps",
    "StoredChart",
    "Table",
    "Text",
    "Unit",
    "Wording",
    "ends",
    "joined",
    "number_of",
    "packed",
    "read",
    "say",
    "say_many",
    "sentences",
    "show",
    "write",
    "written",
]
