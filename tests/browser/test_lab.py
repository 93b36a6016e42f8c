"""What a strategist does: open a notebook in JupyterLab, run it top to bottom, move a slider."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from creatorbook.client.repository import NOTEBOOKS
from creatorbook.runner.committed import committed_notebooks

MINUTES = 60_000

OPENED = "() => window.jupyterapp?.shell.currentWidget?.context?.isReady"
KERNEL = "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
CELLS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code')
    .map(cell => ({id: cell.id, count: cell.executionCount, outputs: cell.outputs.toJSON()}))"""
ALIGNED = "element => getComputedStyle(element).textAlign"


def run_all(page: Page, lab: str, notebook: Path) -> list[dict[str, Any]]:
    """Open a notebook, run all its cells, and give the code cells as JupyterLab holds them."""
    return run_all_at(page, f"{lab}/lab/tree/notebooks/{notebook.relative_to(NOTEBOOKS).as_posix()}?reset")


def run_all_at(page: Page, address: str) -> list[dict[str, Any]]:
    """The same of the notebook at an address of JupyterLab's."""
    page.goto(address)
    page.wait_for_function(OPENED, timeout=2 * MINUTES)
    page.wait_for_function(KERNEL, timeout=2 * MINUTES)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(KERNEL, timeout=5 * MINUTES)
    return page.evaluate(CELLS)


#: What the short run opens: nbval runs the others, the short journey works in 02, and `--all` opens them too.
ALWAYS = {"05_roi"}
OPENED_HERE = [
    pytest.param(path, id=path.stem, marks=[] if path.stem in ALWAYS else pytest.mark.slow)
    for path in committed_notebooks()
]


@pytest.mark.parametrize("notebook", OPENED_HERE)
def test_every_notebook_runs_in_jupyterlab(page: Page, lab: str, notebook: Path) -> None:
    """Run top to bottom in explore mode, no cell fails and none is left out."""
    cells = run_all(page, lab, notebook)
    assert cells
    for cell in cells:
        assert cell["count"], f"{cell['id']} did not run"
        assert not [output for output in cell["outputs"] if output["output_type"] == "error"], cell["id"]


def test_a_slider_shows_the_consequence(page: Page, lab: str) -> None:
    """In 01, a step of the margin's slider changes what the break-even says."""
    run_all(page, lab, NOTEBOOKS / "01_goals.ipynb")
    form = page.locator(".cb-form.cb-live").first
    handle = form.locator("input[type=range]:enabled").first
    handle.scroll_into_view_if_needed()
    said = form.locator(".cb-result")
    before = said.inner_text()
    handle.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "before => document.querySelector('.cb-form.cb-live .cb-result').innerText !== before", arg=before
    )
    assert said.inner_text().strip()


@pytest.mark.slow
def test_tables_read_from_the_left(page: Page, lab: str) -> None:
    """JupyterLab sets its own tables flush right; ours keep words left and figures right, when run again too."""
    for _ in range(2):
        run_all(page, lab, NOTEBOOKS / "00_start_here.ipynb")
        assert page.locator("td.cb-number").first.evaluate(ALIGNED) == "right"
        assert page.locator("td.cb-text").first.evaluate(ALIGNED) == "left"
