"""The rule from chances to decisions, and which decisions are so close that other draws could turn them.

A chance is a share of draws, so it has an error of its own (Monte Carlo error) that says nothing about a creator. A
decision that lies within it of another one is a close call and is printed as one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from creatorbook.history.advice import DECISIONS

#: renewed are, from the surest down, as many as keep the expected share that loses money at this or less …
FALSE_RENEWALS = 0.05
#: … and nobody below this chance of paying back
RENEW_FROM = 0.75
#: stop at this chance or below
STOP_AT = 0.1
#: the price asked for in a new negotiation pays back in 8 of 10 cases
PRICE_CHANCE = 0.8
#: a price below this share of the present one is not worth negotiating
LOWEST_PRICE = 0.5

#: standard errors within which another set of draws lies all but surely: three of the difference between two sets,
#: whose error is √2 of one's
ERRORS = 4.2


def decisions_by_rule(chance: np.ndarray, price: np.ndarray, fee: np.ndarray) -> np.ndarray:
    """The rule: renew the sure ones, renegotiate where a price pays back in 8 of 10, stop at 1 in 10, else test.

    Args:
        chance: that the same deal pays back on average.
        price: the fee at which it would in 8 of 10 cases.
        fee: the present fee.
    """
    decision = np.full(len(chance), "test again", dtype=object)
    decision[chance <= STOP_AT] = "stop"
    decision[(chance < 0.5) & (fee > 0) & (price >= LOWEST_PRICE * fee) & (price < fee)] = "renegotiate"
    decision[renewable(chance)] = "renew"
    return decision


def renewable(chance: np.ndarray) -> np.ndarray:
    """Whom to renew: the most for which the mean chance of losing money keeps to `FALSE_RENEWALS`.

    The rule of Müller, Parmigiani, Robert & Rousseau (JASA 99 (2004), 990–1001): it is the choice of least loss
    when a renewal that loses weighs against one that is missed, and it holds the expected false share.
    """
    order = np.argsort(-chance, kind="stable")
    loses = np.cumsum(1 - chance[order]) / np.arange(1, len(chance) + 1)
    fits = (loses <= FALSE_RENEWALS) & (chance[order] >= RENEW_FROM)
    chosen = np.zeros(len(chance), dtype=bool)
    chosen[order[fits]] = True
    return chosen


def chance_error(chance: np.ndarray, draws: int) -> np.ndarray:
    """How far another set of as many draws may move each chance; never nothing, not even where all draws agree."""
    variance = np.maximum(chance * (1 - chance), 1 / draws) / draws
    return np.asarray(ERRORS * np.sqrt(variance))


@dataclass(frozen=True)
class Prices:
    """The fee at which each deal pays back in `PRICE_CHANCE` of the draws, between the ends other draws could give."""

    low: np.ndarray
    likely: np.ndarray
    high: np.ndarray

    def less(self, amount: np.ndarray) -> Prices:
        """What is left of each price once this is taken off."""
        return Prices(self.low - amount, self.likely - amount, self.high - amount)


def price_with_ends(earned: np.ndarray) -> Prices:
    """What a deal leaves in `PRICE_CHANCE` of the draws (creator × draw), between the ends of what others could give.

    The ends are order statistics: a quantile's rank has a binomial error.
    """
    level = 1 - PRICE_CHANCE
    error = ERRORS * np.sqrt(level * (1 - level) / earned.shape[1])
    return Prices(*np.quantile(earned, [max(level - error, 0.0), level, level + error], axis=1))


def close_to(chance: np.ndarray, error: np.ndarray, prices: Prices, fee: np.ndarray) -> np.ndarray:
    """Per creator the other decisions within the error of chance and price, “renew” or “stop or renegotiate”; else "".

    Looked at are all chances a little worse and a little better at once, which moves the sum that the renewed are held
    to further than chance would, and any two that could change places at its border.
    """
    decided = decisions_by_rule(chance, prices.likely, fee)
    moved = [
        decisions_by_rule(np.clip(chance + way * error, 0.0, 1.0), price, fee)
        for way in (-1, 1)
        for price in (prices.low, prices.high)
    ]
    swapped = np.where(decided == "renew", "test again", "renew")
    moved.append(np.where(_could_swap(chance, error), swapped, decided))
    return np.array(
        [
            " or ".join(name for name in DECISIONS if name != now and name in others)
            for now, *others in zip(decided, *moved, strict=True)
        ],
        dtype=object,
    )


def with_close_calls(
    chance: np.ndarray, prices: Prices, fee: np.ndarray, draws: int
) -> tuple[np.ndarray, np.ndarray]:
    """The decision on each deal by the rule, and the others it is close to, with so many draws behind its chance."""
    decided = decisions_by_rule(chance, prices.likely, fee)
    return decided, close_to(chance, chance_error(chance, draws), prices, fee)


def _could_swap(chance: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Who could overtake the last that may be renewed, and who could be overtaken by the first that may not be."""
    may, must = (renewable(np.clip(chance + way * error, 0.0, 1.0)) for way in (1, -1))
    could = np.zeros(len(chance), dtype=bool)
    if may.any() and not must.all():
        last = np.flatnonzero(may)[np.argmin(chance[may])]
        first = np.flatnonzero(~must)[np.argmax(chance[~must])]
        rival = np.where(must, first, last)
        could = np.abs(chance - chance[rival]) <= np.hypot(error, error[rival])
    return could
