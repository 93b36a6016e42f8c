"""Step 03, sizes and budget: sizes side by side, whether size pays, ways to spend the budget, and a recommendation."""

from creatorbook.book import steps_by_their_packs
from creatorbook.campaign.sizes import NOT_DEFINED, Scheme, scheme_of, schemes, size_of
from creatorbook.tiers.budget_mix import budget_mix, mix_firmness, mix_reasons
from creatorbook.tiers.choice import mixes, recommendation
from creatorbook.tiers.comparison import comparison
from creatorbook.tiers.formulas import formulas
from creatorbook.tiers.outcome import outcome
from creatorbook.tiers.size_pays import size_pays
from creatorbook.tiers.sizes import sizes, who_moves

__all__ = [
    "NOT_DEFINED",
    "Scheme",
    "budget_mix",
    "comparison",
    "formulas",
    "mix_firmness",
    "mix_reasons",
    "mixes",
    "outcome",
    "recommendation",
    "scheme_of",
    "schemes",
    "size_of",
    "size_pays",
    "sizes",
    "who_moves",
]

steps_by_their_packs(globals())
