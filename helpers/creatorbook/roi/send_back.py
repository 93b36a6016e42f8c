"""Each creator's own results, to send back to them: their figures only, in words they can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.finance.claims import people
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.roi.creator_results import creator_results

if TYPE_CHECKING:
    from creatorbook.book import Book


def send_back(book: Book) -> Findings:
    """One line per creator with what was counted for them; no fee, no profit, nothing about anybody else."""
    frame = own_results(book)
    if frame.empty:
        return Findings("roi", (Note("No creator took part yet.", "unknown"),), book.formats)
    columns = {
        "creator": Column("Creator"),
        "posts": Column("Posts we saw", "number", grade="counted"),
        "views": Column("Times shown", "number", grade="counted"),
        "answers": Column("Likes and comments", "number", grade="counted"),
        "orders": Column("Orders traced to you", "number", grade="counted"),
        "told": Column("In a sentence"),
    }
    note = "Traced orders are the least you brought: who buys without code or link is not counted."
    table = Table("roi.send_back", "Creators' own results, to send back", frame, columns, rows=5, note=note)
    return Findings("roi", (table,), book.formats)


def own_results(book: Book) -> pd.DataFrame:
    """creator, posts, views, answers, orders, told; NaN where no file tells."""
    results = creator_results(book).frame
    if results.empty:
        return pd.DataFrame(columns=["creator", "posts", "views", "answers", "orders", "told"])
    posts = campaign_posts(book)
    owner = people(book).drop_duplicates("handle").set_index("handle").creator
    who = posts.handle.map(owner)
    seen = posts.assign(answers=posts.likes + posts.comments.fillna(0.0)).groupby(who)
    frame = results[["creator", "orders"]].set_index("creator")
    frame = frame.assign(
        posts=seen.size().astype(float),
        views=seen.views.sum(min_count=1),
        answers=seen.answers.sum(min_count=1),
    )
    frame["told"] = [_sentence(book, row) for row in frame.itertuples()]
    return frame.reset_index()


def _sentence(book: Book, row: object) -> str:
    f = book.formats
    shown = ""
    if not np.isnan(row.posts):  # type: ignore[attr-defined]
        shown = f"We saw {f.number(row.posts)} posts"  # type: ignore[attr-defined]
        if not np.isnan(row.views):  # type: ignore[attr-defined]
            shown += f", shown {f.number(row.views)} times"  # type: ignore[attr-defined]
        shown += "; "
    return f"{shown}{f.number(row.orders)} orders carried your code, link or name. Thank you."  # type: ignore[attr-defined]
