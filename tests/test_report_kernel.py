"""Reports' engine and kernel leave work out, and nothing a notebook shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from ipykernel.kernelapp import IPKernelApp
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.exceptions import PapermillExecutionError
from papermill.iorw import load_notebook_node

from creatorbook.runner import engine, forked
from creatorbook.runner.execute import KERNEL_ARGUMENTS, ORDINARY
from creatorbook.runner.kernel import ReportApp
from creatorbook.runner.prompt import PromptManager

linux = pytest.mark.skipif(not forked.supported(), reason="kernels are forked on Linux only")

#: Everything a cell can say: text between pictures, both streams, results, changed and cleared outputs, widgets.
SAYING = [
    "import sys\nfrom IPython.display import HTML, clear_output, display",
    "print('one'); display(HTML('<b>two</b>')); print('three'); client",
    "print('out'); print('err', file=sys.stderr); print('out again')",
    "shown = display(HTML('first'), display_id='x')",
    "shown.update(HTML('second'))",
    "print('gone'); display(HTML('gone')); clear_output(wait=True); display(HTML('stays')); print('and text')",
    "print('gone'); clear_output(); print('stays')",
    "from ipywidgets import Output\nkept = Output()\nwith kept:\n    print('inside'); display(HTML('inside'))",
    "print('x' * 200_000)",
    "sys.stdout.write('no end of line')",
    "display({'text/plain': 'raw', 'application/json': {'a': [1, None]}}, raw=True, metadata={'b': {'c': 1}})",
    "import subprocess\nprint(subprocess.run(['echo', 'from a child'], capture_output=True, text=True).stdout)",
]


def notebook_of(folder: Path, *sources: str) -> Path:
    """A notebook with a parameters cell, text, and code cells."""
    cells = [new_code_cell("client = ''", metadata={"tags": ["parameters"]}), new_markdown_cell("Text.")]
    cells += [new_code_cell(source) for source in sources]
    path = folder / "asked.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}), path)
    return path


def told(notebook: Any) -> list[Any]:
    """Type, source, number and outputs of each cell; a widget has another number in each run."""
    cells = [
        (cell.cell_type, cell.source, cell.get("execution_count"), cell.get("outputs"))
        for cell in notebook.cells
    ]
    return json.loads(re.sub(r'"model_id": "\w+"', '"model_id": ""', json.dumps(cells)))


@linux
def test_a_report_shows_what_papermill_shows(tmp_path: Path) -> None:
    """Same cells, numbers and outputs in the same order as papermill's own engine and an ordinary kernel give."""
    asked = notebook_of(tmp_path, *SAYING)
    ordinary = papermill.execute_notebook(
        str(asked),
        None,
        {"client": "a"},
        kernel_name=ORDINARY,
        kernel_manager_class=PromptManager,  # papermill's own may wait for ever for a widget that catches output
        progress_bar=False,
        execution_timeout=30,
    )
    ours = engine.executed(
        load_notebook_node(str(asked)),
        forked.KERNEL_NAME,
        {"client": "a"},
        timeout=30,
        extra_arguments=KERNEL_ARGUMENTS,
    )
    nbformat.validate(ours)
    assert sum(bool(outputs) for *_, outputs in told(ours)) >= len(SAYING) - 3  # all but three show something
    assert told(ours) == told(ordinary)


def test_a_cell_that_fails_ends_the_run_and_is_told(tmp_path: Path) -> None:
    """What follows it is not run."""
    asked = load_notebook_node(str(notebook_of(tmp_path, "1 / 0", "open('ran', 'w')")))
    folder = {"metadata": {"path": str(tmp_path)}}
    with pytest.raises(PapermillExecutionError, match="division by zero"):
        engine.executed(asked, ORDINARY, {"client": "a"}, resources=folder)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["-f", "a b.json", "--IPKernelApp.log_level=CRITICAL", "--HistoryManager.enabled=False"],
        ["-f", "a.json", "--IPKernelApp.exec_lines=pass"],
        ["-f", "a.json", "--IPKernelApp.exec_lines=a", "--IPKernelApp.exec_lines=b"],
        ["-f", "a.json", "--IPKernelApp.exec_lines=a b"],
        ["--f=a.json", "--debug"],
        ["-f", "a.json", "--no-stdout"],
        [],
    ],
)
def test_settings_are_read_as_ipykernel_reads_them(arguments: list[str]) -> None:
    """Those of a report's kernel without its parser, others with it."""
    ours, theirs = ReportApp(), IPKernelApp()
    for app in (ours, theirs):
        app.parse_command_line(arguments)
    for name in ("connection_file", "log_level", "exec_lines", "no_stdout"):
        assert getattr(ours, name) == getattr(theirs, name)
    assert str(ours.config.HistoryManager.get("enabled")) == str(theirs.config.HistoryManager.get("enabled"))


@linux
def test_what_was_hidden_at_the_start_is_there_in_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ipykernel sees all modules again; there is no debugger; somebody's start-up files were run."""
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("greeting = 'hello'")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    made = engine.executed(
        load_notebook_node(
            str(
                notebook_of(
                    tmp_path,
                    "import sys\nfrom ipykernel import debugger, ipkernel\n"
                    "print(ipkernel.sys is sys, debugger._is_debugpy_available, greeting)",
                    "import debugpy; print(debugpy.__name__)",
                )
            )
        ),
        forked.KERNEL_NAME,
        {"client": "a"},
    )
    assert [cell.outputs[0].text for cell in made.cells[-2:]] == ["True False hello\n", "debugpy\n"]
