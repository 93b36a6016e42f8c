"""Findings as JSON files: what a kernel showed, for the report that is made of it."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from creatorbook.findings.formats import Formats
from creatorbook.findings.frame_json import from_plain, to_plain
from creatorbook.findings.items import TEXTS, Chart, Column, Figure, Findings, Note, StoredChart, Table
from creatorbook.findings.messages import as_json, from_json


def write(findings: Findings, folder: Path) -> Path:
    """Write findings as one JSON file; files sort in the order they were shown.

    Charts are stored as PNG inside it. Returns the file's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = sum(one.suffix == ".json" for one in folder.iterdir())
    path = folder / f"{before:04d}-{findings.step}.json"
    content = {
        "step": findings.step,
        "formats": asdict(findings.formats),
        "items": [_plain(item) for item in findings.items],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    return path


def read(folder: Path) -> list[Findings]:
    """All findings written to a folder, in order. Charts come back as `StoredChart`."""
    return [_findings(path) for path in sorted(folder.glob("*.json"))]


def _findings(path: Path) -> Findings:
    content = json.loads(path.read_text(encoding="utf-8"))
    items = tuple(_item(item) for item in content["items"])
    return Findings(content["step"], items, Formats(**content["formats"]))


def _plain(item: Figure | Table | Chart | Note) -> dict[str, Any]:
    """An item as JSON: its type and fields; texts with their values, a picture as PNG."""
    if isinstance(item, Chart):
        fields = {name: getattr(item, name) for name in ("key", "slot", "reader", "width")}
        fields["png"] = base64.b64encode(item.png()).decode()
    elif isinstance(item, Table):
        fields = {
            name: getattr(item, name)
            for name in ("key", "slot", "reader", "sheet", "rows", "strong", "cards")
        }
        fields["columns"] = {name: _plain_column(column) for name, column in item.columns.items()}
        fields["frame"] = to_plain(item.frame)
    else:
        fields = dict(vars(item))
    if isinstance(item, Note):
        fields["due"] = item.due.isoformat() if item.due else None
    texts = {name: as_json(getattr(item, name)) for name in TEXTS[type(item)]}
    return {"type": type(item).__name__, **fields, **texts}


def _plain_column(column: Column) -> dict[str, Any]:
    return vars(column) | {name: as_json(getattr(column, name)) for name in TEXTS[Column]}


def _item(content: dict[str, Any]) -> Any:
    kind = _KINDS[content.pop("type")]
    texts = {name: from_json(content.pop(name)) for name in TEXTS[kind]}
    if kind is StoredChart:
        content["image"] = base64.b64decode(content.pop("png"))
    if kind is Note:
        content["due"] = date.fromisoformat(content["due"]) if content["due"] else None
    if kind is Table:
        content["columns"] = {name: _column(column) for name, column in content["columns"].items()}
        content |= {"frame": from_plain(content["frame"]), "strong": tuple(content["strong"]), "stored": True}
    return kind(**content, **texts)


def _column(content: dict[str, Any]) -> Column:
    return Column(**content | {name: from_json(content[name]) for name in TEXTS[Column]})


_KINDS: dict[str, Any] = {"Figure": Figure, "Note": Note, "Chart": StoredChart, "Table": Table}
