"""Power of the lift designs, checked by simulation: run with `python3 workbook.py test --all -s` to see the table.

Fixed before the first run: the comparisons, 2,000 campaigns each, the seed, and what counts as passed (the lift
stated as smallest is found in 80 % ± 3 % of the campaigns; no lift is found in 5 % ± 2 %).
"""

from __future__ import annotations

import numpy as np
import pytest

from creatorbook.campaign.lift_designs import designs
from creatorbook.opening import open_book
from creatorbook.stats.lift_power import Comparison, lift_test, simulated, smallest_lift
from samples import SAMPLES

SEED = 20261122
CAMPAIGNS = 2000

#: few and many orders, days and weeks, with and without a second group, pure chance and spread
COMPARISONS = {
    "two groups of 20 a day": Comparison(20, 20, before=56, during=28),
    "two groups of 20 a day, spread": Comparison(20, 20, before=56, during=28, dispersion=0.05),
    "two groups of 100 a day, spread": Comparison(100, 100, before=84, during=28, dispersion=0.02),
    "5 a day against 25": Comparison(5, 25, before=84, during=28, dispersion=0.05),
    "25 a day against 5": Comparison(25, 5, before=84, during=28, dispersion=0.05),
    "half of a campaign, 10 a day": Comparison(10, 10, before=84, during=14, dispersion=0.1),
    "short baseline": Comparison(15, 15, before=28, during=28, dispersion=0.05),
    "weeks, 12 before and 4 during": Comparison(30, 30, before=12, during=4, dispersion=0.01),
    "few orders": Comparison(1.5, 1.5, before=84, during=28, dispersion=0.1),
    "one group of 12 a day": Comparison(12, None, before=84, during=28, dispersion=0.05),
    "one group of 200 a day": Comparison(200, None, before=56, during=28, dispersion=0.03),
    "one group, weeks": Comparison(60, None, before=12, during=4, dispersion=0.02),
}
SEEDS = dict(zip(COMPARISONS, np.random.SeedSequence(SEED).spawn(len(COMPARISONS)), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPARISONS)
def test_the_smallest_lift_is_found_as_often_as_stated(name: str) -> None:
    """The planned analysis finds the stated smallest lift in four of five campaigns, and none in one of twenty."""
    _held(name, COMPARISONS[name], np.random.default_rng(SEEDS[name]))


@pytest.mark.slow
@pytest.mark.parametrize("client", SAMPLES)
def test_the_sample_clients_designs_find_what_they_state(client: str) -> None:
    """Every design offered to a sample client does so too, with the client's own counts and spread."""
    for number, design in enumerate(designs(open_book(client, stage="plan"))):
        if design.comparison is not None:
            seed = [SEED, *client.encode(), number]
            _held(f"{client} {design.id}", design.comparison, np.random.default_rng(seed))


def _held(name: str, comparison: Comparison, rng: np.random.Generator) -> None:
    lift = smallest_lift(comparison)
    assert lift is not None
    found, false_alarms = (
        float((lift_test(*simulated(comparison, ratio, CAMPAIGNS, rng)).p < 0.05).mean())
        for ratio in (1 + lift, 1.0)
    )
    print(f"\n{name:34} smallest lift {lift:7.1%}   found {found:6.1%}   none, but found {false_alarms:5.1%}")
    assert found == pytest.approx(0.80, abs=0.03)
    assert false_alarms == pytest.approx(0.05, abs=0.02)
