"""A strategist's acts in the real JupyterLab, by pressed keys: a goal is set, a creator is decided on, a plan is approved."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from browser.conftest import running
from browser.test_lab_opening import MINUTE, show, status
from creatorbook.client.repository import SAMPLE_DATA

CLIENT, CAMPAIGN = "sorrelby", "summer-linen"
COPIES = f"{CLIENT}/notebooks/{CAMPAIGN}"
#: How often the cells of the page have been run, but those of the form.
RUNS = """() => Math.max(...[...window.jupyterapp.shell.currentWidget.content.model.cells]
    .map(cell => cell.executionCount ?? 0))"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """`lab` on an own client whose campaign is planned: the address of its notebooks, and its folder."""
    clients = tmp_path_factory.mktemp("agency")
    shutil.copytree(SAMPLE_DATA / CLIENT, clients / CLIENT)
    with running(["creatorbook", "lab", str(clients / CLIENT), "--campaign", CAMPAIGN], clients) as address:
        yield f"{address}/lab/workspaces/{CLIENT}/tree/{COPIES}", clients / CLIENT


def form_of(page: Page, title: str) -> Locator:
    """The form with a heading, in sight."""
    form = page.locator(".cb-form", has=page.get_by_role("heading", name=title, exact=True))
    form.wait_for(timeout=2 * MINUTE)
    form.scroll_into_view_if_needed()
    return form


def press(page: Page, button: Locator) -> None:
    """A button by the keyboard."""
    button.focus()
    page.keyboard.press("Enter")


def done(form: Locator) -> str:
    """What a form says once its act has come back."""
    form.locator(".cb-status[data-kind=done], .cb-status[data-kind=fault]").first.wait_for(timeout=MINUTE)
    status = form.locator(".cb-status").first
    assert status.get_attribute("data-kind") == "done", status.inner_text()
    return status.inner_text()


def faults(page: Page) -> list[dict[str, Any]]:
    """What axe finds in the forms of the page."""
    found = Axe().run(page, context=".cb-form").response["violations"]
    return [{"id": one["id"], "nodes": [node["html"][:200] for node in one["nodes"]]} for one in found]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_goal_is_set_and_the_page_follows(page: Page, opened: tuple[str, Path]) -> None:
    """A budget typed and written changes its line alone; once the form is left, the rest of the page is run again."""
    address, client = opened
    file = client / "campaigns" / f"{CAMPAIGN}.yml"
    before = file.read_text(encoding="utf-8")
    show(page, address, "01_goals.ipynb")
    form = form_of(page, "What is it for?")
    form.get_by_label("Budget").fill("4321")
    press(page, form.get_by_role("button", name="Show what changes"))
    form.get_by_text("+ budget: 4321").wait_for()
    assert file.read_text(encoding="utf-8") == before
    press(page, form.get_by_role("button", name="Write it down"))
    done(form)
    after = file.read_text(encoding="utf-8")
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert changed == ["budget: 4321"]
    runs = page.evaluate(RUNS)
    form.get_by_label("First day").focus()
    page.locator(".cb-form").nth(1).locator(".cb-buttons button").first.focus()
    page.wait_for_function(f"runs => ({RUNS})() > runs", arg=runs, timeout=MINUTE)
    page.wait_for_function("() => document.activeElement.closest('.cb-form .cb-buttons')", timeout=MINUTE)
    assert faults(page) == []


def test_a_creator_is_decided_on_by_keys(page: Page, opened: tuple[str, Path]) -> None:
    """Arrows choose, a letter and a number decide, Enter writes, the next card comes; the notebook hears nothing of it."""
    address, client = opened
    show(page, address, "02_vetting.ipynb")
    board = page.locator(".cb-board")
    board.wait_for(timeout=2 * MINUTE)
    board.scroll_into_view_if_needed()
    cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.length")
    earlier = len(rows(client / "decisions.csv"))
    board.get_by_label("Your name (needed)").fill("Ann")
    board.locator("tbody tr").first.focus()
    page.keyboard.press("ArrowDown")
    chosen = board.locator("tbody tr[aria-selected=true]")
    account = chosen.get_attribute("data-id")
    page.keyboard.press("Space")
    assert board.locator("tbody tr:has(:checked)").get_attribute("data-id") == account
    page.keyboard.press("Space")
    assert board.locator("tbody :checked").count() == 0
    board.get_by_label("Not this time").focus()
    page.keyboard.press("Space")
    board.locator("[role=radiogroup]").nth(1).locator("input").first.focus()
    page.keyboard.press("Space")
    press(page, board.get_by_role("button", name="Write it down", exact=True))
    done(board)
    written = rows(client / "decisions.csv")
    assert len(written) == earlier + 1
    assert account is not None
    assert account.endswith(written[-1]["handle"])
    assert (written[-1]["decision"], written[-1]["by"]) == ("Not this time", "Ann")
    assert chosen.get_attribute("data-id") != account
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.cells.length") == cells
    assert faults(page) == []


def test_a_plan_is_approved(page: Page, opened: tuple[str, Path]) -> None:
    """Nobody is chosen for the person; what is approved is in the ledger, with a name, and git sees nothing of it."""
    address, client = opened
    before = status()
    show(page, address, "03_tiers.ipynb")
    form = form_of(page, "Approve a plan")
    earlier = rows(client / "ledger.csv")
    press(page, form.get_by_role("button", name="Approve", exact=True))
    form.get_by_text("Nothing was written").wait_for()
    form.get_by_label("careful", exact=False).first.focus()
    page.keyboard.press("Space")
    form.get_by_label("Who approves it").fill("Ann")
    press(page, form.get_by_role("button", name="Approve", exact=True))
    form.locator(".cb-status[data-kind=done]").wait_for(timeout=MINUTE)
    added = rows(client / "ledger.csv")[len(earlier) :]
    assert {row["campaign"] for row in added} == {CAMPAIGN}
    assert {row["by"] for row in added} == {"Ann"}
    assert faults(page) == []
    assert status() == before
