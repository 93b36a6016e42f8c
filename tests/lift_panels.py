"""Made-up sales by unit and day with a known lift, for the tests and the study of lift estimators.

What moves sales beside the campaign, all of it in every panel: a week and a slow season that units share, a
trend of the whole and a smaller one of each unit's own, noise that lasts for days, promotions that hit units
unequally, stock-outs, and counts that vary more than chance alone. Nothing here is fitted to an estimator.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pandas as pd

FIRST_DAY = date(2026, 1, 5)


@dataclass(frozen=True)
class World:
    """One kind of panel.

    Attributes:
        units: how many products, markets, stores or regions.
        treated: how many of them meet the campaign; which ones is drawn.
        before, during: days before and in the campaign.
        mean: orders of a typical unit per day.
        sizes: spread of the units' sizes (of the logarithm).
        own_trend: spread of the units' own trends: change of the logarithm over 84 days.
        drift: daily step of a random walk of each unit's own (of the logarithm); 0 in an ordinary world.
        block: so many neighbours in size are drawn together, half of them treated, as a hold-out is planned (2: pairs);
            0: any units are treated.
    """

    units: int
    treated: int
    before: int = 84
    during: int = 28
    mean: float = 10.0
    sizes: float = 0.6
    own_trend: float = 0.06
    drift: float = 0.0
    block: int = 0


@dataclass(frozen=True)
class Made:
    """A panel with its truth: rows of unit, date and value; who is treated when; extra sales by the lift."""

    panel: pd.DataFrame
    treated: list[str]
    start: date
    end: date
    extra: float


def made(world: World, lift: float, seed: int) -> Made:
    """One panel: treated units sell `1 + lift` times as much from the start on."""
    random = np.random.default_rng(seed)
    days = world.before + world.during
    sizes = np.sort(world.mean * np.exp(random.normal(0, world.sizes, world.units)))[::-1]
    usual = sizes * np.exp(_shared(random, days)[:, None] + _own(random, world, days))
    usual = usual * _promotions(random, world.units, days) * _stock(random, world.units, days)
    chosen = _chosen(random, world)
    shape = random.uniform(20, 60)
    usual = usual * random.gamma(shape, 1 / shape, usual.shape)
    plain = random.poisson(usual)
    more = random.poisson(usual * max(lift, 0))
    inside = np.zeros((days, world.units), dtype=bool)
    inside[world.before :, chosen] = True
    counts = np.where(inside, plain + more, plain)
    names = _names(world)
    frame = pd.DataFrame(counts, columns=names, index=pd.date_range(FIRST_DAY, periods=days, name="date"))
    panel = frame.melt(ignore_index=False, var_name="unit", value_name="value").reset_index()
    start = FIRST_DAY + timedelta(days=world.before)
    treated = [names[place] for place in chosen]
    return Made(panel, treated, start, FIRST_DAY + timedelta(days=days - 1), float((more * inside).sum()))


def blocks_of(world: World) -> list[list[str]]:
    """How the sides of its panels are drawn: the units of each block, or all as one."""
    names, size = _names(world), world.block or world.units
    return [names[first : first + size] for first in range(0, world.units, size)]


def _names(world: World) -> list[str]:
    return [f"unit {place:02d}" for place in range(world.units)]


def _shared(random: np.random.Generator, days: int) -> np.ndarray:
    """The logarithm of what all units share: weekdays, a slow season, a trend, noise that lasts."""
    day = np.arange(days)
    week = random.normal(0, 0.15, 7)[day % 7]
    season = random.uniform(0.05, 0.25) * np.sin(
        2 * np.pi * (day / random.uniform(90, 365) + random.random())
    )
    trend = random.normal(0, 0.15) * day / 84
    return week + season + trend + _lasting(random, days, 1, 0.05, 0.6)[:, 0]


def _own(random: np.random.Generator, world: World, days: int) -> np.ndarray:
    """The logarithm of what is a unit's own: a trend, lasting noise, and a random walk in a drifting world."""
    trend = random.normal(0, world.own_trend, world.units) * np.arange(days)[:, None] / 84
    walk = np.cumsum(random.normal(0, 1, (days, world.units)) * world.drift, axis=0)
    return trend + walk + _lasting(random, days, world.units, 0.08, 0.4)


def _lasting(random: np.random.Generator, days: int, units: int, spread: float, memory: float) -> np.ndarray:
    """Noise of a given spread of which so much remains on the next day."""
    steps = random.normal(0, spread * np.sqrt(1 - memory**2), (days, units))
    noise = np.empty((days, units))
    noise[0] = random.normal(0, spread, units)
    for day in range(1, days):
        noise[day] = memory * noise[day - 1] + steps[day]
    return noise


def _promotions(random: np.random.Generator, units: int, days: int) -> np.ndarray:
    """Two to four sales of some days, each unit with a response of its own."""
    factor = np.ones((days, units))
    for _ in range(random.integers(2, 5)):
        first, length = random.integers(0, days - 3), random.integers(2, 6)
        response = random.uniform(0.2, 0.8) * random.uniform(0.6, 1.4, units)
        factor[first : first + length] *= 1 + response
    return factor


def _stock(random: np.random.Generator, units: int, days: int) -> np.ndarray:
    """One unit in five runs short once: three to ten days at a tenth to a half of its sales."""
    factor = np.ones((days, units))
    for unit in np.flatnonzero(random.random(units) < 0.2):
        first, length = random.integers(0, days), random.integers(3, 11)
        factor[first : first + length, unit] = random.uniform(0.1, 0.5)
    return factor


def _chosen(random: np.random.Generator, world: World) -> np.ndarray:
    """Who is treated: any, or half of each block of neighbours in size."""
    if not world.block:
        return np.sort(random.choice(world.units, world.treated, replace=False))
    halves = np.array(list(combinations(range(world.block), world.block // 2)))
    firsts = np.arange(0, world.units, world.block)
    return np.sort((firsts[:, None] + halves[random.integers(0, len(halves), len(firsts))]).ravel())
