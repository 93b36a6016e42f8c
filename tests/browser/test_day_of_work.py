"""A day of work on a client of one's own, in a real JupyterLab: what git tracks is in the evening as it was in the morning."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page

from browser.conftest import started_lab
from browser.test_lab import run_all_at
from creatorbook.client.repository import NOTEBOOKS, SAMPLE_DATA
from test_launcher import fresh_clone

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))

ANSWERS = [
    *(
        "--brand",
        "Meadow",
        "--currency",
        "EUR",
        "--market",
        "DE",
        "--prices-include-tax",
        "--tax-rate",
        "0.19",
    ),
    *("--goal", "sales", "--budget", "3500", "--start", "2026-03-02", "--end", "2026-03-29"),
]

SAVED = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"


def git(clone: Path, *arguments: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *who, *arguments], cwd=clone, capture_output=True, text=True, check=True
    ).stdout


def save(page: Page) -> None:
    """As the disk symbol does, and wait until it is done."""
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function(SAVED)


def decide(page: Page) -> None:
    """Decide on one creator on the board of 02, and wait until it is written."""
    board = page.locator(".cb-board")
    board.scroll_into_view_if_needed()
    board.get_by_label("Your name (needed)").fill("Ann")
    board.get_by_label("Search").fill("bente.distelquell")
    board.locator("tbody tr").first.click()
    board.get_by_label("Shortlist").check()
    board.get_by_label("people respond").check()
    board.get_by_role("button", name="Write it down", exact=True).click()
    board.locator(".cb-status[data-kind=done]").wait_for()


def is_there(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/api", timeout=1)  # noqa: S310 - our own server
    except (urllib.error.URLError, OSError):
        return False
    return True


@pytest.mark.slow
def test_git_sees_nothing_of_a_day_of_work(page: Page, tmp_path: Path) -> None:
    """A client made of two files; every notebook run and saved, a decision written, JupyterLab ended with its command."""
    clone = fresh_clone(tmp_path / "clone")
    git(clone, "init", "--quiet")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "as it came")
    environment = {**os.environ, "PYTHONPATH": str(clone / "helpers")}
    command = [sys.executable, "-P", "-m", "creatorbook"]
    client = clone / "clients" / "mine"
    subprocess.run([*command, "new", client, *ANSWERS], env=environment, check=True, capture_output=True)
    for name in ("creators.csv", "orders.csv"):
        shutil.copy(SAMPLE_DATA / "northpin/exports" / name, client / "exports" / name)
    with started_lab([*command, "lab", str(client)], tmp_path, environment) as address:
        for name in NAMES:
            cells = run_all_at(page, f"{address}/lab/tree/notebooks/2026-03/{name}?reset")
            assert cells, name
            assert not [cell["id"] for cell in cells if not cell["count"]], name
            outputs = [output for cell in cells for output in cell["outputs"]]
            assert not [output for output in outputs if output["output_type"] == "error"], name
            if name.startswith("02"):
                decide(page)
            page.screenshot(path=tmp_path / f"{name}.png")
            save(page)
        page.close()
    for _ in range(100):
        if not is_there(address):
            break
        time.sleep(0.1)
    assert not is_there(address)
    with (client / "decisions.csv").open(encoding="utf-8") as file:
        (decision,) = csv.DictReader(file)
    assert (decision["handle"], decision["decision"], decision["by"]) == (
        "bente.distelquell",
        "Shortlist",
        "Ann",
    )
    saved = (client / "notebooks/2026-03/02_vetting.ipynb").read_text(encoding="utf-8")
    assert "bente.distelquell" in saved
    assert git(clone, "status", "--porcelain") == ""
    assert "clients/" in git(clone, "status", "--porcelain", "--ignored")
