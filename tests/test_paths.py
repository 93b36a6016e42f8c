"""Would another rule change the decision: other precedences, and click paths where a client has them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook import plugins, roi
from creatorbook.book import Book
from creatorbook.problems import Problem
from creatorbook.stats.attribution import Rule
from roi_books import creators_frame, orders_frame, random_campaign
from shelf import read_one, shelf_folder  # noqa: F401 - a fixture

CODES = ["ANNA10", "BEA10", "CLEO10"]


def with_paths(paths: list[tuple[list[str], bool]], **columns: object) -> Book:
    """A book with one journey per path, a touch a day."""
    rows = [
        (
            f"v{number}",
            pd.Timestamp("2026-03-05") + pd.Timedelta(days=place),
            name,
            bought and place == len(path) - 1,
        )
        for number, (path, bought) in enumerate(paths)
        for place, name in enumerate(path)
    ]
    frame = pd.DataFrame(rows, columns=["journey", "touched_at", "channel", "converted"]).assign(**columns)
    orders = orders_frame(dict.fromkeys(CODES, 10))
    return make_book(
        {"orders": orders, "creators": creators_frame(CODES, fee=200.0), "journeys": frame},
        client={"economics": {"margin": 0.5}},
    )


def notes_of(book: Book) -> str:
    return " ".join(note.text for note in roi.other_rules(book).notes)


def test_other_precedences_keep_every_order_once() -> None:
    """Whoever goes first, each order is claimed once; only what a kind alone names can drop out."""
    book = random_campaign(3)
    frame = roi.other_rules(book).tables["roi.other_rules"].frame.set_index("rule")
    assert frame.moved["as stated"] == 0
    first = frame[frame.index.str.endswith("first")]
    assert len(first) == 2
    assert (first.orders == frame.orders["as stated"]).all()
    assert (first.moved > 0).any()
    assert frame.orders[frame.index.str.startswith("only")].max() <= frame.orders["as stated"]
    assert frame.profit.notna().all()


def test_the_overlap_is_drawn_with_words() -> None:
    """Each combination of evidence is a row of the chart, and its words hold the same figures as the table."""
    book = random_campaign(3)
    chart = roi.other_rules(book).charts["roi.overlap_chart"]
    table = roi.claims(book).tables["roi.overlap"].frame
    several = table[table.kinds.str.contains(" + ", regex=False)].orders.sum()
    assert f"{book.formats.number(several)} carry more" in chart.alt


def test_one_kind_of_evidence_needs_no_rule() -> None:
    """With codes alone nothing can be shared otherwise, and that is the answer."""
    book = make_book({"orders": orders_frame({"ANNA10": 3}), "creators": creators_frame(["ANNA10"])})
    findings = roi.other_rules(book)
    assert findings.notes[0].text.startswith("No: one kind of evidence")
    assert not findings.tables


def test_single_creators_on_paths_add_nothing() -> None:
    """Where buyers met one creator only, path models are said to add nothing."""
    book = with_paths([(["anna", "google"], True)] * 20 + [(["bea"], False)] * 20)
    assert "add nothing here" in notes_of(book)


def test_rules_stand_side_by_side_and_each_sums_to_the_orders() -> None:
    """Handles and link tags become creators, the rest other sources; every column sums to the orders."""
    random = np.random.default_rng(6)
    names = np.array(["anna", "@BEA", "cleo_reel_2", "google"])
    paths = [
        (list(names[random.integers(0, 4, random.integers(1, 5))]), bool(random.random() < 0.4))
        for _ in range(200)
    ]
    book = with_paths(paths)
    frame = roi.other_rules(book).tables["roi.paths"].frame.set_index("creator")
    assert set(frame.index) == {"Anna", "Bea", "Cleo", "(other sources)"}
    assert len(frame.columns) == 7
    assert frame.sum().round().nunique() == 1
    assert "have two or more creators" in notes_of(book)


def test_rules_that_disagree_change_the_advice() -> None:
    """One creator opens, another closes every path: who pays back hangs on the rule, and the page says so."""
    book = with_paths([(["anna", "bea"], True)] * 40 + [(["cleo"], False)] * 5)
    assert "Bea, Anna would pay back under some rules and not under others" in notes_of(book)
    assert "disagree more than they inform" in notes_of(book)


def test_paths_that_cannot_be_used_say_why() -> None:
    """Paths without an order, of strangers only, or of buyers only."""
    assert "none ends with an order" in notes_of(with_paths([(["anna"], False)] * 3))
    assert "no touch could be matched" in notes_of(with_paths([(["google", "bing"], True)] * 3))
    assert "Only paths of buyers" in notes_of(with_paths([(["anna", "bea"], True)] * 30))


def test_an_order_number_is_a_conversion() -> None:
    """A file without a converted column counts paths with an order number; without times the file's order holds."""
    book = with_paths([(["anna", "bea"], True)] * 30, converted=None, touched_at=None, order_id="#1")
    frame = roi.other_rules(book).tables["roi.paths"].frame.set_index("creator")
    assert frame["last"]["Bea"] == 30


def test_a_plugins_rule_stands_beside_and_a_broken_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule of a plugin is one more column; one that loses orders is a message, not a traceback."""
    book = with_paths([(["anna", "bea"], True)] * 30)
    even = Rule("even", "evenly", lambda one: np.full(len(one.channels), one.total / len(one.channels)))
    built_in = plugins.attribution_rules()
    monkeypatch.setattr(plugins, "attribution_rules", lambda: [*built_in, even])
    assert "even" in roi.other_rules(book).tables["roi.paths"].frame
    lost = Rule("lost", "nothing", lambda one: np.zeros(len(one.channels)))
    monkeypatch.setattr(plugins, "attribution_rules", lambda: [lost])
    with pytest.raises(Problem, match="do not sum"):
        roi.other_rules(book)


def test_visitors_are_hashed_while_reading(shelf: Path) -> None:
    """A visitor's id never gets past the door; the same visitor keeps one hash, so that touches join."""
    text = "visitor id,timestamp,channel,order id\nann@mail.example,2026-03-03 10:00,anna,\nann@mail.example,2026-03-04 11:00,bea,#7\n"
    read, receipt = read_one(shelf, text)
    journeys = read.tables.journeys
    assert receipt.reader == "journeys"
    assert journeys.journey.nunique() == 1
    assert "ann" not in journeys.journey.iloc[0]
    assert list(journeys.order_id.dropna()) == ["#7"]
