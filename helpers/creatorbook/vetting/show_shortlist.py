"""The shortlist: one's own decision first, then by what is known; no score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.lead import who_settles
from creatorbook.finance import economics
from creatorbook.finance.cost_lines import own_words
from creatorbook.findings import (
    Column,
    Findings,
    Grade,
    Note,
    Table,
    Text,
    joined,
    packed,
    say,
    say_many,
    sentences,
)
from creatorbook.history.past_records import past_records
from creatorbook.packs import pack
from creatorbook.vetting.accounts import listed_accounts, platform_name
from creatorbook.vetting.card_conclusions import glances
from creatorbook.vetting.checks_done import card_checks, checks_done, checks_text
from creatorbook.vetting.decided import asked, order_of, ordered
from creatorbook.vetting.second_review import KEPT_BACK, decisions_kept_back, kept_back_note
from creatorbook.vetting.with_us import short_text
from creatorbook.vetting.wording import one_note

if TYPE_CHECKING:
    from creatorbook.book import Book


#: checks that the quick-check sheet has columns for; an audience is seen by its creator only
BY_HAND = ["response", "replies", "specific", "style"]
#: decisions within a sentence
DECISION_NAMES: dict[str, Text] = {
    "Shortlist": say("shortlist"),
    "Ask for more": say("ask for more"),
    "Not this time": say("not this time"),
}


def shortlist(book: Book) -> Findings:
    """The list to decide from: fee, orders it needs, checks done, things to look at, own decision."""
    accounts = ordered(book)
    if accounts.empty:
        text = say("There is nobody to decide on yet: the creators list is empty.")
        return one_note(book, text, "unknown")
    unit, kept_back = economics.unit_economics(book), decisions_kept_back(book)
    costs = asked(book, accounts)
    needed = [
        economics.orders_needed(float(cost), order_of(book, row, unit)) if pd.notna(cost) else None
        for cost, (_, row) in zip(costs, accounts.iterrows(), strict=True)
    ]
    accounts = accounts.assign(
        platform=accounts.platform.map(platform_name),
        orders=[orders.likely if orders is not None else np.nan for orders in needed],
        checked=[checks_text(round(count)) for count in accounts.done],
        look=glances(book).reindex(accounts.index),
        with_us=[short_text(book, account) for account in accounts.index],
        decision=[
            KEPT_BACK if account in kept_back else say("open") if pd.isna(one) else packed(one)
            for account, one in accounts.decision.items()
        ],
        reason=["" if pd.isna(one) else packed(one) for one in accounts.reason],
    )
    columns = _columns(unit.grade)
    if accounts.orders.isna().all():
        del columns["orders"]
    if past_records(book).empty:
        del columns["with_us"]
    if accounts.gift_cost.isna().all():
        del columns["gift_cost"]
    notes = [*_notes(ordered(book).decision.drop(index=list(kept_back))), *kept_back_note(book)]
    if "orders" not in columns:
        notes.append(_no_orders(unit, costs))
    table = Table(
        "vetting.shortlist",
        "The shortlist: own decisions first, then by what is known",
        accounts,
        columns,
        rows=16,
    )
    return Findings("vetting", (table, *notes), book.formats)


def _columns(grade: Grade) -> dict[str, Column]:
    """The table's columns; `grade` is that of the orders needed."""
    return {
        "called": Column("Creator"),
        "platform": Column("Platform"),
        "followers": Column("Followers", "number"),
        "fee": Column("Fee", "money"),
        "gift_cost": Column("Gift at cost", "money", missing="not given"),
        "orders": Column(
            "Orders needed",
            "number",
            grade=grade,
            note=say(
                "to pay back {costs}; none where the fee is not given or an order leaves nothing",
                costs=own_words(),
            ),
            missing="–",
        ),
        "checked": Column("Checked"),
        "look": Column("At a glance"),
        "with_us": Column("With us before"),
        "decision": Column("Decision"),
        "reason": Column("Reason"),
    }


def _no_orders(unit: economics.UnitEconomics, costs: pd.Series) -> Note:
    """Why nobody's orders needed can be given: no order's worth, no fee, or an order that leaves nothing."""
    if unit.contribution is None:
        text = say(
            "Orders needed per fee: not available; the basket and the gross margin would show them, and shop and "
            "finance have them."
        )
    elif costs.isna().all():
        text = say("Orders needed per fee: not available; fees in the creators list would show them.")
    else:
        text = say("Orders needed per fee: none would do; an order leaves nothing at these costs.")
    return Note(text, "unknown")


def _notes(decisions: pd.Series) -> list[Note]:
    """How many are decided on, and what the order means."""
    counts, open_ones = decisions.value_counts(), int(decisions.isna().sum())
    parts = [
        say("{n} {decision}", n=counts[name], decision=DECISION_NAMES.get(name, name.lower()))
        for name in pack("reasons")["decisions"]
        if name in counts
    ]
    decided = say("Nothing is decided yet.")
    if parts:
        decided = say("Decided so far: {decisions}; {n} open.", decisions=joined(parts), n=open_ones)
    order = say(
        "The order is no ranking: it puts your own decisions first, then the accounts of which most is known."
    )
    return [Note(sentences(decided, order))]


def quick_check_sheet(book: Book) -> Findings:
    """Sheets to print and fill where nothing is known: last posts, a 20-comment tally, answers, two reviews."""
    done, accounts = checks_done(book), listed_accounts(book)
    open_ones = accounts[~done[BY_HAND].all(axis=1)] if len(accounts) else accounts
    if open_ones.empty:
        return one_note(book, say("Everything that a quick check by hand would add is known already."))
    blank = dict.fromkeys(
        ("posts", "likes", "comments", "views", "specific", "answered", "style", "values"), ""
    )
    sheet = pd.DataFrame({"called": open_ones.called, **blank}, index=open_ones.index)
    columns = {
        "called": Column("Creator"),
        "posts": Column("Posts looked at (9–12)"),
        "likes": Column("Likes, typical"),
        "comments": Column("Comments, typical"),
        "views": Column("Views, typical"),
        "specific": Column("Specific, of 20 comments"),
        "answered": Column("Answered, of 3 × 10"),
        "style": Column("Style, 1–5 (two of us)"),
        "values": Column("Values, 1–5 (two of us)"),
    }
    table = Table("vetting.quick_check", "Quick-check sheet", sheet, columns, rows=10)
    notes = (
        Note(
            sentences(
                say_many(
                    "{n} account has something a quick check by hand would add.",
                    "{n} accounts have something a quick check by hand would add.",
                    n=len(open_ones),
                ),
                say(
                    "Print the sheet, fill it from the public profile, and type the typical figures into the creators list."
                ),
            ),
            "todo",
            owner=who_settles(book),
        ),
        Note(
            say("Questions to ask each creator: May we have {files}?", files=_files()),
            "todo",
            owner=who_settles(book),
        ),
    )
    return Findings("vetting", (table, *notes), book.formats)


def _files() -> Text:
    """The files that creators have, in a row."""
    files = [packed(check["file"]) for check in card_checks() if check.get("asked_of") == "creator"]
    return joined(files, last="and")
