"""One million journeys through all seven rules: how long it takes and how much memory beyond the frame.

Fixed before the first run: the seed, the frames, and the goals (one core, best of three).
"""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from creatorbook.stats.attribution import journeys, share_out

SEED = 903_001
JOURNEYS = 1_000_000
SECONDS, MEGABYTES = 1.0, 400.0


def touches(kind: str) -> pd.DataFrame:
    """A sorted touch frame of 20 channels and about three touches a journey."""
    random = np.random.default_rng(SEED)
    lengths = random.geometric(0.33, JOURNEYS)
    total = int(lengths.sum())
    journey = np.repeat(np.arange(JOURNEYS), lengths)
    channel = np.array([f"creator {number}" for number in range(20)])[random.integers(0, 20, total)]
    frame = pd.DataFrame(
        {
            "journey": journey,
            "time": pd.Timestamp("2026-03-01") + pd.to_timedelta(np.arange(total) * 7, unit="s"),
            "channel": channel,
            "converted": np.repeat(random.random(JOURNEYS) < 0.1, lengths),
            "value": np.repeat(np.round(random.lognormal(4, 0.5, JOURNEYS), 2), lengths),
        }
    )
    if kind == "text ids":
        return frame.assign(journey=frame.journey.map("visitor-{:07d}".format))
    return frame.assign(channel=frame.channel.astype("category")) if kind == "categories" else frame


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["whole-number ids", "text ids", "categories"])
def test_a_million_journeys_in_a_second(kind: str) -> None:
    """All seven rules in under a second and 400 MB above the frame."""
    frame = touches(kind)
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        given = share_out(journeys(frame, value="value"))
        seconds.append(time.perf_counter() - began)
    tracemalloc.start()
    share_out(journeys(frame, value="value"))
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(
        f"\n{kind}: {len(frame):,} touches of {JOURNEYS:,} journeys, {given.shape[1]} rules, best of three "
        f"{min(seconds):.2f} s (all: {', '.join(f'{one:.2f}' for one in seconds)}), {peak:.0f} MB above the frame"
    )
    assert (given.sum() == given.iloc[:, 0].sum()).all()
    assert min(seconds) < SECONDS
    assert peak < MEGABYTES
