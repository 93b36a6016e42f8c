"""Shrinkage recovers known truth, and declines to see differences where there are none."""

import numpy as np
import pytest
import statsmodels.api as sm

from creatorbook.stats.shrinkage import count_draws, extra_variation, homogeneity, shrunk_means

# Efron, B. & Morris, C. (1975), Data analysis using Stein's estimator and its generalizations, JASA 70, 311–319,
# table 1: batting averages of 18 players after 45 at bats in 1970 (hits) and over the rest of the season.
HITS = np.array([18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7])
SEASON_PER_MILLE = "346 298 276 222 273 270 263 210 269 230 264 256 303 264 226 285 316 200"
SEASON = np.array([int(value) / 1000 for value in SEASON_PER_MILLE.split()])


def test_baseball_is_predicted_three_times_better() -> None:
    """Each estimator's squared error is at most a third of the raw averages' (Efron & Morris: 0.077 to 0.022)."""
    raw = HITS / 45
    variance = raw.mean() * (1 - raw.mean()) / 45
    worst = ((raw - SEASON) ** 2).sum() / 3
    assert ((raw - SEASON) ** 2).sum() == pytest.approx(0.077, abs=0.002)
    assert ((shrunk_means(raw, np.full(18, variance)).expected - SEASON) ** 2).sum() <= worst


def test_baseball_is_predicted_well_by_a_prior_made_for_creators() -> None:
    """Players differ far less than creators do, so the prior costs something: still two and a half times better."""
    drawn = count_draws(HITS, [], np.random.default_rng(1975), 2000, np.full(18, 45.0)).expected / 45
    assert ((drawn.mean(axis=1) - SEASON) ** 2).sum() <= ((HITS / 45 - SEASON) ** 2).sum() / 2.5


def test_a_lucky_count_is_pulled_back() -> None:
    """Where creators do not differ, 18 among tens goes at least four tenths of the way back to the others."""
    counts = np.array([12, 9, 10, 11, 8, 10, 10, 9, 11, 18, 10, 9])
    drawn = count_draws(counts, [], np.random.default_rng(3), 2000).expected
    assert drawn[9].mean() <= 18 - 0.4 * (18 - counts.mean())
    assert homogeneity(counts) > 0.05


def test_twenty_against_ten_is_not_a_winner() -> None:
    """The exact test says 0.10 for 20 against 10, 0.14 for 12 against 5 and 0.04 for 30 against 15."""
    assert homogeneity(np.array([20, 10])) == pytest.approx(0.10, abs=0.02)
    assert homogeneity(np.array([12, 5])) == pytest.approx(0.14, abs=0.02)
    assert homogeneity(np.array([30, 15])) == pytest.approx(0.04, abs=0.012)


def test_the_homogeneity_test_keeps_its_level() -> None:
    """Equal creators are called different in about 5 of 100 cases, also at very small counts."""
    random = np.random.default_rng(11)
    for mean in (1.0, 8.0):
        calls = [homogeneity(random.poisson(mean, 20), draws=500) < 0.05 for _ in range(200)]
        assert np.mean(calls) <= 0.095


def test_no_orders_at_all_is_no_answer() -> None:
    """All counts 0: rates are small but not 0, and there is nothing to rank."""
    drawn = count_draws(np.zeros(5), [], np.random.default_rng(3), 500).expected
    assert (drawn.mean(axis=1) > 0).all()
    assert homogeneity(np.zeros(5)) == 1.0


def test_groups_without_observations_get_the_common_mean() -> None:
    """An infinite variance means nothing was seen: the common mean, with a wide deviation."""
    told = shrunk_means(np.array([50.0, 70.0, 60.0, 0.0]), np.array([4.0, 4.0, 4.0, np.inf]))
    assert told.expected[3] == pytest.approx(60.0, abs=0.5)
    assert told.sd[3] > told.sd[0]


def test_counts_where_nothing_could_be_counted_are_refused() -> None:
    """A count above 0 with an exposure of 0 contradicts itself: said in words, not as missing draws."""
    with pytest.raises(ValueError, match="exposure of 0"):
        count_draws(np.array([3, 2]), [], np.random.default_rng(1), 100, np.array([1.0, 0.0]))
    drawn = count_draws(np.array([3, 0]), [], np.random.default_rng(1), 100, np.array([1.0, 0.0])).expected
    assert np.isfinite(drawn).all()


def _panel(elasticity: float, seed: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Counts of 200 units whose exposures vary a hundredfold, and the exposures."""
    random = np.random.default_rng(seed)
    exposure = np.exp(random.uniform(0, np.log(100), 200))
    return random.poisson(exposure**elasticity * random.gamma(4, 1 / 4, 200)), exposure


@pytest.mark.parametrize("elasticity", [0.5, 1.0])
def test_how_counts_grow_with_exposure_is_learned(elasticity: float) -> None:
    """The elasticity that made the counts comes back, as a negative binomial regression of statsmodels finds it."""
    counts, exposure = _panel(elasticity)
    drawn = count_draws(counts, [], np.random.default_rng(1), 2000, exposure)
    design = sm.add_constant(np.log(exposure))
    fit = sm.NegativeBinomial(counts, design).fit(disp=0)
    assert drawn.elasticity.mean() == pytest.approx(elasticity, abs=0.1)
    assert drawn.elasticity.mean() == pytest.approx(fit.params[1], abs=0.02)
    assert drawn.elasticity.std() == pytest.approx(fit.bse[1], rel=0.15)
    assert np.median(drawn.shape) == pytest.approx(1 / fit.params[2], rel=0.15)


def test_the_measure_of_exposure_does_not_matter() -> None:
    """People or thousands of people: the same expected counts, and the same as none where all have the same."""
    counts, exposure = _panel(1.0)
    one, other = (
        count_draws(counts, [], np.random.default_rng(1), 500, exposure * by).expected for by in (1, 1e-3)
    )
    np.testing.assert_allclose(one, other, rtol=1e-6)
    same, none = (
        count_draws(counts, [], np.random.default_rng(1), 500, of).expected
        for of in (np.full(200, 7.0), None)
    )
    np.testing.assert_allclose(same, none, rtol=1e-6)


def test_an_exposure_that_is_not_known_is_like_the_others() -> None:
    """Without its exposure a count says both: more than its group's mean, less than its own; with none, the group's."""
    counts, exposure = _panel(1.0)
    exposure[:3], counts[:3] = [np.nan, np.nan, 0.0], [0, 60, 0]
    drawn = count_draws(counts, [], np.random.default_rng(1), 4000, exposure).expected
    middle = float(np.median(counts[3:]))
    low, median, high = np.quantile(drawn[:3], [0.05, 0.5, 0.95], axis=1)
    assert median[0] < 1.5
    assert 45 < median[1] < 61
    assert low[2] < middle / 4
    assert high[2] > middle * 4
    assert np.isfinite(drawn).all()


def test_variation_that_exposure_makes_is_not_the_units_own() -> None:
    """Counts in proportion to exposures vary no more than by chance beside them, and a lot on their own."""
    random = np.random.default_rng(2)
    exposure = np.exp(random.uniform(0, np.log(100), 60))
    counts, group = random.poisson(exposure), np.repeat(["one", "other"], 30)
    assert extra_variation(counts, group, exposure) < 1.4
    assert extra_variation(counts, group) > 10
    assert extra_variation(counts, group, np.full(60, np.nan)) == extra_variation(counts, group)
    assert extra_variation(counts[:3], group[:3], least=3) == 1.0
