"""What a creator gets: the one reading of the creators list for labels, sheets, pay and gifts."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from creatorbook.findings.messages import Wording, say

#: how we know of the benefit, where no file says anything
TAKEN_AS_A_FEE = say("not listed: taken as a fee")

#: How people write a benefit → its key in `packs/disclosure.yml`.
_BENEFITS = {
    "fee": ("fee", "paid", "honorar"),
    "gift": ("gift", "gifted", "seeding", "product", "barter"),
    "loan": ("loan", "lent"),
    "discount": ("discount",),
    "commission": ("commission", "affiliate"),
    "experience": ("experience", "trip", "event"),
    "prize": ("prize", "giveaway"),
    "employment": ("employment", "employee", "family"),
    "own_brand": ("own brand", "own_brand"),
    "relationship": ("relationship", "ambassador"),
    "none": ("none", "no benefit"),
}
#: words that say what somebody does not get; they name no benefit
_DENIED = re.compile(
    r"\b(?:unpaid|not paid|unbezahlt|(?:no|without|ohne|kein) (?:fee|pay|payment|honorar|gift|product))\b"
)


def listed_benefit(row: Any) -> str | None:
    """What the list's own words say a creator gets; `None` where they say nothing, or only what it is not."""
    cell = row.get("benefit")
    text = _DENIED.sub(" ", str(cell).lower()) if pd.notna(cell) else ""
    return next((key for key, words in _BENEFITS.items() if any(word in text for word in words)), None)


def benefit_of(row: Any) -> tuple[str, Wording]:
    """What a creator gets, and how we know: as listed, from fee, gift or commission, or assumed a fee.

    “Unpaid” alone denies the fee: a gift or commission beside it counts, else there is no benefit.
    """
    if (listed := listed_benefit(row)) is not None:
        return listed, say("as listed")
    denied = pd.notna(row.get("benefit")) and _DENIED.search(str(row["benefit"]).lower()) is not None
    for key, column, source in (
        ("fee", "fee", say("from fee")),
        ("gift", "gift_cost", say("from gift cost")),
        ("gift", "gift_retail", say("from gift retail")),
        ("commission", "commission_rate", say("from commission rate")),
    ):
        if pd.notna(row.get(column)) and row[column] > 0:
            return key, source
    if denied:
        return "none", say("as listed")
    if pd.notna(row.get("fee")):
        return "gift", say("no fee listed: taken as a gift")
    return "fee", TAKEN_AS_A_FEE
