"""Lift from a panel: known lifts are found, nothing is claimed from noise, and odd panels get a plain answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from creatorbook.stats import lift
from creatorbook.stats.lift_by_units import RandomAssignments, unit_weights
from creatorbook.stats.lift_effect import Effect, Placebos
from creatorbook.stats.lift_panel import by_unit, wide
from lift_panels import Made, World, blocks_of, made

#: little noise beside the season, so that one panel is enough
CALM = {"own_trend": 0.0, "mean": 300.0}


def hold_out(simulated: Made) -> Effect:
    return lift.difference_in_differences(simulated.panel, simulated.treated, simulated.start, simulated.end)


def mixture(simulated: Made) -> Effect:
    return lift.synthetic_control(simulated.panel, simulated.treated, simulated.start, simulated.end)


def series(simulated: Made) -> Effect:
    return lift.interrupted_series(simulated.panel, simulated.treated, simulated.start, simulated.end)


def starts(simulated: Made) -> Effect:
    units = simulated.panel.unit.unique()
    later = simulated.end + timedelta(days=1)
    first = {unit: simulated.start if unit in simulated.treated else later for unit in units}
    return lift.staggered(simulated.panel, first, simulated.end)


DESIGNS = [
    (hold_out, World(16, 8, block=2, **CALM)),
    (hold_out, World(9, 4, **CALM)),
    (starts, World(8, 4, **CALM)),
    (mixture, World(12, 1, **CALM)),
    (series, World(4, 1, **CALM)),
]


@pytest.mark.parametrize(("estimate", "world"), DESIGNS)
def test_a_large_lift_is_found_and_its_range_holds_it(estimate: Callable, world: World) -> None:
    """Half as many again is found by every design, near its size, with a range on both sides."""
    effect = estimate(made(world, 0.5, 21))
    assert effect.found
    assert effect.lift == pytest.approx(0.5, abs=0.15)
    assert 0 < effect.low < effect.lift < effect.high
    low, high = effect.extra_range
    assert low < effect.extra < high
    assert effect.extra == pytest.approx(effect.observed - effect.expected)


@pytest.mark.parametrize(("estimate", "world"), DESIGNS)
def test_range_and_test_agree(estimate: Callable, world: World) -> None:
    """Where no lift cannot be ruled out, the range holds none; the course sums to the same figures."""
    for seed in (3, 4):
        effect = estimate(made(world, 0.05, seed))
        if effect.p > effect.level:
            assert effect.low <= 0 <= effect.high
            assert not effect.found
        if effect.course is not None:
            inside = effect.course[effect.course.date >= pd.Timestamp(made(world, 0.05, seed).start)]
            assert inside.observed.sum() == pytest.approx(effect.observed)
            assert inside.expected.sum() == pytest.approx(effect.expected, rel=1e-3)


@given(st.integers(0, 500), st.floats(0.01, 1000), st.sampled_from(DESIGNS))
@settings(max_examples=8, deadline=None)
def test_the_unit_of_money_does_not_matter(seed: int, factor: float, case: tuple) -> None:
    """The same panel in cents or in thousands gives the same lift, the same chance and the same range."""
    estimate, world = case
    simulated = made(world, 0.1, seed)
    scaled = Made(
        simulated.panel.assign(value=simulated.panel.value * factor),
        simulated.treated,
        simulated.start,
        simulated.end,
        0,
    )
    one, other = estimate(simulated), estimate(scaled)
    assert other.lift == pytest.approx(one.lift, abs=1e-4)
    assert other.p == pytest.approx(one.p, abs=0.03)
    assert other.observed == pytest.approx(one.observed * factor)


def test_the_chance_by_units_equals_plain_enumeration() -> None:
    """Every choice of as many units is tried; its statistic is t of a weighted regression."""
    simulated = made(World(9, 4, mean=50), 0.1, 5)
    effect = hold_out(simulated)
    unit_series = by_unit(simulated.panel)
    compared = wide(unit_series, simulated.treated, simulated.start, simulated.end)
    weights = RandomAssignments.of(unit_series, compared, simulated.treated).weights
    before, during = unit_series[~compared.inside], unit_series[compared.inside]
    growth = (during.mean() / before.mean()).to_numpy()
    heading = ((before.iloc[42:].mean() - before.iloc[:42].mean()) / before.mean()).to_numpy()

    def t_of(some: tuple[str, ...]) -> float:
        terms = np.column_stack([np.ones(9), heading, unit_series.columns.isin(some)])
        return float(sm.WLS(growth, terms, weights=weights).fit().tvalues[2])

    true = t_of(tuple(simulated.treated))
    every = np.array([t_of(some) for some in combinations(unit_series, 4)])
    rank = min((every >= true - 1e-12).sum(), (every <= true + 1e-12).sum())
    assert effect.judged_by == "units"
    assert effect.arrangements == len(every)
    assert effect.p == pytest.approx(min(1, 2 * rank / len(every)))


def test_with_four_units_no_answer_is_given_and_the_best_chance_is_told() -> None:
    """Two of four can be drawn in six ways: the smallest two-sided chance is a third, whatever the lift."""
    effect = hold_out(made(World(4, 2, **CALM), 20.0, 8))
    assert effect.trouble == "few_ways"
    assert not effect.found
    assert effect.p == pytest.approx(1 / 3)
    assert effect.finest == pytest.approx(1 / 3)
    assert effect.never_tells


@pytest.mark.parametrize("true", [0.17, 1.0, 99.0])
def test_no_lift_is_too_large_to_be_found(true: float) -> None:
    """A hundred regions, half of them drawn, 42 days before and 28 in it: the larger the lift, the surer it is found."""
    simulated = made(World(100, 50, before=42, mean=25, sizes=1.2), true, 3)
    effect = hold_out(simulated)
    assert effect.p == pytest.approx(2 / effect.arrangements)
    assert effect.finest == pytest.approx(2 / effect.arrangements)
    assert not effect.never_tells
    assert effect.low < true < effect.high


def test_sides_are_drawn_again_as_they_were_drawn() -> None:
    """Blocks are kept: 2 of 4 and 1 of 3, twice, are 6 × 3 × 6 × 3 ways, and units of a block drawn whole do not count."""
    simulated = made(World(16, 6, **CALM), 0.5, 4)
    units = sorted(set(simulated.panel.unit) - set(simulated.treated))
    some = simulated.treated
    blocks = [
        [*some[:2], *units[:2]],
        [some[2], *units[2:4]],
        [*some[3:5], *units[4:6]],
        [some[5], *units[6:8]],
        units[8:],
    ]
    effect = lift.difference_in_differences(
        simulated.panel, some, simulated.start, simulated.end, blocks=blocks
    )
    assert effect.arrangements == 6 * 3 * 6 * 3
    assert effect.untouched == 8
    assert effect.lift == pytest.approx(0.5, abs=0.15)


def test_units_count_by_how_steady_they_were_before() -> None:
    """Variance is each unit's own, alike for all, and that of counts, which falls with size."""
    random = np.random.default_rng(6)
    size = np.repeat([2.0, 200.0, 20_000.0], 12)
    counts = random.poisson(size * random.gamma(400, 1 / 400, (84, 36)))
    weights = unit_weights(counts.astype(float)).reshape(3, 12).mean(axis=1)
    truth = 1 / (1 / 400 + 1 / np.array([2.0, 200.0, 20_000.0]))
    assert weights / weights[2] == pytest.approx(truth / truth[2], rel=0.3)


