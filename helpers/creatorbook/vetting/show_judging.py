"""What people judge: the scales, where reviewers differ, and the score that a client may switch on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import (
    Capital,
    Column,
    Findings,
    Note,
    Share,
    Table,
    Text,
    joined,
    packed,
    say,
    say_many,
)
from creatorbook.packs import pack
from creatorbook.text.handles import plain_name
from creatorbook.vetting import scoring
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.agreement import agreements, marked_twice
from creatorbook.vetting.second_review import kept_back_note, marks_kept_back
from creatorbook.vetting.wording import CREATOR, PART_NAMES, one_note, plain_decimals

if TYPE_CHECKING:
    from creatorbook.book import Book


def rubric(book: Book) -> Findings:
    """The anchored scales for two people who look at the same posts on their own."""
    rows = [
        {"scale": Capital(PART_NAMES[name])} | {str(mark): packed(text) for mark, text in texts.items()}
        for name, texts in pack("rubric")["scales"].items()
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


def reviewers(book: Book, reviewer: str | None = None) -> Findings:
    """How often two people saw the same (inter-rater agreement), and the accounts where they did not.

    Args:
        book: the campaign.
        reviewer: only where this person is one of the two.
    """
    judged = Findings("vetting", tuple(kept_back_note(book)), book.formats)
    return _where_two_judged(book, reviewer) + judged


def _where_two_judged(book: Book, reviewer: str | None) -> Findings:
    pairs = agreements(book)
    if reviewer is not None:
        people = pairs[["one", "other"]].map(plain_name)
        pairs = pairs[people.eq(plain_name(reviewer)).any(axis=1)]
    if pairs.empty:
        return one_note(
            book,
            say(
                "Nobody has been judged by two people yet: style, values and own voice on the review sheet, or a decision each."
            ),
            "unknown",
        )
    text = say("Two of us agreed on {agreed} of {n}.", agreed=int(pairs.agreed.sum()), n=len(pairs))
    apart = pairs[~pairs.agreed]
    if apart.empty:
        return one_note(book, text)
    disagreements = apart.assign(
        creator=apart.account.map(listed_accounts(book).called),
        what=[PART_NAMES[what] for what in apart.what],
        first=[_view(view) for view in apart["first"]],
        second=[_view(view) for view in apart.second],
    )
    columns = {
        "creator": CREATOR,
        "what": Column("About"),
        "one": Column("One"),
        "first": Column("says"),
        "other": Column("The other"),
        "second": Column("says "),
    }
    title = say_many("The one to talk about", "The {n} to talk about", n=len(apart))
    table = Table("vetting.disagreements", title, disagreements, columns, rows=12)
    return Findings("vetting", (Note(text), table), book.formats)


def _view(view: str | float) -> Text:
    """A decision, or a mark."""
    return packed(view) if isinstance(view, str) else say("{mark} of 5", mark=plain_decimals(view))


def before_and_after(book: Book) -> Findings:
    """Marks of the same person for the same creator, before the campaign and after its start."""
    marks = marked_twice(book)
    marks = marks[~marks.account.isin(marks_kept_back(book))]
    if marks.empty:
        return one_note(
            book,
            say(
                "Whether content keeps its quality shows when the same people mark the same creators again after the campaign."
            ),
            "unknown",
        )
    shown = marks.assign(
        creator=marks.account.map(listed_accounts(book).called),
        what=[Capital(PART_NAMES[what]) for what in marks.what],
    )
    columns = {
        "creator": CREATOR,
        "what": Column("About"),
        "reviewer": Column("By"),
        "before": Column("Before", "number", grade="counted"),
        "after": Column("After", "number", grade="counted"),
        "change": Column("Change", "number", grade="counted"),
    }
    text = say_many(
        "Of {n} mark given twice, {up} rose and {down} fell; a change of one point is within what two looks at the "
        "same posts differ by.",
        "Of {n} marks given twice, {up} rose and {down} fell; a change of one point is within what two looks at the "
        "same posts differ by.",
        n=len(marks),
        up=int((marks.change > 0).sum()),
        down=int((marks.change < 0).sum()),
    )
    table = Table("vetting.before_after", "The same marks before and after", shown, columns, rows=12)
    return Findings("vetting", (Note(text), table), book.formats)


def score(book: Book) -> Findings:
    """The client's own score, if it is switched on: value, range, parts not known, and the places it takes."""
    if book.client.score is None:
        text = say(
            "No score: “score:” in client.yml switches one on, with weights of your own or a preset; the order above needs none."
        )
        return one_note(book, text)
    scores = scoring.scores(book)
    if scores.empty:
        text = say(
            "Of no account half of what the score weighs is known, so there is none to show; the quick-check sheet fills it."
        )
        return one_note(book, text, "unknown")
    notes = [
        Note(say("Weights: {weights}. They are a choice, not a finding.", weights=_weights(book)), "method"),
        Note("Where the places of two accounts overlap, the score does not tell them apart.", "caution"),
    ]
    if left := len(listed_accounts(book)) - len(scores):
        text = say_many(
            "{n} account has no score: less than half of the weight is known.",
            "{n} accounts have no score: less than half of the weight is known.",
            n=left,
        )
        notes.append(Note(text, "unknown"))
    notes += kept_back_note(book)
    return Findings("vetting", (_score_table(book, scores), *notes, _parts_table(book)), book.formats)


def _weights(book: Book) -> Text:
    return joined(
        say("{part} {share}", part=PART_NAMES[part], share=Share(weight))
        for part, weight in scoring.weights(book).items()
    )


def _score_table(book: Book, scores: pd.DataFrame) -> Table:
    """The score with its range and the places it takes."""
    scored = scores.assign(
        called=listed_accounts(book).called.reindex(scores.index),
        place=[
            say("{first}–{last} of {of}", first=row["first"], last=row["last"], of=row["of"])
            for row in scores.to_dict("records")
        ],
        missing=[joined(PART_NAMES[part] for part in parts) for parts in scores.missing],
    )
    columns = {
        "called": CREATOR,
        "score": Column("Score", "number", grade="estimated"),
        "low": Column("Likely from", "number", grade="estimated"),
        "high": Column("to", "number", grade="estimated"),
        "place": Column("Place", note="in nine of ten draws of parts and of weights near yours"),
        "known": Column("Known weight", "percent", grade="counted"),
        "missing": Column("Not known, not counted"),
    }
    return Table("vetting.score", "The score you asked for", scored, columns, rows=12)


def _parts_table(book: Book) -> Table:
    """What the score is made of, part by part."""
    notes = pack("score")["parts"]
    wide = scoring.score_parts(book).pivot(index="account", columns="part", values="value")
    accounts = listed_accounts(book)[["called"]].join(wide)
    columns = {"called": CREATOR} | {
        part: Column(
            Capital(PART_NAMES[part]),
            "percent",
            grade="estimated",
            note=packed(notes[part]),
            missing="not known",
        )
        for part in scoring.weights(book)
    }
    for part in columns:
        if part not in accounts:
            accounts[part] = pd.NA
    return Table("vetting.score_parts", "Its parts", accounts, columns, rows=12)
