"""Sizes side by side, three ways to spend the budget, and what came of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import tiers
from creatorbook.book import Book
from creatorbook.planning.candidates import candidates, count_pieces, gifted
from creatorbook.planning.plans import WAYS, three_ways

BEFORE = date(2026, 1, 5)
STEPS = [tiers.sizes, tiers.comparison, tiers.mixes, tiers.recommendation, tiers.outcome]


def creators(n: int = 16, **columns: Any) -> pd.DataFrame:
    base = {
        "creator": [f"Person {i:02d}" for i in range(n)],
        "handle": [f"handle{i:02d}" for i in range(n)],
        "platform": "instagram",
        "followers": np.geomspace(1_500, 300_000, n).round(),
        "fee": np.geomspace(20, 1_500, n).round(),
        "code": [f"CODE{i:02d}" for i in range(n)],
    }
    return pd.DataFrame({**base, **columns})


def plan(frame: pd.DataFrame | None = None, **changes: Any) -> Book:
    tables = {"creators": creators() if frame is None else frame}
    return make_book(**{"tables": tables, "stage": "plan", "as_of": BEFORE, **changes})


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("stage", ["plan", "results"])
def test_every_step_answers_from_little(step: Any, stage: str) -> None:
    """Without a list, without prices and with a list alone, every step says something."""
    for tables in ({}, {"creators": creators(fee=np.nan)}, {"creators": creators()}):
        assert step(make_book(tables=tables, stage=stage, as_of=BEFORE)).items


@pytest.mark.parametrize("views", [None, "known"])
@pytest.mark.parametrize("budget", [800, 3000, 50000])
def test_no_way_costs_more_than_the_budget(views: str | None, budget: float) -> None:
    """Every way fits the budget, careful spends least, and nobody weighs more than the way allows."""
    listed = creators(typical_views=np.geomspace(500, 20_000, 16)) if views else creators()
    ways = three_ways(plan(listed, campaign={"budget": budget}))
    base = min(budget, float(listed.fee.sum()))
    for way, mix in ways.items():
        part, share = WAYS[way]
        assert mix.cost <= part * base + 0.01
        assert mix.people.cost.max() <= share * base + 0.01
    costs = [ways[way].cost for way in WAYS if way in ways]
    assert costs == sorted(costs)


@pytest.mark.parametrize(("dearest", "more"), [(1500, 1), (600, 0)])
def test_more_people_in_the_careful_way_are_explained(dearest: float, more: int) -> None:
    """Seven people where the middle way has six: the page says by which limit; where it has no more, nothing is said."""
    listed = creators(
        20, fee=np.geomspace(50, dearest, 20).round(), typical_views=np.geomspace(500, 20_000, 20)
    )
    book = plan(listed, campaign={"budget": 6000})
    ways = three_ways(book)
    assert max(0, len(ways["careful"].people) - len(ways["middle"].people)) == more
    notes = [str(note.text) for note in tiers.mixes(book).notes if note.slot == "plan.three_ways"]
    text = (
        "Careful takes 1 person more than middle, at lower prices: it has less money, and none may cost more than "
        "15% of the budget (middle: 25%)."
    )
    assert (text in notes) == bool(more)


def test_overheads_come_out_of_the_budget() -> None:
    """Agency and tools are paid first, and stand in the plan's cost."""
    book = plan(campaign={"budget": 3000, "agency_fee": 1500, "tools_cost": 100})
    assert all(1600 < mix.cost <= 3000.01 for mix in three_ways(book).values())


def test_people_decided_against_are_in_no_way() -> None:
    """Who was declined, by status or decision, is not planned with."""
    listed = creators(status=["declined", *["contacted"] * 15])
    assert "Person 00" not in set(candidates(plan(listed)).creator)


def test_one_person_with_two_accounts_is_paid_once() -> None:
    """Price belongs to the person, size to the larger account."""
    listed = creators(2, creator=["Ada", "Ada"], fee=[300.0, 300.0])
    [row] = candidates(plan(listed)).to_dict("records")
    assert row["cost"] == 300
    assert row["followers"] == 300_000
    assert row["accounts"] == 2


def test_one_accounts_figures_stay_together() -> None:
    """Typical views of the smaller account do not stand beside the larger one's followers; views nobody told are missing."""
    listed = creators(
        2, creator=["Ada", "Ada"], typical_views=[900.0, np.nan], deliverables=["2 reels", None]
    )
    [row] = candidates(plan(listed)).to_dict("records")
    assert (row["handle"], row["pieces"]) == ("handle01", 2)
    assert pd.isna(row["views"])


