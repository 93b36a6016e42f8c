"""What the columns of a file that nobody knows may be: each guess by its name, and checked by its cells.

A guess is offered for pasting into client.yml, and what is pasted moves money: so a column that two fields may mean,
or whose cells are of another kind, is left open and asked for. Columns that say who a buyer is are never offered.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from creatorbook.exports.columns import MOST, FileColumn, amount
from creatorbook.exports.layouts import CURRENCY, Layout, normal
from creatorbook.packs import pack, per_packs
from creatorbook.tables import TABLES, CanonicalTable
from creatorbook.text.account_links import read_link
from creatorbook.text.order_states import order_state_of

MOST_STATES = 20  #: different words of a column of states, at most
_CENT = 0.02  #: how far amounts may be off for rounding


#: what a name says besides what it is about: how tax stands to it, which currency it is in
_QUALIFIER = re.compile(
    r"\b(inc|incl|including|inkl|ex|excl|excluding|exkl|zzgl|with|without|ohne|mit|con|sin|avec|sans|before|after|vor|nach)"
    r"( of)? (tax|taxes|vat|gst|mwst|ust|steuer|steuern|tva|iva|impuestos?|moms|btw)\b|\b(ttc|ht|brutto|gross|toll)\b"
)

_OTHER_MONEY = (
    "tax taxes vat gst mwst ust steuer steuern tva iva impuesto impuestos imposto impostos moms btw podatek "
    "shipping delivery freight postage versand versandkosten livraison port envio frete spedizione verzending "
    "discount discounts rabatt remise reduction descuento desconto sconto korting coupon voucher gutschein "
    "refund refunds refunded returned erstattung erstattet rembourse remboursement reembolso rimborso "
    "fee fees commission provision profit margin goods tip tips duty duties weight quantity qty items units count "
    "sub subtotal zwischensumme sous subtotale subtotaal parcial credit gift points outstanding balance due formatted line lines item unit article artikel product"
)

#: words in a column's name that make it something else than a field
_NEVER: dict[str, str] = {
    "order_id": "orders bestellungen auftrage commandes pedidos ordini bestellingen transactions receipts house hausnummer street phone tel telefon zip plz postcode postal position pos line row rank zeile sku article artikel item "
    "product produkt customer kunde kunden kundennummer client cliente date datum fecha total amount status tracking user count quantity type",
    "ordered_at": "birth geburtsdatum birthday shipped ship shipping versand delivery delivered lieferung lieferdatum fulfilled refund refunded cancelled "
    "canceled returned updated modified geandert changed expires expiry due fallig validation click",
    "total": _OTHER_MONEY,
    "gross": "tax taxes vat shipping refund commission count items discount fee profit",
    "discount": "code codes percent rate id name type shipping coupon reason title method",
    "shipping": "address street zip plz postcode postal phone tel country city town ort land name company method date province state region status "
    "discount carrier tax tracking firma address1 address2 type class weight",
    "tax": "rate id number nummer no percent exempt name code class title subtotal shipping included country",
    "refunded": "date at on reason status id quantity qty items method shipping tax",
    "discount_code": "currency wahrung devise moneda postcode zip plz postal country land pays sku product produkt article artikel barcode ean tax phone vat order "
    "customer kunde language sprache status area qr payment state region province store item transaction tracking amount value betrag type title hs "
    "gift number count percent reference id",
    "currency": "rate exchange amount",
    "country": "phone dial calling name2 ip code2 tax",
    "region": "phone tel zip postcode code2 address name city",
    "postcode_area": "phone tel house name",
    "status": "code id date tracking shipping fulfillment fulfilment delivery customer kunde client cliente type method",
    "payment_status": "id date method methode method type art provider gateway fee code amount terms",
    "fulfilment_status": "id date method type art provider cost costs fee code amount address tracking",
    "cancelled_at": "reason by refund",
    "channel": "id group2 url",
    "sku": "quantity price count",
    "product": "id quantity price count type tax url image weight category number cost",
    "quantity": "price total available stock refund refunded returned",
    "price": "compare total tax shipping discount id",
    "followers": "neu neue neuer new nouveaux nouvelles nuevos novos nuovi nieuwe nowi nya nye following followings followed growth rate percent gain gained gains new lost quality fake real credible country gender female male age "
    "change diff difference er engagement engaged per id",
    "handle": "id number rank email mail phone count followers following bio url2 link2 status date platform verified",
    "creator": "id number count rank email mail phone followers url link handle date status tier manager agency agent",
    "fee": "id currency cpm cpe engagement percent platform type status date note notes follower followers likes view views paid unpaid",
    "link": "id bio photo picture image avatar profile post video",
    "post_url": "id count profile photo picture image avatar",
    "code": "id country zip postcode post currency language status qr area number",
    "place": "address street phone zip id",
    "post_id": "link url count time hours views watch duration date title likes comments rank number account",
    "permalink": "count click clicks id",
    "published_at": "updated expires export exported hour duration count",
    "views": "duration time average avg rate percent per watch full viewers profile",
    "reach": "rate percent per average avg cost",
    "likes": "rate percent per average avg dislikes dis cost",
    "comments": "rate percent per average avg cost data",
    "shares": "rate percent per average avg cost",
    "saves": "rate percent per average avg cost",
    "clicks": "rate percent per cost ctr",
    "impressions": "rate percent per cost ctr click",
    "spend": "rate percent per cap budget limit",
    "amount": "tax shipping refund fee rate percent id currency commission count type status",
    "commission": "rate percent id status type date group",
    "typical_likes": "total rate percent",
    "cost": "per click rate percent type",
    "value": "type kind id name currency",
    "answer": "id date",
}

#: fields that a column is never offered for on its name alone being alike: they move money, or join things
_EXACT_ONLY = {
    "test",
    "cancelled",
    "referrer",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "formats",
    "hours",
}


@dataclass
class Guess:
    """What the columns of a file may be, for one table.

    Attributes:
        columns: field → column.
        by_cells: fields of which no name tells the column, only its cells do.
        open: field → columns that may be it, where more than one may or none quite fits.
        total: what has to be said of the orders' totals: `lines` or `without tax`, as client.yml has it.
        strength: how far the needed fields are told, from 0 to 1.
    """

    columns: dict[str, FileColumn]
    by_cells: set[str] = field(default_factory=set)
    open: dict[str, tuple[FileColumn, ...]] = field(default_factory=dict)
    total: str = ""
    strength: float = 0.0


def guess_columns(layout: Layout, columns: Sequence[FileColumn], *, alike: bool = True) -> Guess:
    """The column for each field of a layout: by name where the cells fit, by cells alone where only one column can be it.

    Args:
        layout: a plain layout, of one canonical table.
        columns: those of the file.
        alike: whether names that are only spelt alike are tried, which takes long.
    """
    table = TABLES[layout.tables[0]]
    fields = (_FIELDS | {*table.names}) - {*_TOLD_BY_OWN}
    guess = Guess({})
    scores = [
        (score, -number, -column.at, name, column)
        for number, name in enumerate(name for name in layout.columns if name in fields)
        for column in columns
        if (score := _score(table, layout, name, column, alike=alike)) > 0
    ]
    best: dict[str, float] = {}
    for score, _, _, name, column in sorted(scores, key=lambda one: one[:3], reverse=True):
        if name in guess.columns or any(column is other for other in guess.columns.values()):
            if score == best.get(name) and not any(
                column is c for f, c in guess.columns.items() if f != name
            ):
                guess.open[name] = (*guess.open.get(name, ()), column)
            continue
        guess.columns[name], best[name] = column, score
    if layout.name == "creators":
        take_accounts(guess.columns, columns)
    _leave_open(guess)
    if layout.name == "orders":
        _hold_lines(guess)
    if layout.name in {"orders", "affiliate_orders"}:
        _hold_sums(guess)
    _by_cells(guess, table, columns)
    if layout.name == "orders" and "total" in guess.columns and _without_tax(guess.columns["total"]):
        guess.total = guess.total or "without tax"
    guess.strength = _strength(layout, guess)
    return guess


def may_be_meant(layout: Layout, names: Sequence[str]) -> dict[str, str]:
    """Field → the column whose name holds it, told from names alone: for a remark on what is missing."""
    columns = [FileColumn(at, name, ()) for at, name in enumerate(names) if name.strip()]
    meant: dict[str, str] = {}
    for name, aliases in layout.columns.items():
        likely = [c for c in columns if c.name not in meant.values() and not c.personal]
        score, _, best = max(
            ((named_alike(name, aliases, c, alike=False), -c.at, c.name) for c in likely), default=(0, 0, "")
        )
        if score >= 2:
            meant[name] = best
    return meant


def take_accounts(chosen: dict[str, FileColumn], columns: Sequence[FileColumn]) -> None:
    """Let the handle be the only column whose cells are accounts, where the column so called holds names of people."""
    named = chosen.get("handle")
    if named is None or not named.filled or named.accounts > _ACCOUNTS:
        return
    taken = [column.at for field, column in chosen.items() if field != "creator"]
    better = [c for c in columns if c.at not in taken and c.surely_accounts and not c.personal]
    if len(better) == 1:
        chosen["handle"] = better[0]
        if chosen.get("creator") in (None, better[0]):
            chosen["creator"] = named


_ACCOUNTS = 0.75  #: how far cells look like accounts that are some

#: fields that cells alone may tell, in tables that people really have under any names
_BY_CELLS = {
    "orders": ("order_id", "ordered_at", "total", "customer", "discount_code", "status"),
    "creators": ("handle", "platform", "followers"),
    "posts": ("handle", "platform", "published_at"),
    "affiliate_orders": ("order_id", "ordered_at", "handle"),
}

#: fields of an order's lines, as a file of orders may have them
_OF_LINES = ("quantity", "price", "product", "sku")
#: fields of layouts that are no columns of their tables
_FIELDS = {"status", "payment_status", "fulfilment_status", *_OF_LINES}
#: columns of tables that those tell
_TOLD_BY_OWN = {"order_state"}


def _leave_open(guess: Guess) -> None:
    """A field that two columns may be equally well is asked for, unless their cells are the same."""
    for name, others in list(guess.open.items()):
        chosen = guess.columns[name]
        different = tuple(one for one in others if one.cells != chosen.cells)
        if different and name in _MAY_NOT_BE_CONFUSED:
            guess.open[name] = (guess.columns.pop(name), *different)
        else:
            del guess.open[name]


_MAY_NOT_BE_CONFUSED = {
    "order_id", "ordered_at", "total", "tax", "shipping", "discount", "refunded", "discount_code", "gross", "amount",
    "commission", "handle", "followers", "fee", "spend", "post_id", "published_at", "date", "code",
}  # fmt: skip


def _score(table: CanonicalTable, layout: Layout, name: str, column: FileColumn, *, alike: bool) -> float:
    """How well a column fits a field: 0 if it cannot be it."""
    by_name = named_alike(name, layout.columns[name], column, alike=alike)
    if by_name <= 0 or not may_hold(table, name, column, sure=by_name >= 3):
        return 0
    if name == "total" and _without_tax(column):  # one with the tax goes first
        by_name -= _LESS_LIKELY
    return by_name + _likely(name, column)


#: what a column without tax counts less for a total
_LESS_LIKELY = 1.9
_WITHOUT_TAX = re.compile(
    r"\b(net|netto\w*|nett|nette|neto|neta|netta|n revenue|ht|imponibile|(ex|excl|excluding|exkl|before|without|ohne|vor|hors|sin|sem|senza|zonder|bez)"
    r"( of)? (tax|taxes|vat|gst|mwst|ust|steuer|tva|iva|impuestos?|impostos?|btw|moms))\b"
)


def _without_tax(column: FileColumn) -> bool:
    """Whether a column's name says that its amounts are without tax."""
    return bool(_WITHOUT_TAX.search(column.plain))


