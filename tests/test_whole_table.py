"""Tables of more rows than a page shows are whole in a notebook, and leave no rows in the saved one."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from creatorbook.findings import Column, Findings, Table, render
from creatorbook.findings.formats import Formats
from creatorbook.findings.whole_table import WholeTable


def _long_table() -> Table:
    frame = pd.DataFrame(
        {
            "who": [f"Ånn {n}" for n in range(59)] + ["<b>Zoë</b>"],
            "fee": [float(n % 7) for n in range(59)] + [None],
        }
    )
    return Table("t.long", "Long", frame, {"who": Column("Creator"), "fee": Column("Fee", "money")}, rows=4)


def test_a_long_table_is_whole_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first rows as HTML, with how many there are and no word of a workbook; then the table itself, without its rows."""
    shown: list[Any] = []
    monkeypatch.setattr(render, "display", lambda what, **_more: shown.append(what))
    render.display_findings(Findings("t", (_long_table(),)))
    html, whole = shown
    assert html.data.count("<tr>") == 5
    assert "The first 4 of 60 rows." in html.data
    assert "data.xlsx" not in html.data
    assert whole["text/plain"].startswith("All 60 rows: ")
    assert "Ånn" not in json.dumps(whole)
    shown.clear()
    render.display_findings(Findings("t", (_long_table(),)), brief=True)
    assert [("56 more rows are in the workbook file data.xlsx." in one.data) for one in shown] == [True]


def test_a_whole_table_is_searched_ordered_and_paged() -> None:
    """Words in any case, the largest figure first with missing ones last, equals as they stood; a page is fifty rows."""
    whole = WholeTable(_long_table(), Formats.of("en", "GBP"))
    first, second = whole.rows(), whole.rows(start=50)
    assert (first["found"], len(first["rows"]), len(second["rows"])) == (60, 50, 10)
    assert first["rows"][0] == ["Ånn 0", "£0"]
    assert [who for who, _ in whole.rows(" åNN 1")["rows"]] == ["Ånn 1", *(f"Ånn 1{n}" for n in range(10))]
    down = whole.rows(column=1, down=True)["rows"]
    assert [who for who, _ in down[:3]] == ["Ånn 6", "Ånn 13", "Ånn 20"]
    assert whole.rows(column=1, start=50)["rows"][-1] == ["<b>Zoë</b>", "not available"]
    assert whole.rows(column=1, down=True, start=50)["rows"][-1] == ["<b>Zoë</b>", "not available"]
    assert whole.rows("nobody")["rows"] == []
