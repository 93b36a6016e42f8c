"""What each creator brings for a goal that is not sales, at which price, and what follows from that.

Counts are few and posts differ, so each creator's figure is compared with the others' before it is believed, as orders
are (`roi.outlook`): pieces and people as counts beside what they cost (`stats.shrinkage.count_draws`), reach as means
of posts (`mean_draws`). What counts as good is the price that the campaign file states; without one, creators of one
size are held against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special

from creatorbook.finance.cost_lines import SEED
from creatorbook.history.advice import TOO_EARLY
from creatorbook.roi.decision_rule import Prices, price_with_ends, with_close_calls
from creatorbook.roi.goal_units import MEASURES, Measure, reach_by_post, units_of_creators, usual_spread
from creatorbook.roi.outlook import draws_for
from creatorbook.stats.intervals import NINETY_ENDS
from creatorbook.stats.newton import exp
from creatorbook.stats.shrinkage import count_draws, mean_draws

if TYPE_CHECKING:
    from creatorbook.book import Book

#: creators from which some can be told to be dear beside the others
ENOUGH_OTHERS = 4
#: part of a size that is called its dearest
DEAREST = 0.2
#: money for which units are given
EACH = 1000
#: prior scale of how much creators' reach for the same followers differs (of the logarithm)
REACH_SPREAD = 0.5


@dataclass(frozen=True)
class GoalOutlook:
    """What creators bring for the goal, row by row as `CreatorResults.frame`.

    Attributes:
        measure: what is counted.
        target: the price of one portion that the campaign file states; `None` where it states none.
        frame: units (counted), for_money with for_money_low and for_money_high (units per 1,000 of cost), chance (to keep
            to the target, else not to be among the dearest fifth of the size), price, decision, close_to.
        units: creator × draw: what the same deal should bring; 0 where it cannot be told.
    """

    measure: Measure
    target: float | None
    frame: pd.DataFrame
    units: np.ndarray


def goal_outlook(book: Book, frame: pd.DataFrame) -> GoalOutlook:
    """Figures and decisions by the campaign's goal.

    Args:
        frame: creators as `CreatorResults.frame` has them: creator, tier, live, fixed (cost), fee.
    """
    measure, target = MEASURES[book.campaign.goal], price_target(book)
    counted = frame.creator.map(units_of_creators(book)).to_numpy(dtype=float)
    cost, fee = frame.fixed.to_numpy(dtype=float), frame.fee.to_numpy(dtype=float)
    on_file = np.isfinite(counted) & (cost > 0)
    size = frame.tier.astype("object").fillna("not known").to_numpy()
    units = np.zeros((len(frame), draws_for(len(frame))))
    if on_file.any():
        units[on_file] = _drawn(book, frame[on_file], counted[on_file], size[on_file], units.shape[1])
    chance, price = np.full(len(frame), np.nan), np.full(len(frame), np.nan)
    decided, others = np.full(len(frame), TOO_EARLY, dtype=object), np.full(len(frame), "", dtype=object)
    rows = np.flatnonzero(on_file)
    if target is not None and len(rows):
        worth = units[rows] * target / measure.portion
        chance[rows] = (worth > cost[rows, None]).mean(axis=1)
        prices = price_with_ends(worth).less(cost[rows] - fee[rows])
        decided[rows], others[rows] = with_close_calls(chance[rows], prices, fee[rows], units.shape[1])
        price[rows] = prices.likely
    elif len(rows) >= ENOUGH_OTHERS:
        chance[rows] = 1 - among_dearest(cost[rows, None] / units[rows], size[rows])
        no_price = np.zeros(len(rows))
        prices = Prices(no_price, no_price, no_price)
        decided[rows], others[rows] = with_close_calls(chance[rows], prices, no_price, units.shape[1])
    low, high = np.quantile(units, NINETY_ENDS, axis=1)
    for_money = np.where(on_file, EACH / np.where(on_file, cost, 1.0), np.nan)
    results = pd.DataFrame(
        {
            "units": counted,
            "for_money": units.mean(axis=1) * for_money,
            "for_money_low": low * for_money,
            "for_money_high": high * for_money,
            "chance": chance,
            "price": np.where(decided == "renegotiate", price, np.nan),
            "decision": decided,
            "close_to": others,
        },
        index=frame.index,
    )
    return GoalOutlook(measure, target, results, units)


def price_target(book: Book) -> float | None:
    """The price of one portion of the goal's figure that the campaign file states; `None` for sales and where there is none."""
    measure = MEASURES.get(book.campaign.goal)
    stated = book.campaign.targets.get(measure.target) if measure else None
    return stated.value if stated and stated.value and stated.value > 0 else None


def among_dearest(price: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Chance of each creator to be in the dearest fifth of the size (at least one); of all, where a size is too few.

    Args:
        price: creator × draw.
        size: label of each creator.
    """
    chance = np.empty(len(price))
    labels, counts = np.unique(size.astype(str), return_counts=True)
    few = np.isin(size.astype(str), labels[counts < ENOUGH_OTHERS])
    for label in labels[counts >= ENOUGH_OTHERS]:
        own = size.astype(str) == label
        chance[own] = _in_dearest(price[own]).mean(axis=1)
    if few.any():
        chance[few] = _in_dearest(price)[few].mean(axis=1)
    return chance


def _in_dearest(price: np.ndarray) -> np.ndarray:
    """Creator × draw: whether among the dearest fifth of these."""
    most = max(1, round(len(price) * DEAREST))
    border = np.partition(price, len(price) - most, axis=0)[len(price) - most]
    return np.asarray(price >= border)


def _drawn(book: Book, frame: pd.DataFrame, counted: np.ndarray, size: np.ndarray, n: int) -> np.ndarray:
    """Creator × draw: what the same deal should bring of the goal's figure; all above 0."""
    random = np.random.default_rng([SEED, 18])
    if book.campaign.goal == "awareness":
        return _reach_drawn(book, frame, size, random, n)
    drawn = count_draws(counted, [size], random, n, frame.fixed.to_numpy(dtype=float))
    return np.maximum(drawn.expected, 1e-9)


def _reach_drawn(
    book: Book, frame: pd.DataFrame, size: np.ndarray, random: np.random.Generator, n: int
) -> np.ndarray:
    """People reached by as many posts again: each creator's mean of a post, drawn beside others of the size."""
    posts = reach_by_post(book)
    posts = posts[posts.creator.isin(frame.creator)]
    logs = special.xlogy(1.0, posts.people.to_numpy(dtype=float))
    place = posts.creator.map(pd.Series(np.arange(len(frame)), index=frame.creator)).to_numpy(dtype=int)
    each = np.bincount(place, minlength=len(frame))
    means = np.bincount(place, weights=logs, minlength=len(frame)) / each
    spread = usual_spread(logs, place) or usual_spread(means, size) or REACH_SPREAD**2
    usual = np.array([means[size == label].mean() for label in size])
    drawn = usual[:, None] + mean_draws(means - usual, spread / each, random, n, REACH_SPREAD)
    return np.asarray(each[:, None] * exp(drawn + spread / 2))
