"""Printing a report from inside JupyterLab: what is being done is told while the kernel stays free for other forms."""

from __future__ import annotations

from threading import Thread
from typing import Any

from creatorbook.acts.printing import Printing
from creatorbook.book import Book
from creatorbook.findings import Count, say, written
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.shown import lines_html
from creatorbook.problems import Problem, as_problem

#: seconds between two looks at what is being done
LOOK_AGAIN = 0.25
#: the stage is found from the campaign's dates and files
BY_DATES = "by dates"
STAGES = {
    BY_DATES: "As the dates say",
    "plan": "Plan, before launch",
    "pulse": "Pulse, while it runs",
    "results": "Results",
}


def print_report(book: Book) -> None:
    """Print the campaign's report, and open it."""
    show_form(book, print_form(book), "A form: print the report in JupyterLab.")


def print_form(book: Book) -> Form:
    """The act `report` for this campaign, told step by step."""
    running: list[Thread] = []

    def start(values: dict[str, Any]) -> Reply:
        if any(thread.is_alive() for thread in running):
            raise Problem(
                "this report is being printed already", todo="Wait until this line says it is done."
            )
        stage = None if values["stage"] == BY_DATES else values["stage"]
        printing = Printing(book.client.folder, book.campaign.id, stage, force=values["again"])
        thread = Thread(target=_follow, args=(form, book, printing), daemon=True)
        running[:] = [thread]
        thread.start()
        return Reply("Printing has begun.", "", files={})

    form = Form(
        "Print the report",
        [
            Field("stage", "Which report", "choice", BY_DATES, STAGES, required=True),
            Field("again", "Print again although nothing changed", "tick"),
        ],
        [Button("Print", start)],
        intro="Every number is worked out anew from the client's files. The page can be used meanwhile.",
    )
    return form


def _follow(form: Form, book: Book, printing: Printing) -> None:
    """Tell each step as it begins, and in the end what became of the report."""
    steps: list[str] = []
    while not printing.ended(LOOK_AGAIN):
        step = printing.step()
        if step and step not in steps[-1:]:
            steps.append(step)
            form.tell(
                written(say("Printing, step {n}: {step} …", n=len(steps), step=_words(step)), book.formats)
            )
            form.html = lines_html(map(_words, steps))
    try:
        _tell_result(form, book, printing)
    except Exception as error:  # nobody else hears of it
        form.html = ""
        form.tell(f"No report was printed: {as_problem(error)}", fault=True)


def _tell_result(form: Form, book: Book, printing: Printing) -> None:
    printed = printing.result()
    seconds = Count(printed.seconds, 1)
    text = say("Printed in {seconds} seconds: {folder}", seconds=seconds, folder=str(printed.folder))
    if printed.outcome == "unchanged":
        text = say("Nothing has changed since it was printed: {folder}", folder=str(printed.folder))
    form.offer(printed.files)
    form.html = lines_html(printed.remarks)
    form.tell(written(text, book.formats), written=True)


def _words(step: str) -> str:
    """A step as a person reads it: the name of a notebook without its underscores."""
    return step.replace("_", " ")
