"""What a creator’s pay is made of: each price line on its own, hours of work, and published ranges beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook import plugins
from creatorbook.campaign.assignments import accounts, agreed_formats
from creatorbook.campaign.benefits import benefit_of
from creatorbook.client import Range
from creatorbook.finance.costs import planned_own_costs
from creatorbook.findings import Wording, joined, packed, say
from creatorbook.memo import per_book
from creatorbook.packs import pack

if TYPE_CHECKING:
    from creatorbook.book import Book


#: price line → the kind of cost it is
_LINES = {
    "fee": "fee",
    "usage": "usage rights",
    "whitelisting": "whitelisting",
    "exclusivity": "exclusivity",
    "gift_cost": "gift",
}


_NUMBERS = ["fee", "usage", "whitelisting", "exclusivity", "gift_cost", "gift_retail", "own_hours"]


_NUMBERS += ["work_hours", "per_hour_low", "per_hour_high"]


_TEXTS = ["person", "pieces", "range", "against_range", "against_floor"]


@dataclass(frozen=True)
class Published:
    """A published range for a creator's pieces, in the client's currency where a rate is on file.

    Attributes:
        low, high: for all pieces together; `None` where the currency cannot be converted.
        per_piece: the range for one piece, in words, as published.
    """

    low: float | None
    high: float | None
    per_piece: str


@per_book
def price_lines(book: Book) -> pd.DataFrame:
    """One row per person: each price line, pieces, hours of work, fee per hour, published range and verdicts.

    A price line nobody told is missing, not 0. `work_hours` are the creator's own, at least; the fee per hour is the base fee over the hours in `packs/fees.yml`.
    """
    agreed = _agreed(book)
    rows = []
    largest_first = accounts(book).sort_values(
        ["person", "followers", "handle"], ascending=[True, False, True], kind="stable"
    )
    for person, of_person in groupby(largest_first.to_dict("records"), key=itemgetter("person")):
        group = list(of_person)
        prices, largest = agreed.get(str(person), {}), group[0]
        fee = prices.get("fee")
        pieces = _pieces(group)
        hours = _hours(pieces)
        owed = hours is not None and not _free_to_post(book, group)
        count = sum(number for name, number in pieces.items() if name != "story")
        published = _published(book, largest, count)
        low, high = (
            (fee / hours.high, fee / hours.low) if owed and hours and fee is not None else (None, None)
        )
        rows.append(
            {
                "person": str(person),
                "fee": fee,
                "usage": prices.get("usage"),
                "whitelisting": prices.get("whitelisting"),
                "exclusivity": prices.get("exclusivity"),
                "gift_cost": _first(prices.get("gift_cost"), largest["gift_cost"]),
                "gift_retail": largest["gift_retail"],
                "own_hours": largest["hours"],
                "pieces": _in_words(pieces),
                "range": published.per_piece,
                "against_range": _against(fee, published.low, published.high),
                "work_hours": hours.low if owed and hours else None,
                "per_hour_low": low,
                "per_hour_high": high,
                "against_floor": _against_floor(book, low, high, owed=owed),
            }
        )
    return pd.DataFrame(rows, columns=[*_NUMBERS, *_TEXTS]).astype(dict.fromkeys(_NUMBERS, "float64"))


def _agreed(book: Book) -> dict[str, dict[str, float]]:
    """Price lines by person as the costs have them (`planned_own_costs`)."""
    costs = planned_own_costs(book)
    return {
        str(person): {
            line: float(of_person[kind]) for line, kind in _LINES.items() if pd.notna(of_person.get(kind))
        }
        for person, of_person in zip(costs.index, costs.to_dict("records"), strict=True)
    }


def _pieces(accounts: list[dict[Any, Any]]) -> dict[str, int]:
    """Pieces agreed with a person by format; one of each agreed or usual format where no number is told."""
    formats = pack("formats")["formats"]
    pieces: dict[str, int] = {}
    for row in accounts:
        text = str(row["deliverables"]) if pd.notna(row["deliverables"]) else ""
        counted = re.findall(r"(?<![\w.])(\d{1,2})\s*(?:x\s*)?([A-Za-z]+)", text)
        for number, word in counted:
            name = next((one for one, of in formats.items() if word.lower() in {one, *of["words"]}), None)
            if name:
                short = row["platform"] == "tiktok" and name == "video"
                name = "short" if short else name
                pieces[name] = pieces.get(name, 0) + int(number)
        if not counted:
            for name in agreed_formats(row):
                pieces[name] = pieces.get(name, 0) + 1
    return pieces


def _hours(pieces: dict[str, int]) -> Range | None:
    """Hours of a creator's work for these pieces; `None` where a format has no row."""
    rows = {row["format"]: row for row in pack("fees")["creator_hours"]}
    if not pieces or not set(pieces) <= set(rows):
        return None
    sums = {
        name: sum(rows[one][name] * number for one, number in pieces.items())
        for name in ("low", "likely", "high")
    }
    return Range(**sums, source="packs/fees.yml")


def _free_to_post(book: Book, accounts: list[dict[Any, Any]]) -> bool:
    """Whether nothing was agreed: a gift without a duty to post asks for no hours."""
    gift = any(benefit_of(row)[0] == "gift" for row in accounts)
    seeding = book.campaign.playbook == "organic_seeding"
    nothing = all(pd.isna(row["deliverables"]) for row in accounts) and not book.campaign.deliverables
    unpaid = not any(row["fee"] > 0 for row in accounts)
    return bool(unpaid and (seeding or (gift and nothing)))


def _published(book: Book, row: Any, pieces: int) -> Published:
    """The range for posts of an account, by the first price model that knows it; the built-in one has published fees."""
    models = plugins.price_models(book.client.replaces)
    given = (price for model in models for _, price in plugins.answered([model], lambda one: one.price(row)))
    price = next((price for price in given if price is not None), None)
    if price is None:
        return Published(None, None, "")
    there = replace(book.formats, currency=price.currency)
    per_piece = f"{there.span(price.low, price.high, 'money')}, {price.source}"
    rate = book.client.rates.get(price.currency)
    if rate is None or not pieces:
        return Published(None, None, per_piece)
    return Published(price.low * rate * pieces, price.high * rate * pieces, per_piece)


def _against(fee: float | None, low: float | None, high: float | None) -> str:
    if fee is None or low is None or high is None:
        return "–"
    if fee == 0:
        return "no fee"
    return "below" if fee < low else "above" if fee > high else "within"


def _against_floor(book: Book, low: float | None, high: float | None, *, owed: bool) -> str:
    floor = book.client.economics.pay_floor_per_hour
    if not owed:
        return "no duty to post"
    if floor is None or low is None or high is None:
        return "–"
    return "below" if high < floor else "perhaps below" if low < floor else "above"


def _first(*values: Any) -> float | None:
    return next((float(value) for value in values if value is not None and pd.notna(value)), None)


def _in_words(pieces: dict[str, int]) -> Wording:
    formats = pack("formats")["formats"]
    return joined(
        say("{n} {format}", n=number, format=packed(formats[name]["name"]))
        for name, number in sorted(pieces.items())
    )
