"""The conversation under creators' posts, before the campaign and since: its mood, answers given, and new voices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.finance.claims import owners
from creatorbook.findings import (
    Capital,
    Column,
    Count,
    Findings,
    Note,
    Share,
    Table,
    Wording,
    joined,
    say,
    sentences,
)
from creatorbook.stats.intervals import change_in_share
from creatorbook.vetting.mood import emoji_moods, has_emoji

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days before the campaign whose posts are compared with it
BEFORE_DAYS = 56
#: comments that say something, before and since, from which a change is told
ENOUGH_COMMENTS = 20
#: creators with comments both before and since from which a change is told
ENOUGH_CREATORS = 5


@dataclass(frozen=True)
class Sides:
    """Comments of others, and the creators' answers, on posts before the campaign and on its own posts."""

    before: pd.DataFrame
    since: pd.DataFrame


def conversation(book: Book) -> Findings:
    """Mood (sentiment) of comments, share answered and new voices: before the campaign and since, same creators' posts.

    Table `roi.conversation`: what, before, since, change with its range, and from how many comments.
    """
    sides = _sides(book)
    if sides.since.empty:
        text = say(
            "What people say cannot be told: comments under the campaign's posts would, and the creators have them."
        )
        return Findings("roi", (Note(text, "unknown", owner="creators"),), book.formats)
    rows = [_mood(sides), _answered(sides), _new_voices(sides)]
    frame = pd.DataFrame([row for row in rows if row])
    if frame.empty:
        text = say(
            "Too few comments to compare: it takes {comments} before and since, from {creators} creators.",
            comments=ENOUGH_COMMENTS,
            creators=ENOUGH_CREATORS,
        )
        return Findings("roi", (Note(text, "unknown", owner="creators"),), book.formats)
    return Findings(
        "roi",
        (Note(_sentence(frame), slot="learned.conversation", reader="client"), _table(sides, frame)),
        book.formats,
    )


def _sides(book: Book) -> Sides:
    """Comments on the posts of the campaign's creators: 8 weeks before its first day, and on its own posts."""
    of_campaign, posts = campaign_posts(book), book.tables.posts
    start = pd.Timestamp(book.campaign.start)
    earlier = posts[
        posts.handle.isin(of_campaign.handle)
        & (posts.published_at < start)
        & (posts.published_at >= start - pd.Timedelta(days=BEFORE_DAYS))
    ]
    before, since = (_comments(book, some) for some in (earlier, of_campaign))
    return Sides(before[before.commented_at.isna() | (before.commented_at < start)], since)


def _comments(book: Book, posts: pd.DataFrame) -> pd.DataFrame:
    """Comments under some posts: creator (the person), commenter, commented_at, own (the creator's), mood, emoji (holds one)."""
    comments = book.tables.comments
    comments = comments[comments.post_id.isin(posts.post_id) & comments.handle.isin(posts.handle)]
    own = comments.by_creator.fillna(value=False).astype(bool)
    owner = owners(book)
    return comments[["commenter", "commented_at"]].assign(
        creator=comments.handle.map(owner),
        own=own,
        mood=emoji_moods(comments.text),
        emoji=has_emoji(comments.text),
    )


def _mood(sides: Sides) -> dict[str, Any]:
    """Warm among the comments of others that carry an emoji of either kind."""
    pairs = []
    for some in (sides.before, sides.since):
        read = some[~some.own & some.mood.notna()]
        pairs.append(
            (
                read.groupby("creator").mood.agg(lambda moods: (moods == 1).sum()),
                read.groupby("creator").size(),
            )
        )
    return _row(say("Warm, of comments with an emoji"), say("warm, of comments with an emoji"), pairs)


def _answered(sides: Sides) -> dict[str, Any]:
    """The creators' own answers over the comments of others."""
    pairs = [
        (some.groupby("creator").own.sum(), (~some.own).groupby(some.creator).sum())
        for some in (sides.before, sides.since)
    ]
    return _row(say("Comments answered, at most"), say("comments answered, at most"), pairs)


