"""What people write down by hand while a campaign runs: posts, money spent, counts of comments, and what was agreed.

Each form adds rows to one sheet of `exports/`, as a person would in a spreadsheet, and shows the last of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from creatorbook.acts.hand_rows import (
    AddedRow,
    add_row,
    column_kind,
    hand_sheet,
    needed_columns,
    sheet_path,
    sheet_rows,
    take_back,
)
from creatorbook.book import Book
from creatorbook.campaign.roster import roster
from creatorbook.client.forgotten import is_made_up
from creatorbook.client.hand_sheets import HandSheet
from creatorbook.finance.cost_lines import kinds
from creatorbook.findings import Column, Table, say, written
from creatorbook.findings.render import table_html
from creatorbook.forms.fields import Field, Kind
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.places import file_place
from creatorbook.forms.shown import after_writing
from creatorbook.problems import Problem
from creatorbook.tables import Kind as TableKind
from creatorbook.text.plain_text import for_page
from creatorbook.tracking.rights import refuse_wrong_terms

#: rows of a sheet that its form shows
SHOWN = 6
#: a cost that is no creator's
WHOLE_CAMPAIGN = "the whole campaign"
#: kind of a table's column → the control that asks for it
_CONTROLS: dict[TableKind, Kind] = {
    "date": "day",
    "moment": "day",
    "number": "number",
    "whole": "number",
    "money": "number",
    "rate": "number",
}
_TAKE_BACK = "Take back the row added last"


def posts_and_spend(book: Book) -> None:
    """A post that went live, and money that was spent."""
    for form in (post_form(book), spend_form(book)):
        show_form(book, form, "A form: write down posts and spending in JupyterLab.")


def tallies(book: Book) -> None:
    """What somebody counted by hand: comments, what they are about, and sign-ups."""
    for form in (comments_form(book), feedback_form(book), signups_form(book)):
        show_form(book, form, "A form: write down what was counted in JupyterLab.")


def rights(book: Book) -> None:
    """What was agreed in writing with one creator: contract, use of the content, exclusivity."""
    show_form(book, rights_form(book), "A form: write down what was agreed in JupyterLab.")


def post_form(book: Book) -> Form:
    """One post, on the day it goes live or later with its figures: a row of `post_log.csv`."""
    given = {"campaign": book.campaign.title}
    return _form(book, "post_log.csv", "A post", given, needed=("handle", "link"))


def spend_form(book: Book) -> Form:
    """One cost: a row of `cost_sheet.csv`."""
    given = {"campaign": book.campaign.title, "currency": book.client.currency}
    return _form(book, "cost_sheet.csv", "Money spent", given)


def comments_form(book: Book) -> Form:
    """One count of comments under a creator's posts: a row of `comment_tally.csv`."""
    return _form(book, "comment_tally.csv", "Comments, counted by hand")


def feedback_form(book: Book) -> Form:
    """One count of what comments are about: a row of `feedback_sheet.csv`."""
    return _form(book, "feedback_sheet.csv", "What people say", {"campaign": book.campaign.title})


def signups_form(book: Book) -> Form:
    """Sign-ups of one day and source: a row of `signups_per_day.csv`."""
    return _form(book, "signups_per_day.csv", "Sign-ups")


def rights_form(book: Book) -> Form:
    """One agreement: a row of `contract_and_rights.csv`."""
    return _form(book, "contract_and_rights.csv", "What was agreed with a creator")


def _form(
    book: Book, file: str, title: str, given: Mapping[str, Any] | None = None, needed: Sequence[str] = ()
) -> Form:
    """The form of one sheet.

    Args:
        given: column → what stands in its field at first; it is known already, and can be changed.
        needed: columns that have to be filled in, beside those without which a row is set aside.
    """
    sheet = hand_sheet(file)
    fields = _fields(book, sheet, given or {}, {*needed, *needed_columns(sheet)})

    def cells_of(values: Mapping[str, Any]) -> dict[str, str]:
        cells = _cells(sheet, values)
        if sheet.reader == "rights":
            _refuse_wrong_agreement(cells)
        return cells

    return row_form(book, sheet, fields, cells_of, title, sheet.how)


