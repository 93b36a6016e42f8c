"""Step 00: where a campaign is, what its files say, and what one more file would add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.findings import Column, Figure, Findings, Note, Table
from creatorbook.findings.formats import Formats
from creatorbook.packs import pack
from creatorbook.tables import TABLES, Tables
from creatorbook.text.handles import persons

if TYPE_CHECKING:
    from creatorbook.book import Book
    from creatorbook.exports import Receipt

_STAGES = {"plan": "plan", "pulse": "live", "results": "results"}


def where_you_are(book: Book) -> Findings:
    """The campaign's stage and the dates and files it was found from."""
    campaign, formats = book.campaign, book.formats
    text = f"{book.client.brand}, {campaign.title}: you are at {_STAGES[book.stage]}."
    dates = f"The campaign runs from {formats.day(campaign.start)} to {formats.day(campaign.end)}"
    notes = [Note(text), Note(f"{dates}, and this is told as of {formats.day(book.as_of)}.", "method")]
    return Findings("start", (*notes, *_counts(book)), formats)


def _counts(book: Book) -> list[Figure]:
    """How much there is to work with."""
    creators, orders = book.tables.creators, book.tables.orders
    counted = [("start.creators", "Creators", persons(creators).nunique())]
    if len(orders):
        counted.append(("start.orders", "Orders in the shop's export", len(orders)))
    if len(book.tables.posts):
        counted.append(("start.posts", "Posts", len(book.tables.posts)))
    return [Figure(key, label, value, "number", "counted", "exports") for key, label, value in counted]


def next_step(book: Book) -> Findings:
    """One sentence: what to do now."""
    return Findings("start", (Note(_next_step(book), "todo"),), book.formats)


def _next_step(book: Book) -> str:
    tables, creators = book.tables, book.tables.creators
    if creators.empty:
        return "Fill in the creators list: one line per handle, with platform and followers."
    if book.stage == "plan":
        if not tables.has("creators", "fee"):
            return "Add what each creator asks to the creators list; without prices there is no break-even."
        if book.decisions.empty:
            return "Open 02_vetting and decide on the creators, then 03_tiers for the mix and 04_tracking for links and codes."
        return "Open 04_tracking: links, codes, label words and the open points before launch."
    if book.stage == "pulse":
        return "Open 04_tracking, second half: who is late, which labels to fix, what to collect before it is gone."
    if not tables.has("orders", "discount_code"):
        return "Put the shop's order export with its discount codes into exports/; 05_roi then counts orders per creator."
    return "Open 05_roi: what the campaign made after all its costs, and what to do next."


def what_you_have(book: Book) -> Findings:
    """One row per file: what it is, its dates, what it is good for."""
    rows = [
        {
            "file": receipt.file,
            "what": receipt.label,
            "rows": float(receipt.kept),
            "set_aside": float(receipt.rows_in - receipt.kept),
            "dates": _dates(receipt, book.formats),
            "good_for": receipt.good_for,
        }
        for receipt in book.receipts
    ]
    if not rows:
        note = "No export is there yet. The creators list is the first one: exports/creators.csv."
        return Findings("start", (Note(note, "todo"),), book.formats)
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


def _dates(receipt: Receipt, formats: Formats) -> str:
    """First and last day of a file, if its rows have days."""
    if receipt.first_day is None or receipt.last_day is None:
        return "–"
    return f"{formats.day(receipt.first_day)} – {formats.day(receipt.last_day)}"


def one_more_file(book: Book) -> Findings:
    """What one more file would add, the most valuable first: who has it, and how to get it."""
    wanted = [row for row in _not_there(book.tables) if book.stage in row["stages"]]
    if not wanted:
        note = "Every file we know how to use is there."
        return Findings("start", (Note(note),), book.formats)
    columns = {
        "file": Column("One more file"),
        "unlocks": Column("What it would add"),
        "who": Column("Who has it"),
        "how": Column("How"),
    }
    frame = pd.DataFrame(wanted)[list(columns)]
    return Findings(
        "start", (Table("start.one_more_file", "What one more file would add", frame, columns),), book.formats
    )


def one_more_file_text(tables: Tables) -> str:
    """The same as plain text, for `creatorbook check`."""
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
    if book.decisions.empty:
        note = "No decision on a creator is written down yet; 02_vetting has the form for it."
        return Findings("start", (Note(note, "method"),), book.formats)
    frame = book.decisions.iloc[::-1].head(12)
    columns = {name: Column(name.capitalize()) for name in frame.columns}
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
    """Three sentences for your boss, to copy."""
    campaign, formats = book.campaign, book.formats
    budget = formats.money(campaign.budget)
    sentences = [
        f"{book.client.brand} plans {campaign.title} for {campaign.goal}, "
        f"{formats.day(campaign.start)} to {formats.day(campaign.end)}, with {budget} excl. VAT.",
        _have_sentence(book, formats),
        f"Next: {_next_step(book)}",
    ]
    return Findings("start", tuple(Note(sentence) for sentence in sentences), formats)


def _have_sentence(book: Book, formats: Formats) -> str:
    creators = book.tables.creators
    people = persons(creators).nunique()
    files = len(book.receipts)
    text = (
        f"We have {people} creators on the list and {files} {'file' if files == 1 else 'files'} to work with"
    )
    orders = book.tables.orders
    if orders.empty:
        return f"{text}; orders are not available yet."
    last = formats.day(orders["ordered_at"].max())
    return f"{text}; orders are known to {last}."
