"""Step 05: what a campaign brought for its goal and left after its costs, by whom, how sure that is, and what to do next.

Each function takes a book and returns findings; together, in this order, they are the notebook.
"""

from __future__ import annotations

from creatorbook.book import steps_by_their_packs
from creatorbook.finance.claims import claimed_orders
from creatorbook.roi.by_place import by_place
from creatorbook.roi.calibration import calibration
from creatorbook.roi.caused import caused, lift_signs
from creatorbook.roi.certainty import against_plan, books, could_change, leaks, next_time, unknowns
from creatorbook.roi.content_made import best_posts, fading, hooks, library
from creatorbook.roi.conversation import conversation
from creatorbook.roi.creators import claims, decisions, per_creator
from creatorbook.roi.customers import customers
from creatorbook.roi.earned_media import earned_media
from creatorbook.roi.feedback import feedback
from creatorbook.roi.gifts import gifts
from creatorbook.roi.headline import headline
from creatorbook.roi.ladder_shown import ladder, ladder_by
from creatorbook.roi.next_wave import next_wave
from creatorbook.roi.paths import other_rules
from creatorbook.roi.playbook_reading import playbook_reading
from creatorbook.roi.recommendation import recommendation
from creatorbook.roi.send_back import send_back
from creatorbook.roi.shortlist import shortlist
from creatorbook.roi.show_creators import show_creators
from creatorbook.roi.show_posts import show_posts

__all__ = [
    "against_plan",
    "best_posts",
    "books",
    "by_place",
    "calibration",
    "caused",
    "claimed_orders",
    "claims",
    "conversation",
    "could_change",
    "customers",
    "decisions",
    "earned_media",
    "fading",
    "feedback",
    "gifts",
    "headline",
    "hooks",
    "ladder",
    "ladder_by",
    "leaks",
    "library",
    "lift_signs",
    "next_time",
    "next_wave",
    "other_rules",
    "per_creator",
    "playbook_reading",
    "recommendation",
    "send_back",
    "shortlist",
    "show_creators",
    "show_posts",
    "unknowns",
]

steps_by_their_packs(globals())