def test_the_chance_by_dates_equals_plain_enumeration() -> None:
    """The gap over the true stretch is ranked among all stretches around the circle, written out by hand."""
    simulated = made(World(5, 1, before=50, during=14, mean=50), 0.1, 6)
    effect = mixture(simulated)
    values = simulated.panel.pivot(index="date", columns="unit", values="value")
    relative = values / values.mean() - 1
    own, others = (
        relative[simulated.treated[0]].to_numpy(),
        relative.drop(columns=simulated.treated).to_numpy(),
    )
    found = optimize.minimize(
        lambda weight: ((own - others @ weight) ** 2).sum(),
        np.full(4, 0.25),
        bounds=[(0, 1)] * 4,
        constraints={"type": "eq", "fun": lambda weight: weight.sum() - 1},
        tol=1e-12,
    )
    gap = own - others @ found.x
    sums = np.array([np.roll(gap, shift)[50:].sum() for shift in range(64)])
    rank = min((sums >= sums[0] - 1e-9).sum(), (sums <= sums[0] + 1e-9).sum())
    assert effect.arrangements == 64
    assert effect.p == pytest.approx(min(1, 2 * rank / 64))
    assert sum(effect.weights.values()) == pytest.approx(1)


def test_gaps_in_the_panel_are_borne() -> None:
    """Missing dates are left out, single missing values filled, a unit that is mostly missing is not used."""
    simulated = made(World(10, 1, **CALM), 0.5, 7)
    random = np.random.default_rng(1)
    panel = simulated.panel[~simulated.panel.date.isin(simulated.panel.date.unique()[10:20])]
    hole = (random.random(len(panel)) < 0.03) & ~panel.unit.isin(simulated.treated)
    rest = sorted(set(panel.unit) - set(simulated.treated))
    mostly = (panel.unit == rest[0]) & (random.random(len(panel)) < 0.5)
    panel = panel[~hole & ~mostly]
    effect = mixture(Made(panel, simulated.treated, simulated.start, simulated.end, 0))
    assert effect.lift == pytest.approx(0.5, abs=0.15)
    assert effect.before == 74
    assert effect.untouched == 8
    compared = wide(by_unit(panel), simulated.treated, simulated.start, simulated.end)
    assert list(compared.others) == rest[1:]


