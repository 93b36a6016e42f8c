"""Campaigns drawn from a world of their own, for the studies of step 05.

The world is not the estimator's: rates are log-normal with heavy tails and a size effect of drawn sign, baskets are
price points or log-normal, dear orders come back more often, parts of orders come back, creators change from one
campaign to the next, and pay is agreed before anybody knows who sells. Nothing here imports the package.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: likely and worst deviation of what the client states from what is true
NINETY = 1.645


@dataclass(frozen=True)
class Orders:
    """Orders of one campaign: creator, net sales, share that finally comes back, and days until it does."""

    creator: np.ndarray
    net: np.ndarray
    back: np.ndarray
    lag: np.ndarray


@dataclass(frozen=True)
class Drawn:
    """One campaign: what a client would know, and what is true.

    Attributes:
        followers, tier, platform, fee, gift, commission: per creator, as agreed.
        margin_stated: low, likely, high; margin: the true one.
        per_order, per_return: delivery and payment per order, handling per return.
        orders: of this campaign.
        next_orders: true mean orders of the same deal in the next campaign.
        left: true mean money an order of each creator leaves, before fixed costs.
        shared: cost of the whole campaign.
    """

    followers: np.ndarray
    tier: np.ndarray
    platform: np.ndarray
    fee: np.ndarray
    gift: np.ndarray
    commission: np.ndarray
    margin_stated: tuple[float, float, float]
    margin: float
    per_order: float
    per_return: float
    orders: Orders
    history: Orders
    next_orders: np.ndarray
    left: np.ndarray
    shared: float

    @property
    def fixed(self) -> np.ndarray:
        """What each creator costs whatever is sold."""
        return self.fee + self.gift

    @property
    def next_profit(self) -> np.ndarray:
        """True result of the same deal in the next campaign, on average."""
        return self.next_orders * self.left - self.fixed

    def profit_now(self) -> np.ndarray:
        """What this campaign made per creator in the end, returns included."""
        made = np.bincount(self.orders.creator, weights=self._left_of(self.orders), minlength=len(self.fee))
        return made - self.fixed

    def _left_of(self, orders: Orders) -> np.ndarray:
        kept = orders.net * (1 - orders.back)
        rate = self.margin - self.commission[orders.creator]
        return kept * rate - self.per_order - (orders.back > 0) * self.per_return


def draw(seed: int) -> Drawn:
    """One campaign of 20 to 60 creators with 0 to about 40 orders each."""
    random = np.random.default_rng([20261122, seed])
    n = int(random.integers(20, 61))
    followers = np.clip(np.exp(random.normal(np.log(18_000), 1.1, n)), 1_000, 400_000)
    tier = np.where(followers < 10_000, "nano", np.where(followers < 100_000, "micro", "macro"))
    platform = np.where(random.random(n) < random.uniform(0.4, 0.9), "instagram", "tiktok")
    base, change = _rates(followers, platform, random)
    shop = _Shop(n, random)
    counts = np.minimum(random.poisson(base * np.exp(random.normal(-(change**2) / 2, change, n))), 60)
    next_orders = base * np.exp(random.normal(-(change**2) / 2, change, n))
    margin, half = float(random.uniform(0.45, 0.68)), float(random.uniform(0.01, 0.04))
    commission = np.where(random.random(n) < 0.4, 0.10, 0.0)
    per_order, per_return = float(random.uniform(1.0, 6.0)), float(random.uniform(2.0, 6.0))
    left = shop.left(margin, commission, per_order, per_return, random)
    fee = _fees(followers, float((base * left).sum()), random)
    middle = margin + half / NINETY * random.standard_normal()
    return Drawn(
        followers, tier, platform, fee, np.round(random.uniform(15, 45, n), 2), commission,
        (middle - half, middle, middle + half), margin, per_order, per_return,
        shop.orders(np.repeat(np.arange(n), counts), random),
        shop.orders(random.integers(0, n, int(random.integers(200, 600))), random),
        next_orders, left, float(np.round(random.uniform(0, 1500), 2)),
    )  # fmt: skip


def _rates(
    followers: np.ndarray, platform: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, float]:
    """True mean orders per creator over campaigns, and how far one campaign lies off (log scale)."""
    size = np.log(followers / 20_000)
    slope, bend = random.uniform(-0.1, 0.5), random.uniform(-0.08, 0.02)
    spread = random.uniform(0.35, 0.9)
    own = (
        random.standard_t(5, len(size)) / np.sqrt(5 / 3)
        if random.random() < 0.3
        else random.normal(size=len(size))
    )
    logs = slope * size + bend * size**2 + spread * own
    logs = logs + np.where(platform == "tiktok", random.normal(0, 0.3), 0.0)
    rates = np.exp(np.clip(logs, -4, 4))
    rates = np.minimum(rates / rates.mean() * random.uniform(4, 15), 40)
    persistence = random.uniform(0.90, 0.98)
    return rates, float(spread * np.sqrt((1 - persistence) / persistence))


class _Shop:
    """What creators' buyers put into baskets and send back."""

    def __init__(self, creators: int, random: np.random.Generator) -> None:
        self.level = float(random.uniform(40, 110)) * np.exp(random.normal(0, 0.15, creators))
        self.points = random.random() < 0.5
        self.spread = float(random.uniform(0.35, 0.65))
        base = np.log(rate := random.uniform(0.06, 0.45)) - np.log1p(-rate)
        self.logit = base + random.normal(0, 0.35, creators)
        self.dear = float(random.uniform(0.0, 0.4))
        self.part = float(random.uniform(0.0, 0.4))
        self.days = float(random.uniform(9, 16))

    def orders(self, creator: np.ndarray, random: np.random.Generator) -> Orders:
        """Orders of these creators."""
        n = len(creator)
        if self.points:
            items = 1 + random.poisson(0.5, n)
            shape = items * random.choice([0.5, 0.8, 1.0, 1.4], n) / 1.3875
        else:
            shape = np.exp(random.normal(-(self.spread**2) / 2, self.spread, n))
        logit = self.logit[creator] + self.dear * np.log(np.maximum(shape, 0.05))
        comes = random.random(n) < 1 / (1 + np.exp(-logit))
        share = np.where(random.random(n) < self.part, random.uniform(0.3, 0.8, n), 1.0)
        lag = np.clip(random.gamma(3.0, self.days / 3.0, n).astype(int), 2, 29)
        net = np.maximum(np.round(self.level[creator] * shape, 2), 5.0)
        return Orders(creator, net, np.where(comes, share, 0.0), lag)

    def left(
        self,
        margin: float,
        commission: np.ndarray,
        per_order: float,
        per_return: float,
        random: np.random.Generator,
        draws: int = 3000,
    ) -> np.ndarray:
        """Mean money an order leaves, per creator; the same chances for all creators."""
        state = random.integers(2**32)
        out = np.zeros(len(self.level))
        for place in range(len(out)):
            made = self.orders(np.full(draws, place), np.random.default_rng(state))
            kept = made.net * (1 - made.back) * (margin - commission[place])
            out[place] = float((kept - per_order - (made.back > 0) * per_return).mean())
        return out


def _fees(followers: np.ndarray, worth: float, random: np.random.Generator) -> np.ndarray:
    """Fees by size with much scatter, agreed beforehand; together 0.5 to 1.5 times what the orders are worth."""
    fee = (followers / 20_000) ** 0.6 * np.exp(random.normal(0, 0.5, len(followers)))
    fee = np.where(random.random(len(fee)) < random.uniform(0.05, 0.35), 0.0, fee)
    total = max(worth, 200.0) * random.uniform(0.5, 1.5)
    return np.asarray(np.round(fee / max(fee.sum(), 1e-9) * total, 2))
