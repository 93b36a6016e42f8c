"""Draws that cover a range evenly: less chance in a figure for the same number of draws.

Every row is a Latin sample: each of n equal slices is hit once, in random order. Whatever is nearly a sum of its inputs
is then known far better than from independent draws. Sources: McKay, Beckman & Conover, Technometrics 21 (1979),
239–245; Owen, Annals of Statistics 25 (1997), 1541–1562. Nothing is drawn by rejection, so a last bit of an input
cannot shift all that is drawn after it.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from creatorbook.stats.intervals import NINETY

#: uniforms keep this far off 0 and 1, where a normal would be infinite
OFF_THE_ENDS = 1e-12


def uniforms(random: np.random.Generator, rows: int, n: int) -> np.ndarray:
    """Row × draw, between 0 and 1: each row has one value in every nth part, rows independent of each other."""
    slices = random.permuted(np.tile(np.arange(n), (rows, 1)), axis=1)
    return np.asarray(((slices + random.random((rows, n))) / n).clip(OFF_THE_ENDS, 1 - OFF_THE_ENDS))


def normals(random: np.random.Generator, rows: int, n: int) -> np.ndarray:
    """Row × draw, standard normal."""
    return np.asarray(special.ndtri(uniforms(random, rows, n)))


def spread_over(likely: float, low: float, high: float, steps: np.ndarray) -> np.ndarray:
    """Draws whose 90 % range is low to high, around the likely value (two half normals), from standard normal steps."""
    return np.asarray(likely + np.where(steps > 0, high - likely, likely - low) / NINETY * steps)


def choices(random: np.random.Generator, weights: np.ndarray, n: int) -> np.ndarray:
    """Places drawn by their weights, in random order: each as often as is its due, give or take one."""
    return random.permutation(systematic_choices(random, weights, n))


def systematic_choices(random: np.random.Generator, weights: np.ndarray, n: int) -> np.ndarray:
    """The same in ascending order: systematic resampling (Kitagawa, JCGS 5 (1996), 1–25)."""
    edges = np.cumsum(weights)
    at = (np.arange(n) + random.random()) / n * edges[-1]
    return np.minimum(np.searchsorted(edges, at, side="right"), len(weights) - 1)
