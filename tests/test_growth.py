"""Jumps in follower curves: found, measured, and not seen where there are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbook.stats.growth import daily_gains, jumps
from creatorbook.stats.robust import line_z

LIMITS = {"window_days": 91, "z": 6.0, "share": 0.02, "decay_days": 30}


def curve(gains: np.ndarray, start: float = 20_000, views: np.ndarray | None = None) -> pd.DataFrame:
    days = pd.date_range("2026-01-01", periods=len(gains) + 1)
    followers = start + np.concatenate([[0], np.cumsum(gains)])
    frame = pd.DataFrame({"account": "a", "date": days, "followers": followers})
    return frame.assign(views=views if views is not None else np.nan)


def usual(days: int = 90, seed: int = 1, mean: float = 20) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, days).astype(float)


def test_steady_growth_has_no_jump() -> None:
    """A curve that grows as always has nothing to ask about."""
    for seed in range(20):
        assert jumps(daily_gains(curve(usual(seed=seed))), **LIMITS).empty


def test_one_day_jump_is_found_and_measured() -> None:
    """A step of 2,000 on 20,000 is found on its day, with its size beyond the usual."""
    gains = usual()
    gains[39] += 2000
    found = jumps(daily_gains(curve(gains)), **LIMITS)
    assert len(found) == 1
    assert found.start[0] == found.end[0] == pd.Timestamp("2026-02-10")
    assert found.gain[0] == pytest.approx(2000, rel=0.02)
    assert np.isnan(found.views_ratio[0])


def test_slow_rise_is_found_though_no_day_stands_out_much() -> None:
    """Four weeks at four times the usual pace are one rise."""
    gains = usual()
    gains[20:48] += 90
    found = jumps(daily_gains(curve(gains)), **LIMITS)
    assert len(found) == 1
    assert found.gain[0] == pytest.approx(28 * 90, rel=0.1)


def test_views_of_the_same_days_are_measured() -> None:
    """Views far above good days elsewhere are told as a multiple of them."""
    gains, views = usual(), np.full(91, 1000.0)
    gains[39] += 2000
    views[39:43] = 9000
    found = jumps(daily_gains(curve(gains, views=views)), **LIMITS)
    assert found.views_ratio[0] > 5
    assert found.views_near[0] == pytest.approx(1, abs=0.05)


def test_what_leaks_away_is_measured() -> None:
    """Half of a jump gone within a month reads as half."""
    gains = usual()
    gains[30] += 2000
    gains[31:51] -= 50
    found = jumps(daily_gains(curve(gains)), **LIMITS)
    assert found.lost[0] == pytest.approx(0.5, abs=0.08)


def test_gap_in_the_history_is_no_jump() -> None:
    """Two weeks without counts spread their change over the days."""
    frame = curve(usual())
    gappy = frame[(frame.date < "2026-02-01") | (frame.date > "2026-02-14")]
    assert jumps(daily_gains(gappy), **LIMITS).empty


def test_zero_followers_and_single_days_break_nothing() -> None:
    """Accounts with no followers, one day, or days counted twice give no jump and no error."""
    frame = pd.concat(
        [
            curve(np.zeros(40), start=0),
            curve(np.array([]), start=500).assign(account="b"),
            curve(usual(), start=5000).assign(account="c"),
            curve(usual(), start=5000).assign(account="c"),
        ]
    )
    assert jumps(daily_gains(frame), **LIMITS).empty


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 60), st.floats(0.05, 0.6), st.integers(0, 1000))
def test_large_jumps_are_always_found(day: int, share: float, seed: int) -> None:
    """A jump of 5 % or more on any inner day is found, once, with its size."""
    gains = usual(seed=seed)
    gains[day + 10] += 20_000 * share
    found = jumps(daily_gains(curve(gains)), **LIMITS)
    assert len(found) == 1
    assert found.share[0] == pytest.approx(share, rel=0.15)


def test_line_is_not_turned_by_odd_points() -> None:
    """A fifth of points far off leaves the line where the others are."""
    random = np.random.default_rng(3)
    x = pd.Series(random.uniform(0, 5, 60))
    y = 1 - 0.5 * x + random.normal(0, 0.1, 60)
    y[:12] += 4
    z, fitted = line_z(x, y)
    assert (z[:12] > 10).all()
    assert (z[12:].abs() < 5).all()
    assert np.allclose(fitted[12:], 1 - 0.5 * x[12:], atol=0.12)