def test_a_price_of_the_cost_sheet_is_a_price() -> None:
    """A fee agreed in the cost sheet alone is the candidate's fee: the plan knows what they cost."""
    costs = pd.DataFrame({"creator": ["Person 00"], "kind": ["Fee"], "amount": [250.0]})
    book = plan(tables={"creators": creators(2, fee=[np.nan, 300.0]), "costs": costs})
    people = candidates(book).set_index("creator")
    assert people.fee.to_dict() == people.cost.to_dict() == {"Person 00": 250, "Person 01": 300}


def test_who_declined_is_of_no_size() -> None:
    """The table of accounts by platform counts whoever takes part or may still."""
    table = tiers.who_moves(plan(creators(status=["declined", *[None] * 15]))).tables["tiers.by_platform"]
    assert table.frame.drop(columns="platform").to_numpy().sum() == 15


@pytest.mark.parametrize(
    ("told", "n"), [("2 reels, 3 stories", 5), ("1x Reel + 2 Stories", 3), ("a reel", np.nan), (None, np.nan)]
)
def test_counting_pieces(told: str | None, n: float) -> None:
    """Pieces are counted from the words of the agreement; no number is not none."""
    assert count_pieces(told) == pytest.approx(n, nan_ok=True)


def test_missing_figures_are_named_not_zero() -> None:
    """Without posts the comparison says what is missing and shows no zero."""
    frame = tiers.comparison(plan()).tables["tiers.comparison"].frame
    views = frame[frame.question.str.startswith("How many people")].iloc[0]
    assert views.nano == "not available: ask creators"
    respond = frame[frame.question.str.startswith("How many respond")].iloc[0]
    assert respond.micro == "public figures only"


def test_no_size_is_called_best() -> None:
    """Nowhere in the comparison is a size called the best."""
    findings = tiers.comparison(plan(creators(typical_likes=np.linspace(50, 900, 16), typical_comments=5.0)))
    told = " ".join(note.text for note in findings.notes).lower()
    assert "best" not in told


def test_published_bands_keep_their_denominator() -> None:
    """Every published row shows platform, denominator and dated source, and only the list's platforms."""
    frame = tiers.comparison(plan()).tables["tiers.published"].frame
    assert set(frame.platform) == {"instagram"}
    assert (frame[["denominator", "source", "compare"]] != "").all().all()


def test_who_moves_is_said_by_name() -> None:
    """Under another scheme these creators are of another size; an account's size holds on its platform."""
    found = tiers.who_moves(plan(), "imh")
    moved = found.tables["tiers.moved"].frame
    assert len(moved)
    assert (moved.here != moved.there).all()
    assert moved.followers.between(50_000, 1_000_000).all()  # below 50,000 both schemes agree
    assert found.tables["tiers.by_platform"].frame.drop(columns="platform").to_numpy().sum() == 16


def test_recommendation_waits_for_prices() -> None:
    """Without any price the answer is not yet, and says what settles it."""
    notes = {note.slot: note.text for note in tiers.recommendation(plan(creators(fee=np.nan))).notes}
    assert notes["plan.recommend"].startswith("Not yet: the prices of 16 creators are missing")


def test_who_and_what_fits_the_first_page() -> None:
    """At most five rows, and they add up to the plan's cost."""
    found = tiers.recommendation(plan(campaign={"agency_fee": 400}))
    table = found.tables["tiers.who_and_what"]
    assert len(table.frame) <= 5
    assert table.frame.cost.sum() == pytest.approx(found.figures["tiers.plan_cost"].value, abs=1)


def test_outcome_is_too_close_to_call_with_few_orders() -> None:
    """A handful of orders in each size tells nothing apart."""
    rows = [("CODE00", 2), ("CODE03", 1), ("CODE08", 3), ("CODE10", 2)]
    codes = [code for code, n in rows for _ in range(n)]
    orders = pd.DataFrame(
        {
            "order_id": [str(i) for i in range(len(codes))],
            "ordered_at": pd.Timestamp("2026-03-10"),
            "total": 80.0,
            "discount_code": codes,
        }
    )
    listed = creators(status="live", fee=200.0)
    book = make_book(tables={"creators": listed, "orders": orders}, stage="results")
    found = tiers.outcome(book)
    assert "We can tell apart: nothing" in found.notes[0].text
    frame = found.tables["tiers.outcome"].frame
    assert frame.orders.sum() == 8
    assert (frame.low <= frame.orders).all()
    assert (frame.orders <= frame.high).all()


