"""Every setting and every column has a form, or stands in a list with its reason (`forms_everything.yml`)."""

from __future__ import annotations

import inspect
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from creatorbook import forms
from creatorbook.client import CampaignFile, ClientFile
from creatorbook.client.campaign_file import Brief, Codes, Links, MixRules
from creatorbook.client.client_file import ClientTheme, Economics, Score, Voice
from creatorbook.client.ledger import LEDGER_COLUMNS
from creatorbook.client.records import DECISION_COLUMNS
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.forms.settings_part import SettingsPart
from creatorbook.opening import open_book

LISTED = yaml.safe_load(Path(__file__).with_name("forms_everything.yml").read_text(encoding="utf-8"))
PLACES = ("client.yml", "campaign file", "decisions.csv", "ledger.csv")
#: parts whose fields are walked one by one
PARTS: dict[str, type[BaseModel]] = {
    "economics": Economics,
    "voice": Voice,
    "theme": ClientTheme,
    "score": Score,
    "codes": Codes,
    "links": Links,
    "brief": Brief,
    "mix": MixRules,
}


def fields_of(place: str) -> list[str]:
    """Every field or column of a file, parts by their own fields."""
    columns = {"decisions.csv": DECISION_COLUMNS, "ledger.csv": LEDGER_COLUMNS}
    if place in columns:
        return list(columns[place])
    model = ClientFile if place == "client.yml" else CampaignFile
    return [
        f"{name}.{inner}" if inner else name
        for name in model.model_fields
        for inner in (PARTS[name].model_fields if name in PARTS else [""])
    ]


def matching(names: list[str], fields: list[str]) -> list[str]:
    """The fields that names of the list stand for."""
    return [
        field
        for name in names
        for field in fields
        if field == name or (name.endswith(".*") and field.startswith(name[:-1]))
    ]


@pytest.mark.parametrize("place", PLACES)
def test_every_field_has_a_form_or_a_reason(place: str) -> None:
    """Each stands in the list, and what stands there is a field; nothing has both a form and a reason."""
    fields = fields_of(place)
    reasons = LISTED["without a form"].get(place, {})
    asked = {form: matching(names, fields) for form, names in LISTED[place].items()}
    without = matching(list(reasons), fields)
    named = [*(field for some in asked.values() for field in some), *without]
    assert sorted(named) == sorted(fields)
    for form, names in {**LISTED[place], "without": list(reasons)}.items():
        for name in names:
            assert matching([name], fields), f"{form}: {name} is no field of {place}"
    assert all(len(reason) > 10 for reason in reasons.values())


def test_every_form_of_the_list_is_there() -> None:
    """Each is a function of `forms`."""
    named = {form for place in PLACES for form in LISTED[place]}
    assert not {form for form in named if not callable(getattr(forms, form, None))}


@pytest.mark.parametrize("place", ["client.yml", "campaign file"])
def test_a_form_writes_the_fields_that_it_stands_for(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys that a settings form writes are those of the list, no more and no fewer."""
    folder = tmp_path / "velmora"
    shutil.copytree(SAMPLE_DATA / "velmora", folder)
    written: dict[str, set[str]] = {}
    read = SettingsPart._read

    def noting(part: Any) -> None:
        read(part)
        written.setdefault(current, set()).update(part._before)

    monkeypatch.setattr(SettingsPart, "_read", noting)
    book = open_book(folder, stage="plan", mode="explore")
    for current in LISTED[place]:
        form = getattr(forms, current)
        if "book" in inspect.signature(form).parameters:
            form(book)
    fields = fields_of(place)
    expected = {form: set(matching(LISTED[place][form], fields)) for form in written}
    assert written == expected
