"""Choosing at size: 2,000 creators exactly, 5,000 creators in 200 draws, on one core.

Run: pytest -m slow -s tests/benchmarks/test_allocation_speed.py
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from creatorbook.stats.allocation import choose, over_draws
from test_allocation import large_case

pytestmark = pytest.mark.slow

#: fixed before the study was first run
EXACT_SEEDS = range(10)
DRAWS_SEEDS = range(3)


@pytest.mark.parametrize("kind", ["budget only", "all limits"])
def test_two_thousand_exactly(kind: str) -> None:
    """2,000 creators are chosen from exactly in about a second."""
    seconds = []
    for seed in EXACT_SEEDS:
        values, costs, limits = large_case(seed, 2000)
        if kind == "budget only":
            limits = type(limits)(budget=limits.budget)
        begun = time.process_time()
        assert choose(values.tolist(), costs.tolist(), limits)
        seconds.append(time.process_time() - begun)
    print(f"\n2,000 creators, {kind}: median {np.median(seconds):.2f} s, most {max(seconds):.2f} s of CPU")
    assert np.median(seconds) < 1.5


def test_five_thousand_in_two_hundred_draws() -> None:
    """5,000 creators in 200 draws take less than 10 s of one core and less than 1 GB, gap reported."""
    run = subprocess.run(
        [sys.executable, __file__],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "OMP_NUM_THREADS": "1"},
    )
    print("\n" + run.stdout)
    for line in run.stdout.splitlines():
        told = dict(part.split("=") for part in line.split())
        assert float(told["seconds"]) < 10
        assert float(told["peak_mb"]) < 1000
        assert float(told["worst_gap"]) <= 0.02


def main() -> None:
    """One line per seed, in a process of its own so that its memory can be read."""
    for seed in DRAWS_SEEDS:
        values, costs, limits = large_case(seed, 5000)
        draws = values[:, None] * np.random.default_rng(seed).lognormal(0, 0.5, (5000, 200))
        begun = time.process_time()
        split = over_draws(draws, costs.tolist(), limits)
        assert split is not None
        seconds, peak = time.process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"seed={seed} seconds={seconds:.1f} peak_mb={peak:.0f} mean_gap={split.gaps.mean():.6f} "
            f"worst_gap={split.gaps.max():.6f} exact_draws={int(split.exact.sum())}"
        )


if __name__ == "__main__":
    main()
