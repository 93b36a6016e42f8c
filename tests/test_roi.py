"""Step 05 in words: the first page says what the files allow, and nothing more."""

from datetime import date

import nbformat
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from books import make_book
from creatorbook import roi
from creatorbook.book import Book
from creatorbook.client.repository import ROOT
from creatorbook.finance.books import reconciliation
from creatorbook.finance.ladder import money_ladder
from creatorbook.findings import written
from creatorbook.opening import open_book
from creatorbook.roi.creator_results import creator_results
from roi_books import creators_frame, orders_frame, random_campaign, worked_example
from samples import SAMPLES

STEPS = [name for name in roi.__all__ if name != "claimed_orders"]
GOALS = ["sales", "awareness", "content", "community"]


def _text(findings: object, slot: str) -> str:
    return " ".join(note.text for note in findings.notes if note.slot == slot)  # type: ignore[attr-defined]


def _thin() -> Book:
    """The minimum: four columns of orders, creators with a fee and a code."""
    orders = orders_frame({"ANNA10": 9, "BEA10": 3})[["order_id", "ordered_at", "total", "discount_code"]]
    return make_book({"orders": orders, "creators": creators_frame(["ANNA10", "BEA10"], fee=150.0)})


BOOKS = {
    "empty": lambda: make_book(),
    "creators only": lambda: make_book({"creators": creators_frame(["ANNA10"], fee=100.0)}),
    "orders without codes": lambda: make_book(
        {"orders": orders_frame({"": 5}), "creators": creators_frame(["ANNA10"], fee=100.0)}
    ),
    "thin": _thin,
    "no costs": lambda: make_book(
        {"orders": orders_frame({"ANNA10": 9}), "creators": creators_frame(["ANNA10"])}
    ),
    "all cancelled": lambda: make_book(
        {
            "orders": orders_frame({"ANNA10": 2}, cancelled_at=pd.Timestamp("2026-03-06")),
            "creators": creators_frame(["ANNA10"], fee=10.0),
        },
        client={"economics": {"margin": 0.5}},
    ),
    "random": lambda: random_campaign(1),
}


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("book", BOOKS)
def test_every_step_answers_whatever_is_there(book: str, goal: str) -> None:
    """Each function returns at least one sentence, figure or table for every book and goal."""
    made = BOOKS[book]().changed(goal=goal)
    for name in STEPS:
        assert getattr(roi, name)(made).items, name


@pytest.mark.parametrize("book", BOOKS)
def test_every_first_page_slot_has_something_to_say(book: str) -> None:
    """No heading of the results page is bare, and keys are unique over the step."""
    items = [item for name in STEPS for item in getattr(roi, name)(BOOKS[book]()).items]
    slots = {item.slot for item in items if item.slot}
    assert {"results.one_sentence", "results.ladder", "results.caused", "results.next"} <= slots
    assert {"results.against_plan", "results.could_change", "results.not_known", "results.books"} <= slots
    keys = [item.key for item in items if hasattr(item, "key")]
    assert len(keys) == len(set(keys))


def test_the_result_is_one_sentence() -> None:
    """On traced sales, made or lost, and what was spent."""
    text = _text(roi.headline(worked_example(44)), "results.one_sentence")
    assert text.startswith("On traced sales, the campaign lost")
    assert "after €3,543 spent" in text


def test_a_single_margin_is_no_certainty() -> None:
    """One typed number says that nobody has confirmed it and where the result turns, never “to the unit”."""
    text = _text(roi.headline(worked_example(25)), "results.one_sentence")
    assert "at a margin of 53" in text
    assert "which nobody has confirmed; at 53" in text or "which nobody has confirmed; at 52" in text
    assert "to the unit" not in text
    profit = roi.headline(worked_example(25)).figures["roi.profit"]
    assert "margin of 53% not confirmed" in str(profit.note)
    assert {profit.grade, roi.ladder(worked_example(25)).figures["roi.roi"].grade} == {"assumed"}
    moved = roi.could_change(worked_example(25)).tables["roi.sensitivity"].frame.set_index("what")
    row = moved.loc["Margin, not confirmed, 5 points more or less"]
    assert row.high - row.low == pytest.approx(0.1 * 9700 * 0.75, abs=2)


