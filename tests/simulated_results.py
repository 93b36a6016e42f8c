"""Simulated clients read from their files, with what is true of their results: for studies of ranges.

What is drawn is drawn from what the client states or a pack assumes: margin, handling, clicks per view and orders per
click. Returns come by the simulator's own process: an order's articles share a chance, creators differ, products
differ, and in half of the clients a part comes late. Nothing of the truth is worked out by the package under test but
the adding up of costs that are counted.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from creatorbook import simulate
from creatorbook.packs import pack
from creatorbook.simulate import growth, outcomes, people, posts
from creatorbook.simulate import returns as returning
from creatorbook.simulate.settings import OtherCampaign, Returns, Settings
from creatorbook.simulate.world import World, make_world

#: orders a day without creators, and creators
SIZES = ((6, 12), (15, 24), (40, 36), (100, 48))
#: days of exports from the campaign's first day on: returns open, and settled
OPEN, SETTLED = 45, 120
FILES = {"creators": "creators.csv", "shopify_orders": "orders.csv"}
DATED = {"refunds": "refunds.csv"}
#: 90 % of a normal, in standard deviations
NINETY = 1.645
#: share of orders that are not cancelled; how sure traced shares are, as a Dirichlet's sum; creators' return rates on the logit scale
NOT_CANCELLED, TRACED_TRUST, RETURN_SPREAD = 1 - 0.014, 14.0, 0.3
#: how abilities in two campaigns correlate, drawn from
PERSISTENCE = (0.93, 0.98)
SHIPPING, PAYMENT, HANDLING = 4.5, 0.015, (3.0, 5.0)
#: days after which hardly anything comes back
DONE_AFTER = 150


@dataclass(frozen=True)
class Drawn:
    """One client: its settings and what of its money is true but stated as a range only."""

    seed: int
    settings: Settings
    margin: float = 0.0
    handling: float = 0.0

    @property
    def cell(self) -> str:
        """Size, dated or not, open or settled."""
        dated = "dated" if "refunds" in self.settings.files else "undated"
        days = "settled" if self.settings.days_after == SETTLED else "open"
        return f"{self.settings.orders_per_day:g} a day, {dated}, {days}"


def drawn_client(seed: int, *, like_packs: bool = True) -> Drawn:
    """Everything about one client; sizes, dates and days go round with the seed."""
    random = np.random.default_rng([20261128, seed])
    per_day, creators = SIZES[seed % 4]
    middle, half = random.uniform(0.5, 0.65), random.uniform(0.02, 0.06)
    margin = float(middle + half / NINETY * random.standard_normal())
    handling = float(np.mean(HANDLING) + np.ptp(HANDLING) / 2 / NINETY * random.standard_normal())
    rates = [float(rate_draws(name, 1, random)[0]) for name in ("click_rate", "conversion_rate")]
    settings = Settings(
        seed=seed,
        creators=creators,
        orders_per_day=per_day,
        days_after=SETTLED if (seed // 8) % 2 else OPEN,
        files=FILES | (DATED if (seed // 4) % 2 == 0 else {}),
        return_rate=float(random.uniform(0.15, 0.5)),
        return_days=float(random.uniform(10, 20)),
        returns=_late(random),
        pay={"fee": 0.7, "gift": 0.3},
        never_posted=1 - float(rate_draws("gifted_post_rate", 1, random)[0]),
        persistence=float(random.uniform(*PERSISTENCE)),
        upcoming=OtherCampaign(campaign="summer", start="2026-09-07"),
        planted=[],
        commented_posts=0,
        comments_per_post=1,
        write_truth=False,
        client_text=_economics(middle, half),
    )
    if like_packs:
        per_creator = float(np.prod(rates)) * _views(settings) / creators
        settings = settings.model_copy(update={"orders_per_creator": round(per_creator, 3)})
    return Drawn(seed, settings, margin, handling)


def rate_draws(name: str, n: int, random: np.random.Generator) -> np.ndarray:
    """Draws of a rate from the range that the pack assumes: log-normal, its own spread on either side."""
    row = pack("benchmarks")["assumptions"][name]
    steps = random.standard_normal(n)
    ends = np.where(steps < 0, row["low"], row["high"])
    return np.asarray(row["likely"] * (ends / row["likely"]) ** (np.abs(steps) / NINETY))


def _late(random: np.random.Generator) -> Returns | None:
    share, days = random.uniform(0.05, 0.2), random.uniform(35, 50)
    return Returns(late_share=float(share), late_days=float(days)) if random.random() < 0.5 else None


def _economics(middle: float, half: float) -> str:
    ends = [middle - half, middle, middle + half]
    low, likely, high = (f"{one:.4f}" for one in ends)
    return "\n".join(
        [
            "economics:",
            f"  margin: {{low: {low}, likely: {likely}, high: {high}, source: finance}}",
            f"  shipping_cost: {SHIPPING}",
            f"  handling_per_return: [{HANDLING[0]}, {HANDLING[1]}]",
            f"  payment_fee_rate: {PAYMENT}",
        ]
    )


def _views(settings: Settings) -> float:
    """Views of the campaign's posts; they hang on nothing that is sold."""
    who = people.draw_people(settings)
    plants = outcomes.assign_plants(who, settings)
    drawn = growth.mark_special_posts(posts.draw_posts(who, settings), plants, settings)
    real, _, _ = growth.draw_followers(who, drawn, plants, settings)
    drawn = posts.add_figures(drawn, who, real, settings)
    return float(drawn.views[drawn.campaign].sum())


