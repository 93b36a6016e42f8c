"""Orders shared out over click paths, held against a known truth: by visitor, as it was, and by order, as it is.

Made-up visitors touch five channels over four months; each touch causes an order by its channel's own chance, buyers
come back by themselves, and a newsletter follows a purchase and causes nothing. So each order's last touch is known,
and what caused it. Printed per rule: the part of the credit that stands with the wrong channel (half the sum of the
absolute differences of shares; 0 is right), and each channel's bias in points. The reference for last touch with a
look-back is `pandas.merge_asof`; it and the generator's own book-keeping have to agree with ours to the order.

Fixed before the first run: worlds, seeds and what is asserted. The first run also asserted that what caused an order
is missed by less than before in every world and under every rule. It is where nobody comes back by themselves; where
many do, a path of their own gives such an order, which no channel caused, to the newsletter before it, and rules other
than last touch and time decay miss by more. So that is printed and no longer asserted: sharing out is no measure of cause.
Run with `python3 workbook.py test --all -s`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from creatorbook.roi.click_paths import click_paths
from creatorbook.stats import attribution

SEEDS = range(611_000, 611_040)
VISITORS, DAYS, LOOKBACK = 1500, 120, 30
#: channel → how often it is touched, and the chance that a touch causes an order
CHANNELS = {"ada": (0.25, 0.10), "bea": (0.25, 0.05), "cleo": (0.2, 0.02), "search": (0.3, 0.04)}
NEWSLETTER = "newsletter"
#: share of buyers who come back by themselves, once more each time
REPEAT = {"nobody comes back": 0.0, "a third comes back": 0.33, "two thirds come back": 0.67}


@dataclass(frozen=True)
class Made:
    """A click log with, per order, the last touch since the order before and within the look-back, and its cause."""

    log: pd.DataFrame
    last: list[str | None]
    cause: list[str | None]


def made(repeat: float, seed: int) -> Made:
    """A click log whose buyers come back by themselves with the chance `repeat`."""
    random = np.random.default_rng(seed)
    names = list(CHANNELS)
    often = np.array([CHANNELS[name][0] for name in names])
    rows: list[tuple[int, float, str | None, int | None]] = []
    last: list[str | None] = []
    cause: list[str | None] = []
    for visitor in range(VISITORS):
        touches = [
            (float(random.uniform(0, DAYS)), names[random.choice(len(names), p=often)])
            for _ in range(1 + random.poisson(2))
        ]
        orders: list[tuple[float, str | None]] = [
            (day + float(random.exponential(2)), name)
            for day, name in touches
            if random.random() < CHANNELS[name][1]
        ]
        orders += [(float(random.uniform(0, DAYS)), None) for _ in range(random.poisson(0.03))]
        for day, _ in list(orders):
            while random.random() < repeat:
                day += float(random.exponential(20))
                orders.append((day, None))
        touches += [
            (day + float(random.uniform(1, 10)), NEWSLETTER) for day, _ in orders if random.random() < 0.6
        ]
        before = -np.inf
        for day, name in sorted(orders, key=lambda order: order[0]):
            near = [one for one in touches if before < one[0] <= day and int(day) - int(one[0]) <= LOOKBACK]
            rows.append((visitor, day, None, len(last)))
            last.append(max(near)[1] if near else None)
            cause.append(name)
            before = day
        rows += [(visitor, day, name, None) for day, name in touches]
    log = pd.DataFrame(rows, columns=["journey", "day", "channel", "number"])
    log["touched_at"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(log.day, "D")
    log["order_id"] = ("#" + log.number.astype("Int64").astype("str")).where(log.number.notna())
    return Made(log.assign(converted=pd.Series(pd.NA, log.index, "boolean")), last, cause)


def by_visitor(log: pd.DataFrame) -> attribution.Journeys:
    """As it was: all touches of a visitor are one journey, with one order or none."""
    bought = set(log.journey[log.order_id.notna()])
    touches = log[log.channel.notna()].sort_values(["journey", "touched_at"], kind="stable")
    return attribution.journeys(touches.assign(converted=touches.journey.isin(bought)), time="touched_at")


def by_order(log: pd.DataFrame) -> attribution.Journeys:
    return attribution.journeys(click_paths(log, LOOKBACK).touches, time="touched_at")


def last_touch_of_pandas(log: pd.DataFrame) -> pd.Series:
    """Last touch with a look-back as `merge_asof` has it; a touch before the visitor's order before is that one's."""
    orders = log[log.order_id.notna()].sort_values("touched_at", kind="stable")
    touches = log[log.channel.notna()].sort_values("touched_at", kind="stable")
    touches = touches.assign(touch_at=touches.touched_at)[["journey", "touched_at", "touch_at", "channel"]]
    orders = orders.assign(before=orders.groupby("journey").touched_at.shift())
    matched = pd.merge_asof(orders.drop(columns="channel"), touches, on="touched_at", by="journey")
    days = (matched.touched_at.dt.normalize() - matched.touch_at.dt.normalize()).dt.days
    near = (days <= LOOKBACK) & ~(matched.touch_at <= matched.before)
    return matched.channel[near].value_counts()


def counted(names: list[str | None]) -> pd.Series:
    return pd.Series([name for name in names if name], dtype="str").value_counts()


def off(credit: pd.Series, truth: pd.Series) -> pd.Series:
    """Share of the credit less share of the truth, by channel."""
    both = pd.DataFrame({"credit": credit, "truth": truth}).fillna(0.0)
    return both.credit / both.credit.sum() - both.truth / both.truth.sum()


@pytest.mark.slow
@pytest.mark.parametrize("world", REPEAT)
def test_credit_by_order_is_nearer_the_truth_than_by_visitor(world: str) -> None:
    """Last touch is the truth to the order; where buyers do not come back, causes are missed by less, under every rule."""
    wrong: dict[tuple[str, str, str], list[pd.Series]] = {}
    orders, on_path, shared_before = 0, 0, 0.0
    for seed in SEEDS:
        simulated = made(REPEAT[world], seed)
        truths = {"last touch": counted(simulated.last), "cause": counted(simulated.cause)}
        ways = {"by visitor": by_visitor(simulated.log), "by order": by_order(simulated.log)}
        for way, read in ways.items():
            given = attribution.share_out(read)
            for rule in given:
                wrong.setdefault((way, rule, "cause"), []).append(off(given[rule], truths["cause"]))
            wrong.setdefault((way, "last", "last touch"), []).append(off(given["last"], truths["last touch"]))
        new = attribution.share_out(ways["by order"])
        exact = new["last"][new["last"] > 0].sort_index(kind="stable")
        assert exact.to_dict() == truths["last touch"].sort_index(kind="stable").to_dict()
        assert exact.to_dict() == last_touch_of_pandas(simulated.log).sort_index(kind="stable").to_dict()
        assert (new.sum() == len([name for name in simulated.last if name])).all()
        orders += len(simulated.last)
        on_path += len([name for name in simulated.last if name])
        shared_before += ways["by visitor"].total
    print(
        f"\n{world}: {len(SEEDS)} logs, {orders:,} orders; shared out by visitor {shared_before:,.0f}, "
        f"by order {on_path:,} (the rest has no touch since the order before and within {LOOKBACK} days)"
    )
    for (way, rule, truth), runs in wrong.items():
        frame = pd.DataFrame(runs).fillna(0.0)
        bias = ", ".join(f"{name} {100 * value:+.1f}" for name, value in frame.mean().items())
        print(f"  {truth:10} {rule:8} {way:10} misplaced {_misplaced(runs):6.1%}  bias in points: {bias}")
    for rule in new:
        old_way, new_way = (_misplaced(wrong[way, rule, "cause"]) for way in ("by visitor", "by order"))
        assert new_way < old_way or REPEAT[world], rule


def _misplaced(runs: list[pd.Series]) -> float:
    return float(np.mean([one.abs().sum() / 2 for one in runs]))
