"""Before launch: how extra sales will be measured, stored once, and whether the campaign may start."""

from __future__ import annotations

from typing import Any

from creatorbook.acts.launch import Asked, gate_lines, launched
from creatorbook.book import Book
from creatorbook.findings import Day, Findings, Note, Table, say, written
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.shown import after_writing, lines_html, shown_findings
from creatorbook.opening import open_book
from creatorbook.tracking import lift_plan
from creatorbook.tracking.preflight import gate as gate_of


def comparison(book: Book) -> None:
    """Store how extra sales are measured, before the campaign starts."""
    form = comparison_form(book)
    show_form(book, form, "A form: store the comparison for extra sales in JupyterLab.")


def comparison_form(book: Book) -> Form:
    """What the comparison can tell, and the act that stores it (`ready --store-lift`)."""

    def store(values: dict[str, Any]) -> Reply:
        asked = Asked(store_lift=True, stored_by=values["by"], on=values["on"])
        _, lines = launched(str(book.client.folder), book.campaign.id, asked)
        return Reply(
            _sentence(lines[0]), after_writing(lambda: _what_it_tells(_as_it_is(book))), written=True
        )

    return Form(
        "The comparison for extra sales",
        [_by("Who decides"), _day(book, "Day of the decision")],
        [Button("Store the comparison", store)],
        intro="It is written once, before the first post, and never changed: chosen afterwards it proves nothing.",
        html=_what_it_tells(book),
    )


def gate_form(book: Book) -> Form:
    """The points before launch, and the acts that open the links or the gate (`ready`)."""

    def ask(asked: Asked, words: str) -> Reply:
        _, lines = launched(str(book.client.folder), book.campaign.id, asked)
        if words:
            return Reply(words, lines_html(lines))
        return Reply(_sentence(lines[0]), lines_html(lines[1:]), written=True)

    def look(_values: dict[str, Any]) -> Reply:
        return ask(Asked(), "These are the points as they are now.")

    def visit(_values: dict[str, Any]) -> Reply:
        return ask(Asked(open_links=True), "Every link was opened once, marked as a test visit.")

    def start(values: dict[str, Any]) -> Reply:
        return ask(Asked(by=values["by"], reason=values["reason"], on=values["on"]), "")

    return Form(
        "May the campaign start?",
        [
            _by("Who lets it start"),
            Field("reason", "Reason", required=True, help="The report repeats it beside the name."),
            _day(book, "Day of the decision"),
        ],
        [
            Button("Look again", look, "look"),
            Button("Open every link", visit, "look"),
            Button("Start anyway", start),
        ],
        intro="Nobody has to let it start if nothing blocks. Starting anyway covers the points that block now, and no others.",
        html=lines_html(gate_lines(book, gate_of(book))),
    )


def gate(book: Book) -> None:
    """Let the campaign start although points block, with a name and a reason."""
    show_form(
        book, gate_form(book), "A form: let the campaign start in JupyterLab, with a name and a reason."
    )


def _what_it_tells(book: Book) -> str:
    """The comparison in sentences and figures: tables stand above the form, and the act in it is what was to do."""
    brief = tuple(
        item
        for item in lift_plan(book).items
        if not isinstance(item, Table) and not (isinstance(item, Note) and item.kind == "todo")
    )
    return shown_findings(Findings("tracking", brief, book.formats))


def _sentence(line: str) -> str:
    """A line of the command as a sentence."""
    return f"{line[:1].upper()}{line[1:]}."


def _as_it_is(book: Book) -> Book:
    """The same campaign, with what has just been written beside its file."""
    return open_book(book.client.folder, book.campaign.id, "plan", book.mode)


def _by(label: str) -> Field:
    return Field("by", label, required=True, lasting=True)


def _day(book: Book, label: str) -> Field:
    text = say("Empty: the day of the report, {day}. It has to be before the start.", day=Day(book.as_of))
    return Field("on", label, "day", help=written(text, book.formats))
