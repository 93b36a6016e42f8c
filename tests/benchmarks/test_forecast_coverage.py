"""Study: how often the ranges of a forecast hold on campaigns drawn from the forecasts' own priors.

The seeds were committed before the study ran. One seed is one simulated campaign of a client without past
campaigns; the second set is campaigns of clients whose ledger already holds one to eight of them.
"""

from __future__ import annotations

#: campaigns of clients without past campaigns
SEEDS = range(410_000, 412_000)
#: campaigns of clients with one to eight past campaigns in their ledger
SEEDS_WITH_PAST = range(420_000, 422_000)
