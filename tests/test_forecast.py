"""Forecasts: same seed same forecast, ranges mean what they say, and the spread is shared out."""

from __future__ import annotations

import numpy as np
import pytest

from creatorbook.stats.forecast import Uncertain, forecast

INPUTS = {
    "views": Uncertain(8_000, 10_000, 14_000, assumed=False),
    "clicks": Uncertain(0.002, 0.006, 0.02, most=1.0),
    "orders": Uncertain(0.01, 0.02, 0.03, most=1.0),
}


def product(values: dict) -> np.ndarray:
    return values["views"] * values["clicks"] * values["orders"]


def test_an_input_is_drawn_as_its_range_says() -> None:
    """One draw in twenty is beyond each end and half are above the likely value."""
    drawn = Uncertain(2, 5, 20).at(np.random.default_rng(0).standard_normal(40_000))
    assert np.mean(drawn < 2) == pytest.approx(0.05, abs=0.005)
    assert np.mean(drawn > 20) == pytest.approx(0.05, abs=0.005)
    assert np.median(drawn) == pytest.approx(5, rel=0.03)


def test_a_share_stays_a_share() -> None:
    """No draw of a share goes over 1."""
    assert Uncertain(0.5, 0.8, 1.0, most=1.0).at(np.array([5.0])).max() <= 1


def test_same_seed_same_forecast() -> None:
    """Order of inputs and a second run change nothing."""
    first = forecast(INPUTS, product, chance=True)
    again = forecast(dict(reversed(INPUTS.items())), product, chance=True)
    assert (first.draws == again.draws).all()
    assert first.spread == pytest.approx(again.spread)


def test_spread_is_shared_out_and_led_by_the_widest_range() -> None:
    """Parts add up to one; the click rate, known worst, moves the result most."""
    told = forecast(INPUTS, product)
    assert sum(told.spread.values()) == pytest.approx(1)
    assert max(told.spread, key=told.spread.__getitem__) == "clicks"
    assert told.assumed_share > 0.5


def test_exact_inputs_give_an_exact_result() -> None:
    """Without ranges there is no spread."""
    told = forecast({name: Uncertain(v.likely, v.likely, v.likely) for name, v in INPUTS.items()}, product)
    assert told.range() == pytest.approx((1.2, 1.2, 1.2))