def written(folder: Path, drawn: Drawn) -> World:
    """The client's files in a new folder; the world they come from."""
    shutil.rmtree(folder, ignore_errors=True)
    world = make_world(drawn.settings)
    simulate.write_client(folder, world)
    return world


def orders_of(world: World, order_ids: pd.Series) -> pd.DataFrame:
    """The orders with these ids that were neither cancelled nor tests, excl. VAT: net, list, back (share), and more."""
    orders = world.shop.orders.set_index("order_id").loc[order_ids.to_numpy()]
    orders = orders[orders.cancelled_at.isna() & ~orders.test]
    goods, tax = orders.total - orders.shipping, 1 + orders.tax_rate
    return orders.assign(
        net=goods / tax,
        list=orders.gross / tax,
        back=(orders.true_returned / goods.where(goods > 0)).fillna(0.0),
        shipping_net=orders.shipping / tax,
    )


def true_stays(orders: pd.DataFrame) -> float:
    """What finally stays of their sales."""
    return float((orders.net * (1 - orders.back)).sum())


def true_profit(drawn: Drawn, orders: pd.DataFrame, rates: pd.Series, fixed: float) -> float:
    """What these orders finally leave, less commission (rates by order) and the costs that are fixed beforehand."""
    return float(_left(drawn, orders, rates.to_numpy()).sum() - fixed)


def _left(drawn: Drawn, orders: pd.DataFrame, commission: np.ndarray | float) -> pd.Series:
    stays = orders.net * (1 - orders.back)
    goods = (1 - drawn.margin) * orders.list * (1 - orders.back)
    sent = SHIPPING - orders.shipping_net + PAYMENT * orders.total
    return stays * (1 - commission) - goods - sent - drawn.handling * (orders.back > 0)


@dataclass(frozen=True)
class UsualOrder:
    """The mean order of a shop without creators, had it carried the campaign's code; `touched`: returned orders per share of value."""

    net: float
    list: float
    total: float
    shipping_net: float
    touched: float

    def stays(self, share: Any, size: Any = 1.0) -> Any:
        """What stays of it where this share of the value comes back; of an order so many times as big."""
        return size * self.net * (1 - share)

    def left(self, share: Any, margin: Any, handling: Any, size: Any = 1.0) -> Any:
        """What it leaves then, before commission."""
        goods = size * (1 - margin) * self.list * (1 - share)
        sent = SHIPPING - self.shipping_net + PAYMENT * size * self.total
        return self.stays(share, size) - goods - sent - handling * np.minimum(self.touched * share, 1.0)


def usual_order(drawn: Drawn, shop: pd.DataFrame) -> UsualOrder:
    """What an order of this shop is on average."""
    off = drawn.settings.discount_percent / 100
    touched = float((shop.back > 0).mean() / ((shop.net * shop.back).sum() / shop.net.sum()))
    means = (float((shop[name]).mean()) for name in ("list", "total"))
    listed, total = (mean * (1 - off) for mean in means)
    return UsualOrder(listed, float(shop.list.mean()), total, float(shop.shipping_net.mean()), touched)


def orders_of_nobody(world: World) -> pd.DataFrame:
    """The shop's orders that no creator caused."""
    shop = orders_of(world, world.shop.orders.order_id)
    return shop[shop.cause == "nobody"]


