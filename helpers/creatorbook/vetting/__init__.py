"""Notebook 02: an open list of checks with evidence, and a shortlist that keeps the human's decision.

Step functions take a book and give findings. The frames behind them are public too: `posts`, `comments`,
`growth`, `people`, `ratios`, `languages`, `audience_fit` each own one kind of evidence.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from creatorbook import checks, moved, plugins
from creatorbook.book import steps_by_their_packs
from creatorbook.client import Score
from creatorbook.findings import Findings, Note
from creatorbook.vetting.creators_roster import creators
from creatorbook.vetting.near_the_brief import brand_fit
from creatorbook.vetting.sampled_audience import audience_quality
from creatorbook.vetting.show_conversation import conversation
from creatorbook.vetting.show_engagement import engagement
from creatorbook.vetting.show_feedback import feedback
from creatorbook.vetting.show_fit import fit
from creatorbook.vetting.show_judging import before_and_after, reviewers, rubric, score
from creatorbook.vetting.show_overview import overview
from creatorbook.vetting.show_reading import moods, posting, same_people, subjects
from creatorbook.vetting.show_shortlist import quick_check_sheet, shortlist
from creatorbook.vetting.show_signals import follower_chart, signals, thresholds
from creatorbook.vetting.vetting_card import card, cards

if TYPE_CHECKING:
    from creatorbook.book import Book

__all__ = [
    "BUILT_IN_CHECKS",
    "Score",
    "audience_quality",
    "before_and_after",
    "brand_fit",
    "card",
    "cards",
    "checked",
    "conversation",
    "creators",
    "engagement",
    "feedback",
    "fit",
    "follower_chart",
    "moods",
    "overview",
    "posting",
    "quick_check_sheet",
    "reviewers",
    "rubric",
    "same_people",
    "score",
    "shortlist",
    "signals",
    "subjects",
    "thresholds",
]

BUILT_IN_CHECKS = (
    checks.Check("engagement", "Do people respond?", engagement),
    checks.Check("conversation", "Do they talk to each other?", conversation),
    checks.Check("signals", "Is there something to ask about?", signals),
    checks.Check("fit", "Is the audience ours, and what has been said before?", fit),
)


def checked(book: Book, name: str) -> list[Findings]:
    """What a check finds, then what those find that plugins put behind it, each of these under its question.

    A plugin's check that fails is left out, and named in the working paper.
    """
    every = plugins.checks(book.client.replaces)
    chosen = [check for check in every if check.name == name] + [
        check for check in every if check.after == name and check.name not in _PLACES
    ]
    return [
        findings
        if check.name == name
        else Findings("vetting", (Note(check.question),), book.formats) + findings
        for check, findings in plugins.answered(chosen, lambda check: check.find(book))
    ]


def added_checks(book: Book) -> list[Findings]:
    """What stands behind `fit`: for notebooks that somebody changed before `checked` was there, until the next release."""
    warnings.warn("vetting.added_checks is now part of vetting.checked", DeprecationWarning, stacklevel=2)
    return checked(book, "fit")[1:]


#: names of the checks whose place is a heading of the notebook
_PLACES = frozenset(check.name for check in BUILT_IN_CHECKS)


steps_by_their_packs(globals())


def __getattr__(name: str) -> Any:
    """What stood here before it moved."""
    return moved.moved_name(__name__, name)
