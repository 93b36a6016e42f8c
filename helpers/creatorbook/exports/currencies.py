"""One reporting currency: other currencies are converted at the client's dated rate, or set aside. Never mixed.

Orders without a rate stay in the table, with their own currency and their codes: no sum holds them, and a report can say whose
they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from creatorbook.exports import parse, rejected
from creatorbook.exports.layouts import CODES
from creatorbook.exports.reader import Sheet
from creatorbook.tables import CanonicalTable

#: signs and words in a cell → the currencies they can mean, likeliest first
CURRENCY_SIGNS = {
    "€": ("EUR",),
    "£": ("GBP",),
    "₺": ("TRY",),
    "₹": ("INR",),
    "zł": ("PLN",),
    "$": ("USD", "CAD", "AUD", "NZD", "MXN"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK"),
}

#: the same, and each currency's code
_SIGNS = (*CURRENCY_SIGNS, *(code.lower() for code in sorted(CODES)))

#: why amounts in another currency are set aside
NO_RATE = "client.yml gives no rate to"


def one_currency(sheet: Sheet, table: CanonicalTable) -> None:
    """Hold every money column of `typed` to the client's currency."""
    money = [column.name for column in table.columns if column.kind == "money"]
    if not any(sheet.has(column) for column in money):
        return
    in_cells = _currency_in_cells(sheet, [column for column in money if sheet.has(column)])
    own, usual = sheet.options.currency, sheet.match.currency or sheet.options.currency
    apart = "currency" not in table.names
    if apart and in_cells == "NULL" and usual == own:
        sheet.currency = own  # of every record, and the table has no place to say so
        return
    if apart:
        sheet.connection.execute("ALTER TABLE typed ADD COLUMN currency VARCHAR")
    sheet.connection.execute(
        f"UPDATE typed SET currency = coalesce(currency, {in_cells}, {parse.text(usual)})"
    )
    currencies = [
        row[0]
        for row in sheet.connection.execute("SELECT DISTINCT currency FROM typed ORDER BY 1").fetchall()
    ]
    sheet.currency = ", ".join(currencies) or None
    counted = any(code == own or code in sheet.options.exchange_rates for code in currencies)
    for other in (code for code in currencies if code != own):
        _to_own(sheet, table, money, other, keep=counted and table.name == "orders")
    if apart:
        sheet.connection.execute("ALTER TABLE typed DROP COLUMN currency")


def rate_of_lines(sheet: Sheet) -> str:
    """SQL: what one unit of a line's price is in the client's currency, over its record `r` and its order `o`; NULL without a rate."""
    rates = sorted(sheet.options.exchange_rates.items())
    other = f"WHEN o.currency <> {parse.text(sheet.options.currency)} THEN NULL"
    cases = [f"WHEN upper(r.currency) = {parse.text(code)} THEN {rate!r}" for code, rate in rates]
    return f"CAST(CASE {' '.join([other, *(cases if sheet.has('currency') else [])])} ELSE 1 END AS DECIMAL(18,8))"


def in_own_currency(currency: str) -> str:
    """SQL: whether an order's amounts are in the client's currency, so that they can be compared and added up."""
    return f"coalesce(currency, {parse.text(currency)}) = {parse.text(currency)}"


def _currency_in_cells(sheet: Sheet, money: list[str]) -> str:
    """SQL for the currency that a record's own cells name, as in `£12`; NULL if none does."""
    cells = f"lower(concat_ws(' ', {', '.join(parse.name(column) for column in money)}))"
    if not sheet.one(f"SELECT count(*) FROM {sheet.raw} WHERE regexp_matches({cells}, '[^0-9., +-]')")[0]:
        return "NULL"  # every cell is nothing but a number
    signs = sheet.connection.execute(
        f"SELECT DISTINCT {_first_of(_SIGNS, cells)} FROM {sheet.raw} ORDER BY 1"
    ).fetchall()
    meant = {sign: _meant(sign, sheet.options.currency) for (sign,) in signs if sign}
    if not meant:
        return "NULL"
    cases = " ".join(f"WHEN {parse.text(sign)} THEN '{code}'" for sign, code in sorted(meant.items()))
    sign = _first_of(sorted(meant), cells)
    return f"(SELECT CASE {sign} {cases} END FROM {sheet.raw} AS raw WHERE raw._record = typed._record)"


def _first_of(signs: Sequence[str], cells: str) -> str:
    """SQL: the first of the signs in a text; letters only as a word of their own."""
    words = [
        rf"\b{sign}\b" if sign.isascii() and sign.isalpha() else f"[{sign}]" if len(sign) == 1 else sign
        for sign in signs
    ]
    return f"regexp_extract({cells}, '({'|'.join(words)})', 1)"


def _meant(sign: str, own: str) -> str:
    """The currency a sign means: the client's own if it can be."""
    meanings = CURRENCY_SIGNS.get(sign, (sign.upper(),))
    return own if own in meanings else meanings[0]


def _to_own(sheet: Sheet, table: CanonicalTable, money: list[str], other: str, *, keep: bool) -> None:
    """Convert the records of another currency; without a rate set them aside, or keep them as they are and say so."""
    own, rates = sheet.options.currency, sheet.options.exchange_rates
    theirs = f"currency = {parse.text(other)}"
    if other in rates:
        rate = f"CAST({rates[other]!r} AS DECIMAL(18,8))"
        settings = ", ".join(f"{c} = CAST({c} * {rate} AS DECIMAL(18,2))" for c in map(parse.name, money))
        sheet.connection.execute(f"UPDATE typed SET {settings}, currency = {parse.text(own)} WHERE {theirs}")
        sheet.notes.append(f"amounts in {other} were converted to {own} at {rates[other]:g} (client.yml)")
        return
    todo = f"amounts in {own}, or a line “{other}: …” under exchange_rates in client.yml"
    if table.name == "creators":  # a creator does not disappear because a price is in another currency
        settings = ", ".join(f"{c} = NULL" for c in map(parse.name, money))
        sheet.connection.execute(f"UPDATE typed SET {settings} WHERE {theirs}")
        sheet.notes.append(f"prices in {other} are taken as not available: expected {todo}")
        return
    if keep:
        (records,) = sheet.one(f"SELECT count(*) FROM typed WHERE {theirs}")
        sheet.notes.append(
            f"orders in {other}: {records}. {NO_RATE} {own}, so no sum holds them; expected {todo}"
        )
        return
    rejected.take_out(sheet, theirs, f"in {other}: {NO_RATE} {own}", "currency", todo)
