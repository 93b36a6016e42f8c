"""A form for JupyterLab: decide on a creator, with a reason.

Nothing is drawn headless. It draws into `HTML` values, which nbval and saved notebooks bear, and carries a text fallback for places that show no widgets.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import ipywidgets as ipw
import pandas as pd
from IPython.display import display

from creatorbook import client as client_files
from creatorbook.book import Book
from creatorbook.findings.render import show_style, table_html
from creatorbook.packs import pack
from creatorbook.problems import Problem, as_problem


def decide(book: Book) -> None:
    """Approve, ask or reject one creator with a reason; each decision is a new row of `decisions.csv`."""
    if book.mode != "explore" or book.tables.creators.empty:
        return
    reasons = pack("reasons")
    handle = ipw.Dropdown(description="Creator", options=sorted(book.tables.creators["handle"].unique()))
    decision = ipw.ToggleButtons(options=list(reasons["decisions"]))
    reason = ipw.Dropdown(description="Reason", options=list(reasons["reasons"]))
    note = ipw.Text(description="Note", placeholder="Write it so that the creator could read it")
    by = ipw.Text(description="Decided by", placeholder="your name")
    button = ipw.Button(description="Write it down", button_style="primary")
    seen = client_files.read_decisions(book.client)
    log = ipw.HTML(_decisions_html(seen, book))

    def write_down(_button: Any) -> None:
        nonlocal seen
        trouble = ""
        try:
            client_files.record_decision(
                book.client,
                handle=handle.value,
                decision=decision.value,
                reason=reason.value,
                note=note.value,
                by=by.value,
                on=date.today(),  # noqa: DTZ011 - the day on the decider's own calendar
                seen=seen,
            )
            note.value = ""
        except Exception as error:
            trouble = f"<p>{_escaped(str(as_problem(error)))}</p>"
        with suppress(Problem, OSError):  # a file that cannot be read was told above
            seen = client_files.read_decisions(book.client)
        log.value = trouble + _decisions_html(seen, book)

    button.on_click(write_down)
    form = ipw.VBox([handle, decision, reason, note, by, button, log])
    _displayed(form, "A form: decide on a creator in JupyterLab; decisions.csv keeps the reason.")


def _decisions_html(decided: pd.DataFrame, book: Book) -> str:
    from creatorbook.findings import Column, Table

    if decided.empty:
        return "<p class='cb-note'>No decision is written down yet.</p>"
    columns = {
        name: Column(name.capitalize(), "date" if name == "date" else "text") for name in decided.columns
    }
    return table_html(Table("decisions", "Decisions so far", decided.tail(12), columns), book.formats)


def _escaped(text: str) -> str:
    from html import escape

    return escape(text)


def _displayed(form: ipw.Widget, fallback: str) -> None:
    """Show a form with a sentence for places without widgets."""
    show_style()
    view = {"version_major": 2, "version_minor": 0, "model_id": form.model_id}
    display(
        {"application/vnd.jupyter.widget-view+json": view, "text/plain": fallback},
        raw=True,
    )
