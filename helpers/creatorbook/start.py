"""Step 00: where a campaign is, what its files say, and what one more file would add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.book import steps_by_their_packs
from creatorbook.campaign.decisions import known_decisions, last_decisions
from creatorbook.findings import (
    Column,
    Day,
    Figure,
    Findings,
    Money,
    Note,
    Table,
    Text,
    Wording,
    joined,
    packed,
    say,
    say_many,
    sentences,
)
from creatorbook.findings.definitions import definitions
from creatorbook.packs import pack
from creatorbook.tables import TABLES, Tables
from creatorbook.text.handles import persons

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.exports import Receipt

__all__ = [
    "decisions",
    "next_step",
    "one_more_file",
    "open_points",
    "three_sentences",
    "what_you_have",
    "where_you_are",
]

#: headings of the decisions
_DECISIONS = {
    "date": say("Date"),
    "handle": say("Handle"),
    "decision": say("Decision"),
    "reason": say("Reason"),
    "note": say("Note"),
    "by": say("By"),
}
_STAGES = {"plan": say("plan"), "pulse": say("live"), "results": say("results")}


def where_you_are(book: Book) -> Findings:
    """The campaign's stage and the dates and files it was found from."""
    campaign = book.campaign
    text = say(
        "{brand}, {campaign}: you are at {stage}.",
        brand=book.client.brand,
        campaign=campaign.title,
        stage=_STAGES[book.stage],
    )
    dates = say(
        "The campaign runs from {first} to {last}, and this is told as of {today}.",
        first=Day(campaign.start),
        last=Day(campaign.end),
        today=Day(book.as_of),
    )
    return Findings("start", (Note(text), Note(dates, "method"), *_counts(book)), book.formats)


def _counts(book: Book) -> list[Figure]:
    """How much there is to work with."""
    creators, orders = book.tables.creators, book.tables.orders
    counted = [("start.creators", say("Creators"), persons(creators).nunique())]
    if len(orders):
        counted.append(("start.orders", say("Orders in the shop's export"), len(orders)))
    if len(book.tables.posts):
        counted.append(("start.posts", say("Posts"), len(book.tables.posts)))
    return [Figure(key, label, value, "number", "counted", say("exports")) for key, label, value in counted]


def glossary(book: Book) -> Findings:
    """Every figure and term that has a definition, by the alphabet: what it is, how it is worked out, where it comes from."""
    rows = [
        {
            "term": packed(one.term),
            "means": packed(one.means),
            "formula": packed(one.formula),
            "source": packed(one.source),
        }
        for one in sorted(definitions().values(), key=lambda one: one.term.casefold())
    ]
    columns = {
        "term": Column("Term"),
        "means": Column("What it is"),
        "formula": Column("How it is worked out"),
        "source": Column("Where it comes from"),
    }
    table = Table("start.glossary", "Glossary", pd.DataFrame(rows), columns, sheet=False, rows=8)
    return Findings("start", (table,), book.formats)


def next_step(book: Book) -> Findings:
    """One sentence: what to do now."""
    return Findings("start", (Note(_next_step(book), "todo"),), book.formats)


def _next_step(book: Book) -> Wording:
    tables, creators = book.tables, book.tables.creators
    if creators.empty:
        return say("Fill in the creators list: one line per handle, with platform and followers.")
    if book.stage == "plan":
        if not tables.has("creators", "fee"):
            return say(
                "Add what each creator asks to the creators list; without prices there is no break-even."
            )
        if last_decisions(book).empty:
            return say(
                "Open notebook 02 and decide on the creators, then notebook 03 for sizes and budget and notebook 04 for "
                "links, codes and go-live."
            )
        return say("Open notebook 04: links, codes, label words and the open points before launch.")
    if book.stage == "pulse":
        return say(
            "Open notebook 04, second half: who is late, which labels to fix, what to collect before it is gone."
        )
    if not tables.has("orders", "discount_code"):
        return say(
            "Put the shop's order export with its discount codes into exports/; notebook 05 then counts orders per creator."
        )
    return say("Open notebook 05: what the campaign brought and what it left, and what to do next.")


def what_you_have(book: Book) -> Findings:
    """One row per file: what it is, its dates, what it is good for."""
    rows = [
        {
            "file": receipt.file,
            "what": packed(receipt.label),
            "rows": float(receipt.kept),
            "set_aside": float(receipt.rows_in - receipt.kept),
            "dates": _dates(receipt),
            "good_for": packed(receipt.good_for),
        }
        for receipt in book.receipts
    ]
    if not rows:
        text = sentences(
            say("No export is there yet."), say("The creators list is the first one: exports/creators.csv.")
        )
        return Findings("start", (Note(text, "todo"),), book.formats)
    columns = {
        "what": Column("What it is"),
        "file": Column("File"),
        "rows": Column("Rows read", "number", grade="counted"),
        "set_aside": Column("Set aside", "number", grade="counted", note="why: see data quality"),
        "dates": Column("Dates"),
        "good_for": Column("Good for"),
    }
    table = Table("start.files", "What you have", pd.DataFrame(rows), columns)
    return Findings("start", (table,), book.formats)


