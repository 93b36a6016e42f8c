"""With whom to work again: what the figures propose beside what a person decides, and the end of a campaign."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from creatorbook.acts.ledger import close, settle_preview
from creatorbook.acts.renewals import Renewal, confirm
from creatorbook.book import Book
from creatorbook.client import read_decisions
from creatorbook.client.forgotten import is_made_up
from creatorbook.client.today import today
from creatorbook.findings import Day, say, say_many, written
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form
from creatorbook.forms.shown import lines_html
from creatorbook.packs import pack
from creatorbook.problems import Problem
from creatorbook.roi.proposals import proposals
from creatorbook.text.handles import plain_handle

#: between the decision and its reason in a choice
_AND = " · "


def renewals(book: Book) -> None:
    """Renew, adjust or stop, confirmed for each creator."""
    show_form(book, renewals_form(book), "A form: decide in JupyterLab with whom to work again.")


def renewals_form(book: Book, day: date | None = None) -> Form:
    """One line per creator who took part; what is left open stays open.

    Args:
        book: the campaign, with its results.
        day: the day of the decision; none means the day on the decider's own calendar.
    """
    proposed = proposals(book)
    proposed = proposed[[pd.notna(one) and not is_made_up(str(one)) for one in proposed.handle]]
    handles = dict(zip(proposed.creator.astype(str), proposed.handle.astype(str), strict=True))
    words = [written(one, book.formats) for one in proposed.words]
    seen = read_decisions(book.client)

    def rows() -> list[dict[str, Any]]:
        return [
            {"creator": name, "proposal": text, "on_file": _on_file(book, seen, handles[name])}
            for name, text in zip(handles, words, strict=True)
        ]

    def write_down(values: dict[str, Any]) -> Reply:
        nonlocal seen
        chosen = [_renewal(row, handles) for row in values["creators"] if row["choice"]]
        if not chosen:
            raise Problem("nobody is decided on", todo="Choose a decision beside at least one creator.")
        try:
            added = confirm(book.client, chosen, values["by"], day or today(), seen)
        except Problem as problem:  # what somebody else decided is shown, and the choices stay
            seen = read_decisions(book.client)
            shown_now = [
                {**new, "choice": old["choice"], "note": old["note"]}
                for new, old in zip(rows(), values["creators"], strict=True)
            ]
            return Reply(f"Nothing was written: {problem}", values={"creators": shown_now}, done=False)
        seen = read_decisions(book.client)
        text = say_many(
            "{n} decision added to decisions.csv.", "{n} decisions added to decisions.csv.", n=added
        )
        return Reply(written(text, book.formats), values={"creators": rows()}, written=added > 0)

    return Form(
        "With whom do we work again?",
        [
            Field("creators", "Creators", "rows", rows(), columns=_columns(), fixed=True),
            Field("by", "Who decides", required=True, lasting=True),
        ],
        [Button("Write the decisions down", write_down)],
        intro="The proposal follows the rule above; a person decides. A decision of today is about the next campaign: who "
        "is stopped is left out of its plan. What is left open stays open.",
    )


def settle(book: Book) -> None:
    """Write what came of the campaign to the ledger, once its returns have settled."""
    show_form(book, settle_form(book), "A form: settle the campaign in JupyterLab.")


def settle_form(book: Book) -> Form:
    """What would be written, and the act that writes it (`settle`)."""

    def look(values: dict[str, Any]) -> Reply:
        lines = settle_preview(str(book.client.folder), book.campaign.id, values.get("on"))
        return Reply(html=lines_html(lines))

    def write_down(values: dict[str, Any]) -> Reply:
        lines = close(str(book.client.folder), book.campaign.id, values["by"], values["on"])
        return Reply(f"{lines[0]}.", lines_html(lines[1:]), written=True)

    day = say("Empty: the day of the report, {day}.", day=Day(book.as_of))
    return Form(
        "Settle the campaign",
        [
            Field("by", "Who settles it", required=True, lasting=True),
            Field("on", "Day", "day", help=written(day, book.formats)),
        ],
        [Button("Show what will be written", look, "look"), Button("Settle", write_down)],
        intro="What came is written to the ledger, where the forecast stands, and informs the next plan. What stands there "
        "already is kept.",
    )


def _columns() -> list[Field]:
    return [
        Field("creator", "Creator", "shown"),
        Field("proposal", "Proposal", "shown"),
        Field("on_file", "Decided already", "shown"),
        Field("choice", "Decision and reason", "choice", options=_choices()),
        Field("note", "Note", help="Write it so that the creator could read it."),
    ]


def _choices() -> dict[str, str]:
    """Every decision with each of its own reasons, so that no reason stands beside a decision that it does not fit."""
    return {
        f"{name}{_AND}{reason}": f"{name}{_AND}{reason}"
        for name, row in pack("reasons")["renewals"].items()
        for reason in row["reasons"]
    }


def _renewal(row: dict[str, Any], handles: dict[str, str]) -> Renewal:
    choice, _, reason = row["choice"].partition(_AND)
    return Renewal(handles[row["creator"]], choice, reason, row["note"] or "")


def _on_file(book: Book, decided: pd.DataFrame, handle: str) -> str:
    """What was decided on an account since the campaign ended; empty where nothing was."""
    after = decided["date"] > pd.Timestamp(book.campaign.end)
    own = decided[after & (decided["handle"] == plain_handle(handle))]
    if own.empty:
        return ""
    last = own.iloc[-1]
    names = {row["decision"]: name for name, row in pack("reasons")["renewals"].items()}
    text = say(
        "{decision}: {reason}, on {day}",
        decision=names.get(last.decision, last.decision),
        reason=last.reason,
        day=Day(last.date.date()),
    )
    if last.by:
        text = say("{text}, by {person}", text=text, person=last.by)
    return written(text, book.formats)