def test_after_the_campaign_sizes_stand_by_traced_orders() -> None:
    """In the results an order's cost is counted from what was traced, not assumed."""
    codes = ["CODE00"] * 6 + ["CODE14"] * 3
    orders = pd.DataFrame(
        {
            "order_id": [str(i) for i in range(len(codes))],
            "ordered_at": pd.Timestamp("2026-03-10"),
            "total": 80.0,
            "discount_code": codes,
        }
    )
    listed = creators(status="live", fee=100.0)
    book = make_book(tables={"creators": listed, "orders": orders}, stage="results")
    frame = tiers.comparison(book).tables["tiers.comparison"].frame.set_index("question")
    cost = frame.loc["What does one order cost?"]
    assert cost.grade == "counted"
    small = tiers.outcome(book).tables["tiers.outcome"].frame.set_index("tier").loc["nano"]
    assert cost.nano.startswith(book.formats.money(small.per_order, 2))


def test_orders_of_creators_without_a_known_cost_make_no_order_cheap() -> None:
    """Cost per order counts the orders of those whose cost is known; where it is known of nobody, it is missing."""
    codes = ["CODE00"] * 6 + ["CODE01"] * 6
    orders = pd.DataFrame(
        {
            "order_id": [str(i) for i in range(len(codes))],
            "ordered_at": pd.Timestamp("2026-03-10"),
            "total": 80.0,
            "discount_code": codes,
        }
    )

    def nano(fees: list[float]) -> pd.Series:
        listed = creators(status="live", fee=[*fees, *[np.nan] * 14])
        book = make_book(tables={"creators": listed, "orders": orders}, stage="results")
        return tiers.outcome(book).tables["tiers.outcome"].frame.set_index("tier").loc["nano"]

    assert nano([60.0, np.nan]).per_order == pytest.approx(10)
    assert nano([60.0, np.nan]).orders == 12
    assert nano([np.nan, np.nan])[["cost", "per_order", "per_thousand"]].isna().all()


def test_a_plan_too_dear_is_not_said_to_lack_prices() -> None:
    """Prices that are known but do not fit the money are named as such."""
    words = " ".join(note.text for note in tiers.recommendation(plan(campaign={"budget": 10})).notes)
    assert "missing" not in words
    assert "the cheapest creator with a price costs €20" in words


def test_a_margin_that_is_known_is_not_asked_for() -> None:
    """Where the margin is known and the basket is not, only the basket is missing."""
    words = tiers.recommendation(plan(client={"economics": {"margin": 0.4}})).notes[0].text
    assert words.startswith("Not yet: without the basket nobody can say")
    assert "margin" not in words


def test_a_missing_fee_is_not_no_fee() -> None:
    """Whoever's fee is not listed has no price and gets no gift for nothing, unless the list says a gift is all."""
    listed = creators(3, fee=[np.nan, np.nan, 0.0], gift_cost=30.0, benefit=[None, "gift", None])
    people = candidates(plan(listed)).set_index("handle")
    assert list(people.loc[["handle00", "handle01", "handle02"]].cost.fillna(-1)) == [-1, 30, 30]
    assert list(gifted(people.loc[["handle00", "handle01", "handle02"]])) == [False, True, True]


def test_evidence_is_as_weak_as_its_weakest_part() -> None:
    """A price per view rests on assumed pieces where none are agreed, whatever its source says; so does its row."""
    listed = creators(typical_views=1000.0, typical_likes=50.0, typical_comments=5.0)
    listed["deliverables"] = ["1 reel"] * 8 + [None] * 8
    frame = tiers.comparison(plan(listed)).tables["tiers.comparison"].frame.set_index("question")
    assert frame.grade["What does it cost to be seen 1,000 times?"] == "assumed"
    assert frame.grade["How many pieces of content per creator?"] == "assumed"
    agreed = tiers.comparison(plan(listed.assign(deliverables="1 reel"))).tables["tiers.comparison"].frame
    assert agreed.set_index("question").grade["What does it cost to be seen 1,000 times?"] == "estimated"


def test_one_creator_is_not_said_to_be_many() -> None:
    """A plan of one person reads in the singular."""
    listed = creators(1, fee=100.0, typical_views=1000.0)
    book = plan(listed, campaign={"goal": "awareness", "budget": 1000})
    shown = [*tiers.recommendation(book).notes, *tiers.budget_mix(book).notes]
    assert "1 creator for " in shown[1].text
    assert not [note.text for note in shown if "1 creators" in note.text or "100% on one" in note.text]
