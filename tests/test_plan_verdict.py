"""The plan's first sentence: what is needed against what is likely, and which of four words that gives."""

from __future__ import annotations

import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from books import make_book
from creatorbook import goals, tiers
from creatorbook.book import Book
from creatorbook.client import Range
from creatorbook.opening import open_book
from creatorbook.planning.plans import recommended
from creatorbook.planning.verdict import Odds, fees_of, fees_that_turn, plan_verdict, word_for
from creatorbook.report.contents import Contents
from creatorbook.report.first_page import MOST_WORDS, first_page, word_count
from shelf import make_client, shelf_folder  # noqa: F401 - a fixture
from steps import run_stage

BEFORE = date(2026, 1, 5)
ECONOMICS = {"margin": 0.6, "return_rate": 0.0, "average_order_value": 119}
#: so sure that the forecast is nearly one number: 10 pieces, 10,000 views each, 1 % click, 2 % of them order: 20 orders
SURE = {
    "click_rate": {"low": 0.00999, "likely": 0.01, "high": 0.01001},
    "conversion_rate": {"low": 0.01999, "likely": 0.02, "high": 0.02001},
    "posts_per_creator": {"low": 0.999, "likely": 1, "high": 1.001},
}


def odds(need: float, low: float, lower: float, likely: float, high: float, **other: Any) -> Odds:
    needed = Range(low=need, likely=need, high=other.get("need_high", need))
    return Odds(needed, low, lower, likely, high, other.get("assumed", 0.9))


@pytest.mark.parametrize(
    ("case", "word"),
    [
        (odds(100, 80, 100, 140, 300), "go"),
        (odds(100, 80, 99, 140, 300), "test"),
        (odds(100, 80, 120, 140, 300, need_high=math.inf), "test"),
        (odds(100, 20, 60, 100, 300, assumed=0.1), "test"),
        (odds(100, 20, 60, 99, 300, assumed=0.1), "not as priced"),
        (odds(100, 20, 60, 99, 300, assumed=0.5), "not as priced"),
        (odds(100, 20, 60, 99, 300, assumed=0.51), "test"),
        (odds(100, 5, 20, 50, 300), "test"),
        (odds(100, 5, 20, 49, 300), "not as priced"),
        (odds(100, 50, 60, 80, 100), "test"),
        (odds(100, 50, 60, 80, 99), "not as priced"),
    ],
)
def test_each_border_of_the_rule(case: Odds, word: str) -> None:
    """On both sides of every border: lower quarter, likely, half, high end, and how much is assumed."""
    assert word_for(case) == word


def client(fee: float, **changes: Any) -> Book:
    """Ten creators at one fee each; goods of 100 net leave 60 an order at a margin of 60 %."""
    n = changes.pop("n", 10)
    creators = pd.DataFrame(
        {
            "creator": [f"Person {i}" for i in range(n)],
            "handle": [f"handle{i}" for i in range(n)],
            "platform": "instagram",
            "followers": 50_000.0,
            "fee": fee,
            "typical_views": changes.pop("typical_views", 10_000.0),
            "deliverables": "1 reel",
        }
    )
    settings = {
        "client": {"economics": changes.pop("economics", ECONOMICS)},
        "campaign": {
            "budget": 6000,
            "codes": {"percent": 0},
            "assumptions": SURE,
            **changes.pop("campaign", {}),
        },
    }
    return make_book({"creators": creators}, stage="plan", as_of=BEFORE, **settings)


def first(book: Book) -> str:
    return str(tiers.recommendation(book).notes[0].text).replace("\xa0", " ")


def test_a_plan_whose_lower_part_reaches_the_need_goes() -> None:
    """Eight creators for 80 leave 60 on each of some 16 orders: chance does not take 15 of them away."""
    book = client(10.0)
    assert first(book).startswith(
        "Go: it needs about 2 orders to pay back; figures stated for this campaign make "
    )
    turn, mix = fees_that_turn(book, recommended(book)), recommended(book)
    assert mix is not None
    assert turn is not None
    assert turn.likely > fees_of(mix)


def test_a_plan_that_is_likely_to_lose_most_is_not_as_priced() -> None:
    """300 for two orders of 60: five orders are needed from each, and page, figure and word are one."""
    book = client(300.0)
    mix = recommended(book)
    assert mix is not None
    assert first(book).startswith("Not as priced: it needs about ")
    figure = tiers.recommendation(book).figures["tiers.fees_that_turn"]
    assert figure.value == pytest.approx(len(mix.people) * 2 * 60, rel=0.15)
    assert figure.value < fees_of(mix)


