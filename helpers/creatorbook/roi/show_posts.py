"""What was posted, for the client: totals, best and weakest, and every post with its link and what may be done with it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.client.forgotten import is_made_up
from creatorbook.finance.claims import claimed_orders, orders_on_file, owners
from creatorbook.finance.order_values import inside_window
from creatorbook.findings import (
    Capital,
    Column,
    Count,
    Day,
    Figure,
    Findings,
    Note,
    Share,
    Table,
    Wording,
    joined,
    say,
    say_many,
    sentences,
)
from creatorbook.roi.content_made import library_rows, with_rate
from creatorbook.roi.goal_units import MEASURES, people_of_posts
from creatorbook.text.account_links import account_address
from creatorbook.vetting.accounts import platform_name

if TYPE_CHECKING:
    from creatorbook.book import Book

#: posts shown as best and as weakest
SHOWN = 3
#: posts from which best and weakest are told apart
ENOUGH = 3 * SHOWN
#: usable pieces that are shown with their pictures; the others are lines
MOST_CARDS = 12
#: posts that are named for whom they reached, or who came back to them
NAMED = 12
#: part of all posts that is held against the rest
PART = 0.2

_SEEN = {
    "creator": Column("Creator", link="account"),
    "platform": Column("Platform"),
    "kind": Column("Post", link="address"),
    "day": Column("Posted", "date"),
    "people": Column("People", "number", missing="–"),
    "views": Column("Views", "number", missing="–"),
    "answers": Column("Answers", "number", missing="–", note=say("likes and comments")),
    "rate": Column("Per 100 views", "number", 1, missing="–"),
    "saves": Column("Saves", "number", missing="–"),
    "orders": Column("Orders", "number", missing="–"),
    "rights": Column("May be used"),
}
_BEHIND = {
    "rights_until": Column("Rights until", "date", missing="–"),
    "picture": Column("Picture", "picture"),
    "address": Column("Address of the post", "address"),
    "account": Column("Address of the account", "address"),
}


def show_posts(book: Book) -> Findings:
    """Posts of the campaign: totals, by platform, best and weakest and what they share, usable pieces, every post.

    Columns of `roi.posts`: creator, platform, kind, day, people (reached, or who came back; of campaigns made for that),
    views, answers (likes and comments), rate (these per 100 views), saves, orders (counted for the creator from this
    post until their next one), rights in words and their last day; missing where no file tells.
    """
    posts = campaign_posts(book)
    if posts.empty:
        text = say(
            "No post of the campaign is on file: the creators' own exports, or a list by hand, have them."
        )
        return Findings(
            "roi",
            (Note(text, "unknown", slot="posts.none", owner="creators", reader="client"),),
            book.formats,
        )
    rows = post_rows(book)
    bought = [*_usable(book, rows), *_people(book, rows)]
    items = [*_totals(rows), _by_platform(rows), *bought, *_ends(book, rows), *_every(book, rows)]
    return Findings("roi", tuple(items), book.formats)


def post_rows(book: Book) -> pd.DataFrame:
    """Every post of the campaign, most answered first: the columns of `roi.posts` and `usable`."""
    posts = campaign_posts(book)
    who, library = posts.handle.map(owners(book)), library_rows(book, posts).reindex(posts.index)
    rated, people = with_rate(book, posts), people_of_posts(book)
    known = [not is_made_up(f"{name}") for name in who]
    accounts = [account_address(*pair) for pair in zip(posts.platform, posts.handle, strict=True)]
    rows = pd.DataFrame(
        {
            "creator": who,
            "platform": posts.platform.map(platform_name),
            "kind": posts.format.fillna("post"),
            "day": posts.published_at.dt.normalize(),
            "people": np.nan if people is None else people,
            "views": posts.views,
            "answers": posts.likes + posts.comments.fillna(0.0),
            "rate": rated.rate.reindex(posts.index),
            "saves": posts.saves,
            "orders": orders_after_posts(book, posts, who),
            "rights": [_rights(book, row) for row in library.itertuples()],
            "rights_until": library.until,
            "picture": np.where(known, posts.post_id.fillna("").str.cat(_short_codes(posts), sep=" "), ""),
            "address": np.where(known, posts.permalink.fillna(""), ""),
            "account": np.where(known, accounts, ""),
            "usable": library.usable.astype(bool),
        }
    )
    return rows.sort_values(["rate", "views"], ascending=False, kind="stable", ignore_index=True)


def orders_after_posts(book: Book, posts: pd.DataFrame, who: pd.Series) -> pd.Series:
    """Orders counted for a post's creator from that post until their next one; NaN where no orders are on file.

    Args:
        posts: posts, oldest first.
        who: the person behind each.
    """
    if not orders_on_file(book):
        return pd.Series(np.nan, index=posts.index)
    orders = claimed_orders(book).merge(inside_window(book)[["order_id", "ordered_at"]], on="order_id")
    orders = orders.dropna(subset=["ordered_at"]).sort_values("ordered_at", kind="stable")
    made = pd.DataFrame({"creator": who, "published_at": posts.published_at, "post": posts.index}).dropna()
    made = made.sort_values("published_at", kind="stable")
    moments = made.published_at.astype(orders.ordered_at.dtype)
    after = pd.merge_asof(
        orders.assign(creator=orders.creator.astype(str)),
        made.assign(creator=made.creator.astype(str), published_at=moments),
        left_on="ordered_at",
        right_on="published_at",
        by="creator",
    )
    return after.groupby("post").size().reindex(posts.index).fillna(0.0).astype(float)


def _short_codes(posts: pd.DataFrame) -> pd.Series:
    """The last part of each post's address, by which a picture may be named too."""
    return posts.permalink.fillna("").map(lambda address: re.split(r"[/=]", address.rstrip("/"))[-1])


