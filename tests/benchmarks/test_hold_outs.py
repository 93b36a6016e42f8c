"""Hold-outs of many units, sides drawn, held against a known truth and a regression: false alarms, power, ranges.

Fixed before the first run: the worlds, the seeds, and what counts as passed. Panels are of regions: sizes with a heavy
tail, weekdays, a common course with shocks, own trends, promotions, stock-outs (`lift_panels`). No lift: alarms in at
most 7 % of 2,000 runs per world at a nominal 5 %. Ranges of 90 % hold the true lift in 87 to 93 % of all runs with one,
worlds and lifts pooled; those of 95 %, as they are printed, stand beside. Power is at most 5 points below that of the
regression at its size, pooled over worlds at each lift.

The regression is ordinary least squares by unit (statsmodels): sales in the campaign on sales before and treatment,
as they are and as logarithms. Its power is told in two ways. *At its size*: its |t| is among the largest 5 % of the
2,000 runs without a lift of the same world, so that it raises false alarms in exactly 5 % and a comparison of power is
one (Davidson & MacKinnon, "Graphical methods for investigating the size and power of hypothesis tests", Manchester
School 66, 1998); no user could do so, the true world is needed. *By placebos*: its |t| is among the largest 5 % of those
of 199 placebos, sides drawn in the same way in the same panel, for as many of the last days before the start as the
campaign has, or half of them. A user can do that, but such days are fewer and quieter than the campaign: in 58 panels
of 12 units in pairs without a lift it raised alarms in 14 to 17 %, in 100 others in 7 to 8 %. So it is printed and no
bound is set by it.

Twelve units are drawn in fours, as the plan draws them, or freely. Drawn in pairs there are 64 ways, and of these a test
of 5 % can only call the two furthest a lift: all six pairs have to point the same way. Such a test is not within 5
points: it found 20 % of the lifts of a tenth and 56 % of a fifth where the regression at its size found 47 and 83 %. That
is the price of so few ways (eleven other statistics, tried on other seeds, found at most 2 and 6 points more, and less
where units have strong trends of their own), and the reason why the plan draws fours. So this world counts for false
alarms and ranges, and its power is printed outside the pool.

Run with `python3 workbook.py test --all -s` to see the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import statsmodels.api as sm

from creatorbook.stats import lift
from creatorbook.stats.lift_panel import by_unit
from lift_panels import Made, World, blocks_of, made

PLACEBO_SEEDS = range(1_702_000, 1_704_000)
LIFT_SEEDS = range(1_802_000, 1_802_100)
LIFTS = (0.05, 0.1, 0.2, 1.0)
PLACEBOS = 199
MOST_ALARMS = 0.07
POWER_BELOW = 0.05
COVERED = (0.87, 0.93)

SIZES = {"mean": 25.0, "sizes": 1.1}
FEW_WAYS = "12 units in pairs"
WORLDS = {
    "12 units in fours": World(12, 6, block=4, **SIZES),
    FEW_WAYS: World(12, 6, block=2, **SIZES),
    "12 units, free": World(12, 6, **SIZES),
    "40 units in pairs": World(40, 20, block=2, **SIZES),
    "40 units, free": World(40, 20, **SIZES),
    "100 units in pairs, 42 days before": World(100, 50, before=42, block=2, **SIZES),
    "100 units, free, 42 days before": World(100, 50, before=42, **SIZES),
}


def _logarithm(sales: np.ndarray) -> np.ndarray:
    return np.log(sales + 0.01)


#: how the regression takes sales
FORMS: dict[str, Callable[[np.ndarray], np.ndarray]] = {"sales": np.asarray, "logarithms": _logarithm}


@dataclass(frozen=True)
class Runs:
    """What many panels of one world and one lift gave, by run.

    Attributes:
        detected: whether the house found a lift.
        covers_90, covers_95: whether its range holds the true lift; `nan` for that of 90 % in runs without one.
        error: logarithm of its ratio, less that of the true one.
        t: |t| of the regression, one column per form.
        by_placebos: whether the regression's |t| is among the largest of placebos; `nan` in runs that were not asked.
        error_of_logarithms: the regression's coefficient, on logarithms, less the true one.
    """

    detected: np.ndarray
    covers_90: np.ndarray
    covers_95: np.ndarray
    error: np.ndarray
    t: np.ndarray
    by_placebos: np.ndarray
    error_of_logarithms: np.ndarray

    def at_its_size(self, critical: np.ndarray) -> np.ndarray:
        """Share of runs in which the regression finds a lift, by form; `critical` is what |t| has to reach."""
        return (self.t >= critical).mean(axis=0)


#: runs by world and lift, for the tests that follow
_runs: dict[tuple[str, float], Runs] = {}


def fitted(before: np.ndarray, during: np.ndarray, treated: np.ndarray) -> tuple[float, float]:
    """The treatment's coefficient and its |t| in the regression by unit."""
    result = sm.OLS(during, np.column_stack([np.ones_like(before), before, treated])).fit()
    return float(result.params[2]), abs(float(result.tvalues[2]))