def named_alike(name: str, aliases: tuple[str, ...], column: FileColumn, *, alike: bool = True) -> float:
    """How well a column's name fits a field: the very name 4, less what it is in 3, a name that holds it 2, one alike 1."""
    more = _more_words().get(name, ())
    score = _named(name, aliases, more, column.plain)
    if score is None:
        return 1 if alike and _spelt_alike(_bare(column.plain), _words_of(name, aliases)) else 0
    return score


# the same names are asked of each header that a file may have, and of each layout twice
@lru_cache(maxsize=1 << 13)
def _named(name: str, aliases: tuple[str, ...], more: tuple[str, ...], plain: str) -> float | None:
    """How well a column's name fits a field by its words, 0 if it says that it is another; None if they tell nothing."""
    words = _words_of(name, aliases)
    if plain in words:
        return 4 - words.index(plain) / 1000
    bare = _bare(plain)
    if bare in words:
        return 3.5 - words.index(bare) / 1000
    if plain in more or bare in more:
        return 3
    if name in _EXACT_ONLY or _vetoed(name, bare):
        return 0
    return 2 if _held(name, aliases, more).search(bare) else None


def _spelt_alike(bare: str, words: Sequence[str]) -> bool:
    """Whether a name is spelt as one of the words but for a letter or two: 85 in 100 letters, in order, are common to both."""
    size, letters = len(bare), set(bare)
    near = [  # comparing takes long, and most words are of another length or have other letters
        word
        for word in words
        if 85 * (size + len(word)) <= 200 * min(size, len(word))
        and 200 * len(letters.difference(word)) <= 200 * size - 85 * (size + len(word))
    ]
    return bool(near and difflib.get_close_matches(bare, near, 1, 0.85))


