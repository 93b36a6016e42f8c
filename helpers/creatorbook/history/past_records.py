"""What is on record of this list's people from earlier campaigns, as far as it was known on the report's day.

A campaign never informs its own plan: only campaigns count that began before it and were settled by the day of the report.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.campaign.roster import person_named
from creatorbook.campaign.sizes import scheme_of, size_of
from creatorbook.memo import per_book_free_of
from creatorbook.stats.newton import exp

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days after which a result weighs half as much. Rates of one creator correlate about 0.95 over two months
#: (`roi.outlook.CARRY_OVER`); what one says of the other goes with the square of that, half in about a year
HALF_LIFE = 365
#: what a campaign for another product or in another market weighs of one like the next
OTHER_PRODUCT = OTHER_MARKET = 0.5


@per_book_free_of(MONEY_AND_CREDIT)
def past_records(book: Book) -> pd.DataFrame:
    """Rows of `creator_history.csv` on people of the list, oldest campaign first.

    Columns besides the file's:
        person: whom the row means on today's list, by name or handle.
        size: of their followers then, by the campaign's scheme.
        sure: orders but those in doubt; missing where no orders are on record.
        weight: half as much for each year since the campaign, and for another product or market.
        other_product, other_market: whether it was for one.
    """
    rows, campaign = known_records(book), book.campaign
    rows = rows[(rows.starts_on < pd.Timestamp(campaign.start)) & (rows.campaign != campaign.id)]
    scheme, markets = scheme_of(book), set(campaign.markets or [book.client.market])
    age = (pd.Timestamp(campaign.start) - pd.to_datetime(rows.ends_on)).dt.days.clip(lower=0).astype(float)
    other_product = [bool(another_product(one, campaign.brief.product)) for one in rows["product"]]
    other_market = [bool(one) and not markets & set(str(one).split()) for one in rows["markets"]]
    weight = exp(-math.log(2) * (age / HALF_LIFE).to_numpy())  # numpy's power differs by processor
    weight *= np.where(other_product, OTHER_PRODUCT, 1.0) * np.where(other_market, OTHER_MARKET, 1.0)
    accounts = zip(rows.followers, rows.platform, strict=True)
    return rows.assign(
        size=pd.Series([size_of(*one, scheme) for one in accounts], index=rows.index, dtype=object),
        sure=(rows.orders - rows.orders_in_doubt.fillna(0.0)).clip(lower=0.0),
        weight=weight,
        other_product=pd.Series(other_product, index=rows.index, dtype=bool),
        other_market=pd.Series(other_market, index=rows.index, dtype=bool),
    ).reset_index(drop=True)


@per_book_free_of(MONEY_AND_CREDIT)
def known_records(book: Book) -> pd.DataFrame:
    """All rows on people of the list that were written by the report's day, this campaign's among them, with `person`."""
    rows = book.history[book.history.written_on <= pd.Timestamp(book.as_of)]
    who = [person_named(book, row.creator) or person_named(book, row.handle) for row in rows.itertuples()]
    return rows.assign(person=pd.Series(who, index=rows.index, dtype=object)).dropna(subset="person")


def another_product(one: str, other: str) -> bool:
    """Whether two campaigns' products have no word in common; where either is not told, they are taken to be alike."""
    first, second = (set(re.findall(r"[^\W\d_]{4,}", text.casefold())) for text in (one, other))
    return bool(first and second and not first & second)


@per_book_free_of(MONEY_AND_CREDIT)
def campaigns_remembered(book: Book) -> list[str]:
    """Campaigns on record with orders of people of the list, oldest first."""
    rows = past_records(book)
    return list(dict.fromkeys(rows.campaign[rows.sure.notna()]))
