"""The creators list as it stands: every account with the person behind it, whether they take part or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.memo import per_book
from creatorbook.text.handles import persons, plain_handle

if TYPE_CHECKING:
    from creatorbook.book import Book

#: What belongs to the person, not to one of their accounts.
_OF_THE_PERSON = [
    "fee",
    "commission_rate",
    "gift_cost",
    "gift_retail",
    "benefit",
    "country",
    "language",
    "status",
]


@per_book
def roster(book: Book) -> pd.DataFrame:
    """The rows of the creators list in its order, with `row` (in the file) and `person`, which is `creator`, too.

    What is written once and belongs to the person (fee, gift, country, status …) stands beside all their accounts.
    """
    accounts = book.tables.creators.copy()
    accounts["row"] = range(2, len(accounts) + 2)
    accounts["creator"] = accounts["person"] = persons(accounts)
    once = accounts[_OF_THE_PERSON]
    accounts[_OF_THE_PERSON] = once.fillna(once.groupby(accounts["person"]).transform("first"))
    return accounts


def issued(book: Book, name: str) -> dict[tuple[str, str], str]:
    """(handle, platform) → the code or link that was issued for it in the campaign's links file."""
    if book.issued.empty:
        return {}
    rows = book.issued[book.issued[name] != ""]
    return dict(zip(zip(rows["handle"], rows["platform"], strict=True), rows[name], strict=True))


@per_book
def persons_by_name(book: Book) -> dict[str, str]:
    """What a sheet or a campaign file may write (a handle, a name; `plain_handle` of it) → the person it means.

    A handle goes before somebody's name that reads alike.
    """
    accounts = roster(book)
    names = {plain_handle(str(person)): str(person) for person in accounts["person"].dropna()}
    pairs = zip(accounts["handle"], accounts["person"], strict=True)
    return names | {plain_handle(str(handle)): str(person) for handle, person in pairs if pd.notna(handle)}


def persons_named(book: Book, names: pd.Series) -> pd.Series:
    """Whom each text of a sheet means; missing where it names nobody of the list."""
    return names.map(lambda name: persons_by_name(book).get(plain_handle(str(name))), na_action="ignore")