#: words that say too little inside a longer name: an account name is no order name
_GENERIC = {
    "name",
    "number",
    "id",
    "no",
    "nr",
    "amount",
    "value",
    "link",
    "url",
    "page",
    "user",
    "size",
    "sum",
}


@lru_cache(maxsize=4096)
def _bare(plain: str) -> str:
    """A name without what it says of tax and currency."""
    return " ".join(re.sub(_QUALIFIER, " ", _without_currency(plain)).split())


@cache
def _held(name: str, aliases: tuple[str, ...], more: tuple[str, ...]) -> re.Pattern[str]:
    """What a longer name has as whole words if it may be a field: `Follower count (IG)` holds `follower count`."""
    words = {*_words_of(name, aliases), *more} - _GENERIC
    long = sorted((word for word in words if len(word) > 2), key=len, reverse=True)
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, long)) or '(?!)'})s?(?!\S)")


@cache
def _words_of(name: str, aliases: tuple[str, ...]) -> tuple[str, ...]:
    """What a field may be called, as names are compared."""
    return tuple(normal(alias.replace(CURRENCY, "")) for alias in (name, *aliases))


@per_packs
def _more_words() -> dict[str, tuple[str, ...]]:
    """Field → words that columns are called by in many languages: good enough to ask, not to recognise a file by."""
    lines = pack("column_words")["columns"].items()
    return {name: tuple(normal(word) for line in entry for word in line.split(",")) for name, entry in lines}


