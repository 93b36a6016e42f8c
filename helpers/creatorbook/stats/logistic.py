"""Ridge logistic regression: for a few hundred labelled cases, and for many sparse columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression


def fit_logistic(columns: Any, labels: np.ndarray, ridge: float = 1.0) -> tuple[float, np.ndarray]:
    """Level and weights that maximise the likelihood less half of `ridge` times the squared weights.

    Args:
        columns: dense or scipy-sparse, one row per case; best on similar scales.
        labels: 0 or 1. Both kinds count the same in all, so that a rare kind is not drowned.
    """
    model = _model(ridge).fit(columns, labels)
    return float(model.intercept_[0]), model.coef_[0]


def out_of_fold(
    columns: Any, labels: np.ndarray, ridge: float = 1.0, folds: int = 5, seed: int = 2026
) -> np.ndarray:
    """Scores (log odds) of every case from a fit that has not seen it; each kind is spread over all folds."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    parts = StratifiedKFold(folds, shuffle=True, random_state=seed)
    return np.asarray(cross_val_predict(_model(ridge), columns, labels, cv=parts, method="decision_function"))


def _model(ridge: float) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression  # half a second, and only who calibrates needs it

    # fitted to the end: what a looser fit leaves over differs from processor to processor
    return LogisticRegression(C=1 / ridge, class_weight="balanced", tol=1e-9, max_iter=10_000)
