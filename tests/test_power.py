"""What counts can tell apart, against published figures and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from creatorbook.stats import power


@pytest.mark.parametrize(("a", "b", "told"), [(20, 10, 0.10), (12, 5, 0.14), (30, 15, 0.04)])
def test_exact_test_of_two_creators(a: int, b: int, told: float) -> None:
    """Twice the orders is often chance at the usual volumes."""
    assert round(power.compare_counts(a, b), 2) == told


def test_no_orders_tell_nothing() -> None:
    """Two creators without orders cannot be told apart."""
    assert power.compare_counts(0, 0) == 1.0


@pytest.mark.parametrize(("mean", "ratio"), [(8, 2), (20, 1.5), (3, 4)])
def test_power_of_two_counts_against_simulation(mean: float, ratio: float) -> None:
    """The exact power is what 2,000 simulated pairs show, within 3 points."""
    rng = np.random.default_rng(1)
    pairs = rng.poisson(mean, 2000), rng.poisson(mean * ratio, 2000)
    seen = {}
    rejected = [
        seen.setdefault((a, b), power.compare_counts(a, b)) <= 0.1 for a, b in zip(*pairs, strict=True)
    ]
    assert power.counts_power(mean, ratio) == pytest.approx(np.mean(rejected), abs=0.03)


@pytest.mark.parametrize(("creators", "ratio"), [(8, 2.5), (15, 2), (30, 1.6)])
def test_power_of_two_groups_against_simulation(creators: int, ratio: float) -> None:
    """Power of Welch's test on roots of overdispersed counts, within 3 points of 4,000 simulations."""
    rng, mean, dispersion = np.random.default_rng(2), 10.0, 0.5

    def group(expected: float) -> np.ndarray:
        rates = rng.gamma(1 / dispersion, dispersion * expected, (4000, creators))
        return np.sqrt(rng.poisson(rates))

    p = stats.ttest_ind(group(mean), group(mean * ratio), axis=1, equal_var=False).pvalue
    told = power.groups_power(mean, ratio, creators, dispersion)
    assert told == pytest.approx(float(np.mean(p <= 0.1)), abs=0.03)


def test_more_creators_see_smaller_differences() -> None:
    """The detectable ratio falls with the number of creators."""
    told = [power.detectable_ratio(lambda r, n=n: power.groups_power(8, r, n)) for n in (6, 12, 40)]
    assert told[0] > told[1] > told[2] > 1


def test_one_creator_a_group_tells_nothing() -> None:
    """Without a second creator there is no spread to judge by."""
    assert power.detectable_ratio(lambda r: power.groups_power(8, r, 1)) is None


def test_creators_needed_is_the_smallest() -> None:
    """That many creators reach the power, one fewer does not."""
    n = power.creators_needed(8, 2, 1.0)
    assert n is not None
    assert power.groups_power(8, 2, n) >= 0.8 > power.groups_power(8, 2, n - 1)