def _vetoed(name: str, bare: str) -> bool:
    """Whether a name says that a column is something else than a field."""
    return not _never(name).isdisjoint(bare.split())


@cache
def _never(name: str) -> frozenset[str]:
    return frozenset(_NEVER.get(name, "").split())


def _without_currency(plain: str) -> str:
    """A name without a currency's code; of all codes some are words (`all`, `top`), so only the usual ones."""
    return re.sub(
        r"\b(eur|usd|gbp|chf|sek|nok|dkk|pln|czk|huf|aud|cad|nzd|jpy|inr|brl|mxn|try|uah|rub|cny|krw)\b",
        " ",
        plain,
    )


def _likely(name: str, column: FileColumn) -> float:
    """A little more for the column whose cells look more like the field, where names say the same."""
    if name == "handle":
        return 3 * column.accounts
    return 0.5 if name in {"country", "region", "postcode_area"} and "shipping" in column.plain else 0.0


def may_hold(table: CanonicalTable, name: str, column: FileColumn, *, sure: bool = True) -> bool:
    """Whether a column's cells are of the kind that a field holds. A column without cells fits what its name says.

    Args:
        table: the field's table.
        name: the field.
        column: the column.
        sure: whether the name itself is no guess.
    """
    if name == "customer":
        return column.mails or (sure and not column.phones and "name" not in column.plain and column.keys)
    if column.personal and not (
        table.name == "creators" and name in {"creator", "handle"} and not column.mails
    ):
        return False
    if not column.filled:
        return sure
    if name == "order_id" and column.counts_up:  # the records numbered, unless the name says that orders are
        return bool(NAMES_ORDERS.search(column.plain))
    test = _TESTS.get(name) or _OF_KIND.get(table[name].kind if name in table.names else "text")
    return test(column) if test else True


