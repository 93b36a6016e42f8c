"""A discount code as everybody compares it, and the codes that a shop writes into one cell."""

from __future__ import annotations

import re
import unicodedata

#: what stands between two codes of one cell, after full-width signs are plain; a plus only with spaces beside it
_BETWEEN = re.compile(r"[,;|/、\n\r\t]| [+&] ")
#: a piece of a cell that names what it is, as coupon plugins write them: `code:lena10|amount:10.00`
_NAMED = re.compile(r"([A-Z_]+) ?: ?(.*)")
#: a piece between spaces that can only be a code: letters and digits in one word
_CODE_LIKE = re.compile(r"(?=.*\d)(?=.*[^\W\d])[\w-]+")


def code_of(text: str) -> str:
    """A code as it is compared: in capitals, no spaces around it, no invisible signs, full-width signs made plain."""
    return signs_of(text).strip()


def signs_of(text: str) -> str:
    """A text in which codes are looked for: in capitals, no invisible signs, full-width signs made plain."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf").upper()


def codes_in(cell: str) -> list[str]:
    """The codes of one cell of an order, each once, as they stand: `ALMA10, WELCOME5` holds two.

    Between them may stand a comma, a semicolon, a bar, a slash, a new line, or a plus or ampersand with spaces. Spaces
    alone divide only what can be nothing but codes (`ALMA10 WELCOME5`): the name of a sale is one text.
    """
    pieces = [" ".join(piece.split()) for piece in _BETWEEN.split(signs_of(cell))]
    named = [match.groups() for piece in pieces if (match := _NAMED.fullmatch(piece))]
    if any(name == "CODE" for name, _ in named):
        pieces = [value.strip() for name, value in named if name == "CODE"]
    words = [piece.split() if _only_codes(piece) else [piece] for piece in pieces]
    return list(dict.fromkeys(word for one in words for word in one if word))


def _only_codes(piece: str) -> bool:
    return all(_CODE_LIKE.fullmatch(word) for word in piece.split())