def next_time(drawn: Drawn, world: World) -> pd.DataFrame:
    """By creator: `now` and `later`, true mean traced orders of this and of the next campaign, and what one leaves then.

    Next time is the same deal on this campaign's scale: the simulator's own `expected_in` has everybody on the list post
    and gives them the same mean, so that those who posted now would bring about a tenth more by having others beside
    them. An order leaves what the shop's do on average at this creator's chance to come back, commission not yet taken
    off; `stays` is what it is taken from.
    """
    last = world.campaigns[-1]
    upcoming = drawn.settings.upcoming
    assert upcoming is not None
    abilities = world.abilities.set_index("person")
    change = np.exp(abilities[upcoming.campaign] - abilities[drawn.settings.campaign])
    results = last.results.set_index("person")
    traced = (results.shows_code + results.shows_both) * NOT_CANCELLED  # no file of these clients tells links
    share = (results.return_rate * returned_of_rate(drawn, world)).clip(upper=0.97)
    usual = usual_order(drawn, orders_of_nobody(world))
    names = world.people[world.people.main].set_index("person").creator
    frame = {
        "now": results.expected_orders * traced,
        "later": results.expected_orders * change.reindex(results.index) * traced,
        "left": usual.left(share, drawn.margin, drawn.handling),
        "stays": usual.stays(share),
    }
    return pd.DataFrame(frame).set_axis(names.reindex(results.index), axis=0)


def returned_of_rate(drawn: Drawn, world: World) -> float:
    """The share of the shop's value that comes back, as a multiple of the rate in its settings."""
    shop = orders_of_nobody(world)
    return float((shop.net * shop.back).sum() / shop.net.sum()) / drawn.settings.return_rate


@dataclass(frozen=True)
class KnownSpread:
    """What an oracle draws for each creator (creator × draw): mean traced orders of this campaign and of the next."""

    now: np.ndarray
    later: np.ndarray


def known_spread(
    drawn: Drawn, world: World, counted: pd.Series, n: int, random: np.random.Generator
) -> KnownSpread:
    """Draws by who knows how creators differ, from how many orders were counted of each (creator → orders).

    Known is what size and engagement make usual, how abilities and traced shares spread, and how much of an ability
    lasts. Of the level, nothing: a flat prior, integrated over a grid, as the sum of ability and traced share is
    (both in logarithms, the sum taken as normal).
    """
    settings = drawn.settings.model_copy(update={"orders_per_creator": 1000.0})
    main = world.people[world.people.main].set_index("creator").reindex(counted.index)
    usual = np.log(outcomes.expected_orders(main, np.zeros(len(main)), settings))
    mix = settings.tracking
    traced = TRACED_TRUST * (mix["code"] + mix["both"]) / sum(mix.values())
    centre = float(special.digamma(traced) - special.digamma(TRACED_TRUST))
    own = settings.order_spread**2
    spread = own + float(special.polygamma(1, traced) - special.polygamma(1, TRACED_TRUST))
    step = np.linspace(-4, 4, 81)
    offset = usual[:, None] + centre + np.sqrt(spread) * step
    counts = counted.to_numpy(dtype=float)[:, None]
    level = np.log(counts.sum() / np.exp(usual + centre + spread / 2).sum()) + np.linspace(-2, 2, 161)
    logs = np.array([counts * (at + offset) - np.exp(at + offset) - step**2 / 2 for at in level])
    of_level = special.softmax(special.logsumexp(logs, axis=2).sum(axis=1))
    at = random.choice(len(level), n, p=of_level)
    chosen = np.array(
        [_drawn_rows(special.softmax(logs[at, one], axis=1), random) for one in range(len(main))]
    )
    within = (random.random(chosen.shape) - 0.5) * (step[1] - step[0])
    apart = np.sqrt(spread) * (step[chosen] + within)
    now = np.exp(level[at] + usual[:, None] + centre + apart)
    ability = own / spread * apart + np.sqrt(own * (1 - own / spread)) * random.standard_normal(apart.shape)
    lasts = random.uniform(*PERSISTENCE, n)
    after = lasts * ability + np.sqrt((1 - lasts**2) * own) * random.standard_normal(apart.shape)
    return KnownSpread(now, now * np.exp(after - ability))


