"""Who could work with the brand for longer: a shortlist with the reasons for and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.posts import campaign_posts, names_the_brand
from creatorbook.finance.claims import owners
from creatorbook.findings import Column, Findings, Note, Table, Wording, joined, say
from creatorbook.roi.creator_results import creator_results
from creatorbook.tracking.rights import may_be_used

if TYPE_CHECKING:
    from creatorbook.book import Book

#: reasons from which a creator is on the list
ENOUGH_REASONS = 2
#: share of comments answered that speaks for a creator
ANSWERS = 0.2


def shortlist(book: Book) -> Findings:
    """Ambassadors to be: creators with two reasons for a longer work together; nobody is on it for followers alone."""
    frame = reasons_for(book)
    if frame.empty:
        text = say("Nobody has two reasons for a longer work together yet; one more campaign would tell.")
        return Findings("roi", (Note(text),), book.formats)
    columns = {
        "creator": Column("Creator"),
        "reasons": Column("What speaks for it"),
        "open": Column("Still open"),
    }
    note = say(
        "In the order of how many reasons there are, then by name. A person decides, and asks the creator."
    )
    table = Table("roi.shortlist", "Ambassador shortlist", frame, columns, rows=10, note=note)
    return Findings("roi", (table,), book.formats)


def reasons_for(book: Book) -> pd.DataFrame:
    """creator, n, reasons, open; those with a strike against them (stop, orders in doubt) left out."""
    results = creator_results(book).frame
    if results.empty:
        return pd.DataFrame(columns=["creator", "n", "reasons", "open"])
    results = results[(results.decision != "stop") & (results.in_doubt <= 0.25 * results.orders)]
    holds_for, rights = _holds_for(book), may_be_used(book)
    rows = []
    for row in results.itertuples():
        good = [reason for reason, names in holds_for if row.creator in names]
        if row.decision == "renew":
            good.insert(0, say("the same deal should pay back again on traced orders"))
        still_open = [] if row.creator in rights else [say("rights in writing")]
        still_open += [say("one more campaign")] if row.decision != "renew" else []
        open_points = joined(still_open, by="; ") if still_open else say("ask")
        rows.append((row.creator, len(good), joined(good, by="; "), open_points))
    frame = pd.DataFrame(rows, columns=["creator", "n", "reasons", "open"])
    frame = frame[frame.n >= ENOUGH_REASONS]
    return frame.sort_values(["n", "creator"], ascending=[False, True], kind="stable").reset_index(drop=True)


def _holds_for(book: Book) -> list[tuple[Wording, set[str]]]:
    """Reasons, each with the creators it holds for, as far as files tell."""
    posts = campaign_posts(book)
    who = posts.handle.map(owners(book))
    posts_each = posts.groupby(who).size()
    before = book.tables.posts
    before = before[before.published_at < pd.Timestamp(book.campaign.start)]
    earlier = before[names_the_brand(book, before.caption)]
    comments = book.tables.comments
    comments = comments[comments.post_id.isin(posts.post_id)]
    by_creator = comments.by_creator.fillna(value=False).astype(bool)
    answered = by_creator.groupby(comments.handle.map(owners(book))).mean()
    return [
        (
            say("posted more than others"),
            set(posts_each.index[posts_each > posts_each.median() + 1]) if len(posts_each) > 3 else set(),
        ),
        (say("named the brand before the campaign"), set(earlier.handle.map(owners(book)).dropna())),
        (say("answers comments"), set(answered.index[answered >= ANSWERS])),
    ]
