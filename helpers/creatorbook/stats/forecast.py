"""A forecast from ranges: every input is drawn from its range, the result is a range too."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]


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
        middle = math.log(self.likely)
        down = (middle - math.log(max(self.low, self.likely / 1e3))) / 1.645
        up = (math.log(self.high) - middle) / 1.645
        return np.minimum(np.exp(middle + np.where(normal < 0, down, up) * normal), self.most)


@dataclass(frozen=True)
class Forecast:
    """Draws of a result, and what its spread comes from.

    Attributes:
        draws: the result, one value per draw.
        swings: input → the result with that input at its low and high end, all others likely.
        spread: input → its part of the spread, adding up to 1 with `chance`.
        assumed_share: how much of the spread comes from assumed inputs.
    """

    draws: Draws
    swings: dict[str, tuple[float, float]]
    spread: dict[str, float]
    assumed_share: float

    def range(self, level: float = 0.9) -> tuple[float, float, float]:
        """Low end, median and high end."""
        tail = (1 - level) / 2
        low, middle, high = np.quantile(self.draws, [tail, 0.5, 1 - tail])
        return float(low), float(middle), float(high)


def forecast(
    inputs: Mapping[str, Uncertain],
    formula: Callable[[Mapping[str, Draws]], Draws],
    draws: int = 4000,
    seed: int = 20260302,
    *,
    chance: bool = False,
) -> Forecast:
    """Draw all inputs independently and work out the result.

    Args:
        inputs: by name; order does not matter.
        formula: inputs' values → result, element by element.
        draws: how many.
        seed: same seed, same forecast.
        chance: whether the result is a count that also varies by chance (Poisson).
    """
    rng = np.random.default_rng(seed)
    names = sorted(inputs)
    result = formula({name: inputs[name].at(rng.standard_normal(draws)) for name in names})
    parts = {name: float(np.var(formula(_only(inputs, name, rng, draws)))) for name in names}
    if chance:
        parts["chance"] = float(np.mean(result))
        result = rng.poisson(np.maximum(result, 0)).astype(float)
    whole = sum(parts.values()) or 1.0
    spread = {name: part / whole for name, part in parts.items()}
    return Forecast(
        draws=result,
        swings={name: _swing(inputs, formula, name) for name in names},
        spread=spread,
        assumed_share=sum(spread[name] for name in names if inputs[name].assumed),
    )


def _only(
    inputs: Mapping[str, Uncertain], moved: str, rng: np.random.Generator, draws: int
) -> dict[str, Draws]:
    """One input drawn, all others at their likely value."""
    still = np.zeros(draws)
    return {
        name: value.at(rng.standard_normal(draws) if name == moved else still)
        for name, value in inputs.items()
    }


def _swing(
    inputs: Mapping[str, Uncertain], formula: Callable[[Mapping[str, Draws]], Draws], moved: str
) -> tuple[float, float]:
    ends = np.array([-1.645, 1.645])
    values = {name: value.at(ends if name == moved else np.zeros(2)) for name, value in inputs.items()}
    low, high = np.broadcast_to(formula(values), 2)
    return float(low), float(high)
