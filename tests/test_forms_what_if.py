"""What-ifs: no control moves nothing without a word, what is tried counts, and no report knows of it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest

import creatorbook
from books import make_book
from creatorbook.acts.what_ifs import MAKERS
from creatorbook.book import Book
from creatorbook.client import Range
from creatorbook.client.campaign_file import Commitment
from creatorbook.client.repository import NOTEBOOKS
from creatorbook.finance.economics import unit_economics
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.margin import margin_rule
from creatorbook.findings import Findings, Note, Step, Steps
from creatorbook.findings.formats import Formats
from creatorbook.forms.answers import content_of
from creatorbook.forms.form import Form
from creatorbook.forms.what_if import what_if_form
from creatorbook.opening import open_book
from creatorbook.problems import Problem
from roi_books import creators_frame, orders_frame, worked_example
from samples import CLIENTS, HOSTILE, folder_of, opened

#: The short run moves controls and works answers out anew for two clients, `--all` for every one.
FAST_OF_CLIENTS = [
    pytest.param(name, marks=[] if name in {"velmora", "northpin"} else pytest.mark.slow) for name in CLIENTS
]

#: a notebook's stage and its what-ifs: step and assumptions
STAGES = {"01_goals": "plan", "03_tiers": "plan", "04_tracking": "plan", "05_roi": "results"}


def what_ifs() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every what-if of the notebooks, as its cell says: notebook, step, assumptions."""
    for name in STAGES:
        for cell in nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells:
            if cell.cell_type == "code" and cell.source.startswith("forms.what_if("):
                call = ast.parse(cell.source, mode="eval").body
                assert isinstance(call, ast.Call)
                names = tuple(ast.literal_eval(one) for one in call.args[2:])
                yield name, ast.unparse(call.args[1]), names


WHAT_IFS = list(what_ifs())


def _step(name: str) -> Callable[[Book], Findings]:
    room, function = name.split(".")
    return getattr(importlib.import_module(f"creatorbook.{room}"), function)


def _exact(value: float) -> Range:
    return Range(low=value, likely=value, high=value)


def test_every_assumption_has_a_what_if() -> None:
    """What can be tried is tried somewhere."""
    assert {name for _, _, names in WHAT_IFS for name in names} == set(MAKERS)


@pytest.mark.parametrize(("notebook", "step", "names"), WHAT_IFS, ids=lambda one: str(one))
@pytest.mark.parametrize("client", FAST_OF_CLIENTS)
def test_no_control_moves_nothing_without_a_word(
    client: str, notebook: str, step: str, names: tuple[str, ...]
) -> None:
    """Every control, at both ends and between: another answer, or the sentence why not."""
    book = opened(client, STAGES[notebook])
    form = what_if_form(book, _step(step), *names)
    present = {field["name"]: field["value"] for field in form.fields}
    before = _shown(form)
    for field in form.fields:
        if field["kind"] == "tick":
            continue
        if field["off"] and not field["wakes_with"]:
            assert field["off"].endswith("."), field["name"]
            continue
        moved = []
        for value in _values(field):
            entered = {**present, field["name"]: value}
            if field["wakes_with"]:
                form.move(entered)
                assert _shown(form) == before, "it counts only where somebody says so"
                entered[field["wakes_with"]] = True
            answer = form.move(entered)
            assert answer["ok"], answer["words"]
            moved.append(_shown(form) != before)
            if not moved[-1] and value != field["value"]:
                assert "The answer stays the same. " in answer["words"], (field["name"], value)
        assert any(moved) or client == HOSTILE, field["name"]  # there each value says why
        answer = form.press("As it was", present)
        assert _shown(form) == before
        assert {name: answer["values"][name] for name in present} == present


def _values(field: dict[str, Any]) -> list[Any]:
    if field["kind"] == "choice":
        return [one["value"] for one in field["options"]]
    low, value, high = field["low"], field["value"], field["high"]
    return [low, (low + value) / 2, (value + high) / 2, high]


def _shown(form: Form) -> str:
    """What the form answers, without what stood there before."""
    return re.sub(r'<span class="cb-was">.*?</span>|title="[^"]*"', "", form.html)


def test_a_share_read_from_orders_can_be_tried_otherwise() -> None:
    """The control is off, says what it read, and counts after the tick."""
    book = opened("velmora", "plan")
    form = what_if_form(book, _step("goals.break_even"), "return_rate")
    control, tick = form.fields
    assert control["off"] == "Read from files: 38% (orders: refunds of 1,669 settled orders)."
    assert (control["value"], control["wakes_with"], tick["label"]) == (
        0.38,
        "try_return_rate",
        "Share that comes back: try another share anyway",
    )
    answer = form.move({"return_rate": 0.6, "try_return_rate": True})
    assert answer["words"] == "Tried: Share that comes back 60% in place of 38%."
    assert "was " in form.html


