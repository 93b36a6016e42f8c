"""A whole campaign in the real JupyterLab, from an empty folder to settled results, by mouse and by keys alone.

Nobody types a word of Python, YAML or shell. Between the plan and its results weeks go by: JupyterLab is ended and opened
again, on another day. `CREATORBOOK_PICTURES` names a folder for a picture of each station.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page

from browser.conftest import is_local, started_lab
from browser.hands import Hand, Keys, Mouse
from browser.journey_files import UNKNOWN, ClientsFiles
from browser.test_day_of_work import git
from browser.test_lab_opening import MINUTE, READY
from creatorbook.client.today import DAY_VARIABLE
from test_launcher import fresh_clone

PICTURES = os.environ.get("CREATORBOOK_PICTURES", "")

#: The kernel of the notebook in front has nothing to do, and nothing of the page is still to be run again.
IDLE = """() => {
    const { node, sessionContext } = window.jupyterapp.shell.currentWidget;
    return !("cbAnew" in node.dataset) && sessionContext?.session?.kernel?.status === 'idle';
}"""
#: A notebook is run before it opens, but not for longer than a minute, which a busy computer needs.
CUT_OFF = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .some(cell => cell.type === 'code' && cell.sharedModel.getSource().trim() && !cell.executionCount)"""
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

    @property
    def folder(self) -> Path:
        """Where pictures are put."""
        folder = Path(PICTURES) / type(self.hand).__name__.lower()
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def begin(self, address: str) -> None:
        """Open JupyterLab; its first page."""
        self.page.goto(address)
        self.ready("00_start_here.ipynb")

    def ready(self, notebook: str) -> None:
        """A notebook is in front, and has been run."""
        self.page.wait_for_function(READY, arg=notebook, timeout=4 * MINUTE)
        if self.page.evaluate(CUT_OFF):
            self.hand.run_all()
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
        form.first.wait_for(timeout=2 * MINUTE)
        return form

    def act(self, form: Locator, button: str) -> str:
        """Press a button of a form, and wait for what it says."""
        status = form.locator(".cb-status").first
        status.evaluate("one => { one.dataset.kind = ''; }")  # what an earlier act said
        self.hand.press(form.get_by_role("button", name=button, exact=True))
        form.locator(":is([data-kind=done], [data-kind=fault])").first.wait_for(
            state="attached", timeout=3 * MINUTE
        )
        assert status.get_attribute("data-kind") == "done", status.inner_text()
        return status.inner_text()

    def moves(self, form: Locator, move: Callable[[], None]) -> None:
        """Move a control of a what-if, and wait for another answer."""
        result = form.locator(".cb-result")
        before = result.inner_text()
        move()
        different = "([shown, before]) => shown.innerText !== before"
        self.page.wait_for_function(different, arg=[result.element_handle(), before], timeout=MINUTE)

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
            if form is not None:
                form.evaluate("one => one.scrollIntoView({ block: 'start' })")
            self.page.screenshot(path=self.folder / f"{name}.png")
        violations = Axe().run(self.page, context=LOOKED_AT).response["violations"]
        faults = [(one["id"], [node["html"][:200] for node in one["nodes"]][:5]) for one in violations]
        assert not faults, faults


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@contextmanager
def lab(clone: Path, place: Path, *client: str, day: date | None = None) -> Iterator[str]:
    """`python3 workbook.py lab` in a clone, on a day; its address."""
    place.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(clone / "helpers")}
    if day:
        environment[DAY_VARIABLE] = day.isoformat()
    with started_lab(
        [sys.executable, "-P", "-m", "creatorbook", "lab", *client], place, environment
    ) as address:
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
    margin = form.get_by_role("group", name="Shares, row 1", exact=True)
    for label, share in {"Low": "50", "Likely": "56", "High": "60"}.items():
        hand.write(margin.get_by_label(label), share)
    hand.write(margin.get_by_label("Who says so"), "finance, by mail")
    on.look("09 what an order leaves", form)
    on.act(form, "Write it down")
    on.leave(form)
    form = on.form("What if?")
    on.moves(form, lambda: hand.slide(form.get_by_label("Gross margin").first, -6))
    on.look("10 another margin", form)
    settings = (on.client / "campaigns" / "2026-12.yml").read_text(encoding="utf-8")
    assert "budget: 6000" in settings
    assert "Winter linen" in settings


#: Whom Ann wants and whom not, by the place in the table, and why.
ANN = [
    ("Shortlist", "people respond"),
    ("Not this time", "not available in these weeks"),
    ("Shortlist", "audience fits"),
    ("Not this time", "works with a competitor"),
    ("Shortlist", "style and values fit"),
    ("Not this time", "price above what pays back"),
]


