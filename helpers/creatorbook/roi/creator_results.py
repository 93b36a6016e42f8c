"""What each creator brought, what that says about next time, and what to do: ranges before ranks.

Orders are few, so a creator's count is compared with the group's before it is believed (gamma-Poisson),
and the sales per order likewise. Decisions follow a stated rule on the chance that the same deal pays
back on average; shared costs of the campaign are not part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.finance.claims import people
from creatorbook.finance.costs import taking_part
from creatorbook.finance.ladder import SEED, TO_MARGIN, TO_STAY, Ladder, money_ladder, per_order
from creatorbook.finance.leaks import SIGNS, order_signs
from creatorbook.memo import per_book
from creatorbook.packs import pack
from creatorbook.stats.shrinkage import ShrunkMeans, gamma_poisson, homogeneity, shrunk_means

if TYPE_CHECKING:
    from creatorbook.book import Book

DRAWS = 4000
#: creators from which a tier is compared within itself
ENOUGH_IN_GROUP = 8
#: above this, differences are no larger than chance would make
CHANCE = 0.05
#: renew from this chance of paying back on; so at most 1 in 10 renewals should lose money
RENEW_FROM = 0.9
#: stop at this chance or below
STOP_AT = 0.1
#: the price asked for in a new negotiation pays back in 8 of 10 cases
PRICE_CHANCE = 0.8
#: a price below this share of the present one is not worth negotiating
LOWEST_PRICE = 0.5

DECISIONS = ("renew", "test again", "renegotiate", "stop", "too early")


@dataclass(frozen=True)
class CreatorResults:
    """Results by creator.

    Attributes:
        frame: one row per creator: creator, handle, platform, tier, live, orders, in_doubt (of these),
            sales_that_stay, cost, profit (this time), expected_orders with orders_low and orders_high, again with again_low and
            again_high (result of the same deal on average), chance (of paying back), price, decision.
        chance_alone: how often equal creators would differ this much.
        money_known: whether profit can be told at all.
    """

    frame: pd.DataFrame
    chance_alone: float
    money_known: bool

    @property
    def tells_apart(self) -> bool:
        """Whether creators differ by more than chance would make."""
        return self.chance_alone < CHANCE


def tier_of(book: Book, followers: pd.Series) -> pd.Series:
    """The size of each account in the client's scheme; `None` where the scheme does not say."""
    scheme = book.campaign.tier_scheme or book.client.tier_scheme
    bands = pack("tiers")["schemes"].get(scheme, {}).get("bands", [])
    told = pd.Series([None] * len(followers), index=followers.index, dtype=object)
    for band in bands:  # a nested band comes first in the scheme and keeps what it holds
        low = followers >= band["from"] if "from" in band else followers > band.get("above", -1)
        high = followers < band["below"] if "below" in band else followers <= band.get("to", np.inf)
        told = told.where(told.notna() | ~(low & high), band["name"])
    return told


@per_book
def creator_results(book: Book) -> CreatorResults:
    """Results by creator, with likely ranges and a decision each."""
    ladder = money_ladder(book)
    frame = _counted(book, ladder)
    chance_alone = homogeneity(_sure(frame)) if len(frame) > 1 else 1.0
    known = ladder.margin_known and ladder.costs_known
    if frame.empty:
        return CreatorResults(frame, 1.0, known)
    random = np.random.default_rng(SEED)
    rates = _rates(frame, random)
    low, high = np.quantile(rates, [0.05, 0.95], axis=1)
    frame = frame.assign(expected_orders=rates.mean(axis=1), orders_low=low, orders_high=high)
    frame = _with_money(book, ladder, frame, rates, random) if known else _without_money(frame)
    return CreatorResults(frame.sort_values(["creator"], kind="stable"), chance_alone, known)


def _counted(book: Book, ladder: Ladder) -> pd.DataFrame:
    """Per creator, what this campaign counted; creators who took part and brought nothing included."""
    slices = ladder.slices[ladder.slices.creator.notna()]
    rungs = ladder.by_slice.loc[slices.index]
    own = list(ladder.cost_rungs)
    told = pd.DataFrame(
        {
            "creator": slices.creator,
            "orders": slices.orders_kept,
            "sales_that_stay": rungs[list(TO_STAY)].sum(axis=1) / 100,
            "margin": rungs[list(TO_MARGIN)].sum(axis=1) / 100,
            "cost": -rungs[own].sum(axis=1) / 100,
            "fixed": -rungs[own[1:]].sum(axis=1) / 100,
            "commission": -rungs["commission"].fillna(0.0) / 100,
            "fee": -rungs["fees"].fillna(0.0) / 100,
        }
    )
    sums = told.groupby("creator", sort=True).sum()
    taking = taking_part(book)
    sums = sums.reindex(sorted({*sums.index, *taking.creator})).fillna(0.0)
    who = people(book)
    main = who[who.main].set_index("creator")
    sums = sums.assign(
        handle=main.handle.reindex(sums.index),
        platform=main.platform.reindex(sums.index),
        tier=tier_of(book, main.followers.reindex(sums.index)),
        live=_live(book, sums),
        in_doubt=_in_doubt(book).reindex(sums.index).fillna(0.0),
        profit=(sums.margin - sums.cost) if ladder.margin_known and ladder.costs_known else np.nan,
    )
    if not ladder.costs_known:
        sums["cost"] = np.nan
    return sums.reset_index(names="creator")


def _in_doubt(book: Book) -> pd.Series:
    """Orders with any sign that a code travelled, by creator; cancelled ones are not in doubt but gone."""
    signs = order_signs(book)
    marked = signs[list(SIGNS)].fillna(value=False).astype(bool).any(axis=1) & ~signs.cancelled.astype(bool)
    return signs[marked].groupby("creator").size().astype(float)


