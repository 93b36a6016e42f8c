"""Shares counted with an instrument that errs: adjusted counting, and thresholds for a stated false-alarm rate."""

from __future__ import annotations

import numpy as np

from creatorbook.stats.strata import uniforms

#: draws behind an interval of an adjusted share
SHARE_DRAWS = 6_000

#: how much more often an instrument must react to what it looks for than to anything else
LEAST_DIFFERENCE = 0.15


def threshold_for(ordinary: np.ndarray, false_alarms: float) -> float:
    """The value that at most so many ordinary cases exceed, in the long run.

    The order statistic of split-conformal prediction: with n ordinary cases seen, a further one exceeds it with
    a probability of at most `false_alarms`. Infinite where n is too small for the rate: nothing is flagged.
    Source: Vovk, Gammerman & Shafer, Algorithmic Learning in a Random World (2005), section 2.

    Args:
        ordinary: scores of ordinary cases, higher is odder; missing ones are left out.
        false_alarms: 0 to 1.
    """
    scores = np.sort(ordinary[~np.isnan(ordinary)])
    rank = int(np.ceil((len(scores) + 1) * (1 - false_alarms)))
    return float(scores[rank - 1]) if rank <= len(scores) else float("inf")


def adjusted_share(
    flagged: int,
    n: int,
    positives: tuple[int, int],
    alarms: tuple[int, int],
    level: float = 0.9,
    seed: int = 2026,
) -> tuple[float, float, float] | None:
    """A share corrected for what an instrument misses and for its false alarms (adjusted count): share, low, high.

    share = (flagged ÷ n − false alarms) ÷ (sensitivity − false alarms). The interval draws all three rates from what
    was seen (Jeffreys), so that a small calibration widens it.
    Source: Rogan & Gladen, American Journal of Epidemiology 107 (1978), 71–76; Forman, Data Mining and Knowledge
    Discovery 17 (2008), 164–206.

    Args:
        flagged: cases flagged in the sample; `n`: cases in the sample.
        positives: (flagged, n) among cases known to be what is looked for.
        alarms: (flagged, n) among cases known to be ordinary.

    Returns:
        None where the instrument hardly tells the two apart, or where nothing was looked at.
    """
    if not n or not positives[1] or not alarms[1]:
        return None
    hit, alarm = positives[0] / positives[1], alarms[0] / alarms[1]
    if hit - alarm < LEAST_DIFFERENCE:
        return None
    each = np.random.default_rng(seed).spawn(3)  # no rate shifts another's draws
    counted = ((flagged, n), positives, alarms)
    raw, hits, false = (_rate(random, k, of) for random, (k, of) in zip(each, counted, strict=True))
    return (*_summary((flagged / n - alarm) / (hit - alarm), raw, hits, false, level),)


def assumed_share(
    flagged: int,
    n: int,
    positives: tuple[float, float],
    alarms: tuple[float, float],
    level: float = 0.9,
    seed: int = 2026,
) -> tuple[float, float, float] | None:
    """`adjusted_share` with ranges in place of a calibration: any rate between two bounds is equally likely."""
    if not n:
        return None
    for_rates, for_share = np.random.default_rng(seed).spawn(2)
    rates = uniforms(for_rates, 2, SHARE_DRAWS)
    hits, false = (
        low + (high - low) * row for (low, high), row in zip((positives, alarms), rates, strict=True)
    )
    middle = (flagged / n - sum(alarms) / 2) / ((sum(positives) - sum(alarms)) / 2)
    return (*_summary(middle, _rate(for_share, flagged, n), hits, false, level),)


def _rate(random: np.random.Generator, k: float, n: float) -> np.ndarray:
    return random.beta(k + 0.5, n - k + 0.5, SHARE_DRAWS)


def _summary(
    middle: float, raw: np.ndarray, hits: np.ndarray, false: np.ndarray, level: float
) -> tuple[float, float, float]:
    works = hits - false > LEAST_DIFFERENCE / 3
    shares = np.clip((raw[works] - false[works]) / (hits[works] - false[works]), 0, 1)
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
    return float(np.clip(middle, 0, 1)), float(low), float(high)
