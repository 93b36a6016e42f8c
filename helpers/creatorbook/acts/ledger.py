"""`python3 workbook.py approve` and `python3 workbook.py settle`: the two acts that write to the ledger."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from creatorbook.book import Book
from creatorbook.client.ledger import Entry, add_entries, ledger_path
from creatorbook.client.repository import client_folder
from creatorbook.findings import Figure
from creatorbook.opening import open_book
from creatorbook.planning.plans import recommended
from creatorbook.planning.recorded import FIGURES, GOAL_FIGURES, forecast_entries
from creatorbook.problems import Problem
from creatorbook.roi.plan_comparison import beside_forecast, outcome_entries, outcomes


def approve(client: str, campaign: str | None, by: str, on: date | None = None) -> list[str]:
    """Write the forecast of the plan to the ledger, once, before the campaign starts; the lines that say so.

    Args:
        client, campaign: as `open_book` takes them.
        by: who approves.
        on: the day of approval; the forecast knows what was known then. None means the report's day.

    Raises:
        Problem: nobody approves, the campaign has begun, nothing can be forecast, or the ledger holds another
            forecast of this campaign.
    """
    if not by.strip():
        raise Problem("a plan is approved by somebody", todo="Say who: --by NAME.")
    book = open_book(client_folder(client), campaign, as_of=on)
    if book.stage != "plan":
        what = f"the campaign began on {book.campaign.start}: a forecast made now would know what came"
        todo = (
            "If it was approved before the start, give that day: --on DAY. Only what was known then is used."
        )
        raise Problem(what, book.campaign.path, todo=todo)
    mix = recommended(book)
    if mix is None:
        todo = "Fees in the creators list settle it; the campaign lead has them."
        raise Problem("there is no plan to approve: nothing can be forecast without prices", todo=todo)
    entries = forecast_entries(book, mix, book.as_of, by.strip())
    written = _rows_of(book, "forecast")
    if len(written):
        _refuse_other(book, written, entries)
        return [f"{ledger_path(book.client).name} holds this forecast already; nothing was added"]
    added = add_entries(book.client, entries)
    named = {entry.figure: entry for entry in entries}
    figure_lines = [_line(book, named[name]) for name in GOAL_FIGURES[book.campaign.goal] if name in named]
    head = f"{book.client.brand}, {book.campaign.title}: approved by {by.strip()} on {book.as_of}"
    return [head, f"{added} rows added to {ledger_path(book.client).name}", *figure_lines]


def close(client: str, campaign: str | None, by: str, on: date | None = None) -> list[str]:
    """Write what came of a campaign to the ledger, once its returns have settled; the lines that say so.

    Figures that stand there already stay as they are, so that closing again only adds what a new file tells.

    Raises:
        Problem: returns are still open, or no file tells what came.
    """
    book = open_book(client_folder(client), campaign, stage="results", as_of=on)
    settled = book.campaign.end + timedelta(days=book.campaign.settles_after_days)
    if book.as_of < settled:
        what = f"goods can come back until {settled}, and the files reach to {book.as_of}"
        raise Problem(what, book.campaign.path, todo="Close it with an order export of that day or later.")
    results = outcomes(book)
    if not results:
        todo = "An order export with the creators' codes tells it; the shop has it."
        raise Problem("no file tells what came of this campaign", book.client.folder, todo=todo)
    added = add_entries(book.client, outcome_entries(book, book.as_of, by.strip()))
    head = f"{book.client.brand}, {book.campaign.title}: closed on {book.as_of}"
    lines = [head, f"{added} rows added to {ledger_path(book.client).name}"]
    values = {name: outcome.value for name, outcome in results.items()}
    frame = beside_forecast(book.ledger, book.campaign.id, values)
    comparable = frame[frame.figure.isin(GOAL_FIGURES[book.campaign.goal]) & frame.came.notna()]
    if frame.empty:
        lines.append(
            "No forecast was approved for it, so nothing can be compared; its rates inform the next plan."
        )
    return lines + [
        f"  {FIGURES[row.figure].words.write(book.formats)}: {row.reading} the likely range"
        for row in comparable.itertuples()
    ]


def _rows_of(book: Book, act: str) -> pd.DataFrame:
    ledger = book.ledger
    return ledger[(ledger.campaign == book.campaign.id) & (ledger.act == act)]


def _refuse_other(book: Book, written: pd.DataFrame, entries: list[Entry]) -> None:
    """Raise a Problem where the ledger's forecast is not this one, to the digits it is written with."""
    stored = {row.figure: (f"{row.low90:.6g}", f"{row.high90:.6g}") for row in written.itertuples()}
    made = {entry.figure: (f"{entry.low90:.6g}", f"{entry.high90:.6g}") for entry in entries}
    if stored != made:
        day = written.written_on.iloc[0].date()
        todo = (
            "It stays as it is, so that the result can be held against it. If the plan was changed before launch, "
            "keep the changed one as a campaign file of its own and approve that."
        )
        raise Problem(f"a forecast of {day} is in the ledger already", ledger_path(book.client), todo=todo)


def _line(book: Book, entry: Entry) -> str:
    name = FIGURES[entry.figure]
    figure = Figure(
        entry.figure,
        name.words,
        entry.likely,
        entry.unit,
        "estimated",
        entry.source,
        low=entry.low90,
        high=entry.high90,
        digits=name.digits,
    )
    span = figure.written_range(book.formats) or figure.written_value(book.formats)
    return f"  {name.words.write(book.formats)}: {span}"