def test_gaps_in_a_hold_out_are_borne() -> None:
    """A gap before and one in the comparison change little; a unit that was not counted in the comparison is not in it."""
    world = made(World(16, 8, during=7, **CALM), 0.5, 7)
    unit = next(name for name in world.panel.unit if name not in world.treated)
    counted = hold_out(world)
    own, days = world.panel.unit == unit, world.panel.date.drop_duplicates().to_list()
    with_gaps = hold_out(
        replace(world, panel=world.panel[~(own & world.panel.date.isin([days[5], days[-2]]))])
    )
    assert (with_gaps.untouched, with_gaps.arrangements) == (counted.untouched, counted.arrangements)
    assert with_gaps.lift == pytest.approx(counted.lift, abs=0.02)
    assert with_gaps.low < 0.5 < with_gaps.high
    stopped = hold_out(replace(world, panel=world.panel[~(own & world.panel.date.isin(days[-7:]))]))
    without = hold_out(replace(world, panel=world.panel[~own]))
    assert (stopped.lift, stopped.p, stopped.untouched) == (without.lift, without.p, 7)


@pytest.mark.parametrize(
    ("world", "estimate", "what"),
    [
        (World(4, 1, before=14, during=7), mixture, "few_dates"),
        (World(2, 2), mixture, "no_untouched"),
        (World(4, 2), hold_out, "few_ways"),
    ],
)
def test_too_little_gives_a_reason(world: World, estimate: Callable, what: str) -> None:
    """Few dates or no untouched unit: no range, nothing found, and why."""
    effect = estimate(made(world, 2.0, 8))
    assert effect.trouble == what
    assert not effect.found
    assert effect.low is None


def test_no_sales_gives_a_reason() -> None:
    """A treated unit that sold nothing before, or a single day of campaign, cannot be compared."""
    simulated = made(World(6, 1, **CALM), 0.0, 9)
    early = simulated.panel.unit.isin(simulated.treated) & (
        simulated.panel.date < pd.Timestamp(simulated.start)
    )
    silent = simulated.panel.assign(value=simulated.panel.value.where(~early, 0))
    assert (
        lift.synthetic_control(silent, simulated.treated, simulated.start, simulated.end).trouble
        == "no_values"
    )
    pairs = made(World(16, 8, block=2, **CALM), 0.0, 9)
    early = pairs.panel.unit.isin(pairs.treated) & (pairs.panel.date < pd.Timestamp(pairs.start))
    silent = Made(
        pairs.panel.assign(value=pairs.panel.value.where(~early, 0)), pairs.treated, pairs.start, pairs.end, 0
    )
    assert hold_out(silent).trouble == "no_values"
    one_day = lift.synthetic_control(simulated.panel, simulated.treated, simulated.start, simulated.start)
    assert one_day.trouble == "under_two_dates"


