"""What a reader of the HTML meets: everybody can read it, on a phone too, by keyboard, and nothing runs in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

import report_fixture as made
from creatorbook import report

#: WCAG 2.2 at levels A and AA
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
PHONE = {"width": 390, "height": 844}

#: stage, theme and language: each at least once
DRESSES = [("plan", "house", "en"), ("pulse", "plain", "de"), ("results", "studio", "fr")]


@pytest.fixture(scope="module", params=["to-send", "working"])
def paper(request: pytest.FixtureRequest) -> str:
    """One of the two papers."""
    return str(request.param)


@pytest.fixture(scope="module", params=DRESSES, ids="-".join)
def html(request: pytest.FixtureRequest, paper: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of made-up findings, with hostile names among them."""
    stage, theme, language = request.param
    folder = tmp_path_factory.mktemp(stage)
    book = made.report_book(stage, theme={"name": theme, "prepared_by": "Studio"}, language=language)
    found = made.STAGES[stage]()
    report.build_report(folder, book, made.notebooks(folder / "nb", stage, found), found)
    return folder / paper / "report.html"


def test_axe_finds_nothing(page: Page, html: Path) -> None:
    """No violation of WCAG 2.2 AA that axe knows of, on a laptop and on a phone."""
    page.goto(html.as_uri())
    for size in ({"width": 1280, "height": 900}, PHONE):
        page.set_viewport_size(size)
        found = Axe().run(page, options=RULES).response["violations"]
        assert not found, [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]


def test_a_phone_never_scrolls_the_page_sideways(page: Page, html: Path) -> None:
    """At 390 pixels, and at 320 as zoomed to 400 %, nothing is wider than the screen; wide tables scroll alone."""
    page.goto(html.as_uri())
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_is_reached_by_keyboard(page: Page, html: Path) -> None:
    """The first stop skips to the report; every stop is seen where it is; what scrolls can be reached."""
    page.set_viewport_size(PHONE)
    page.goto(html.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#report'")
    unreachable = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter(each =>
            each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX === 'auto'
            && each.tabIndex < 0).map(each => each.outerHTML.slice(0, 90))"""
    )
    assert not unreachable


def test_it_prints_on_a4_without_screen_furniture(page: Page, html: Path) -> None:
    """On paper there is no skip link and no contents list, and nothing is wider than the sheet."""
    page.goto(html.as_uri())
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 660, "height": 1000})  # A4 less its margins
    assert not page.locator(".skip").is_visible()
    assert not page.locator(".contents").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 660
