"""What each creator is likely to bring in the next campaign, from what is on record of them and of people like them.

Orders are counted beside what they were bought with (exposure), sizes and platforms are the groups, and a person's own
part lasts as far as campaigns of the same people show (`stats.carried`). Who was never tried brings what others of the
size and platform do, with all their spread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from creatorbook.stats.carried import Counts, carried_over
from creatorbook.stats.intervals import NINETY_ENDS
from creatorbook.stats.newton import exp
from creatorbook.stats.shrinkage import count_draws
from creatorbook.stats.strata import normals

#: draws, and their seed
DRAWS, SEED = 2000, 20261129
#: spread (of the logarithm) of a brand's campaigns around their usual level: season, offer, stock; assumed
LEVEL_SPREAD = 0.2
#: the same where none of the campaigns on record was for this product, or in this market, on top
OTHER_PRODUCT_SPREAD = OTHER_MARKET_SPREAD = 0.3


@dataclass(frozen=True)
class CreatorOutlook:
    """Orders in the next campaign: person × draw, in the order of `people`.

    Attributes:
        people: persons.
        expected: orders on average, all that is unsure drawn.
        lasting: the same without what is new in each campaign and for all alike: what trying somebody can tell.
        fresh: variance of what is new in each campaign, of the factor around 1.
        tried: who is on record.
    """

    people: pd.Index
    expected: np.ndarray
    lasting: np.ndarray
    fresh: float
    tried: np.ndarray

    @property
    def mean(self) -> pd.Series:
        """Orders by person, on average."""
        return pd.Series(self.expected.mean(axis=1), index=self.people)

    def ends(self) -> pd.DataFrame:
        """The 90 % range of orders on average by person: low, high."""
        low, high = np.quantile(self.expected, NINETY_ENDS, axis=1)
        return pd.DataFrame({"low": low, "high": high}, index=self.people)


def creator_outlook(
    past: pd.DataFrame, following: pd.DataFrame, *, new_product: bool = False, new_market: bool = False
) -> CreatorOutlook:
    """Draws of what everybody brings next.

    Args:
        past: one row per person and campaign: person, campaign, size, platform, sure (orders), exposure (0 or missing where
            it is not known), weight.
        following: by person: size, platform, exposure in the next campaign, measured as in `past`.
        new_product, new_market: whether no campaign on record was for the next one's.
    """
    for_counts, for_levels, for_own, for_next = np.random.default_rng(SEED).spawn(4)
    rows = pd.concat(
        [past, following.assign(person=following.index, sure=0.0, weight=0.0)], ignore_index=True
    )
    counted = np.arange(len(rows)) < len(past)
    amounts = rows.exposure.where(rows.exposure > 0).to_numpy(dtype=float)
    groups = [rows[name].astype("object").fillna("not known").to_numpy() for name in ("size", "platform")]
    counts, weight = rows.sure.to_numpy(dtype=float), rows.weight.to_numpy(dtype=float)

    def drawn(level: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        fit = count_draws(
            np.where(counted, counts * weight, 0.0),
            groups,
            random,
            DRAWS,
            np.where(counted, amounts * weight * level, 0.0),
            np.where(counted, np.nan, amounts),
        )
        return fit.means, fit.shape

    means, _ = drawn(np.ones(len(rows)), for_levels)
    levels = _levels(past, means[: len(past)] / np.maximum(weight[: len(past)], 1e-9)[:, None])
    means, shape = drawn(np.concatenate([levels, np.ones(len(following))]), for_counts)
    people = following.index
    on_list = people.get_indexer(past.person) >= 0
    by_past = means[: len(past)] / np.maximum(weight[: len(past)], 1e-9)[:, None]
    own = carried_over(_counts_of(past[on_list], people), by_past[on_list], shape, len(people), for_own)
    usual = means[len(past) :]
    level = _next_level(for_next, new_product=new_product, new_market=new_market)
    middle = usual.mean(axis=1)[:, None]
    return CreatorOutlook(
        people,
        usual * own.whole * level,
        middle * own.lasting,
        float(own.fresh.mean()),
        people.isin(past.person),
    )


def _counts_of(past: pd.DataFrame, people: pd.Index) -> Counts:
    """What was counted of people, each row beside their place among them."""
    units = people.get_indexer(past.person)
    return Counts(units, past.sure.to_numpy(dtype=float), past.weight.to_numpy(dtype=float))


def _next_level(random: np.random.Generator, *, new_product: bool, new_market: bool) -> np.ndarray:
    """Draws of what the next campaign brings of what one of this brand's does, 1 on average."""
    spread = float(
        np.sqrt(LEVEL_SPREAD**2 + new_product * OTHER_PRODUCT_SPREAD**2 + new_market * OTHER_MARKET_SPREAD**2)
    )
    return np.asarray(exp(spread * normals(random, 1, DRAWS)[0] - spread**2 / 2))


def _levels(past: pd.DataFrame, means: np.ndarray) -> np.ndarray:
    """What each row's campaign brought of what its people bring in any, pulled towards 1 as far as chance goes."""
    expected = pd.Series(means.mean(axis=1), index=past.index).groupby(past.campaign).transform("sum")
    came = past.sure.groupby(past.campaign).transform("sum")
    trust = LEVEL_SPREAD**-2
    return ((came + trust) / (expected + trust)).to_numpy(dtype=float)


def value_of_trying(outlook: CreatorOutlook, left: float, costs: np.ndarray) -> np.ndarray:
    """What one campaign with somebody is worth for the one after it, in money: whoever turns out well is kept, others are not.

    The expected gain of deciding after the result over deciding now (expected value of sample information; Raiffa &
    Schlaifer 1961, chapter 5, normal with a linear loss), for one further campaign at the same price.

    Args:
        outlook: what everybody brings.
        left: what an order leaves.
        costs: what each person costs.
    """
    mean, before = outlook.lasting.mean(axis=1), outlook.lasting.var(axis=1)
    noise = np.maximum(mean, 1e-9) + outlook.fresh * mean**2
    spread = left * np.sqrt(before**2 / (before + noise))
    away = np.abs(left * mean - costs) / np.maximum(spread, 1e-9)
    loss = exp(-(away**2) / 2) / np.sqrt(2 * np.pi) - away * special.ndtr(-away)
    return np.asarray(np.where(spread > 0, spread * np.maximum(loss, 0.0), 0.0))
