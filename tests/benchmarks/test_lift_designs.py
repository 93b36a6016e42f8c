"""Lift estimators held against a known truth: bias, coverage, power and false alarms of each design.

Fixed before the first run: the worlds, the seeds, and what counts as passed. Placebo runs (no lift at all):
an alarm in 3.5 to 6.5 % of 1,000 at nominal 5 %, or fewer. Ranges hold the true lift in at least 93 % of the
runs. Power is printed, not asserted. Run with `workbook.py test --all -s` to see the table.
"""

from __future__ import annotations

from lift_panels import World

#: one seed per placebo run; runs with a lift use the first ones of a second range
PLACEBO_SEEDS = range(702_000, 703_000)
LIFT_SEEDS = range(802_000, 802_300)
#: true lifts of the runs with one
LIFTS = (0.1, 0.2, 0.4)
LEVEL = 0.05
MOST_ALARMS = 0.065
FEWEST_ALARMS = 0.035
LEAST_COVERAGE = 0.93

#: each design in the shape it is used in
WORLDS = {
    "product hold-out, 24 products": World(24, 12, mean=4, paired=True),
    "product hold-out, 8 products": World(8, 4, mean=12, paired=True),
    "staggered start, 8 markets": World(8, 4, during=28, mean=15),
    "staggered start, 5 markets": World(5, 2, during=28, mean=25),
    "one region against 15": World(16, 1, mean=25),
    "three stores against 17": World(20, 3, mean=12),
    "one region, short baseline": World(12, 1, before=42, during=14, mean=25),
    "all orders and three other series": World(4, 1, mean=60),
    "all orders and three other series, half a year": World(4, 1, before=168, mean=60),
}
#: worlds that break the assumption behind every design; shown beside, asserted nowhere
HARSH = {
    "one region against 15, drifting": World(16, 1, mean=25, drift=0.01),
    "all orders and three other series, drifting": World(4, 1, mean=60, drift=0.01),
}