def vet_everybody(on: Journey) -> None:
    """Six creators one by one, the others at once; then somebody else, who does not see it, looks at three of them."""
    hand = on.hand
    on.open("Vetting", "02_vetting.ipynb")
    board = on.form("Decide on creators")
    chosen = board.locator("tbody tr[aria-selected=true]")
    hand.write(board.get_by_label("Your name (needed)"), "Ann")
    order = []
    for decision, reason in ANN:
        chosen.wait_for()
        account = chosen.get_attribute("data-id") or ""
        order.append(account)
        hand.decide(board, decision, reason)
        board.locator(f"tbody tr[data-id='{account}'][data-decided]").wait_for(timeout=MINUTE)
        on.page.wait_for_function(
            "([board, account]) => board.querySelector('tbody tr[aria-selected=true]')?.dataset.id !== account",
            arg=[board.element_handle(), account],
        )
    on.look("11 decided one by one", board)
    for account in order[:2]:
        hand.tick_row(board, board.locator(f"tbody tr[data-id='{account}']"))
    hand.press(board.get_by_role("button", name="Show two or three side by side"))
    board.locator(".cb-several").wait_for()
    on.look("12 two side by side", board)
    hand.press(board.get_by_role("button", name="Untick all"))
    hand.choose(board.get_by_role("combobox", name="Decision"), "open")
    hand.press(board.get_by_role("button", name="Tick all that are found"))
    hand.tick(board.get_by_role("radio", name="Shortlist"))
    hand.tick(board.get_by_role("radio", name="fair price for what we know"))
    on.act(board, "Write it down for the 34 ticked")
    assert len(rows(on.client / "decisions.csv")) == 40
    hand.choose(board.get_by_role("combobox", name="Decision"), "all")
    _second_reviewer(on, board, order)
    written = rows(on.client / "decisions.csv")
    assert [row["by"] for row in written] == ["Ann"] * 40 + ["Ben"] * 3
    rejected = {row["handle"]: row["reason"] for row in written if row["decision"] == "Not this time"}
    assert len(rejected) == 3
    on.leave(board)


def _second_reviewer(on: Journey, board: Locator, order: list[str]) -> None:
    """Ben decides on three of them on his own; where the two differ is told then."""
    hand = on.hand
    hand.write(board.get_by_label("Your name (needed)"), "Ben")
    hand.tick(board.get_by_label("I review on my own", exact=False))
    board.get_by_text("hidden until yours is written").first.wait_for()
    on.look("13 a second reviewer", board)
    for account, (decision, reason) in zip(
        order, [("Ask for more", "audience screenshot needed"), *ANN[1:3]], strict=False
    ):
        hand.pick(board, board.locator(f"tbody tr[data-id='{account}']"))
        hand.decide(board, decision, reason)
        board.locator(f"tbody tr[data-id='{account}'][data-decided]").wait_for(timeout=MINUTE)
    hand.press(board.get_by_role("button", name="Where two of us differ"))
    board.locator(".cb-result").get_by_text("Ann").first.wait_for(timeout=MINUTE)
    on.look("14 where they differ", board)


def choose_a_plan(on: Journey) -> None:
    """What the choice keeps to, and what the plans are then; who would be in."""
    hand = on.hand
    on.open("Sizes and budget", "03_tiers.ipynb")
    form = on.form("What the choice of creators keeps to")
    hand.write(form.get_by_label("Most creators"), "15")
    on.act(form, "Show careful, middle and bold")
    on.look("15 three plans", form)
    on.act(form, "Draw all plans")
    on.look("16 all plans", form)
    on.act(form, "Write these rules")
    form = on.form("Approve a plan")
    hand.tick(form.get_by_role("radio").nth(0))
    hand.day(form.get_by_label("On which day"), on.files.today)
    on.act(form, "Who is in it?")
    on.look("17 who is in it", form)
    assert "most: 15" in (on.client / "campaigns" / "2026-12.yml").read_text(encoding="utf-8")


