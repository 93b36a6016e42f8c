"""A suggested next wave: who is in it, at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Wave:
    """A suggested next wave.

    Attributes:
        frame: one row per creator of the wave: creator, deal, cost, again with again_low and again_high (the
            likely result in money, or of the goal's figure), funded (share of draws in which the creator is chosen; for
            sales only), decision.
        budget: what it may cost.
        for_newcomers: what of it is kept for creators who were never tried.
    """

    frame: pd.DataFrame
    budget: float
    for_newcomers: float

    @property
    def cost(self) -> float:
        """What the named creators cost."""
        return float(self.frame.cost.sum())
