"""The fit behind creators' rates: the true top, its true width, and figures that no last bit can change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from creatorbook import roi
from creatorbook.findings import Findings
from creatorbook.stats import newton
from creatorbook.stats.newton import CountModel, cholesky, exp, inverse_triangle, to_digits
from creatorbook.stats.shrinkage import count_draws
from roi_books import random_campaign

#: how far another processor's sums and exponentials are off, relatively
LAST_BITS = 1e-14


def panel(seed: int) -> CountModel:
    """Counts of 5 to 80 units of four sizes, some watched for longer than others; few, many, or none at all."""
    random = np.random.default_rng(seed)
    units = int(random.integers(5, 80))
    size = random.integers(0, 4, units)
    exposure = random.choice([0.0, 0.5, 1.0, 2.0], units)
    mean = [0.3, 8.0, 400.0, 0.0][seed % 4] * random.gamma(1.0, 1.0, units)
    design = np.column_stack([np.ones(units), *(size == level for level in range(4))]).astype(float)
    spread = np.array([2.0, 0.5, 0.5, 0.5, 0.5, 1.0])
    return CountModel(
        random.poisson(mean * exposure).astype(float), exposure, design, np.zeros(len(spread)), spread
    )


def plain_loss(model: CountModel, point: np.ndarray) -> float:
    """The same posterior written with scipy's distributions, without its constants."""
    shape, mean = np.exp(point[-1]), np.exp(model.design @ point[:-1]) * model.exposure
    watched = model.exposure > 0
    value = stats.nbinom.logpmf(model.counts[watched], shape, (shape / (shape + mean))[watched]).sum()
    return -float(value + stats.norm.logpdf(point, model.centre, model.spread).sum())


@pytest.mark.parametrize("seed", range(8))
def test_no_other_point_is_better(seed: int) -> None:
    """A general minimiser on the textbook likelihood, started at the fit, finds nothing higher and stays there."""
    model = panel(seed)
    best = model.fit().best
    found = optimize.minimize(lambda point: plain_loss(model, point), best, method="BFGS")
    assert found.fun >= plain_loss(model, best) - 1e-6
    assert found.x == pytest.approx(best, abs=2e-3)


@pytest.mark.parametrize("seed", range(8))
def test_slope_and_curve_are_those_of_the_density(seed: int) -> None:
    """Closed forms agree with differences, away from the top as well; there the slope is nothing."""
    model = panel(seed)
    for point in (model.fit().best, np.linspace(-0.4, 0.6, len(model.centre))):
        slope, curve = model.slope_and_curve(point)
        near = optimize.approx_fprime(point, model.summed, 1e-6)
        scale = 1 + float(np.abs(curve).max())
        assert near == pytest.approx(slope, abs=1e-5 * scale)
        turned = np.array(
            [model.slope_and_curve(point + step)[0] - slope for step in 1e-6 * np.eye(len(point))]
        )
        assert -turned / 1e-6 == pytest.approx(curve, abs=1e-4 * scale)
    top = model.slope_and_curve(model.fit().best)[0]
    assert float(np.abs(top).max()) < 1e-6 * scale


@pytest.mark.parametrize("seed", range(8))
def test_the_root_is_the_covariances(seed: int) -> None:
    """Root times root is the inverse curvature, and no sign is left to choose: the diagonal is positive."""
    model = panel(seed)
    fit = model.fit()
    curve = model.slope_and_curve(fit.best)[1]
    assert fit.root @ fit.root.T @ curve == pytest.approx(np.eye(len(curve)), abs=1e-5)
    assert (np.diag(fit.root) > 0).all()


def test_triangles_and_exponentials_are_what_they_say() -> None:
    """Against numpy's: factor, inverse and exponential, small values included; rounding keeps nine digits."""
    random = np.random.default_rng(2)
    square = random.normal(size=(6, 6))
    matrix = square @ square.T + np.eye(6)
    assert cholesky(matrix) == pytest.approx(np.linalg.cholesky(matrix))
    assert inverse_triangle(cholesky(matrix)) @ np.linalg.cholesky(matrix) == pytest.approx(
        np.eye(6), abs=1e-9
    )
    values = np.linspace(-40, 40, 101)
    assert exp(values) == pytest.approx(np.exp(values), rel=1e-13)
    assert list(to_digits(np.array([123456.7891234, 0.00012345]))) == [123456.789, 0.0]
    assert list(to_digits(np.zeros(2))) == [0.0, 0.0]


def _with_noise(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Every sum and exponential of the fit is off in its last bits, as on another processor."""
    random = np.random.default_rng(seed)

    def off(values: Any) -> Any:
        return values * (1 + LAST_BITS * random.uniform(-1, 1, np.shape(values)))

    plain = {name: getattr(CountModel, name) for name in ("log_density", "summed", "means")}
    for name, method in plain.items():
        monkeypatch.setattr(CountModel, name, lambda self, at, method=method: off(method(self, at)))
    exact = CountModel.slope_and_curve

    def slope_and_curve(self: CountModel, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        slope, curve = exact(self, point)
        return off(slope), np.tril(off(curve)) + np.tril(curve, -1).T

    monkeypatch.setattr(CountModel, "slope_and_curve", slope_and_curve)
    monkeypatch.setattr(newton, "exp", lambda values: off(exp(values)))


@pytest.mark.parametrize("seed", range(6))
def test_last_bits_move_no_draw(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Noise of 1e-14 on the fit leaves every draw where it is, to nine digits; a mirrored axis would move most."""
    random = np.random.default_rng(seed)
    groups = [random.integers(0, 3, 40).astype(str), random.integers(0, 2, 40).astype(str)]
    counts = random.poisson(9 * random.gamma(1.0, 1.0, 40))
    before = count_draws(counts, groups, np.random.default_rng(1), 4000)
    _with_noise(monkeypatch, seed)
    after = count_draws(counts, groups, np.random.default_rng(1), 4000)
    for name in ("expected", "means", "shape", "elasticity"):
        np.testing.assert_allclose(getattr(after, name), getattr(before, name), rtol=1e-9)


def _shown(seed: int) -> list[tuple[str, str]]:
    """What the results by creator, the decisions and the next wave print."""
    lines: list[tuple[str, str]] = []
    for step in (roi.per_creator, roi.decisions, roi.next_wave):
        findings: Findings = step(random_campaign(seed))
        lines += [("", note.text) for note in findings.notes]
        lines += [(key, str(figure)) for key, figure in findings.figures.items()]
        with pd.option_context("display.max_rows", None, "display.max_columns", None):
            lines += [(key, str(table.frame)) for key, table in findings.tables.items()]
    return lines


@pytest.mark.parametrize("seed", [3])
def test_last_bits_change_nothing_printed(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results by creator, decisions and the next wave read the same, with noise of 1e-14 on the fit."""
    before = _shown(seed)
    assert any("enew" in text or "Too early" in text for _, text in before)
    _with_noise(monkeypatch, seed)
    assert _shown(seed) == before
