"""Three plain habits of spending a budget, for comparison: equal split, the largest, the highest response rate."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from creatorbook.findings import Text, say
from creatorbook.stats.allocation import Limits, in_turn


class HabitWords(NamedTuple):
    """How a reader calls a habit: within a sentence, and beside its dot in a chart."""

    within: Text
    short: Text


HABITS = {
    "equal": HabitWords(say("equal money for each size, in the order of the list"), say("equal")),
    "largest": HabitWords(say("all on the largest"), say("largest")),
    "response": HabitWords(say("all on the highest response rate"), say("highest response rate")),
}


def habit(people: pd.DataFrame, name: str, budget: float) -> list[int]:
    """Rows of `people` (columns of `candidates`, priced) that a habit takes for so much money.

    Equal split: every size gets the same money; within a size creators are taken in the order of the list by name
    as long as they fit, and what a size leaves over goes to whoever comes next in that order.
    """
    people = people.reset_index(drop=True)
    costs = people.cost.tolist()
    if name == "equal":
        return _equal(people, costs, budget)
    by = people.followers if name == "largest" else people.response.fillna(-1.0)
    order = (
        pd.DataFrame({"by": -by, "handle": people.handle}).sort_values(["by", "handle"], kind="stable").index
    )
    return sorted(in_turn(list(order), costs, Limits(budget=budget)))


def _equal(people: pd.DataFrame, costs: list[float], budget: float) -> list[int]:
    """Equal money for each size; see `habit`."""
    order = people.sort_values("handle", kind="stable").index
    tiers = list(dict.fromkeys(people.tier))
    chosen: list[int] = []
    for tier in tiers:
        own = [row for row in order if people.tier[row] == tier]
        chosen += in_turn(own, costs, Limits(budget=budget / len(tiers)))
    left = budget - sum(costs[row] for row in chosen)
    rest = [row for row in order if row not in chosen]
    return sorted([*chosen, *in_turn(rest, costs, Limits(budget=left))])
