"""Power of lift comparisons: bounds, monotonicity, and a small simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbook.stats.lift_power import (
    Comparison,
    dispersion,
    lift_test,
    power,
    simulated,
    smallest_lift,
    smallest_lift_range,
)

COMPARISONS = st.builds(
    Comparison,
    treated=st.floats(1, 300),
    control=st.one_of(st.none(), st.floats(1, 300)),
    before=st.integers(14, 84),
    during=st.integers(7, 42),
    dispersion=st.floats(0, 0.3),
)


@given(COMPARISONS, st.floats(1, 3), st.floats(1.01, 2))
@settings(max_examples=60, deadline=None)
def test_more_lift_is_found_more_often(comparison: Comparison, ratio: float, more: float) -> None:
    """Power lies between 0 and 1 and grows with the lift; without one it is the level."""
    assert 0 <= power(comparison, ratio) <= power(comparison, ratio * more) + 1e-3 <= 1 + 1e-3
    assert power(comparison, 1.0) == pytest.approx(0.05, abs=1e-6)


@given(COMPARISONS)
@settings(max_examples=30, deadline=None)
def test_the_smallest_lift_is_found_in_four_of_five_campaigns(comparison: Comparison) -> None:
    """At the smallest lift the power is what was asked for; more spread needs a larger lift."""
    lift = smallest_lift(comparison)
    if lift is None:
        return
    assert power(comparison, 1 + lift) == pytest.approx(0.8, abs=1e-3)
    low, middle, high = smallest_lift_range(comparison, (0.0, 0.1, 0.3))
    assert low is not None
    assert low <= (middle or 99) <= (high or 99)


def test_an_impossible_comparison_states_no_lift() -> None:
    """Without days or without orders nothing could be found."""
    assert smallest_lift(Comparison(5, 5, before=2, during=1)) is None
    assert smallest_lift(Comparison(0, 5, before=28, during=28)) is None
    assert smallest_lift(Comparison(0.01, 0.01, before=14, during=14)) is None


def test_the_dispersion_comes_back() -> None:
    """Dispersion is read back from counts, with two groups although both share a season."""
    rng = np.random.default_rng(61)
    season = rng.gamma(4, 0.25, 3000)
    one, other = (rng.poisson(rng.gamma(20, season * 30 / 20)) for _ in range(2))
    low, found, high = dispersion(one, other)
    assert low <= found <= high
    assert found == pytest.approx(0.05, rel=0.35)
    assert dispersion(one)[1] > 0.2
    assert dispersion(rng.poisson(5, 2000))[1] < 0.02


def test_too_little_to_read_a_spread_from() -> None:
    """Below a week, or with an empty group, there is no dispersion."""
    assert dispersion([1, 2, 3]) is None
    assert dispersion([0] * 10) is None
    assert dispersion([1] * 10, [0] * 10) is None


def test_what_moves_both_groups_is_no_lift() -> None:
    """A season that doubles both groups gives a ratio of about 1; a lift of the treated one is found."""
    rng = np.random.default_rng(62)
    counts = [rng.poisson(mean, 40) for mean in (20, 40, 30, 60)]
    quiet = lift_test(counts[0], counts[1], counts[2], counts[3])
    assert quiet.low < 1 < quiet.high
    lifted = lift_test(counts[0], counts[1] * 2, counts[2], counts[3])
    assert lifted.low > 1.5
    assert lifted.p < 0.001


def test_an_empty_group_says_nothing() -> None:
    """Where a group has no count the ratio is not a number and nothing is found."""
    found = lift_test([0, 0, 0], [1, 2, 3], [1, 1, 1], [2, 2, 2])
    assert np.isnan(found.ratio)
    assert found.p == 1


def test_a_small_simulation_agrees() -> None:
    """300 campaigns at the smallest lift: about four of five are found (the full study is in benchmarks)."""
    comparison = Comparison(15, 20, before=56, during=28, dispersion=0.05)
    lift = smallest_lift(comparison)
    assert lift is not None
    counts = simulated(comparison, 1 + lift, 300, np.random.default_rng(63))
    assert (lift_test(*counts).p < 0.05).mean() == pytest.approx(0.8, abs=0.07)
