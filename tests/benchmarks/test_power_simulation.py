"""Study: power and sample-size figures of the test plan against 2,000 simulated campaigns each.

The seeds were committed before the study ran; the place of a case in its list picks its seed.
"""

from __future__ import annotations

#: simulated campaigns per figure
RUNS = 2000
#: one seed per case, in the order of the cases
SEEDS = range(430_000, 430_100)