def row_form(
    book: Book,
    sheet: HandSheet,
    fields: Sequence[Field],
    cells_of: Callable[[Mapping[str, Any]], dict[str, str]],
    title: str,
    intro: str,
) -> Form:
    """A form that adds rows to a sheet, shows the last of them and takes the last one back.

    Args:
        fields: what is asked.
        cells_of: the cells of a row, by column, for what was entered.
        title, intro: of the form.
    """
    folder = book.client.folder
    path = sheet_path(folder, sheet)
    added: list[AddedRow] = []

    def add(values: dict[str, Any]) -> Reply:
        added.append(add_row(folder, sheet, cells_of(values)))
        empty = {field.name: field.value for field in fields if not field.lasting}
        return written_down(f"Added to {file_place(folder, path)}.", empty)

    def undo(_values: dict[str, Any]) -> Reply:
        if not added:
            todo = "Rows of an earlier day are corrected in the file itself."
            raise Problem("no row was added here since the cell was run", todo=todo)
        take_back(folder, added[-1])
        added.pop()
        return written_down(f"Taken out of {file_place(folder, path)} again.", {})

    def written_down(words: str, values: Mapping[str, Any]) -> Reply:
        return Reply(words, after_writing(lambda: _last_rows(book, sheet)), values, written=True)

    buttons = [Button("Add the row", add), Button(_TAKE_BACK, undo, "look")]
    english = book.formats.in_english().words
    return Form(title, fields, buttons, intro=english(intro), html=_last_rows(book, sheet), writes=path)


def _fields(book: Book, sheet: HandSheet, given: Mapping[str, Any], needed: set[str]) -> list[Field]:
    fields: list[Field] = []
    for column in sheet.columns:
        if column == "handle":
            fields.append(
                Field("account", "Creator", "choice", options=_accounts(book), required="handle" in needed)
            )
        elif column == "creator":
            options = [WHOLE_CAMPAIGN, *_people(book)]
            fields.append(Field(column, "For whom", "choice", options=options, required=True))
        elif column == "counted by":
            fields.append(Field("by", "Counted by", required=True, lasting=True))
        elif column != "platform" or "handle" not in sheet.columns:
            fields.append(_field(sheet, column, given.get(column), required=column in needed))
    return fields


def _field(sheet: HandSheet, column: str, value: Any, *, required: bool) -> Field:
    kind, label = column_kind(sheet, column), column[:1].upper() + column[1:]
    if column == "kind":
        names = [kind.name for _, kind in kinds()]
        return Field(column, label, "choice", options=names, required=True)
    if kind == "flag":
        return Field(column, label, "choice", options=["yes", "no"], required=required)
    low = 0 if kind in {"number", "whole"} else None  # money can go back
    return Field(column, label, _CONTROLS.get(kind, "text"), value, required=required, low=low)


def _accounts(book: Book) -> dict[str, str]:
    """“platform/handle” → how a person reads it, by handle; of who is forgotten nothing is written."""
    rows = roster(book)[["handle", "platform"]].dropna(subset=["handle"]).sort_values("handle", kind="stable")
    return {
        f"{row.platform}/{row.handle}": f"@{row.handle} · {row.platform}"
        for row in rows.fillna("").itertuples()
        if not is_made_up(str(row.handle))
    }


def _people(book: Book) -> list[str]:
    names = sorted(set(roster(book)["person"].dropna().astype(str)))
    return [name for name in names if not is_made_up(name)]


def _cells(sheet: HandSheet, values: Mapping[str, Any]) -> dict[str, str]:
    """A form's values as the texts of a sheet's row."""
    platform, _, handle = (values.get("account") or "").partition("/")
    texts = {
        **{name: _text(value) for name, value in values.items()},
        "platform": platform,
        "handle": handle,
        "counted by": _text(values.get("by")),
    }
    if texts.get("creator") == WHOLE_CAMPAIGN:
        texts["creator"] = ""
    return {column: texts.get(column, "") for column in sheet.columns}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def _refuse_wrong_agreement(cells: Mapping[str, str]) -> None:
    """What would stop the whole page is told before it is written."""
    days = {"starts_on": "rights start", "ends_on": "rights until", "exclusive_until": "exclusive until"}
    row = {name: pd.Timestamp(cells[column]) if cells[column] else pd.NaT for name, column in days.items()}
    refuse_wrong_terms({**row, "handle": cells["handle"], "territory": cells["territory"] or None})


def _last_rows(book: Book, sheet: HandSheet) -> str:
    """The rows written last; nothing while there are none."""
    rows = sheet_rows(book.client.folder, sheet)
    if not rows:
        return ""
    frame = pd.DataFrame(rows[-SHOWN:]).fillna("")
    frame = frame.loc[:, frame.ne("").any()]
    place = file_place(book.client.folder, sheet_path(book.client.folder, sheet))
    title = written(say("The last rows of {file}", file=place), book.formats)
    columns = {name: Column(name) for name in frame.columns}
    return for_page(table_html(Table("forms.rows", title, frame, columns), book.formats))
