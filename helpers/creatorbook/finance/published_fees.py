"""Published fees as a price model: what is asked for a piece by accounts of a size, as it was published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from creatorbook.packs import pack
from creatorbook.plugins import PriceModel, PriceRange


def published_price(account: Mapping[str, Any]) -> PriceRange | None:
    """The range of `packs/fees.yml` for a piece of an account of this size on its platform; `None` without one."""
    followers = account["followers"]
    if pd.isna(followers):
        return None
    for row in pack("fees")["posts"]:
        if row["platform"] == account["platform"] and row["from"] <= followers < row["below"]:
            return PriceRange(
                row["low"], row["high"], row["currency"], f"{row['date']}, evidence {row['evidence']}"
            )
    return None


PUBLISHED_FEES = PriceModel("published_fees", published_price)
