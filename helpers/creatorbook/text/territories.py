"""Countries as people write them: codes, names, and the few groups of countries that contracts name."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

EVERYWHERE = "everywhere"

_EU = re.findall(
    "[A-Z]{2}", "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
)
_GROUPS = {
    **dict.fromkeys(("worldwide", "world", "global", "everywhere", "all", "all countries"), (EVERYWHERE,)),
    **dict.fromkeys(("eu", "european union"), tuple(_EU)),
    "eea": (*_EU, "IS", "LI", "NO"),
    "dach": ("DE", "AT", "CH"),
    "benelux": ("BE", "NL", "LU"),
    "uk": ("GB",),
    "usa": ("US",),
}


#: codes people write for a country, and the one that is meant
MEANT = {"UK": "GB", "EN": "GB", "EL": "GR", "USA": "US"}

#: two-letter codes of the CLDR that are no country's in ISO 3166: groups, parts of countries, and those for tests
_UNREAL = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}


def is_country(code: str) -> bool:
    """Whether a two-letter code is a country's."""
    return re.fullmatch("[A-Z]{2}", code) is not None and code in _names()


def countries(text: str) -> set[str]:
    """The country codes a text names; `EVERYWHERE` alone for the whole world.

    Raises:
        ValueError: a part of the text is no country we know; the part is its argument.
    """
    codes: set[str] = set()
    for part in re.split(r"[,;/+&]|\band\b|\bund\b", text):
        name = part.strip().strip(".")
        if not name:
            continue
        group = _GROUPS.get(name.casefold())
        if group is not None:
            codes |= set(group)
        elif is_country(name.upper()):
            codes.add(name.upper())
        elif name.casefold() in _codes():
            codes.add(_codes()[name.casefold()])
        else:
            raise ValueError(name)
    return {EVERYWHERE} if EVERYWHERE in codes else codes


@cache
def _names() -> dict[str, str]:
    territories = Locale("en").territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code not in _UNREAL}


@cache
def _codes() -> dict[str, str]:
    """Country names, in English, German, French, Spanish and Italian, and the code of each."""
    real = _names()
    return {
        name.casefold(): code
        for language in ("it", "es", "fr", "de", "en")
        for code, name in Locale(language).territories.items()
        if code in real
    }
