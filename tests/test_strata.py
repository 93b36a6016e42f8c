"""Draws that cover a range evenly: the right law, and less chance in what is made of them."""

import numpy as np
import pytest
from scipy import special

from creatorbook.stats.strata import choices, normals, systematic_choices, uniforms


def test_every_slice_is_hit_once() -> None:
    """Each row has one value in every nth part, in an order of its own."""
    drawn = uniforms(np.random.default_rng(1), 3, 500)
    assert drawn.shape == (3, 500)
    for row in drawn:
        assert sorted((row * 500).astype(int)) == list(range(500))
    assert abs(np.corrcoef(drawn)[0, 1:]).max() < 0.15


def test_normals_are_normal_and_their_mean_is_steadier() -> None:
    """Quantiles are the normal's; over 200 seeds the mean errs a tenth of what independent draws would, or less."""
    drawn = normals(np.random.default_rng(2), 1, 4000)[0]
    levels = np.array([0.01, 0.25, 0.5, 0.75, 0.99])
    assert np.quantile(drawn, levels) == pytest.approx(special.ndtri(levels), abs=0.02)
    means = [normals(np.random.default_rng(seed), 1, 100).mean() for seed in range(200)]
    assert np.std(means) < 0.1 / np.sqrt(100)


def test_choices_follow_their_weights_to_the_last_one() -> None:
    """Each place comes as often as is its due, give or take one; a weight of 0 never does."""
    weights = np.array([0.5, 0.0, 1.5, 3.0])
    placed = systematic_choices(np.random.default_rng(3), weights, 1001)
    assert (np.diff(placed) >= 0).all()
    for drawn in (placed, choices(np.random.default_rng(3), weights, 1001)):
        counts = np.bincount(drawn, minlength=4)
        assert np.abs(counts - 1001 * weights / weights.sum()).max() <= 1
        assert counts[1] == 0