def issue_codes_and_pass_the_gate(on: Journey) -> None:
    """Links and codes, the comparison, the briefs; and the campaign may start."""
    hand, today = on.hand, on.files.today
    on.open("Links, codes, go-live", "04_tracking.ipynb")
    form = on.form("Links and codes")
    hand.write(form.get_by_label("Landing page"), "https://meadow.example/winter")
    hand.choose(form.get_by_label("Which trace goes first"), "code, then link, then survey")
    on.act(form, "Show what it makes")
    on.look("18 links and codes", form)
    on.act(form, "Keep the settings")
    hand.day(form.get_by_label("Day they are given out"), today)
    on.act(form, "Give them out")
    on.look("19 given out", form)
    form = on.form("The comparison for extra sales")
    hand.write(form.get_by_label("Who decides"), "Ann")
    hand.day(form.get_by_label("Day of the decision"), today)
    on.act(form, "Store the comparison")
    on.look("20 the comparison", form)
    form = on.form("The brief")
    hand.write(form.get_by_label("The product", exact=True), "A linen shirt in three colours")
    on.act(form, "Write the brief")
    on.look("21 the brief", form)
    form = on.form("Print the briefs")
    on.act(form, "Print the briefs")
    on.look("22 briefs", form)
    form = on.form("May the campaign start?")
    on.act(form, "Look again")
    on.look("23 the gate, shut", form)
    hand.write(form.get_by_label("Who lets it start"), "Ann")
    hand.write(form.get_by_label("Reason"), "contracts are on their way, and the dates are fixed")
    hand.day(form.get_by_label("Day of the decision"), today)
    on.act(form, "Start anyway")
    on.look("24 the gate, open", form)
    on.leave(form)


def approve_and_print(on: Journey) -> None:
    """The plan is approved, its report printed and opened."""
    hand = on.hand
    on.open("Sizes and budget", "03_tiers.ipynb")
    form = on.form("Approve a plan")
    hand.tick(form.get_by_role("radio").nth(0))
    hand.write(form.get_by_label("Who approves it"), "Cleo")
    hand.day(form.get_by_label("On which day"), on.files.today)
    on.act(form, "Approve")
    on.look("25 approved", form)
    on.leave(form)
    assert {row["by"] for row in rows(on.client / "ledger.csv")} == {"Cleo"}
    on.open("Start here", "00_start_here.ipynb")
    _print(on, "26 the plan, printed")


def _print(on: Journey, name: str) -> None:
    """Print the report, and open it in a tab of its own."""
    form = on.form("Print the report")
    on.hand.press(form.get_by_role("button", name="Print", exact=True))
    form.locator(".cb-status[data-kind=done]").get_by_text("Printed in").wait_for(timeout=10 * MINUTE)
    on.look(name, form)
    with on.page.context.expect_page(timeout=MINUTE) as opened:
        on.hand.press(form.get_by_role("button", name="Open").filter(has_text=".html").first)
    paper = opened.value
    inside = paper.frame_locator("iframe")
    inside.get_by_role("heading").first.wait_for(timeout=MINUTE)
    if PICTURES:
        paper.screenshot(path=on.folder / f"{name}, opened.png")
    assert "Meadow" in inside.locator("body").inner_text()
    paper.close()


BEFORE = [
    make_a_client,
    say_what_a_file_is,
    set_goal_and_budget,
    vet_everybody,
    choose_a_plan,
    issue_codes_and_pass_the_gate,
    approve_and_print,
]


def add_posts_and_orders(on: Journey) -> None:
    """What came since: the shop's orders and refunds, Instagram's figures, a post and a cost written down by hand."""
    hand, files = on.hand, on.files
    given = {row["handle"]: row["code"] for row in rows(on.client / "campaigns" / "2026-12.links.csv")}
    form = on.form("The client's files")
    hand.bring(
        form.get_by_label("More files"),
        [files.later_orders(given), files.later_refunds(), files.later_posts()],
    )
    on.act(form, "Add")
    on.leave(form)
    on.page.locator(".jp-NotebookPanel:visible").get_by_text("you are at results").wait_for(timeout=MINUTE)
    on.look("27 files of the end")
    on.open("Links, codes, go-live", "04_tracking.ipynb")
    form = on.form("A post")
    hand.choose(form.get_by_label("Creator"), form.locator("select option").nth(1).text_content() or "")
    hand.day(form.get_by_label("Posted on"), files.start)
    hand.write(form.get_by_label("Link"), "https://www.instagram.com/p/linen/")
    on.act(form, "Add the row")
    on.look("28 a post", form)
    form = on.form("Money spent")
    hand.choose(form.get_by_label("For whom"), "the whole campaign")
    hand.choose(form.get_by_label("Kind"), "tools")
    hand.write(form.get_by_label("Amount"), "49.90")
    hand.day(form.get_by_label("Date"), files.start)
    on.act(form, "Add the row")
    on.look("29 money spent", form)
    on.leave(form)
    assert rows(on.client / "exports" / "post_log.csv")[-1]["link"] == "https://www.instagram.com/p/linen/"
    assert rows(on.client / "exports" / "cost_sheet.csv")[-1]["amount"] == "49.9"


