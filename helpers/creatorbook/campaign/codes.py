"""Discount codes: readable, in capitals, and never two that could be taken for one another."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from itertools import count

from creatorbook.text.codes import code_of

SAFE = "ACDEFHJKMNPRTUWXY3479"
"""signs that cannot be mistaken for one another, in print or said aloud"""

LONGEST_NAME = 12

_LOOK_ALIKES = str.maketrans("OQDILSZBGV", "000115286U")


def skeleton(code: str) -> str:
    """What is left of a code when look-alikes are one sign: two codes with one skeleton can be mixed up.

    Capitals and small letters are the same; O, Q, D and 0 are one sign, so are I, L and 1, S and 5, Z and 2,
    B and 8, G and 6, U and V.
    """
    return re.sub(r"[^A-Z0-9]", "", code_of(code)).translate(_LOOK_ALIKES)


def name_part(handle: str, most: int = LONGEST_NAME) -> str:
    """The readable part of a code: the handle's letters in capitals, digits only where there are few letters."""
    plain = unicodedata.normalize("NFKD", handle).upper()
    signs = re.sub(r"[^A-Z0-9]", "", plain)
    letters = re.sub(r"[0-9]", "", signs)
    readable = (letters if len(letters) >= 3 else signs)[:most]
    return readable or _signs_from(handle, 6)


def code_for(handle: str, percent: float, pattern: str = "{handle}{percent}") -> str:
    """The code a handle would get, were it alone: `MARABLAU10`."""
    code = pattern.format(handle=name_part(handle), percent=f"{percent:g}".replace(".", ""))
    return re.sub(r"[^A-Z0-9_-]", "", code.upper())


def assign(
    handles: Mapping[str, str],
    taken: Iterable[str] = (),
    percent: float = 10,
    pattern: str = "{handle}{percent}",
) -> dict[str, str]:
    """A code for each creator, unlike each other and unlike all taken ones.

    Args:
        handles: creator → the handle their code is read from.
        taken: codes that exist already, in this campaign, others or the shop.
        percent: discount, named in the code.
        pattern: how codes look; `{handle}` and `{percent}` are filled in.
    """
    used = {skeleton(code) for code in taken}
    given: dict[str, str] = {}
    for creator in sorted(handles):
        code = _free(handles[creator], percent, pattern, used)
        used.add(skeleton(code))
        given[creator] = code
    return given


def draw_code(choose: Callable[[str], str], taken: Iterable[str] = (), length: int = 8) -> str:
    """An unguessable code, from a source of chance such as `secrets.choice`, unlike all taken ones."""
    used = {skeleton(code) for code in taken}
    while skeleton(code := "".join(choose(SAFE) for _ in range(length))) in used:
        pass
    return code


def _free(handle: str, percent: float, pattern: str, used: set[str]) -> str:
    """The first of a handle's codes nobody could mix up with a used one."""
    plain = code_for(handle, percent, pattern)
    if skeleton(plain) not in used:
        return plain
    name = name_part(handle)
    for attempt in count():
        ending = _signs_from(f"{handle}{attempt}", 2 + attempt // 20)
        code = code_for(name[: LONGEST_NAME - len(ending)] + ending, percent, pattern)
        if skeleton(code) not in used:
            return code
    raise AssertionError("endings never run out")


def _signs_from(text: str, length: int) -> str:
    """Letters that follow from a text: the same for the same text, whoever asks."""
    letters = [sign for sign in SAFE if sign.isalpha()]
    digest = hashlib.sha256(text.encode()).digest()
    return "".join(letters[byte % len(letters)] for byte in digest[:length])
