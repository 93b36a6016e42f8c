"""What a reader of the HTML meets: everybody can read it, on a phone too, by keyboard, and nothing runs in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

import papers
import report_fixture as made
from creatorbook import report
from creatorbook.findings import Findings
from creatorbook.report import document
from creatorbook.report.contents import Contents
from creatorbook.roi.show_creators import show_creators
from creatorbook.roi.show_posts import show_posts
from papers import each_edition
from samples import opened

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
    assert violations(page, html) == []


def violations(page: Page, html: Path) -> list[tuple[str, list[str]]]:
    """What axe finds in a page on a laptop and on a phone: rule, and where; the page is white whatever the system likes."""
    page.emulate_media(color_scheme="dark")
    page.goto(html.as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    every = []
    for size in ({"width": 1280, "height": 900}, PHONE):
        page.set_viewport_size(size)
        every += Axe().run(page, options=RULES).response["violations"]
    return [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in every]


@pytest.mark.slow
@pytest.mark.parametrize("paper_of", ["to-send", "working"])
@each_edition
def test_axe_finds_nothing_in_the_samples(
    page: Page, client: str, stage: str, paper_of: str, tmp_path: Path
) -> None:
    """Both papers of every edition of the sample clients."""
    findings = papers.contents(client, stage)
    shown = [Findings(step, findings.items, findings.formats) for step in findings.steps[:1]]
    working = document.compose(findings, made.notebooks(tmp_path, stage, shown))
    report_of = working if paper_of == "working" else document.compose_to_send(working)
    (tmp_path / "report.html").write_text(report_of.html(), encoding="utf-8")
    assert violations(page, tmp_path / "report.html") == []


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Posts and creators of a client's copy: cards, a folded list, links."""
    book = opened("noorhaven", "results")
    findings = Contents.of(book, [show_posts(book), show_creators(book)])
    path = tmp_path_factory.mktemp("copy") / "report.html"
    path.write_text(document.compose_to_send(document.compose(findings, [])).html(), encoding="utf-8")
    return path


def test_axe_finds_nothing_in_a_clients_copy(page: Page, copy: Path) -> None:
    """Cards of posts, lists as cards on a phone."""
    assert violations(page, copy) == []


def test_a_folded_list_is_opened_by_keyboard(page: Page, copy: Path) -> None:
    """On a phone five lines are seen; Tab comes to “Show all”, the space bar shows all, and their links are reached."""
    page.set_viewport_size(PHONE)
    page.goto(copy.as_uri())
    rows = page.locator("#creators .cb-table tbody tr")
    assert rows.count() == 42
    assert [rows.nth(place).is_visible() for place in (4, 5, 41)] == [True, False, False]
    page.locator("#creators h2").evaluate("heading => { heading.tabIndex = -1; heading.focus() }")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.labels[0].textContent") == "Show all 42"
    page.keyboard.press("Space")
    assert rows.nth(41).is_visible()
    rows.nth(41).locator("a").focus()
    assert rows.nth(41).locator("a").evaluate("link => link === document.activeElement")


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