def _live(book: Book, sums: pd.DataFrame) -> pd.Series:
    """Whether a creator is known to have posted, or has brought orders; all are, where no file says."""
    listed = book.tables.creators
    if not listed.posted_on.notna().any():
        return pd.Series(data=True, index=sums.index)
    posted = set(listed.creator.fillna(listed.handle)[listed.posted_on.notna()])
    return pd.Series(sums.index.isin(posted), index=sums.index) | (sums.orders > 0)


def _rates(frame: pd.DataFrame, random: np.random.Generator) -> np.ndarray:
    """Draws of the orders each creator brings on average, within the tier where it is large enough."""
    size = frame.tier.map(frame.tier.value_counts()).fillna(0)
    group = frame.tier.where(size >= ENOUGH_IN_GROUP, "all").fillna("all")
    draws = np.zeros((len(frame), DRAWS))
    for name in sorted(group.unique()):
        rows = (group == name).to_numpy()
        draws[rows] = gamma_poisson(_sure(frame)[rows]).draws(random, DRAWS)
    return draws


def _sure(frame: pd.DataFrame) -> np.ndarray:
    """Orders that say something about next time: those in doubt are left out of the outlook, not of the result."""
    return (frame.orders - frame.in_doubt).clip(lower=0).to_numpy(dtype=float)


def _sales_per_order(book: Book, ladder: Ladder, frame: pd.DataFrame) -> ShrunkMeans:
    """Sales that stay per order and creator, adjusted for small numbers."""
    told = per_order(book, ladder.expected, pd.Series(dtype="float64"))
    kept = told[told.orders_kept > 0]
    net = (kept.net - kept.returned_or_0 - kept.returns_expected_or_0) / 100
    within = float(net.groupby(kept.creator).var(ddof=1).mean()) if len(net) > len(frame) else np.nan
    if not np.isfinite(within) or within <= 0:
        within = float(net.var(ddof=1)) if len(net) > 1 else 1.0
    counts = frame.orders.to_numpy()
    means = np.divide(frame.sales_that_stay, counts, out=np.zeros(len(frame)), where=counts > 0)
    variances = np.divide(within, counts, out=np.full(len(frame), np.inf), where=counts > 0)
    return shrunk_means(means, variances)


def _with_money(
    book: Book, ladder: Ladder, frame: pd.DataFrame, rates: np.ndarray, random: np.random.Generator
) -> pd.DataFrame:
    """Result of the same deal on average, the chance that it pays back, and a decision."""
    earned = contribution_draws(ladder, frame, rates, _sales_per_order(book, ladder, frame), random)
    fixed = frame.fixed.to_numpy()
    again = earned - fixed[:, None]
    low, high = np.quantile(again, [0.05, 0.95], axis=1)
    chance = (again > 0).mean(axis=1)
    price = np.quantile(earned, 1 - PRICE_CHANCE, axis=1) - (fixed - frame.fee.to_numpy())
    decided = decide(chance, price, frame.fee.to_numpy())
    frame = frame.assign(again=again.mean(axis=1), again_low=low, again_high=high, chance=chance, price=price)
    frame["decision"] = np.where(frame.live & (open_share(ladder) < 0.5), decided, "too early")
    frame["price"] = frame.price.where(frame.decision == "renegotiate")
    return frame


def contribution_draws(
    ladder: Ladder, frame: pd.DataFrame, rates: np.ndarray, sales: ShrunkMeans, random: np.random.Generator
) -> np.ndarray:
    """Draws of what a creator's orders leave after goods, delivery, fees and commission, before fixed costs."""
    stay, margin = ladder.draws["sales_that_stay"], ladder.draws["margin"]
    likely = ladder.cents(*TO_STAY)
    if likely <= 0:
        return np.zeros_like(rates)
    left = margin / np.where(stay > 0, stay, np.nan)
    rate = np.divide(
        frame.commission, frame.sales_that_stay, out=np.zeros(len(frame)), where=frame.sales_that_stay > 0
    )
    per_order = sales.expected[:, None] + sales.sd[:, None] * random.standard_normal(rates.shape)
    per_order = np.maximum(per_order, 0.0) * (stay / likely)
    return np.nan_to_num(rates * per_order * (left - np.asarray(rate)[:, None]))


def decide(chance: np.ndarray, price: np.ndarray, fee: np.ndarray) -> np.ndarray:
    """The rule: renew from 9 in 10, renegotiate where a price pays back in 8 of 10, stop at 1 in 10, else test.

    Args:
        chance: that the same deal pays back on average.
        price: the fee at which it would in 8 of 10 cases.
        fee: the present fee.
    """
    told = np.full(len(chance), "test again", dtype=object)
    told[chance <= STOP_AT] = "stop"
    told[(chance < 0.5) & (fee > 0) & (price >= LOWEST_PRICE * fee) & (price < fee)] = "renegotiate"
    told[chance >= RENEW_FROM] = "renew"
    return told


def open_share(ladder: Ladder) -> float:
    """Share of all returns that is still expected; 1 where nothing is known about returns."""
    if not ladder.returns_known:
        return 1.0
    came, coming = -ladder.cents("returned"), -ladder.cents("returns_expected")
    return coming / (came + coming) if came + coming > 0 else 0.0


def _without_money(frame: pd.DataFrame) -> pd.DataFrame:
    """Without a margin or without costs nobody can be renewed or stopped on numbers."""
    empty = dict.fromkeys(("again", "again_low", "again_high", "chance", "price"), np.nan)
    return frame.assign(**empty, decision="too early")
