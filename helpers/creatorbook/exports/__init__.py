"""Exports in, canonical tables and import receipts out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pandas as pd

from creatorbook.client import Client
from creatorbook.tables import TABLES, Tables, conform


@dataclass(frozen=True)
class SetAside:
    """Rows that were not kept, and why."""

    reason: str
    records: tuple[int, ...]
    column: str = ""
    expected: str = ""


@dataclass(frozen=True)
class Receipt:
    """What became of one file. rows_in = kept + set aside, always."""

    file: str
    reader: str
    label: str
    whose: str
    tables: tuple[str, ...]
    rows_in: int
    kept: int
    set_aside: tuple[SetAside, ...] = ()
    recognised: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    currency: str | None = None
    duplicates: int = 0
    time_zone: str | None = None
    good_for: str = ""


@dataclass(frozen=True)
class Read:
    """A client's exports, read."""

    tables: Tables
    receipts: tuple[Receipt, ...]


def read_folder(client: Client) -> Read:
    """Placeholder until the readers land: files named after a canonical table, with its column names."""
    frames, receipts = {}, []
    for path in sorted((client.folder / "exports").glob("*.csv")):
        if path.stem in TABLES:
            frame = conform(pd.read_csv(path), TABLES[path.stem])
            frames[path.stem] = frame
            receipts.append(
                Receipt(path.name, path.stem, path.stem, "brand", (path.stem,), len(frame), len(frame))
            )
    return Read(Tables(frames), tuple(receipts))