def test_mistakes_in_the_call_are_told() -> None:
    """A column, a unit or a stretch that is not there is an error, not an estimate."""
    simulated = made(World(4, 1), 0.0, 10)
    for panel, treated, start, end, what in [
        (
            simulated.panel.drop(columns="value"),
            simulated.treated,
            simulated.start,
            simulated.end,
            "no column 'value'",
        ),
        (simulated.panel, ["nowhere"], simulated.start, simulated.end, "not in the panel: nowhere"),
        (simulated.panel, [], simulated.start, simulated.end, "no unit is treated"),
        (simulated.panel, simulated.treated, date(2030, 1, 1), date(2030, 2, 1), "lies in the comparison"),
        (simulated.panel, simulated.treated, date(2020, 1, 1), simulated.end, "lies before the comparison"),
    ]:
        with pytest.raises(ValueError, match=what):
            lift.synthetic_control(panel, treated, start, end)
    with pytest.raises(ValueError, match="nothing to compare"):
        lift.staggered(
            simulated.panel, dict.fromkeys(simulated.panel.unit.unique(), simulated.start), simulated.end
        )


def test_each_start_is_compared_with_those_not_started() -> None:
    """Three groups start one after the other; the last one only serves as comparison."""
    simulated = made(World(9, 3, **CALM), 0.0, 11)
    units = sorted(simulated.panel.unit.unique())
    days = [simulated.start, simulated.start + timedelta(days=7), simulated.start + timedelta(days=14)]
    first = {unit: days[place % 3] for place, unit in enumerate(units)}
    lifted = simulated.panel.date >= pd.to_datetime(simulated.panel.unit.map(first))
    panel = simulated.panel.assign(value=simulated.panel.value * np.where(lifted, 1.5, 1.0))
    effect = lift.staggered(panel, first, simulated.end)
    assert effect.lift == pytest.approx(0.5, abs=0.15)
    assert effect.during == 14 + 7
    assert effect.untouched == 3
    never = {unit: day for unit, day in first.items() if day != days[2]}
    assert lift.staggered(panel[panel.unit.isin(never) | ~lifted], never, simulated.end).untouched <= 3


def test_other_names_of_columns() -> None:
    """The panel's columns may have any names."""
    simulated = made(World(16, 8, block=2, **CALM), 0.5, 12)
    panel = simulated.panel.rename(columns={"unit": "city", "date": "day", "value": "sales"})
    names = {"unit": "city", "date": "day", "value": "sales"}
    effect = lift.difference_in_differences(panel, simulated.treated, simulated.start, simulated.end, **names)
    assert effect.arrangements == 2**8
    assert effect.found


def test_a_series_alone_goes_by_its_own_trend_and_weekdays() -> None:
    """Without any untouched series an estimate is still given, from the series' own course."""
    simulated = made(World(1, 1, **CALM), 1.0, 13)
    effect = lift.interrupted_series(simulated.panel, simulated.treated, simulated.start, simulated.end)
    assert effect.untouched == 0
    assert effect.lift == pytest.approx(1.0, abs=0.6)


def test_alarms_of_untouched_units_forbid_a_claim() -> None:
    """Three alarms in four are more than one in ten would make; two in twenty are not."""
    assert Placebos(tried=4, alarms=3).too_many
    assert Placebos(tried=12, alarms=4).too_many
    assert not Placebos(tried=20, alarms=2).too_many
    doubted = Effect("any", 1.0, p=0.001, placebos=Placebos(tried=12, alarms=6))
    assert not doubted.found


def test_the_smallest_lift_follows_from_the_range() -> None:
    """A range a third as wide finds a far smaller lift; without a range none is stated."""
    wide_one = Effect("any", 1.0, low=-0.3, high=0.42)
    narrow = Effect("any", 1.0, low=-0.1, high=0.11)
    assert lift.smallest(wide_one) == pytest.approx(np.expm1(0.3536 * 2.8016 / 1.96), abs=0.01)
    assert 0 < lift.smallest(narrow) < lift.smallest(wide_one) / 2
    assert lift.smallest(Effect("any", 1.0)) is None


