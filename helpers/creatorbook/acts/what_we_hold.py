"""What is held on a creator (access, GDPR article 15): every row, what was concluded, and where it stands.

Other people's data is no part of the answer: commenters and sampled followers are counted, other creators are not named,
nor is who looked at an account or decided about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from creatorbook.acts.persons import Person, person_of
from creatorbook.book import Book
from creatorbook.campaign.people import everybody
from creatorbook.client import Campaign, Client, read_campaign, read_decisions, read_links
from creatorbook.client.creator_history import read_history
from creatorbook.client.forgotten import Forgotten, forgotten_in, tombstone
from creatorbook.client.ledger import read_ledger
from creatorbook.client.price_offers import read_offers
from creatorbook.client.relationship_log import read_log
from creatorbook.client.report_places import reports_of
from creatorbook.exports import Receipt
from creatorbook.exports.mentions import Spellings, find_mentions, places_text
from creatorbook.finance.claims import claimed_orders
from creatorbook.findings import written
from creatorbook.opening import open_book, read_exports
from creatorbook.planning.candidates import candidates
from creatorbook.problems import Problem
from creatorbook.roi.creator_results import creator_results
from creatorbook.tables import TABLES, Tables
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.vetting_card import evidence_sections

#: tables of what others wrote, are or bought: counted, but for the creator's own answers under posts
OF_OTHERS = {"comments", "profiles", "survey", "journeys", "orders", "order_lines", "refunds"}

#: columns that lead to somebody else: who looked, counted, decided or bought
NAMES_OTHERS = {"reviewer", "by", "order_id"}

#: what results say of a creator
OUTCOME = {
    "orders": "orders traced to them",
    "sales_that_stay": "sales that stay",
    "cost": "costs",
    "profit": "left after costs",
    "next_orders": "orders expected next time",
    "again": "expected to be left next time",
    "again_low": "likely from",
    "again_high": "likely to",
    "decision": "advice",
}

#: what plans say of a candidate
FORECAST = {
    "followers": "followers",
    "views": "views of a typical post",
    "response": "likes and comments per follower",
    "pieces": "posts agreed",
    "cost": "cost beforehand",
    "tier": "size",
}

REMARKS = (
    "Purposes: choosing creators for the campaigns named below, agreeing and paying with them, labelling their posts, and "
    "measuring what a campaign sold. No decision is made by a machine alone; people write down theirs.",
    "Recipients: {brand} and whoever its reports are sent to. Where it was sent, which agreement it rests on and how long it "
    "is kept, {brand} has to add: nothing is deleted by itself.",
    "You may have it put right or deleted, object to its use, and complain to a data protection authority.",
)


@dataclass(frozen=True)
class _Asked:
    """Who asks, and what of others must not be told."""

    client: Client
    person: Person
    spellings: Spellings
    others: Forgotten

    def lines(self, rows: pd.DataFrame) -> list[str]:
        """All rows, column by column, without what names others."""
        rows = rows.drop(columns=[name for name in NAMES_OTHERS if name in rows])
        return [
            "  "
            + "; ".join(f"{name}: {self.text(value)}" for name, value in row.items() if not _empty(value))
            for row in rows.to_dict("records")
        ]

    def text(self, value: Any) -> str:
        """A value as text in which no other creator is named; a day without its hours."""
        if isinstance(value, pd.Timestamp) and value == value.normalize():
            return str(value.date())
        return self.others.text(f"{value:g}" if isinstance(value, float) else " ".join(str(value).split()))


def held_on(client: Client, handle: str, reports: Path) -> str:
    """Everything that is held on a creator, as a text to send to them.

    Args:
        client: whose folder.
        handle: one of the creator's handles.
        reports: where the client's editions are.

    Raises:
        Problem: no file knows this handle.
    """
    read = read_exports(client)
    person = person_of(client, read.tables, handle)
    asked = _Asked(
        client,
        person,
        Spellings((*person.names, *person.codes), person.others),
        _without(read.tables, person),
    )
    by_table, files = _about(asked, read.tables), find_mentions(client.folder, asked.spellings)
    if not by_table and not files:
        raise Problem(f"no file knows “{handle}”", client.folder, todo="Check the spelling.")
    campaigns, door = (
        [read_campaign(client, name) for name in client.campaign_ids],
        forgotten_in(client.folder),
    )
    parts = [
        (
            f"What {client.brand} holds on {', '.join(person.names)}",
            [text.format(brand=client.brand) for text in REMARKS],
        ),
        ("Sources and their periods", _sources(read.receipts, by_table)),
        *_rows(asked, by_table),
        *_records(asked, campaigns),
        *(part for campaign in campaigns for part in _concluded(asked, campaign)),
        ("It stands in these files", [f"  {door.text(file)}: {places_text(where)}" for file, where in files]),
        ("Reports, sheets and lists that name you", _printed(asked, reports)),
    ]
    return "\n\n".join("\n".join([title, *lines]) for title, lines in parts if lines) + "\n"


def _without(tables: Tables, person: Person) -> Forgotten:
    """A door through which the names of other creators do not pass."""
    creators = tables.creators
    names = {str(name) for name in (*creators.handle.dropna(), *creators.creator.dropna())}
    others = [tombstone("creator", name, b"", "somebody else") for name in sorted(names)]
    own = {tombstone("creator", name, b"").key for name in person.names}
    spelt = [tombstone("spelling", name, b"", "somebody else") for name in sorted(names)]
    whole = [tombstone("other", name, b"") for name in person.names]  # “anna” is no part of “anna_bakes”
    own |= {stone.key for stone in whole}
    return Forgotten(b"", (*(stone for stone in (*others, *spelt) if stone.key not in own), *whole))


def _about(asked: _Asked, tables: Tables) -> dict[str, pd.DataFrame]:
    """Canonical table → its rows about the person: by handle or name, else where a text of a row names them."""
    by_table = asked.person.rows(tables)
    for name in tables:
        frame = tables.frames[name]
        if {"handle", "creator"}.isdisjoint(frame.columns):
            texts = frame[[column.name for column in TABLES[name].columns if column.kind == "text"]]
            named = {
                text for text in pd.unique(texts.to_numpy().ravel()) if asked.spellings.named_in(str(text))
            }
            if (about := texts.isin(named).any(axis=1)).any():
                by_table[name] = frame[about]
    return by_table


def _sources(receipts: tuple[Receipt, ...], by_table: dict[str, pd.DataFrame]) -> list[str]:
    """The files whose tables hold rows about the person: what each is, whose, and the days it speaks of."""
    lines = []
    for receipt in receipts:
        if by_table.keys() & set(receipt.tables):
            days = f", {receipt.first_day} to {receipt.last_day}" if receipt.first_day else ""
            whose = f" ({receipt.whose})" if receipt.whose else ""
            lines.append(f"  exports/{receipt.file}: {receipt.label}{whose}{days}")
    return lines


def _rows(asked: _Asked, by_table: dict[str, pd.DataFrame]) -> Iterator[tuple[str, list[str]]]:
    for name, rows in by_table.items():
        title = f"{name}: {TABLES[name].meaning} ({len(rows)} rows)"
        if name in OF_OTHERS:
            own = rows[rows["by_creator"].eq(other=True)] if "by_creator" in rows else rows.iloc[:0]
            others = len(rows) - len(own)
            yield (
                title,
                [*asked.lines(own), f"  {others} of other people: counted, and not yours to be given"],
            )
        else:
            yield title, asked.lines(rows)


def _records(asked: _Asked, campaigns: list[Campaign]) -> Iterator[tuple[str, list[str]]]:
    """What was decided, agreed and issued, from the client's own files."""
    client, person = asked.client, asked.person
    decided, ledger = read_decisions(client), read_ledger(client)
    yield "Decisions about you", asked.lines(decided[person.named_in(decided["handle"])])
    approved = ledger[(ledger.act == "approved") & person.named_in(ledger.figure)]
    yield (
        "Plans approved with you (forecasts and outcomes beside them are of whole campaigns)",
        asked.lines(approved),
    )
    history, log = read_history(client), read_log(client)
    own_rows = person.named_in(history["creator"]) | person.named_in(history["handle"])
    yield "What you brought in settled campaigns, and what was decided", asked.lines(history[own_rows])
    yield "Talks with you, gifts and results shared", asked.lines(log[person.named_in(log["handle"])])
    for campaign in campaigns:
        links = read_links(campaign)
        own = person.named_in(links["handle"]) | person.named_in(links["creator"])
        yield f"{campaign.title}: codes and links issued to you", asked.lines(links[own])
        offers = read_offers(campaign)
        yield f"{campaign.title}: offered to you", asked.lines(offers[person.named_in(offers["handle"])])
        settings = campaign.model_dump(exclude={"id", "path"})
        yield (
            f"{campaign.title}: what the campaign file says of you",
            [f"  {place}: {asked.text(value)}" for place, value in _named(settings, asked.spellings)],
        )


