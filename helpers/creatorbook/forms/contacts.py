"""What was said with whom, sent and shared: an entry of the relationship log, beside what is on record of everybody."""

from __future__ import annotations

from typing import Any

from creatorbook.acts.creators_command import refuse_unlisted
from creatorbook.book import Book
from creatorbook.client.forgotten import is_made_up
from creatorbook.client.relationship_log import KINDS, log_path, read_log, record_contact
from creatorbook.findings import Column, Findings, Table, say, written
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.shown import after_writing, shown_findings
from creatorbook.vetting.accounts import listed_accounts


def contacts(book: Book) -> None:
    """Write down a talk, a gift with its size, a wish or a result that was shared."""
    if not book.tables.creators.empty:
        show_form(book, contacts_form(book), "A form: write down talks, gifts and wishes in JupyterLab.")


def contacts_form(book: Book) -> Form:
    """One entry of `relationship_log.csv`; what stands there stays."""
    listed = listed_accounts(book)
    listed = listed[[not is_made_up(str(handle)) for handle in listed.handle]].drop_duplicates("handle")
    people = dict(zip(listed.handle, listed.called, strict=True))

    def write_down(values: dict[str, Any]) -> Reply:
        refuse_unlisted(book.tables, values["handle"])
        added = record_contact(
            book.client,
            values["handle"],
            values["kind"],
            values["note"] or "",
            values["sizes"] or "",
            values["by"] or "",
            on=values["date"],
            next_on=values["next_on"],
        )
        name = log_path(book.client).name
        text = (
            say("Added to {file}.", file=name)
            if added
            else say("{file} holds this entry already.", file=name)
        )
        emptied = dict.fromkeys(("note", "sizes", "next_on"))
        return Reply(
            written(text, book.formats),
            after_writing(lambda: _log_html(book)),
            values=emptied,
            written=added,
        )

    return Form(
        "Talks, gifts, wishes",
        [
            Field("handle", "Creator", "choice", options=people, required=True),
            Field("kind", "What it was", "choice", options={one: one for one in KINDS}, required=True),
            Field("note", "In a line", help="Write it so that the creator could read it: they may ask to."),
            Field("sizes", "Sizes of a gift"),
            Field("date", "Day", "day", required=True),
            Field("next_on", "Talk again on", "day"),
            Field("by", "Who writes it down", lasting=True),
        ],
        [
            Button("Write it down", write_down),
            Button("Show the log", lambda _: Reply(html=_log_html(book)), "look"),
        ],
        intro="Every entry is a new row of relationship_log.csv. “Asked for” comes back when the campaign is settled, and the "
        "day to talk again stands in the roster above.",
    )


def _log_html(book: Book) -> str:
    """The log as it stands now, newest first."""
    frame = read_log(book.client).iloc[::-1]
    columns = {
        "date": Column("Day", "date"),
        "handle": Column("Creator"),
        "kind": Column("What it was"),
        "note": Column("In a line"),
        "sizes": Column("Sizes"),
        "next_on": Column("Talk again", "date", missing="–"),
        "by": Column("By"),
    }
    table = Table("forms.contacts", "Relationship log", frame, columns, rows=8, sheet=False)
    return shown_findings(Findings("vetting", (table,), book.formats))
