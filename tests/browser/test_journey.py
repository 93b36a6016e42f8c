"""A whole campaign in the real JupyterLab, from an empty folder to settled results, by mouse and by keys alone.

Nobody types a word of Python, YAML or shell. Between the plan and its results weeks go by: JupyterLab is ended and opened
again, on another day. `CREATORBOOK_PICTURES` names a folder for a picture of each station.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from browser.conftest import is_local, started_lab
from browser.hands import Hand, Keys, Mouse
from browser.journey_files import UNKNOWN, ClientsFiles
from browser.test_day_of_work import git
from browser.test_lab_opening import MINUTE, READY
from creatorbook.forms.today import DAY_VARIABLE
from test_launcher import fresh_clone

PICTURES = os.environ.get("CREATORBOOK_PICTURES", "")

#: The kernel of the notebook in front has nothing to do.
IDLE = "() => window.jupyterapp.shell.currentWidget.sessionContext?.session?.kernel?.status === 'idle'"
#: What axe looks at: every form, and every chart and table that a cell shows.
LOOKED_AT = {"include": [[".cb-form"], [".jp-OutputArea-output"]]}
WHAT_ROWS_ARE = "one refund of one order, with its date (refunds)"
#: column of a table → how a person reads it
MEANS = {"order_id": "order id", "refunded_at": "refunded at", "amount": "amount", "reason": "reason"}
FOCUS_INSIDE = "form => form.contains(document.activeElement)"


@dataclass
class Journey:
    """Somebody on their way through a campaign.

    Attributes:
        hand: how they touch the page.
        clone: a clone of the repository, where `clients/` is empty at first.
        files: what others send them.
    """

    hand: Hand
    clone: Path
    files: ClientsFiles

    @property
    def page(self) -> Page:
        return self.hand.page

    @property
    def client(self) -> Path:
        return self.clone / "clients" / "meadow"

    def ready(self, notebook: str) -> None:
        """A notebook is in front, and has been run."""
        self.page.wait_for_function(READY, arg=notebook, timeout=4 * MINUTE)
        self.calm()

    def calm(self) -> None:
        """Wait until nothing is run."""
        for _ in range(2):
            self.page.wait_for_function(IDLE, timeout=4 * MINUTE)
            self.page.wait_for_timeout(400)

    def open(self, step: str, notebook: str) -> None:
        """A step of the campaign, from the launcher."""
        self.hand.open_launcher()
        tile = self.page.locator(".jp-Launcher:visible .jp-LauncherCard").filter(has_text=step).first
        tile.wait_for(timeout=MINUTE)
        self.hand.press(tile)
        self.ready(notebook)

    def form(self, title: str) -> Locator:
        """The form with a heading, on the page in front."""
        heading = self.page.get_by_role("heading", name=title, exact=True)
        form = self.page.locator(".jp-NotebookPanel:visible .cb-form", has=heading)
        form.wait_for(timeout=2 * MINUTE)
        return form

    def act(self, form: Locator, button: str) -> str:
        """Press a button of a form, and wait for what it says."""
        status = form.locator(".cb-status").first
        status.evaluate("one => { one.dataset.kind = ''; }")  # what an earlier act said
        self.hand.press(form.get_by_role("button", name=button, exact=True))
        form.locator(":is([data-kind=done], [data-kind=fault])").first.wait_for(state="attached", timeout=3 * MINUTE)
        assert status.get_attribute("data-kind") == "done", status.inner_text()
        return status.inner_text()

    def leave(self, form: Locator) -> None:
        """Go on in the page, which shows anew what has changed."""
        if isinstance(self.hand, Mouse):
            self.page.locator(".jp-NotebookPanel:visible .jp-MarkdownCell:visible").first.click()
        else:
            for _ in range(200):
                if not form.evaluate(FOCUS_INSIDE):
                    break
                self.page.keyboard.press("Tab")
        self.calm()

    def look(self, name: str, form: Locator | None = None) -> None:
        """Nothing that axe finds stands in the way of anybody; and a picture for those who see."""
        if PICTURES:
            folder = Path(PICTURES) / type(self.hand).__name__.lower()
            folder.mkdir(parents=True, exist_ok=True)
            if form is not None:
                form.scroll_into_view_if_needed()
                form.screenshot(path=folder / f"{name}.png")
            else:
                self.page.screenshot(path=folder / f"{name}.png")
        found = Axe().run(self.page, context=LOOKED_AT).response["violations"]
        faults = [(one["id"], [node["html"][:200] for node in one["nodes"]][:5]) for one in found]
        assert not faults, faults


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@contextmanager
def lab(clone: Path, place: Path, *client: str, day: date | None = None) -> Iterator[str]:
    """`workbook.py lab` in a clone, on a day; its address."""
    place.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(clone / "helpers")}
    if day:
        environment[DAY_VARIABLE] = day.isoformat()
    with started_lab([sys.executable, "-P", "-m", "creatorbook", "lab", *client], place, environment) as address:
        yield address


def make_a_client(on: Journey) -> None:
    """A new client from a few answers and two files."""
    form = on.form("A new client")
    hand = on.hand
    hand.write(form.get_by_label("Brand"), "Meadow")
    hand.write(form.get_by_label("Currency"), "eur")
    hand.write(form.get_by_label("Home market"), "de")
    hand.tick(form.get_by_label("Yes", exact=True))
    hand.write(form.get_by_label("VAT or sales tax rate"), "19")
    hand.tick(form.get_by_role("radio").nth(2))
    hand.write(form.get_by_label("Budget"), "5000")
    hand.day(form.get_by_label("First day"), on.files.start)
    hand.day(form.get_by_label("Last day"), on.files.end)
    hand.bring(form.get_by_label("Files you have"), [on.files.creators(), on.files.orders()])
    on.look("01 a new client, filled in", form)
    on.act(form, "Make the client")
    on.look("02 a new client, made", form)
    hand.press(form.get_by_role("button", name="Open Meadow"))
    on.page.wait_for_url("**/meadow/**", timeout=MINUTE)
    on.ready("00_start_here.ipynb")
    on.look("03 the client's first page")
    assert len(rows(on.client / "exports" / "creators.csv")) == 40


def say_what_a_file_is(on: Journey) -> None:
    """Two more files; one that nobody recognises is looked at, tried and written down."""
    hand = on.hand
    form = on.form("The client's files")
    hand.bring(form.get_by_label("More files"), [on.files.posts(), on.files.unknown()])
    on.act(form, "Add")
    on.look("04 more files", form)
    on.leave(form)
    form = on.form("What is gone back.csv?")
    on.look("05 a file that nobody recognises")
    hand.choose(form.get_by_label("One row is"), WHAT_ROWS_ARE)
    on.act(form, "Show the columns for this")
    for column, meaning in UNKNOWN.items():
        select = form.get_by_label(column, exact=True)
        option = select.locator("option").filter(has_text=f"{MEANS[meaning]}: ")
        option.wait_for(state="attached")
        hand.choose(select, option.text_content() or "")
    assert "Nothing is written yet" in on.act(form, "Try it")
    on.look("06 its columns", form)
    assert "Written to client.yml" in on.act(form, "Write it down")
    on.leave(form)
    assert "gone back.csv" in (on.client / "client.yml").read_text(encoding="utf-8")
    on.look("07 all files are read")


def set_goal_and_budget(on: Journey) -> None:
    """What the campaign is for, for how much, and what an order leaves."""
    hand = on.hand
    on.open("Goals", "01_goals.ipynb")
    form = on.form("What is it for?")
    hand.write(form.get_by_label("What people call it"), "Winter linen")
    hand.write(form.get_by_label("Budget"), "6000")
    on.act(form, "Show what changes")
    on.look("08 goal and budget", form)
    on.act(form, "Write it down")
    form = on.form("Promotions and costs")
    hand.tick(form.get_by_label("There are none in or near these weeks"))
    on.act(form, "Write it down")
    form = on.form("What does an order leave?")
    margin = form.get_by_role("group", name="Shares, row 1")
    for label, share in {"Low": "50", "Likely": "56", "High": "60"}.items():
        hand.write(margin.get_by_label(label), share)
    hand.write(margin.get_by_label("Who says so"), "finance, by mail")
    on.look("09 what an order leaves", form)
    on.act(form, "Write it down")
    on.leave(form)
    form = on.form("What if?")
    before = form.locator(".cb-result").inner_text()
    hand.slide(form.get_by_label("Gross margin").first, -6)
    on.page.wait_for_function("([form, before]) => form.innerText !== before", arg=[form.locator(".cb-result").element_handle(), before])
    on.look("10 another margin", form)
    settings = (on.client / "campaigns" / "2026-12.yml").read_text(encoding="utf-8")
    assert "budget: 6000" in settings
    assert "Winter linen" in settings


STATIONS = [make_a_client, say_what_a_file_is, set_goal_and_budget]


@pytest.fixture(params=[Mouse, Keys], ids=["mouse", "keys"])
def hand(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Hand]:
    """A hand at a fresh page of laptop size."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    context.route("**/*", lambda route: route.continue_() if is_local(route.request.url) else route.abort())
    yield request.param(context.new_page())
    context.close()


@pytest.mark.slow
def test_a_campaign_from_an_empty_folder_to_settled_results(hand: Hand, tmp_path: Path) -> None:
    clone = fresh_clone(tmp_path / "clone")
    git(clone, "init", "--quiet")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "as it came")
    on = Journey(hand, clone, ClientsFiles(tmp_path, date.today()))  # noqa: DTZ011 - the day of the browser
    with lab(clone, tmp_path / "first") as address:
        on.page.goto(address)
        on.ready("00_start_here.ipynb")
        for station in STATIONS:
            station(on)
    assert git(clone, "status", "--porcelain") == ""
