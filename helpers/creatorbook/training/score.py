"""How decisions and ranges are scored: against the truth, the best there was, and what people do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from creatorbook.findings import Column, Count, Share, Table, Text, say
from creatorbook.stats.intervals import share_interval
from creatorbook.training.judging import Judge
from creatorbook.training.lesson import Judgement, Stated, Values, Worth

#: stated ranges below which nothing is said of how well they agree
FEW = 10


@dataclass(frozen=True)
class Habit:
    """What people do in place of thinking, and what it would have brought."""

    words: Text
    value: float


def compared(own: float, best: float, habits: Sequence[Habit], unit: str = "money") -> Table:
    """A decision beside the best one and the habits, the best first."""
    rows: list[tuple[str, Text, float]] = [
        ("own", say("Your decision"), own),
        ("best", say("The best there was"), best),
    ]
    rows += [("habit", habit.words, habit.value) for habit in habits]
    frame = pd.DataFrame(rows, columns=["kind", "what", "value"])
    frame = frame.sort_values("value", ascending=False, kind="stable", ignore_index=True)
    columns = {"what": Column(say("Decision")), "value": Column(say("What it would truly bring"), unit)}
    strong = tuple(frame.index[frame.kind == "own"])
    return Table("training.compared", say("Beside the truth"), frame, columns, strong=strong)


def beside(worth: Callable[[Values], float], best: float, habits: Sequence[Habit], judge: Judge) -> Judge:
    """As `judge`, with what the decision is worth shown beside the best one and the habits, and kept as its score."""

    def judged(values: Values) -> Judgement:
        value = worth(values)
        return replace(judge(values), shown=(compared(value, best, habits),), score=Worth(value, best))

    return judged


def how_ranges_held(stated: Sequence[Stated]) -> Text:
    """How often the stated ranges held what they were about, beside how often they were meant to."""
    if not stated:
        return say("No range was stated yet.")
    n, holding = len(stated), sum(one.holds for one in stated)
    meant = sum(one.level for one in stated) / n
    low, high = share_interval(holding, n)
    counts = {"held": Count(holding), "n": Count(n), "meant": Share(meant)}
    if high < meant:
        return say(
            "{held} of {n} stated ranges held the truth, and {meant} were meant to: they are too narrow. State wider ones.",
            **counts,
        )
    if low > meant:
        return say(
            "{held} of {n} stated ranges held the truth, and {meant} were meant to: they are wider than they need be.",
            **counts,
        )
    if n < FEW:
        return say(
            "{held} of {n} stated ranges held the truth; {meant} were meant to. So few cannot tell yet.",
            **counts,
        )
    return say("{held} of {n} stated ranges held the truth; {meant} were meant to. That agrees.", **counts)


def as_habits(habits: Mapping[str, float], words: Mapping[str, Text]) -> list[Habit]:
    """Habits with their words, in the order of the words."""
    return [Habit(text, habits[name]) for name, text in words.items() if name in habits]
