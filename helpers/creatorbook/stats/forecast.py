"""A forecast from ranges: every input is drawn from its range, the result is a range too."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creatorbook.stats.intervals import NINETY
from creatorbook.stats.strata import normals

Draws = NDArray[np.float64]

#: both ends of a 90 % range in standard normal units
NINETY_ENDS = np.array([-NINETY, NINETY])
#: part of a published spread that is taken to lie between brands; the rest lies between one brand's campaigns.
#: No source tells the two apart, so it is an assumption: half and half.
BETWEEN_BRANDS = 0.5
#: how many campaigns' worth of trust the assumed variation between one brand's campaigns has
TRUST = 8


@dataclass(frozen=True)
class Uncertain:
    """An input known as a 90 % range around a likely value, above 0.

    Drawn log-normally with its own spread on either side, so that half of the draws are above `likely`
    and one in twenty beyond each end.

    Attributes:
        assumed: whether it is assumed rather than read from the client's own files.
        most: an upper limit, 1 for a share.
    """

    low: float
    likely: float
    high: float
    assumed: bool = True
    most: float = math.inf

    def at(self, normal: Draws) -> Draws:
        """The values at standard normal positions."""
        down, up = self._spreads
        moved = math.log(self.likely) + np.where(normal < 0, down, up) * normal
        return np.minimum(np.exp(moved), self.most)

    def position(self, value: float) -> float:
        """Where a value above 0 lies, in standard normal units: 0 is the likely value, 1.645 the high end."""
        away = math.log(value) - math.log(self.likely)
        return away / max(self._spreads[away >= 0], 1e-6)

    @property
    def _spreads(self) -> tuple[float, float]:
        """Standard deviations of the logarithm below and above the likely value."""
        middle = math.log(self.likely)
        down = (middle - math.log(max(self.low, self.likely / 1e3))) / NINETY
        return down, (math.log(self.high) - middle) / NINETY


@dataclass(frozen=True)
class Forecast:
    """Draws of a result, and what its spread comes from.

    Attributes:
        draws: the result, one value per draw.
        swings: input → the result with that input at its low and high end, all others likely.
        spread: input → its part of the spread, adding up to 1 with `chance`.
        assumed_share: how much of the spread comes from assumed inputs.
        likely: the result with every input at its likely value; the draws' median lies elsewhere where ranges
            are lopsided.
    """

    draws: Draws
    swings: dict[str, tuple[float, float]]
    spread: dict[str, float]
    assumed_share: float
    likely: float = math.nan

    def range(self, level: float = 0.9) -> tuple[float, float, float]:
        """Low end, median and high end."""
        tail = (1 - level) / 2
        low, middle, high = np.quantile(self.draws, [tail, 0.5, 1 - tail])
        return float(low), float(middle), float(high)


def monte_carlo_forecast(
    inputs: Mapping[str, Uncertain],
    formula: Callable[[Mapping[str, Draws]], Draws],
    draws: int = 4000,
    seed: int = 20260302,
    *,
    counted: Callable[[Mapping[str, Draws]], Draws] | None = None,
) -> Forecast:
    """Draw all inputs independently and work out the result (Monte Carlo).

    Args:
        inputs: by name; order does not matter.
        formula: inputs' values → result, element by element.
        draws: how many.
        seed: same seed, same forecast.
        counted: inputs' values → expected number of the events behind the result (orders, clicks), which then
            vary by chance around it (Poisson); none, if nothing is counted.
    """
    for_all, for_each, for_chance = np.random.default_rng(seed).spawn(3)  # no part shifts another's draws
    names = sorted(inputs)
    steps = dict(zip(names, normals(for_all, len(names), draws), strict=True))
    alone = dict(zip(names, normals(for_each, len(names), draws), strict=True))
    values = {name: inputs[name].at(steps[name]) for name in names}
    result = formula(values)
    still = {name: inputs[name].at(np.zeros(1)) for name in names}
    parts = {
        name: float(np.var(formula(_moved(still, name, inputs[name].at(alone[name]))))) for name in names
    }
    if counted is not None:
        expected = np.maximum(counted(values), 1e-9)
        each = result / expected
        parts["chance"] = float(np.mean(each**2 * expected))
        result = for_chance.poisson(expected) * each
    whole = sum(parts.values()) or 1.0
    spread = {name: part / whole for name, part in parts.items()}
    return Forecast(
        draws=result,
        swings={name: _swing(formula, _moved(still, name, inputs[name].at(NINETY_ENDS))) for name in names},
        spread=spread,
        assumed_share=sum(spread[name] for name in names if inputs[name].assumed),
        likely=float(np.ravel(formula(still))[0]),
    )


def _moved(still: Mapping[str, Draws], name: str, values: Draws) -> dict[str, Draws]:
    """One input at these values, all others at their likely one."""
    return {one: np.broadcast_to(likely, len(values)) for one, likely in still.items()} | {name: values}


def _swing(
    formula: Callable[[Mapping[str, Draws]], Draws], values: Mapping[str, Draws]
) -> tuple[float, float]:
    low, high = np.broadcast_to(formula(values), 2)
    return float(low), float(high)


@dataclass(frozen=True)
class Seen:
    """What one past campaign showed of an input: its value, and how many events it rests on (0: unknown)."""

    value: float
    events: float = 0.0


def learned(published: Uncertain, past: Sequence[Seen]) -> Uncertain:
    """A published range (the prior) moved towards what happened in a brand's own past campaigns.

    A brand's typical value lies in the published range; its campaigns vary around it. With each campaign the
    range for the next one moves and narrows, and widens again if the campaigns differed more than assumed.
    Normal-normal updating in the range's own standard units, the counting error of each value (1 / √events of the
    logarithm) added to its variance. Source: Gelman and others, Bayesian Data Analysis, 3rd ed., section 2.5.
    """
    usable = [one for one in past if one.value > 0]
    if not usable or published.low >= published.high:
        return published
    places = np.clip([published.position(one.value) for one in usable], -4.0, 4.0)
    noise = np.array([_counting(published, one) for one in usable])
    own = _own_variation(places, noise)
    weights = 1 / (own + noise)
    certainty = 1 / BETWEEN_BRANDS + weights.sum()
    middle, spread = float(weights @ places / certainty), math.sqrt(1 / certainty + own)
    ends = middle + np.array([-NINETY, 0.0, NINETY]) * spread
    low, likely, high = (float(end) for end in published.at(ends))
    return Uncertain(low, likely, high, published.assumed, published.most)


def calibrated_spread(places: Sequence[float]) -> float:
    """How many times as wide ranges should be, by where earlier outcomes lay within theirs; 1 without any.

    The spread of the places in standard normal units, pulled towards 1 as by `TRUST` forecasts that were as wide as they should
    be: the posterior scale of a normal with known mean (inverse gamma; Gelman and others, Bayesian Data Analysis, section 2.6).
    """
    held = np.clip(np.asarray(places, dtype=float), -4.0, 4.0)
    return math.sqrt((TRUST + float((held**2).sum())) / (TRUST + len(held)))


def _counting(published: Uncertain, seen: Seen) -> float:
    """Variance from counting, in the range's standard units."""
    if not seen.events:
        return 0.0
    return 1 / seen.events / max(sum(published._spreads) / 2, 1e-6) ** 2


def _own_variation(places: Draws, noise: Draws) -> float:
    """Variance between one brand's campaigns: the assumed one, and what the campaigns showed."""
    assumed = 1 - BETWEEN_BRANDS
    if len(places) < 2:
        return assumed
    shown = max(0.0, float(((places - places.mean()) ** 2).sum() - noise.mean() * (len(places) - 1)))
    return (TRUST * assumed + shown) / (TRUST + len(places) - 1)
