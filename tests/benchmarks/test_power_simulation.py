"""Study: power and sample-size figures of the test plan against 2,000 simulated campaigns each.

The seeds were committed before the study ran; the place of a case in its list picks its seed. Run with
`python3 workbook.py test --all -s -k power_simulation` to see the figures.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from creatorbook.stats import power

#: simulated campaigns per figure
RUNS = 2000
#: one seed per case, in the order of the cases
SEEDS = range(430_000, 430_100)
#: goal: stated and simulated power differ by no more
WITHIN = 0.03

#: two single creators: orders of the weaker, how many times as many the other brings
PAIRS = [(3.0, 4.0), (5.0, 3.0), (8.0, 2.0), (8.0, 2.5), (12.0, 2.0), (20.0, 1.5), (20.0, 1.8), (40.0, 1.5)]
#: two groups: orders per creator in the weaker, dispersion (0 is Poisson), creators in each
GROUPS = [
    (mean, dispersion, sizes)
    for dispersion in (0.0, 0.5, 1.0, 2.0)
    for mean in (3.0, 10.0)
    for sizes in ((6, 6), (9, 21), (25, 25), (40, 60))
]
#: sample sizes: orders per creator, ratio, dispersion → creators needed in each group
NEEDED = [
    (3.0, 2.0, 0.0),
    (3.0, 2.0, 1.0),
    (10.0, 2.0, 0.5),
    (10.0, 2.0, 1.0),
    (10.0, 1.5, 1.0),
    (10.0, 3.0, 2.0),
]
#: weeks: orders per creator and week, ratio, creators in each group, dispersion
WEEKS = [
    (0.5, 1.5, (20, 20), 0.0),
    (1.0, 2.0, (20, 30), 0.5),
    (0.3, 2.0, (30, 30), 0.5),
    (2.0, 1.3, (12, 12), 0.0),
]

CASES = [*PAIRS, *GROUPS, *NEEDED, *WEEKS]
SEED = dict(zip(map(str, CASES), SEEDS, strict=False))


def orders(random: np.random.Generator, mean: float, dispersion: float, creators: int) -> np.ndarray:
    """Orders of one group in every campaign: campaign × creator."""
    if dispersion == 0:
        return random.poisson(mean, (RUNS, creators))
    return random.negative_binomial(1 / dispersion, 1 / (1 + dispersion * mean), (RUNS, creators))


def told_apart(case: object, mean: float, ratio: float, sizes: tuple[int, int], dispersion: float) -> float:
    """The part of the campaigns in which the planned test finds a difference."""
    random = np.random.default_rng(SEED[str(case)])
    weaker, stronger = (
        np.sqrt(orders(random, expected, dispersion, size))
        for expected, size in zip((mean, mean * ratio), sizes, strict=True)
    )
    return float((stats.ttest_ind(weaker, stronger, axis=1, equal_var=False).pvalue <= 0.1).mean())


def agree(words: str, stated: float, seen: float) -> None:
    print(f"\n{words}: stated {stated:.1%}, simulated {seen:.1%}")
    assert stated == pytest.approx(seen, abs=WITHIN)


@pytest.mark.slow
@pytest.mark.parametrize("case", PAIRS, ids=str)
def test_two_creators(case: tuple[float, float]) -> None:
    """The exact test of two counts finds a difference as often as stated."""
    mean, ratio = case
    random = np.random.default_rng(SEED[str(case)])
    pairs = np.column_stack([random.poisson(mean, RUNS), random.poisson(mean * ratio, RUNS)])
    values, counts = np.unique(pairs, axis=0, return_counts=True)
    found = [stats.binomtest(int(a), int(a + b)).pvalue <= 0.1 if a + b else False for a, b in values]
    agree(f"pair {case}", power.counts_power(mean, ratio), float(np.average(found, weights=counts)))


@pytest.mark.slow
@pytest.mark.parametrize("case", GROUPS, ids=str)
def test_two_groups(case: tuple[float, float, tuple[int, int]]) -> None:
    """The smallest difference found in four of five campaigns is found in that many."""
    mean, dispersion, (first, second) = case
    ratio = power.detectable_ratio(lambda r: power.groups_power(mean, r, first, dispersion, others=second))
    if ratio is None:
        pytest.skip("no difference up to fifty times is found, and the plan says so")
    stated = power.groups_power(mean, ratio, first, dispersion, others=second)
    seen = told_apart(case, mean, ratio, (first, second), dispersion)
    agree(f"groups {case}, {ratio:.2f} times", stated, seen)


@pytest.mark.slow
@pytest.mark.parametrize("case", NEEDED, ids=str)
def test_creators_needed(case: tuple[float, float, float]) -> None:
    """With the number of creators asked for, the difference is found as often as stated, which is four in five."""
    mean, ratio, dispersion = case
    creators = power.creators_needed(mean, ratio, dispersion)
    assert creators is not None
    stated = power.groups_power(mean, ratio, creators, dispersion)
    assert stated >= 0.8
    agree(
        f"needed {case}: {creators} each", stated, told_apart(case, mean, ratio, (creators,) * 2, dispersion)
    )


@pytest.mark.slow
@pytest.mark.parametrize("case", WEEKS, ids=str)
def test_weeks_needed(case: tuple[float, float, tuple[int, int], float]) -> None:
    """After the number of weeks asked for, the difference is found as often as stated."""
    weekly, ratio, sizes, dispersion = case
    weeks = power.weeks_needed(weekly, ratio, *sizes, dispersion)
    assert weeks is not None
    stated = power.groups_power(weekly * weeks, ratio, sizes[0], dispersion, others=sizes[1])
    agree(f"weeks {case}: {weeks}", stated, told_apart(case, weekly * weeks, ratio, sizes, dispersion))
