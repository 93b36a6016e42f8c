"""Step 05: what a campaign made after all its costs, by whom, how sure that is, and what to do next.

Each function takes a book and returns findings; together, in this order, they are the notebook.
"""

from __future__ import annotations

from creatorbook.finance.claims import claimed_orders
from creatorbook.roi.by_place import by_place
from creatorbook.roi.certainty import (
    against_plan,
    books,
    caused,
    could_change,
    leaks,
    next_time,
    unknowns,
)
from creatorbook.roi.creators import claims, decisions, per_creator
from creatorbook.roi.headline import headline
from creatorbook.roi.money import ladder, ladder_by

__all__ = [
    "against_plan",
    "books",
    "by_place",
    "caused",
    "claimed_orders",
    "claims",
    "could_change",
    "decisions",
    "headline",
    "ladder",
    "ladder_by",
    "leaks",
    "next_time",
    "per_creator",
    "unknowns",
]