def look_at_results(on: Journey) -> None:
    """What it made, under other assumptions and another rule; with whom again."""
    hand = on.hand
    on.open("ROI", "05_roi.ipynb")
    on.look("30 results")
    form = on.form("What if?").first
    on.moves(form, lambda: hand.slide(form.get_by_label("Gross margin").first, -6))
    on.look("31 another margin", form)
    rule = on.form("What if?").nth(1)
    rule.get_by_text("No order names two creators").wait_for()  # said where the control is off
    on.look("32 no other rule", rule)
    form = on.form("With whom do we work again?")
    for place, start in enumerate(["renew", "adjust", "stop"], start=1):
        select = form.get_by_role("group", name=f"Creators, row {place}", exact=True).get_by_label(
            "Decision and reason"
        )
        hand.choose(
            select, select.locator("option").filter(has_text=f"{start} · ").first.text_content() or ""
        )
    hand.write(form.get_by_label("Who decides"), "Ann")
    on.act(form, "Write the decisions down")
    on.look("33 with whom again", form)
    on.leave(form)
    later = [row for row in rows(on.client / "decisions.csv") if row["date"] == on.files.over.isoformat()]
    assert [row["decision"] for row in later] == ["Shortlist", "Ask for more", "Not this time"]


def settle(on: Journey) -> None:
    """What came is written down; the report of the results is printed."""
    form = on.form("Settle the campaign")
    on.hand.write(form.get_by_label("Who settles it"), "Cleo")
    on.act(form, "Show what will be written")
    on.look("34 what will be written", form)
    on.act(form, "Settle")
    on.look("35 settled", form)
    on.leave(form)
    assert "outcome" in {row["act"] for row in rows(on.client / "ledger.csv")}
    _print(on, "36 results, printed")


def find_it_all_again(on: Journey) -> None:
    """Opened anew, every form shows what was written."""
    panel = on.page.locator(".jp-NotebookPanel:visible")
    panel.get_by_text("you are at results").wait_for(timeout=MINUTE)
    on.open("Goals", "01_goals.ipynb")
    form = on.form("What is it for?")
    assert form.get_by_label("Budget").input_value() == "6000"
    assert form.get_by_label("What people call it").input_value() == "Winter linen"
    margin = on.form("What does an order leave?").get_by_role("group", name="Shares, row 1", exact=True)
    assert margin.get_by_label("Likely").input_value() == "56"
    on.open("Vetting", "02_vetting.ipynb")
    board = on.form("Decide on creators")
    board.locator("tbody tr[data-decided]").nth(39).wait_for(timeout=MINUTE)
    on.look("37 the board again", board)
    on.open("Sizes and budget", "03_tiers.ipynb")
    assert on.form("What the choice of creators keeps to").get_by_label("Most creators").input_value() == "15"
    on.form("Approve a plan").get_by_text("Approved already, by Cleo").wait_for()
    on.open("Links, codes, go-live", "04_tracking.ipynb")
    assert (
        on.form("Links and codes").get_by_label("Landing page").input_value()
        == "https://meadow.example/winter"
    )
    on.form("A post").get_by_text("https://www.instagram.com/p/linen/").wait_for()
    on.open("ROI", "05_roi.ipynb")
    on.form("With whom do we work again?").get_by_text("by Ann").first.wait_for()
    form = on.form("Settle the campaign")
    on.hand.write(form.get_by_label("Who settles it"), "Cleo")
    on.act(form, "Show what will be written")
    form.get_by_text("stands there already").first.wait_for()
    on.look("38 settled already", form)


AFTER = [add_posts_and_orders, look_at_results, settle]


@pytest.fixture(params=[Mouse, Keys], ids=["mouse", "keys"])
def hand(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Hand]:
    """A hand at a fresh page of laptop size."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    context.set_default_timeout(3 * MINUTE)  # a computer that is busy with other things too takes its time
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
        on.begin(address)
        for station in BEFORE:
            station(on)
    with lab(clone, tmp_path / "later", "meadow", day=on.files.over) as address:
        on.begin(address)
        for station in AFTER:
            station(on)
    with lab(clone, tmp_path / "again", "meadow", day=on.files.over) as address:
        on.begin(address)
        find_it_all_again(on)
    assert git(clone, "status", "--porcelain") == ""