def _dates(receipt: Receipt) -> Text:
    """First and last day of a file, if its rows have days."""
    if receipt.first_day is None or receipt.last_day is None:
        return "–"
    return joined([Day(receipt.first_day), Day(receipt.last_day)], by=" – ")


def one_more_file(book: Book) -> Findings:
    """What one more file would add, the most valuable first: who has it, and how to get it."""
    wanted = [row for row in _not_there(book.tables) if book.stage in row["stages"]]
    if not wanted:
        return Findings("start", (Note(say("Every file we know how to use is there.")),), book.formats)
    columns = {
        "file": Column("One more file"),
        "unlocks": Column("What it would add"),
        "who": Column("Who has it"),
        "how": Column("How"),
    }
    frame = pd.DataFrame([{name: packed(row[name]) for name in columns} for row in wanted])
    return Findings(
        "start", (Table("start.one_more_file", "What one more file would add", frame, columns),), book.formats
    )


def one_more_file_text(tables: Tables) -> str:
    """The same as plain text, for `python3 workbook.py check`."""
    rows = [
        f"  {row['file']} → {row['unlocks']}. Who has it: {row['who']}. How: {row['how']}."
        for row in _not_there(tables)
    ]
    return (
        "\n".join(["What one more file would add:", *rows])
        if rows
        else "Every file we know how to use is there."
    )


def _not_there(tables: Tables) -> list[dict[str, Any]]:
    return [row for row in pack("inputs")["inputs"] if not _is_there(row, tables)]


def _is_there(row: dict[str, Any], tables: Tables) -> bool:
    if "days_of" in row:
        when = TABLES[row["days_of"]].when
        days = getattr(tables, row["days_of"])[when]
        return len(days) > 0 and (days.max() - days.min()).days >= row["at_least_days"]
    return any(tables.has(*place.split(".")) for place in row["there"])


def decisions(book: Book) -> Findings:
    """What was decided on creators, the latest first."""
    decided = known_decisions(book)
    if decided.empty:
        text = say("No decision on a creator is written down yet; notebook 02 has the form for it.")
        return Findings("start", (Note(text, "method"),), book.formats)
    frame = decided.iloc[::-1].head(12)
    columns = {
        name: Column(_DECISIONS.get(name, name.capitalize()), "date" if name == "date" else "text")
        for name in frame.columns
    }
    return Findings(
        "start", (Table("start.decisions", "Decisions on creators", frame, columns),), book.formats
    )


def open_points(book: Book) -> Findings:
    """Open points of the campaign file, each with its owner and date."""
    points = [
        Note(point.what, "todo", owner=point.owner, due=point.due) for point in book.campaign.open_points
    ]
    if not points:
        points = [Note("No open point is written down in the campaign file.", "method")]
    return Findings("start", tuple(points), book.formats)


def three_sentences(book: Book) -> Findings:
    """Three sentences for your boss, to copy: what is planned or runs, what there is, what is next; of results, the result."""
    texts: tuple[Text, ...]
    if book.stage == "results":
        texts = (_campaign_text(book), *_result_texts(book))
    else:
        texts = (_campaign_text(book), _have_text(book), say("Next: {step}", step=_next_step(book)))
    return Findings("start", tuple(Note(text) for text in texts), book.formats)


def _campaign_text(book: Book) -> Wording:
    """Who does what, for what, when and for how much; in the tense of the stage."""
    campaign = book.campaign
    values = {
        "brand": book.client.brand,
        "campaign": campaign.title,
        "goal": packed(campaign.goal),
        "first": Day(campaign.start),
        "last": Day(campaign.end),
        "budget": Money(campaign.budget),
    }
    if book.stage == "plan":
        return say(
            "{brand} plans {campaign} for {goal}, {first} to {last}, with {budget} excl. VAT.", **values
        )
    if book.stage == "pulse":
        return say(
            "{brand} runs {campaign} for {goal}, {first} to {last}, with {budget} excl. VAT.", **values
        )
    return say(
        "{brand} ran {campaign} for {goal}, {first} to {last}, with a budget of {budget} excl. VAT.", **values
    )


def _result_texts(book: Book) -> tuple[Text, Text]:
    """The first page's result and what it says to do next, in its own words."""
    from creatorbook.roi import decisions as next_decisions
    from creatorbook.roi import headline  # of results only: step 05 takes long to load

    items = (*headline(book).items, *next_decisions(book).items)
    notes = [item for item in items if isinstance(item, Note)]
    by_slot = {note.slot: note.text for note in sorted(notes, key=lambda note: -note.rank) if note.slot}
    return by_slot["results.one_sentence"], say("Next: {decisions}", decisions=by_slot["results.next"])


def _have_text(book: Book) -> Wording:
    people, orders = persons(book.tables.creators).nunique(), book.tables.orders
    files = say_many("{n} file", "{n} files", n=len(book.receipts))
    if orders.empty:
        return say_many(
            "We have {n} creator on the list and {files} to work with; orders are not available yet.",
            "We have {n} creators on the list and {files} to work with; orders are not available yet.",
            n=people,
            files=files,
        )
    return say_many(
        "We have {n} creator on the list and {files} to work with; orders are known to {day}.",
        "We have {n} creators on the list and {files} to work with; orders are known to {day}.",
        n=people,
        files=files,
        day=Day(orders["ordered_at"].max()),
    )


steps_by_their_packs(globals())
