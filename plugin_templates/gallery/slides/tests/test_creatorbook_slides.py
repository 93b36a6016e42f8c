"""The deck can be edited, read aloud and opened as a picture of what is sent, and is the same each time."""

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import pytest
from creatorbook import plugins
from creatorbook.acts.new import new_client
from creatorbook.opening import open_book
from creatorbook.plugins import Book, Column, Figure, Note, Table
from creatorbook_slides.deck import PLANS, BarChart, bars
from creatorbook_slides.output import slides
from pptx import Presentation

ANSWERS = {
    "brand": "Testbrand",
    "currency": "EUR",
    "market": "DE",
    "prices_include_tax": True,
    "tax_rate": 0.19,
    "goal": "sales",
    "budget": 5000,
    "start": date(2026, 3, 2),
    "end": date(2026, 3, 29),
}
HOSTILE = '=HYPERLINK("http://evil.example","x")'


@dataclass
class Paper:
    """As much of a paper as the output looks at."""

    book: Book
    items: tuple = ()
    said: list[str] = field(default_factory=list)

    def remark(self, sentence: str) -> None:
        """What is printed about the edition."""
        self.said.append(sentence)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A campaign at its end."""
    folder = tmp_path_factory.mktemp("client")
    new_client(folder, ANSWERS)
    return open_book(folder, stage="results")


@pytest.fixture(scope="module")
def paper(book: Book) -> Paper:
    """Something for every slide of results; names come from any export."""
    people = pd.DataFrame(
        {
            "creator": ["Anna", HOSTILE, "Bea & Co <b>", *(f"Creator {n}" for n in range(20))],
            "orders": [12.0, 3.0, None, *range(20)],
            "result": [250.0, -480.0, None, *range(20)],
            "next": ["Renew", "Stop", "Too early", *["Test again"] * 20],
        }
    )
    columns = {
        "creator": Column("Creator"),
        "orders": Column("Orders", "number"),
        "result": Column("Result", "money"),
        "next": Column("Next"),
    }
    steps = pd.DataFrame(
        {"line": ["Sales traced", "less costs", "Profit"], "amount": [900.0, -1200.0, -300.0]}
    )
    ladder = {"line": Column(""), "amount": Column("EUR", "money")}
    profit = Figure(
        "roi.profit", "Profit", -300, "money", "estimated", "", -500, -100, slot="results.three_figures"
    )
    return Paper(
        book,
        (
            Note("It lost €300.", slot="results.one_sentence"),
            profit,
            Note("Traced is not caused. " * 60, slot="results.caused"),
            Note("A second sentence, for which there is no room.", slot="results.next"),
            Figure("roi.posts", "Posts of the campaign", 82, "number", "counted", ""),
            Table("roi.every_creator", "Every creator", people, columns),
            Table("roi.ladder_short", "From sales to profit", steps, ladder),
        ),
    )


@pytest.fixture(scope="module")
def deck(paper: Paper):
    """The deck, opened."""
    return Presentation(io.BytesIO(slides(paper)))


def shapes_of(deck, kind: str) -> list:
    """All shapes of a deck that hold a chart or a table."""
    return [shape for slide in deck.slides for shape in slide.shapes if getattr(shape, f"has_{kind}")]


def test_creatorbook_finds_the_file_once() -> None:
    """The entry point works, and no other file has its place."""
    _, added = plugins.outputs()
    assert [output.place for output in added] == ["to-send/slides.pptx"]


def test_every_slide_has_a_title(deck) -> None:
    """Page one, posts, creators and money, in this order, by titles that a screen reader lists."""
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert titles[0].startswith("Testbrand: results of")
    assert titles[1:] == [plan.heading for plan in PLANS["results"][:4]]


def test_charts_are_native_and_hold_their_numbers(deck) -> None:
    """Whoever opens the file edits bars, not a picture; the longest bars are there."""
    creators, money = (shape.chart for shape in shapes_of(deck, "chart"))
    assert list(money.plots[0].series[0].values) == [900.0, -1200.0, -300.0]
    assert list(money.plots[0].categories) == ["Sales traced", "less costs", "Profit"]
    assert len(creators.plots[0].categories) == 12
    assert max(creators.plots[0].series[0].values) == 250.0


def test_charts_and_tables_have_words(deck) -> None:
    """Who cannot see a chart is told what it shows."""
    shown = [*shapes_of(deck, "chart"), *shapes_of(deck, "table")]
    words = [shape._element.nvGraphicFramePr.cNvPr.get("descr") for shape in shown]
    assert len(words) == 4
    assert "From sales to profit. 3 bars, from Sales traced €900 to Profit −€300." in words
    assert all(words)


def test_a_name_is_no_formula(paper: Paper) -> None:
    """Neither in the chart nor in the workbook behind it."""
    table = next(item for item in paper.items if getattr(item, "key", "") == "roi.every_creator")
    names, _ = bars(table, BarChart("roi.every_creator", "creator", "result"))
    assert f"'{HOSTILE}" in names
    with zipfile.ZipFile(io.BytesIO(slides(paper))) as package:
        books = [package.read(name) for name in package.namelist() if name.endswith(".xlsx")]
    for content in books:
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            assert b"<f>" not in workbook.read("xl/worksheets/sheet1.xml")


def test_a_list_says_how_much_of_it_is_elsewhere(deck) -> None:
    """A slide has room for eight rows."""
    (table, *_) = shapes_of(deck, "table")
    assert len(table.table.rows) <= 9
    texts = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert any(text.endswith("more rows are in data.xlsx") for text in texts)


def test_nothing_stands_outside_its_slide(deck) -> None:
    """Every shape lies on the slide, whole."""
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width, shape.name
            assert shape.top + shape.height <= deck.slide_height, shape.name


def test_the_same_paper_gives_the_same_bytes(paper: Paper) -> None:
    """No moment of making is in the file, nor in the workbooks of its charts."""
    assert slides(paper) == slides(paper)


def test_without_anything_there_is_no_file(book: Book) -> None:
    """And a sentence says so."""
    nothing = Paper(book)
    assert slides(nothing) is None
    assert len(nothing.said) == 1


def test_every_stage_has_slides() -> None:
    """Plan, pulse and results; no slide is planned twice."""
    assert set(PLANS) == {"plan", "pulse", "results"}
    for plans in PLANS.values():
        assert len({plan.heading for plan in plans}) == len(plans)