def _rights(book: Book, piece: Any) -> Wording:
    """What may be done with a piece (a row of `library_rows`), in a few words."""
    until = piece.until
    if pd.notna(until) and until < pd.Timestamp(book.as_of):
        return say("no more, since {day}", day=Day(until))
    if piece.usable:
        return say("until {day}", day=Day(until)) if pd.notna(until) else say("as agreed")
    return say("not yet") if piece.state == "not yet" else say("not agreed")


def _totals(rows: pd.DataFrame) -> list[Figure]:
    """Posts, views, answers and saves in all, and answers for the views."""
    source = say("the posts' own figures")
    figures = [
        Figure(
            "roi.posts", say("Posts of the campaign"), len(rows), "number", "counted", source, reader="client"
        )
    ]
    labels = (("views", say("Views")), ("answers", say("Likes and comments")), ("saves", say("Saves")))
    for name, label in labels:
        values = rows[name].dropna()
        if len(values):
            note = (
                say("of {n} of {all} posts", n=len(values), all=len(rows)) if len(values) < len(rows) else ""
            )
            figures.append(
                Figure(
                    f"roi.posts_{name}",
                    label,
                    values.sum(),
                    "number",
                    "counted",
                    source,
                    n=len(values),
                    note=note,
                    reader="client",
                )
            )
    rate = _rate(rows)
    if rate is not None:
        label = say("Likes and comments per 100 views")
        figures.append(
            Figure(
                "roi.posts_rate", label, 100 * rate, "number", "counted", source, digits=1, reader="client"
            )
        )
    return figures


def _rate(rows: pd.DataFrame) -> float | None:
    """Answers for the views, of posts of which both are on file."""
    both = rows.dropna(subset=["views", "answers"])
    return float(both.answers.sum() / both.views.sum()) if both.views.sum() > 0 else None


def _by_platform(rows: pd.DataFrame) -> Table:
    grouped = rows.groupby("platform", sort=True)
    frame = grouped.size().astype(float).rename("posts").to_frame()
    for name in ("views", "answers", "saves", "orders"):
        frame[name] = grouped[name].sum(min_count=1)
    frame["rate"] = [100 * rate if (rate := _rate(part)) is not None else np.nan for _, part in grouped]
    columns = {
        "platform": Column("Platform"),
        "posts": Column("Posts", "number", grade="counted"),
        **{name: _SEEN[name] for name in ("views", "answers")},
        "rate": Column("Per 100 views", "number", 1, missing="–"),
        **{name: _SEEN[name] for name in ("saves", "orders")},
    }
    return Table("roi.posts_by_platform", "By platform", frame.reset_index(), columns, reader="client")


def _usable(book: Book, rows: pd.DataFrame) -> list[Table]:
    """Every piece that may be used, of a campaign that was made for content: with pictures, of many only the best."""
    usable = rows[_is_usable_piece(book, rows)]
    if usable.empty:
        return []
    by_creator = usable.sort_values(["creator", "day"], kind="stable")
    title = say("Pieces you may use")
    every = _posts_table(book, "roi.usable_pieces", title, by_creator)
    if len(usable) <= MOST_CARDS:
        return [replace(every, cards=True)]
    best, others = usable.head(MOST_CARDS), by_creator.drop(usable.index[:MOST_CARDS])
    title = say("Pieces you may use: of {n}, the {some} answered most", n=len(usable), some=len(best))
    rest = say_many("One more piece you may use", "{n} more pieces you may use", n=Count(len(others)))
    return [
        every,
        replace(every, key="roi.usable_shown", title=title, frame=best, cards=True, sheet=False),
        replace(every, key="roi.usable_others", title=rest, frame=others, sheet=False),
    ]


def _is_usable_piece(book: Book, rows: pd.DataFrame) -> pd.Series:
    """Which posts are what a campaign for content bought; of another campaign none."""
    return rows.usable & (book.campaign.goal == "content")


