"""Forecasts: same seed same forecast, ranges mean what they say, and the spread is shared out."""

from __future__ import annotations

import numpy as np
import pytest

from creatorbook.stats.forecast import Seen, Uncertain, learned, monte_carlo_forecast

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
    first = monte_carlo_forecast(INPUTS, product, counted=product)
    again = monte_carlo_forecast(dict(reversed(INPUTS.items())), product, counted=product)
    assert (first.draws == again.draws).all()
    assert first.spread == pytest.approx(again.spread)


def test_spread_is_shared_out_and_led_by_the_widest_range() -> None:
    """Parts add up to one; the click rate, known worst, moves the result most."""
    told = monte_carlo_forecast(INPUTS, product)
    assert sum(told.spread.values()) == pytest.approx(1)
    assert max(told.spread, key=told.spread.__getitem__) == "clicks"
    assert told.assumed_share > 0.5


def test_exact_inputs_give_an_exact_result() -> None:
    """Without ranges there is no spread."""
    told = monte_carlo_forecast(
        {name: Uncertain(v.likely, v.likely, v.likely) for name, v in INPUTS.items()}, product
    )
    assert told.range() == pytest.approx((1.2, 1.2, 1.2))


PUBLISHED = Uncertain(0.002, 0.006, 0.02, most=1.0)


def test_a_place_in_a_range_is_told_both_ways() -> None:
    """A value's position leads back to the value, below and above the likely one."""
    for value in (0.001, 0.006, 0.05):
        place = np.array([PUBLISHED.position(value)])
        assert PUBLISHED.at(place)[0] == pytest.approx(value)


def test_without_a_past_the_published_range_stands() -> None:
    """No campaign, or only values that cannot be placed, change nothing."""
    assert learned(PUBLISHED, []) == PUBLISHED
    assert learned(PUBLISHED, [Seen(0.0, 3)]) == PUBLISHED


def test_own_campaigns_move_and_narrow_a_published_range() -> None:
    """Each campaign with the same rate takes the range nearer to it and narrower, never past it."""
    told = [learned(PUBLISHED, [Seen(0.012, 400)] * n) for n in (1, 3, 8)]
    likely = [PUBLISHED.likely, *(one.likely for one in told), 0.012]
    widths = [one.high / one.low for one in (PUBLISHED, *told)]
    assert likely == sorted(likely)
    assert widths == sorted(widths, reverse=True)


def test_few_events_count_for_little() -> None:
    """A rate from four orders moves the range less than one from four hundred."""
    few, many = (learned(PUBLISHED, [Seen(0.02, events)]).likely for events in (4, 400))
    assert PUBLISHED.likely < few < many


def test_campaigns_that_differ_keep_the_range_wide() -> None:
    """Eight campaigns far apart promise less than eight alike with the same middle."""
    apart = learned(PUBLISHED, [Seen(0.002), Seen(0.018)] * 4)
    alike = learned(PUBLISHED, [Seen(0.006)] * 8)
    assert apart.high / apart.low > 1.5 * alike.high / alike.low
