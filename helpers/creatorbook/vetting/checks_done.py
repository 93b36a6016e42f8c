"""The eleven checks of a vetting card: which could be done for whom, and which file would do the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Text, say
from creatorbook.memo import remember
from creatorbook.packs import pack
from creatorbook.vetting import comments, growth, people, posts, ratios
from creatorbook.vetting.accounts import listed_accounts, listed_rows

if TYPE_CHECKING:
    from creatorbook.book import Book


def card_checks() -> list[dict[str, str]]:
    """The checks of a vetting card, in their order."""
    rows: list[dict[str, str]] = pack("signals")["checks"]
    return rows


def checks_done(book: Book) -> pd.DataFrame:
    """Which checks could be done: one row per account, one flag per check."""
    return remember(
        book.tables, "checks", lambda: _checks_done(book), book.as_of, book.client.engagement_formula
    )


def _checks_done(book: Book) -> pd.DataFrame:
    """One flag per account and check; see `checks_done`."""
    accounts = listed_accounts(book)
    replies, specific = comments.replies(book), comments.specific(book)
    done = {
        "response": posts.response(book).index,
        "paid_posts": posts.paid_known(book).index,
        "replies": replies.index,
        "specific": specific.index,
        "audience": listed_rows(book, "audience").account.unique(),
        "style": listed_rows(book, "reviews").account.unique(),
        "past_work": posts.captions(book).account.unique(),
        "growth": growth.histories(book).account.unique(),
        "ratios": ratios.compared_ratios(book).index,
        "comment_texts": comments.texts_checked(book),
        "same_commenters": people.checked_accounts(book),
    }
    return pd.DataFrame(
        {check["id"]: accounts.index.isin(done[check["id"]]) for check in card_checks()}, accounts.index
    )


def checks_text(count: int) -> Text:
    """`6 of 11`."""
    return say("{done} of {checks}", done=count, checks=len(card_checks()))


def not_checked(book: Book, account: str) -> list[dict[str, str]]:
    """The checks that could not be done for one account, in the pack's order."""
    done = checks_done(book).loc[account]
    return [check for check in card_checks() if not done[check["id"]]]
