"""What a handle is, and whose it is: one normalisation and one rule for the person, for every room.

Links to a profile are the reader's job (`handle_of` in exports/parse.py, which ends as `plain_handle` does): a handle
that people type into a form, a campaign file or a command is cleaned here.
"""

from __future__ import annotations

import unicodedata

import pandas as pd

#: what stands before a handle and is not part of it, full width too
AT_SIGNS = "@＠"

#: signs that nobody sees and that come along when a name is copied: marks of direction, of width 0, soft hyphens
INVISIBLE = "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_UNSEEN = dict.fromkeys(map(ord, INVISIBLE))


def plain_handle(text: str) -> str:
    """A handle without space around it, @ and capitals; letters that can be written in two ways in their short form.

    Each capital becomes the one small letter that databases use too, whatever stands beside it.
    """
    bare = text.translate(_UNSEEN).strip().lstrip(AT_SIGNS).strip()
    if bare.isascii():
        return bare.lower()
    return unicodedata.normalize("NFC", "".join(sign.lower()[:1] for sign in bare))


def plain_handles(handles: pd.Series) -> pd.Series:
    """Every handle plain; missing ones stay missing."""
    return handles.map(plain_handle, na_action="ignore").astype("str")


def plain_name(text: str) -> str:
    """A person's name, or a handle, as it is compared: as `plain_handle` has it, with one space between words."""
    return plain_handle(" ".join(text.translate(_UNSEEN).split()))


def spelt_alike(names: pd.Series) -> pd.Series:
    """Names of people, each as it is spelt first: `mara  K ` further down is `Mara K`; missing ones stay missing."""
    first: dict[str, str] = {}

    def spelling(name: str) -> str:
        return first.setdefault(plain_name(name), " ".join(name.split()))

    return names.map(spelling, na_action="ignore").astype("str")


def as_last_written(names: pd.Series) -> pd.Series:
    """One spelling for each person, whatever case and spaces they were typed with; missing where none is given."""
    stripped = names.astype("string").str.strip()
    stripped = stripped.mask(stripped == "")
    same = stripped.map(plain_name, na_action="ignore")
    return same.map(stripped.groupby(same).last())


def persons(accounts: pd.DataFrame) -> pd.Series:
    """Who is behind each account: the `creator` of its row, else the handle stands for the person.

    Case and spaces make nobody a second person.
    """
    return spelt_alike(accounts["creator"]).fillna(accounts["handle"])
