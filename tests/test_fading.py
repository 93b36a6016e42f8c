"""Daily totals without what known events account for: additions of views are seen under busy days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.stats.fading import rest, surplus

DAYS = pd.date_range("2026-01-01", periods=90)


def faded(random: np.random.Generator, spread: bool) -> tuple[pd.Series, pd.Series]:
    """Totals of posts every third day that fade (by halves, or slowly at first), and the posts."""
    began = DAYS[::3]
    events = pd.Series(np.exp(random.normal(9, 0.7, len(began))), index=began)
    ages = np.arange(len(DAYS))
    pattern = 1 / (1 + ages) ** 1.5 if spread else 0.5**ages
    total = np.full(len(DAYS), 300.0)
    for day, size in zip((began - DAYS[0]).days, events, strict=True):
        total[day:] += size * (pattern / pattern.sum())[: len(DAYS) - day]
    return pd.Series(np.round(total * random.normal(1, 0.03, len(DAYS))), index=DAYS), events


def test_what_events_do_not_account_for_is_measured() -> None:
    """4,000 more on three days are found under posts of twice that, however these fade."""
    for seed in range(10):
        daily, events = faded(np.random.default_rng(seed), spread=seed % 2 == 0)
        daily.iloc[40:43] += [2500, 1000, 500]
        more, z = surplus(rest(daily, events), DAYS[39], DAYS[44])
        assert 2500 < more < 5500, seed
        assert z > 3, seed


def test_ordinary_days_leave_nothing_unusual() -> None:
    """Without anything added, few stretches look unusual."""
    odd = 0
    for seed in range(40):
        daily, events = faded(np.random.default_rng(seed), spread=seed % 2 == 0)
        odd += surplus(rest(daily, events), DAYS[39], DAYS[44])[1] > 3
    assert odd <= 3


def test_without_events_the_level_is_what_is_usual() -> None:
    """A series of its own, such as views of a profile, is compared with its other days."""
    daily = pd.Series(np.random.default_rng(1).poisson(200, 90).astype(float), index=DAYS)
    daily.iloc[50] += 900
    more, z = surplus(rest(daily, pd.Series(dtype=float, index=pd.DatetimeIndex([]))), DAYS[49], DAYS[52])
    assert abs(more - 900) < 150
    assert z > 10


def test_gaps_stay_unknown_and_short_records_say_nothing() -> None:
    """A missing day is not a day without views; twenty days are too few."""
    daily, events = faded(np.random.default_rng(3), spread=False)
    gaps = daily.drop(DAYS[20:24])
    assert rest(gaps, events)[DAYS[20:24]].isna().all()
    assert rest(daily[:20], events).isna().all()
    assert np.isnan(surplus(rest(gaps, events), DAYS[20], DAYS[23])).all()
