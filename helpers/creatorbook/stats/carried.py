"""What counts of several periods say of the same units in the next one: what lasts of a unit, and what is new each time.

counts ~ Poisson(mean × lasting × fresh): `mean` is what units of its groups bring at its exposure, `lasting` a unit's own
factor in every period, `fresh` one of its own in each. The variance of both together is 1 ÷ shape; the share that lasts is
drawn from what periods of the same units show, flat before they do. Credibility with two levels (Bühlmann & Straub 1970;
Jewell 1975); older counts weigh less as a power prior has it (Ibrahim & Chen, Statistical Science 15 (2000), 46–60).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from creatorbook.stats.newton import exp
from creatorbook.stats.strata import choices, normals

#: shares of the variance between units that may last; equally likely before two periods show it
SHARES = (0.3, 0.45, 0.6, 0.75, 0.9)
#: draws over which the likelihood of each share is averaged
AVERAGED = 64


@dataclass(frozen=True)
class Counts:
    """Counts of units in periods, one entry each.

    Attributes:
        unit: place of the unit.
        count: what was counted.
        weight: how much it weighs, 1 for a period that says as much as the last one.
    """

    unit: np.ndarray
    count: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class Carried:
    """Factors around what units of the same groups bring; unit × draw, mean about 1.

    Attributes:
        lasting: a unit's own factor in every period.
        whole: the same with the next period's fresh part.
        fresh: by draw: variance of the fresh part.
        share: by draw: share of the variance that lasts.
    """

    lasting: np.ndarray
    whole: np.ndarray
    fresh: np.ndarray
    share: np.ndarray


def carried_over(
    seen: Counts, means: np.ndarray, shape: np.ndarray, units: int, random: np.random.Generator
) -> Carried:
    """Draws of each unit's factor in the next period.

    Args:
        seen: what was counted.
        means: entry × draw: what a unit of its groups brings at the entry's exposure.
        shape: by draw: gamma shape of units around that mean.
        units: how many; those of whom nothing was counted have the factor of anybody.
        random: source of chance.
    """
    for_share, for_lasting, for_fresh = random.spawn(3)
    share = _shares(seen, means, shape, for_share)
    lasts, fresh = share / shape, (1 - share) / shape
    said, brought = _evidence(seen, means, fresh, units)
    own = for_lasting.standard_gamma(1 / lasts + brought) / (1 / lasts + said)
    spread = special.log1p(fresh)
    steps = normals(for_fresh, units, len(shape))
    return Carried(own, own * exp(np.sqrt(spread) * steps - spread / 2), fresh, share)


def _evidence(
    seen: Counts, means: np.ndarray, fresh: np.ndarray, units: int
) -> tuple[np.ndarray, np.ndarray]:
    """Per unit and draw: how many expected counts its entries are worth for what lasts, and what they brought of them.

    An entry is worth less than its mean, because the fresh part of its period is noise to what lasts.
    """
    worth = seen.weight[:, None] / (fresh + 1 / np.maximum(means, 1e-9))
    said, brought = np.zeros((units, means.shape[1])), np.zeros((units, means.shape[1]))
    np.add.at(said, seen.unit, worth)
    np.add.at(brought, seen.unit, worth * seen.count[:, None] / np.maximum(means, 1e-9))
    return said, brought


def _shares(seen: Counts, means: np.ndarray, shape: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draws of the share that lasts, each as often as it explains how alike the periods of one unit are."""
    places = np.linspace(0, means.shape[1] - 1, min(AVERAGED, means.shape[1])).astype(int)
    level, own_shape = means[:, places].mean(axis=1), float(np.median(shape))
    logs = np.array([_likelihood(seen, level, own_shape, share) for share in SHARES])
    chance = np.exp(logs - logs.max())
    return np.asarray(SHARES)[choices(random, chance, len(shape))]


def _likelihood(seen: Counts, level: np.ndarray, shape: float, share: float) -> float:
    """Logarithm of how well a share explains each count after the same unit's earlier ones (negative binomial)."""
    lasts, fresh = share / shape, (1 - share) / shape
    total = 0.0
    for unit in np.unique(seen.unit):
        a = b = 1 / lasts
        for place in np.flatnonzero(seen.unit == unit):
            mean, count, weight = max(level[place], 1e-9), seen.count[place], seen.weight[place]
            middle, variance = mean * a / b, mean**2 * (a / b**2 * (1 + fresh) + fresh * (a / b) ** 2)
            size = middle**2 / max(variance, 1e-12)
            total += weight * float(
                special.gammaln(count + size)
                - special.gammaln(size)
                + size * np.log(size / (size + middle))
                + special.xlogy(count, middle / (size + middle))
            )
            worth = weight / (fresh + 1 / mean)
            a, b = a + worth * count / mean, b + worth
    return total
