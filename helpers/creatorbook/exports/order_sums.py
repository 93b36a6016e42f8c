"""What an order's own amounts say of one another: goods, discount, delivery and tax held against its total.

A file states more than one sum of an order: its lines, a subtotal, the total. They are put together in the ways in which
shops put them together, until they make the total to the cent; the first way that does so tells whether the tax is inside
the prices or on top, whether the subtotal is before or after the discount, and whether a discount was for the goods or
for the delivery. Where none does (an edited order, a missing line, a tip), what the file states as goods counts, else what
the total leaves; how many orders that are is told.
"""

from __future__ import annotations

from creatorbook.exports.reader import Sheet

#: what rounding of single lines may make of a sum
_CENTS = "0.02"

_MONEY = "CAST({} AS DECIMAL(18,2))"


def held(sheet: Sheet, rows: str, *, told_inside: bool = False) -> str:
    """SQL: the rows of a query, with `gross`, `discount`, `shipping` and `taxes_included` as the order's sums say together.

    Args:
        sheet: what is read.
        rows: a query with `gross` (the basket before discount, where the file tells it), `subtotal`, `discount`,
            `shipping`, `tax` and `total`.
        told_inside: whether `taxes_included` already holds what a column of the file says.

    Returns:
        The query. Its column `_way` is the way that makes the total (0: none), `_off` what is missing to it.
    """
    ways = _ways()
    tried = " ".join(f"WHEN abs({sum_} - total) <= {_CENTS} THEN {number}" for number, sum_, _, _, _ in ways)
    on_top = "0" if sheet.options.prices_include_tax else "_t"
    left = f"total - _s - {on_top}"
    # what the file states as goods; without it the total decides, unless delivery is in it and nobody says how much
    stated = f"coalesce(subtotal, CASE WHEN gross IS NOT NULL AND {_no_delivery(sheet)} AND {left} > gross - _d THEN gross - _d END)"
    goods = _by_way(ways, 2, f"coalesce({stated}, {left})")
    off = _by_way(ways, 3, "_d")
    sent = _by_way(ways, 4, "_s")
    inside = " ".join(f"WHEN {number} THEN {'true' if number % 2 else 'false'}" for number, *_ in ways)
    own = "true" if sheet.options.prices_include_tax else "false"
    from_total = f"CASE WHEN {stated} IS NULL AND _t > {_CENTS} THEN {own} END"
    flag = f"CASE WHEN _t <= {_CENTS} THEN NULL ELSE CASE _way {inside} ELSE {from_total} END END"
    if told_inside:
        flag = f"coalesce(taxes_included, {flag})"
    begun = f"SELECT *, coalesce(discount, 0) AS _d, coalesce(shipping, 0) AS _s, coalesce(tax, 0) AS _t FROM ({rows})"
    return (
        f"SELECT * EXCLUDE (subtotal, _d, _s, _t) REPLACE ({_MONEY.format(f'{goods} + {off}')} AS gross, "
        f"CASE WHEN discount IS NOT NULL THEN {_MONEY.format(off)} END AS discount, "
        f"CASE WHEN shipping IS NOT NULL THEN {_MONEY.format(sent)} END AS shipping, {flag} AS taxes_included), "
        f"CASE WHEN _way = 0 AND coalesce(subtotal, gross) IS NOT NULL AND total IS NOT NULL "
        f"THEN {_MONEY.format('total - _s - coalesce(subtotal, gross - _d)')} END AS _off "
        f"FROM (SELECT *, CASE {tried} ELSE 0 END AS _way FROM ({begun}))"
    )


def _ways() -> list[tuple[int, str, str, str, str]]:
    """Number (odd: tax inside), the sum that must be the total, goods after discount, discount on goods, delivery paid.

    In the order in which they are believed.
    """
    free = "_d > 0 AND _s >= _d"
    # a discount that the lines do not show was for the delivery
    on_goods = f"CASE WHEN _d > 0 AND abs(gross - subtotal) <= {_CENTS} THEN 0 ELSE _d END"
    forms = [
        ("subtotal", on_goods, "_s", ""),
        ("subtotal", "0", "_s - _d", free),
        ("subtotal - _d", "_d", "_s", "_d > 0"),
        ("gross - _d", "_d", "_s", ""),
        ("gross", "0", "_s", "_d > 0"),
    ]
    ways = []
    for place, (goods, off, sent, when) in enumerate(forms):
        for tax, number in (("0", 2 * place + 1), ("_t", 2 * place + 2)):
            made = f"({goods} + {sent} + {tax})"
            ways.append((number, f"CASE WHEN {when} THEN {made} END" if when else made, goods, off, sent))
    return ways


def _by_way(ways: list[tuple[int, str, str, str, str]], part: int, otherwise: str) -> str:
    cases = " ".join(f"WHEN {way[0]} THEN {way[part]}" for way in ways)
    return f"CASE _way {cases} ELSE {otherwise} END"


def _no_delivery(sheet: Sheet) -> str:
    return "false" if sheet.has("shipping") else "true"


def tell_sums(sheet: Sheet, rows: str) -> None:
    """On the receipt: how many orders' sums do not make their total, and where the file contradicts client.yml on tax."""
    own = sheet.options.prices_include_tax
    differing, most, against, told = sheet.one(
        f"SELECT count(_off), max(abs(_off)), count(*) FILTER (WHERE _way > 0 AND taxes_included <> {own}), "
        f"count(*) FILTER (WHERE _way > 0 AND taxes_included IS NOT NULL) FROM {rows}"
    )
    if differing:
        sheet.notes.append(
            f"orders whose goods, delivery and tax do not make their total: {differing} (by {most} at most): edited orders, "
            "tips, or delivery and lines that the file does not tell; what the file states as goods counts, else what the total leaves"
        )
    if against:
        inside, said = ("on top of", "true") if own else ("inside", "false")
        sheet.notes.append(
            f"tax is {inside} the prices in {against} of {told} orders, as their sums show, though client.yml says "
            f"prices_include_tax: {said}: the file counts, order by order"
        )
