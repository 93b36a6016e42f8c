"""Changing a settings file: only what is asked for, comments and all else stay, and nobody's change is lost."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from creatorbook.acts import settings as acts
from creatorbook.client import read_campaign, read_client
from creatorbook.client.repository import ROOT
from creatorbook.problems import Problem

SAMPLES = ROOT / "sample_data"
FILES = sorted(
    path
    for pattern in ("*/client.yml", "*/campaigns/*.yml")
    for path in SAMPLES.glob(pattern)
    if not path.name.endswith(".lift.yml")
)


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A client folder of one's own."""
    folder = tmp_path / "velmora"
    shutil.copytree(SAMPLES / "velmora", folder)
    return folder


def campaign_of(folder: Path) -> Path:
    return read_campaign(read_client(folder)).path


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_a_written_file_keeps_every_other_line(path: Path) -> None:
    """One value changes one line; comments, quotes, folded lists and indents stay as they were."""
    key, value = ("brand", "Another") if path.name == "client.yml" else ("budget", 12345)
    lines = acts.preview(acts.open_settings(path), {key: value})
    assert [line[0] for line in lines] == ["-", "+"]
    assert lines[1] == f"+ {key}: {value}"


def test_nothing_changes_where_nothing_is_new(client: Path) -> None:
    """What stands there already is written as it stood."""
    settings = acts.open_settings(campaign_of(client))
    before = settings.path.read_bytes()
    assert (
        acts.change_settings(settings, {"budget": 16000, "codes.percent": 10, "start": date(2026, 3, 9)})
        == []
    )
    assert settings.path.read_bytes() == before


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"codes.percent": 15}, {"codes": {"percent": 15}}),
        (
            {"targets.orders": {"value": 90, "owner": "Ana"}},
            {"targets": {"orders": {"value": 90, "owner": "Ana"}}},
        ),
        ({"promotions": []}, {"promotions": []}),
        ({"brief.product": None}, {"brief": {"product": None}}),
        ({"end": date(2026, 4, 6)}, {"end": date(2026, 4, 6)}),
    ],
)
def test_a_key_is_set_made_or_taken_out(
    client: Path, wanted: dict[str, Any], expected: dict[str, Any]
) -> None:
    """Keys of parts, parts that were not there, days, empty lists, and None."""
    settings = acts.open_settings(campaign_of(client))
    before = yaml.safe_load(settings.text)
    acts.change_settings(settings, wanted)
    after = yaml.safe_load(settings.path.read_text(encoding="utf-8"))
    for key, value in expected.items():
        if not isinstance(value, dict):
            assert after[key] == value
            continue
        for part, inner in value.items():
            assert after[key].get(part) == inner
    untouched = set(before) - {key.split(".")[0] for key in wanted}
    assert {key: after[key] for key in untouched} == {key: before[key] for key in untouched}


def test_a_value_that_cannot_be_right_is_not_written(client: Path) -> None:
    """The sentence names the key, and the file is what it was."""
    settings = acts.open_settings(campaign_of(client))
    with pytest.raises(Problem, match="the campaign ends"):
        acts.change_settings(settings, {"end": date(2025, 1, 1)})
    with pytest.raises(Problem, match=r"codes\.percent"):
        acts.change_settings(settings, {"codes.percent": 300})
    assert settings.path.read_text(encoding="utf-8") == settings.text


def test_somebody_elses_change_is_not_overwritten(client: Path) -> None:
    """A file that was changed on disk meanwhile is named, and nothing is written."""
    settings = acts.open_settings(campaign_of(client))
    other = settings.text.replace("budget: 16000", "budget: 1000")
    settings.path.write_text(other, encoding="utf-8")
    with pytest.raises(Problem, match="somebody changed this file"):
        acts.change_settings(settings, {"budget": 20000})
    assert settings.path.read_text(encoding="utf-8") == other
