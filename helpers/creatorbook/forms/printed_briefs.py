"""What every creator is sent, printed: the offer letter and the hand-over sheet."""

from __future__ import annotations

from typing import Any

from creatorbook.book import Book
from creatorbook.findings import say_many, written
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.shown import lines_html
from creatorbook.imports import quick_imports


def briefs(book: Book) -> None:
    """Print the briefs, one PDF for each creator."""
    show_form(book, briefs_form(book), "A form: print the briefs in JupyterLab.")


def briefs_form(book: Book) -> Form:
    """The act `briefs`, and its files to be opened."""

    def print_all(values: dict[str, Any]) -> Reply:
        with quick_imports():  # seconds that no other form should wait for
            from creatorbook.acts.handover_sheets import print_briefs
        made, remarks = print_briefs(
            book.client.folder, book.campaign.id, html=values["html"], xlsx=values["xlsx"]
        )
        text = say_many(
            "{n} file for creators in {folder}.",
            "{n} files for creators in {folder}.",
            n=len(made),
            folder=str(made[0].parent),
        )
        return Reply(
            written(text, book.formats),
            lines_html(remarks),
            written=True,
            files={path.name: path for path in made},
        )

    return Form(
        "Print the briefs",
        [
            Field("html", "As HTML too", "tick"),
            Field("xlsx", "The sheet as XLSX too", "tick"),
        ],
        [Button("Print the briefs", print_all)],
        intro="One PDF for each creator: the offer letter and the hand-over sheet with everything above. All or none.",
    )
