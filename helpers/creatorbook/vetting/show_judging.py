"""What people judge: the scales, where reviewers differ, and the score that a client may switch on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.packs import pack
from creatorbook.vetting import scoring
from creatorbook.vetting.accounts import accounts
from creatorbook.vetting.agreement import agreements, marked_twice
from creatorbook.vetting.wording import CREATOR, said

if TYPE_CHECKING:
    from creatorbook.book import Book


def rubric(book: Book) -> Findings:
    """The anchored scales for two people who look at the same posts on their own."""
    scales = pack("rubric")["scales"]
    rows = [
        {"scale": name.capitalize(), **{str(key): text for key, text in told.items()}}
        for name, told in scales.items()
    ]
    columns = {
        "scale": Column("Scale"),
        "question": Column("Question"),
        "1": Column("1"),
        "3": Column("3"),
        "5": Column("5"),
    }
    table = Table("vetting.rubric", "What the marks mean", pd.DataFrame(rows), columns)
    return Findings("vetting", (table,), book.formats)


def reviewers(book: Book) -> Findings:
    """How often two people saw the same, and the accounts where they did not."""
    told = agreements(book)
    if told.empty:
        return said(
            book,
            "Nobody has been judged by two people yet: style, values and own voice on the review sheet, or a decision each.",
            "unknown",
        )
    agreed = int(told.agreed.sum())
    called = accounts(book).called
    apart = told[~told.agreed].assign(creator=told.account.map(called))
    text = f"Two of us agreed on {agreed} of {len(told)}."
    if apart.empty:
        return said(book, text)
    shown = apart.assign(first=apart["first"].map(_mark), second=apart.second.map(_mark))
    columns = {
        "creator": CREATOR,
        "what": Column("About"),
        "one": Column("One"),
        "first": Column("says"),
        "other": Column("The other"),
        "second": Column("says "),
    }
    table = Table("vetting.disagreements", f"The {len(apart)} to talk about", shown, columns, rows=12)
    return Findings("vetting", (Note(text), table), book.formats)


def before_and_after(book: Book) -> Findings:
    """Marks of the same person for the same creator, before the campaign and after its start."""
    told = marked_twice(book)
    if told.empty:
        return said(
            book,
            "Whether content keeps its quality shows when the same people mark the same creators again after the campaign.",
            "unknown",
        )
    up, down = int((told.change > 0).sum()), int((told.change < 0).sum())
    frame = told.assign(creator=told.account.map(accounts(book).called), what=told.what.str.capitalize())
    columns = {
        "creator": CREATOR,
        "what": Column("About"),
        "reviewer": Column("By"),
        "before": Column("Before", "number", grade="counted"),
        "after": Column("After", "number", grade="counted"),
        "change": Column("Change", "number", grade="counted"),
    }
    text = (
        f"Of {len(told)} marks given twice, {up} rose and {down} fell; a change of one point is within what two looks "
        "at the same posts differ by."
    )
    table = Table("vetting.before_after", "The same marks before and after", frame, columns, rows=12)
    return Findings("vetting", (Note(text), table), book.formats)


def _mark(value: object) -> str:
    return value if isinstance(value, str) else f"{value:g} of 5"


def score(book: Book) -> Findings:
    """The client's own score, if it is switched on: value, range, parts not known, and the places it takes."""
    if book.client.score is None:
        text = "No score: “score:” in client.yml switches one on, with weights of your own or a preset; the order above needs none."
        return said(book, text)
    told = scoring.scores(book)
    weights = scoring.weights(book)
    if told.empty:
        text = "Of no account half of what the score weighs is known, so there is none to show; the quick-check sheet fills it."
        return said(book, text, "unknown")
    frame = told.assign(called=accounts(book).called.reindex(told.index))
    frame["place"] = [f"{row['first']}–{row['last']} of {row['of']}" for row in frame.to_dict("records")]
    columns = {
        "called": CREATOR,
        "score": Column("Score", "number", grade="estimated"),
        "low": Column("Likely from", "number", grade="estimated"),
        "high": Column("to", "number", grade="estimated"),
        "place": Column("Place", note="in nine of ten draws of parts and of weights near yours"),
        "known": Column("Known weight", "percent", grade="counted"),
        "missing": Column("Not known, not counted"),
    }
    weighed = ", ".join(f"{part} {book.formats.percent(weight)}" for part, weight in weights.items())
    left = len(accounts(book)) - len(told)
    notes = [
        Note(f"Weights: {weighed}. They are a choice, not a finding.", "method"),
        Note("Where the places of two accounts overlap, the score does not tell them apart.", "caution"),
    ]
    if left:
        notes.append(
            Note(f"{left} accounts have no score: less than half of the weight is known.", "unknown")
        )
    table = Table("vetting.score", "The score you asked for", frame, columns, rows=12)
    return Findings("vetting", (table, *notes, _parts_table(book)), book.formats)


def _parts_table(book: Book) -> Table:
    told, known = scoring.parts(book), pack("score")["parts"]
    wide = told.pivot(index="account", columns="part", values="value")
    frame = accounts(book)[["called"]].join(wide)
    columns = {"called": CREATOR} | {
        part: Column(part.capitalize(), "percent", grade="estimated", note=known[part], missing="not known")
        for part in scoring.weights(book)
    }
    for part in columns:
        if part not in frame:
            frame[part] = pd.NA
    return Table("vetting.score_parts", "Its parts", frame, columns, rows=12)
