"""What the same deals would leave next time: counts, baskets and returns modelled apart, then put together.

Orders per creator are negative binomial around the mean of size, platform and what they were bought with
(exposure); sales per order vary by creator on the log scale; the share that comes back is beta-binomial.
Everything that is learned from few orders is drawn, so that ranges hold. Nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import special

from creatorbook.finance.cost_lines import Bases, taken_from_order
from creatorbook.stats.shrinkage import CountDraws, count_draws, mean_draws, share_draws
from creatorbook.stats.strata import normals

#: how a creator's result carries over to the next campaign (correlation): rates of one creator correlate 0.93
#: to 0.98 over one to three months; the middle is taken
CARRY_OVER = 0.95
#: spread of the logarithm of baskets within one creator, where too few orders show it
BASKET_SPREAD = 0.5
#: the most an outlook's sums may take: draws × creators; and the fewest and the most draws
CELLS, FEWEST_DRAWS, MOST_DRAWS = 4_000_000, 500, 8000


@dataclass(frozen=True)
class Traced:
    """Traced orders, as far as they say something about next time.

    Attributes:
        creator: of each order, the position of its creator.
        net: sales of each order after discount, excl. VAT, before returns.
        back: share of it that has come back so far.
        seen: share of all its returns that would be in by now: 1 once it is settled, 0 if nobody knows.
    """

    creator: np.ndarray
    net: np.ndarray
    back: np.ndarray
    seen: np.ndarray


@dataclass(frozen=True)
class OrderCosts:
    """What the declared costs of an order are worked out from for next time; numbers or draws.

    Attributes:
        goods: cost of goods ÷ sales that stay.
        goods_back: cost of goods ÷ sales that come back; as `goods` where it is not given.
        paid: what buyers pay ÷ sales before returns.
        shipping_paid: of this for shipping, per order.
        sent, charged: parcels that the brand sends, and payments that it pays fees on, per order: none for a marketplace's.
        inputs: inputs of the declared costs by name, money per order.
        return_rate: share of sales that comes back in the end, where the orders themselves do not say.
        usual_return: mean and sd of the share of an order that comes back, before these orders tell of their own; `None`
            where nothing says.
        returns_factor: returns in the end, given those so far, against the likely curve of returns (1 = as likely): the
            chance of the few orders that are still open is not the next campaign's.
    """

    goods: np.ndarray | float
    goods_back: np.ndarray | float | None = None
    paid: np.ndarray | float = 1.0
    shipping_paid: np.ndarray | float = 0.0
    sent: float = 1.0
    charged: float = 1.0
    inputs: Mapping[str, Any] = field(default_factory=dict)
    return_rate: np.ndarray | float | None = None
    usual_return: tuple[float, float] | None = None
    returns_factor: np.ndarray | float = 1.0

    def taken(self, basket: np.ndarray, back: np.ndarray, returned: np.ndarray) -> np.ndarray:
        """What an order of this basket takes, if these shares of sales and of orders come back."""
        ratio_back = self.goods if self.goods_back is None else self.goods_back
        bases = Bases(
            stays=basket * (1 - back),
            goods=self.goods * basket * (1 - back),
            goods_back=ratio_back * basket * back,
            sent=np.full_like(basket, self.sent),
            charged=np.full_like(basket, self.charged),
            returned=returned,
            paid=self.paid * basket,
            shipping_paid=self.shipping_paid,
        )
        return np.asarray(taken_from_order(bases, self.inputs))


@dataclass(frozen=True)
class Outlook:
    """The same deal once more, on average: creator × draw.

    Attributes:
        drawn: orders on average in a campaign like this one, as this campaign found the creators.
        orders: the same in the next campaign.
        earned: what they leave after goods, delivery, returns and commission, before fixed costs.
        elasticity: by draw: by how many per cent orders grow with one per cent more exposure.
    """

    drawn: np.ndarray
    orders: np.ndarray
    earned: np.ndarray
    elasticity: np.ndarray


def draws_for(creators: int) -> int:
    """How many draws: 8,000, fewer with very many creators."""
    return int(np.clip(CELLS // max(creators, 1), FEWEST_DRAWS, MOST_DRAWS))


def predictive_outlook(
    counts: np.ndarray,
    groups: Sequence[np.ndarray],
    traced: Traced,
    costs: OrderCosts,
    commission: np.ndarray,
    random: np.random.Generator,
    exposure: np.ndarray | None = None,
) -> Outlook:
    """Draws of what each creator's same deal would bring in the next campaign (posterior predictive distribution).

    Args:
        counts: orders per creator that say something about next time.
        groups: labellings of the creators (size, platform) whose mean counts differ.
        traced: the orders behind them, with values and returns.
        costs: what an order takes.
        commission: rate per creator, of sales that stay.
        random: source of chance.
        exposure: what each creator's orders were bought with, the same next time; 0 for creators who are not live
            yet, NaN where no file says.
    """
    n = draws_for(len(counts))
    for_counts, for_change, for_baskets, for_returns = random.spawn(4)  # no part shifts another's draws
    drawn = count_draws(counts, groups, for_counts, n, exposure)
    orders = next_rates(drawn, for_change)
    basket = basket_draws(traced, len(counts), for_baskets, n)
    back, returned = return_draws(traced, len(counts), costs, for_returns, n)
    left = basket * (1 - back) * (1 - np.asarray(commission)[:, None]) - costs.taken(basket, back, returned)
    return Outlook(drawn.expected, orders, orders * left, drawn.elasticity)


def next_rates(drawn: CountDraws, random: np.random.Generator) -> np.ndarray:
    """Orders on average in the next campaign: nearer to the group's mean, then changed by a log-normal factor of mean 1.

    The factor is as wide as keeps creators' rates, gamma now, as far apart as they are (the variance of a stationary
    autoregression), so that a creator's rates of two campaigns correlate `CARRY_OVER` and no less. Returns creator × draw.
    """
    nearer = drawn.means + CARRY_OVER * (drawn.expected - drawn.means)
    variance = special.log1p((1 - CARRY_OVER**2) / (drawn.shape + CARRY_OVER**2))
    return np.asarray(nearer * np.exp(normals(random, *nearer.shape) * np.sqrt(variance) - variance / 2))


def basket_draws(traced: Traced, creators: int, random: np.random.Generator, n: int) -> np.ndarray:
    """Mean sales per order (AOV) of each creator: effects shrunk on the log scale, level kept to the plain mean.

    The plain mean over the shrunken effects (Duan's smearing) holds for any shape of baskets.
    """
    paid = traced.net > 0
    who, net = traced.creator[paid], traced.net[paid]
    if not len(net):
        return np.zeros((creators, n))
    logs = np.log(net)
    count = np.bincount(who, minlength=creators).astype(float)
    mean = np.bincount(who, weights=logs, minlength=creators) / np.maximum(count, 1)
    off = logs - mean[who]
    spare = len(net) - int((count > 0).sum())
    pooled = (float((off**2).sum()) + 5 * BASKET_SPREAD**2) / (spare + 5)
    variance = np.where(count > 0, pooled / np.maximum(count, 1), np.inf)
    for_effects, for_level = random.spawn(2)
    effect = mean_draws(mean, variance, for_effects, n)
    level = np.exp(effect - effect.max())
    scale = net.sum() / (count @ level)
    relative = net / net.mean() - 1
    unsure = np.sqrt(float((relative**2).sum())) / len(net)
    return np.asarray(level * scale * np.exp(unsure * normals(for_level, 1, n)[0]))


def return_draws(
    traced: Traced, creators: int, costs: OrderCosts, random: np.random.Generator, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Share of sales, and of orders, that comes back in the end, per creator.

    Where orders do not say (nothing is seen yet), the stated or expected rate stands for all.
    """
    seen = np.bincount(traced.creator, weights=traced.seen, minlength=creators)
    if seen.sum() < 1:
        stated = 0.0 if costs.return_rate is None else costs.return_rate
        share = np.broadcast_to(np.asarray(stated, dtype=float), (creators, n))
        return share, share
    watched = traced.seen > 0
    back = np.where(watched, np.clip(traced.back, 0.0, 1.0), 0.0)
    for_shares, for_ratio = random.spawn(2)
    hits = np.bincount(traced.creator, weights=back, minlength=creators)
    share = share_draws(hits, seen, for_shares, n, costs.usual_return) * np.asarray(costs.returns_factor)
    ratio, unsure = _value_ratio(traced.net[watched], back[watched])
    by_value = share * ratio * np.exp(unsure * normals(for_ratio, 1, n)[0])
    touched = float((back > 0).sum()) / back.sum() if back.sum() > 0 else 1.0
    return np.clip(by_value, 0.0, 0.98), np.clip(share * touched, 0.0, 1.0)


def _value_ratio(net: np.ndarray, back: np.ndarray) -> tuple[float, float]:
    """Share of value that came back ÷ share of orders, and the spread of its logarithm (linearised)."""
    if back.sum() <= 0 or net.sum() <= 0:
        return 1.0, 0.0
    value = net * back
    influence = value / value.sum() - net / net.sum() - back / back.sum() + 1 / len(net)
    ratio = (value.sum() / net.sum()) / (back.sum() / len(net))
    return float(ratio), float(np.sqrt((influence**2).sum()))
