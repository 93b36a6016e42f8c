"""What an order's own amounts say of one another: goods, discount, delivery and tax held against its total.

A file states more than one sum of an order: its lines, a subtotal, the total. They are put together in the ways in which
shops put them together, until they make the total to the cent; the first way that does so tells whether the tax is inside
the prices or on top, whether the subtotal is before or after the discount, and whether a discount was for the goods or
for the delivery. Where none does (an edited order, a missing line, a tip), what the file states as goods counts, else what
the total leaves; how many orders that are is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from creatorbook.exports import parse
from creatorbook.exports.reader import Sheet
from creatorbook.text.plain_english import how_many

#: what rounding of single lines may make of a sum
_CENTS = "0.02"

#: fields besides the total that say what an order came to
OTHER_SUMS = ("subtotal", "gross", "discount", "shipping", "tax", "line_price", "price")

#: columns of which each one that no order fills makes ways of adding up needless
_PARTS = ("subtotal", "gross", "discount", "tax")

#: orders looked at for how a shop adds up
_LOOKED_AT = 20_000

_MONEY = "CAST({} AS DECIMAL(18,2))"


def parts_filled(sheet: Sheet, rows: str) -> list[str]:
    """Those of `_PARTS` that some order of a query fills."""
    filled = sheet.one(f"SELECT {', '.join(f'count({part}) > 0' for part in _PARTS)} {rows}")
    return [part for part, some in zip(_PARTS, filled, strict=True) if some]


def sums_held(
    sheet: Sheet,
    rows: str,
    order: Sequence[int] = (),
    parts: Sequence[str] = _PARTS,
    *,
    told_inside: bool = False,
) -> str:
    """SQL: the rows of a query, with `gross`, `discount`, `shipping` and `taxes_included` as the order's sums say together.

    Args:
        sheet: what is read.
        rows: a query with `gross` (the basket before discount, where the file tells it), `subtotal`, `discount`,
            `shipping`, `tax` and `total`.
        order: the numbers of the ways in which they are tried, see `voted_ways`; else as the shop's own file has it.
        parts: the columns that some order fills, see `parts_filled`.
        told_inside: whether `taxes_included` already holds what a column of the file says.

    Returns:
        The query. Its column `_way` is the way that makes the total (0: none), `_off` what is missing to it.
    """
    ways = _ways(parts, own=not order)
    if order:
        ways = sorted(ways, key=lambda way: order.index(way.number))
    tried = _case([f"WHEN {way.when} AND {_makes(way)} THEN {way.number}" for way in ways], "0")
    own = "true" if sheet.options.prices_include_tax else "false"
    left = f"total - _s - {'0' if sheet.options.prices_include_tax else '_t'}"
    # what the file states as goods; without it the total decides, unless delivery is in it and nobody says how much
    more = f"NOT {str(sheet.has('shipping')).lower()} AND {left} > gross - _d"
    stated = f"coalesce(subtotal, CASE WHEN {more} THEN gross - _d END)"
    goods, off = _by_way(ways, "goods", f"coalesce({stated}, {left})"), _by_way(ways, "off", "_d")
    otherwise = f"CASE WHEN {stated} IS NULL THEN {own} END"
    flag = f"CASE WHEN _t > {_CENTS} THEN CASE WHEN _way > 0 THEN _way % 2 = 1 ELSE {otherwise} END END"
    if told_inside:
        flag = f"coalesce(taxes_included, {flag})"
    return (
        f"SELECT * EXCLUDE (subtotal, _d, _s, _t) REPLACE ({_MONEY.format(f'{goods} + {off}')} AS gross, "
        f"CASE WHEN discount IS NOT NULL THEN {_MONEY.format(off)} END AS discount, CASE WHEN shipping IS NOT NULL "
        f"THEN {_MONEY.format(_by_way(ways, 'sent', '_s'))} END AS shipping, {flag} AS taxes_included), "
        f"CASE WHEN _way = 0 AND coalesce(subtotal, gross) IS NOT NULL AND total IS NOT NULL "
        f"THEN {_MONEY.format('total - _s - coalesce(subtotal, gross - _d)')} END AS _off "
        f"FROM (SELECT *, {tried} AS _way FROM ({_begun(rows)}))"
    )


@dataclass(frozen=True)
class _Way:
    """One way in which a shop puts an order's amounts together, as SQL.

    Attributes:
        number: odd where the tax is inside the prices.
        total: what must be the order's total.
        goods, off, sent: goods after discount, the discount on them, delivery paid.
        when: which orders it can be told of.
    """

    number: int
    total: str
    goods: str
    off: str
    sent: str
    when: str


def _ways(parts: Sequence[str], *, own: bool) -> list[_Way]:
    """The ways that amounts can be put together in, in the order in which they are believed.

    Args:
        parts: the columns that some order fills: a way that another one is needed for is none.
        own: whether the file is a shop's whose subtotal is known to be after the discount; then a discount may have taken
            off a part of the delivery. Else only one that is all of it is believed to be the delivery's.
    """
    free = "_s >= _d" if own else f"abs(_s - _d) <= {_CENTS}"
    # a discount that the lines do not show was for the delivery
    on_goods = f"CASE WHEN _d > 0 AND abs(gross - subtotal) <= {_CENTS} THEN 0 ELSE _d END"
    forms = [
        ({"subtotal"}, "subtotal", on_goods, "_s", "true"),
        ({"subtotal", "discount"}, "subtotal", "0", "_s - _d", f"_d > 0 AND {free}"),
        ({"subtotal", "discount"}, "subtotal - _d", "_d", "_s", "_d > 0"),
        ({"gross"}, "gross - _d", "_d", "_s", "true"),
        ({"gross", "discount"}, "gross", "0", "_s", "_d > 0"),
    ]
    return [
        _Way(2 * place + added, f"({goods} + {sent} + {tax})", goods, off, sent, when)
        for place, (needed, goods, off, sent, when) in enumerate(forms)
        for added, tax in ((1, "0"), (2, "_t"))
        if needed <= {*parts} and (tax == "0" or "tax" in parts)
    ]


def voted_ways(sheet: Sheet, rows: str, parts: Sequence[str]) -> list[int]:
    """The numbers of the ways, those first that make the total of most orders of the file; of equal ones what client.yml says.

    Where a code takes as much off as the tax adds, one order alone does not tell them apart; its neighbours do.
    """
    ways = _ways(parts, own=False)
    if not ways:
        return []
    # an order without a discount speaks for every way that would have made its total with one
    counted = (f"{_makes(way)} AND (_d = 0 OR {way.when})" for way in ways)
    counts = sheet.one(
        f"SELECT {', '.join(f'count(*) FILTER (WHERE {one})' for one in counted)} FROM ({_begun(f'{rows} LIMIT {_LOOKED_AT}')})"
    )
    usual = 1 if sheet.options.prices_include_tax else 0
    ranked = sorted(zip(ways, counts, strict=True), key=lambda one: (-one[1], one[0].number % 2 != usual))
    return [way.number for way, _ in ranked]


def add_tax(sheet: Sheet) -> None:
    """Let totals that client.yml calls `without tax` be what was paid: with their own tax, else the buyer's country's.

    Delivery is without tax as well, and taxed as the goods are.

    Then `taxes_included` is true and `subtotal` the goods with their tax, so that what is taken out again later is what was
    put in here, whatever client.yml says of prices.
    """
    rates = sheet.options.tax_rates
    cases = " ".join(f"WHEN {parse.text(code)} THEN {rate!r}" for code, rate in sorted(rates.items()) if code)
    home = repr(rates.get("", 0.0))
    rate = f"CASE country {cases} ELSE {home} END" if cases else home
    goods = f"({_MONEY.format('total')} + coalesce(tax, {_MONEY.format(f'total * ({rate})')}))"
    times = f"({goods} / nullif(total, 0))"
    delivery = _MONEY.format(f"shipping * {times}")
    sheet.connection.execute(
        f"UPDATE typed SET taxes_included = true, subtotal = {goods}, shipping = {delivery}, total = {goods} + "
        f"coalesce({delivery}, 0), tax = tax + coalesce({delivery} - shipping, 0)"
    )
    added = "their own tax" if sheet.has("tax") else "the tax rate in client.yml"
    sheet.notes.append(
        f"{sheet.header_of('total')}: without tax, as client.yml says; {added} was added to it"
    )


def _makes(way: _Way) -> str:
    return f"abs({way.total} - total) <= {_CENTS}"


def makes_total(basket: str) -> str:
    """SQL over orders: whether a basket, with discount, delivery and tax in any way, is what was paid."""
    ways = [
        f"abs({basket} - {off} + coalesce(shipping, 0) + {tax} - total) <= {_CENTS}"
        for off in ("abs(coalesce(discount, 0))", "0")
        for tax in ("0", "coalesce(tax, 0)")
    ]
    return f"({' OR '.join(ways)})"


def _begun(rows: str) -> str:
    return f"SELECT *, coalesce(discount, 0) AS _d, coalesce(shipping, 0) AS _s, coalesce(tax, 0) AS _t FROM ({rows})"


def _by_way(ways: Sequence[_Way], part: str, otherwise: str) -> str:
    numbers: dict[str, list[str]] = {}  # each amount once: planning takes longer than a small file
    for way in ways:
        numbers.setdefault(getattr(way, part), []).append(str(way.number))
    return _case(
        [f"WHEN _way IN ({', '.join(of)}) THEN {amount}" for amount, of in numbers.items()], otherwise
    )


def _case(whens: Sequence[str], otherwise: str) -> str:
    return f"CASE {' '.join(whens)} ELSE {otherwise} END" if whens else otherwise


def tell_sums(sheet: Sheet, rows: str) -> None:
    """On the receipt: how many orders' sums do not make their total, and where the file contradicts client.yml on tax."""
    own = sheet.options.prices_include_tax
    differing, most, against, taxed = sheet.one(
        f"SELECT count(_off), max(abs(_off)), count(*) FILTER (WHERE _way > 0 AND taxes_included <> {own}), "
        f"count(*) FILTER (WHERE _way > 0 AND taxes_included IS NOT NULL) FROM {rows}"
    )
    if differing:
        sheet.notes.append(
            f"orders whose goods, delivery and tax do not make their total: {differing} (by {most} at most): edited orders, "
            "tips, a marketplace's own tax, or delivery and lines that the file does not tell; what the file states as goods counts, else what the total leaves"
        )
    if against:
        inside, client_says = ("added to", "true") if own else ("inside", "false")
        sheet.notes.append(
            f"tax is {inside} the prices in {against} of {how_many(taxed, 'order')} with tax, as their sums show, though client.yml says "
            f"prices_include_tax: {client_says}: each of these orders is read as its own sums show"
        )
