"""Events that come late: how many units that were watched for a while only will still have theirs.

A curve is the share of all units whose event has come by so many days. It comes as draws, so that whatever is built on
it knows how well it is known: from dated events by a gamma process over the days' steps (chain-ladder increments with a
prior that reaches beyond the file; Kalbfleisch, JRSS B 40 (1978), 214–221), or, where only the state of each unit is
known, by a grid over delays (current status data with a part that never has an event; Groeneboom & Wellner 1992; Boag,
JRSS B 11 (1949), 15–53).
"""

from __future__ import annotations

import numpy as np
from scipy import special

from creatorbook.stats.newton import exp
from creatorbook.stats.shrinkage import mean_draws
from creatorbook.stats.strata import choices, uniforms

#: shape of the usual delay: two in three within a half and one and a half of its mean
USUAL_SHAPE = 3.0
#: units' worth of trust in the usual delay where dates tell the true one
PRIOR_UNITS = 20.0
#: no unit is surer than this to have its event
MOST = 0.97
#: grid of delays where only states are known: mean in usual means with its prior spread, shape, and the part that is late
MEANS, MEAN_SPREAD = np.geomspace(0.45, 2.2, 12), 0.3
SHAPES = (2.0, 3.0, 5.0)
LATE_PARTS = {0.0: 0.6, 0.08: 0.25, 0.16: 0.15}
#: the late part comes so many times later, in a narrower spread
LATE_TIMES, LATE_SHAPE = 3.0, 5.0
#: units' worth of trust in what groups of a label have in common
LABEL_WEIGHT = 20.0


def usual_delay(horizon: int, mean: float) -> np.ndarray:
    """Share of all events that have come by each day, 0 … horizon, for the usual delay; 1 on the last day."""
    by_day = special.gammainc(USUAL_SHAPE, (np.arange(horizon + 1) + 1) * USUAL_SHAPE / mean)
    return np.asarray(by_day / by_day[-1])


def curve_from_dates(
    age: np.ndarray, lag: np.ndarray, usual: np.ndarray, random: np.random.Generator, n: int
) -> np.ndarray:
    """Draws of the curve, draw × day, from units of all ages, those still open included.

    Args:
        age: days each unit has been watched.
        lag: days from a unit's start to its event, for units that had one.
        usual: what the delay usually is (`usual_delay`): stands where the file is too short to show it.
        random, n: source and number of draws.

    Each day's step is the events of that day over the units old enough to have shown it, so young units count as far
    as they have been watched.
    """
    horizon = len(usual) - 1
    watched = np.bincount(np.clip(age, 0, horizon), minlength=horizon + 1)[::-1].cumsum()[::-1]
    came = np.bincount(np.clip(lag, 0, horizon), minlength=horizon + 1)
    final = (len(lag) + 0.5) / (usual[np.clip(age, 0, horizon)].sum() + 1.0)
    shape = came + PRIOR_UNITS * final * np.diff(usual, prepend=0.0)
    steps = random.standard_gamma(shape, size=(n, horizon + 1)) / (watched + PRIOR_UNITS)
    return np.asarray(np.minimum(steps.cumsum(axis=1), MOST))


