"""Regret of the recommended mix and of three plain habits, on simulated campaigns whose truth the planner cannot see.

Run: pytest -m slow -s tests/benchmarks/test_mix_regret.py

Fixed before the first run: the seeds, the world they draw, the share of the unknowable best that counts as a tie
(2 %), and what counts as passed (a smaller mean loss than each habit, by an interval that leaves out 0).

The world: 15 to 60 creators of 1,000 to 1,000,000 followers; views per follower fall, stay or rise and fall with
size, one of the three per campaign, and creators of one size differ; what a view sells differs between creators by
a log-normal with standard deviation 0.8 and is not linked to anything the planner sees; fees follow size and, a
little, response, with noise. The planner sees followers, typical views and response with measuring noise, and fees.
All spend at most what the recommended mix costs; the best is chosen with the truth known.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from books import make_book
from creatorbook.planning.candidates import candidates
from creatorbook.planning.habits import HABITS, habit
from creatorbook.planning.plans import recommended
from creatorbook.stats.allocation import Limits, choose

pytestmark = pytest.mark.slow

SEEDS = range(1000)
TIE = 0.02
SHAPES = {"falling": (-0.6, 0.0), "flat": (0.0, 0.0), "rising, then falling": (0.0, -0.4)}


def campaign(seed: int) -> tuple[pd.DataFrame, pd.Series, float]:
    """A creators list as the planner sees it, what each creator truly leaves before fees, and a budget."""
    rng = np.random.default_rng([20261122, seed])
    n = int(rng.integers(15, 61))
    slope, bend = list(SHAPES.values())[int(rng.integers(3))]
    x = rng.uniform(3, 6, n)
    followers = np.round(10**x)
    size = slope * (x - 4.5) + bend * (x - 4.5) ** 2
    views = followers * 0.3 * np.exp(size + rng.normal(0, 0.5, n))
    response = 0.03 * np.exp(size + rng.normal(0, 0.4, n))
    sold = views * 0.006 * 0.015 * np.exp(rng.normal(-0.32, 0.8, n)) * 2
    truth = rng.poisson(sold) * 35.0
    fee = (
        np.round(0.12 * followers**0.75 * np.exp(0.3 * np.log(response / 0.03) + rng.normal(0, 0.4, n)), 2)
        + 15
    )
    listed = pd.DataFrame(
        {
            "creator": [f"Person {i:02d}" for i in range(n)],
            "handle": [f"h{i:02d}" for i in rng.permutation(n)],
            "platform": "instagram",
            "followers": followers,
            "fee": fee,
            "typical_views": np.round(views * np.exp(rng.normal(0, 0.15, n))),
            "typical_likes": np.round(followers * response * np.exp(rng.normal(0, 0.15, n))),
            "typical_comments": 0.0,
            "deliverables": "2 reels",
        }
    )
    return listed, pd.Series(truth, index=listed.creator), float(rng.uniform(0.15, 0.6) * fee.sum())


def played(seed: int) -> dict[str, float]:
    """What each policy truly brings in one campaign, as a share of the unknowable best for the same money."""
    listed, truth, budget = campaign(seed)
    book = make_book(tables={"creators": listed}, campaign={"budget": budget}, stage="plan", as_of=BEFORE)
    people = candidates(book)
    worth, costs = truth.reindex(people.creator).to_numpy(), people.cost.to_numpy()
    mine = recommended(book)
    assert mine is not None
    told = {"recommended": float(truth[mine.people.creator].sum())}
    for name in HABITS:
        rows = habit(people, name, mine.cost + 0.005)
        told[name] = float(worth[rows].sum())
    best = choose(worth.tolist(), costs.tolist(), Limits(budget=mine.cost + 0.005))
    assert best is not None
    top = float(worth[best].sum())
    return {"seed": seed, "way": mine.way, "best": top} | {
        name: value / top if top else 1.0 for name, value in told.items()
    }


BEFORE = pd.Timestamp("2026-01-05").date()


def test_regret() -> None:
    """The recommended mix loses less against the unknowable best than each habit, on average."""
    kept = Path(os.environ.get("MIX_REGRET_RESULTS", os.devnull))
    done = pd.read_csv(kept) if kept.is_file() and kept.stat().st_size else pd.DataFrame({"seed": []})
    seeds = [seed for seed in SEEDS if seed not in set(done.seed)]
    rows = pd.DataFrame([played(seed) for seed in seeds])
    rows.to_csv(kept, mode="a", header=done.empty, index=False)
    frame = pd.concat([done, rows], ignore_index=True).sort_values("seed", kind="stable")
    assert sorted(frame.seed) == list(SEEDS)
    print(f"\n{len(frame)} campaigns; ways recommended: {frame.way.value_counts().to_dict()}")
    reach = 1.96 / np.sqrt(len(frame))
    for name in ("recommended", *HABITS):
        loss = 1 - frame[name]
        print(
            f"{name}: mean loss {loss.mean():.1%} (95 %: {loss.mean() - reach * loss.std():.1%} to {loss.mean() + reach * loss.std():.1%})"
        )
    for name in HABITS:
        ahead = frame.recommended - frame[name]
        won, lost = (ahead > TIE).mean(), (ahead < -TIE).mean()
        low, high = ahead.mean() - reach * ahead.std(), ahead.mean() + reach * ahead.std()
        print(
            f"against {name}: won {won:.1%}, tied {1 - won - lost:.1%}, lost {lost:.1%}; ahead by {ahead.mean():.1%} ({low:.1%} to {high:.1%})"
        )
        assert low > 0
