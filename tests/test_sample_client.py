"""The sample client that shows it all: every campaign and stage opens, and what it promises to show is there."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from creatorbook import roi, tracking, vetting
from creatorbook.book import Book
from creatorbook.cli import app
from creatorbook.client.campaign_file import read_campaign
from creatorbook.client.client_file import read_client
from creatorbook.client.repository import FIRST_SAMPLE, SAMPLE_DATA
from creatorbook.finance.ladder import money_ladder
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from creatorbook.roi.lift_evidence import planned_effect
from creatorbook.sample_clients import make_sample
from creatorbook.simulate import read_settings
from steps import run_stage

FOLDER = SAMPLE_DATA / FIRST_SAMPLE
WINTER, SPRING, SUMMER = "winter-knits", "spring-dresses", "summer-linen"
STAGES = [
    *((campaign, stage) for campaign in (WINTER, SPRING) for stage in ("plan", "pulse", "results")),
    (SUMMER, "plan"),
]


@cache
def book(campaign: str | None = None, stage: str | None = None) -> Book:
    return open_book(FOLDER, campaign, stage, "report")


def test_a_visitor_sees_results_that_earned_money() -> None:
    """Without a name it is the second campaign, closed, with a profit whose whole range lies above 0."""
    first = book()
    assert (first.campaign.id, first.stage) == (SPRING, "results")
    profit = roi.headline(first).figures["roi.profit"]
    assert profit.low is not None
    assert profit.low > 0
    assert "£" in profit.written_range(first.formats)


def test_it_is_small() -> None:
    """It is copied with every clone: under two megabytes with its pictures."""
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 2_000_000


@pytest.mark.parametrize(("campaign", "stage"), STAGES)
def test_every_campaign_opens_at_every_stage(campaign: str, stage: str) -> None:
    """All notebooks of the stage run, each showing something."""
    shown = run_stage(FOLDER, stage, campaign)
    assert len(shown) > 3


def test_two_reviewers_decided_on_every_campaign() -> None:
    """Each of them on each account before the start of each, and not always alike."""
    decisions = book().decisions
    last = pd.Timestamp("2025-12-01")
    for campaign in (WINTER, SPRING, SUMMER):
        start = pd.Timestamp(book(campaign).campaign.start)
        own = decisions[decisions.date.between(last, start)]
        views = own.pivot_table(index="handle", columns="by", values="decision", aggfunc="last")
        assert set(views) == {"Imogen Hale", "Tomas Reid"}
        assert views.notna().all().all()
        assert 0 < (views["Imogen Hale"] != views["Tomas Reid"]).sum() < len(views) / 2
        last = start
    assert len(book().tables.reviews) > 20
    assert vetting.reviewers(book()).tables


def test_the_ledger_holds_what_was_forecast_and_what_came() -> None:
    """Both closed campaigns were approved before their start and settled after their returns; the third learns from them."""
    ledger = book().ledger
    acts = ledger.groupby("campaign").act.agg(set).to_dict()
    assert acts == {campaign: {"approved", "forecast", "outcome"} for campaign in (WINTER, SPRING)}
    for campaign in (WINTER, SPRING):
        own = book(campaign).campaign
        days = ledger[ledger.campaign == campaign].groupby("act").written_on.first()
        assert days["forecast"].date() < own.start
        assert (days["outcome"].date() - own.end).days >= own.settles_after_days


def test_the_lift_plan_was_kept_and_found_something() -> None:
    """Stored before the start with the product's own draw, held to by all creators, and its lift is seen."""
    plan, settings = book().lift, read_settings(SAMPLE_DATA / f"{FIRST_SAMPLE}.simulation.yml")
    assert plan is not None
    assert plan.written_on < book().campaign.start
    assert sorted(plan.untouched) == sorted(settings.held_back.styles)
    compared = planned_effect(book())
    assert compared is not None
    assert compared.effect.trouble == ""
    low, _ = compared.effect.extra_range
    assert low is not None
    assert low > 0


def test_contracts_labels_claims_and_drafts_are_there() -> None:
    """Rights in force and unknown; labels and drafts right and wrong; claims to fix beside one with proof."""
    states = set(tracking.rights(book()).tables["tracking.rights"].frame["state"].map(str))
    assert len(states) >= 2
    labels = tracking.check_labels(book())
    right = labels.figures["tracking.labels_found"]
    assert right.value is not None
    assert right.n is not None
    assert 0 < right.value < right.n
    assert any("draft" in name for name in labels.tables)
    claims = tracking.check_claims(book())
    assert "tracking.claims_list" in claims.tables
    assert claims.figures["tracking.claims_to_fix"].value


def test_each_picture_is_of_a_post_of_the_last_campaign() -> None:
    """Every picture names a post on file, of the newest closed campaign's days."""
    posts = book().tables.posts.set_index("post_id").published_at
    names = [path.stem for path in (FOLDER / "media").glob("*.svg")]
    assert len(names) > 20
    start = book().campaign.start
    assert set(names) <= set(posts.index)
    assert all(posts[name].date() >= start for name in names)


def test_costs_are_each_campaigns_own() -> None:
    """What the first campaign cost is not what the second did, and the planned one has paid for nothing yet."""
    spent = {name: money_ladder(book(name, "results")).campaign_costs for name in (WINTER, SPRING)}
    assert 0 < spent[WINTER] < spent[SPRING]
    assert set(book().tables.costs["campaign"]) == {WINTER, SPRING}


def test_a_sample_nobody_has_is_told(tmp_path: Path) -> None:
    """A misspelt name is told with those that are there."""
    with pytest.raises(Problem, match="no sample client"):
        make_sample("sorelby", tmp_path / "sorelby")
    run = CliRunner().invoke(app, ["sample", "sorelby", "--into", str(tmp_path)])
    assert isinstance(run.exception, Problem)


def test_a_campaign_that_the_client_names_goes_before_the_one_that_starts_last(tmp_path: Path) -> None:
    """`campaign:` in client.yml is meant where nobody names one; a name that is no campaign is a mistake."""
    (tmp_path / "campaigns").mkdir()
    for month in (3, 6):
        days = {"goal": "sales", "budget": 1000, "start": f"2026-0{month}-02", "end": f"2026-0{month}-28"}
        (tmp_path / "campaigns" / f"m{month}.yml").write_text(yaml.safe_dump(days).replace("'", ""))
    client = "brand: B\ncurrency: EUR\nmarket: DE\nprices_include_tax: true\ntax_rate: 0.19\n"
    path = tmp_path / "client.yml"
    path.write_text(client)
    assert read_campaign(read_client(tmp_path)).id == "m6"
    path.write_text(client + "campaign: m3\n")
    assert read_campaign(read_client(tmp_path)).id == "m3"
    path.write_text(client + "campaign: m4\n")
    with pytest.raises(Problem, match="no campaign “m4”") as problem:
        read_campaign(read_client(tmp_path))
    assert problem.value.file == path
