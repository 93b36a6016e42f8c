"""Ridge logistic regression means by its ridge what it says, and scores cases that it has not seen."""

from __future__ import annotations

import numpy as np
from scipy import sparse, special

from creatorbook.stats import logistic

RIDGE = 2.5


def cases(rows: int = 300, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Columns and labels, a fifth of them 1."""
    random = np.random.default_rng(seed)
    columns = random.normal(size=(rows, 4))
    line = columns @ np.array([2.0, -1.0, 0.5, 0.0]) + random.normal(size=rows)
    return columns, (line > np.quantile(line, 0.8)).astype(float)


def test_the_penalised_likelihood_is_flat_where_the_fit_ends() -> None:
    """Each kind counts half, the level is free, and the weights pull by `ridge`: dense and sparse alike."""
    columns, labels = cases()
    weight = np.where(labels == 1, 1 / labels.mean(), 1 / (1 - labels).mean()) / 2
    for given in (columns, sparse.csr_matrix(columns)):
        level, weights = logistic.fit_logistic(given, labels, RIDGE)
        off = weight * (special.expit(level + columns @ weights) - labels)
        slope = np.concatenate([[off.sum()], columns.T @ off + RIDGE * weights])
        assert np.abs(slope).max() < 1e-5


def test_no_case_is_scored_by_a_fit_that_has_seen_it() -> None:
    """Labels drawn by chance are no better known than by chance; the fit that saw them knows them better."""
    columns = np.random.default_rng(6).normal(size=(80, 60))
    labels = np.tile([0.0, 1.0], 40)
    level, weights = logistic.fit_logistic(columns, labels)
    seen = (level + columns @ weights > 0) == labels
    unseen = (logistic.out_of_fold(columns, labels) > 0) == labels
    assert seen.mean() > 0.9
    assert unseen.mean() < 0.7
