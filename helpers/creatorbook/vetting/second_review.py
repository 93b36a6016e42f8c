"""Two people judge each creator, each alone: what the page keeps back until both have.

Whoever has seen the first verdict does not judge on their own any more (anchoring: Tversky & Kahneman, Science 185 (1974),
1124–1131). So while the campaign's file says `second_review: true`, notebook 02 shows neither a decision nor a mark on an
account before two people have given theirs; everybody finds their own on the board, which knows who sits at it. Reports
and lists hold all that is decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from creatorbook.campaign.decisions import known_decisions, standing, verdicts
from creatorbook.findings import Note, say, say_many
from creatorbook.memo import per_book
from creatorbook.vetting.accounts import listed_accounts
from creatorbook.vetting.agreement import last_reviews

if TYPE_CHECKING:
    from creatorbook.book import Book

#: people who judge a creator
BOTH = 2
#: what stands in place of a decision or a mark that is kept back
KEPT_BACK = say("Hidden until two of us have judged, each alone.")


@per_book
def decisions_kept_back(book: Book) -> frozenset[str]:
    """Accounts with a decision, but not yet of two people; none in a report, or where one person decides."""
    if not _each_alone(book) or (rows := known_decisions(book)).empty:
        return frozenset()
    people = verdicts(rows)["handle"].value_counts()
    decided = standing(rows).index
    few = decided[~decided.isin(people.index[people >= BOTH])]
    accounts = listed_accounts(book)
    return frozenset(accounts.index[accounts["handle"].isin(few)])


@per_book
def marks_kept_back(book: Book) -> frozenset[str]:
    """The same of accounts with review marks."""
    if not _each_alone(book):
        return frozenset()
    reviewers = last_reviews(book)["account"].value_counts()
    return frozenset(reviewers.index[reviewers < BOTH])


def kept_back_note(book: Book) -> list[Note]:
    """How many accounts' judgement is not shown, and why; nothing where all is."""
    accounts = decisions_kept_back(book) | marks_kept_back(book)
    if not accounts:
        return []
    many = say_many(
        "What was judged on {n} account is hidden here until two of us have judged it, each alone.",
        "What was judged on {n} accounts is hidden here until two of us have judged them, each alone.",
        n=len(accounts),
    )
    text = say(
        "{hidden} The board shows everybody their own; “second_review” in the campaign file asks for it.",
        hidden=many,
    )
    return [Note(text, "method")]


def _each_alone(book: Book) -> bool:
    return book.campaign.second_review and book.mode == "explore"