@pytest.mark.parametrize("estimate", [series, mixture])
def test_a_control_of_another_size_and_swing_gets_its_own_scale(estimate: Callable) -> None:
    """A control a tenth as large that swings twice as far tells the course; a mean of 1 would miss it."""
    simulated = _swinging(np.full(28, 1.3))
    effect = estimate(simulated)
    assert effect.found
    assert effect.lift == pytest.approx(0.3, abs=0.02)
    assert effect.low < 0.3 < effect.high
    assert effect.weights["beside"] == pytest.approx(0.5, abs=0.05)


def test_an_effect_that_grows_is_not_taken_for_a_trend() -> None:
    """Scale and trend come from the days before alone: a lift that builds up is measured in full."""
    effect = series(_swinging(np.linspace(1.0, 1.6, 28), before=140))
    assert effect.lift == pytest.approx(0.3, abs=0.03)
    before = effect.course[effect.course.date < pd.Timestamp("2026-05-25")]
    assert before.observed.sum() == pytest.approx(before.expected.sum())


def test_a_forecast_and_its_chance_equal_plain_regressions() -> None:
    """Each stretch is forecast from the dates outside it: weekday means, and scales from days and weeks, as written out by hand."""
    simulated = made(World(3, 1, before=49, during=14, mean=50), 0.1, 6)
    effect = mixture(simulated)
    values = simulated.panel.pivot(index="date", columns="unit", values="value").astype(float)
    relative = values / values.iloc[:49].mean()
    own, others = relative.pop(simulated.treated[0]).to_numpy(), relative.to_numpy()
    weekdays = np.eye(7)[np.arange(63) % 7]

    def daily(series: np.ndarray, rest: np.ndarray) -> np.ndarray:
        return sm.OLS(series[rest], weekdays[rest]).fit().resid

    def weekly(series: np.ndarray, rest: np.ndarray) -> np.ndarray:
        return daily(series, rest).reshape(7, 7).sum(axis=1)

    def scales(series: np.ndarray, rest: np.ndarray, noise: float) -> np.ndarray:
        terms = [np.column_stack([way(one, rest) for one in others.T]) for way in (daily, weekly)]
        drawn = np.sqrt(noise) / 0.15 * np.eye(2)  # a half is likely for each of two
        own = np.concatenate([daily(series, rest), weekly(series, rest), drawn @ [0.5, 0.5]])
        return sm.OLS(own, np.vstack([*terms, drawn])).fit().params

    def error(series: np.ndarray, stretch: np.ndarray, rest: np.ndarray, noise: float) -> float:
        left = series - others @ scales(series, rest, noise)
        return (left - weekdays @ sm.OLS(left[rest], weekdays[rest]).fit().params)[stretch].sum()

    days = np.arange(63)
    terms = np.column_stack([weekly(one, days[:49]) for one in others.T])
    noise = sm.OLS(weekly(own, days[:49]), terms).fit().ssr / (7 - 1 - 2)
    expected = own[49:].sum() - error(own, days[49:], days[:49], noise)
    assert effect.lift == pytest.approx(own[49:].sum() / expected - 1)
    errors = []
    for moved in range(63):
        stretch, rest = ((days[part] - moved) % 63 for part in (slice(49, 63), slice(0, 49)))
        of_days = [error(day, stretch, rest, noise) for day in np.eye(63)]
        size = np.linalg.norm(np.array(of_days) - error(np.zeros(63), stretch, rest, noise))
        errors.append(error(own, stretch, rest, noise) / size)
    rank = min(np.sum(errors >= errors[0] - 1e-9), np.sum(errors <= errors[0] + 1e-9))
    assert effect.p == pytest.approx(min(1, 2 * rank / 63))


def test_the_noise_of_an_untouched_series_does_not_make_its_scale_too_small() -> None:
    """One course, and noise of the day in the untouched series: weeks tell a scale near one where days would tell a half."""
    scales = []
    for seed in (4, 5, 6):
        random = np.random.default_rng(seed)
        course = np.cumsum(random.normal(0, 0.03, 112))
        noise = random.normal(0, 0.1, 112)
        dates = pd.date_range("2026-01-05", periods=112, name="date")
        panel = pd.DataFrame({"all": 1000 * np.exp(course), "beside": 100 * np.exp(course + noise)}, dates)
        panel = panel.melt(ignore_index=False, var_name="unit").reset_index()
        effect = lift.interrupted_series(panel, ["all"], dates[84].date(), dates[-1].date())
        scales.append(effect.weights["beside"])
    assert np.mean(scales) == pytest.approx(0.85, abs=0.1)


