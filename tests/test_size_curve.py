"""Does size pay here: shapes are recovered, ranges hold, and what was published stays a weak voice."""

from __future__ import annotations

import numpy as np
import pytest

from creatorbook.stats.size_curve import CURVE_SHAPES, Prior, SizeCurve, size_curve

#: simulated lists per shape; fixed before they were first run
SEEDS = range(100)
TRUTHS = {"falls": (-0.7, 0.0), "flat": (0.0, 0.0), "rises, then falls": (0.0, -0.6)}
WEAK = Prior(slope=(-0.4, 0.5), bend=(-0.1, 0.25))


def simulated(
    seed: int, truth: tuple[float, float], n: int = 40
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Creators of 1,000 to 1,000,000 followers whose rates differ by their own half a log and by noise."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(3, 6, n)
    noise = rng.uniform(0.02, 0.1, n)
    y = np.log(0.03) + truth[0] * (x - 4.5) + truth[1] * (x - 4.5) ** 2
    y += rng.normal(0, 0.5, n) + rng.normal(0, np.sqrt(noise))
    return 10**x, np.exp(y), noise


def fitted(seed: int, truth: tuple[float, float], prior: Prior | None = None, n: int = 40) -> SizeCurve:
    return size_curve(*simulated(seed, truth, n), prior)


@pytest.mark.parametrize("shape", TRUTHS)
def test_ranges_hold(shape: str) -> None:
    """Nine in ten 90 % ranges of the rate at 100,000 against 10,000 followers hold the truth (no prior)."""
    slope, bend = TRUTHS[shape]
    truth = np.exp(slope * 1.0 + bend * (0.5**2 - 0.5**2))
    told = [fitted(seed, TRUTHS[shape]).ratio(10_000, 100_000) for seed in SEEDS]
    held = np.mean([low <= truth <= high for low, _, high in told])
    assert 0.82 <= held <= 0.97


def test_shapes_are_recovered() -> None:
    """The likeliest shape is mostly the true one, and shapes add up to 1."""
    for shape in ("falls", "rises, then falls"):
        told = [fitted(seed, TRUTHS[shape]).shapes(500) for seed in SEEDS]
        assert all(set(one) == set(CURVE_SHAPES) and sum(one.values()) == pytest.approx(1) for one in told)
        assert np.mean([max(one, key=one.get) == shape for one in told]) > 0.85  # type: ignore[arg-type]


def test_nothing_is_told_of_a_flat_curve() -> None:
    """Where size plays no part, few lists make one shape seem nearly certain."""
    told = [max(fitted(seed, TRUTHS["flat"]).shapes(500).values()) for seed in SEEDS]
    assert np.mean(np.array(told) > 0.95) < 0.15


def test_the_prior_is_weak_and_says_so() -> None:
    """What was published moves a list of 8 more than one of 80, and its share is stated; off means 0."""
    few, many = (fitted(1, TRUTHS["flat"], WEAK, n) for n in (8, 80))
    assert 0 < many.prior_share[0] < few.prior_share[0] < 1
    assert many.prior_share[0] < 0.2
    assert fitted(1, TRUTHS["flat"]).prior_share == (0, 0)
    shift = [abs(fitted(1, TRUTHS["flat"], prior, 80).mean[1]) for prior in (None, WEAK)]
    assert abs(shift[1] - shift[0]) < 0.1


def test_the_prior_holds_where_the_list_says_little() -> None:
    """Five creators of one size: the slope is the published one, and as unsure as it is."""
    curve = size_curve(
        np.full(5, 20_000.0), np.array([0.02, 0.03, 0.025, 0.04, 0.03]), np.full(5, 0.02), WEAK
    )
    assert curve.mean[1] == pytest.approx(-0.4, abs=0.02)
    assert curve.prior_share[0] > 0.99


def test_measured_from_little_is_pulled_more() -> None:
    """A rate from few posts is adjusted more than the same rate from many; an exact one is left alone."""
    sizes, rates, _ = simulated(5, TRUTHS["falls"])
    noise = np.full(40, 0.05)
    noise[0], noise[1] = 1.0, 0.0
    curve = size_curve(sizes, rates, noise)
    assert curve.expected[1] == pytest.approx(np.log(rates[1]))
    middle = np.log(curve.at(sizes[0])[1])
    assert abs(curve.expected[0] - middle) < 0.5 * abs(np.log(rates[0]) - middle) + 1e-9


def test_too_few_are_refused() -> None:
    """Four creators are no curve."""
    with pytest.raises(ValueError, match="five"):
        size_curve(np.ones(4), np.ones(4), np.zeros(4))
