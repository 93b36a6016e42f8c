"""`forms.personas`: the buyers that campaigns are for; creators' audiences are compared with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from creatorbook.book import Book
from creatorbook.client import Client
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, show_form
from creatorbook.forms.settings_part import ClientPart, Values

_LISTS = ("countries", "ages", "genders", "languages")


def personas(book: Book) -> None:
    """A row for each buyer, written to client.yml."""
    show_form(book, personas_form(book), "A form: the buyers this is for, written to client.yml.")


def personas_form(book: Book) -> Form:
    """The buyers as client.yml has them."""
    part = ClientPart(book, _values, _settings)
    field = Field(
        "personas",
        "Buyers",
        "rows",
        columns=[
            Field("name", "Name", required=True),
            Field("countries", "Countries"),
            Field("ages", "Ages"),
            Field("genders", "Genders"),
            Field("languages", "Languages"),
            Field("description", "In a sentence", "lines"),
        ],
        help="Several behind commas: DE, FR; 25-34, 35-44; female; de, fr. What stays empty is not compared.",
    )
    return Form(
        "Who is it for?",
        [replace(field, value=part.values["personas"])],
        [Button("Show what changes", part.look, "look"), Button("Write them down", part.write)],
        writes=part.path,
    )


def _values(client: Client) -> Values:
    rows = [
        {**one.model_dump(), **{name: ", ".join(getattr(one, name)) for name in _LISTS}}
        for one in client.personas
    ]
    return {"personas": rows}


def _settings(values: Values) -> dict[str, Any]:
    return {"personas": [_persona(row) for row in values["personas"]] or None}


def _persona(row: dict[str, Any]) -> dict[str, Any]:
    lists = {name: [part.strip() for part in (row[name] or "").split(",") if part.strip()] for name in _LISTS}
    persona = {"name": row["name"], **lists, "description": row["description"]}
    return {name: value for name, value in persona.items() if value}
