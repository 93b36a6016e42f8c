"""The next wave: who is funded within a budget, on the outlook of everybody's same deal."""

from __future__ import annotations

import numpy as np

from creatorbook.stats.allocation import Limits, choose


def chosen_for_next(earned: np.ndarray, costs: np.ndarray, budget: float) -> list[int]:
    """The creators whose same deals together promise most after their costs, within the budget.

    Args:
        earned: creator × draw: what the deal leaves before fixed costs.
        costs: fixed cost of each deal.
        budget: the most the wave may cost.
    """
    worth = earned.mean(axis=1) - costs
    return choose(list(worth), list(costs), Limits(budget)) or []
