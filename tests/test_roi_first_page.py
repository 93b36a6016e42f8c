"""The first page of results, for every goal: words, what is not available, and a ladder that can be added up."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from creatorbook import roi
from creatorbook.book import Book
from creatorbook.client.repository import SAMPLE_DATA
from creatorbook.findings import Findings
from creatorbook.opening import open_book
from creatorbook.report.contents import Contents
from creatorbook.report.document import compose
from creatorbook.report.first_page import MOST_WORDS, first_page, page_text, word_count, words_to_avoid
from creatorbook.roi.ladder_shown import _in_whole_units
from samples import SAMPLES

GOALS = ["sales", "awareness", "content", "community"]
#: the steps that follow the goal
BY_GOAL = (roi.headline, roi.decisions, roi.caused)
#: the other steps whose findings stand on the first page
STEPS = ("ladder", "against_plan", "could_change", "unknowns", "books")


@cache
def opened(client: str) -> Book:
    """A sample client at its results."""
    return open_book(str(SAMPLE_DATA / client), None, "results", "report", None)


@cache
def steps(client: str) -> list[Findings]:
    """What does not hang on the goal."""
    return [getattr(roi, name)(opened(client)) for name in STEPS]


@cache
def contents(client: str, goal: str) -> Contents:
    """What the first page is made of, had the campaign had this goal."""
    book = opened(client).changed(goal=goal)
    return Contents.of(book, [*(step(book) for step in BY_GOAL), *steps(client)])


each_page = pytest.mark.parametrize(
    ("client", "goal"), [(client, goal) for client in SAMPLES for goal in GOALS]
)


@each_page
def test_every_goal_keeps_to_the_words(client: str, goal: str) -> None:
    """At most 180 words besides tables, none of the list, three figures, and no heading left to its fallback."""
    content = contents(client, goal)
    page = first_page(content)
    assert word_count(page, content.formats) <= MOST_WORDS
    assert words_to_avoid(page_text(page, content.formats)) == []
    sections = {section.slot: section for section in page.sections}
    assert len(sections["results.three_figures"].figures) == 3
    assert not [slot for slot, section in sections.items() if section.bare]


@each_page
def test_what_is_not_available_names_what_would_tell(client: str, goal: str) -> None:
    """Of figures without a value, the first says which file would give it."""
    page = first_page(contents(client, goal))
    figures = next(s for s in page.sections if s.slot == "results.three_figures").figures
    missing = [figure for figure in figures if figure.value is None]
    assert not missing or any(figure.note for figure in missing)


@pytest.mark.parametrize("client", SAMPLES)
def test_the_printed_lines_add_up(client: str) -> None:
    """Whoever adds the whole amounts of the ladder on the first page finds its sums."""
    content = contents(client, "sales")
    table = next(table for table in content.tables if table.key == "roi.ladder_short")
    amounts = table.frame.amount.fillna(0.0)
    steps_only = ~amounts.index.isin(table.strong)
    assert (amounts == amounts.round()).all()
    assert table.strong
    for at in table.strong:
        assert amounts[at] == amounts[steps_only & (amounts.index < at)].sum()


def test_what_rounding_leaves_goes_into_one_line() -> None:
    """Three times 40 cents are a unit in the sum; the goods take it, sales and costs stay as they are said elsewhere."""
    lines = [("traced", 100.4, False), ("goods", -0.4, False), ("costs", -50.4, False)]
    frame = pd.DataFrame([*lines, ("profit", 49.6, True)], columns=["key", "amount", "total"])
    assert _in_whole_units(frame).amount.tolist() == [100.0, 0.0, -50.0, 50.0]
    frame = pd.DataFrame(
        [
            ("traced", 99.5, False),
            ("discounts", -9.6, False),
            ("stay", 89.9, True),
        ],
        columns=["key", "amount", "total"],
    )
    assert _in_whole_units(frame).amount.tolist() == [100.0, -10.0, 90.0]


@pytest.mark.parametrize("goal", ["sales", "content"])
def test_costs_nobody_told_stand_under_the_ladder(goal: str) -> None:
    """An agency fee that no file tells is named on the first page, whatever the goal."""
    content = contents("noorhaven", goal)
    html = compose(content, []).html()
    section = html[html.index('<h2 id="results-ladder">') :]
    assert "NOT INCLUDED: agency fee" in section[: section.index("</section>")]
    complete = compose(contents("velmora", goal), []).html()
    assert "NOT INCLUDED" not in complete