def curve_from_states(
    age: np.ndarray, had: np.ndarray, horizon: int, mean: float, random: np.random.Generator, n: int
) -> np.ndarray:
    """Draws of the curve, draw × day, where each unit tells only whether its event has come.

    Args:
        age: days each unit has been watched.
        had: whether its event has come.
        horizon: days after which none comes.
        mean: of the usual delay in days.
        random, n: source and number of draws.
    """
    at = np.clip(age, 0, horizon)
    units, events = (np.bincount(at, weights=w, minlength=horizon + 1) for w in (np.ones(len(at)), had))
    delays, weight = _delays(horizon, mean)
    middle = (events.sum() + 0.5) / (units @ usual_delay(horizon, mean) + 1.0)
    finals = np.linspace(max(0.004, 0.4 * middle), min(MOST, 2.0 * middle + 0.05), 61)
    log_weight = np.stack([_log_likelihood(final * delays, units, events) for final in finals])
    log_weight = log_weight + weight
    for_cell, for_place = random.spawn(2)
    cell = choices(for_cell, exp(log_weight - log_weight.max()).ravel(), n)
    within = (uniforms(for_place, 1, n)[0] - 0.5) * (finals[1] - finals[0])
    final = np.clip(finals[cell // len(delays)] + within, 0.001, MOST)
    return np.asarray(final[:, None] * delays[cell % len(delays)])


def _delays(horizon: int, mean: float) -> tuple[np.ndarray, np.ndarray]:
    """Every delay of the grid, delay × day, and the logarithm of its prior weight."""
    days = np.arange(horizon + 1) + 0.5
    late = special.gammainc(LATE_SHAPE, days * LATE_SHAPE / (LATE_TIMES * mean))
    rows, weights = [], []
    for times in MEANS:
        for shape in SHAPES:
            usual = special.gammainc(shape, days * shape / (times * mean))
            for part, trust in LATE_PARTS.items():
                by_day = (1 - part) * usual + part * late
                rows.append(by_day / by_day[-1])
                weights.append(np.log(trust) - 0.5 * (np.log(times) / MEAN_SPREAD) ** 2)
    return np.array(rows), np.array(weights)


def _log_likelihood(share: np.ndarray, units: np.ndarray, events: np.ndarray) -> np.ndarray:
    share = np.clip(share, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(share) @ events + np.log1p(-share) @ (units - events))


def label_times(expected: np.ndarray, had: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """How many times as often as expected each label's units have their event, shrunk to 1 (gamma-Poisson).

    Args:
        expected, had: by unit: events expected, and come.
        labels: by unit, 0 … number of labels − 1.
    """
    size = int(labels.max()) + 1 if len(labels) else 0
    came, due = (np.bincount(labels, weights=w, minlength=size) for w in (had, expected))
    return np.asarray((came + LABEL_WEIGHT) / (due + LABEL_WEIGHT))


def pace_so_far(
    share: np.ndarray, had: np.ndarray, group: np.ndarray, groups: int
) -> tuple[np.ndarray, np.ndarray]:
    """What each group's units so far say of its own pace: logarithm of how many times as often, and its variance.

    Args:
        share: by unit: the chance to have had its event by now.
        had: by unit: whether it has.
        group: of each unit, 0 … groups − 1.

    One scoring step from an equal pace; variance infinity where nothing could be seen yet.
    """
    odds = np.minimum(share, MOST) / (1 - np.minimum(share, MOST))
    score = np.bincount(group, weights=np.where(had, 1.0, -odds), minlength=groups)
    information = np.bincount(group, weights=odds, minlength=groups)
    there = information > 0
    safe = np.where(there, information, 1.0)
    return np.where(there, score / safe, 0.0), np.where(there, 1 / safe, np.inf)


def pace_draws(
    logs: np.ndarray, variances: np.ndarray, level: float, spread: float, random: np.random.Generator, n: int
) -> np.ndarray:
    """Draws of how many times as often as on the curve each group's units have their event: group × draw.

    Args:
        logs, variances: `pace_so_far` of each group.
        level: how far all groups together may lie off the curve (sd of the logarithm).
        spread: prior scale of the spread between groups, which is drawn.
    """
    centre = -(level**2 + spread**2) / 2  # the mean is 1, not the median
    return exp(mean_draws(logs, variances, random, n, spread, prior=(centre, level)))


def later_share(so_far: np.ndarray, finally_: np.ndarray) -> np.ndarray:
    """Chance of an event still to come for a unit that has had none: (final − so far) ÷ (1 − so far)."""
    return np.asarray(np.maximum(finally_ - so_far, 0.0) / (1 - so_far))