def test_a_plan_near_its_need_on_others_figures_is_a_test() -> None:
    """The likely forecast reaches the need, its lower quarter does not."""
    wide = {**SURE, "conversion_rate": {"low": 0.005, "likely": 0.02, "high": 0.08}}
    book = client(110.0, campaign={"assumptions": wide})
    assert first(book).startswith("Go as a test: it needs about ")


@pytest.mark.parametrize(
    ("economics", "missing"),
    [
        ({"average_order_value": 119}, "the margin on these goods"),
        ({"margin": 0.6}, "the basket"),
        ({}, "the basket and the margin on these goods"),
    ],
)
def test_what_is_missing_is_named(economics: dict[str, Any], missing: str) -> None:
    """Not yet, with what is missing and nothing else; what is likely is said all the same."""
    words = first(client(100.0, economics=economics))
    assert words.startswith(f"Not yet: without {missing} nobody can say how many orders pay ")
    assert " orders likely (" in words


def test_an_order_that_loses_money_is_not_as_priced() -> None:
    """More orders lose more; no number of them is asked for."""
    book = client(100.0, economics={"margin": 0.1, "average_order_value": 30, "shipping_cost": 9})
    assert first(book).startswith("Not as priced: an order loses about €6 before any creator is paid")


def test_without_followers_and_views_nothing_is_likely() -> None:
    """The need is said, and that nothing says what is likely."""
    book = client(100.0, typical_views=np.nan)
    book.tables.creators["followers"] = np.nan
    assert first(book) == (
        "Not yet: it needs about 10 orders, and neither followers nor views of these creators say what is likely."
    )


@pytest.mark.parametrize(
    ("goal", "targets", "words"),
    [
        ("awareness", {"people_reached": 50_000}, "Go: the target asks for 50,000 views; these creators' own posts make "),
        ("awareness", {"people_reached": 150_000}, "Not as priced: the target asks for 150,000 views;"),
        ("awareness", {"cost_per_thousand": 20}, "Go: the target price asks for 40,000 views for €800;"),
        ("awareness", {"cost_per_thousand": 4}, "Not as priced: the target price asks for 200,000 views for €800;"),
        ("awareness", {}, "Not yet: no target was set, so nothing says what is enough; these creators' own posts make "),
        ("content", {"usable_pieces": 6}, "Go: the target asks for 6 pieces; agreements with these creators make 8 likely."),
        ("content", {"usable_pieces": 13}, "Not as priced: the target asks for 13 pieces;"),
        ("content", {"cost_per_piece": 100, "usable_pieces": 3}, "Go: the target price asks for 8 pieces for €800;"),
        ("community", {}, "Not yet: no target was set"),
        ("content", {"usable_pieces": {"baseline": 3}}, "Not yet: no target was set"),
        ("content", {"cost_per_piece": -5}, "Not yet: no target was set"),
    ],
)  # fmt: skip
def test_other_goals_go_by_their_own_figure(goal: str, targets: dict[str, Any], words: str) -> None:
    """The target of the campaign file is the need; without a value above 0 it is said what is likely, and that none was set."""
    book = client(100.0, campaign={"goal": goal, "targets": targets, "budget": 1000})
    assert first(book).startswith(words)
    open_questions = " ".join(str(note.text) for note in goals.unknowns(book).notes)
    assert ("A target: whether what is likely is enough." in open_questions) == ("no target was set" in words)


@pytest.mark.parametrize(
    ("goal", "targets", "words"),
    [
        ("content", {"usable_pieces": 6}, "The target holds if 8 creators bring 6 pieces, about 0.8 each."),
        ("awareness", {"cost_per_thousand": 20}, "The target holds if 8 creators bring 40,000 views, about 5,000 each."),
        ("community", {}, "A target has to be set."),
    ],
)  # fmt: skip
def test_what_has_to_be_true_is_the_goals_figure_first(
    goal: str, targets: dict[str, Any], words: str
) -> None:
    """What the target asks of each creator, or that none is set; what pays back comes behind it, and says so."""
    book = client(100.0, campaign={"goal": goal, "targets": targets, "budget": 1000})
    notes = [note for note in goals.break_even(book).notes if note.slot == "plan.has_to_be_true"]
    assert [note.rank for note in notes] == [1, 2]
    ours, money = (str(note.text).replace("\xa0", " ") for note in notes)
    assert ours == words
    assert money.startswith("Money comes second. Pays back if each creator brings about ")
    pieces = [note for note in tiers.recommendation(book).notes if note.slot == "plan.who_and_what"]
    assert bool(pieces) == (goal == "content")
    sales = goals.break_even(client(100.0)).notes
    (alone,) = [note for note in sales if note.slot == "plan.has_to_be_true"]
    assert str(alone.text).startswith("Pays back if each creator")


