"""Posts of the campaign: which of all posts are its own."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.roster import roster
from creatorbook.memo import per_book

if TYPE_CHECKING:
    from creatorbook.book import Book


#: Days after the campaign in which a late post still counts as one of its posts.
LATE_POSTS = 14


@per_book
def campaign_posts(book: Book) -> pd.DataFrame:
    """Posts of listed creators that belong to the campaign: named so, marked as paid, or naming the creator's code.

    A post that names the brand but not the creator's code may be one of their own: it is not counted, unless
    the creator has no code.
    """
    posts = book.tables.posts
    listed = roster(book)
    mine = posts[posts["handle"].isin(listed["handle"])]
    start = pd.Timestamp(book.campaign.start)
    last = pd.Timestamp(book.campaign.end) + timedelta(days=LATE_POSTS + 1)
    mine = mine[(mine["published_at"] >= start) & (mine["published_at"] < last)]
    if mine.empty:
        return mine
    known = mine["caption"].fillna("")
    codes = {
        handle: str(code).upper() for handle, code in zip(listed["handle"], _codes_of(listed), strict=True)
    }
    pairs = zip(known, mine["handle"], strict=True)
    coded = pd.Series([_names_code(text, codes[handle]) for text, handle in pairs], index=mine.index)
    branded = known.str.contains(_brand(book), case=False, regex=True)
    linked = mine["permalink"].isin(set(listed["post_url"].dropna()))
    told = {book.campaign.id.lower(), book.campaign.title.lower()}
    said = mine["campaign"].fillna("").str.lower().isin(told)
    paid = mine["sponsored"].fillna(value=False).astype(bool) & (branded | mine["caption"].isna())
    uncoded = branded & mine["handle"].map(codes).eq("")
    return mine[coded | uncoded | linked | said | paid].sort_values(
        ["published_at", "handle", "post_id"], kind="stable", ignore_index=True
    )


def _codes_of(listed: pd.DataFrame) -> pd.Series:
    """Each account's code: the person's, an empty text where there is none."""
    return listed.groupby("person")["code"].transform("first").fillna("").str.strip()


def _names_code(text: str, code: str) -> bool:
    return bool(code) and re.search(rf"(?<!\w){re.escape(code)}(?!\w)", text.upper()) is not None


def _brand(book: Book) -> str:
    """A pattern for the brand's name and handles: `Linnea Lane`, `@linnea.lane`, `#linnealane`."""
    names = [book.client.brand, *book.client.voice.mentions]
    parts = [[re.escape(part) for part in re.split(r"[\W_]+", name) if part] for name in names]
    told = [r"(?<!\w)[#@]?" + r"[\W_]?".join(words) for words in parts if words]
    return "|".join(told) or r"(?!)"
