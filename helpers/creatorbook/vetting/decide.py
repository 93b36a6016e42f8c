"""The shortlist: one's own decision first, then by what is known; no score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.finance import economics
from creatorbook.finance.cost_lines import own_words
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.packs import pack
from creatorbook.vetting.accounts import accounts, platform_name
from creatorbook.vetting.checks_done import CHECKS, checks_done
from creatorbook.vetting.decided import asked, order_of, ordered
from creatorbook.vetting.vetting_card import glances

if TYPE_CHECKING:
    from creatorbook.book import Book


def shortlist(book: Book) -> Findings:
    """The list to decide from: fee, orders it needs, checks done, things to look at, own decision."""
    frame = ordered(book)
    if frame.empty:
        note = Note("There is nobody to decide on yet: the creators list is empty.", "unknown")
        return Findings("vetting", (note,), book.formats)
    unit = economics.unit_economics(book)
    costs = asked(book, frame)
    needed = [
        economics.orders_needed(float(cost), order_of(book, row, unit)) if pd.notna(cost) else None
        for cost, (_, row) in zip(costs, frame.iterrows(), strict=True)
    ]
    frame = frame.assign(
        platform=frame.platform.map(platform_name),
        orders=[told.likely if told is not None else np.nan for told in needed],
        checked=frame.done.map(lambda count: f"{count:.0f} of {len(CHECKS)}"),
        look=glances(book).reindex(frame.index),
        decision=frame.decision.fillna("open"),
        reason=frame.reason.fillna(""),
    )
    columns = {
        "called": Column("Creator"),
        "platform": Column("Platform"),
        "followers": Column("Followers", "number"),
        "fee": Column("Fee", "money"),
        "gift_cost": Column("Gift at cost", "money", missing="no gift given"),
        "orders": Column(
            "Orders needed",
            "number",
            grade=unit.grade,
            note=f"to pay back {own_words()}",
            missing="no fee given",
        ),
        "checked": Column("Checked"),
        "look": Column("At a glance"),
        "decision": Column("Decision"),
        "reason": Column("Reason"),
    }
    if frame.orders.isna().all():
        del columns["orders"]
    if frame.gift_cost.isna().all():
        del columns["gift_cost"]
    notes = [Note(text, kind) for text, kind in _notes(book, frame, has_orders="orders" in columns)]  # type: ignore[arg-type]
    table = Table(
        "vetting.shortlist",
        "The shortlist: own decisions first, then by what is known",
        frame,
        columns,
        rows=16,
    )
    return Findings("vetting", (table, *notes), book.formats)


def _notes(book: Book, frame: pd.DataFrame, *, has_orders: bool) -> list[tuple[str, str]]:
    counts = frame.decision.value_counts()
    told = [f"{counts[name]} {name.lower()}" for name in pack("reasons")["decisions"] if name in counts]
    open_ones = int((frame.decision == "open").sum())
    said = f"Decided so far: {', '.join(told)}; {open_ones} open." if told else "Nothing is decided yet."
    notes = [
        (
            f"{said} The order is no ranking: it puts your own decisions first, then the accounts of which most is known.",
            "finding",
        )
    ]
    if not has_orders:
        notes.append(
            (
                "Orders needed per fee: not available; the basket and the gross margin would show them, and shop and finance have them.",
                "unknown",
            )
        )
    return notes


def quick_check_sheet(book: Book) -> Findings:
    """Sheets to print and fill where nothing is known: last posts, a 20-comment tally, answers, two reviews."""
    done, listed = checks_done(book), accounts(book)
    by_hand = ["response", "replies", "specific", "audience", "style"]
    open_ones = listed[~done[by_hand].all(axis=1)] if len(listed) else listed
    if open_ones.empty:
        note = Note("Everything that a quick check by hand would add is known already.")
        return Findings("vetting", (note,), book.formats)
    blank = dict.fromkeys(
        ("posts", "likes", "comments", "views", "specific", "answered", "style", "values"), ""
    )
    frame = pd.DataFrame({"called": open_ones.called, **blank}, index=open_ones.index)
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
    table = Table("vetting.quick_check", "Quick-check sheet", frame, columns, rows=10)
    notes = (
        Note(
            f"{len(open_ones)} accounts have something a quick check by hand would add. Print the sheet, fill it from the public profile, and type the typical figures into the creators list.",
            "todo",
            owner="anyone",
        ),
        Note(
            f"Questions to ask each creator: {_questions()}", "todo", owner="whoever writes to the creators"
        ),
    )
    return Findings("vetting", (table, *notes), book.formats)


def _questions() -> str:
    asked = [check["file"] for check in CHECKS if check["who"].startswith("the creator")]
    return "May we have " + ", ".join(asked[:-1]) + f" and {asked[-1]}?"