def test_one_creator_reads_in_the_singular() -> None:
    """No page on one creator says “1 creators”, or that no more than all hangs on one person."""
    book = client(300.0, n=1)
    shown = [
        *tiers.recommendation(book).notes,
        *tiers.mixes(book).notes,
        *tiers.budget_mix(book).notes,
        *goals.break_even(book).notes,
        *goals.forecast(book).notes,
        *goals.test_plan(book).notes,
        *goals.unknowns(book).notes,
    ]
    text = " ".join(str(note.text) for note in shown).replace("\xa0", " ")
    assert "Reckoned with 1 creator for €300" in text
    for wrong in ("1 creators", "1 orders", "1 people", "100% on one"):
        assert wrong not in text


def test_need_and_forecast_are_the_recommended_plans() -> None:
    """The figures of the first sentence are those of the break-even and of the forecast's table."""
    book = client(300.0)
    mix = recommended(book)
    assert mix is not None
    advised = plan_verdict(book, mix)
    needed = goals.break_even(book).figures["goals.orders_in_all"]
    assert advised.needed is not None
    assert advised.needed.likely == needed.value
    steps = goals.forecast(book).tables["goals.forecast"].frame.set_index("step")
    assert advised.likely == tuple(steps.loc["Orders", ["low", "likely", "high"]])


def hard_client(
    shelf: Path, creators: str, economics: dict[str, Any], budget: float, orders: str = ""
) -> Book:
    """A client's files with this list, opened before launch."""
    make_client(
        shelf, {"creators.csv": creators, **({"orders.csv": orders} if orders else {})}, economics=economics
    )
    campaign = {
        "goal": "sales",
        "budget": budget,
        "start": "2026-03-02",
        "end": "2026-03-29",
        "as_of": "2026-02-01",
    }
    (shelf / "campaigns" / "spring.yml").write_text(yaml.safe_dump(campaign), encoding="utf-8")
    return open_book(shelf, "spring", "plan")


def test_hard_client_with_one_creator_for_300(shelf: Path) -> None:
    """The review's: between 0 and 4 orders were called a reason to go."""
    creators = "creator,handle,platform,followers,fee,code\nAnna,anna.a,instagram,12000,300,ANNA10\n"
    book = hard_client(shelf, creators, {"margin": 0.6, "average_order_value": 119}, 1000)
    assert first(book) == (
        "Not as priced: it needs about 6 orders to pay back; public figures make none likely (0 to 4)."
    )


def test_no_line_of_a_plan_on_one_creator_says_several(shelf: Path) -> None:
    """The whole report: “1 creators” and its kind stand nowhere, but for “1 of 1 creators”; page one keeps to its words."""
    creators = "creator,handle,platform,followers,fee,code\nAnna,anna.a,instagram,12000,300,ANNA10\n"
    book = hard_client(shelf, creators, {"margin": 0.6, "average_order_value": 119}, 1000)
    shown = run_stage(shelf, "plan", "spring")
    several = re.compile(
        r"(?<![\d.,])(?<!of )1 (creators|orders|people|posts|pieces|codes|links|groups)\b|100% on one"
    )
    texts = [str(note.text).replace("\xa0", " ") for findings in shown for note in findings.notes]
    assert [text for text in texts if several.search(text)] == []
    contents = Contents.of(book, shown)
    assert word_count(first_page(contents), contents.formats) <= MOST_WORDS


def test_hard_client_without_an_order_export(shelf: Path) -> None:
    """The review's: the margin is in client.yml, so the basket alone is missing, and nothing is advised."""
    creators = (
        "creator,handle,platform,followers,fee,code\nAnna,anna.a,instagram,12000,300,ANNA10\n"
        "Ben,ben.b,instagram,9000,200,BEN10\nCleo,cleo.c,tiktok,8000,100,CLEO10\n"
    )
    book = hard_client(shelf, creators, {"margin": 0.6}, 1000)
    assert first(book).startswith("Not yet: without the basket nobody can say how many orders pay ")
    assert "margin" not in first(book)


def test_hard_client_whose_fees_are_all_unknown(shelf: Path) -> None:
    """The review's: exemplary, and kept."""
    creators = (
        "creator,handle,platform,followers,code\nAnna,anna.a,instagram,12000,ANNA10\n"
        "Ben,ben.b,instagram,9000,BEN10\nCleo,cleo.c,tiktok,8000,CLEO10\n"
    )
    book = hard_client(shelf, creators, {"margin": 0.6}, 1000)
    assert first(book).startswith("Not yet: the prices of 3 creators are missing")
