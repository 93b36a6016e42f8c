"""Pages that are made from the code, so that they say what holds: canonical tables, and the keys of settings files.

`python -m creatorbook.authoring.reference` writes them again; a test holds that they are current and lack no meaning.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap
import types
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from creatorbook.client import CampaignFile, ClientFile
from creatorbook.client.client_file import OWN_KEYS
from creatorbook.client.repository import ROOT
from creatorbook.tables import TABLES
from creatorbook.themes import ThemeFile

FOLDER = ROOT / "plugin_templates"

#: kinds of columns in a reader's words
_KINDS = {
    "text": "text",
    "number": "number",
    "whole": "whole number",
    "money": "money",
    "rate": "share, 0 to 1",
    "date": "day",
    "moment": "day and time",
    "flag": "yes or no",
}

_PLAIN = {
    str: "text",
    float: "number",
    int: "whole number",
    bool: "true or false",
    date: "day",
    type(None): "",
}


def reference_pages() -> dict[Path, str]:
    """Every page with its content."""
    return {FOLDER / "tables.md": tables_page(), FOLDER / "settings.md": settings_page()}


def tables_page() -> str:
    """The canonical tables with every column: the data dictionary of whoever writes a reader, a check or a notebook."""
    parts = [
        "# Canonical tables",
        "Every export becomes one of these tables, whatever platform it came from. A reader fills them; a check or a notebook finds "
        "them as `book.tables.orders` and so on, pandas frames with exactly these columns. What is missing is missing (`NaN`, "
        "`NaT`, `<NA>`), never 0; a table that no file brought is empty. **Bold** columns are those that a file must have.",
    ]
    for table in TABLES.values():
        dated = f" Dated by `{table.when}`." if table.when else ""
        rows = [
            (
                f"**`{one.name}`**" if one.name in table.required else f"`{one.name}`",
                _KINDS[one.kind],
                one.meaning,
            )
            for one in table.columns
        ]
        parts += [
            f"## `{table.name}`",
            f"One row is {table.meaning}.{dated}",
            _grid("column", "kind", "meaning", rows),
        ]
    return _page(parts)


def settings_page() -> str:
    """The keys of `client.yml`, `agency.yml`, campaign files and `theme.yml`."""
    parts = [
        "# Settings",
        "A misspelt key is told with its line. Shares are written as 0.26 for 26 %; money is excl. VAT in the client's currency; "
        "a range is `0.5`, `[0.4, 0.6]` or `{low: 0.4, likely: 0.5, high: 0.6, source: finance}`. **Bold** keys have to be there.",
        "`agency.yml` beside the client folders says the keys of `client.yml` for all of them, but for "
        + ", ".join(f"`{key}`" for key in OWN_KEYS)
        + "; what a client says itself counts more.",
    ]
    described: set[type[BaseModel]] = set()
    files: dict[str, type[BaseModel]] = {
        "client.yml": ClientFile,
        "campaigns/*.yml": CampaignFile,
        "theme.yml of a report theme": ThemeFile,
    }
    for title, model in files.items():
        parts += [f"## {title}", *_model(model, described)]
    return _page(parts)


def _model(model: type[BaseModel], described: set[type[BaseModel]]) -> Iterator[str]:
    """A model's keys, and the models in it that were not told yet."""
    described.add(model)
    meanings = meanings_of(model)
    rows, inner = [], []
    for name, field in model.model_fields.items():
        key = field.alias or name
        rows.append(
            (
                f"**`{key}`**" if field.is_required() else f"`{key}`",
                kind_in_words(field.annotation),
                meanings[name],
            )
        )
        inner += [(key, one) for one in models_in(field.annotation)]
    yield _grid("key", "what it takes", "meaning", rows)
    for key, one in inner:
        if one not in described and one.__name__ != "Range":
            yield f"### `{key}`"
            yield (inspect.getdoc(one) or "").partition("\n\n")[0]
            yield from _model(one, described)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def meanings_of(model: type[BaseModel]) -> dict[str, str]:
    """What each field means: the text that stands below it; empty where none does."""
    (declared,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    meanings = dict.fromkeys(model.model_fields, "")
    body = declared.body if isinstance(declared, ast.ClassDef) else []
    for field, text in itertools.pairwise(body):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            meanings[field.target.id] = " ".join(str(text.value.value).split())
    return meanings


def kind_in_words(annotation: Any) -> str:
    """What a field takes, in a reader's words."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return kind_in_words(parts[0])
    if origin is Literal:
        return ", ".join(str(one) for one in parts)
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(filter(None, map(kind_in_words, parts))))
    if origin in (list, tuple):
        return f"list: {kind_in_words(parts[0])}"
    if origin is dict:
        return f"name → {kind_in_words(parts[1])}"
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return "number or range" if annotation.__name__ == "Range" else "keys below"
    return _PLAIN.get(annotation, "value")


def _grid(*cells: Any) -> str:
    """A table: headings, then rows."""
    *head, rows = cells
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")


def _page(parts: list[str]) -> str:
    origin = (
        "<!-- made by `python -m creatorbook.authoring.reference` from the code; changes here are lost -->"
    )
    return "\n\n".join([origin, *parts]) + "\n"


if __name__ == "__main__":
    for path, content in reference_pages().items():
        path.write_text(content, encoding="utf-8")
