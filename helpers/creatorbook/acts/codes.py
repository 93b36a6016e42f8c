"""The act of issuing: codes and links are written once, and never change again (idempotent)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from creatorbook.book import Book
from creatorbook.campaign import codes
from creatorbook.campaign.assignments import assigned
from creatorbook.client import LINK_COLUMNS, add_links, links_path, read_links, repository
from creatorbook.client.report_places import report_place
from creatorbook.client.writing import writing
from creatorbook.deliver import refuse_strangers, write_folder
from creatorbook.opening import open_book
from creatorbook.tracking import issuing


@dataclass(frozen=True)
class GivenOut:
    """What giving out codes and links wrote.

    Attributes:
        added: how many codes and links are new.
        links: the campaign's links file, which has them all.
        paths: the import tables for the shop and the link shortener, and plain tables.
        question: what to ask about the link shortener; empty where nothing is open.
    """

    added: int
    links: Path
    paths: list[Path]
    question: str


def give_out(
    client: str | Path, campaign: str | None, on: date | None = None, out: Path | None = None
) -> GivenOut:
    """Issue the codes and links of a campaign, and write the tables that bring them into the shop and its tools.

    Args:
        client, campaign: as `open_book` takes them.
        on: the day of issue; none means the report's day.
        out: where the tables go; none means `codes` among the client's reports.

    Raises:
        Problem: two people share a code, no such shortener is known, or something cannot be written.
    """
    book = open_book(client, campaign)
    place = out or report_place(repository.REPORTS, book.client.folder) / book.campaign.id / "codes"
    folder = place.resolve()
    refuse_strangers(folder)
    issuing.csv_files(book)  # what cannot be made is told before anything is written
    added = issue(book, secrets.choice, on)
    book = open_book(client, campaign)
    paths = write_folder(folder, issuing.csv_files(book))
    return GivenOut(added, links_path(book.campaign), paths, issuing.shortener_question(book))


def issue(book: Book, choose: Callable[[str], str], on: date | None = None) -> int:
    """Write the codes and links of the campaign to its links file, once; what stands there never changes.

    An explicit act: no report calls it.

    Args:
        book: the campaign.
        choose: a source of chance for unguessable codes, such as `secrets.choice`.
        on: the day of issue; none means the book's day.

    Returns:
        How many codes and links were added.
    """
    with writing(book.campaign.owner):
        assignments = assigned(replace(book, issued=read_links(book.campaign)))
        rows = assignments.rename(columns={"person": "creator"}).assign(
            code=_with_drawn(assignments, choose), issued_on=(on or book.as_of).isoformat()
        )
        return add_links(book.campaign, rows[LINK_COLUMNS])


def _with_drawn(assignments: pd.DataFrame, choose: Callable[[str], str]) -> pd.Series:
    """The codes, with unguessable ones drawn for the people who have none."""
    taken = [code for code in assignments["code"] if code]
    drawn: dict[str, str] = {}
    for person in sorted(set(assignments.loc[assignments["code"] == "", "person"])):
        drawn[person] = codes.draw_code(choose, taken)
        taken.append(drawn[person])
    return assignments["code"].where(assignments["code"] != "", assignments["person"].map(drawn))