#: words for orders in a column's name
NAMES_ORDERS = re.compile(
    r"order|bestell|auftrag|commande|pedido|ordine|bestelling|zamowieni|siparis|objednav|rendeles|invoice|rechnung|receipt|beleg|bon\b"
)


def _by_cells(guess: Guess, table: CanonicalTable, columns: Sequence[FileColumn]) -> None:
    """Fields of which no name tells the column; an amount is no total where the lines make it."""
    settled = {*guess.columns, *guess.open, *(["total"] if guess.total else [])}
    for name in _BY_CELLS.get(table.name, ()):
        if name in _FIELDS | {*table.names} and name not in settled:
            _one_by_cells(guess, name, table, columns)


def _one_by_cells(guess: Guess, name: str, table: CanonicalTable, columns: Sequence[FileColumn]) -> None:
    """The only column left whose cells can be the field; where several can, all of them are asked about."""
    test = _ALONE.get(name) or (_OF_KIND["date"] if table[name].kind in {"date", "moment"} else None)
    left = [column for column in columns if not any(column is other for other in guess.columns.values())]
    left = [column for column in left if column.filled and test and test(column)]
    left = [column for column in left if name == "customer" or not column.personal]
    left = [column for column in left if not _vetoed(name, column.plain)]
    if len(left) == 1:
        guess.columns[name] = left[0]
        guess.by_cells.add(name)
    elif left and name in table.required:
        guess.open[name] = tuple(left)


def _strength(layout: Layout, guess: Guess) -> float:
    """Share of what the layout needs, and a little for each further column."""
    answered = {*guess.columns, *(["total"] if guess.total else [])}
    met = sum(any(name in answered for name in need.split("|")) for need in layout.signature)
    half = sum(
        any(name in guess.open for name in need.split("|"))
        and not any(name in answered for name in need.split("|"))
        for need in layout.signature
    )
    unnamed = len(guess.by_cells) / 10
    return (met + half / 2 - unnamed) / max(len(layout.signature), 1) + len(guess.columns) / 10 - unnamed / 2


# --------------------------------------------------------------------------------- lines of orders


def _hold_lines(guess: Guess) -> None:
    """Whether the records are lines of orders without a total of the order: then the lines make it."""
    columns = guess.columns
    named = "quantity" in columns and ("product" in columns or "sku" in columns)
    order, total = columns.get("order_id"), columns.get("total")
    again = order is not None and len(set(order.filled)) < len(order.filled)
    differing = order is not None and total is not None and _differs_within(order, total)
    if named and (differing or (total is None and "price" in columns)):
        guess.total = "lines"
    elif not (named and again):
        for name in _OF_LINES:
            columns.pop(name, None)
            guess.open.pop(name, None)


def _differs_within(order: FileColumn, total: FileColumn) -> bool:
    """Whether records of one order have different amounts."""
    amounts: dict[str, set[str]] = {}
    for number, cell in zip(order.cells, total.cells, strict=True):
        if number and cell:
            amounts.setdefault(number, set()).add(cell)
    return any(len(cells) > 1 for cells in amounts.values())


