"""The day on the calendar of whoever acts: it stands beside a decision, an offer and a mark."""

from __future__ import annotations

import os
from datetime import date

#: A day in place of today's, as 2026-03-29: the journey of a whole campaign takes weeks, its test some minutes.
DAY_VARIABLE = "CREATORBOOK_TODAY"


def today() -> date:
    """Today, where the person is."""
    named = os.environ.get(DAY_VARIABLE)
    return date.fromisoformat(named) if named else date.today()  # noqa: DTZ011 - their own calendar is meant