def _named(data: Any, spellings: Spellings, place: str = "") -> Iterator[tuple[str, Any]]:
    """Place and value of each text that names the person; of what is about one creator, every value."""
    if isinstance(data, dict):
        about = spellings.named_in(str(data.get("handle", "")))
        for name, value in data.items():
            if about and not _empty(value):
                yield f"{place}{name}", value
            elif not about:
                yield from _named(value, spellings, f"{place}{name}, ")
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _named(value, spellings, place)
    elif isinstance(data, str) and spellings.named_in(data):
        yield place.removesuffix(", "), data


def _concluded(asked: _Asked, campaign: Campaign) -> Iterator[tuple[str, list[str]]]:
    """What was worked out about the person for one campaign: standing, vetting, forecast, orders and outcome."""
    try:
        book = open_book(asked.client.folder, campaign.id)
        yield f"{campaign.title}: where you stand", _standing(asked, book)
        for account in listed_accounts(book).index:
            if asked.person.named_in(pd.Series([account.partition("/")[2]])).all():
                yield f"{campaign.title}: what vetting says of {account}", _card(asked, book, account)
        yield f"{campaign.title}: what plans reckon with", _figures(asked, candidates(book), FORECAST)
        yield f"{campaign.title}: what came of it", _outcome(asked, book)
    except Problem as problem:
        yield f"{campaign.title}: what was concluded", [f"  could not be worked out: {asked.text(problem)}"]


