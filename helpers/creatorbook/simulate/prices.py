"""What creators ask for, what they would accept, and how they answer an offer.

The fee somebody asks in their first campaign follows from their size (`people`). From one campaign to the next

    log(next fee) = log(fee) + price_answers × log((drawn orders + ½) ÷ (usual orders + ½)) + price_noise × chance

where usual orders are those that size and engagement alone would bring. Who did not post has no result that a fee
could answer. Fees are rounded to 5; the chain goes on from the unrounded fee.

Everybody has a room of their own, the same in every campaign: a Beta-distributed share, `price_room` on average, by
which the lowest fee they accept, their reservation price, lies below the fee they ask. Offers below a further limit
end the talks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from creatorbook.problems import Problem
from creatorbook.simulate.campaigns import OneCampaign, usual_orders
from creatorbook.simulate.settings import Settings

#: How alike people's rooms are: the sum of the Beta distribution's two parameters.
ALIKE = 12

#: Below which share of their reservation price people end the talks, from … to.
WALKS_AWAY = (0.5, 0.85)

QUOTED = ["asked", "reservation", "ends_talks_below"]


class Quote(NamedTuple):
    """One person's price in one campaign; only `asked` is ever told."""

    asked: float
    reservation: float
    ends_talks_below: float


class Answer(NamedTuple):
    """What somebody answers to an offer: what becomes of it, and the price they name; none where talks end."""

    kind: Literal["accepts", "counters", "declines"]
    price: float | None


def answer_to(offer: float, quote: Quote) -> Answer:
    """How a person answers an offer; the same offer gets the same answer.

    An offer from the reservation price on is accepted, and never above what was asked. A lower one is answered with half
    way to what was asked, which is itself at least that price, so that taking up a counter-offer always works.
    One far below ends the talks. A better offer never gets a worse answer.

    Raises:
        Problem: the offer is no amount of money.
    """
    if not (math.isfinite(offer) and offer >= 0):
        raise Problem(f"“{offer}” is not an offer", todo="Offer an amount of money, 0 or more.")
    if offer >= quote.reservation:
        return Answer("accepts", min(offer, quote.asked))
    if offer >= quote.ends_talks_below:
        half_way = round((offer + quote.asked) / 2, 2)
        return Answer("counters", min(max(half_way, quote.reservation), quote.asked))
    return Answer("declines", None)


def quotes(table: pd.DataFrame, campaign: str) -> dict[str, Quote]:
    """Creator → quote in one campaign, from `truth/prices.csv`."""
    rows = table[table["campaign"] == campaign]
    priced = zip(rows["asked"], rows["reservation"], rows["ends_talks_below"], strict=True)
    return dict(zip(rows["creator"], (Quote(*one) for one in priced), strict=True))


def draw_prices(people: pd.DataFrame, campaigns: Sequence[OneCampaign], settings: Settings) -> pd.DataFrame:
    """One row per person who asks for a fee and campaign, the upcoming one included: person, account, campaign, `QUOTED`.

    Args:
        campaigns: those that ran, the first one first.
    """
    payees = people[people["main"] & (people["benefit"] == "fee")].sort_values("person", kind="stable")
    n = len(payees)
    room = _rooms(n, settings)
    ends = settings.random("ends of talks").uniform(*WALKS_AWAY, n)
    noise = settings.random("fees asked")
    fee = payees["fee"].to_numpy(dtype="float64")
    parts = []
    names = [one.name for one in campaigns] + ([settings.upcoming.campaign] if settings.upcoming else [])
    for place, name in enumerate(names):
        quoted = pd.DataFrame(
            {"person": payees["person"].to_numpy(), "account": payees.index, "campaign": name}
        )
        quoted["asked"] = np.round(fee / 5) * 5
        quoted["reservation"] = (quoted["asked"] * (1 - room)).round(2)
        quoted["ends_talks_below"] = (quoted["reservation"] * ends).round(2)
        parts.append(quoted)
        if place < len(campaigns):
            answered = settings.price_answers * result_of(campaigns[place], payees["person"])
            fee = fee * np.exp(answered + noise.normal(0, settings.price_noise, n))
    return pd.concat(parts, ignore_index=True)


def _rooms(n: int, settings: Settings) -> np.ndarray:
    mean = settings.price_room
    if mean == 0:
        return np.zeros(n)
    return settings.random("rooms").beta(mean * ALIKE, (1 - mean) * ALIKE, n)


def result_of(campaign: OneCampaign, persons: pd.Series) -> np.ndarray:
    """The logarithm of drawn against usual orders; 0 for who did not post in the campaign."""
    results = campaign.results
    ratio = np.log((results["drawn_orders"] + 0.5) / (usual_orders(campaign) + 0.5))
    posted = results["expected_orders"] > 0
    return ratio.where(posted, 0.0).set_axis(results["person"]).reindex(persons).fillna(0.0).to_numpy()


def with_fees(people: pd.DataFrame, prices: pd.DataFrame, campaign: str) -> pd.DataFrame:
    """People with the fee they ask in one campaign."""
    rows = prices[prices["campaign"] == campaign].set_index("account")["asked"]
    return people.assign(fee=rows.reindex(people.index).fillna(people["fee"]))
