"""Ranges read no narrower than they are, figures stay inside their range, and what was rounded stays as it is."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbook.findings import Column, Figure, Span, Table, ends, say
from creatorbook.findings.formats import Formats
from creatorbook.findings.rounding import SAME, round_far, rounded_number
from creatorbook.stats.intervals import share_interval

FORMATS = Formats("en_GB", "EUR")
numbers = st.floats(-1e7, 1e7, allow_nan=False)
units = st.sampled_from(["money", "percent", "number", "ratio", "orders"])


def _written(text: str, unit: str) -> list[float]:
    """The numbers of a text, shares as shares."""
    numerals = re.findall(r"−?€?[\d,]+(?:\.\d+)?", text)
    values = [float(re.sub("[€,]", "", one).replace("−", "-")) for one in numerals]
    return [value / 100 if unit == "percent" else value for value in values]


def _slack(value: float) -> float:
    return 2 * SAME * max(abs(value), 1.0)


@given(low=numbers, width=st.floats(0, 1e4), part=st.floats(0, 1), unit=units, digits=st.integers(0, 3))
def test_a_figure_stands_inside_its_range_and_the_range_inside_what_is_printed(
    low: float, width: float, part: float, unit: str, digits: int
) -> None:
    """Printed ends never lie inside the true ones, nor the figure outside them; a range of some width is never one number."""
    high, value = low + width, low + part * width
    figure = Figure("roi.x", "x", value, unit, "estimated", "x", low=low, high=high, digits=digits)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.value is not None
    if low < high:
        assert figure.low <= low + _slack(low)
        assert figure.high >= high - _slack(high)
    assert figure.low <= figure.value <= figure.high
    if width > 10 * _slack(high):
        assert figure.low < figure.high
        assert "between" in figure.written_range(FORMATS)
    again = Figure("roi.x", "x", figure.value, unit, "estimated", "x",
                   low=figure.low, high=figure.high, digits=figure.digits)  # fmt: skip
    assert again == figure


@given(low=numbers, width=st.floats(0.1, 1e4), unit=units, digits=st.integers(0, 3))
def test_a_sentence_says_a_range_no_narrower_than_it_is(
    low: float, width: float, unit: str, digits: int
) -> None:
    """Both ways of saying a range: one value of two ends, and two values in a sentence of its own."""
    high = low + width
    for text in (
        Span(low, high, unit, digits).write(FORMATS),
        say("{low} to {high}", **ends(low, high, unit, digits)).write(FORMATS),
    ):
        first, last = _written(text, unit)
        assert first <= low + _slack(low)
        assert last >= high - _slack(high)


@given(
    values=st.lists(st.tuples(numbers, st.floats(0, 1e4), st.floats(0, 1)), min_size=1),
    digits=st.integers(0, 2),
)
def test_a_table_rounds_the_ends_of_ranges_outwards(
    values: list[tuple[float, float, float]], digits: int
) -> None:
    """Columns `low` and `…_high` hold the true ends and the figure beside them; a range without width is one number."""
    low, width, part = (np.array(one) for one in zip(*values, strict=True))
    high, middle = low + width, low + part * width
    frame = pd.DataFrame({"x": middle, "x_low": low, "x_high": high})
    columns = {name: Column(name, "number", digits) for name in frame}
    shown = Table("t", "t", frame, columns).frame
    slack = np.array([_slack(one) for one in high]) + np.array([_slack(one) for one in low])
    wide = low < high
    assert (shown.x_low <= low + slack)[wide].all()
    assert (shown.x_high >= high - slack)[wide].all()
    assert ((shown.x_low <= shown.x) & (shown.x <= shown.x_high)).all()
    assert (shown.x_low == shown.x_high)[~wide].all()


def test_a_share_of_many_has_one_digit_more() -> None:
    """26 % of 23,570 is known to half a point: a digit more, and ends that differ from it; of 100 it is not."""
    hits, of = 6128, 23570
    low, high = share_interval(hits, of)
    many = Figure("x", "x", hits / of, "percent", "counted", "x", low=low, high=high, n=of)
    assert many.written_value(FORMATS) == "26.0%"
    assert many.written_range(FORMATS) == "likely between 25.5% and 26.5%"
    assert (many.value, many.low, many.high) == (0.26, 0.255, 0.265)
    low, high = share_interval(26, 100)
    few = Figure("x", "x", 0.26, "percent", "counted", "x", low=low, high=high, n=100)
    assert few.written_value(FORMATS) == "26%"


@pytest.mark.parametrize(
    ("value", "places", "low", "high"),
    [
        (0.1 + 0.2, 1, 0.3, 0.3),
        (0.29 * 100, 0, 29, 29),
        (1.005, 2, 1.0, 1.01),
        (-0.4, 0, -1, 0),
        (1e-6, 0, 0, 1),
    ],
)
def test_a_step_is_a_step(value: float, places: int, low: float, high: float) -> None:
    """What stands on a step but for the last bits of a sum is not pushed to the next one; what stands between is."""
    assert rounded_number(value, places, "low") == low
    assert rounded_number(value, places, "high") == high


def test_far_ranges_are_rounded_outwards_too() -> None:
    """Two leading digits, down and up."""
    assert (round_far(12_490, "low"), round_far(12_490), round_far(12_410, "high")) == (
        12_000,
        12_000,
        13_000,
    )
