"""What the campaign made beside sales: the library of content, the best posts, what they share, how results fade."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import campaign_posts, first_posts
from creatorbook.finance.claims import claimed_orders, owners, people
from creatorbook.finance.order_values import inside_window
from creatorbook.findings import (
    Column,
    Count,
    Figure,
    Findings,
    Note,
    Share,
    Table,
    Text,
    Wording,
    joined,
    say,
    say_many,
    sentences,
)
from creatorbook.packs import pack
from creatorbook.roi.goal_units import with_rights
from creatorbook.stats.intervals import NINETY
from creatorbook.stats.shrinkage import homogeneity
from creatorbook.tracking.rights import register

if TYPE_CHECKING:
    from creatorbook.book import Book

#: kinds of openings and messages a caption is looked through for, in English, German and French
HOOKS = (
    (say("a question"), r"\?"),
    (say("a saving"), r"%|€|£|\$|discount|rabatt|code|promo"),
    (say("a problem solved"), r"\bhow to\b|\bso\b geht|\bwie\b|\btip|\btipp|astuce|comment\b"),
    (say("something new"), r"\bnew\b|\bneu|nouveau|nouvelle|drop|launch"),
    (say("a personal story"), r"\bmy\b|\bmein|\bmon\b|\bma\b|\bi\b|\bich\b|\bje\b"),
)
#: posts with and without a tag from which they are compared
ENOUGH_TAGGED = 8


def library(book: Book) -> Findings:
    """Pieces of the campaign (user-generated content) with what may be done with them, and what new ones would cost."""
    posts = campaign_posts(book)
    if posts.empty:
        text = say("No piece of the campaign is on file. A post log by hand would start the library.")
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    frame = library_rows(book, posts)
    columns = {
        "creator": Column("Creator"),
        "format": Column("Format"),
        "day": Column("Posted", "date"),
        "state": Column("Rights today"),
        "channels": Column("Where"),
        "until": Column("Until", "date", missing="–"),
        "in_ads": Column("In ads"),
    }
    note = say("“Not known” means: do not reuse before asking.")
    table = Table("roi.content_library", "Content library", frame, columns, rows=10, note=note)
    return Findings("roi", (_replacement_figure(book, int(frame.usable.sum())), table), book.formats)


def library_rows(book: Book, posts: pd.DataFrame) -> pd.DataFrame:
    """One row per piece with the rights of its creator or of the post itself, under its index in `posts`."""
    agreements = register(book).drop_duplicates("person").set_index("person")
    who = posts.handle.map(owners(book))
    today, ends = pd.Timestamp(book.as_of), who.map(agreements.ends_on)
    states = who.map(agreements.state).fillna("not known")
    over = ends < today
    shown = set(book.tables.ads.handle.dropna())
    return pd.DataFrame(
        {
            "creator": who,
            "format": posts.format.fillna("not told"),
            "day": posts.published_at.dt.normalize(),
            "state": states.where(~over, "ended"),
            "channels": who.map(agreements.channels).fillna(""),
            "until": ends,
            "in_ads": np.where(posts.handle.isin(shown), "yes", ""),
            "usable": with_rights(book, posts) & ~over,
        }
    ).sort_values(["usable", "creator", "day"], ascending=[False, True, True], kind="stable")


def _replacement_figure(book: Book, n: int) -> Figure:
    """What so many usable pieces would cost if they were made anew."""
    low, high, source = _replacement(book, n)
    note = say("never part of the return: nobody has paid it")
    if low is None:
        note = say("published prices are in another currency; add its rate to client.yml")
    return Figure(
        "roi.replacement_value",
        "Usable pieces at what new ones would cost",
        None if low is None or high is None else (low + high) / 2,
        "money",
        "assumed",
        source,
        low=low,
        high=high,
        n=n,
        note=note,
    )


def _replacement(book: Book, n: int) -> tuple[float | None, float | None, Wording]:
    """What so many pieces made for the brand would cost at published prices, in the client's currency."""
    row = next(row for row in pack("fees")["rules_of_thumb"] if row["what"].startswith("video made for"))
    rate = book.client.rates.get(row["currency"])
    source = say(
        "{source}, {date}: {low} to {high} {currency} a piece; low evidence",
        **{name: str(row[name]) for name in ("source", "date", "low", "high", "currency")},
    )
    if rate is None or not n:
        return None, None, source
    return n * row["low"] * rate, n * row["high"] * rate, source


