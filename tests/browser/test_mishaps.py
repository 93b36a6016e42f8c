"""What happens while a form is open: what was decided is safe, and the form says what happened."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import started_lab
from browser.test_lab_opening import MINUTE, show
from browser.test_room import CAMPAIGN, CLIENT, COPIES, done, form_of, press, rows
from creatorbook.client.repository import SAMPLE_DATA

pytestmark = pytest.mark.slow

#: The number of the kernel's process, asked of the kernel itself.
PROCESS = """async () => {
    const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
    const asked = kernel.requestExecute({ code: "import os; print(os.getpid())", store_history: false });
    let text = "";
    asked.onIOPub = message => { if (message.header.msg_type === "stream") text += message.content.text; };
    await asked.done;
    return Number(text);
}"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A lab of this test's own on a client whose campaign is planned: the address of its notebooks, and the client."""
    with _lab(tmp_path / "agency", tmp_path) as (address, client):
        yield address, client


@contextmanager
def _lab(clients: Path, place: Path) -> Iterator[tuple[str, Path]]:
    client = clients / CLIENT
    shutil.copytree(SAMPLE_DATA / CLIENT, client)
    command = [sys.executable, "-m", "creatorbook", "lab", str(client), "--campaign", CAMPAIGN]
    with started_lab(command, place, os.environ) as address:
        yield f"{address}/lab/workspaces/{CLIENT}/tree/{COPIES}", client


def campaign_of(client: Path) -> Path:
    return client / "campaigns" / f"{CAMPAIGN}.yml"


def decide(page: Page, name: str) -> tuple[Locator, str]:
    """A decision on the creator who is chosen; the board, and the account."""
    board = form_of(page, "Decide on creators")
    board.get_by_label("Your name (needed)").fill(name)
    chosen = board.locator("tbody tr[aria-selected=true]")
    chosen.wait_for(timeout=MINUTE)
    account = chosen.get_attribute("data-id") or ""
    board.get_by_role("radio", name="Not this time").check()
    board.get_by_role("radio", name="works with a competitor").check()
    press(page, board.get_by_role("button", name="Write it down", exact=True))
    return board, account


def test_a_kernel_that_is_killed(page: Page, opened: tuple[str, Path]) -> None:
    """What was confirmed is in the file; what was not is said not to be; loaded again, the form lives and shows it."""
    address, client = opened
    show(page, address, "01_goals.ipynb")
    form = form_of(page, "What is it for?")
    form.get_by_label("Budget").fill("4321")
    press(page, form.get_by_role("button", name="Write it down"))
    done(form)
    written = campaign_of(client).read_bytes()
    form.get_by_label("Budget").fill("9999")
    os.kill(page.evaluate(PROCESS), signal.SIGKILL)
    form.get_by_text("kernel has ended").wait_for(timeout=2 * MINUTE)
    assert campaign_of(client).read_bytes() == written
    page.reload()
    show(page, address, "01_goals.ipynb")
    expect(form_of(page, "What is it for?").get_by_label("Budget")).to_have_value("4321")


def test_a_file_that_somebody_else_changes(page: Page, opened: tuple[str, Path]) -> None:
    """It is told before anything is written over, and what stands there is shown; then one's own is written."""
    address, client = opened
    show(page, address, "01_goals.ipynb")
    form = form_of(page, "What is it for?")
    form.get_by_label("Budget").fill("4321")
    file = campaign_of(client)
    theirs = "\n".join(
        "budget: 1234" if line.startswith("budget:") else line for line in file.read_text().splitlines()
    )
    file.write_text(theirs)
    press(page, form.get_by_role("button", name="Write it down"))
    form.get_by_text("somebody changed this file while the form was open").wait_for(timeout=MINUTE)
    expect(form.get_by_label("Budget")).to_have_value("1234")
    assert file.read_text() == theirs
    form.get_by_label("Budget").fill("4321")
    press(page, form.get_by_role("button", name="Write it down"))
    done(form)
    assert "budget: 4321" in file.read_text()


