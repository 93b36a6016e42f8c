"""What the client's own past campaigns showed, and how it moves what is published elsewhere.

Only campaigns that are closed in the ledger count, that began before this one and were closed by the day of the
report: a campaign never informs its own forecast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.client import Range
from creatorbook.memo import per_book
from creatorbook.stats.forecast import Seen, Uncertain, learned
from creatorbook.text.plain_english import how_many

if TYPE_CHECKING:
    from creatorbook.book import Book

#: past campaigns from which an input counts as the client's own rather than assumed
ENOUGH_CAMPAIGNS = 3
#: inputs that are shares of something and never above 1
SHARES = {"click_rate", "conversion_rate", "gifted_post_rate", "response_rate"}


@per_book
def past_outcomes(book: Book) -> pd.DataFrame:
    """Outcomes in the ledger of campaigns before this one: campaign, figure, value, n; oldest first."""
    ledger = book.ledger
    if ledger.empty:
        return pd.DataFrame(columns=["campaign", "figure", "value", "n"])
    before = ledger.starts_on < pd.Timestamp(book.campaign.start)
    written = ledger.written_on <= pd.Timestamp(book.as_of)
    others = ledger.campaign != book.campaign.id
    outcomes = ledger[(ledger.act == "outcome") & before & written & others]
    return outcomes.sort_values(["starts_on", "campaign"], kind="stable")[
        ["campaign", "figure", "value", "n"]
    ]


def seen_before(book: Book, figure: str) -> list[Seen]:
    """What past campaigns showed of one input."""
    return _seen(book).get(figure, [])


@per_book
def _seen(book: Book) -> dict[str, list[Seen]]:
    """What past campaigns showed of each input."""
    by_figure: dict[str, list[Seen]] = {}
    for row in past_outcomes(book).itertuples():
        if row.value > 0:
            by_figure.setdefault(row.figure, []).append(Seen(row.value, 0.0 if pd.isna(row.n) else row.n))
    return by_figure


def moved(book: Book, figure: str, published: Range) -> Range:
    """A published range, moved towards what past campaigns showed; as it is where there are none."""
    past = seen_before(book, figure)
    if not past:
        return published
    most = 1.0 if figure in SHARES else float("inf")
    posterior = learned(Uncertain(published.low, published.likely, published.high, most=most), past)
    source = f"{how_many(len(past), 'own past campaign')} (ledger.csv), adjusted towards: {published.source}"
    return Range(low=posterior.low, likely=posterior.likely, high=posterior.high, source=source)


def is_own(book: Book, figure: str) -> bool:
    """Whether enough past campaigns stand behind an input to call it the client's own."""
    return len(seen_before(book, figure)) >= ENOUGH_CAMPAIGNS