def test_what_is_tried_wins_over_files_and_what_is_changed_does_not() -> None:
    """`trying` is a what-if's, `changed` says what a client states; reports know the second only."""
    book = opened("velmora", "plan")
    assert not book.tried
    stated, tried = book.changed(return_rate=_exact(0.6)), book.trying(return_rate=_exact(0.6))
    assert unit_economics(stated).return_rate == unit_economics(book).return_rate
    assert unit_economics(tried).return_rate == _exact(0.6)
    margin = _exact(0.3)
    assert margin_rule(book.changed(margin=margin)).basis == "products"
    assert margin_rule(book.trying(margin=margin)).value == margin
    basket = unit_economics(book.trying(average_order_value=_exact(99.0))).basket
    assert basket == _exact(99.0)


def test_returns_tried_are_of_all_credited_orders() -> None:
    """Worked example: 100 orders of 97, 30% of them come back: 6,790 stay; nothing less than what has come back."""
    book = worked_example(0)
    assert money_ladder(book.trying(return_rate=_exact(0.3))).sales_that_stay == pytest.approx(9700 * 0.7)
    velmora = opened("velmora", "results")
    (control, _) = what_if_form(velmora, _step("roi.ladder"), "return_rate").fields
    full = money_ladder(velmora)
    came = -full.money("returned") / full.money("traced", "discounts", "tax", "cancelled")
    assert came <= control["low"] < came + 0.01


def test_as_many_parcels_come_back_as_value() -> None:
    """Twice the value that comes back is twice the parcels to handle, not the share of value itself."""
    book = opened("velmora", "plan")
    inputs = unit_economics(book).inputs
    likely, orders = inputs["return_rate"].likely, inputs["return_probability"].likely
    tried = unit_economics(book.trying(return_rate=_exact(likely / 2))).inputs["return_probability"]
    assert tried.likely == pytest.approx(orders / 2)


def test_a_margin_tried_is_of_the_price_before_the_code() -> None:
    """Where client.yml's is of the price paid, the control shows and takes the one that is reckoned with."""
    book = worked_example(0)
    economics = book.client.economics.model_copy(update={"margin_on": "price_paid"})
    book = replace(book, client=book.client.model_copy(update={"economics": economics}))
    assert margin_rule(book.trying(margin=_exact(0.5))).value == _exact(0.5)


def test_further_costs_come_off_once() -> None:
    """500 more cost 500 of profit."""
    book = worked_example(0)
    more = Commitment(what="tried", amount=500.0, kind="tried in a what-if")
    there = book.trying(costs=[*book.campaign.costs, more])
    before, after = money_ladder(book).profit, money_ladder(there).profit
    assert before is not None
    assert after == pytest.approx(before - 500)


def test_another_trace_first_credits_another_creator() -> None:
    """An order with Anna's code whose answer names Bea is Bea's where answers go first."""
    orders = orders_frame({"ANNA10": 2, "BEA10": 1})
    answers_given = pd.DataFrame({"order_id": ["#0"], "answer": ["x"], "handle": ["bea"]})
    creators = creators_frame(["ANNA10", "BEA10"], fee=1.0)
    book = make_book({"orders": orders, "creators": creators, "survey": answers_given})
    form = what_if_form(replace(book, mode="explore"), _step("roi.ladder_by"), "precedence")
    (rule,) = form.fields
    assert not rule["off"]
    assert [one["words"] for one in rule["options"]] == [
        "Discount code → answer after the order",
        "Answer after the order → discount code",
    ]
    before = form.html
    form.move({"precedence": rule["options"][1]["value"]})
    assert form.html != before


def test_the_same_answer_is_told_from_another_by_its_figures() -> None:
    """Where a figure comes from is no part of an answer."""
    one, other = (Findings("x", (Note("12 orders"), Note(why, "method"))) for why in ("files", "what-if"))
    assert content_of(one) == content_of(other)
    assert content_of(one) != content_of(Findings("x", (Note("13 orders"),)))