def test_a_decision_that_somebody_else_took_meanwhile(page: Page, opened: tuple[str, Path]) -> None:
    """Theirs is shown, and nothing is written."""
    address, client = opened
    show(page, address, "02_vetting.ipynb")
    board = form_of(page, "Decide on creators")
    chosen = board.locator("tbody tr[aria-selected=true]")
    chosen.wait_for(timeout=MINUTE)
    account = chosen.get_attribute("data-id") or ""
    file = client / "decisions.csv"
    head = file.read_text().splitlines()[0].split(",")
    row = {
        "date": "2026-06-01",
        "handle": account.split("/")[-1],
        "decision": "Shortlist",
        "reason": "audience fits",
        "by": "Ben",
    }
    with file.open("a") as sheet:
        sheet.write(",".join(row.get(name, "") for name in head) + "\n")
    theirs = file.read_bytes()
    decide(page, "Ann")
    board.locator(".cb-status[data-kind=fault]").get_by_text("Nothing was written").wait_for(timeout=MINUTE)
    board.locator(f"tbody tr[data-id='{account}']").get_by_text("Shortlist").wait_for(timeout=MINUTE)
    assert file.read_bytes() == theirs


def test_two_tabs(page: Page, opened: tuple[str, Path]) -> None:
    """What one writes the other shows, and says so; what is typed there stays, and writes nothing back."""
    address, client = opened
    show(page, address, "02_vetting.ipynb")
    second = page.context.new_page()
    show(second, address, "02_vetting.ipynb")
    other = form_of(second, "Decide on creators")
    other.locator("tbody tr[aria-selected=true]").wait_for(timeout=MINUTE)
    board, account = decide(page, "Ann")
    done(board)
    other.locator(f"tbody tr[data-id='{account}']").get_by_text("Not this time").wait_for(timeout=MINUTE)
    show(page, address, "01_goals.ipynb")
    show(second, address, "01_goals.ipynb")
    form, other = form_of(page, "What is it for?"), form_of(second, "What is it for?")
    other.get_by_label("What people call it").fill("Summer of linen")
    form.get_by_label("Budget").fill("4321")
    press(page, form.get_by_role("button", name="Write it down"))
    done(form)
    other.get_by_text("In another tab: Written to").wait_for(timeout=MINUTE)
    expect(other.get_by_label("Budget")).to_have_value("4321")
    expect(other.get_by_label("What people call it")).to_have_value("Summer of linen")
    press(second, other.get_by_role("button", name="Write it down"))
    done(other)
    text = campaign_of(client).read_text()
    assert "budget: 4321" in text
    assert "name: Summer of linen" in text


@pytest.mark.skipif(sys.platform != "linux", reason="a file system of its own needs Linux")
def test_a_full_disk(page: Page, tmp_path: Path) -> None:
    """Nothing is written, which is said; once there is room, the same press writes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only an administrator can mount a small disk")
    try:
        with _lab(disk / "agency", tmp_path) as (address, client):
            show(page, address, "01_goals.ipynb")
            form = form_of(page, "What is it for?")
            form.get_by_label("Budget").fill("4321")
            written, decided = campaign_of(client).read_bytes(), rows(client / "decisions.csv")
            _fill(disk)
            press(page, form.get_by_role("button", name="Write it down"))
            form.get_by_text("Nothing was written").wait_for(timeout=MINUTE)
            assert campaign_of(client).read_bytes() == written
            (disk / "filler").unlink()
            press(page, form.get_by_role("button", name="Write it down"))
            done(form)
            show(page, address, "02_vetting.ipynb")
            form_of(page, "Decide on creators").locator("tbody tr[aria-selected=true]").wait_for(
                timeout=MINUTE
            )
            _fill(disk)
            board, account = decide(page, "Ann")
            board.get_by_text("Nothing was written").wait_for(timeout=MINUTE)
            assert rows(client / "decisions.csv") == decided
            (disk / "filler").unlink()
            press(page, board.get_by_role("button", name="Write it down", exact=True))
            done(board)
            added = rows(client / "decisions.csv")[len(decided) :]
            assert [(row["by"], account.endswith(row["handle"])) for row in added] == [("Ann", True)]
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _fill(disk: Path) -> None:
    """Write a file until nothing more fits."""
    try:
        with (disk / "filler").open("wb", buffering=0) as filler:
            while filler.write(bytes(4096)):
                pass
    except OSError:
        pass
