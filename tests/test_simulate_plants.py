"""What can be planted beside the standard signals: each is found again by a simple estimate, and off by default."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from creatorbook.simulate import Settings, World, make_world, truth

#: as small as the estimates allow
SMALL: dict[str, Any] = {"days_before": 28, "days_after": 28, "orders_per_day": 5, "planted": []}


@cache
def fitted(effect: float) -> World:
    return make_world(Settings(seed=5, creators=150, orders_per_creator=30, fit_effect=effect, **SMALL))


# --- audience fit


def slope(values: pd.Series, told: pd.DataFrame) -> float:
    """Of log orders on standardised fit, among people with orders."""
    z = (told["fit"] - told["fit"].mean()) / told["fit"].std(ddof=0)
    return float(np.polyfit(z, np.log(values), 1)[0])


def test_fit_moves_orders_as_planted() -> None:
    """Log drawn orders rise by the planted effect per standard deviation of fit; the mean stays."""
    plain, moved = fitted(0), fitted(0.6)
    told = truth.true_fit(moved)
    ones = moved.results.set_index("account").loc[told.index]
    posts = ones["expected_orders"] > 0
    drawn = ones.loc[posts, "drawn_orders"].clip(lower=0.5)
    assert slope(drawn, told[posts]) == pytest.approx(0.6, abs=0.15)
    before = plain.results.set_index("account")["expected_orders"].loc[told.index]
    ratio = (ones["expected_orders"] / before)[posts]
    assert np.allclose(ratio, told.loc[posts, "orders_factor"])
    assert slope(ratio, told[posts]) == pytest.approx(0.6, abs=1e-9)
    assert moved.results["expected_orders"].mean() == pytest.approx(plain.results["expected_orders"].mean())


def test_without_an_effect_fit_says_nothing() -> None:
    """Off by default: no truth, no factor, and fit explains no orders."""
    plain = fitted(0)
    assert truth.true_fit(plain).empty
    assert (plain.results["fit_factor"] == 1).all()
    told = truth.true_fit(fitted(0.6))
    ones = plain.results.set_index("account").loc[told.index]
    posts = ones["expected_orders"] > 0
    assert slope(ones.loc[posts, "drawn_orders"].clip(lower=0.5), told[posts]) == pytest.approx(0, abs=0.15)
