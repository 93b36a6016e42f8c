"""Forecasts held against what came, by kind, and taken into the next ranges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from creatorbook import goals
from creatorbook.client.ledger import LEDGER_COLUMNS
from creatorbook.history.calibration import checked_forecasts, forecasts_by_kind, spread_factor
from creatorbook.planning.chain import chain
from creatorbook.planning.plans import recommended
from creatorbook.stats.forecast import calibrated_spread
from test_own_creators import SOLD, book, past


def ledger(came: dict[str, list[float]]) -> pd.DataFrame:
    """Forecasts of 50 to 200, likely 100, each with what came, one campaign for each value."""
    rows = []
    for figure, values in came.items():
        for number, value in enumerate(values):
            head = (pd.Timestamp(2025, 12, 1), pd.Timestamp(2025, number % 9 + 1, 1), f"past-{number}")
            rows.append((*head, "forecast", figure, 50.0, 75.0, 100.0, 133.0, 200.0, np.nan))
            rows.append((*head, "outcome", figure, *[np.nan] * 5, value))
    names = [
        "written_on",
        "starts_on",
        "campaign",
        "act",
        "figure",
        "low90",
        "low50",
        "likely",
        "high50",
        "high90",
        "value",
    ]
    return pd.DataFrame(rows, columns=names).reindex(columns=LEDGER_COLUMNS)


def test_a_place_is_told_in_the_ranges_own_units() -> None:
    """0 at the likely value, ±1.645 at the ends, on a log scale where all is above 0."""
    pairs = checked_forecasts(replace(book(), ledger=ledger({"orders": [100.0, 200.0, 50.0, 400.0]})))
    assert pairs.place.round(3).tolist() == [0.0, 1.645, -1.645, 3.29]
    losses = ledger({"profit": [-100.0]}).assign(low90=-300.0, likely=-100.0, high90=100.0)
    assert checked_forecasts(replace(book(), ledger=losses)).place.tolist() == [0.0]


def test_of_each_kind_one_figure_a_campaign_counts() -> None:
    """Figures of one campaign hang together: the most telling stands for the others."""
    both = ledger({"orders": [100.0, 200.0], "kept_sales": [400.0, 400.0], "views": [50.0]})
    kinds = forecasts_by_kind(replace(book(), ledger=both))
    assert kinds.kind.tolist() == ["orders", "orders", "reach"]
    assert kinds.figure.tolist() == ["orders", "orders", "views"]


@pytest.mark.parametrize(
    ("places", "least", "most"),
    [
        ([], 1.0, 1.0),
        ([0.0] * 4, 0.8, 0.83),
        ([2.5, -2.5, 2.5], 1.4, 1.6),
        ([1.0, -1.0], 1.0, 1.0),
        ([99.0], 1.6, 1.7),
    ],
)
def test_the_next_ranges_are_wider_after_bold_ones_and_narrower_after_timid_ones(
    places: list[float], least: float, most: float
) -> None:
    """Slowly: eight forecasts as wide as they should be weigh beside what came; one far off does not decide."""
    assert least <= calibrated_spread(places) <= most


def test_what_came_is_taken_into_the_next_range() -> None:
    """The same plan after bold forecasts has a wider range of orders around the same likely value; the page says so."""
    plain, bold = (
        replace(book(past(SOLD)), ledger=ledger(came)) for came in ({}, {"orders": [400.0, 25.0, 400.0]})
    )
    mix = recommended(plain)
    assert mix is not None
    before, after = (chain(one, mix.people)["orders_each"].range for one in (plain, bold))
    assert after.likely == before.likely
    assert np.log(after.high / after.low) == pytest.approx(
        spread_factor(bold, "orders") * np.log(before.high / before.low)
    )
    notes = " ".join(str(note.text) for note in goals.forecast(bold).notes)
    assert "By kind, ranges were orders too bold" in notes
    assert spread_factor(plain, "orders") == 1.0
