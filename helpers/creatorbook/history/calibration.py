"""How this client's approved forecasts did by kind, and how much wider or narrower the next ranges should be for it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.findings import Text, say
from creatorbook.history.course import course
from creatorbook.memo import per_book
from creatorbook.stats.forecast import calibrated_spread
from creatorbook.stats.intervals import NINETY

if TYPE_CHECKING:
    from creatorbook.book import Book

#: kind of forecast → its words and the figures that tell of it, best first: figures of one campaign hang together
KINDS: dict[str, tuple[Text, tuple[str, ...]]] = {
    "orders": (say("orders"), ("orders", "kept_sales")),
    "profit": (say("profit"), ("profit",)),
    "reach": (say("reach"), ("views", "clicks", "answers")),
    "price": (say("cost for each view or piece"), ("cost_per_thousand", "cost_per_piece")),
}
_PAIRS = ["campaign", "figure", "value", "in50", "in90", "place"]


@per_book
def checked_forecasts(book: Book) -> pd.DataFrame:
    """Forecasts beside what came, of other campaigns closed by the day of the report that ran as approved.

    A figure without a range, such as the cost, is no forecast. Where another campaign ran than was approved, its
    forecast is neither held nor missed (see `history.course`).

    Columns: campaign, figure, value, in50, in90, place (where it came within its range: 0 the likely value, ±1.645 the ends).
    """
    ledger = book.ledger
    if ledger.empty:
        return pd.DataFrame(columns=_PAIRS)
    entries = ledger[(ledger.campaign != book.campaign.id) & (ledger.written_on <= pd.Timestamp(book.as_of))]
    forecasts, outcomes = (entries[entries.act == act] for act in ("forecast", "outcome"))
    outcomes = outcomes[["campaign", "figure", "value"]]
    pairs = forecasts.drop(columns="value").merge(outcomes, on=["campaign", "figure"])
    pairs = pairs[(pairs.low90 < pairs.high90) & pairs.campaign.isin(_as_approved(entries))]
    pairs["in50"] = pairs.value.between(pairs.low50, pairs.high50)
    pairs["in90"] = pairs.value.between(pairs.low90, pairs.high90)
    pairs["place"] = [_place(row) for row in pairs.itertuples()]
    return pairs[_PAIRS].reset_index(drop=True)


def _as_approved(entries: pd.DataFrame) -> list[str]:
    """Campaigns of the ledger that ran as approved, as far as it tells."""
    came = entries[entries.act == "outcome"].groupby("campaign", sort=True)
    results = {campaign: rows.set_index("figure").value.to_dict() for campaign, rows in came}
    return [
        campaign for campaign, values in results.items() if not course(entries, campaign, values).otherwise
    ]


def _place(row: Any) -> float:
    """Where a value came within its 90 % range, in standard normal units; on a log scale where all of it is above 0."""
    ends = (row.low90, row.likely, row.high90, row.value)
    low, likely, high, value = map(math.log, ends) if min(ends) > 0 else ends
    half = high - likely if value >= likely else likely - low
    return NINETY * (value - likely) / half if half > 0 else 0.0


def forecasts_by_kind(book: Book) -> pd.DataFrame:
    """The same with one figure for each kind and campaign, and the column `kind`."""
    pairs = checked_forecasts(book)
    rows = []
    for kind, (_, figures) in KINDS.items():
        rank = {name: place for place, name in enumerate(figures)}
        own = pairs[pairs.figure.isin(figures)]
        own = own.assign(kind=kind, rank=own.figure.map(rank)).sort_values(
            ["campaign", "rank"], kind="stable"
        )
        rows.append(own.drop_duplicates("campaign"))
    return pd.concat(rows, ignore_index=True)


def spread_factor(book: Book, kind: str) -> float:
    """How many times as wide the next ranges of a kind are made: 1 before anything was checked, above 1 after too bold ones."""
    pairs = forecasts_by_kind(book)
    return calibrated_spread(pairs.place[pairs.kind == kind].tolist())