def _drawn_rows(chances: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A place in each row, by the row's chances."""
    return (
        (chances.cumsum(axis=1) < random.random((len(chances), 1))).sum(axis=1).clip(max=chances.shape[1] - 1)
    )


def repeated(means: np.ndarray, *seed: int) -> np.ndarray:
    """Counts of a repeated campaign around drawn means."""
    return np.random.default_rng([13, *seed]).poisson(means).astype(float)


def known_left(
    drawn: Drawn,
    world: World,
    claimed: pd.DataFrame,
    margin: np.ndarray,
    rates: pd.Series,
    random: np.random.Generator,
) -> np.ndarray:
    """What one more order of each creator leaves (creator × draw), by who knows how their returns spread and how late they come.

    Of their orders so far it is known what has come back by the report's day, as if value came back order by order; of
    what is still open, with what chance more of it would have come by now. What an order is worth is learned from
    these orders, one mean for all: nothing says to the oracle how baskets were drawn.

    Args:
        claimed: orders by creator, from `per_order`, with `age` in days.
        margin: draws of the margin, as the client states it.
        rates: commission rate by creator.
    """
    sent = claimed[~claimed.cancelled.astype(bool) & (claimed.net > 0)]
    of_creator = sent.groupby("creator").net
    weight = (sent.net * of_creator.transform("size") / of_creator.transform("sum")).to_numpy()[:, None]
    back = (sent.returned / sent.net).clip(upper=1.0).to_numpy()[:, None]
    by_day = true_curve(world, max(int(sent.age.max()), DONE_AFTER))
    seen = np.where(back > 0, 1.0, (by_day[sent.age] / by_day[-1])[:, None])
    step = np.linspace(-4, 4, 81)
    times = returned_of_rate(drawn, world)
    share = np.minimum(
        special.expit(special.logit(drawn.settings.return_rate) + RETURN_SPREAD * step) * times, 0.97
    )
    of_order = weight * (back * np.log(share) + (1 - back) * np.log1p(-share * seen))
    of_orders = pd.DataFrame(of_order).groupby(sent.creator.to_numpy()).sum()
    chances = special.softmax(of_orders.reindex(rates.index).fillna(0.0).to_numpy() - step**2 / 2, axis=1)
    drawn_share = np.array(
        [share[_drawn_rows(np.broadcast_to(row, (len(margin), len(row))), random)] for row in chances]
    )
    handling = np.mean(HANDLING) + np.ptp(HANDLING) / 2 / NINETY * random.standard_normal(len(margin))
    usual = usual_order(drawn, orders_of_nobody(world))
    unsure = float(sent.net.std() / sent.net.mean() / np.sqrt(len(sent)))
    size = sent.net.mean() / 100 / usual.net * (1 + unsure * random.standard_normal(len(margin)))
    commission = rates.to_numpy()[:, None] * usual.stays(drawn_share, size)
    return np.asarray(usual.left(drawn_share, margin, handling, size) - commission)


def true_curve(world: World, horizon: int) -> np.ndarray:
    """Share of the shop's orders of which something has come back by so many days, as the simulator draws it."""
    settings, days = world.settings, np.arange(horizon + 1) + 0.5

    def by_day(mean: float, shape: float) -> np.ndarray:
        since = np.maximum(days - returning.SOONEST, 0.0)
        return np.asarray(special.gammainc(shape, since * shape / (mean - returning.SOONEST)))

    curve = by_day(settings.return_days, returning.USUAL_SHAPE)
    if (late := settings.returns) is not None:
        curve = (1 - late.late_share) * curve + late.late_share * by_day(late.late_days, returning.LATE_SHAPE)
    shop = orders_of(world, world.shop.orders.order_id)
    return float((shop.back > 0).mean()) * curve


def transform(draws: np.ndarray, truth: float, random: np.random.Generator) -> float:
    """Randomised probability integral transform (Czado, Gneiting & Held, Biometrics 65 (2009), 1254–1261).

    A count's draws may equal it. Sums of money within one unit of each other count as equal: a settled result is a point.
    """
    counts = bool((draws == np.round(draws)).all())
    near = 0.0 if counts else 1.0
    equal = np.abs(draws - truth) <= near
    below = (draws < truth) & ~equal
    return float(below.mean() + random.random() * equal.mean())


def traced_rates(world: World, claimed: pd.DataFrame, orders: pd.DataFrame) -> pd.Series:
    """Commission rate of each claimed order's creator."""
    rates = world.people[world.people.main].set_index("creator").commission_rate
    of_order: Any = claimed.set_index("order_id").creator.map(rates).fillna(0.0)
    return of_order.reindex(orders.index)
