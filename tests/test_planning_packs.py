"""What we know as data: every row complete, with its source and date."""

from __future__ import annotations

from typing import Any

import pytest

from creatorbook.packs import pack
from creatorbook.planning.recorded import FIGURES

FIELDS = {
    "title",
    "goal",
    "measures",
    "mix",
    "formats",
    "brief",
    "inputs",
    "read",
    "rights",
    "label_traps",
    "lead_days",
    "calendar",
    "moments",
    "good_looks_like",
    "not_when",
    "sources",
}
PLAYBOOKS = pack("playbooks")["playbooks"]


@pytest.mark.parametrize("name", PLAYBOOKS)
def test_playbooks_are_complete(name: str) -> None:
    """Each playbook has every field, texts only, a mix that adds up, and names the points it answers to."""
    told = PLAYBOOKS[name]
    assert set(told) == FIELDS
    assert sum(told["mix"].values()) == pytest.approx(1)
    assert set(told["mix"]) <= set(pack("tiers")["names"])
    for field in ("measures", "formats", "brief", "inputs", "rights", "label_traps", "sources"):
        assert told[field]
        assert all(isinstance(text, str) for text in told[field])
    assert told["calendar"]
    assert set(told["moments"]) <= {row["name"] for row in pack("calendar")["moments"]}
    assert set(told["lead_days"]) <= {row["step"] for row in pack("calendar")["lead_times"]["steps"]}


def test_every_goal_has_its_usual_playbook() -> None:
    """Each goal is served, by a playbook whose goal it is or that says it serves it."""
    assert set(pack("playbooks")["by_goal"]) == set(pack("goals")["goals"])
    assert set(pack("playbooks")["by_goal"].values()) <= set(PLAYBOOKS)


def rows(name: str) -> list[dict[str, Any]]:
    told = []
    for part in pack(name).values():
        if isinstance(part, list):
            told += [row for row in part if "low" in row]
        elif isinstance(part, dict):
            told += [row for row in part.values() if isinstance(row, dict) and "low" in row]
    return told


@pytest.mark.parametrize("name", ["benchmarks", "fees"])
def test_figures_have_range_source_date_and_grade(name: str) -> None:
    """No published figure without its ends in order, source, date and how good the evidence is."""
    found = rows(name)
    assert len(found) > 20
    for row in found:
        assert row["low"] <= row.get("likely", row["low"]) <= row["high"]
        assert row["source"]
        assert row["date"]
        assert row["evidence"] in {"low", "medium", "high"}


def test_response_rates_carry_platform_and_denominator() -> None:
    """A rate without its denominator is unusable, so none is in the pack."""
    for row in pack("benchmarks")["engagement"]:
        assert row["platform"] in {"instagram", "tiktok", "youtube"}
        assert row["denominator"] in {"followers", "views", "not stated"}


def test_niches_are_complete() -> None:
    """Each subject says what suits it and what to watch, and every rule has its source and date."""
    found = pack("niches")["niches"]
    assert set(found) == {"fashion", "beauty", "finance", "gaming", "travel", "food", "fitness"}
    for row in found.values():
        assert all(row[part] for part in ("words", "inside", "works", "cautions", "rules"))
        assert all(rule["what"] and rule["source"] and rule["date"] for rule in row["rules"])


def test_steps_lead_to_results() -> None:
    """Every step on the way names the result it leads to, and the ledger knows each figure that has a past."""
    for told in pack("goals")["goals"].values():
        results = {row["key"] for row in told["figures"]}
        assert {row["leads_to"] for row in told["on_the_way"]} <= results
        rows = [*told["figures"], *told["on_the_way"]]
        assert {row["past"] for row in rows if "past" in row} <= set(FIGURES)
        assert len({row["key"] for row in rows}) == len(rows)


def test_listed_feasts_reach_as_far_as_the_table_says() -> None:
    """Feasts that follow the moon have a day in each year of the table, and a source."""
    first, last = pack("calendar")["listed_years"]
    for row in pack("calendar")["moments"]:
        if row["rule"] == "listed":
            assert {day.year for day in row["dates"]} == set(range(first, last + 1)), row["name"]
            assert row["source"]
