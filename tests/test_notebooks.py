"""The committed notebooks are literature: executed, short-celled, without errors, paths or widget state."""

import ast
import json
import tempfile
from pathlib import Path

import nbformat
import pytest

from creatorbook.client.repository import NOTEBOOKS, ROOT
from creatorbook.runner.committed import committed_notebooks
from creatorbook.runner.execute import NOTEBOOK_ONLY

ALL = committed_notebooks()
WORKBOOK = [path for path in ALL if path.parent == NOTEBOOKS]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
class TestCommitted:
    def test_every_code_cell_was_run(self, path: Path) -> None:
        """nbval passes notebooks that were never executed, so this does not."""
        for cell in _code(path):
            assert cell.execution_count, f"{cell.id} was not run"

    def test_cells_are_short(self, path: Path) -> None:
        """No code cell has more than twelve lines."""
        for cell in _code(path):
            assert len([line for line in cell.source.splitlines() if line.strip()]) <= 12, cell.id

    def test_outputs_hold_no_error_and_no_warning(self, path: Path) -> None:
        """No stored traceback, no stored stderr."""
        for cell in _code(path):
            for output in cell.outputs:
                assert output.output_type != "error", cell.id
                assert output.get("name") != "stderr", cell.id

    def test_nothing_of_the_machine_is_stored(self, path: Path) -> None:
        """No path of the machine and no widget state is in the file."""
        text = path.read_text()
        for place in (str(ROOT), f"{Path.home()}/", tempfile.gettempdir() + "/"):
            assert place not in text
        assert "widgets" not in json.loads(text)["metadata"]

    def test_every_figure_has_words(self, path: Path) -> None:
        """Every stored picture carries alt text."""
        for cell in _code(path):
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    assert output.metadata["image/png"]["alt"].strip(), cell.id

    def test_text_comes_before_code(self, path: Path) -> None:
        """A notebook opens with its question, and is mostly prose and calls."""
        cells = nbformat.read(path, as_version=4).cells
        assert cells[0].cell_type == "markdown"
        assert cells[0].source.startswith("# ")


@pytest.mark.parametrize("path", WORKBOOK, ids=lambda path: path.stem)
def test_parameters_are_the_contracts(path: Path) -> None:
    """Each notebook of the workbook takes client, campaign, stage, mode and as_of, and nothing else."""
    cell = next(cell for cell in _code(path) if "parameters" in cell.metadata.get("tags", []))
    names = [line.split("=")[0].strip() for line in cell.source.splitlines()]
    assert names == ["client", "campaign", "stage", "mode", "as_of"]


@pytest.mark.parametrize("path", WORKBOOK, ids=lambda path: path.stem)
def test_a_report_can_do_without_the_cells_it_leaves_out(path: Path) -> None:
    """Cells that headless runs leave out are no part of the page, and make no name that another cell uses."""
    left_out = [cell for cell in _code(path) if NOTEBOOK_ONLY in cell.metadata.get("tags", [])]
    others = [cell for cell in _code(path) if cell not in left_out]
    assert all("explore" in cell.metadata.tags for cell in left_out)
    assert not _made(left_out) & _used(others)


def test_the_workbook_is_complete() -> None:
    """00 to 05 are there, in order."""
    expected = ["00_start_here", "01_goals", "02_vetting", "03_tiers", "04_tracking", "05_roi"]
    assert [path.stem for path in WORKBOOK] == expected


def _code(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def _made(cells: list[nbformat.NotebookNode]) -> set[str]:
    """Names that cells set or import."""
    nodes = [node for cell in cells for node in ast.walk(ast.parse(cell.source))]
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def _used(cells: list[nbformat.NotebookNode]) -> set[str]:
    """Names that cells read."""
    nodes = [node for cell in cells for node in ast.walk(ast.parse(cell.source))]
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