def test_steps_are_drawn_by_hand_as_far_as_they_reach() -> None:
    """From 100 less 40 to 60: bars begin and end where the amounts say; names are escaped; a mark shows what was."""
    formats = Formats.of("en", "DE", "EUR")
    steps = Steps(
        (Step("<Sales>", 100.0, True), Step("Goods", -40.0, False), Step("Left", 60.0, True)), formats
    )
    before = Steps((Step("Goods", -50.0, False),), formats)
    text = steps.svg('Down to "60"', before)
    assert "<Sales>" not in text
    assert "&lt;Sales&gt;" in text
    assert 'aria-label="Down to &quot;60&quot;"' in text
    bars = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="14"', text)
    width = 700 - 270 - 84
    scale = width / 150  # from -50, where the earlier step reached, to 100
    expected = [(0, 100), (60, 100), (0, 60)]
    for (left, wide), (start, end) in zip(bars, expected, strict=True):
        assert float(left) == pytest.approx(270 + (start + 50) * scale, abs=0.1)
        assert float(wide) == pytest.approx((end - start) * scale, abs=0.2)
    assert text.count('class="cb-before"') == 1


@cache
def _free_functions() -> tuple[Any, ...]:
    """Every question whose answer is said not to hang on some assumptions."""
    modules = [
        importlib.import_module(one.name)
        for one in pkgutil.walk_packages(creatorbook.__path__, "creatorbook.")
        if one.name.split(".")[1] in {"campaign", "finance", "planning"}
    ]
    found = {
        value: None
        for module in modules
        for value in vars(module).values()
        if callable(value) and getattr(value, "free_of", None)
    }
    return tuple(found)


@pytest.mark.parametrize("stage", ["plan", "results"])
@pytest.mark.parametrize("client", FAST_OF_CLIENTS)
def test_what_is_said_not_to_hang_on_an_assumption_does_not(client: str, stage: str) -> None:
    """Worked out anew under other assumptions, each answer is the one that is kept."""
    book = opened(client, stage)
    others = {
        "margin": _exact(0.11),
        "return_rate": _exact(0.77),
        "average_order_value": _exact(5.0),
        "budget": 777.0,
        "costs": [Commitment(what="x", amount=1.0, kind="x")],
        "precedence": ["survey", "link", "code"],
    }
    assert len(_free_functions()) > 30
    for function in _free_functions():
        changes = {name: value for name, value in others.items() if name in function.free_of}
        anew = replace(book.trying(**changes), changed_from=None)
        _assert_same(_asked(function, anew), _asked(function, book), function.__name__)
        assert book.trying(**changes).same_but_for(function.free_of) is book


def test_another_change_is_no_longer_the_same() -> None:
    """A book with other decisions, or another rate than those named, answers for itself."""
    book = opened("velmora", "plan")
    changed = book.trying(margin=_exact(0.3))
    assert changed.same_but_for(frozenset({"margin"})) is book
    assert changed.same_but_for(frozenset({"budget"})) is changed
    decided = replace(changed, decisions=changed.decisions.head(0))
    assert decided.same_but_for(frozenset({"margin"})) is decided
    twice = changed.changed(settles_after_days=1)
    assert twice.same_but_for(frozenset({"margin"})) is twice


def _asked(function: Callable[[Book], Any], book: Book) -> Any:
    """The answer, or the mistake in the client's files that it cannot be given for."""
    try:
        return function(book)
    except Problem as problem:
        return str(problem)


def _assert_same(one: Any, other: Any, name: str) -> None:
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, obj=name)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, obj=name)
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, err_msg=name)
    elif isinstance(one, dict):
        assert list(one) == list(other), name
        for key in one:
            _assert_same(one[key], other[key], name)
    elif is_dataclass(one) and not isinstance(one, type):
        for field in fields(one):
            _assert_same(getattr(one, field.name), getattr(other, field.name), f"{name}.{field.name}")
    elif isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for part, again in zip(one, other, strict=True):
            _assert_same(part, again, name)
    else:
        assert one == other or (one != one and other != other), name


def test_nothing_is_shown_in_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    """The step is not even asked."""
    from creatorbook import forms

    def never(_book: Book) -> Findings:
        raise AssertionError

    forms.what_if(opened("velmora", "plan"), never, "margin")
    assert not capsys.readouterr().out
    shown = open_book(folder_of("velmora"), stage="plan", mode="explore")
    forms.what_if(shown, _step("goals.break_even"), "margin")
    assert "what another assumption would change" in capsys.readouterr().out


def test_a_plan_that_was_decided_before_moves_no_more() -> None:
    """Notebook 03 of a campaign that has begun: each control is off and says why, whoever takes part by now."""
    form = what_if_form(opened("sorrelby", "results"), _step("tiers.mixes"), "budget", "margin")
    assert {field["off"] for field in form.fields} == {"How to spend the budget was decided before launch."}
