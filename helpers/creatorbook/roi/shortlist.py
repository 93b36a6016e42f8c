"""Who could work with the brand for longer: a shortlist with the reasons for and what is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.finance.claims import people
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.roi.creator_results import creator_results
from creatorbook.tracking.rights import may_be_used

if TYPE_CHECKING:
    from creatorbook.book import Book

#: reasons from which a creator is on the list
ENOUGH_REASONS = 2
#: share of comments answered that speaks for a creator
ANSWERS = 0.2


def shortlist(book: Book) -> Findings:
    """Creators with at least two reasons for a longer work together; nobody is on it for followers alone."""
    frame = reasons(book)
    if frame.empty:
        told = "Nobody has two reasons for a longer work together yet; one more campaign would tell."
        return Findings("roi", (Note(told),), book.formats)
    columns = {
        "creator": Column("Creator"),
        "reasons": Column("What speaks for it"),
        "open": Column("Still open"),
    }
    note = "In the order of how many reasons there are, then by name. A person decides, and asks the creator."
    return Findings(
        "roi",
        (Table("roi.shortlist", "Ambassador shortlist", frame, columns, rows=10, note=note),),
        book.formats,
    )


def reasons(book: Book) -> pd.DataFrame:
    """creator, n, reasons, open; those with a strike against them (stop, orders in doubt) left out."""
    told = creator_results(book).frame
    if told.empty:
        return pd.DataFrame(columns=["creator", "n", "reasons", "open"])
    told = told[(told.decision != "stop") & (told.in_doubt <= 0.25 * told.orders)]
    found = _found(book)
    rights = may_be_used(book)
    rows = []
    for row in told.itertuples():
        good = [words for words, names in found.items() if row.creator in names]
        if row.decision == "renew":
            good.insert(0, "the same deal should pay back again")
        left = [] if row.creator in rights else ["rights in writing"]
        left += ["one more campaign"] if row.decision != "renew" else []
        rows.append((row.creator, len(good), "; ".join(good), "; ".join(left) or "ask"))
    frame = pd.DataFrame(rows, columns=["creator", "n", "reasons", "open"])
    frame = frame[frame.n >= ENOUGH_REASONS]
    return frame.sort_values(["n", "creator"], ascending=[False, True], kind="stable").reset_index(drop=True)


def _found(book: Book) -> dict[str, set[str]]:
    """Reason → creators it holds for, as far as files tell."""
    posts = campaign_posts(book)
    owner = people(book).drop_duplicates("handle").set_index("handle").creator
    who = posts.handle.map(owner)
    agreed = posts.groupby(who).size()
    before = book.tables.posts
    words = "|".join(
        sorted({book.client.brand.lower(), *(name.lower() for name in book.client.voice.mentions)})
    )
    earlier = before[
        (before.published_at < pd.Timestamp(book.campaign.start))
        & before.caption.str.lower().str.contains(words, regex=True).fillna(value=False)
    ]
    comments = book.tables.comments
    mine = comments[comments.post_id.isin(posts.post_id)]
    by_creator = mine.by_creator.fillna(value=False).astype(bool)
    answered = by_creator.groupby(mine.handle.map(owner)).mean()
    return {
        "posted more than others": set(agreed.index[agreed > agreed.median() + 1])
        if len(agreed) > 3
        else set(),
        "named the brand before the campaign": set(earlier.handle.map(owner).dropna()),
        "answers comments": set(answered.index[answered >= ANSWERS]),
    }
