"""`forms.economics`: what an order leaves, as the client knows it: ranges with who says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from creatorbook.book import Book
from creatorbook.client import Client
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, show_form
from creatorbook.forms.ranges import range_rows, ranges_of_rows, rows_of_ranges
from creatorbook.forms.settings_part import ClientPart, Values

#: field → quantities in its rows: key of `economics` → words
_ROWS = {
    "shares": {"margin": "Gross margin", "return_rate": "Share of sales value that comes back"},
    "amounts": {
        "average_order_value": "Basket as the shop shows it",
        "shipping_cost": "Sending one order",
        "handling_per_return": "Handling one return",
    },
    "more_shares": {
        "resellable_share": "Share of returned goods that can be sold again",
        "payment_fee_rate": "Payment fee, share of what is paid",
        "levy_rate": "Levies on creators' pay",
    },
    "repeats": {"repeat_orders": "Further orders of a new buyer within a year"},
}
_NUMBERS = {
    "payment_fee_fixed": "Payment fee for each order",
    "hourly_rate": "An hour of our own people",
    "pay_floor_per_hour": "Least a creator should earn for an hour",
}
MORE = "Further costs of an order, and hours"


def economics(book: Book) -> None:
    """Margin, returns, basket and delivery; folded: the rest."""
    show_form(book, economics_form(book), "A form: what an order leaves, written to client.yml.")


def economics_form(book: Book) -> Form:
    """What client.yml says of it."""
    part = ClientPart(book, _values, _settings)
    return Form(
        "What does an order leave?",
        [replace(field, value=part.values[field.name]) for field in _fields(book)],
        [Button("Show what changes", part.look, "look"), Button("Write it down", part.write)],
        writes=part.path,
        intro="Low, likely and high say how sure it is. What stays empty is left out of the sums, and reports say so; "
        "what files tell goes before what is written here.",
    )


def _fields(book: Book) -> list[Field]:
    unit, english = book.formats.currency_sign, book.formats.in_english().words
    prices = {"full_price": "The price before the code", "price_paid": "What is paid after it"}
    return [
        range_rows("shares", "Shares", "share", "%"),
        Field("margin_on", "The margin is a share of", "choice", options=prices,
              help=english("Empty: of the price before the code, as price lists have it. Always excl. VAT.")),
        range_rows("amounts", english("Money for each order, excl. VAT"), "number", unit,
                   means=english("The basket as the shop shows it, with VAT if prices have it.")),
        range_rows("more_shares", "Further shares", "share", "%", group=MORE),
        range_rows("repeats", "Buyers who come back", "number", "orders", group=MORE),
        *(Field(name, words, "number", unit=unit, low=0, group=MORE) for name, words in _NUMBERS.items()),
    ]  # fmt: skip


def _values(client: Client) -> Values:
    own = client.economics
    rows = {
        name: rows_of_ranges({key: getattr(own, key) for key in words}, words)
        for name, words in _ROWS.items()
    }
    return {**rows, "margin_on": own.margin_on, **{name: getattr(own, name) for name in _NUMBERS}}


def _settings(values: Values) -> dict[str, Any]:
    ranges = {
        key: stated
        for name, words in _ROWS.items()
        for key, stated in ranges_of_rows(values[name], words).items()
    }
    numbers = {name: values[name] for name in ("margin_on", *_NUMBERS)}
    return {f"economics.{key}": value for key, value in {**ranges, **numbers}.items()}
