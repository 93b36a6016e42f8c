"""What counts can tell apart, against published figures and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.rates import test_poisson_2indep as poisson_test

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


@pytest.mark.parametrize(
    ("a", "b", "exposures"), [(20, 10, (1, 1)), (12, 5, (1, 2)), (3, 0, (1, 1)), (7, 9, (3, 1))]
)
def test_two_counts_against_statsmodels(a: int, b: int, exposures: tuple[float, float]) -> None:
    """The exact conditional test is that of statsmodels."""
    told = poisson_test(a, exposures[0], b, exposures[1], method="exact-cond").pvalue
    assert power.compare_counts(a, b, *exposures) == pytest.approx(told)


@pytest.mark.parametrize(("sizes", "effect"), [((5, 5), 1.5), ((12, 12), 0.9), ((40, 40), 0.5)])
def test_power_of_welch_against_statsmodels(sizes: tuple[int, int], effect: float) -> None:
    """With equal groups and equal spread Welch's test is the t test, and its power that of statsmodels."""
    told = TTestIndPower().power(effect, sizes[0], 0.1, ratio=sizes[1] / sizes[0])
    assert power.welch_power(effect, (1.0, 1.0), sizes) == pytest.approx(told, abs=1e-6)


def test_weeks_do_not_replace_creators() -> None:
    """Where creators differ much, no number of weeks tells few of them apart; where they do not, some do."""
    assert power.weeks_needed(0.5, 2.0, 6, 6, dispersion=2.0) is None
    weeks = power.weeks_needed(0.5, 2.0, 12, 12, dispersion=0.0)
    assert weeks is not None
    assert (
        power.groups_power(0.5 * weeks, 2.0, 12, 0.0)
        >= 0.8
        > power.groups_power(0.5 * (weeks - 1), 2.0, 12, 0.0)
    )


def test_counting_orders_as_if_creators_were_alike_cries_wolf() -> None:
    """Where creators differ, the test of pooled counts finds what is not there; the planned test keeps its level."""
    rng, runs, creators, mean = np.random.default_rng(3), 400, 10, 10.0
    groups = [rng.negative_binomial(1.0, 1 / (1 + mean), (runs, creators)) for _ in range(2)]
    pooled = [
        power.compare_counts(a, b) <= 0.1 for a, b in zip(*(g.sum(axis=1) for g in groups), strict=True)
    ]
    planned = stats.ttest_ind(*(np.sqrt(g) for g in groups), axis=1, equal_var=False).pvalue <= 0.1
    assert np.mean(pooled) > 0.4
    assert np.mean(planned) < 0.14
