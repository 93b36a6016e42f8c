"""The conversation under creators' posts, before the campaign and since: its mood, answers given, and new voices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.stats.intervals import change_in_share
from creatorbook.vetting.mood import emoji_moods

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days before the campaign whose posts are compared with it
BEFORE_DAYS = 56
#: comments that tell something, before and since, from which a change is told
ENOUGH_COMMENTS = 20
#: creators with comments both before and since from which a change is told
ENOUGH_CREATORS = 5


@dataclass(frozen=True)
class Sides:
    """Comments of others, and the creators' answers, on posts before the campaign and on its own posts."""

    before: pd.DataFrame
    since: pd.DataFrame


def conversation(book: Book) -> Findings:
    """Mood of comments, share answered and new voices: before the campaign and since, under the same creators' posts.

    Table `roi.conversation`: what, before, since, change with its range, and from how many comments.
    """
    sides = _sides(book)
    if sides.since.empty:
        told = "What people say cannot be told: comments under the campaign's posts would, and the creators have them."
        return Findings("roi", (Note(told, "unknown", owner="creators"),), book.formats)
    rows = [_mood(sides), _answered(sides), _new_voices(sides)]
    frame = pd.DataFrame([row for row in rows if row])
    if frame.empty:
        told = f"Too few comments to compare: it takes {ENOUGH_COMMENTS} before and since, from {ENOUGH_CREATORS} creators."
        return Findings("roi", (Note(told, "unknown", owner="creators"),), book.formats)
    return Findings("roi", (Note(_sentence(book, frame)), _table(book, sides, frame)), book.formats)


def _sides(book: Book) -> Sides:
    """Comments on the posts of the campaign's creators: 8 weeks before its first day, and on its own posts."""
    mine, posts = campaign_posts(book), book.tables.posts
    start = pd.Timestamp(book.campaign.start)
    earlier = posts[
        posts.handle.isin(mine.handle)
        & (posts.published_at < start)
        & (posts.published_at >= start - pd.Timedelta(days=BEFORE_DAYS))
    ]
    before, since = (_comments(book, some) for some in (earlier, mine))
    return Sides(before[before.commented_at.isna() | (before.commented_at < start)], since)


def _comments(book: Book, posts: pd.DataFrame) -> pd.DataFrame:
    """Comments under some posts: handle, commenter, commented_at, own (the creator's), mood."""
    told = book.tables.comments
    told = told[told.post_id.isin(posts.post_id) & told.handle.isin(posts.handle)]
    own = told.by_creator.fillna(value=False).astype(bool)
    return told[["handle", "commenter", "commented_at"]].assign(own=own, mood=emoji_moods(told.text))


def _mood(sides: Sides) -> dict[str, Any]:
    """Warm among the comments of others that carry an emoji of either kind."""
    pairs = []
    for some in (sides.before, sides.since):
        read = some[~some.own & some.mood.notna()]
        pairs.append(
            (read.groupby("handle").mood.agg(lambda moods: (moods == 1).sum()), read.groupby("handle").size())
        )
    return _row("Warm, of comments with an emoji", pairs)


def _answered(sides: Sides) -> dict[str, Any]:
    """The creators' own answers over the comments of others."""
    pairs = [
        (some.groupby("handle").own.sum(), (~some.own).groupby(some.handle).sum())
        for some in (sides.before, sides.since)
    ]
    return _row("Comments answered, at most", pairs)


def _new_voices(sides: Sides) -> dict[str, Any]:
    """People under campaign posts who had not written under these creators' posts in the weeks before."""
    known = set(sides.before.commenter.dropna())
    people = sides.since[~sides.since.own].commenter.dropna().drop_duplicates()
    if not known or len(people) < ENOUGH_COMMENTS:
        return {}
    share = float((~people.isin(known)).mean())
    return {
        "what": "People who had not written before",
        "since": share,
        "n_since": float(len(people)),
        "told": "",
    }


def _row(what: str, pairs: list[tuple[pd.Series, pd.Series]]) -> dict[str, Any]:
    """Shares before and since with their change; nothing where comments or creators are too few."""
    creators = sorted(set(pairs[0][1].index) & set(pairs[1][1].index))
    (had, of), (has, since) = (
        tuple(part.reindex(creators).fillna(0).to_numpy(dtype=float) for part in pair) for pair in pairs
    )
    if len(creators) < ENOUGH_CREATORS or min(of.sum(), since.sum()) < ENOUGH_COMMENTS:
        return {}
    change, low, high = change_in_share(had, of, has, since)
    told = "more" if low > 0 else "less" if high < 0 else "could easily be chance"
    return {
        "what": what, "before": had.sum() / of.sum(), "since": has.sum() / since.sum(), "change": change,
        "low": low, "high": high, "n_before": of.sum(), "n_since": since.sum(), "told": told,
    }  # fmt: skip


def _sentence(book: Book, frame: pd.DataFrame) -> str:
    """What moved, and what could easily be chance."""
    f, told = book.formats, []
    for row in frame.to_dict("records"):
        if pd.isna(row.get("before", np.nan)):
            told.append(f"{row['what'].lower()}: {f.percent(row['since'])}")
            continue
        words = (
            row["told"]
            if row["told"] != "could easily be chance"
            else "the difference could easily be chance"
        )
        told.append(
            f"{row['what'].lower()}: {f.percent(row['before'])} before, {f.percent(row['since'])} since ({words})"
        )
    return f"{'; '.join(told).capitalize()}."


def _table(book: Book, sides: Sides, frame: pd.DataFrame) -> Table:
    columns = {
        "what": Column("Under the creators' posts"),
        "before": Column("Before", "percent", grade="counted", missing="–"),
        "since": Column("Since", "percent", grade="counted"),
        "change": Column("Change", "percent", grade="estimated", missing="–"),
        "low": Column("likely from", "percent", missing="–"),
        "high": Column("to", "percent", missing="–"),
        "n_before": Column("Comments before", "number", missing="–"),
        "n_since": Column("since", "number"),
        "told": Column("Reads"),
    }
    others = sides.since[~sides.since.own]
    read = book.formats.percent(float(others.mood.notna().mean())) if len(others) else "none"
    note = (
        f"The same creators' posts of {BEFORE_DAYS // 7} weeks before, and the campaign's. Mood is read from emoji only, "
        f"which {read} of comments have; irony is not seen. Change is in points; what else changed in these weeks is in it."
    )
    told = frame.reindex(columns=list(columns))
    return Table("roi.conversation", "What people say, before and since", told, columns, note=note)
