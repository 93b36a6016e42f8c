"""What a price asks of a creator: the orders it needs, beside the most that so many orders are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.finance import economics
from creatorbook.finance.costs import beside_fee, planned_fees
from creatorbook.findings import Count, Money, Text, ends, number_of, say, sentences
from creatorbook.text.handles import persons
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.decided import cost_at, order_of

if TYPE_CHECKING:
    from creatorbook.book import Book


def asked_fee(book: Book, account: str) -> float | None:
    """The fee that the creator of an account asks, as a plan reckons with it; none where no file tells it."""
    fee = planned_fees(book).get(_creator(book, account))
    return None if fee is None else float(fee)


def price_in_words(book: Book, account: str, offered: float | None, orders: float | None) -> Text:
    """What the asked and the offered fee need in orders, and the most worth spending for so many orders.

    Args:
        book: the campaign.
        account: one of `listed_accounts`.
        offered: the fee offered, in the client's currency; none where nothing is offered yet.
        orders: how many orders somebody expects of the creator; none where nobody says.
    """
    creator, row = _creator(book, account), listed_accounts(book).loc[account]
    unit = order_of(book, row, economics.unit_economics(book))
    if unit.contribution is None:
        return say(
            "What a price needs in orders cannot be said yet: the basket and the gross margin settle it."
        )
    asked = asked_fee(book, account)
    texts: list[Text | None] = [
        None
        if asked is None
        else _needs(say("Asked: {fee}", fee=Money(asked)), cost_at(book, creator, asked), unit),
        None
        if offered is None
        else _needs(say("Offered: {fee}", fee=Money(offered)), cost_at(book, creator, offered), unit),
    ]
    return sentences(*texts, _worth(book, creator, orders or 10, unit))


def _needs(price: Text, cost: float, unit: economics.UnitEconomics) -> Text:
    needed = economics.orders_needed(cost, unit)
    if needed is None:
        return say("{price}, which no number of orders pays back: an order leaves nothing.", price=price)
    if cost <= 0:
        return say("{price}, which needs no order.", price=price)
    return say(
        "{price}, which needs about {orders}.", price=price, orders=number_of("order", Count(needed.likely))
    )


def _worth(book: Book, creator: str, orders: float, unit: economics.UnitEconomics) -> Text:
    """The most worth spending, with its likely range where there is one."""
    most = economics.highest_fee(orders, unit)
    if most is None or most.likely <= 0:
        return say("An order leaves nothing, so no fee is worth paying.")
    values = {"orders": number_of("order", Count(orders)), "fee": Money(most.likely)}
    span = {} if most.low == most.high else ends(most.low, most.high, "money")
    besides = beside_fee(book, creator)
    if span and besides:
        return say(
            "Highest price worth paying for {orders}: {fee} (likely {low} to {high}), {besides} included.",
            besides=besides,
            **values,
            **span,
        )
    if span:
        return say("Highest fee worth paying for {orders}: {fee} (likely {low} to {high}).", **values, **span)
    if besides:
        return say(
            "Highest price worth paying for {orders}: {fee}, {besides} included.", besides=besides, **values
        )
    return say("Highest fee worth paying for {orders}: {fee}.", **values)


def _creator(book: Book, account: str) -> str:
    row: pd.DataFrame = listed_accounts(book).loc[[account]]
    return str(persons(row).iloc[0])