def _people(book: Book, rows: pd.DataFrame) -> list[Table]:
    """The posts that brought most of what a campaign for awareness or community was made for."""
    named = _named_for_people(rows)
    if named.empty:
        return []
    title = {
        "awareness": say_many(
            "The post that reached most people", "The {n} posts that reached most people", n=Count(len(named))
        ),
        "community": say_many(
            "The post to which most people came back",
            "The {n} posts to which most people came back",
            n=Count(len(named)),
        ),
    }[book.campaign.goal]
    return [_posts_table(book, "roi.posts_people", title, named, sheet=False)]


def _named_for_people(rows: pd.DataFrame) -> pd.DataFrame:
    """Posts that brought somebody of whom the campaign was made for, those with most first; at most `NAMED`."""
    return rows[rows.people > 0].sort_values("people", ascending=False, kind="stable").head(NAMED)


def _ends(book: Book, rows: pd.DataFrame) -> list[Table | Note]:
    """The best and the weakest posts that stand nowhere else, and what each end has more often than all."""
    rated = rows.dropna(subset=["rate"])
    if len(rated) < ENOUGH:
        return []
    part = max(SHOWN, round(PART * len(rated)))
    shared = [
        _shared(say("The {n} answered most", n=part), rated.head(part), rated),
        _shared(say("The {n} answered least", n=part), rated.tail(part), rated),
    ]
    told_apart = any(text is not None for text in shared)
    text = sentences(*shared, say("That may be who posted, not how.")) if told_apart else None
    neither = say("Neither end has a kind of post or a platform more often than all posts.")
    bought = _stands_as_bought(book, rows)
    ends = {
        "roi.posts_best": (say("Answered most, for their views"), rated.head(SHOWN)),
        "roi.posts_weakest": (say("Answered least"), rated.tail(SHOWN).iloc[::-1]),
    }
    return [
        *(
            _posts_table(book, key, title, some, cards=True, sheet=False)
            for key, (title, some) in ends.items()
            if not bought[some.index].all()
        ),
        Note(text or neither, slot="posts.shared", reader="client"),
    ]


def _shared(end: Wording, some: pd.DataFrame, every: pd.DataFrame) -> Wording | None:
    """What one end has more often than all posts, kind and platform; `None` where nothing."""
    shared = []
    for name in ("kind", "platform"):
        value = some[name].mode().iloc[0]
        here, of_all = float((some[name] == value).mean()), float((every[name] == value).mean())
        if every[name].nunique() > 1 and here > of_all + 0.1:
            part = say(
                "{value} in {here} (of all posts {of_all})",
                value=value,
                here=Share(here),
                of_all=Share(of_all),
            )
            shared.append(part)
    return say("{end} share: {shared}.", end=end, shared=joined(shared, by="; ")) if shared else None


def _posts_table(book: Book, key: str, title: Wording, rows: pd.DataFrame, **more: Any) -> Table:
    """Posts as the client sees them; a column that no row fills is left out."""
    measure = MEASURES.get(book.campaign.goal)
    named = {**_SEEN, "people": replace(_SEEN["people"], label=Capital(measure.many))} if measure else _SEEN
    seen = {name: column for name, column in named.items() if rows[name].notna().any()}
    return Table(key, title, rows, {**seen, **_BEHIND}, reader="client", rows=SHOWN, **more)


def _every(book: Book, rows: pd.DataFrame) -> list[Table]:
    """All posts, for the workbook file; on a page those that stand nowhere else."""
    shown = say(
        "Answers are likes and comments, given per 100 views, or per 100 followers where views are not known."
    )
    until_next = say("Orders are those counted for the creator from this post until their next one.")
    note = sentences(shown, until_next if orders_on_file(book) else None)
    rest = rows[~(_stands_as_bought(book, rows) | _is_an_end(rows))]
    title = say_many("One more post", "{n} more posts, most answered first", n=Count(len(rest)))
    every = _posts_table(book, "roi.every_post", say("Every post, most answered first"), rows, note=note)
    others = replace(every, key="roi.other_posts", title=title, frame=rest, sheet=False)
    return [every, *([others] if len(rest) else [])]


def _stands_as_bought(book: Book, rows: pd.DataFrame) -> pd.Series:
    """Which posts are listed for what the campaign was made for."""
    return _is_usable_piece(book, rows) | rows.index.isin(_named_for_people(rows).index)


def _is_an_end(rows: pd.DataFrame) -> pd.Series:
    """Which posts are among the best or the weakest."""
    rated = rows.index[rows.rate.notna()]
    ends = [*rated[:SHOWN], *rated[-SHOWN:]] if len(rated) >= ENOUGH else []
    return rows.index.to_series().isin(ends)