@pytest.mark.parametrize(
    ("cost", "shipping", "says"),
    [
        (0.0, None, "(to the unit)"),
        (0.0, 4, "(with shipping to the buyer, net of"),
        (45.0, None, "(likely between €3,663 and €4,217;"),
    ],
)
def test_to_the_unit_is_said_only_where_nothing_is_assumed(
    cost: float, shipping: float | None, says: str
) -> None:
    """With goods that cost nothing, counted returns and fees on file there is nothing to doubt; lists of costs leave 3 points."""
    lines = pd.DataFrame(
        {"order_id": [f"#{n}" for n in range(100)], "sku": "A", "quantity": 1.0, "price": 97.0}
    )
    tables = {
        "orders": orders_frame({"ANNA10": 100}, refunded=5),
        "creators": creators_frame(["ANNA10"], fee=1000.0),
        "order_lines": lines,
        "products": pd.DataFrame({"sku": ["A"], "product": ["Skirt"], "cost": [cost]}),
    }
    economics = {} if shipping is None else {"shipping_cost": shipping}
    book = make_book(tables, client={"tax_rate": 0.0, "economics": economics})
    assert says in _text(roi.headline(book), "results.one_sentence")


def test_open_returns_make_it_too_early() -> None:
    """While returns to come could turn the result, the sentence says so, with the day it settles."""
    orders = orders_frame({"ANNA10": 100}).drop(columns="refunded")
    orders["ordered_at"] = pd.Timestamp("2026-05-10")
    book = make_book(
        {"orders": orders, "creators": creators_frame(["ANNA10"], fee=3000.0)},
        client={"tax_rate": 0.0, "economics": {"margin": 0.53, "return_rate": [0.2, 0.6]}},
        campaign={"start": "2026-04-20", "end": "2026-05-12"},
    )
    text = _text(roi.headline(book), "results.one_sentence")
    assert text.startswith("It is too early to say: 100")
    assert "returns are still open until" in text


def test_without_a_margin_the_sentence_is_the_break_even() -> None:
    """The thin client reads orders, sales at most, cost, and what the margin has to be."""
    text = _text(roi.headline(_thin()), "results.one_sentence")
    assert "12 orders" in text
    assert "at most" in text
    assert "On traced sales, it pays back if the margin on these goods is at least" in text


@pytest.mark.parametrize("goal", GOALS)
def test_three_figures_by_goal(goal: str) -> None:
    """The first page has three figures for every goal, each with its slot."""
    figures = roi.headline(random_campaign(1).changed(goal=goal)).figures
    assert len([figure for figure in figures.values() if figure.slot == "results.three_figures"]) == 3


def test_a_buyer_is_new_only_against_a_look_back() -> None:
    """New is said with the days looked back; without an earlier order, or without buyers, it is the cost per order."""
    orders = orders_frame({"ANNA10": 4}, customer=["a", "b", "c", "d"])
    old = orders_frame({"": 1}, order_id=["#old"], customer=["a"])
    creators = creators_frame(["ANNA10"], fee=90.0)
    for first, days in (("2025-01-01 18:30", 425), ("2026-02-28 23:00", 2)):
        earlier = old.assign(ordered_at=pd.Timestamp(first))
        book = make_book({"orders": pd.concat([earlier, orders], ignore_index=True), "creators": creators})
        figure = roi.headline(book).figures["roi.cost_per_customer"]
        assert (figure.label, figure.value) == ("Cost per new customer", 30)
        assert figure.note == f"new: no order in {days} days"
        assert f"in the {days} days before" in roi.customers(book).notes[0].text
    none_before = make_book({"orders": orders, "creators": creators})
    figure = roi.headline(none_before).figures["roi.cost_per_customer"]
    assert (figure.label, figure.value) == ("Cost per order", 22.5)
    assert figure.note == "new customers cannot be told: no earlier orders"
    assert "new customers cannot be told" in roi.customers(none_before).notes[0].text
    assert roi.headline(_thin()).figures["roi.cost_per_customer"].label == "Cost per order"


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_books_tie(seed: int) -> None:
    """From the shop's net sales to the sales this report uses, every step adds up to the cent."""
    book = random_campaign(seed)
    frame = reconciliation(book).set_index("line").cents.round()
    assert frame["shop"] + frame["untraced"] == frame["traced"]
    parts = frame["traced":].drop(index="used")
    assert parts.sum() == frame["used"]
    assert frame["used"] == round(money_ladder(book).sales_that_stay * 100)


