"""Every setting and every column has a form, or stands in a list with its reason (`forms_everything.yml`)."""

from __future__ import annotations

import inspect
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from pydantic import BaseModel

from creatorbook import forms
from creatorbook.client import CampaignFile, ClientFile
from creatorbook.client.campaign_file import Brief, Codes, Links, MixRules
from creatorbook.client.client_file import ClientTheme, Economics, Score, Voice
from creatorbook.client.creator_history import HISTORY_COLUMNS
from creatorbook.client.ledger import LEDGER_COLUMNS
from creatorbook.client.records import DECISION_COLUMNS
from creatorbook.client.relationship_log import LOG_COLUMNS
from creatorbook.client.repository import NOTEBOOKS, SAMPLE_DATA
from creatorbook.forms import form as form_module
from creatorbook.forms.form import Form
from creatorbook.forms.settings_part import SettingsPart
from creatorbook.opening import open_book
from samples import SAMPLES

LISTED = yaml.safe_load(Path(__file__).with_name("forms_everything.yml").read_text(encoding="utf-8"))
RECORDS = {
    "decisions.csv": DECISION_COLUMNS,
    "ledger.csv": LEDGER_COLUMNS,
    "creator_history.csv": HISTORY_COLUMNS,
    "relationship_log.csv": LOG_COLUMNS,
}
PLACES = ("client.yml", "campaign file", *RECORDS)
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
    if place in RECORDS:
        return list(RECORDS[place])
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


#: a number as a program writes it: 0.6200000000000001
RAW = re.compile(r"\d\.\d{5,}")


def forms_of(client: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[Form], set[str]]:
    """The forms of all notebooks of a sample client, as its pages make them, and the handles of its list."""
    made: list[Form] = []
    init = Form.__init__

    def recorded(self: Form, *arguments: Any, **named: Any) -> None:
        init(self, *arguments, **named)
        made.append(self)

    monkeypatch.setattr(Form, "__init__", recorded)
    monkeypatch.setattr(form_module, "display", lambda *_, **__: None)
    for notebook in sorted(NOTEBOOKS.glob("*.ipynb")):
        names: dict[str, Any] = {}
        for cell in nbformat.read(notebook, as_version=4).cells:
            tags = set(cell.metadata.get("tags", []))
            needed = tags & {"parameters", "setup"} or "forms." in cell.source
            if (
                cell.cell_type == "code" and needed and "creators_board" not in cell.source
            ):  # a table, not a form
                exec(cell.source, names)  # noqa: S102
                if "parameters" in tags:
                    names["client"] = str(SAMPLE_DATA / client)
    return made, set(names["book"].tables.creators.handle)


def controls_of(form: Form) -> list[dict[str, Any]]:
    """What the browser gets of each field, and of each column of its rows."""
    return [one for field in form.fields for one in (field, *field["columns"])]


#: the short run looks at the two that show most, and at the one with least
SHORT = {"sorrelby", "velmora", "northpin"}


@pytest.mark.parametrize(
    "client",
    [pytest.param(client, marks=() if client in SHORT else pytest.mark.slow) for client in SAMPLES],
)
def test_every_control_has_a_name_and_its_value_in_words(
    client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No two controls of a form are called the same; 62 % is not 0.62, and no choice is a program's word."""
    forms_made, handles = forms_of(client, monkeypatch)
    assert len(forms_made) >= 15
    for form in forms_made:
        labels = [field["label"] for field in form.fields]
        assert form.title
        assert all(label.strip() for label in labels)
        assert len(set(labels)) == len(labels), (form.title, labels)
        words = [button["words"] for button in form.buttons]
        assert all(words)
        assert len(set(words)) == len(words), (form.title, words)
        assert not RAW.search(form.html), form.title
        for one in controls_of(form):
            named = (form.title, one["name"])
            assert one["label"].strip(), named
            assert not RAW.search(" ".join([one["label"], one["help"], one["off"], one["unit"]])), named
            assert all(option["words"].strip() for option in one["options"]), named
            odd = [option["words"] for option in one["options"] if "_" in option["words"]]
            assert not [words for words in odd if not any(handle in words for handle in handles)], named
            if one["kind"] == "share":
                assert one["unit"] == "%", named
            if one["kind"] == "slider":
                assert one["unit"], named
                assert (one["unit"] == "%") == (one["high"] <= 1), named
                steps = (one["value"] - one["low"]) / one["step"]
                assert abs(steps - round(steps)) < 1e-6, (named, one["value"], one["low"], one["step"])
