"""What a campaign changed: one estimate with its range, from a panel of unit × date × value.

Four designs, one kind of answer (`Effect`):

- `difference_in_differences`: units that met the campaign against units that did not (a hold-out);
- `staggered`: units start at different dates, each compared with those not yet started;
- `synthetic_control`: one or few units against the mixture of untouched ones that moves as they do;
- `interrupted_series`: one series before and after, beside untouched series.

The lift is a ratio: `0.1` means a tenth more than without. It is judged in one of two ways, which also give
its range, so that test and range never disagree:

- **by dates**: the gap between observed and expected is added up, with its sign, over the comparison and over
  the same stretch moved around the whole circle of dates. Mixture and gap are fitted under the tested lift on all
  dates alike, a forecast beside few series on the dates outside each stretch. Without a lift the true stretch is one of many; source: Chernozhukov, Wüthrich & Zhu, "An exact and robust
  conformal inference method for counterfactual and synthetic controls", JASA 116 (2021), with the signed sum. From
  eight untouched units on, each of them is taken as treated in the same way, and its sums (each unit's relative to
  their own spread) join the many: neighbouring stretches alone overlap too much to tell a short campaign apart.
- **by units**: who is treated is drawn again in every way it could have been (randomisation test; Fisher 1935).

Both need enough dates or ways to draw the units: the smallest chance they can tell is 2 ÷ their number. Below that, and
wherever untouched units raise alarms of their own too often, the answer is "cannot tell". Each estimate checks itself: a
doubling is planted where the lift was taken out, and a comparison that would miss it can never tell (`never_tells`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from scipy import stats

from creatorbook.stats.lift_by_dates import as_treated, by_dates, trouble_of
from creatorbook.stats.lift_by_units import RandomAssignments
from creatorbook.stats.lift_effect import LEVEL, Effect, Trouble
from creatorbook.stats.lift_forecast import scales_can_be_learned
from creatorbook.stats.lift_panel import by_unit, wide


def synthetic_control(
    panel: pd.DataFrame,
    treated: Collection[Any],
    start: date,
    end: date,
    level: float = LEVEL,
    **names: str,
) -> Effect:
    """The treated units' sum against the mixture of untouched units that moves as it does; judged by dates.

    Each series is taken relative to its own mean; the mixture's weights are at least 0 and sum to 1 (Abadie,
    Diamond & Hainmueller 2010; unit means removed as in Ferman & Pinto 2021). One to three untouched units cannot be
    mixed to move alike: with enough dates before each gets a scale of its own (`lift_forecast`).

    Args:
        panel: rows of `unit`, `date`, `value`; other column names as `unit=`, `date=`, `value=`.
        treated: the treated units.
        start, end: first and last date of the comparison, both included.
        level: two-sided level of test and range.

    Raises:
        ValueError: the panel lacks a column, a unit, or dates before or in the comparison.
    """
    unit_series = by_unit(panel, **names)
    comparison = wide(unit_series, treated, start, end)
    if comparison.others.shape[1] and scales_can_be_learned(comparison):
        return by_dates("synthetic control", [comparison], level, forecast=True)
    return by_dates("synthetic control", [comparison], level, as_treated([comparison]))


def interrupted_series(
    panel: pd.DataFrame,
    treated: Collection[Any],
    start: date,
    end: date,
    controls: Collection[Any] | None = None,
    level: float = LEVEL,
    **names: str,
) -> Effect:
    """One series (the treated units' sum) before and after, beside untouched series; judged by dates.

    With up to three untouched series each has a scale of its own, and scale, weekdays and trend are learned from the days
    before alone (`lift_forecast`). Without any, whatever else changed is in the result. With more, or with fewer than
    five dates before for each term, as `synthetic_control`, after the series' own straight trend and weekdays are taken
    out: a series as large as a whole business has a course of its own, and without this a long baseline raises false
    alarms.

    Args and errors: as `synthetic_control`; `controls` names the untouched series, `None` means all others.
    """
    comparison = wide(by_unit(panel, **names), treated, start, end, controls)
    few = scales_can_be_learned(comparison)
    return by_dates("interrupted series", [comparison], level, trend=not few, forecast=few)


def staggered(
    panel: pd.DataFrame,
    starts: Mapping[Any, date],
    end: date,
    level: float = LEVEL,
    **names: str,
) -> Effect:
    """Units that start at different dates, each group compared with units that have not started; judged by dates.

    A group is compared from its start to `end` where some unit never starts, else to the day before the last group
    starts, which then only serves as comparison (stacked clean comparisons: Cengiz et al. 2019; Callaway & Sant'Anna 2021).
    One lift for all groups; their gaps are added up.

    Args:
        starts: unit → its first date; units of the panel without one never start.
        end: last date of the comparison.

    Raises:
        ValueError: as `synthetic_control`; also where no group can be compared.
    """
    unit_series = by_unit(panel, **names)
    first = {str(unit): pd.Timestamp(day) for unit, day in starts.items()}
    if absent := [unit for unit in first if unit not in unit_series]:
        raise ValueError(f"not in the panel: {', '.join(absent[:5])}")
    never = [unit for unit in unit_series if first.get(unit, pd.Timestamp.max) > pd.Timestamp(end)]
    last = pd.Timestamp(end)
    if not never:
        last = max(first.values()) - pd.Timedelta(days=1)
    days = sorted({day for day in first.values() if day <= last})
    if not days:
        raise ValueError("no unit starts before the others end: there is nothing to compare")
    clean = [unit for unit in unit_series if first.get(unit, pd.Timestamp.max) > last]
    groups = [[unit for unit in unit_series if first.get(unit) == day] for day in days]
    compared = [wide(unit_series, group, day, last, clean) for group, day in zip(groups, days, strict=True)]
    return by_dates("staggered start", compared, level, as_treated(compared))


def difference_in_differences(
    panel: pd.DataFrame,
    treated: Collection[Any],
    start: date,
    end: date,
    level: float = LEVEL,
    blocks: Sequence[Collection[Any]] | None = None,
    **names: str,
) -> Effect:
    """Treated units' growth over the untouched units' growth: a hold-out; judged by units.

    One lift for all units is estimated; where large and small units differ in it, it is a mean in which steady units
    count for more. It needs 40 ways to draw the sides (`few_ways` else): eight units, or six pairs.

    Args:
        blocks: how the sides were drawn: units of which so many as are treated were drawn together. Pairs are blocks of
            two, a free draw is one block. `None`: neighbours in size before the start are taken as pairs, if exactly
            one of each two is treated and there are six pairs or more; else all units are one block.

    Other arguments and errors: as `synthetic_control`.
    """
    unit_series = by_unit(panel, **names)
    comparison = wide(unit_series, treated, start, end)
    drawn = RandomAssignments.of(unit_series, comparison, [str(one) for one in treated], blocks)
    trouble: Trouble = trouble_of([comparison]) or ("" if drawn else "no_untouched")
    if drawn is None or trouble:
        observed = float(comparison.treated[comparison.inside].sum())
        return Effect("difference in differences", observed, level=level, judged_by="units", trouble=trouble)
    return drawn.effect(comparison, level)


def smallest(effect: Effect, power: float = 0.8) -> float | None:
    """The smallest lift that a comparison with a range as wide as this one's finds with this power; `None` without a range.

    The minimum detectable effect of the field.

    Made for a run on days before launch, where nothing happened: from the half width of its range on the
    logarithm, as for a normal estimate (the study of the designs finds it within a few points).
    """
    if effect.low is None or effect.high is None or effect.low <= -1:
        return None
    half = (math.log1p(effect.high) - math.log1p(effect.low)) / 2
    critical = stats.norm.ppf(1 - effect.level / 2)
    return math.expm1(half * float(critical + stats.norm.ppf(power)) / float(critical))
