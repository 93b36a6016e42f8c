"""The act of issuing: codes and links are written once, and never change again (idempotent)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd

from creatorbook.book import Book
from creatorbook.campaign import codes
from creatorbook.campaign.assignments import assigned
from creatorbook.client import LINK_COLUMNS, add_links, read_links
from creatorbook.client.writing import writing


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
