"""The index of sixty clients in a browser: search, filters and order, by keyboard, on a laptop and on a phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.test_report_pages import violations
from creatorbook.runner import overview
from test_index import DAY, need, printed


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reports")
    for number in range(60):
        needs = [need("budget", f"over by {number}")] if number % 20 == 0 else []
        printed(out, f"client {number:02}", *needs, lead=("Ann", "Bea")[number % 2])
    overview.write_overview(out, DAY)
    return out / "index.html"


def test_rows_are_searched_filtered_and_sorted_by_keyboard(page: Page, index: Path) -> None:
    """What is typed and chosen leaves the rows that fit; a heading sorts, and sorts back."""
    page.goto(index.as_uri())
    rows = page.locator("tbody tr:visible")
    expect(rows).to_have_count(60)
    page.keyboard.press("Tab")
    page.keyboard.type("client 1")
    expect(rows).to_have_count(10)
    expect(page.get_by_role("status")).to_have_text("10 of 60")
    page.keyboard.press("Tab")
    page.keyboard.type("Bea")
    expect(rows).to_have_count(5)
    page.get_by_label("Search").fill("")
    page.get_by_label("Led by").select_option("")
    page.get_by_label("Needs").select_option("over budget")
    expect(rows).to_have_count(3)
    page.get_by_label("Needs").select_option("")
    client = page.get_by_role("button", name="Client")
    client.focus()
    page.keyboard.press("Enter")
    expect(rows.first).to_contain_text("client 00")
    page.keyboard.press("Enter")
    expect(rows.first).to_contain_text("client 59")
    assert client.locator("..").get_attribute("aria-sort") == "descending"


def test_axe_finds_nothing_in_the_index(page: Page, index: Path) -> None:
    """On a laptop and on a phone."""
    assert violations(page, index) == []
