"""Where creators were found: the four places of `packs/goals.yml`, told apart by the words of the creators list."""

from __future__ import annotations

from typing import Any

import pandas as pd

from creatorbook.packs import pack

#: what a source reads that names none of the places
ELSEWHERE = "elsewhere"
#: where the list says nothing
NOT_SAID = "not said"


def places() -> list[dict[str, Any]]:
    """The places to look, in the order in which a source's words are compared with them."""
    return pack("goals")["found"]["places"]


def place_of(source: object) -> str:
    """The place a source names: `agency list` is a database or agency; `ELSEWHERE` for words nobody foresaw."""
    if pd.isna(source) or not str(source).strip():
        return NOT_SAID
    text = str(source).lower()
    for place in places():
        if any(word in text for word in place["words"]):
            return str(place["place"])
    return ELSEWHERE


def found_at(creators: pd.DataFrame) -> pd.Series:
    """The place each handle of a creators list was found at, by handle."""
    accounts = creators.drop_duplicates("handle").set_index("handle")
    return accounts.source.map(place_of)
