"""The creators list as it stands: every account with the person behind it, whether they take part or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.memo import per_book_free_of
from creatorbook.text.handles import persons, plain_name

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


@per_book_free_of(MONEY_AND_CREDIT)
def roster(book: Book) -> pd.DataFrame:
    """The rows of the creators list in its order, with `row` (in the file) and `person`, which is `creator`, too.

    What is written once and belongs to the person (fee, gift, country, status …) stands beside all their accounts.
    """
    accounts = book.tables.creators.copy()
    accounts["row"] = range(2, len(accounts) + 2)
    accounts["creator"] = accounts["person"] = persons(accounts)
    once, named = accounts[_OF_THE_PERSON], accounts["person"].notna()
    if named.any():
        accounts[_OF_THE_PERSON] = once.fillna(once[named].groupby(accounts["person"]).transform("first"))
    return accounts


def issued(book: Book, name: str) -> dict[tuple[str, str], str]:
    """(handle, platform) → the code or link that was issued for it in the campaign's links file."""
    if book.issued.empty:
        return {}
    rows = book.issued[book.issued[name] != ""]
    return dict(zip(zip(rows["handle"], rows["platform"], strict=True), rows[name], strict=True))


@per_book_free_of(MONEY_AND_CREDIT)
def persons_by_name(book: Book) -> dict[str, str]:
    """What a sheet or a campaign file may write (a handle, a name; `plain_name` of it) → the person it means.

    A handle goes before somebody's name that reads alike.
    """
    accounts = roster(book)
    names = {plain_name(str(person)): str(person) for person in accounts["person"].dropna()}
    pairs = zip(accounts["handle"], accounts["person"], strict=True)
    return names | {plain_name(str(handle)): str(person) for handle, person in pairs if pd.notna(handle)}


def person_named(book: Book, name: object) -> str | None:
    """Whom a text means, by a name or any of their handles; `None` where it names nobody of the list."""
    return persons_by_name(book).get(plain_name(str(name)))


def persons_named(book: Book, names: pd.Series) -> pd.Series:
    """Whom each text of a sheet means; missing where it names nobody of the list."""
    return names.map(lambda name: person_named(book, name), na_action="ignore")
