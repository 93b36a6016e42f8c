"""Papermill's engine for reports: papermill's own pieces, without what no report keeps.

`papermill.execute_notebook` writes every notebook to nowhere at its end, and its client times text cells too and
reads the times back from text: a fifth of what papermill costs.
"""

from __future__ import annotations

from typing import Any

from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode, from_dict
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from papermill.execute import raise_for_execution_errors
from papermill.log import logger
from papermill.parameterize import parameterize_notebook

from creatorbook.runner.prompt import PromptManager

#: The name papermill knows the engine by.
ENGINE = "creatorbook-report"


class ReportClient(PapermillNotebookClient):
    """Runs code cells up to the first that fails; their times are taken by whoever listens (see `Recorder`)."""

    def papermill_execute_cells(self) -> None:
        """Run them."""
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code":
                continue
            try:
                self.execute_cell(cell, index)
            except CellExecutionError as error:
                self.nb_man.cell_exception(cell, cell_index=index, exception=error)
                return

    def output(
        self, outs: list[NotebookNode], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> NotebookNode | None:
        """Keep what a cell displayed; the schema is asked once for the whole notebook, when it is written."""
        waited_for = display_id or self.clear_before_next_output or any(self.output_hook_stack.values())
        if msg["msg_type"] != "display_data" or waited_for:
            return super().output(outs, msg, display_id, cell_index)
        shown = {name: msg["content"][name] for name in ("data", "metadata")}
        outs.append(from_dict({"output_type": "display_data", **shown}))
        return outs[-1]


class ReportEngine(Engine):
    """Runs a notebook with a `ReportClient`."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, log_output: bool, **asked: Any
    ) -> None:
        """Run it; `asked` goes to the client."""
        fixed = {"log": logger, "record_timing": False, "kernel_manager_class": PromptManager}
        ReportClient(nb_man, kernel_name=kernel_name, **fixed, **asked).execute()


papermill_engines.register(ENGINE, ReportEngine)


def executed(notebook: NotebookNode, kernel: str, parameters: dict[str, Any], **asked: Any) -> NotebookNode:
    """Run a notebook that papermill read, with parameters; it is changed, and returned with its outputs.

    Args:
        notebook: as of `papermill.iorw.load_notebook_node`.
        kernel: name of the kernel.
        parameters: values for names in its parameters cell.
        asked: settings of `nbclient.NotebookClient`.

    Raises:
        PapermillExecutionError: a cell failed.
    """
    told = parameterize_notebook(notebook, parameters, kernel_name=kernel, engine_name=ENGINE)
    made = papermill_engines.execute_notebook_with_engine(ENGINE, told, kernel, progress_bar=False, **asked)
    raise_for_execution_errors(made, None)
    return made