def _standing(asked: _Asked, book: Book) -> list[str]:
    rows = everybody(book)
    own = rows[asked.person.named_in(rows["handle"])]
    return [
        f"  {row.platform}/{row.handle}: {row.standing}, {written(row.why, book.formats)}"
        for row in own.itertuples()
    ]


def _card(asked: _Asked, book: Book, account: str) -> list[str]:
    """The vetting card's paragraphs but the empty form for a decision, in English figures and words."""
    lines = []
    for section in evidence_sections(book, account):
        words = section.written(book.formats)
        lines += [f"  {words.heading} {words.text}", *(f"    {point}" for point in words.points)]
    return [asked.text(line) for line in lines]


def _figures(asked: _Asked, rows: pd.DataFrame, names: dict[str, str]) -> list[str]:
    if rows.empty:
        return []
    own = rows[asked.person.named_in(rows["creator"])]
    return asked.lines(own[[name for name in names if name in own]].rename(columns=names).round(4))


def _outcome(asked: _Asked, book: Book) -> list[str]:
    """Orders counted for the person and what they came to; the orders are other people's and stay out."""
    if book.stage != "results":
        return []
    claimed = claimed_orders(book)
    own = claimed[asked.person.named_in(claimed["creator"])] if len(claimed) else claimed
    by_kind = own["claim"].value_counts().sort_index(kind="stable") if len(own) else {}
    counted = [f"  orders counted for you by {kind}: {count}" for kind, count in by_kind.items()]
    return [*counted, *_figures(asked, creator_results(book).frame, OUTCOME)]


def _printed(asked: _Asked, reports: Path) -> list[str]:
    """The folders of reports, sheets and lists; earlier answers to the same question are none."""
    wholes = {
        folder / Path(*Path(file).parts[:2])
        for folder in reports_of(reports, asked.client.folder)
        for file, _ in find_mentions(folder, asked.spellings)
        if Path(file).parts[0] != "what-we-hold"
    }
    return [f"  {whole}" for whole in sorted(wholes)]


def _empty(value: Any) -> bool:
    return (
        value is None or value == "" or (not isinstance(value, list | tuple | dict) and bool(pd.isna(value)))
    )
