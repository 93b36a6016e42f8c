"""The budget mix: limits are kept, clashes named, nothing is promised that a wrong input would undo in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import tiers
from creatorbook.book import Book
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.planning import mix_checks
from creatorbook.planning.habits import habit
from creatorbook.planning.mix import against_habits, best, frontier, setting
from creatorbook.planning.offers import offers
from creatorbook.planning.plans import three_ways
from creatorbook.problems import Problem
from creatorbook.vetting.benchmarks import comparable

BEFORE = date(2026, 1, 5)
MARGIN = {"margin": 0.6, "average_order_value": 80, "return_rate": 0.1}


def listed(n: int = 24, **columns: Any) -> pd.DataFrame:
    """Creators of two platforms whose views and fees follow their size, with differences of their own."""
    rng = np.random.default_rng(7)
    followers = np.geomspace(2_000, 400_000, n).round()
    base = {
        "creator": [f"Person {i:02d}" for i in range(n)],
        "handle": [f"h{i:02d}" for i in range(n)],
        "platform": ["instagram", "tiktok"] * (n // 2),
        "followers": followers,
        "fee": (0.05 * followers**0.8 * rng.lognormal(0, 0.3, n) + 20).round(),
        "typical_views": (followers * 0.25 * rng.lognormal(0, 0.4, n)).round(),
        "typical_likes": (followers * 0.03).round(),
        "typical_comments": 5.0,
        "deliverables": "1 reel",
    }
    return pd.DataFrame({**base, **columns})


def plan(rules: dict[str, Any] | None = None, frame: pd.DataFrame | None = None, **campaign: Any) -> Book:
    told = {"goal": "awareness", "budget": 4000, "mix": rules or {}, **campaign}
    tables = {"creators": listed() if frame is None else frame}
    return make_book(tables=tables, client={"economics": MARGIN}, campaign=told, stage="plan", as_of=BEFORE)


def chosen(book: Book) -> pd.DataFrame:
    here = setting(book)
    assert here is not None
    mine = best(here)
    assert mine is not None
    return here.offered.bought(mine.items)


def test_limits_of_the_campaign_file_are_kept() -> None:
    """Wanted in, wanted out, most creators, most for one, own hours and money per platform all hold."""
    rules = {
        "must": ["@h00"],
        "never": ["Person 20"],
        "most": 9,
        "share": 0.3,
        "hours": 30,
        "platforms": {"tiktok": [0.3, 0.6]},
    }
    people = chosen(plan(rules))
    assert "h00" in set(people.handle)
    assert "h20" not in set(people.handle)
    assert len(people) <= 9
    assert people.cost.max() <= 0.3 * 4000
    assert 4 * len(people) <= 30
    assert 0.3 * 4000 <= people.cost[people.platform == "tiktok"].sum() <= 0.6 * 4000
    assert people.cost.sum() <= 4000


def test_a_size_is_tested_by_enough_or_not_at_all() -> None:
    """With a smallest group of six every size has six or more, or none."""
    sizes = chosen(plan({"smallest_group": 6}, budget=1500)).tier.value_counts()
    assert (sizes >= 6).all()


def test_the_three_ways_keep_the_limits_too() -> None:
    """Careful, middle and bold hold to the campaign file, with and without typical views."""
    for frame in (listed(), listed(typical_views=np.nan)):
        for made in three_ways(plan({"must": ["h03"], "never": ["h04"], "most": 10}, frame)).values():
            assert "h03" in set(made.people.handle)
            assert "h04" not in set(made.people.handle)
            assert len(made.people) <= 10


@pytest.mark.parametrize(
    ("rules", "frame", "said"),
    [
        ({"must": ["nobody"]}, None, "not on the creators list"),
        ({"never": ["nobody"]}, None, "not on the creators list"),
        ({"must": ["h01"]}, listed(status=["x", "declined", *["x"] * 22]), "takes no part .declined."),
        ({"must": ["h01"]}, listed(fee=[10.0, np.nan, *[10.0] * 22]), "price is not known"),
    ],
)
def test_a_wrong_name_is_a_sentence(rules: dict, frame: pd.DataFrame | None, said: str) -> None:
    """Somebody wanted in or out who is not there, takes no part or has no price is named."""
    with pytest.raises(Problem, match=said):
        offers(plan(rules, frame))


def test_limits_that_clash_are_named_with_their_numbers() -> None:
    """Must-haves beyond the money: no plan, and the sentence names those limits and no other."""
    book = plan({"must": ["h22", "h23"], "most": 20}, budget=500)
    assert three_ways(book) == {}
    told = next(note.text for note in tiers.recommendation(book).notes if note.slot == "plan.recommend")
    assert told.startswith("Not yet: No plan keeps all limits")
    assert "2 are wanted in" in told
    assert "money for creators is" in told
    assert "at most 20" not in told
    assert "No plan keeps all limits" in tiers.budget_mix(book).notes[0].text


def test_packages_bring_less_each_time() -> None:
    """A second package brings the stated part of the first, costs a second fee, and one person has one entry."""
    book = plan({"packages": 3})
    told = offers(book)
    own = told.person == 0
    assert told.worth is not None
    assert np.diff(told.worth[own]) / told.worth[own][0] == pytest.approx([0.6, 0.36])
    assert told.costs[own] == pytest.approx(told.people.cost[0] * np.array([1, 2, 3]))
    people = chosen(book)
    assert people.creator.is_unique
    assert people.packages.max() > 1


def test_overlap_makes_a_list_worth_less_than_its_sum() -> None:
    """Known overlap, as a share per platform or for one pair, is taken off what a plan brings."""
    alone = setting(plan())
    shared = setting(plan({"overlap": [0.05, 0.2]}))
    paired = setting(plan({"overlaps": [{"between": ["h22", "@h23"], "share": 0.5}]}))
    assert alone
    assert shared
    assert paired
    items = list(range(4))  # the largest four
    whole = alone.draws.expected(items, alone.gross())
    assert shared.draws.expected(items, shared.gross()) < 0.95 * whole
    lost = 0.5 * min(alone.draws.worth[:2])  # h23 and h22
    assert paired.draws.expected(items, paired.gross()) == pytest.approx(whole - lost)
    rows = mix_checks.robustness(shared, best(shared), 2).cases.what  # type: ignore[arg-type]
    assert sum(written(what, Formats()).startswith("overlap of audiences") for what in rows) == 2


def test_only_overlaps_that_are_taken_off_are_counted() -> None:
    """A pair with somebody who has no price stands in no plan, so nothing of it is taken off."""
    pairs = [{"between": ["h22", end], "share": 0.5} for end in ("@h23", "h01")]
    book = plan({"overlaps": pairs}, listed(fee=[10.0, np.nan, *[10.0] * 22]))
    texts = [note.text for note in tiers.budget_mix(book).notes]
    assert any("1 pair of overlapping audiences is taken off" in text for text in texts)


def test_prices_are_raised_to_the_floor_for_fair_pay() -> None:
    """Nobody with a duty to post is planned below the client's floor for an hour of their own work."""
    tables = {"creators": listed()}
    floor = {**MARGIN, "pay_floor_per_hour": 40}
    campaign = {"goal": "awareness", "budget": 4000}
    book = make_book(
        tables=tables, client={"economics": floor}, campaign=campaign, stage="plan", as_of=BEFORE
    )
    people = offers(book).people
    assert (people.raised > 0).any()
    assert people.cost.min() >= 40 * 3  # a reel takes three hours at least


