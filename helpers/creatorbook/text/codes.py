"""A discount code as everybody compares it, and the codes that a shop writes into one cell."""

from __future__ import annotations

import re
import unicodedata

#: what stands between two codes of one cell, after full-width signs are plain; a plus only with spaces beside it
_BETWEEN = re.compile(r"[,;|/、\n\r\t]| [+&] ")
#: a piece of a cell that names what it is, as coupon plugins write them: `code:lena10|amount:10.00`
_NAMED = re.compile(r"([A-Z_]+(?: [A-Z_]+)?) ?[:=] ?(.*)")
#: what a piece that holds a code may be named
_NAMES = {
    *("CODE", "COUPON", "COUPON CODE", "COUPON_CODE", "DISCOUNT CODE", "DISCOUNT_CODE", "PROMO", "PROMO CODE", "PROMOCODE"),
    *("VOUCHER", "VOUCHER CODE", "GUTSCHEIN", "GUTSCHEINCODE", "RABATTCODE", "AKTIONSCODE", "CODE PROMO", "BON", "CODIGO"),
    *("CÓDIGO", "CUPÓN", "CUPON", "CUPOM", "CODICE", "BUONO", "KORTINGSCODE", "RABATTKOD", "RABATKODE", "KOD", "KUPON", "KUPÓN"),
}  # fmt: skip
#: what may be named beside a code, and is none
_NO_CODES = {
    *("AMOUNT", "DESCRIPTION", "ID", "TYPE", "DISCOUNT", "DISCOUNT_TAX", "DISCOUNT_AMOUNT", "DISCOUNT AMOUNT", "VALUE"),
    *("TAX", "QUANTITY", "QTY", "TITLE", "TARGET", "TOTAL", "META", "META_DATA", "NAME", "BETRAG", "MONTANT", "IMPORTE"),
}  # fmt: skip
#: an amount or a share, with its currency or without
_AMOUNT = r"[-–+]? ?(?:[€$£¥] ?)?[-–]?\d[\d.,\u00a0]*(?: ?(?:%|[€$£¥]|[A-Z]{3}))?"
#: what is written behind a code: what it took off
_TAKEN_OFF = re.compile(rf" ?(?:\({_AMOUNT}\)|\[{_AMOUNT}\]|(?: -| –|[:=]) ?{_AMOUNT})$")
_BRACKETED = re.compile(rf" ?[(\[]{_AMOUNT}[)\]]")
_WITH_COMMA = re.compile(r"(?<!CODE)[:=] ?[-–+]?\d[\d.]*,\d\d(?!\d)(?: ?(?:[€$£¥]|[A-Z]{3}\b))?")
#: what is written before one: how often
_TIMES = re.compile(r"^\d+ ?[X×] (?=\S)")
#: the codes of a cell that is a list of objects, as shops' interfaces give them
_IN_OBJECTS = re.compile(r'"(?:COUPON_?)?CODE"\s*:\s*"([^"]*)"')
#: a piece between spaces that can only be a code: letters and digits in one word
_CODE_LIKE = re.compile(r"(?=.*\d)(?=.*[^\W\d])[\w-]+")


def code_of(text: str) -> str:
    """A code as it is compared: in capitals, no spaces around it, no invisible signs, full-width signs made plain."""
    return signs_of(text).strip()


def signs_of(text: str) -> str:
    """A text in which codes are looked for: in capitals, no invisible signs, full-width signs made plain."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():  # in every caption this is asked of, so each sign is looked up once
        plain = plain.translate({ord(sign): "" for sign in set(plain) if unicodedata.category(sign) == "Cf"})
    return plain.upper()


def codes_in(cell: str) -> list[str]:
    """The codes of one cell of an order, each once, as they stand: `ALMA10, WELCOME5` holds two.

    Between them may stand a comma, a semicolon, a bar, a slash, a new line, or a plus or ampersand with spaces. Spaces
    alone divide only what can be nothing but codes (`ALMA10 WELCOME5`): the name of a sale is one text.
    """
    plain = signs_of(cell)
    if plain.lstrip().startswith(("[", "{")) and (named := _IN_OBJECTS.findall(plain)):
        return list(dict.fromkeys(filter(None, map(str.strip, named))))
    pieces = [_bare(piece) for piece in _BETWEEN.split(_without_amounts(plain))]
    labelled = [(match[1], match[2].strip()) for piece in pieces if (match := _NAMED.fullmatch(piece))]
    if any(name in _NAMES for name, _ in labelled):
        pieces = [_bare(value) for name, value in labelled if name in _NAMES]
    elif labelled:
        pieces = [piece for piece in pieces if not _named_otherwise(piece)]
    words = [piece.split() if _only_codes(piece) else [piece] for piece in pieces]
    return list(dict.fromkeys(word for one in words for word in one if word))


def _without_amounts(cell: str) -> str:
    """A cell without the amounts behind its codes, in brackets or with a comma: such a comma stands between no codes."""
    return _BRACKETED.sub("", _WITH_COMMA.sub("", cell))


def _bare(piece: str) -> str:
    """A piece without what is written around its code: how often it was used, and what it took off."""
    one = _TIMES.sub("", " ".join(piece.split()))
    return _TAKEN_OFF.sub("", one).strip()


def _named_otherwise(piece: str) -> bool:
    match = _NAMED.fullmatch(piece)
    return match is not None and match[1] in _NO_CODES


def _only_codes(piece: str) -> bool:
    return all(_CODE_LIKE.fullmatch(word) for word in piece.split())
