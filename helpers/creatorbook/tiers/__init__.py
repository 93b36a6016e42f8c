"""Step 03: sizes side by side, three ways to spend the budget, and a recommendation."""

from creatorbook.planning.tier_schemes import NOT_DEFINED, Scheme, assign, scheme_of, schemes
from creatorbook.tiers.choice import mixes, recommendation
from creatorbook.tiers.comparison import comparison
from creatorbook.tiers.outcome import outcome
from creatorbook.tiers.sizes import sizes

__all__ = [
    "NOT_DEFINED",
    "Scheme",
    "assign",
    "comparison",
    "mixes",
    "outcome",
    "recommendation",
    "scheme_of",
    "schemes",
    "sizes",
]
