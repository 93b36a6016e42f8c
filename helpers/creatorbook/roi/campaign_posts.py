"""Posts of the campaign: who showed what, when, in which format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.memo import per_book

if TYPE_CHECKING:
    from creatorbook.book import Book


@per_book
def campaign_posts(book: Book) -> pd.DataFrame:
    """Posts of the campaign in its days and two weeks after: flagged by the file, or naming the brand or a code."""
    posts = book.tables.posts
    end = pd.Timestamp(book.campaign.end) + pd.Timedelta(days=15)
    posts = posts[(posts.published_at >= pd.Timestamp(book.campaign.start)) & (posts.published_at < end)]
    posts = posts[posts.handle.isin(book.tables.creators.handle)]
    flagged = posts.campaign.notna() | posts.sponsored.fillna(value=False).astype(bool)
    words = [book.client.brand, *book.client.voice.mentions, *book.tables.creators.code.dropna()]
    pattern = "|".join(sorted({re.escape(word) for word in words if word.strip()}))
    named = posts.caption.str.contains(pattern, case=False, regex=True).fillna(value=False).astype(bool)
    return posts[flagged | named]
