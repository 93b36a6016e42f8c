"""Whether the campaign that ran is the one that was approved: only then its forecast was held or missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from creatorbook.client.ledger import rows_of

#: how many creators a plan has, and took part; of these, how many were in the plan
CREATORS, AS_APPROVED = "creators", "approved_creators"
#: from here on another campaign ran than was approved: so much more or less was spent, in parts of what was planned …
COST_OFF = 0.25
#: … or fewer than this part of those who took part, or of those approved, are the same people
SAME_PEOPLE = 0.75


class Course(NamedTuple):
    """A plan as approved and the campaign as it ran; missing where the ledger or the files do not tell.

    Attributes:
        creators, ran: how many people each had.
        same: how many took part who were in the plan.
        planned, spent: costs fixed beforehand.
    """

    creators: float
    ran: float
    same: float
    planned: float
    spent: float

    @property
    def otherwise(self) -> bool:
        """Whether another campaign ran than was approved, so that its forecast says nothing of this one."""
        cost_off = abs(self.spent / self.planned - 1) > COST_OFF if self.planned > 0 else False
        people_off = self.same < SAME_PEOPLE * max(self.creators, self.ran)
        return bool(cost_off or people_off)  # a comparison with what is missing is false


def course(ledger: pd.DataFrame, campaign: str, came: Mapping[str, float]) -> Course:
    """A campaign's approved plan beside what came of it, by the ledger's names. Pure: a ledger and results."""
    forecast = rows_of(ledger, campaign, "forecast").set_index("figure").likely
    return Course(
        creators=float(forecast.get(CREATORS, np.nan)),
        ran=came.get(CREATORS, np.nan),
        same=came.get(AS_APPROVED, np.nan),
        planned=float(forecast.get("costs", np.nan)),
        spent=came.get("costs", np.nan),
    )
