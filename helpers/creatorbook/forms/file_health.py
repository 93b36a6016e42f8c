"""The client's files: what each was read as, more of them, and what a file is that nobody recognises."""

from __future__ import annotations

from html import escape
from typing import Any

from creatorbook.acts.mapping import map_file, tried, unknown_files
from creatorbook.acts.uploads import add_exports, file_to_add
from creatorbook.client import Client, read_client
from creatorbook.client.repository import client_folder
from creatorbook.exports import Receipt, overview_lines
from creatorbook.exports.offers import Offered
from creatorbook.findings.formats import Formats
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.tables import TABLES

PLATFORMS = ("instagram", "tiktok", "youtube", "pinterest", "facebook")
_ASK = "say at the top of this page what it is"
LEAVE_OUT = "leave it out"
_TOTALS = {"lines": "an order's lines added up", "without tax": "without tax, which is added"}


def client_files(client: str, mode: str = "explore") -> None:
    """Add exports, and see what each was read as."""
    if mode == "explore":
        show_form(
            None,
            adding(read_client(client_folder(client))),
            "A form: add files to this client in JupyterLab.",
        )


def unread_files(client: str, mode: str = "explore") -> None:
    """Say what a file is that nobody recognises; nothing where every file is read."""
    if mode != "explore":
        return
    its_client = read_client(client_folder(client))
    _, unread = unknown_files(its_client)
    for offered in unread.offered if unread else ():
        show_form(
            None, Mapper(its_client, offered).form, f"A form: say in JupyterLab what {offered.file} is."
        )


def adding(client: Client) -> Form:
    """The form that adds exports."""

    def add(answers: dict[str, Any]) -> Reply:
        files = [(one["name"], one["content"]) for one in answers["files"]]
        if answers["place"]:
            files.append(file_to_add(answers["place"]))
        if not files:
            return Reply("No file was chosen.")
        lines = add_exports(client.folder, files)
        return Reply("\n".join(lines), receipts_html(client), {"files": None, "place": ""}, written=True)

    fields = [
        Field("files", "More files", "upload", help="As they were exported; they are never changed."),
        Field("place", "… or a large file's path on this computer"),
    ]
    return Form("The client's files", fields, [Button("Add", add)], html=receipts_html(client))


def receipts_html(client: Client) -> str:
    """One line for each file under what became of it, worst first."""
    receipts, unread = unknown_files(client)
    formats = Formats.of(client.language, client.currency)
    unknown = {one.file for one in unread.offered} if unread else set()
    waiting = [(name, _ASK if name in unknown else why) for name, why in unread.files] if unread else []
    lines = overview_lines(receipts, waiting, formats)
    return f"<pre>{escape(chr(10).join(lines))}</pre>" if lines else "<p>No export is there yet.</p>"


class Mapper:
    """The form for one file that nobody recognises: what a row is, then what each column is."""

    def __init__(self, client: Client, offered: Offered) -> None:
        self.client, self.offered = client, offered
        self.table = offered.table
        buttons = [
            Button("Show the columns for this", self.redraw, "look"),
            Button("Try it", self.tried, "plain"),
            Button("Write it down", self.written),
        ]
        what = (
            f"perhaps “{offered.label}”. Look at the cells before you agree"
            if offered.label
            else "say what it is, or leave it out"
        )
        intro = f"Nobody recognises this file by its columns: {what}."
        self.form = Form(f"What is {offered.file}?", self.fields(), buttons, intro=intro, level=2)

    def fields(self) -> list[Field]:
        """The questions, for the table that is chosen now."""
        tables = {LEAVE_OUT: "Leave this file out", **{name: _row_of(name) for name in sorted(TABLES)}}
        asked = [Field("table", "One row is …", "choice", self.table or None, tables, required=True)]
        if self.table not in TABLES:
            return asked
        table = TABLES[self.table]
        meanings = {
            column.name: f"{column.name.replace('_', ' ')}: {column.meaning}" for column in table.columns
        }
        guessed = {
            column: name for name, column in self.offered.columns.items() if self.table == self.offered.table
        }
        asked += [
            Field(f"column {number}", column, "choice", guessed.get(column), meanings, help=_cells(cells))
            for number, (column, cells) in enumerate(self.offered.cells.items())
        ]
        if "platform" in table.names:
            asked.append(
                Field(
                    "platform",
                    "Platform of every row, if no column says it",
                    "choice",
                    self.offered.platform or None,
                    PLATFORMS,
                )
            )
        if "handle" in table.names:
            asked.append(Field("handle", "Account of every row, if no column says it"))
        if self.table == "orders":
            asked.append(
                Field(
                    "total",
                    "The total is …",
                    "choice",
                    self.offered.total or None,
                    _TOTALS,
                    help="Only if it is not what the buyer paid.",
                )
            )
        return asked

    def entry(self, answers: dict[str, Any]) -> dict[str, Any]:
        """What is written under `mapping:`."""
        if answers["table"] == LEAVE_OUT:
            return {"file": self.offered.file, "ignore": True}
        columns = {
            answers[f"column {number}"]: column
            for number, column in enumerate(self.offered.cells)
            if answers.get(f"column {number}")
        }
        rest = {name: answers.get(name) for name in ("platform", "handle", "total")}
        entry = {"file": self.offered.file, "table": answers["table"], "columns": columns}
        return entry | {name: value for name, value in rest.items() if value}

    def redraw(self, answers: dict[str, Any]) -> Reply:
        """The questions again, for another table."""
        self.table = answers.get("table") or ""
        return Reply(fields=self.fields())

    def tried(self, answers: dict[str, Any]) -> Reply:
        """What would become of the file; nothing is written."""
        return Reply(f"Nothing is written yet. {_told(tried(self.client, self.entry(answers)))}")

    def written(self, answers: dict[str, Any]) -> Reply:
        """Write it to client.yml."""
        receipt = map_file(self.client, self.entry(answers))
        return Reply(f"Written to client.yml. {_told(receipt)}", written=True)


def _told(receipt: Receipt) -> str:
    if not receipt.reader:
        return "The file is left out."
    aside = f", {receipt.set_aside_count} set aside" if receipt.set_aside_count else ""
    return f"Read as {receipt.label}: {receipt.kept} of {receipt.rows_in} records kept{aside}."


def _row_of(name: str) -> str:
    return f"{TABLES[name].meaning} ({name.replace('_', ' ')})"


def _cells(cells: tuple[str, ...]) -> str:
    return (
        f"For example {' · '.join(cells)}"
        if cells
        else "Nothing is shown of it: it is empty or says who somebody is."
    )
