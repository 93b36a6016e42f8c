"""First pages of the sample clients, made by their notebooks without a kernel: few words, one plan, evidence."""

from __future__ import annotations

import fnmatch
import re

import pytest

from creatorbook.client.repository import ROOT
from creatorbook.findings.definitions import definitions
from creatorbook.report.contract import broken, contract, sheet_columns
from creatorbook.report.first_page import MOST_WORDS, first_page, page_text, word_count, words_to_avoid
from papers import STAGES, contents, each_edition
from samples import SAMPLES


@each_edition
def test_words_are_few_and_plain(client: str, stage: str) -> None:
    """At most 180 words besides tables, and none of those that pages.md keeps off first pages."""
    found = contents(client, stage)
    page = first_page(found)
    assert word_count(page, found.formats) <= MOST_WORDS
    assert words_to_avoid(page_text(page, found.formats)) == []


@each_edition
def test_every_figure_has_its_evidence(client: str, stage: str) -> None:
    """Each figure has a source; an estimate has its range, and a range holds its value."""
    for figure in contents(client, stage).figures:
        assert figure.source, figure.key
        if figure.value is None:
            continue
        if figure.grade == "estimated":
            assert (figure.low, figure.high) != (None, None), figure.key  # “at least” has one end
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value <= figure.high, figure.key


@each_edition
def test_every_figure_is_defined(client: str, stage: str) -> None:
    """What it is, how it is worked out and where it comes from stand in packs/definitions.yml."""
    assert {figure.key for figure in contents(client, stage).figures} - set(definitions()) == set()


def test_every_definition_is_of_something_shown() -> None:
    """Figures by samples or code, columns by the samples' tables, fields by forms: no definition is left over."""
    code = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "helpers" / "creatorbook").rglob("*.py")
    )
    columns = {
        f"{table.key}.{name}"
        for client in SAMPLES
        for stage in STAGES
        for table in contents(client, stage).tables
        for name in table.columns
    }
    for key, one in definitions().items():
        names = key.split(".")[1:] + list(one.fields)
        assert all(
            f'"{name}"' in code or f'.{name}"' in code or name.startswith("posts_") for name in names
        ), key
        assert names or one.columns, key
        for like in one.columns:
            assert fnmatch.filter(columns, like), (key, like)


@each_edition
def test_a_figure_that_two_notebooks_show_is_one_figure(client: str, stage: str) -> None:
    """One key, or one label, has one value wherever it stands."""
    shown = contents(client, stage)
    assert shown.log == ()  # keys that were shown twice with different values
    values: dict[str, set[object]] = {}
    for figure in shown.figures:
        values.setdefault(figure.label.casefold(), set()).add((figure.value, figure.low, figure.high))
    assert {label: several for label, several in values.items() if len(several) > 1} == {}


@each_edition
def test_the_workbook_keeps_its_contract(client: str, stage: str) -> None:
    """data.xlsx has its sheets and columns in the order that report/contract.yml promises."""
    assert broken(contents(client, stage).tables) == []


def test_every_promised_sheet_is_in_a_report_and_every_sheet_is_promised() -> None:
    """What a report holds and what report/contract.yml lists are the same, over all sample clients and stages."""
    found = {
        name
        for client in SAMPLES
        for stage in STAGES
        for name in sheet_columns(contents(client, stage).tables)
    }
    assert found == set(contract())


@pytest.mark.parametrize("client", SAMPLES)
def test_a_plan_page_speaks_of_one_plan(client: str) -> None:
    """Creators, cost and orders per creator are the recommended plan's in every sentence and table."""
    found = contents(client, "plan")
    said = {section.slot: section for section in first_page(found).sections}
    recommended = " ".join(note.text for note in said["plan.recommend"].notes)
    creators = re.search(r"(\d+) creators", recommended)
    assert creators
    assert f"With {creators[1]} creators" in said["plan.know_afterwards"].notes[0].text
    who = said["plan.who_and_what"].tables[0].frame
    ways = said["plan.three_ways"].tables[0].frame
    assert who.creators.sum() == int(creators[1])
    assert int(creators[1]) in set(ways.creators)
    cost = float(ways.cost[ways.creators == int(creators[1])].iloc[0])
    assert found.formats.money(cost) in recommended
    assert abs(float(who.cost.sum()) - cost) <= len(who) / 2  # whole units in every row
    assert re.match(r"(Go|Go as a test|Not as priced|Not yet): ", recommended)
