"""The first paragraph of a vetting card: what came of working with this person before, and what that makes likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.client.campaign_file import title_of
from creatorbook.finance import economics
from creatorbook.findings import Capital, Count, Money, Text, ends, joined, number_of, packed, say, sentences
from creatorbook.history.advice import DECISIONS
from creatorbook.history.marked import last_marks
from creatorbook.history.past_records import past_records
from creatorbook.planning.candidates import candidates
from creatorbook.planning.own_creators import highest_own_fee, own_outlook, worth_of_trying
from creatorbook.text.handles import persons
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.card_section import CardSection
from creatorbook.vetting.decided import order_of

if TYPE_CHECKING:
    from creatorbook.book import Book


def with_us_section(book: Book, account: str, *, decided: bool = True) -> list[CardSection]:
    """What is on record of the account's person, campaign by campaign; nothing while nobody of the list is on record.

    Args:
        book: the campaign.
        account: as `listed_accounts` has it.
        decided: whether what people decided since may be read here.
    """
    records = past_records(book)
    if records.empty:
        return []
    person = _person(book, account)
    own = records[records.person == person]
    texts = [before_text(row) for row in own.to_dict("records")] or [say("never tried")]
    text = sentences(
        say("{campaigns}.", campaigns=Capital(joined(texts, by="; "))),
        _marked(book, person, decided=decided) if len(own) else None,
        _likely(book, account, person, tried=len(own) > 0),
    )
    return [CardSection(say("With us:"), text, "estimated")]


def short_text(book: Book, account: str) -> Text:
    """The same in a table's cell: the last campaign with orders, or that the person was never tried."""
    records = past_records(book)
    own = records[records.person == _person(book, account)]
    return before_text(own.to_dict("records")[-1]) if len(own) else say("never tried")


def before_text(row: dict[str, object]) -> Text:
    """`Spring dresses, 21 orders, likely 14 to 28, the fee did not pay back`."""
    parts: list[Text] = [title_of(str(row["campaign"])), _orders(row)]
    if pd.notna(row["profit"]):
        free = not float(str(row["price_paid"])) > 0
        what = say("the cost") if free else say("the fee")
        paid = float(str(row["profit"])) >= 0
        parts.append(
            say("{what} paid back", what=what) if paid else say("{what} did not pay back", what=what)
        )
    if float(str(row["days_late"])) > 0:
        parts.append(say("{days} late", days=number_of("day", int(float(str(row["days_late"]))))))
    if float(str(row["label_kept"])) < 1:
        parts.append(say("a label was missing"))
    return joined(parts)


def _orders(row: dict[str, object]) -> Text:
    """Orders counted, and the range that they make likely for such a campaign."""
    if pd.isna(row["orders"]):
        return say("orders not on file")
    orders = number_of("order", int(float(str(row["orders"]))))
    if pd.isna(row["orders_low"]):
        return orders
    span = ends(float(str(row["orders_low"])), float(str(row["orders_high"])), "number")
    return say("{orders} (likely {low} to {high})", orders=orders, **span)


def _marked(book: Book, person: str, *, decided: bool) -> Text | None:
    """What was advised after the last campaign and what somebody decided since."""
    marks = last_marks(book)
    if person not in marks.index or not marks.advice[person]:
        return None
    row = marks.loc[person]
    advised = say("Advised then: {advice}.", advice=DECISIONS.get(row.advice, row.advice))
    if not row.decision or not decided:
        return advised
    return sentences(
        advised,
        say("Decided since: {decision}, {reason}.", decision=packed(row.decision), reason=packed(row.reason)),
    )


def _likely(book: Book, account: str, person: str, *, tried: bool) -> Text | None:
    """Orders likely in this campaign and the highest fee they pay back; of newcomers what trying them would tell."""
    outlook = own_outlook(book)
    if outlook is None or person not in outlook.people:
        return None
    row, place = listed_accounts(book).loc[account], outlook.people.get_loc(person)
    drawn = outlook.expected[place]
    low, middle, high = np.quantile(drawn, [0.05, 0.5, 0.95])
    span = ends(low, high, "number")
    by = say("By that") if tried else say("By others of their size and platform")
    likely = say(
        "{by}, {orders} orders are likely now ({low} to {high}).", by=by, orders=Count(middle), **span
    )
    unit = order_of(book, row, economics.unit_economics(book))
    fee = highest_own_fee(book, outlook, person, unit.contribution)
    if fee is None or unit.contribution is None:
        return likely
    highest = say("A fee of up to {fee} would pay back in 8 of 10 cases.", fee=Money(fee))
    if tried:
        return sentences(likely, highest)
    return sentences(likely, highest, _learning(book, person, unit.contribution.likely))


def _learning(book: Book, person: str, left: float) -> Text | None:
    """What one campaign with somebody new would be worth for the one after it."""
    people = candidates(book)
    own = people[(people.creator == person) & people.cost.notna()]
    if own.empty:
        return None
    worth = float(worth_of_trying(book, own, left).iloc[0])
    if worth < 1:
        return None
    return say(
        "Trying them tells whom to keep: that is worth about {worth} for the campaign after, and counts in the choice.",
        worth=Money(worth),
    )


def _person(book: Book, account: str) -> str:
    return str(persons(listed_accounts(book).loc[[account]]).iloc[0])
