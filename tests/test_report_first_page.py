"""The page somebody decides from: headings, words, and one sheet of paper."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import report_fixture as made
from books import make_book
from creatorbook.finance.order_values import window
from creatorbook.finance.returns import settled_on
from creatorbook.findings import Findings, Note
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.report import document, pdf
from creatorbook.report.contents import Contents
from creatorbook.report.first_page import MOST_WORDS, first_page, page_text, word_count, words_to_avoid

STAGES = ["plan", "pulse", "results"]


def page(stage, found=None, **client):
    found = made.STAGES[stage]() if found is None else found
    return first_page(Contents.of(made.report_book(stage, **client), found))


@pytest.mark.parametrize("locale", ["en_GB", "en_US", "en_DE"])
def test_days_and_spans_of_days_are_written_alike(locale):
    """No page has `Mar 30` beside `13 May 2026`, whichever country's English it is in."""
    formats = Formats(locale=locale)
    assert formats.day(date(2026, 5, 13)) == "13 May 2026"
    assert formats.days(date(2026, 3, 2), date(2026, 3, 29)) == "2–29 Mar 2026"
    assert formats.days(date(2026, 3, 30), date(2026, 4, 26)) == "30 Mar\u2009–\u200926 Apr 2026"


@pytest.mark.parametrize("stage", STAGES)
def test_headings_stand_in_the_order_of_the_pack(stage):
    """The headings of pages.yml, to the word and in order, whatever was found."""
    wanted = [heading["heading"] for heading in pack("pages")[stage]["headings"]]
    assert [section.heading for section in page(stage).sections] == wanted
    assert [section.heading for section in page(stage, []).sections] == wanted


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("found", [None, []])
def test_no_heading_is_empty(stage, found):
    """Each heading has a finding or an honest sentence beneath it."""
    contents = Contents.of(made.report_book(stage), made.STAGES[stage]() if found is None else found)
    html = document.compose(contents, []).html()
    for section in first_page(contents).sections:
        start = html.index(f'<h2 id="{section.name}">')
        inside = html[start : html.index("</section>", start)]
        beneath = re.sub(r"<[^>]+>|\s", "", inside.split("</h2>", 1)[1])
        assert len(beneath) > 10, section.slot


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("found", [None, []])
def test_words_are_few_and_none_of_the_list(stage, found):
    """At most 180 words besides headings and tables, and none that pages.md keeps off first pages."""
    shown = page(stage, found)
    assert word_count(shown, made.FORMATS) <= MOST_WORDS
    assert words_to_avoid(page_text(shown, made.FORMATS)) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("These followers are FAKE.", "fake"),
        ("a bot, perhaps", "bot"),
        ("p-value of 0.03", "p-value"),
        ("the 90 % interval", "90 % interval"),
        ("Shapley shares", "Shapley"),
    ],
)
def test_words_to_avoid_are_found_with_what_to_say(text, word):
    """The list works on whole words, upper or lower case, and names the better words."""
    assert words_to_avoid(text)[0].startswith(f"{word} → ")


@given(st.sampled_from(["bottle", "robot-cleaned", "sabotage", "both", "fakesmile", "Didim"]))
def test_words_inside_words_are_left_alone(word):
    """“bottle” is no “bot”."""
    assert words_to_avoid(f"A {word} here.") == []


def test_titles_say_what_the_page_is():
    """Brand, campaign, dates, budget and, of a plan, its status; results are no draft."""
    shown = page("plan")
    assert shown.title == "Testbrand: plan for Spring linen"
    assert shown.subtitle == (
        "Germany, France, United Kingdom", "2–29 Mar 2026", "budget €6,000 excl. VAT",
        "prepared 20 Feb 2026", "draft",
    )  # fmt: skip
    assert page("results").subtitle == (
        "orders placed 2 Mar\u2009–\u200915 Apr 2026", "returns not known",
    )  # fmt: skip


def test_the_results_page_names_the_days_the_figures_count():
    """Orders and returns are dated by the same window that the ladder and the returns note use."""
    refunds = pd.DataFrame({"order_id": ["1"], "amount": [10.0], "refunded_at": [pd.Timestamp("2026-04-01")]})
    orders = pd.DataFrame({"order_id": ["1"], "ordered_at": [pd.Timestamp("2026-03-20")], "total": [59.5]})
    book = make_book({"orders": orders, "refunds": refunds}, as_of=date(2026, 6, 1))
    told = first_page(Contents.of(book, [])).subtitle
    first, last = (book.formats.day(day) for day in window(book))
    assert told[0].startswith(f"orders placed {first.removesuffix(' 2026')}")
    assert told[0].endswith(last)
    assert told[1] == f"returns known to 1 Jun 2026, usually over by {book.formats.day(settled_on(book))}"


def test_an_approved_plan_names_who_approved_it():
    """The decision line shows the approval in place of blanks to sign."""
    book = made.report_book("plan")
    campaign = book.campaign.model_copy(update={"approved_by": "A. Name", "approved_on": date(2026, 2, 21)})
    contents = Contents.of(replace(book, campaign=campaign), made.plan())
    html = document.compose(contents, []).html()
    assert first_page(contents).status == "approved by A. Name"
    assert "Approved by A. Name on 21 Feb 2026." in html


def test_open_points_have_an_owner_and_a_day():
    """Who settles a point, and by when, stands beside it."""
    html = document.compose(Contents.of(made.report_book("plan"), made.plan()), []).html()
    assert re.search(r"Margin by style: could turn the result <span[^>]*>Finance, 25 Feb 2026</span>", html)


def test_a_brand_with_braces_is_text():
    """Names are put in as they are, whatever signs they hold."""
    shown = page("plan", brand="{brand} {0} %s")
    assert shown.title == "{brand} {0} %s: plan for Spring linen"


def _long(found):
    """The findings with longer sentences and five rows in every table."""

    def longer(item):
        if isinstance(item, Note):
            return replace(item, text=item.text + " Rücksendequotenentwicklungsannahmen sind unbestätigt.")
        if hasattr(item, "frame"):
            return replace(item, frame=pd.concat([item.frame] * 3), key=item.key)
        return item

    return [Findings(each.step, tuple(longer(item) for item in each.items), each.formats) for each in found]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("change", [lambda found: found, _long, lambda _: []], ids=["usual", "long", "empty"])
def test_the_first_page_is_one_sheet(stage, change):
    """However long names and sentences are, the page to decide from stays one page."""
    pytest.importorskip("plutoprint")
    book = made.report_book(stage, brand="Donaudampfschifffahrtsgesellschaftskapitänsmützen & Söhne GmbH")
    fitted, sheets = pdf.fit_first_page(document.compose(Contents.of(book, change(made.STAGES[stage]())), []))
    assert pdf.pages(fitted) == sheets == 1
