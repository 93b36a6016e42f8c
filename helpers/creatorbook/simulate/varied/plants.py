"""Which accounts carry what: kinds, strengths and shapes in the prevalence of `strengths.yml`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.simulate.outcomes import FITTING_SIZES
from creatorbook.simulate.settings import Settings
from creatorbook.simulate.varied.strengths import strengths, whole

LEVELS = ("weak", "medium", "strong")
INNOCENT = ("viral_post", "giveaway", "lively_community", "other_language", "shout_out")
PLANT_COLUMNS = ["kind", "strength", "shape", "group", "innocent", "account", "seen_from", "seen_until"]

#: Accounts of any other kind may be as small or large as the list has them.
SIZES = {**FITTING_SIZES, "other_language": (0, 100_000), "shout_out": (1_200, 150_000)}


def choose_plants(people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """One row per planted thing and account. Strengths take turns, beginning with another for each seed."""
    random = settings.random("varied plants")
    prevalence = strengths()["prevalence"]
    n = int(people.main.sum())
    free = set(people.index[people.main])
    rows: list[list[object]] = []
    for kind in ("bought_followers", "comment_spam", "follow_swings", *INNOCENT):
        count = int(prevalence[kind] * n + random.random())
        drawn = _draw(people, kind, count, free, random)
        rows += [
            [kind, _level(place, settings), _shape(kind, random), -1, kind in INNOCENT, account, -1, -1]
            for place, account in enumerate(drawn)
        ]
    for pod in range(prevalence["pods"]):
        count = whole(strengths()["pod"]["creators"], random)
        level = _level(pod, settings)
        members = _draw(people, "pod", count, free, random)
        rows += [["pod", level, "", pod, False, account, -1, -1] for account in members]
    rows += _second_signals(rows, prevalence["both"], settings, random)
    return pd.DataFrame(rows, columns=PLANT_COLUMNS)


def _level(place: int, settings: Settings) -> str:
    return LEVELS[(place + settings.seed) % len(LEVELS)]


def _shape(kind: str, random: np.random.Generator) -> str:
    return str(random.choice(list(strengths()[kind]["shapes"]))) if kind == "bought_followers" else ""


def _draw(
    people: pd.DataFrame, kind: str, count: int, free: set[int], random: np.random.Generator
) -> list[int]:
    """Accounts of a fitting size that carry nothing yet."""
    low, high = SIZES.get(kind, (0, 10**9))
    fitting = [row for row in people.index[people.followers.between(low, high)] if row in free]
    drawn = [int(row) for row in random.choice(fitting, min(count, len(fitting)), replace=False)]
    free -= set(drawn)
    return drawn


def _second_signals(
    rows: list[list[object]], share: float, settings: Settings, random: np.random.Generator
) -> list[list[object]]:
    """Some accounts in pods, or with spam, have additions too."""
    both = [row for row in rows if row[0] in {"pod", "comment_spam"} and random.random() < share]
    return [
        [
            "bought_followers",
            _level(place, settings),
            _shape("bought_followers", random),
            -1,
            False,
            row[5],
            -1,
            -1,
        ]
        for place, row in enumerate(both)
    ]
