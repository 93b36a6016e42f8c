"""A table of more rows than a page shows, whole: searched, sorted and paged in a notebook whose kernel lives.

Rows stay in the kernel and come a page at a time, so that a saved notebook holds none of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import anywidget
import pandas as pd
import traitlets

from creatorbook.findings.browser import browser_text
from creatorbook.findings.cells import cell
from creatorbook.findings.definitions import term_of_column
from creatorbook.findings.formats import Formats
from creatorbook.findings.items import Table
from creatorbook.text.plain_text import for_page

#: rows of a page
PAGE = 50


class WholeTable(anywidget.AnyWidget):
    """The browser asks for a page of the rows found, in an order; the answer has their cells as texts.

    Args:
        table: with its texts written out.
        formats: how the client writes numbers.
    """

    _esm = browser_text("findings/elements.js", "findings/whole_table.js")
    _css = browser_text("findings/whole_table.css")

    title = traitlets.Unicode().tag(sync=True)
    columns: Any = traitlets.List().tag(sync=True)
    count = traitlets.Int().tag(sync=True)
    page = traitlets.Int(PAGE).tag(sync=True)
    locale = traitlets.Unicode().tag(sync=True)

    def __init__(self, table: Table, formats: Formats) -> None:
        self._table, self._formats = table, formats
        columns = [
            {
                "words": str(column.label),
                "note": str(column.note),
                "term": term_of_column(table.key, name),
                "number": column.unit != "text",
            }
            for name, column in table.columns.items()
        ]
        super().__init__(
            title=str(table.title),
            columns=columns,
            count=len(table.frame),
            locale=formats.locale.replace("_", "-"),
        )
        self.on_msg(self._heard)

    def rows(
        self, search: str = "", column: int | None = None, *, down: bool = False, start: int = 0
    ) -> dict[str, Any]:
        """A page of rows.

        Args:
            search: a part of any cell that is a text; empty finds all.
            column: which column orders them; none leaves the table's own order. What is missing stands last.
            down: the largest first.
            start: the place of the page's first row among those found.

        Returns:
            found (how many rows), start, rows (their cells as a reader sees them).
        """
        places = self._found(search)
        if column is not None:
            places = self._ordered(places, list(self._table.columns)[column], down=down)
        columns = list(self._table.columns.values())
        shown = self._table.frame.iloc[places[start : start + PAGE]]
        lines = zip(*(shown[name].tolist() for name in self._table.columns), strict=True)
        cells = [
            [
                for_page(cell(value, column, self._formats))
                for value, column in zip(line, columns, strict=True)
            ]
            for line in lines
        ]
        return {"found": len(places), "start": start, "rows": cells}

    @cached_property
    def _words(self) -> pd.Series:
        """All texts of each row in one, as they are searched."""
        columns = self._table.columns
        texts = [self._texts(name) for name in columns if columns[name].unit == "text"]
        return pd.Series(["\n".join(row) for row in zip(*texts, strict=True)], dtype="str")

    def _texts(self, name: str) -> list[str]:
        """A column's cells as they are searched and ordered."""
        column = self._table.columns[name]
        return [cell(value, column, self._formats).casefold() for value in self._table.frame[name]]

    def _found(self, search: str) -> list[int]:
        wanted = search.strip().casefold()
        if not wanted or self._words.empty:
            return list(range(len(self._table.frame)))
        return self._words.index[self._words.str.contains(wanted, regex=False)].tolist()

    def _ordered(self, places: list[int], name: str, *, down: bool) -> list[int]:
        if self._table.columns[name].unit == "text":
            values = pd.Series(self._texts(name), dtype="str").replace("", pd.NA).iloc[places]
        else:
            values = self._table.frame[name].reset_index(drop=True).iloc[places]
        return values.sort_values(ascending=not down, kind="stable", na_position="last").index.tolist()

    def _heard(self, _widget: Any, content: Mapping[str, Any], _buffers: list[Any]) -> None:
        number = content.get("ask")
        self.send({"heard": number})
        wanted = {name: content[name] for name in ("search", "column", "down", "start") if name in content}
        self.send({"answer": number, **self.rows(**wanted)})


def view_of(table: Table, formats: Formats) -> dict[str, Any]:
    """What a notebook displays: the table for who has a kernel, a sentence for who has not."""
    model = WholeTable(table, formats).model_id
    return {
        "application/vnd.jupyter.widget-view+json": {
            "version_major": 2,
            "version_minor": 1,
            "model_id": model,
        },
        "text/plain": f"All {len(table.frame)} rows: run this notebook in JupyterLab to search, sort and page through them.",
    }