def test_an_untouched_series_that_jumps_in_the_comparison_leaves_the_test_its_sight() -> None:
    """A control that doubles as the series does, far beyond what the days before show: no lift, a range with both ends."""
    random = np.random.default_rng(7)
    days = np.arange(106)
    course = 0.15 * random.normal(size=106) + np.where(days < 82, 0.0, 0.6)
    dates = pd.date_range("2026-01-05", periods=106, name="date")
    panel = pd.DataFrame(
        {unit: 500 * np.exp(course + 0.02 * random.normal(size=106)) for unit in ("all", "beside")}
    )
    panel = panel.set_index(dates).melt(ignore_index=False, var_name="unit").reset_index()
    effect = lift.interrupted_series(panel, ["all"], dates[82].date(), dates[-1].date())
    assert effect.lift == pytest.approx(0.0, abs=0.05)
    assert -0.2 < effect.low < 0 < effect.high < 0.2
    assert not effect.never_tells


def test_two_untouched_series_that_are_the_same_count_once() -> None:
    """A series that stands twice in the panel shares its scale out, without an error."""
    simulated = _swinging(np.full(28, 1.3))
    again = simulated.panel[simulated.panel.unit == "beside"].assign(unit="again")
    twice = series(
        Made(pd.concat([simulated.panel, again]), simulated.treated, simulated.start, simulated.end, 0)
    )
    assert twice.lift == pytest.approx(series(simulated).lift, abs=0.01)
    assert twice.weights["again"] == pytest.approx(twice.weights["beside"])


def _swinging(growth: np.ndarray, before: int = 84) -> Made:
    """One series and a control: the same course, ten times smaller and with twice the swing; growth by day at the end."""
    random = np.random.default_rng(3)
    days = before + len(growth)
    swing = np.cumsum(random.normal(0, 0.02, days))
    own = 1000 * (1 + swing + random.normal(0, 0.01, days))
    own[before:] *= growth
    beside = 100 * (1 + 2 * swing)
    dates = pd.date_range("2026-01-05", periods=days)
    panel = pd.DataFrame(
        {"unit": np.repeat(["all", "beside"], days), "date": [*dates] * 2, "value": [*own, *beside]}
    )
    return Made(panel, ["all"], dates[before].date(), dates[-1].date(), 0)


@pytest.mark.parametrize("block", [2, 0])
def test_hold_outs_of_many_units_keep_their_level_and_find_a_fifth(block: int) -> None:
    """A slice of the study under benchmarks: 25 panels of 40 regions, with and without a lift of a fifth."""
    world = World(40, 20, mean=25, sizes=1.1, block=block)
    found, covered = {0.0: 0, 0.2: 0}, 0
    for seed in range(25):
        for true in found:
            simulated = made(world, true, 9_000 + seed)
            effect = lift.difference_in_differences(
                simulated.panel, simulated.treated, simulated.start, simulated.end, 0.1, blocks_of(world)
            )
            found[true] += effect.p <= 0.05
            covered += effect.low <= true <= effect.high
    assert found[0.0] <= 4
    assert found[0.2] >= 24
    assert 0.8 * 50 <= covered <= 0.98 * 50


def test_few_dates_before_keep_the_scale_of_the_means() -> None:
    """Three weeks before cannot tell a scale beside weekdays: what two small controls grew by is taken out all the same."""
    random = np.random.default_rng(2)
    mean = np.outer(np.where(np.arange(49) < 21, 1.0, 1.5), [15.0, 2.0, 2.0])
    mean[21:, 0] *= 2
    dates = pd.date_range("2026-01-05", periods=49, name="date")
    panel = pd.DataFrame(random.poisson(mean), dates, ["all", "one", "two"])
    panel = panel.melt(ignore_index=False, var_name="unit").reset_index()
    effect = lift.interrupted_series(panel, ["all"], dates[21].date(), dates[-1].date())
    assert sum(effect.weights.values()) == pytest.approx(1)
    effect = mixture(Made(panel, ["all"], dates[21].date(), dates[-1].date(), 0))
    assert effect.lift == pytest.approx(1.0, abs=0.35)