@pytest.mark.parametrize("goal", ["sales", "awareness", "content", "community"])
def test_no_plan_of_the_frontier_beats_another(goal: str) -> None:
    """Every goal has plans between cheap and bold; none is worse than another in all respects; none is too dear."""
    here = setting(plan(goal=goal))
    assert here
    plans = frontier(here)
    assert plans
    for one in plans:
        assert one.cost <= 4000.01
        rivals = [other for other in plans if other is not one]
        assert not any(
            other.expected >= one.expected and other.bad >= one.bad and other.cost <= one.cost
            for other in rivals
        )
    top = best(here)
    assert top
    assert top.expected >= max(one.expected for one in plans) - 1e-6 * abs(top.expected)


def test_draws_agree_with_what_the_choice_goes_by() -> None:
    """On average over outcomes each package brings what the choice takes it for."""
    here = setting(plan(goal="sales"))
    assert here
    expected = here.draws.worth * here.draws.each
    assert here.draws.values.mean() == pytest.approx(expected.mean(), rel=0.15)


def test_why_names_the_price_at_which_somebody_comes_in() -> None:
    """Who is out for their price comes in a little below the price that is told, and stays out a little above."""
    book = plan(budget=2500)
    here = setting(book)
    assert here
    reasons = mix_checks.reasons(here, best(here)).frame  # type: ignore[arg-type]
    out = (
        reasons[reasons.enters_at.notna() & (reasons.enters_at > 30)]
        .sort_values("enters_at", kind="stable")
        .iloc[len(reasons) // 8]
    )
    for factor, inside in ((0.8, True), (1.2, False)):
        fee = listed().set_index("handle").fee
        fee[out.handle] = round(out.enters_at * factor)
        people = chosen(plan(budget=2500, frame=listed(fee=fee.to_numpy())))
        assert (out.handle in set(people.handle)) == inside
    whys = {written(why, Formats()) for why in reasons.why[reasons.packages > 0]}
    assert whys == {"brings more for the money than the next in line"}


def test_more_money_brings_less_and_less() -> None:
    """Steps of the budget bring more in all; the last costs no less per unit than the whole range on average."""
    here = setting(plan(budget=2500))
    assert here
    steps = mix_checks.budget_steps(here, best(here))  # type: ignore[arg-type]
    assert steps.brings.is_monotonic_increasing
    assert (steps.cost <= steps.money + 0.01).all()


def test_money_is_not_spent_where_it_does_not_come_back() -> None:
    """For sales the plan stops where a creator brings less than they cost, and says so when nobody pays back."""
    book = plan(goal="sales", budget=50_000)
    here = setting(book)
    assert here
    mine = best(here)
    assert mine
    per_money = here.draws.worth * here.draws.each / here.offered.costs
    assert set(mine.items) == set(np.flatnonzero(per_money > 1))
    poor = plan(goal="sales", frame=listed(fee=9_000.0), budget=50_000)
    assert "no plan pays back on average" in tiers.budget_mix(poor).notes[0].text


def test_habits_are_what_they_say() -> None:
    """Largest first, highest response first, and the same money for each size; none costs more than there is."""
    people = offers(plan()).people
    for name in ("equal", "largest", "response"):
        rows = habit(people, name, 2000)
        assert people.cost[rows].sum() <= 2000
    assert people.followers[habit(people, "largest", 2000)].max() == people.followers.max()
    here = setting(plan())
    assert here
    assert all(0 <= one.beaten <= 1 for one in against_habits(here, best(here)))  # type: ignore[arg-type]


def test_before_there_is_a_list_the_sizes_are_planned() -> None:
    """Without creators the budget is split over sizes by published fees, all of it assumed."""
    book = make_book(client={"exchange_rates": {"USD": 0.9}}, stage="plan", as_of=BEFORE)
    table = tiers.budget_mix(book).tables["tiers.before_a_list"]
    assert table.frame.money.sum() == pytest.approx(6000, abs=1)
    assert {column.grade for column in table.columns.values() if column.unit != "text"} == {"assumed"}


@pytest.mark.parametrize(
    "step", [tiers.budget_mix, tiers.mix_reasons, tiers.mix_firmness, tiers.size_pays, tiers.formulas]
)
@pytest.mark.parametrize("stage", ["plan", "results"])
def test_every_deep_step_answers_from_little(step: Any, stage: str) -> None:
    """Without a list, without prices and without figures, every step says something or nothing, never fails."""
    for frame in (None, listed(fee=np.nan), listed(typical_views=np.nan, typical_likes=np.nan)):
        tables = {} if frame is None else {"creators": frame}
        findings = step(make_book(tables=tables, stage=stage, as_of=BEFORE))
        assert findings.items


def test_does_size_pay_shows_both_voices() -> None:
    """With and without published findings, their share is stated; too few figures are refused."""
    found = tiers.size_pays(plan(frame=listed(typical_likes=listed().followers ** 0.8)))
    table = found.tables["tiers.size_pays"].frame
    assert list(table.voice) == ["with published findings", "this list alone"]
    assert "falls with size" in found.notes[0].text
    assert any("comes from published findings" in note.text for note in found.notes)
    few = tiers.size_pays(plan(frame=listed(typical_likes=[10.0] * 3 + [np.nan] * 21)))
    assert "cannot be said yet" in few.notes[0].text


@pytest.mark.parametrize("rate", ["likes_comments_per_follower", "likes_per_follower", "likes_per_view"])
def test_published_rates_are_refused_as_in_vetting(rate: str) -> None:
    """A source stands beside the client's own rate in the comparison exactly where vetting would compare it."""
    book = plan()
    book = replace(book, client=book.client.model_copy(update={"engagement_formula": rate}))
    table = tiers.comparison(book).tables["tiers.published"].frame
    formula = pack("engagement")["formulas"][rate]
    allowed = {
        (row["platform"], round(row["low"], 3), f"{row['source']}, {row['date']}")
        for row in pack("benchmarks")["engagement"]
        if comparable([row], row["platform"], row["from"], formula["per"], formula["counts"], "DE")
    }
    rows = list(zip(table.platform, table.low, table.source, table["compare"], strict=True))
    assert rows
    assert {row[:3] for row in rows if row[3] == "yes"} <= allowed
    assert not {row[:3] for row in rows if row[3] != "yes"} & allowed
