"""Step 01: what the campaign is for, what must be true for it to pay, and what it will and will not tell."""

from creatorbook.book import steps_by_their_packs
from creatorbook.goals.audience_way import found, journey, niches
from creatorbook.goals.kinds import kinds_of_campaign
from creatorbook.goals.micro import is_micro_right
from creatorbook.goals.objective import goal, personas
from creatorbook.goals.outlook import fan, forecast, unknowns
from creatorbook.goals.payback import break_even, gifts
from creatorbook.goals.telling_apart import comparisons, test_plan
from creatorbook.goals.timetable import calendar, year_ahead

__all__ = [
    "break_even",
    "calendar",
    "comparisons",
    "fan",
    "forecast",
    "found",
    "gifts",
    "goal",
    "is_micro_right",
    "journey",
    "kinds_of_campaign",
    "niches",
    "personas",
    "test_plan",
    "unknowns",
    "year_ahead",
]

steps_by_their_packs(globals())
