"""France: what a creator gets in a year, against the threshold of a written contract."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.assignments import accounts, audience
from creatorbook.campaign.lead import who_settles
from creatorbook.campaign.roster import persons_named
from creatorbook.finance.cost_lines import plain_kind
from creatorbook.finance.costs import booked_on
from creatorbook.finance.order_values import exchange
from creatorbook.findings import Column, Note, Table, joined, packed, say, sentences
from creatorbook.memo import per_book
from creatorbook.packs import pack

if TYPE_CHECKING:
    from creatorbook.book import Book


@per_book
def french_totals(book: Book) -> pd.DataFrame:
    """What each creator in France gets from the client in the campaign's year, against the decree's threshold.

    Columns: person, campaign (fee plus gift at retail value without VAT, as listed), earlier (fees and gifts of the
    cost sheet in the same year, paid more than four weeks before this campaign), total, threshold, all in the
    client's currency, and contract (whether a written one is needed). Empty where the decree does not count.
    """
    rule = pack("disclosure")["jurisdictions"]["FR"]["contract"]
    columns = ["person", "campaign", "earlier", "total", "threshold", "contract"]
    rate = _euro_rate(book)
    if rate is None or not _french_rule_counts(book):
        return pd.DataFrame(columns=columns)
    rows = []
    for row in _french(book):
        agreed = _agreed_value(book, row)
        earlier, sheet = _cost_sheet_value(book, row["person"])
        total = max(agreed + earlier, sheet)
        threshold = rule["threshold"] * rate
        rows.append((row["person"], agreed, earlier, total, threshold, round(total, 2) >= threshold))
    return pd.DataFrame(rows, columns=columns)


def _french_rule_counts(book: Book) -> bool:
    rule = pack("disclosure")["jurisdictions"]["FR"]["contract"]
    return "FR" in [*book.campaign.markets, *book.client.all_markets] and book.campaign.end >= rule["from"]


def _euro_rate(book: Book) -> float | None:
    rule = pack("disclosure")["jurisdictions"]["FR"]["contract"]
    return book.client.rates.get(rule["currency"])


def _french(book: Book) -> list[Any]:
    people = accounts(book).drop_duplicates("person")
    return [row for row in people.to_dict("records") if audience(book, row)[0][:1] == ["FR"]]


def _agreed_value(book: Book, row: Any) -> float:
    """Fee plus the gift's retail value, as the creators list has them, both without VAT."""
    fee = float(row["fee"]) if pd.notna(row["fee"]) else 0.0
    gift = float(row["gift_retail"]) if pd.notna(row["gift_retail"]) else 0.0
    taxed = 1 + book.client.tax_rate_in("FR") if book.client.prices_include_tax else 1.0
    return fee + gift / taxed


def _cost_sheet_value(book: Book, person: str) -> tuple[float, float]:
    """Fees and gifts of a person's year in the cost sheet: those before this campaign, and all."""
    costs, start = book.tables.costs, pd.Timestamp(book.campaign.start)
    kind = costs["kind"].map(plain_kind, na_action="ignore")
    booked = booked_on(costs)
    year = booked.dt.year == start.year
    paid = costs[year & kind.isin(["fee", "gift"]) & persons_named(book, costs["creator"]).eq(person)]
    amounts = paid["amount"] * exchange(book, paid["currency"])
    earlier = booked[paid.index] < start - timedelta(days=28)
    return float(amounts[earlier].sum()), float(amounts.sum())


def contracts(book: Book) -> list[Any]:
    """France: pay plus gifts per creator and year against the written-contract threshold."""
    rule = pack("disclosure")["jurisdictions"]["FR"]["contract"]
    if not _french_rule_counts(book) or not _french(book):
        return []
    if _euro_rate(book) is None:
        text = sentences(
            say(
                "Creators in France: compare pay plus gifts with the threshold ({rule}).",
                rule=packed(rule["text"]),
            ),
            say("The exchange rate of EUR is not in client.yml."),
        )
        return [Note(text, "todo", owner=who_settles(book))]
    totals = french_totals(book)
    over = list(totals.loc[totals["contract"], "person"])
    items: list[Any] = []
    if over:
        text = sentences(
            say(
                "Written contract needed in France: {names} ({rule}).",
                names=joined(over, most=5),
                rule=packed(rule["text"]),
            ),
            say(
                "It names {contents}; {instrument}.",
                contents=packed(rule["must_hold"]),
                instrument=packed(rule["instrument"]),
            ),
        )
        items.append(
            Note(text, "todo", owner=who_settles(book), due=book.campaign.start - timedelta(days=14))
        )
    near = totals[totals["total"] >= totals["threshold"] / 2]
    if len(near):
        items.append(_french_table(near))
    return items


def _french_table(near: pd.DataFrame) -> Table:
    frame = near.sort_values(["total", "person"], ascending=[False, True], kind="stable").assign(
        state=near["contract"].map({True: say("written contract first"), False: say("below it so far")})
    )
    columns = {
        "person": Column("creator in France"),
        "campaign": Column("this campaign", "money", grade="counted"),
        "earlier": Column("earlier this year", "money", grade="counted"),
        "total": Column("in the year", "money", grade="counted"),
        "threshold": Column("threshold", "money"),
        "state": Column("contract"),
    }
    note = say(
        "Fees and gifts without VAT, from the creators list and the cost sheet; what other campaigns paid elsewhere is not known here."
    )
    return Table(
        "tracking.french_contracts", "Pay and gifts per year in France", frame, columns, rows=6, note=note
    )