# ---------------------------------------------------------------------------------- sums that tie


def _hold_sums(guess: Guess) -> None:
    """Amounts that cannot be what they are called are asked for: a part is not more than the total, and sums tie."""
    key = "total" if "total" in guess.columns else "amount"
    if key not in guess.columns:
        # the only amount by its name: it may well be the total
        if "gross" in guess.columns and not guess.total:
            guess.open["total"] = (*guess.open.get("total", ()), guess.columns.pop("gross"))
        return
    total = guess.columns[key]
    for part in ("tax", "shipping", "refunded", "commission"):
        if part in guess.columns and not _at_most(guess.columns[part], total):
            guess.open[part] = (guess.columns.pop(part),)
    without_discount = key == "total" and "gross" in guess.columns and "discount" not in guess.columns
    if without_discount and ("shipping" in guess.columns or "tax" in guess.columns):
        gross = guess.columns["gross"]
        if not _at_most(gross, total) and not _ties(total, guess):
            guess.open["total"] = (guess.columns.pop("total"), guess.columns.pop("gross"))


def _at_most(part: FileColumn, whole: FileColumn) -> bool:
    """Whether a part is not more than the whole, in nearly all records."""
    pairs = [(amount(a), amount(b)) for a, b in zip(part.cells, whole.cells, strict=True)]
    amounts = [(a, b) for a, b in pairs if a is not None and b is not None]
    return sum(abs(a) <= abs(b) + _CENT for a, b in amounts) >= 0.9 * len(amounts)


def _ties(total: FileColumn, guess: Guess) -> bool:
    """Whether goods, shipping, tax and discount make the total, with tax inside or on top, in most records."""
    cells = [guess.columns.get(name) for name in ("gross", "shipping", "tax", "discount")]
    hits = totals = 0
    for at, cell in enumerate(total.cells):
        whole = amount(cell)
        goods, shipping, tax, discount = ((amount(c.cells[at]) or 0) if c else 0 for c in cells)
        if whole is None:
            continue
        totals += 1
        sums = [goods + shipping - abs(d) + t for d in (0, discount) for t in (0, tax)]
        hits += any(abs(one - whole) <= _CENT for one in sums)
    return hits >= MOST * totals


# ------------------------------------------------------------------------------------ cells alone


def _an_order(column: FileColumn) -> bool:
    """Names of orders: a key with a digit in it; not the records numbered from 1."""
    return column.keys and not column.counts_up and any(re.search(r"\d", cell) for cell in column.filled)


def _an_order_name(column: FileColumn) -> bool:
    """What may be an order's name where the column is called so: it has a digit, and is no day, amount or link."""
    numbered = sum(any(sign.isdigit() for sign in cell) for cell in column.filled)
    others = column.days or column.decimals or column.links or column.mails or column.small_counts
    return numbered >= MOST * len(column.filled) and not others


def _a_code(column: FileColumn) -> bool:
    return column.codes and column.accounts < 1 and not _a_flag(column)


def _capitals(column: FileColumn) -> bool:
    """Codes by their cells alone: capitals and digits, and not on every record, for orders without one are the rule."""
    capitals = all(re.fullmatch(r"[A-Z][A-Z0-9_-]{3,20}", cell) for cell in column.filled)
    return (
        capitals
        and any(re.search(r"\d", c) for c in column.filled)
        and len(column.filled) < len(column.cells)
    )


def _a_flag(column: FileColumn) -> bool:
    return all(
        re.fullmatch(r"(true|false|yes|no|y|n|0|1|ja|nein|oui|non|si|sí)", c, re.I) for c in column.filled
    )


def _words(column: FileColumn) -> bool:
    return not (column.numbers or column.days or column.mails or column.phones or column.links)


def _a_country(column: FileColumn) -> bool:
    return _words(column) and not any(re.search(r"\d", cell) for cell in column.filled)


def _a_postcode(column: FileColumn) -> bool:
    short = all(len(cell) <= 10 for cell in column.filled)
    return short and not column.decimals and any(re.search(r"\d", cell) for cell in column.filled)