def _new_voices(sides: Sides) -> dict[str, Any]:
    """People under campaign posts who had not written under these creators' posts in the weeks before."""
    before = set(sides.before.commenter.dropna())
    voices = sides.since[~sides.since.own].commenter.dropna().drop_duplicates()
    if not before or len(voices) < ENOUGH_COMMENTS:
        return {}
    return {
        "what": say("People who had not written before"),
        "in_sentence": say("people who had not written before"),
        "since": float((~voices.isin(before)).mean()),
        "n_since": float(len(voices)),
        "reading": "",
    }


def _row(what: Wording, in_sentence: Wording, pairs: list[tuple[pd.Series, pd.Series]]) -> dict[str, Any]:
    """Shares before and since with their change; nothing where comments or creators are too few."""
    creators = sorted(set(pairs[0][1].index) & set(pairs[1][1].index))
    (had, of), (has, since) = (
        tuple(part.reindex(creators).fillna(0).to_numpy(dtype=float) for part in pair) for pair in pairs
    )
    if len(creators) < ENOUGH_CREATORS or min(of.sum(), since.sum()) < ENOUGH_COMMENTS:
        return {}
    change, low, high = change_in_share(had, of, has, since)
    reading = say("more") if low > 0 else say("less") if high < 0 else say("could easily be chance")
    return {
        "what": what, "in_sentence": in_sentence, "before": had.sum() / of.sum(), "since": has.sum() / since.sum(),
        "change": change, "low": low, "high": high, "n_before": of.sum(), "n_since": since.sum(), "reading": reading,
    }  # fmt: skip


def _sentence(frame: pd.DataFrame) -> Wording:
    """What moved, and what could easily be chance."""
    parts = joined([_part(row) for row in frame.to_dict("records")], by="; ")
    return say("{parts}.", parts=Capital(parts))


def _part(row: dict[Any, Any]) -> Wording:
    since = Share(row["since"])
    if pd.isna(row.get("before", np.nan)):
        return say("{what}: {since}", what=row["in_sentence"], since=since)
    values = {"what": row["in_sentence"], "before": Share(row["before"]), "since": since}
    if row["low"] > 0 or row["high"] < 0:
        return say("{what}: {before} before, {since} since ({reading})", **values, reading=row["reading"])
    if round(row["before"], 2) == round(row["since"], 2):
        return say("{what}: {since}, as before", what=row["in_sentence"], since=since)
    return say("{what}: {before} before, {since} since (the difference could easily be chance)", **values)


def _table(sides: Sides, frame: pd.DataFrame) -> Table:
    columns = {
        "what": Column("Under the creators' posts"),
        "before": Column("Before", "percent", grade="counted", missing="–"),
        "since": Column("Since", "percent", grade="counted"),
        "change": Column("Change", "percent", grade="estimated", missing="–"),
        "low": Column("likely from", "percent", missing="–"),
        "high": Column("to", "percent", missing="–"),
        "n_before": Column("Comments before", "number", missing="–"),
        "n_since": Column("since", "number"),
        "reading": Column("Reads"),
    }
    others = sides.since[~sides.since.own]
    note = sentences(
        say(
            "The same creators' posts of {weeks} weeks before, and the campaign's.",
            weeks=BEFORE_DAYS // 7,
        ),
        say(
            "Mood is read from emoji only: {read} of {n} comments since hold one that is read, {without} hold none; irony is "
            "not seen, and what people say in words is not read for its mood, in no language.",
            read=Count(int(others.mood.notna().sum())),
            n=Count(len(others)),
            without=Count(int((~others.emoji).sum())),
        ),
        say("Change is in points; what else changed in these weeks is in it."),
    )
    rows = frame.reindex(columns=list(columns))
    return Table("roi.conversation", "What people say, before and since", rows, columns, note=note)
