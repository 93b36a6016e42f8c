"""Goals: what is measured, what must be true, and honest silence where nothing is known."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import goals
from creatorbook.book import Book
from creatorbook.findings import Findings, Note
from creatorbook.goals.timetable import earliest_start, easter, moments, steps
from creatorbook.packs import pack

BEFORE = date(2026, 1, 5)
ECONOMICS = {"margin": [0.5, 0.6], "return_rate": [0.2, 0.4], "average_order_value": 90}
STEPS = [
    goals.goal,
    goals.is_micro_right,
    goals.calendar,
    goals.break_even,
    goals.forecast,
    goals.test_plan,
    goals.unknowns,
]
NEVER = [
    "fake",
    "fraud",
    "bought",
    " bot ",
    "p-value",
    "posterior",
    "shrinkage",
    "significant",
    "nan",
    "None",
]


def creators(n: int = 12, **columns: Any) -> pd.DataFrame:
    base = {
        "creator": [f"Person {i:02d}" for i in range(n)],
        "handle": [f"handle{i:02d}" for i in range(n)],
        "platform": "instagram",
        "followers": np.linspace(2_000, 80_000, n).round(),
        "fee": np.linspace(50, 600, n).round(),
    }
    return pd.DataFrame({**base, **columns})


def thin(**changes: Any) -> Book:
    told = {"tables": {"creators": creators()}, "stage": "plan", "as_of": BEFORE, **changes}
    return make_book(**told)


def text(findings: Findings, slot: str) -> str:
    return " ".join(note.text for note in findings.notes if note.slot == slot)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("goal", ["sales", "awareness", "content", "community"])
def test_every_step_answers_from_little(step: Any, goal: str) -> None:
    """With a creators list only, and with nothing at all, every step says something for every goal."""
    for tables in ({"creators": creators()}, {"creators": creators(fee=np.nan)}, {}):
        book = make_book(tables=tables, campaign={"goal": goal}, stage="plan", as_of=BEFORE)
        assert step(book).items


@pytest.mark.parametrize("step", STEPS)
def test_first_page_words(step: Any) -> None:
    """Nothing on the first page uses a word it must not, or shows a missing value as such."""
    for book in (thin(), thin(client={"economics": ECONOMICS}), make_book(stage="plan", as_of=BEFORE)):
        for note in step(book).notes:
            if note.slot:
                assert not [word for word in NEVER if word in note.text]
                assert len(note.text.split()) <= 45


def test_three_figures_for_each_goal() -> None:
    """Each goal has the three figures of its results page, with where they come from and who has it."""
    for goal, told in pack("goals")["goals"].items():
        frame = goals.goal(thin(campaign={"goal": goal})).tables["goals.measures"].frame
        assert (frame.kind == "result").sum() == 3
        assert len(frame) == 3 + len(told["on_the_way"])
        assert (frame[["source", "owner", "target", "baseline"]] != "").all().all()


def test_break_even_of_the_worked_example() -> None:
    """At 3,000 for everything, 97 a basket, 26 % returns, 10 % commission and 53 % margin: 98 orders in all."""
    book = make_book(
        tables={"creators": creators(3, fee=1000)},
        client={
            "prices_include_tax": False,
            "economics": {"margin": 0.53, "return_rate": 0.26, "average_order_value": 97},
        },
        campaign={"budget": 3000, "commission_rate": 0.10, "codes": {"percent": 0}},
        stage="plan",
        as_of=BEFORE,
    )
    book = book.changed(budget=1e6)  # so that all three are in the plan that is costed
    found = goals.break_even(book).figures
    assert found["goals.fee_per_order"].value == pytest.approx(97 * 0.74 * 0.43, abs=0.5)
    each = found["goals.orders_per_creator"].value
    assert each == 33  # 1,000 ÷ 30.87


def test_margin_unknown_is_a_condition() -> None:
    """Without a margin the line names one as a condition, and no order figure is made up."""
    book = thin(client={"economics": {"average_order_value": 90}})
    found = goals.break_even(book)
    assert "margin on these goods is at least 50" in text(found, "plan.has_to_be_true")
    assert found.figures["goals.orders_per_creator"].value is None
    assert "goals.grid" in found.tables


def test_grid_falls_with_margin_and_basket() -> None:
    """More margin or a bigger basket never needs more orders."""
    frame = goals.break_even(thin()).tables["goals.grid"].frame.drop(columns="basket")
    assert (frame.diff(axis=1).iloc[:, 1:] <= 0).all().all()
    assert (frame.diff().iloc[1:] <= 0).all().all()


def test_an_order_that_loses_money_is_said() -> None:
    """No number of orders is asked for where each one loses money."""
    told = {"margin": 0.1, "average_order_value": 30, "shipping_cost": 9}
    found = goals.break_even(thin(client={"economics": told}))
    assert "Does not pay back" in text(found, "plan.has_to_be_true")


def test_assumed_forecast_is_no_headline() -> None:
    """Where the spread is assumed, the line refuses in the agreed words."""
    line = text(goals.forecast(thin(client={"economics": ECONOMICS})), "plan.should_bring")
    assert line == "We cannot forecast sales yet; see what has to be true."


def test_known_views_make_a_headline_for_awareness() -> None:
    """Typical views and agreed pieces are enough to forecast how often a plan is seen."""
    listed = creators(typical_views=np.linspace(900, 9_000, 12), deliverables="2 reels")
    found = goals.forecast(thin(tables={"creators": listed}, campaign={"goal": "awareness"}))
    assert "likely between" in text(found, "plan.should_bring")


def test_gifts_may_not_be_shown() -> None:
    """Pieces hoped for after a gift are fewer than pieces paid for."""
    paid, given = (creators(deliverables="1 reel", fee=fee, gift_cost=20.0) for fee in (100.0, 0.0))
    likely = [
        goals.forecast(thin(tables={"creators": listed}, campaign={"goal": "content"}))
        .tables["goals.forecast"]
        .frame.likely[0]
        for listed in (paid, given)
    ]
    assert likely[1] < 0.6 * likely[0]


def test_few_creators_tell_nothing_apart() -> None:
    """With four creators no two groups can be told apart, and the line says so."""
    found = goals.test_plan(thin(tables={"creators": creators(4)}))
    assert "no two groups can be told apart" in text(found, "plan.know_afterwards")
    assert found.figures["goals.detectable_ratio"].value is None


def test_at_most_three_unknowns_with_owner_and_day() -> None:
    """Each open question has someone who can answer it and a day before launch."""
    book = thin()
    notes = goals.unknowns(book).notes
    assert len(notes) == 3
    assert all(note.owner and note.due and note.due <= book.campaign.start for note in notes)


def test_lead_times_are_planned_backwards() -> None:
    """Each step ends where the next begins, the last before launch on launch day; own lead times win."""
    frame = steps(thin(campaign={"lead_times": {"ship": 21}}))
    before = frame.iloc[:5]
    assert (before.ends.iloc[:-1].to_numpy() == before.begins.iloc[1:].to_numpy()).all()
    assert before.ends.iloc[-1].date() == date(2026, 3, 2)
    assert frame.days[2] == 21
    assert frame.source[2] == "campaign file"


def test_too_late_is_said_with_a_day() -> None:
    """Planned too late, the calendar names the first day that fits."""
    book = thin(as_of=date(2026, 2, 20))
    [note] = [note for note in goals.calendar(book).notes if isinstance(note, Note)]
    assert f"does not fit before {book.formats.day(earliest_start(book))}" in note.text


@pytest.mark.parametrize(("year", "day"), [(2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25))])
def test_easter(year: int, day: tuple[int, int]) -> None:
    """Easter Sundays as calendars print them."""
    assert easter(year) == date(year, *day)


@pytest.mark.parametrize(
    ("market", "start", "name", "day"),
    [
        ("DE", date(2026, 11, 9), "Black Friday", "2026-11-27"),
        ("GB", date(2026, 3, 2), "Mothering Sunday", "2026-03-15"),
        ("DE", date(2026, 5, 1), "Mother's Day", "2026-05-10"),
        ("FR", date(2026, 5, 20), "Mother's Day", "2026-05-31"),
        ("FR", date(2026, 1, 5), "Winter sales (state dates)", "2026-01-14"),
    ],
)
def test_moments(market: str, start: date, name: str, day: str) -> None:
    """Movable days of each market stand where they fall."""
    book = make_book(
        client={"market": market}, campaign={"start": start, "end": start}, stage="plan", as_of=BEFORE
    )
    frame = moments(book)
    assert pd.Timestamp(day) in set(frame.day[frame.moment == name])