def best_posts(book: Book) -> Findings:
    """The posts with the best engagement rate (answers for their views or followers), and what they have in common."""
    posts = with_rate(book, campaign_posts(book))
    if posts.empty:
        text = say("Posts' likes and comments are not on file; the creators' own exports have them.")
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    top = posts.sort_values(["rate", "post_id"], ascending=[False, True], kind="stable").head(
        max(5, len(posts) // 5)
    )
    frame = top.assign(day=top.published_at.dt.normalize(), words=top.caption.fillna("").str.slice(0, 80))
    columns = {
        "creator": Column("Creator"),
        "format": Column("Format"),
        "day": Column("Posted", "date"),
        "rate": Column("Answers per 100 shown", "number", 1, "counted"),
        "words": Column("Begins with"),
    }
    note = say(
        "Likes and comments ÷ views, or ÷ followers where views are not told; never mixed in one ranking."
    )
    table = Table("roi.best_posts", "Posts people answered most", frame, columns, rows=5, note=note)
    return Findings("roi", (table, _shared(top, posts)), book.formats)


def with_rate(book: Book, posts: pd.DataFrame) -> pd.DataFrame:
    """Posts with `rate` per 100 by the denominator most posts have, `creator`, and nothing else dropped."""
    owner = people(book).drop_duplicates("handle").set_index("handle")
    shown = (
        posts.views
        if posts.views.notna().sum() >= posts.likes.notna().sum() / 2
        else posts.handle.map(owner.followers)
    )
    answers = posts.likes + posts.comments.fillna(0.0)
    rate = 100 * answers / shown.where(shown > 0)
    return posts.assign(rate=rate, creator=posts.handle.map(owner.creator)).dropna(subset=["rate"])


def _shared(top: pd.DataFrame, posts: pd.DataFrame) -> Note:
    """What the best posts share more often than the others."""
    shared = []
    for name in ("format", "platform"):
        most = top[name].dropna().mode()
        if not len(most) or posts[name].nunique() < 2:
            continue
        best, of_all = float((top[name] == most[0]).mean()), float((posts[name] == most[0]).mean())
        if best > of_all + 0.1:
            shared.append(_more_often(name, str(most[0]), Share(best), Share(of_all)))
    if not shared:
        return Note("The best posts share no format or platform more than all posts do.")
    return Note(
        sentences(
            say("What the best share: {shared}.", shared=joined(shared, by="; ")),
            say("That may be who posted, not how."),
        )
    )


def _more_often(name: str, value: str, best: Share, of_all: Share) -> Wording:
    if name == "format":
        return say("format {value} in {best} of them, {of_all} of all", value=value, best=best, of_all=of_all)
    return say("platform {value} in {best} of them, {of_all} of all", value=value, best=best, of_all=of_all)


def hooks(book: Book) -> Findings:
    """How posts with and without each kind of opening were answered, within their creator's usual."""
    posts = with_rate(book, campaign_posts(book)).dropna(subset=["caption"])
    usual = posts.groupby("creator").rate.transform("median")
    posts = posts[usual > 0].assign(against=(posts.rate / usual)[usual > 0])
    rows = []
    for tag, pattern in (*HOOKS, *_messages(book)):
        has = posts.caption.str.contains(pattern, case=False, regex=True)
        with_it, without = posts.against[has], posts.against[~has]
        if min(len(with_it), len(without)) < ENOUGH_TAGGED:
            continue
        rows.append({"tag": tag, "posts": float(len(with_it)), **_difference(with_it, without)})
    if not rows:
        text = say(
            "Openings and messages cannot be compared: that takes {n} posts with and without each.",
            n=ENOUGH_TAGGED,
        )
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    columns = {
        "tag": Column("The caption has"),
        "posts": Column("Posts", "number", grade="counted"),
        "change": Column("Answers against the creator's usual, with it ÷ without", "ratio", 2, "estimated"),
        "low": Column("likely from", "ratio", 2),
        "high": Column("to", "ratio", 2),
        "reading": Column("Reads"),
    }
    note = say_many(
        "One comparison: one in ten would stand out by chance alone.",
        "{n} comparisons at once: one in ten would stand out by chance alone.",
        n=len(rows),
    )
    table = Table("roi.hooks", "Messages and openings", pd.DataFrame(rows), columns, note=note)
    return Findings("roi", (table,), book.formats)


def _messages(book: Book) -> list[tuple[Text, str]]:
    """The brief's key messages, each with a pattern of its longest word."""
    patterns = {}
    for message in book.campaign.brief.key_messages:
        words = sorted(re.findall(r"\w{5,}", message), key=len, reverse=True)
        if words:
            patterns[message] = re.escape(words[0])
    return [(say("“{message}”", message=message), pattern) for message, pattern in patterns.items()]


def _difference(with_it: pd.Series, without: pd.Series) -> dict[str, object]:
    """Ratio of geometric means with its 90 % confidence interval."""
    logs = [np.log(group.clip(lower=0.01)) for group in (with_it, without)]
    middle = logs[0].mean() - logs[1].mean()
    half = NINETY * float(np.sqrt(sum(group.var(ddof=1) / len(group) for group in logs)))
    low, high = np.exp(middle - half), np.exp(middle + half)
    reading = say("more") if low > 1 else say("less") if high < 1 else say("could easily be chance")
    return {"change": float(np.exp(middle)), "low": float(low), "high": float(high), "reading": reading}


def fading(book: Book) -> Findings:
    """How results decay: how many orders came by which day after the first post (half-life), and whether the tail pays."""
    days = _days_after_post(book)
    if len(days) < 20:
        text = say(
            "How results fade cannot be told: it takes posting days and 20 orders watched for four weeks."
        )
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    weeks = [int(((days >= start) & (days < start + 7)).sum()) for start in (0, 7, 14, 21)]
    names = [say("first"), say("second"), say("third"), say("fourth")]
    frame = pd.DataFrame({"week": pd.Series(names, dtype=object), "orders": np.array(weeks, dtype=float)})
    frame["share"] = frame.orders / frame.orders.sum()
    columns = {
        "week": Column("Week after the first post"),
        "orders": Column("Orders", "number", grade="counted"),
        "share": Column("Share", "percent", grade="counted"),
    }
    text = say(
        "Half of the orders of four weeks came by day {day} after the first post; {share} came in the fourth week.",
        day=Count(float(np.median(days)) + 1),
        share=Share(weeks[3] / sum(weeks)),
    )
    if homogeneity(np.array(weeks)) > 0.05:
        text = say("Orders do not fade within four weeks: weeks differ no more than chance would make.")
    table = Table("roi.fading", "How results fade", frame, columns)
    return Findings("roi", (Note(text, slot="learned.fading", reader="client"), table), book.formats)


def _days_after_post(book: Book) -> pd.Series:
    """Days from a creator's first post to each order, of creators watched for four weeks."""
    first = first_posts(book)
    if first.empty:
        return pd.Series(dtype="float64")
    orders = claimed_orders(book).merge(inside_window(book)[["order_id", "ordered_at"]], on="order_id")
    posted = orders.creator.map(first.astype("datetime64[us]"))
    day = (orders.ordered_at.dt.normalize() - posted).dt.days
    watched = (pd.Timestamp(book.as_of) - posted).dt.days >= 28
    return day[watched & day.between(0, 27)]
