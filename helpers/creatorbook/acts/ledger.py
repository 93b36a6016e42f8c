"""`python3 workbook.py approve` and `python3 workbook.py settle`: the two acts that write to the ledger.

Settling also writes down what each creator brought (`creator_history.csv`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from creatorbook.book import Book
from creatorbook.campaign.decisions import SHORTLIST, last_decisions
from creatorbook.client.creator_history import add_to_history, history_path
from creatorbook.client.ledger import Entry, add_entries, ledger_path, read_ledger, rows_of
from creatorbook.client.price_offers import read_offers
from creatorbook.client.repository import client_folder
from creatorbook.client.writing import writing
from creatorbook.findings import Figure, Money, Quantity
from creatorbook.history.course import course
from creatorbook.history.marked import last_marks, stopped_without_reason
from creatorbook.opening import open_book
from creatorbook.planning.plans import WAYS, Mix, decided_mix, recommended, three_ways
from creatorbook.planning.recorded import FIGURES, GOAL_FIGURES, forecast_entries, people_entries
from creatorbook.problems import Problem
from creatorbook.roi.creator_records import creator_records
from creatorbook.roi.creator_results import creator_results
from creatorbook.roi.plan_comparison import FigureOutcome, beside_forecast, outcome_entries, outcomes
from creatorbook.text.plain_english import how_many

#: what `--plan` takes beside the ways to spend the budget: whom the decisions on file take
DECISIONS = "decisions"


def approve(
    client: str, campaign: str | None, by: str, on: date | None = None, plan: str | None = None
) -> list[str]:
    """Write a plan to the ledger, once, before the campaign starts: its people, costs and forecast; the lines that say so.

    Args:
        client, campaign: as `open_book` takes them.
        by: who approves.
        on: the day of approval; the forecast knows what was known then. None means the report's day.
        plan: `careful`, `middle`, `bold` or `decisions`. None means the decisions where one on file shortlists
            somebody, else the way that the plan recommends.

    Raises:
        Problem: nobody approves, the campaign has begun, there is no such plan, nothing can be forecast, or the ledger
            holds another forecast of this campaign.
    """
    if not by.strip():
        raise Problem("a plan is approved by somebody", todo="Say who: --by NAME.")
    book, mix = plan_on(client, campaign, on, plan)
    day, name = book.as_of, by.strip()
    entries = [*people_entries(book, mix, day, name), *forecast_entries(book, mix, day, name)]
    with writing(book.client.folder):
        book = replace(book, ledger=read_ledger(book.client))  # what somebody approved meanwhile stands
        earlier = rows_of(book.ledger, book.campaign.id, "forecast")
        if len(earlier):
            _refuse_other(book, entries)
            return [
                f"approved already, {_signed(earlier)}: {ledger_path(book.client).name} holds this forecast; nothing was added"
            ]
        added = add_entries(book.client, entries)
    named = {entry.figure: entry for entry in entries if entry.act == "forecast"}
    figure_lines = [_line(book, named[name]) for name in GOAL_FIGURES[book.campaign.goal] if name in named]
    head = f"{book.client.brand}, {book.campaign.title}: approved by {name} on {day}"
    return [
        head,
        *_plan_lines(book, mix),
        f"{how_many(added, 'row')} added to {ledger_path(book.client).name}",
        *figure_lines,
    ]


def plan_on(
    client: str, campaign: str | None, on: date | None = None, plan: str | None = None
) -> tuple[Book, Mix]:
    """What `approve` would approve, and the book as it was known on that day.

    Raises:
        Problem: the campaign has begun, there is no such plan, or nobody is in it.
    """
    book = open_book(client_folder(client), campaign, as_of=on)
    if book.stage != "plan":
        what = f"the campaign began on {book.campaign.start}: a forecast made now would know what came"
        todo = (
            "If it was approved before the start, give that day (--on DAY). Only what was known then is used."
        )
        raise Problem(what, book.campaign.path, todo=todo)
    book = decided_by_then(book)
    mix = _chosen(book, plan)
    refuse_stopped(book, mix)
    return book, mix


def refuse_stopped(book: Book, mix: Mix) -> None:
    """Raise a Problem where money would go to somebody whom the last campaign says to stop, without a stated reason."""
    stopped = set(stopped_without_reason(book))
    named = mix.people[mix.people.creator.isin(stopped)]
    if len(named):
        last = last_marks(book).loc[named.creator.iloc[0]]
        what = f"@{named.handle.iloc[0]} is in the plan and marked stop since {last.campaign}, and nobody said why to go on"
        todo = "Shortlist them with a reason in notebook 02, or leave them out."
        raise Problem(what, history_path(book.client), todo=todo)


def decided_by_then(book: Book) -> Book:
    """The book with the decisions of its day and before."""
    return replace(book, decisions=book.decisions[book.decisions["date"] <= pd.Timestamp(book.as_of)])


def _chosen(book: Book, plan: str | None) -> Mix:
    """The plan that is approved.

    Raises:
        Problem: there is none of that name, or nobody is in it.
    """
    ways = three_ways(book)
    if plan is not None and plan not in {*WAYS, DECISIONS}:
        raise Problem(f"there is no plan “{plan}”", todo=f"Plans: {', '.join([*WAYS, DECISIONS])}.")
    if plan == DECISIONS or (plan is None and (last_decisions(book)["decision"] == SHORTLIST).any()):
        mix = decided_mix(book)
        if mix is None:
            todo = "Shortlist them in notebook 02, or approve one of the ways: --plan careful."
            raise Problem(
                "nobody is decided on: no decision shortlists anybody, and nobody has agreed", todo=todo
            )
        return mix
    mix = recommended(book) if plan is None else ways.get(plan)  # type: ignore[call-overload]
    if mix is None and ways:
        todo = f"Plans there are: {', '.join(ways)}."
        raise Problem(f"there is no {plan} plan: it does not fit the money and the limits", todo=todo)
    if mix is None:
        todo = "Fees in the creators list settle it; the campaign lead has them."
        raise Problem("there is no plan to approve: nothing can be forecast without prices", todo=todo)
    return mix


def _plan_lines(book: Book, mix: Mix) -> list[str]:
    """Which plan it is, with how many people and for how much; and that it is over budget, where it is."""
    n, money = len(mix.people), Money(mix.cost).write(book.formats)
    which = "the decisions on file" if mix.way == "decided" else f"the {mix.way} way"
    lines = [f"plan: {which}, {how_many(n, 'creator')} for {money}"]
    if mix.cost > book.campaign.budget:
        lines.append(f"that is over the budget of {Money(book.campaign.budget).write(book.formats)}")
    return lines


def close(client: str, campaign: str | None, by: str, on: date | None = None) -> list[str]:
    """Write what came of a campaign to the ledger, once its returns have settled; the lines that say so.

    Figures that stand there already stay as they are, so that closing again only adds what a new file tells.

    Raises:
        Problem: returns are still open, or no file tells what came.
    """
    book, results = _settled(client, campaign, on)
    entries = outcome_entries(book, book.as_of, by.strip())
    records = creator_records(book, read_offers(book.campaign), book.as_of, by.strip())
    with writing(book.client.folder):
        earlier = rows_of(read_ledger(book.client), book.campaign.id, "outcome")
        added = add_entries(book.client, entries)
        remembered = add_to_history(book.client, records)
    head = f"{book.client.brand}, {book.campaign.title}: settled on {book.as_of}"
    lines = [
        head,
        f"{how_many(added, 'row')} added to {ledger_path(book.client).name}",
        f"{how_many(remembered, 'row')} on creators added to {history_path(book.client).name}",
    ]
    if len(earlier):
        text = f"{how_many(len(earlier), 'row')} there already, {_signed(earlier)}: what stands is kept"
        lines.append(text)
    values = {name: outcome.value for name, outcome in results.items()}
    frame = beside_forecast(book.ledger, book.campaign.id, values)
    comparable = frame[frame.figure.isin(GOAL_FIGURES[book.campaign.goal]) & frame.came.notna()]
    if frame.empty:
        lines.append(
            "No forecast was approved for it, so nothing can be compared; its rates inform the next plan."
        )
    elif course(book.ledger, book.campaign.id, values).otherwise:
        lines.append(
            "Another campaign ran than was approved, so nothing is compared; its rates inform the next plan."
        )
        return lines
    return lines + [
        f"  {FIGURES[row.figure].words.write(book.formats)}: {row.reading} the likely range"
        for row in comparable.itertuples()
    ]


def settle_preview(client: str, campaign: str | None, on: date | None = None) -> list[str]:
    """What `close` would write, line by line: each figure, and whether it stands in the ledger already.

    Raises:
        Problem: as `close`.
    """
    book, results = _settled(client, campaign, on)
    there = set(rows_of(read_ledger(book.client), book.campaign.id, "outcome").figure)
    new = [name for name in results if name not in there]
    lines = [
        f"{how_many(len(new), 'row')} would be added to {ledger_path(book.client).name}, and a row for each of "
        f"{how_many(len(creator_results(book).frame), 'creator')} to {history_path(book.client).name} where none stands"
    ]
    for entry in outcome_entries(book, book.as_of, ""):
        figure = FIGURES.get(entry.figure)
        name = figure.words.write(book.formats) if figure else entry.figure.replace("_", " ")
        digits = figure.digits if figure else 0 if float(entry.value or 0).is_integer() else 2
        value = Quantity(entry.value, entry.unit, digits).write(book.formats)
        lines.append(
            f"  {name[:1].upper()}{name[1:]}: {value}{'' if entry.figure in new else ' (stands there already, and is kept)'}"
        )
    return lines


def _settled(client: str, campaign: str | None, on: date | None) -> tuple[Book, dict[str, FigureOutcome]]:
    """A campaign that can be closed, and what came of it.

    Raises:
        Problem: returns are still open, or no file tells what came.
    """
    book = open_book(client_folder(client), campaign, stage="results", as_of=on)
    settled = book.campaign.end + timedelta(days=book.campaign.settles_after_days)
    if book.as_of < settled:
        what = f"goods can come back until {settled}, and the files reach to {book.as_of}"
        raise Problem(what, book.campaign.path, todo="Settle it with an order export of that day or later.")
    results = outcomes(book)
    if not results:
        todo = "An order export with the creators' codes tells it; the shop has it."
        raise Problem("no file tells what came of this campaign", book.client.folder, todo=todo)
    return book, results


def _refuse_other(book: Book, entries: list[Entry]) -> None:
    """Raise a Problem where the ledger's plan is not this one, to the digits it is written with.

    A ledger from before people were written down has fewer rows; what it has must agree.
    """
    acts = (
        rows_of(book.ledger, book.campaign.id, "forecast"),
        rows_of(book.ledger, book.campaign.id, "approved"),
    )
    written = pd.concat(acts)
    stored = {(row.act, row.figure): _digits(row) for row in written.itertuples()}
    made = {(entry.act, entry.figure): _digits(entry) for entry in entries}
    if acts[1].empty:
        made = {key: digits for key, digits in made.items() if key in stored}
    if stored != made:
        todo = (
            "It stays as it is, so that the result can be held against it. If the plan was changed before launch, "
            "keep the changed one as a campaign file of its own and approve that."
        )
        what = f"another forecast is in the ledger already, {_signed(written)}"
        raise Problem(what, ledger_path(book.client), todo=todo)


def _signed(rows: pd.DataFrame) -> str:
    """Who wrote rows of the ledger first, and when."""
    by, day = rows.by.iloc[0], rows.written_on.iloc[0].date()
    return f"by {by} on {day}" if by else f"on {day}"


def _digits(row: Any) -> tuple[str, ...]:
    """What is compared of a row: its range and its value, missing or with six digits."""
    cells = (row.low90, row.high90, row.value)
    return tuple("" if pd.isna(cell) else f"{cell:.6g}" for cell in cells)


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
