"""Notebook 02: an open list of checks with evidence, and a shortlist that keeps the human's decision.

Step functions take a book and give findings. The frames behind them are public too: `posts`, `comments`,
`growth`, `people`, `ratios`, `languages`, `audience_fit` each own one kind of evidence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from creatorbook.client import Score
from creatorbook.findings import Findings, Note
from creatorbook.vetting.decide import quick_check_sheet, shortlist
from creatorbook.vetting.fit_steps import fit
from creatorbook.vetting.judging_steps import before_and_after, reviewers, rubric, score
from creatorbook.vetting.niches import brand_fit
from creatorbook.vetting.reading_steps import moods, posting, same_people, subjects
from creatorbook.vetting.sampled_audience import audience_quality
from creatorbook.vetting.signal_steps import follower_chart, signals, thresholds
from creatorbook.vetting.steps import conversation, engagement, overview
from creatorbook.vetting.vetting_card import card, cards

if TYPE_CHECKING:
    from creatorbook.book import Book

__all__ = [
    "BUILT_IN_CHECKS",
    "Check",
    "Score",
    "added_checks",
    "audience_quality",
    "before_and_after",
    "brand_fit",
    "card",
    "cards",
    "conversation",
    "engagement",
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


@dataclass(frozen=True)
class Check:
    """A vetting check, built in or brought by a plugin.

    Attributes:
        name: stable and unique.
        question: what it answers, in the reader's words.
        find: from a book to findings; pure, and one sentence where its files are not there.
    """

    name: str
    question: str
    find: Callable[[Book], Findings]


BUILT_IN_CHECKS = (
    Check("engagement", "Do people respond?", engagement),
    Check("conversation", "Do they talk to each other?", conversation),
    Check("signals", "Is there something to ask about?", signals),
    Check("fit", "Is the audience ours, and what has been said before?", fit),
)


def added_checks(book: Book) -> list[Findings]:
    """What the checks of installed plugins find, each under its question; nothing where none is installed."""
    from creatorbook import plugins

    added = [check for check in plugins.checks() if check not in BUILT_IN_CHECKS]
    return [Findings("vetting", (Note(check.question),), book.formats) + check.find(book) for check in added]
