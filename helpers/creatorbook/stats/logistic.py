"""Ridge logistic regression: for a few hundred labelled cases, and for many sparse columns."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import optimize, special


def fit(columns: Any, labels: np.ndarray, ridge: float = 1.0) -> tuple[float, np.ndarray]:
    """Level and weights that maximise the likelihood less half of `ridge` times the squared weights.

    Args:
        columns: dense or scipy-sparse, one row per case; best on similar scales.
        labels: 0 or 1. Both kinds count the same in all, so that a rare kind is not drowned.
    """
    y = np.asarray(labels, dtype=float)
    each = np.where(y == 1, len(y) / max(2 * y.sum(), 1), len(y) / max(2 * (1 - y).sum(), 1))

    def loss(told: np.ndarray) -> tuple[float, np.ndarray]:
        level, weights = told[0], told[1:]
        line = level + columns @ weights
        off = each * (special.expit(line) - y)
        value = float((each * (np.logaddexp(0, line) - y * line)).sum() + ridge * weights @ weights / 2)
        return value, np.concatenate([[off.sum()], columns.T @ off + ridge * weights])

    best = optimize.minimize(loss, np.zeros(columns.shape[1] + 1), jac=True, method="L-BFGS-B")
    return float(best.x[0]), best.x[1:]


def out_of_fold(
    columns: Any, labels: np.ndarray, ridge: float = 1.0, folds: int = 5, seed: int = 2026
) -> np.ndarray:
    """Scores (log odds) of every case from a fit that has not seen it."""
    y = np.asarray(labels, dtype=float)
    rng = np.random.default_rng(seed)
    fold = np.empty(len(y), dtype=int)
    for label in (0, 1):  # each kind is spread over all folds
        rows = np.flatnonzero(y == label)
        fold[rows] = rng.permutation(np.arange(len(rows)) % folds)
    scores = np.empty(len(y))
    for part in range(folds):
        level, weights = fit(columns[fold != part], y[fold != part], ridge)
        scores[fold == part] = level + columns[fold == part] @ weights
    return scores
