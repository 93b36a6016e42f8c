"""Each creator's own results, to send back to them: their figures only, in words they can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.finance.claims import owners
from creatorbook.findings import Column, Count, Findings, Note, Table, Wording, number_of, say, sentences
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
        "sentence": Column("In a sentence"),
    }
    note = say("Traced orders are the least you brought: who buys without code or link is not counted.")
    table = Table("roi.send_back", "Creators' own results, to send back", frame, columns, rows=5, note=note)
    return Findings("roi", (table,), book.formats)


def own_results(book: Book) -> pd.DataFrame:
    """creator, posts, views, answers, orders, sentence; NaN where no file tells."""
    results = creator_results(book).frame
    if results.empty:
        return pd.DataFrame(columns=["creator", "posts", "views", "answers", "orders", "sentence"])
    posts = campaign_posts(book)
    who = posts.handle.map(owners(book))
    seen = posts.assign(answers=posts.likes + posts.comments.fillna(0.0)).groupby(who)
    frame = results[["creator", "orders"]].set_index("creator")
    frame = frame.assign(
        posts=seen.size().astype(float),
        views=seen.views.sum(min_count=1),
        answers=seen.answers.sum(min_count=1),
    )
    sentences_to_them = [
        _sentence(*counts) for counts in zip(frame.posts, frame.views, frame.orders, strict=True)
    ]
    return frame.assign(sentence=sentences_to_them).reset_index()


def _sentence(posts: float, views: float, orders: float) -> Wording:
    values = {
        "posts": number_of("post", Count(posts)),
        "views": number_of("time", Count(views)),
        "orders": number_of("order", Count(orders)),
    }
    if np.isnan(orders):
        text = say("Orders are not on file yet.")
    elif np.isnan(posts):
        text = say("{orders} carried your code, link or name.", **values)
    elif np.isnan(views):
        text = say("We saw {posts}; {orders} carried your code, link or name.", **values)
    else:
        text = say(
            "We saw {posts}, shown {views}; {orders} carried your code, link or name.",
            **values,
        )
    return sentences(text, say("Thank you."))
