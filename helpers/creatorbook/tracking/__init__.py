"""Step 04: links, codes, go-live. How we will know who sold what, label words, hand-over, and the running campaign.

Each function takes a book and returns findings; together, in this order, they are the notebook.
"""

from __future__ import annotations

from typing import Any

from creatorbook import moved
from creatorbook.book import steps_by_their_packs
from creatorbook.tracking.claim_order import precedence
from creatorbook.tracking.claims_check import check_claims
from creatorbook.tracking.data_requests import requests
from creatorbook.tracking.discount_codes import codes
from creatorbook.tracking.handover import handover, handover_sheets
from creatorbook.tracking.label_check import check_labels
from creatorbook.tracking.labels import labels
from creatorbook.tracking.lift_plan import lift_plan
from creatorbook.tracking.pay import pay
from creatorbook.tracking.preflight import preflight
from creatorbook.tracking.pulse import status
from creatorbook.tracking.rights import rights
from creatorbook.tracking.tracked_links import links, lint

__all__ = [
    "check_claims",
    "check_labels",
    "codes",
    "handover",
    "handover_sheets",
    "labels",
    "lift_plan",
    "links",
    "lint",
    "pay",
    "precedence",
    "preflight",
    "requests",
    "rights",
    "status",
]

steps_by_their_packs(globals())


def __getattr__(name: str) -> Any:
    """What stood here before it moved."""
    return moved.moved_name(__name__, name)