def t_values(before: np.ndarray, during: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """t of the treatment for many ways to treat at once, one row each (Frisch, Waugh & Lovell)."""
    basis = np.linalg.qr(np.column_stack([np.ones_like(before), before]))[0]
    left = during - basis @ (basis.T @ during)
    room = (treated**2).sum(axis=1) - ((treated @ basis) ** 2).sum(axis=1)
    effect = treated @ left / room
    error = np.sqrt((left @ left - effect**2 * room) / (len(before) - 3) / room)
    return effect / error


def found_by_placebos(daily: np.ndarray, world: World, seed: int, form: Callable, own: float) -> bool:
    """Whether |t| is among the largest 5 % of those of placebos of the same panel; `daily` is date × unit."""
    random = np.random.default_rng([seed, 1])
    block = world.block or world.units
    drawn = np.zeros((PLACEBOS, world.units))
    for row in drawn:
        for first in range(0, world.units, block):
            row[first + random.choice(block, block // 2, replace=False)] = 1
    first = world.before - min(world.during, world.before // 2)
    earlier, later = form(daily[:first].mean(axis=0)), form(daily[first : world.before].mean(axis=0))
    placebos = np.abs(t_values(earlier, later, drawn))
    return (1 + (placebos >= own).sum()) / (1 + PLACEBOS) <= 0.05


def measured(world: World, true: float, seeds: range, asked: int) -> Runs:
    """The house and the regression on these panels; so many of them are asked for placebos too."""
    rows, t, by_placebos = [], [], []
    for number, seed in enumerate(seeds):
        simulated = made(world, true, seed)
        usual = _judged(simulated, world, 0.05)
        sales = by_unit(simulated.panel)
        daily, treated = sales.to_numpy(), np.isin(sales.columns, simulated.treated).astype(float)
        before, during = daily[: world.before].mean(axis=0), daily[world.before :].mean(axis=0)
        fits = [fitted(form(before), form(during), treated) for form in FORMS.values()]
        t.append([own for _, own in fits])
        by_placebos.append(
            [
                found_by_placebos(daily, world, seed, form, own) if number < asked else np.nan
                for form, (_, own) in zip(FORMS.values(), fits, strict=True)
            ]
        )
        true_growth = np.log1p(true)
        rows.append(
            (
                usual.found,
                _covers(_judged(simulated, world, 0.1), true) if true else np.nan,
                _covers(usual, true),
                np.log1p(usual.lift) - true_growth,
                fits[-1][0] - true_growth,
            )
        )
    detected, covers_90, covers_95, error, of_logarithms = np.array(rows, dtype=float).T
    return Runs(detected, covers_90, covers_95, error, np.array(t), np.array(by_placebos), of_logarithms)


def _judged(simulated: Made, world: World, level: float) -> lift.Effect:
    days = (simulated.start, simulated.end)
    return lift.difference_in_differences(simulated.panel, simulated.treated, *days, level, blocks_of(world))


def _covers(effect: lift.Effect, true: float) -> bool:
    low = -1 if effect.low is None else effect.low
    return low <= true <= (np.inf if effect.high is None else effect.high)


def _critical(name: str) -> np.ndarray:
    """What |t| has to reach, by form, for alarms in 5 % of the world's runs without a lift."""
    if (name, 0.0) not in _runs:
        pytest.skip("needs the runs without a lift")
    return np.quantile(_runs[name, 0.0].t, 0.95, axis=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
def test_placebos_of_a_hold_out_keep_the_level(name: str) -> None:
    """No lift: alarms are as seldom as stated."""
    _runs[name, 0.0] = runs = measured(WORLDS[name], 0.0, PLACEBO_SEEDS, len(LIFT_SEEDS))
    _print(name, 0.0, runs)
    assert runs.detected.mean() <= MOST_ALARMS


@pytest.mark.slow
@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("true", LIFTS)
def test_lifts_of_a_hold_out(name: str, true: float) -> None:
    """Planted lifts: what is found and whether ranges hold is printed, and asserted together below."""
    _critical(name)
    _runs[name, true] = runs = measured(WORLDS[name], true, LIFT_SEEDS, len(LIFT_SEEDS))
    _print(name, true, runs)


@pytest.mark.slow
def test_hold_outs_together() -> None:
    """Ranges hold as stated, and lifts are found about as often as by the regression at its size."""
    if len(_runs) < len(WORLDS) * (1 + len(LIFTS)):
        pytest.skip("needs the runs with a lift")
    covered = float(np.mean([_runs[name, true].covers_90.mean() for name in WORLDS for true in LIFTS]))
    print(f"\nranges of 90 % hold {covered:.1%} of the lifts, pooled", end="")
    pool = [name for name in WORLDS if name != FEW_WAYS]
    for true in LIFTS:
        detected = float(np.mean([_runs[name, true].detected.mean() for name in pool]))
        sized = np.mean([_runs[name, true].at_its_size(_critical(name)) for name in pool], axis=0)
        placebos = np.mean([np.nanmean(_runs[name, true].by_placebos, axis=0) for name in pool], axis=0)
        print(
            f"\nlift {true:.0%}, all but {FEW_WAYS}: found {detected:.1%}, regression at its size {_shares(sized)}, "
            f"by placebos {_shares(placebos)}",
            end="",
        )
        assert detected >= sized.max() - POWER_BELOW
    assert COVERED[0] <= covered <= COVERED[1]


def _shares(by_form: np.ndarray) -> str:
    return ", ".join(f"{share:.1%} of {form}" for form, share in zip(FORMS, by_form, strict=True))


def _print(name: str, true: float, runs: Runs) -> None:
    print(
        f"\n{name:36} lift {true:4.0%} {len(runs.detected):5} runs  found {runs.detected.mean():6.1%}  "
        f"regression at its size {_shares(runs.at_its_size(_critical(name)))}, "
        f"by placebos {_shares(np.nanmean(runs.by_placebos, axis=0))}\n{'':36} "
        f"90 % range holds {runs.covers_90.mean():6.1%}  95 % range {runs.covers_95.mean():6.1%}  "
        f"bias {runs.error.mean():+.3f}  error {_size(runs.error):.3f}  "
        f"of the regression {runs.error_of_logarithms.mean():+.3f} and {_size(runs.error_of_logarithms):.3f}",
        end="",
    )


def _size(errors: np.ndarray) -> float:
    return float(np.sqrt((errors**2).mean()))