def _large_counts(column: FileColumn) -> bool:
    """Counts as followers are: whole, and mostly above some hundred."""
    counts = [amount(cell) or 0 for cell in column.filled]
    written = any(re.search(r"\d\s?[kKmM]\b", cell) for cell in column.filled)
    large = written or sum(count >= 500 for count in counts) >= MOST * len(counts)
    return column.numbers and (written or not column.decimals) and not column.counts_up and large


def _order_states(column: FileColumn) -> bool:
    """Whether its cells are states of orders, all known, and some of them a sale or undone."""
    words = list(dict.fromkeys(column.filled))
    if not _few_words(column) or len(words) > MOST_STATES:
        return False
    states = [order_state_of(word, words) for word in words]
    certain = [w for w, s in zip(words, states, strict=True) if s not in (None, "placed") and len(w) > 3]
    return None not in states and bool(certain)


def _few_words(column: FileColumn) -> bool:
    return _words(column) and len(set(column.filled)) <= max(3, len(column.filled) / 2)


def _an_account(column: FileColumn) -> bool:
    return column.accounts >= 0.35


def _a_post(column: FileColumn) -> bool:
    return column.keys and column.unique and not column.counts_up


def _a_name(column: FileColumn) -> bool:
    return _words(column) and not column.platforms


_OF_KIND: dict[str, Callable[[FileColumn], bool]] = {
    "date": lambda column: column.days,
    "moment": lambda column: column.days,
    "money": lambda column: column.numbers,
    "number": lambda column: column.numbers,
    "whole": lambda column: column.numbers,
    "rate": lambda column: column.numbers,
    "flag": _a_flag,
}
#: the kind of cells a field holds, where its table does not say it all
_TESTS: dict[str, Callable[[FileColumn], bool]] = {
    "order_id": _an_order_name,
    "post_id": _a_post,
    "handle": _an_account,
    "creator": _a_name,
    "platform": lambda column: column.platforms,
    "discount_code": _a_code,
    "code": _a_code,
    "currency": lambda column: column.currencies,
    "country": _a_country,
    "region": _a_country,
    "postcode_area": _a_postcode,
    "status": _few_words,
    "payment_status": _order_states,
    "fulfilment_status": _order_states,
    "quantity": lambda column: column.numbers,
    "price": lambda column: column.numbers,
    "permalink": lambda column: column.links,
    "post_url": lambda column: column.links,
    "link": lambda column: column.links and not column.posts and column.accounts < MOST,
    "sku": lambda column: not (column.days or column.decimals or column.links),
    "product": _words,
    **dict.fromkeys(
        ("text", "caption", "answer", "what", "query", "kind", "campaign", "reviewer", "dimension"),
        _words,
    ),
}
#: the same where no name says anything: only what is unmistakable
_ALONE: dict[str, Callable[[FileColumn], bool]] = {
    "order_id": lambda column: _an_order(column) and column.unique,
    "handle": lambda column: column.accounts > _ACCOUNTS,
    "platform": lambda column: column.platforms,
    "customer": lambda column: column.mails,
    "discount_code": _capitals,
    "total": lambda column: column.decimals,
    "status": _order_states,
    "amount": lambda column: column.decimals,
    "followers": _large_counts,
}


# -------------------------------------------------------------------------------------- platforms


def names_a_platform(rows: Sequence[Sequence[str]]) -> bool:
    """Whether every row holds a link that tells the platform: one that does answers for itself only."""
    return bool(rows) and all(any(_platform_in(cell) for cell in row) for row in rows)


def _platform_in(cell: str) -> str:
    """The platform that a link in a cell belongs to; empty if there is none."""
    link = read_link(cell) if "/" in cell else None
    return link.platform if link else ""


def platform_guess(*names: str) -> str:
    """The platform that a file's or a column's name holds; else the most common one."""
    match = re.search("tiktok|youtube|pinterest|facebook", " ".join(names).lower())
    return match[0] if match else "instagram"
