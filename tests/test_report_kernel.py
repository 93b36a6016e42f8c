"""A forked kernel shows what an ordinary one shows, whatever a cell does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from creatorbook.runner import forked
from creatorbook.runner.execute import KERNEL_ARGUMENTS, ORDINARY
from creatorbook.runner.patient import PatientManager

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


def whole_streams(outputs: Any) -> Any:
    """Outputs with printed text in one piece: a kernel sends it whenever a fifth of a second is over."""
    whole: list[Any] = []
    for output in outputs or []:
        same = whole and output.output_type == "stream" and whole[-1].get("name") == output.name
        if same:
            whole[-1] = {**whole[-1], "text": whole[-1]["text"] + output.text}
        else:
            whole.append(output)
    return whole if outputs is not None else None


def told(notebook: Any) -> list[Any]:
    """Type, source, number and outputs of each cell; a widget has another number in each run."""
    cells = [
        (cell.cell_type, cell.source, cell.get("execution_count"), whole_streams(cell.get("outputs")))
        for cell in notebook.cells
    ]
    return json.loads(re.sub(r'"model_id": "\w+"', '"model_id": ""', json.dumps(cells)))


@linux
def test_a_forked_kernel_shows_what_an_ordinary_one_shows(tmp_path: Path) -> None:
    """Same cells, numbers and outputs in the same order."""
    asked = notebook_of(tmp_path, *SAYING)
    ordinary, ours = (
        papermill.execute_notebook(
            str(asked),
            None,
            {"client": "a"},
            kernel_name=kernel,
            kernel_manager_class=PatientManager,  # papermill's own may wait for ever for a widget that catches output
            extra_arguments=KERNEL_ARGUMENTS,
            progress_bar=False,
            execution_timeout=30,
        )
        for kernel in (ORDINARY, forked.KERNEL_NAME)
    )
    nbformat.validate(ours)
    assert sum(bool(outputs) for *_, outputs in told(ours)) >= len(SAYING) - 3  # all but three show something
    assert told(ours) == told(ordinary)


@linux
def test_there_is_no_debugger_and_start_up_files_are_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was hidden while the fork server imported can be imported in cells."""
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("greeting = 'hello'")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    cells = [
        "from ipykernel import debugger; print(debugger._is_debugpy_available, greeting)",
        "import debugpy; print(debugpy.__name__)",
    ]
    made = papermill.execute_notebook(
        str(notebook_of(tmp_path, *cells)),
        None,
        {"client": "a"},
        kernel_name=forked.KERNEL_NAME,
        kernel_manager_class=PatientManager,
        progress_bar=False,
    )
    assert [cell.outputs[0].text for cell in made.cells[-2:]] == ["False hello\n", "debugpy\n"]
