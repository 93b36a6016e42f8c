"""Do the ranges hold, and do the decisions pay? 2,000 campaigns with known truth, drawn in a world of its own.

`python3 workbook.py test --all -s` prints what it measures. Fixed before the first run: the seeds, the world
(`tests/campaign_draws.py`), the settings below and the goals. `WINNERS=0:500` runs a part and keeps its rows in the
file WINNERS_ROWS, so that a long study can be run in pieces; the goals are judged on all seeds.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from campaign_draws import NINETY, Drawn, draw
from creatorbook.roi.decision_rule import PRICE_CHANCE, decisions_by_rule
from creatorbook.roi.next_wave import chosen_for_next
from creatorbook.roi.outlook import OrderCosts, Traced, draws_for, predictive_outlook
from creatorbook.stats.allocation import Limits, in_turn

SEEDS = range(2000)
PART = os.environ.get("WINNERS", f"{SEEDS.start}:{SEEDS.stop}")
ROWS = Path(os.environ.get("WINNERS_ROWS", Path(tempfile.gettempdir()) / "winners.csv"))
#: of this wave's spend, what the next wave may cost
BUDGET = 0.5
RIVALS = ("roi", "roas", "orders")


def measure(seed: int) -> dict[str, float]:
    """One campaign: how many ranges held, what was decided, and what the next wave would really bring."""
    world = draw(seed)
    earned, again = _outlook(world, seed)
    truth, shared = world.next_profit, world.shared
    low, high = np.quantile(again, [0.05, 0.95], axis=1)
    whole = again.sum(axis=0) - shared
    ends = np.quantile(whole, [0.05, 0.95])
    chance, cost = (again > 0).mean(axis=1), world.fixed
    price = np.quantile(earned, 1 - PRICE_CHANCE, axis=1) - world.gift
    renewed = decisions_by_rule(chance, price, world.fee) == "renew"
    counts = {
        "seed": seed,
        "creators": len(truth),
        "n_orders": len(world.orders.net),
        "held": int(((low <= truth) & (truth <= high)).sum()),
        "whole_held": int(ends[0] <= truth.sum() - shared <= ends[1]),
        "renewed": int(renewed.sum()),
        "false_renewals": int((truth[renewed] < 0).sum()),
        "worth_it": int((truth > 0).sum()),
        "renewed_promised": float(again.mean(axis=1)[renewed].sum()),
        "renewed_delivered": float(truth[renewed].sum()),
    }
    return counts | _next_waves(world, earned, again, cost)


def _outlook(world: Drawn, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """What the product would say, all returns in: earned before fixed costs, and after them."""
    n, random = draws_for(len(world.fee)), np.random.default_rng([7, seed])
    low, likely, high = world.margin_stated
    steps = random.standard_normal(n)
    margin = likely + np.where(steps > 0, high - likely, likely - low) / NINETY * steps
    orders = world.orders
    traced = Traced(orders.creator, orders.net, orders.back, np.ones(len(orders.net)))
    inputs = {"shipping_cost": world.per_order, "handling_per_return": world.per_return}
    costs = OrderCosts(1 - margin, inputs=inputs)
    counts = np.bincount(orders.creator, minlength=len(world.fee))
    outlook = predictive_outlook(
        counts, [world.tier, world.platform], traced, costs, world.commission, random, world.followers
    )
    return outlook.earned, outlook.earned - world.fixed[:, None]


def _next_waves(world: Drawn, earned: np.ndarray, again: np.ndarray, cost: np.ndarray) -> dict[str, float]:
    """True result of the next wave by each way of choosing, for the same budget."""
    budget, truth = BUDGET * float(cost.sum()), world.next_profit
    ours = chosen_for_next(earned, cost, budget)
    made, counts = world.profit_now(), np.bincount(world.orders.creator, minlength=len(cost))
    sales = np.bincount(world.orders.creator, weights=world.orders.net, minlength=len(cost))
    ranked = {"roi": made / cost, "roas": sales / cost, "orders": counts.astype(float)}
    sums = {"budget": budget, "ours": float(truth[ours].sum())}
    sums |= {"promised": float(again.mean(axis=1)[ours].sum()), "chosen": len(ours)}
    for name, rank in ranked.items():
        order = list(np.argsort(-rank, kind="stable"))
        if name == "roi":  # nobody renews a loss: the raw ranking stops where this campaign lost money
            order = [place for place in order if made[place] > 0]
        taken = in_turn(order, list(cost), Limits(budget))
        sums[name] = float(truth[taken].sum())
    return sums


@pytest.mark.slow
def test_ranges_hold_and_decisions_pay() -> None:
    """Ranges hold in 88 to 92 %, at most 1 in 10 renewals loses, the chosen deliver what they promise."""
    first, last = (int(end) for end in PART.split(":"))
    done = set(pd.read_csv(ROWS).seed) if ROWS.exists() else set()
    rows = [measure(seed) for seed in SEEDS[first:last] if seed not in done]
    if rows:
        pd.DataFrame(rows).to_csv(ROWS, mode="a", header=not ROWS.exists(), index=False)
    frame = pd.read_csv(ROWS).drop_duplicates("seed")
    results = summary(frame)
    print("\n" + "\n".join(results.lines))
    if len(frame) == len(SEEDS):
        assert 0.88 <= results.creators <= 0.92
        assert 0.88 <= results.campaigns <= 0.92
        assert results.false_renewals <= 0.10
        assert 0.95 <= results.wave_ratio <= 1.05
        assert 0.95 <= results.renewed_ratio <= 1.05
        assert results.gain_over_roi >= 0


class summary:  # noqa: N801 - reads as a function, holds what it found
    """The study's figures, and the lines that say them."""

    def __init__(self, frame: pd.DataFrame) -> None:
        sums = frame.sum()
        self.creators = sums.held / sums.creators
        self.campaigns = frame.whole_held.mean()
        self.false_renewals = sums.false_renewals / sums.renewed
        self.renewed_ratio = sums.renewed_promised / sums.renewed_delivered
        self.wave_ratio = sums.promised / sums.ours
        self.gain_over_roi = float((frame.ours - frame.roi).mean())
        self.lines = [
            f"campaigns {len(frame)}, creators {sums.creators:.0f}, orders per creator {sums.n_orders / sums.creators:.1f}",
            f"90 % ranges of creators' profit held {self.creators:.1%}, of the whole campaign's {self.campaigns:.1%}",
            f"renewed {sums.renewed:.0f} of {sums.worth_it:.0f} worth it; false renewals {self.false_renewals:.1%}",
            f"promised ÷ delivered: renewed {self.renewed_ratio:.3f}, next wave {self.wave_ratio:.3f}",
            *(self._against(frame, name) for name in RIVALS),
        ]

    @staticmethod
    def _against(frame: pd.DataFrame, name: str) -> str:
        gain = (frame.ours - frame[name]) / frame.budget.clip(lower=1.0)
        half = 1.96 * gain.std(ddof=1) / np.sqrt(len(gain))
        won, tied = (gain > 0.005).mean(), (gain.abs() <= 0.005).mean()
        return (
            f"next wave against raw {name.upper():6}: per 100 of budget {100 * gain.mean():+.1f} "
            f"({100 * (gain.mean() - half):+.1f} to {100 * (gain.mean() + half):+.1f}), "
            f"won {won:.0%}, tied {tied:.0%}, lost {1 - won - tied:.0%}"
        )
