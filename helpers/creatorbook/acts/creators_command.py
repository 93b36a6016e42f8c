"""`python3 workbook.py creators`: the roster on file, as CSV and XLSX, and an entry in the relationship log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from creatorbook.book import Book
from creatorbook.client import read_client, repository
from creatorbook.client.relationship_log import log_path, record_contact
from creatorbook.client.report_places import report_place
from creatorbook.client.repository import client_folder
from creatorbook.deliver import refuse_strangers, write_folder
from creatorbook.findings import Table
from creatorbook.findings.cells import cell
from creatorbook.opening import open_book, read_exports
from creatorbook.problems import Problem
from creatorbook.report.spreadsheet import headings, table_workbook
from creatorbook.tables import Tables
from creatorbook.text.handles import plain_handle
from creatorbook.text.plain_text import csv_bytes
from creatorbook.vetting import creators


@dataclass(frozen=True)
class Contact:
    """An entry of the relationship log, as `client.relationship_log.record_contact` takes it."""

    handle: str
    kind: str
    note: str = ""
    sizes: str = ""
    by: str = ""
    next_on: date | None = None


def creators_roster(client: str, campaign: str | None, as_of: date | None = None) -> tuple[Book, Table]:
    """The opened campaign and the roster of its client's creators, its texts written.

    Args:
        client, campaign: as `open_book` takes them.
        as_of: the day the roster is of; none means the report's day.

    Raises:
        Problem: there is no creators list.
    """
    stage = "results"  # of a plan nothing is known after its eve
    book = open_book(client_folder(client), campaign, stage, as_of=as_of)
    tables = creators(book).tables
    if not tables:
        todo = "Add a creators list to exports/: creator, handle, platform, followers."
        raise Problem("there is nobody on the creators list", book.client.folder, todo=todo)
    return book, tables["vetting.creators"]


def roster_lines(table: Table, book: Book) -> tuple[list[str], list[list[str]]]:
    """The roster for a terminal: headings, and a line of texts for each person."""
    shown = {name: column for name, column in table.seen.items() if not table.frame[name].isna().all()}
    rows = [
        [cell(row[name], column, book.formats) for name, column in shown.items()]
        for row in table.frame.to_dict("records")
    ]
    return headings(list(shown.values())), rows


def write_roster(book: Book, table: Table, out: Path | None) -> list[Path]:
    """The roster as CSV and XLSX; where they are.

    Raises:
        Problem: the folder holds something that we did not put there.
    """
    folder = (out or report_place(repository.REPORTS, book.client.folder) / "creators").resolve()
    refuse_strangers(folder)
    files = {
        "creators.csv": csv_bytes(table.frame[list(table.seen)]),
        "creators.xlsx": table_workbook(table, book.client, book.formats, book.as_of),
    }
    return write_folder(folder, files)


def write_down(client: str, contact: Contact, on: date) -> list[str]:
    """Add an entry to the relationship log; the lines that say so.

    Raises:
        Problem: nobody of the creators list has this handle, or as `record_contact`.
    """
    its_client = read_client(client_folder(client))
    refuse_unlisted(read_exports(its_client).tables, contact.handle)
    added = record_contact(
        its_client,
        contact.handle,
        contact.kind,
        contact.note,
        contact.sizes,
        contact.by,
        on=on,
        next_on=contact.next_on,
    )
    name = log_path(its_client).name
    if not added:
        return [f"{name} holds this entry already; nothing was added"]
    return [f"@{plain_handle(contact.handle)}: {contact.kind} of {on} added to {name}"]


def refuse_unlisted(tables: Tables, handle: str) -> None:
    """Raise a Problem where no account of the creators list has this handle."""
    listed = set(tables.creators.handle.dropna().map(plain_handle))
    if plain_handle(handle) not in listed:
        todo = "Give a handle as the creators list has it; nothing was written down."
        raise Problem(f"“{handle}” is not in the creators list", todo=todo)
