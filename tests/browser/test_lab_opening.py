"""What a strategist sees who opens a client: everything there at first sight, and a page to start from by keyboard."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page

from browser.conftest import running
from creatorbook.client.repository import ROOT, SAMPLE_DATA

MINUTE = 60_000
COPIES = "northpin/notebooks/spring-hike"

#: The notebook in front is loaded and its kernel idle.
READY = """name => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.context?.isReady && panel.context.path.endsWith(name)
        && panel.sessionContext.session?.kernel?.status === 'idle';
}"""
SEEN = """() => {
    const { content, node } = window.jupyterapp.shell.currentWidget;
    const shell = window.jupyterapp.shell;
    const cells = [...content.model.cells].filter(cell => cell.type === 'code');
    return {
        untrusted: cells.filter(cell => !cell.trusted).length,
        notRun: cells.filter(cell => !cell.executionCount).length,
        styles: node.querySelectorAll('.jp-OutputArea style').length > 0,
        changed: content.model.dirty,
        unnamedPictures: node.querySelectorAll('.jp-RenderedImage img:not([alt]), .jp-RenderedImage img[alt=""]').length,
        deadWidgets: node.querySelectorAll('.jupyter-widgets-disconnected').length,
        sidesClosed: shell.leftCollapsed && shell.rightCollapsed,
    };
}"""
AT_FIRST_SIGHT = {
    "untrusted": 0,
    "notRun": 0,
    "styles": True,
    "changed": False,
    "unnamedPictures": 0,
    "deadWidgets": 0,
    "sidesClosed": True,
}
EDITORS = ".jp-Notebook .jp-CodeCell .cm-editor:visible"
CELLS = "() => [...window.jupyterapp.shell.currentWidget.content.model.cells].map(cell => cell.type)"

#: The form with this heading has the focus.
STANDS_IN = "title => document.activeElement.closest('.cb-form')?.querySelector('h3').textContent === title"

FORM = """import ipywidgets
form = ipywidgets.VBox([ipywidgets.Dropdown(options=["apple", "banana", "cherry", "date"])])
form.add_class("cb-form")"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """`lab northpin`, the command itself: its address and the folder of the copies."""
    clients = tmp_path_factory.mktemp("agency")
    shutil.copytree(SAMPLE_DATA / "northpin", clients / "northpin")
    with running(["creatorbook", "lab", str(clients / "northpin")], clients) as address:
        yield f"{address}/lab/workspaces/northpin/tree/{COPIES}", clients / COPIES


def show(page: Page, address: str, notebook: str) -> dict[str, Any]:
    """Open a notebook and do nothing; what is to be seen."""
    page.goto(f"{address}/{notebook}?reset")
    page.wait_for_function(READY, arg=notebook, timeout=2 * MINUTE)
    page.locator(".jp-OutputArea-output:visible").first.wait_for()
    return page.evaluate(SEEN)


def settled(page: Page) -> dict[str, Any]:
    """What is to be seen once JupyterLab has heard that what it shows is what is on the disk."""
    for _ in range(50):
        if page.evaluate(SEEN) == AT_FIRST_SIGHT:
            break
        page.wait_for_timeout(200)
    return page.evaluate(SEEN)


def run(page: Page, command: str) -> None:
    page.evaluate("command => void window.jupyterapp.commands.execute(command)", command)


def status() -> str:
    return subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT, text=True)


def test_everything_is_there_at_first_sight(page: Page, opened: tuple[str, Path]) -> None:
    """Run, trusted, styled, calm and without code, in a second window too; the code comes by Enter or all at once."""
    address, _copies = opened
    before = status()
    assert show(page, address, "00_start_here.ipynb") == AT_FIRST_SIGHT
    assert page.locator(EDITORS).count() == 0
    assert page.locator(".jp-toast, .Toastify__toast, .jp-Dialog").count() == 0
    page.locator(".jp-InputPlaceholder").nth(2).focus()
    page.keyboard.press("Enter")
    page.locator(EDITORS).first.wait_for()
    assert page.locator(EDITORS).count() == 1
    run(page, "notebook:show-all-cell-code")
    page.wait_for_function("() => !document.querySelector('.jp-InputPlaceholder')")
    second = page.context.new_page()
    assert show(second, address, "00_start_here.ipynb") == AT_FIRST_SIGHT
    assert status() == before


def test_the_first_page_begins_with_the_steps(page: Page, opened: tuple[str, Path]) -> None:
    """Enter on the second tile opens 01, whose form lives; the kernel of the reports is not offered; clients change."""
    address, _copies = opened
    show(page, address, "00_start_here.ipynb")
    run(page, "launcher:create")
    page.locator(".jp-LauncherCard").first.wait_for()
    assert page.locator(".jp-Launcher-sectionTitle").all_inner_texts()[:2] == [
        "Northpin, Spring hike",
        "Lessons",
    ]
    first = page.locator(".jp-Launcher-section").first.locator(".jp-LauncherCard-label")
    assert first.all_inner_texts()[-2:] == ["New client", "Print"]
    assert page.get_by_text("headless").count() == 0
    page.locator(".jp-LauncherCard").nth(1).focus()
    page.keyboard.press("Enter")
    page.wait_for_function(READY, arg="01_goals.ipynb", timeout=2 * MINUTE)
    page.locator(".cb-form input[type=range]").first.wait_for()
    assert settled(page) == AT_FIRST_SIGHT
    folder = {"folder": COPIES}
    page.evaluate("args => void window.jupyterapp.commands.execute('creatorbook:open-client', args)", folder)
    page.wait_for_url("**/00_start_here.ipynb")
    page.wait_for_function(READY, arg="00_start_here.ipynb", timeout=2 * MINUTE)
    run(page, "creatorbook:new-client")
    page.wait_for_function(STANDS_IN, arg="A new client", timeout=MINUTE)


def test_keys_in_a_form_are_the_forms(page: Page, opened: tuple[str, Path]) -> None:
    """Letters and arrows reach a drop-down and leave the notebook alone; Ctrl+S saves it all the same."""
    address, copies = opened
    cells = [nbformat.v4.new_code_cell("1"), nbformat.v4.new_code_cell(f"{FORM}\nform")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), copies / "keys.ipynb")
    page.goto(f"{address}/keys.ipynb?reset")
    page.wait_for_function(READY, arg="keys.ipynb", timeout=2 * MINUTE)
    run(page, "notebook:run-all-cells")
    control = page.locator(".cb-form select")
    control.wait_for()
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.content.model.cells.get(1).executionCount"
    )
    before = page.evaluate(CELLS)
    control.focus()
    for key in ("b", "d", "d", "0", "0", "r", "x"):
        page.keyboard.press(key)
    page.wait_for_timeout(1500)  # after a while the browser takes a letter for a new word
    page.keyboard.press("c")
    assert control.evaluate("select => select.selectedOptions[0].label") == "cherry"
    page.keyboard.press("ArrowDown")
    assert control.evaluate("select => select.selectedOptions[0].label") == "date"
    assert control.evaluate("select => document.activeElement === select")
    assert page.evaluate(CELLS) == before
    assert page.locator(".jp-Dialog").count() == 0
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.dirty")
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.content.model.dirty")