def test_a_floor_needs_enough_answers() -> None:
    """Fewer than 30 answers: cannot separate; with enough, the raw share is the floor."""
    orders = orders_frame({"ANNA10": 60})
    answers = pd.DataFrame(
        {"order_id": orders.order_id, "answer": "x", "handle": ["anna"] * 20 + [None] * 40}
    )
    tables = {"orders": orders, "creators": creators_frame(["ANNA10"], fee=1.0)}
    few = make_book({**tables, "survey": answers.head(29)})
    assert "cannot separate the two" in _text(roi.caused(few), "results.caused")
    many = roi.caused(make_book({**tables, "survey": answers}, client={"tax_rate": 0.0}))
    assert many.figures["roi.caused_at_least"].value == 20 * 97


def test_a_changed_margin_changes_the_ladder() -> None:
    """What a what-if does: another margin or return rate is another result, product costs or not."""
    from creatorbook.client import Range

    book = worked_example(0)
    slider = Range(low=0.3, likely=0.3, high=0.3, source="what-if")
    assert money_ladder(book.trying(margin=slider)).profit < money_ladder(book).profit
    assert money_ladder(book.trying(return_rate=slider)).sales_that_stay == pytest.approx(9700 * 0.7)


def test_the_notebook_calls_every_step() -> None:
    """Notebook 05 shows each function of the step once."""
    notebook = nbformat.read(ROOT / "notebooks" / "05_roi.ipynb", as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert [name for name in STEPS if f"show(roi.{name}(" not in code] == []


@pytest.mark.parametrize("client", SAMPLES)
def test_a_sample_clients_books_tie(client: str) -> None:
    """From the shop's net sales to the sales this report uses, every step is named and each sum is exact."""
    book = open_book(client, stage="results")
    frame = reconciliation(book).set_index("line")
    assert frame.cents["traced"] == frame.cents["shop"] + frame.cents["untraced"]
    between = frame.loc["traced":"used"].iloc[1:-1].cents
    assert frame.cents["used"] == frame.cents["traced"] + between.sum()
    assert frame.cents["used"] == round(money_ladder(book).sales_that_stay * 100)
    assert min(len(written(what, book.formats)) for what in frame.what) > 5


def test_what_is_there_is_not_asked_for() -> None:
    """Parts held back are asked for next time until a comparison that was stored before launch tells what was caused."""

    def asked(client: str) -> str:
        book = open_book(client, stage="results")
        return " ".join(
            written(what, book.formats) for what in roi.next_time(book).tables["roi.next_time"].frame.what
        )

    assert "held back" in asked("velmora")
    assert "held back" not in asked("sorrelby")


def test_open_orders_of_a_shop_without_a_past_tell_no_result() -> None:
    """Two days after the last order nothing has come back, and neither rate nor past says what will: too early, not 0."""
    tables = {
        "orders": orders_frame({"ANNA10": 30}, refunded=0),
        "creators": creators_frame(["ANNA10"], fee=100.0),
    }
    book = make_book(tables, client={"economics": {"margin": 0.6}}, as_of=date(2026, 3, 30))
    ladder = money_ladder(book)
    assert (ladder.returns_known, ladder.stay_grade) == (False, "estimated")
    assert (
        _text(roi.headline(book), "results.one_sentence")
        == "It is too early to say: nothing tells what comes back."
    )
    assert set(creator_results(book).frame.decision) == {"too early"}


@pytest.mark.parametrize(
    ("fee", "says"),
    [
        (4712.0, "spent €4,712 (€712 over budget); no approved plan"),
        (4000.0, "spent €4,000; no approved plan"),
        (None, "what was spent is not on file; no approved plan"),
    ],
)
def test_results_say_by_how_much_the_budget_is_exceeded(fee: float | None, says: str) -> None:
    """As the pulse does, from the same rule: not at the budget itself, and not where nobody knows what was spent."""
    tables = {"orders": orders_frame({"ANNA10": 9}), "creators": creators_frame(["ANNA10"], fee=fee)}
    book = make_book(tables, campaign={"budget": 4000})
    assert says in _text(roi.against_plan(book), "results.against_plan")


def test_each_declared_range_moves_the_result_in_a_row_of_its_own() -> None:
    """Margin, and each cost stated as a range, has a row; what is not known, and what is exact, has none."""
    tables = {
        "orders": orders_frame({"ANNA10": 100}).drop(columns="refunded"),
        "creators": creators_frame(["ANNA10"], fee=3000.0),
    }
    costs = {
        "margin": [0.5, 0.6],
        "shipping_cost": [3, 5],
        "handling_per_return": 4,
        "payment_fee_rate": [0.015, 0.03],
    }
    book = make_book(tables, client={"tax_rate": 0.0, "economics": costs})
    frame = roi.could_change(book).tables["roi.sensitivity"].frame
    assert set(frame.what) == {"Margin", "Shipping of an order", "Payment fees, of what buyers pay"}
    rows = frame.set_index("what")
    assert rows.range["Payment fees, of what buyers pay"].replace("\u00a0", "").startswith("1.5% to 3.0%")
    shipping = rows.loc["Shipping of an order"]
    assert shipping.high - shipping.low == pytest.approx(100 * 2, abs=1)


def test_one_answer_to_what_open_returns_do_to_the_result() -> None:
    """The headline's “too early” and the row of what moves the result rest on the same profits."""
    orders = orders_frame({"ANNA10": 100}).drop(columns="refunded")
    orders["ordered_at"] = pd.Timestamp("2026-05-10")
    book = make_book(
        {"orders": orders, "creators": creators_frame(["ANNA10"], fee=3000.0, commission_rate=0.1)},
        client={
            "tax_rate": 0.0,
            "economics": {"margin": 0.53, "return_rate": [0.2, 0.6], "shipping_cost": 4},
        },
        campaign={"start": "2026-04-20", "end": "2026-05-12"},
    )
    ladder = money_ladder(book)
    row = (
        roi.could_change(book).tables["roi.sensitivity"].frame.set_index("what").loc["Returns still expected"]
    )
    assert ladder.open_returns is not None
    ends = sorted(ladder.profit_at(returns=one / 9700) for one in ladder.open_returns)
    assert row.low <= ends[0] < row.low + 1  # ends are rounded outwards, to whole euros
    assert row.high - 1 < ends[1] <= row.high
    low, high = (one / 9700 for one in ladder.open_returns)
    assert low < 0.2 < 0.6 < high  # the stated range, and the chance of a hundred orders


def test_what_is_left_out_is_told_with_its_money_or_without_any() -> None:
    """Orders in a currency without a rate have no amount: the sentence counts them once and puts no number in its place."""
    orders = orders_frame({"ANNA10": 4}, currency=["EUR", "NOK", "NOK", "NOK"])
    orders.loc[0, "test"] = True
    book = make_book({"orders": orders, "creators": creators_frame(["ANNA10"])}, client={"tax_rate": 0.0})
    notes = [note.text for note in roi.books(book).notes if note.text.startswith("Left out")]
    assert notes[0].startswith("Left out: 1 order with a creator's code (test order), €97")
    assert notes[1] == "Left out: 3 orders with a creator's code (in NOK: no rate is on file)."
