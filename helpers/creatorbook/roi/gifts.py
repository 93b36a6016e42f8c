"""Gifts: how many who got one posted, how soon, and how much content came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.posts import campaign_posts, first_posts
from creatorbook.finance.claims import owners
from creatorbook.finance.costs import campaign_costs
from creatorbook.findings import Figure, Findings, Note, ends, say
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval

if TYPE_CHECKING:
    from creatorbook.book import Book


def gifts(book: Book) -> Findings:
    """Post rate (conversion rate of seeding), days to the first post and content per gift, beside what is usual."""
    sent = gift_recipients(book)
    if not len(sent):
        return Findings("roi", (Note("No gift is on file.", "unknown"),), book.formats)
    posted = first_posts(book).reindex(sent.index)
    if not len(campaign_posts(book)) and not posted.notna().any():
        text = say("Who posted is not on file: posting days in the creators list, or a post log, would say.")
        return Findings("roi", (Note(text, "unknown"),), book.formats)
    rates = (
        _post_rate("post_rate", sent, posted),
        _post_rate("post_rate_gift_only", sent[sent.only], posted),
        _days_to_post(book, posted),
    )
    return Findings("roi", (*rates, *_content(book, sent), _usual()), book.formats)


def gift_recipients(book: Book) -> pd.DataFrame:
    """People who were sent something: index creator; only (nothing else was paid), cents (gifts with shipping)."""
    lines = campaign_costs(book).lines
    gifts_of = lines[(lines.rung == "gifts") & (lines.creator != "")].groupby("creator").cents.sum()
    paid = set(lines.creator[lines.rung.isin(["fees", "commission"])])
    frame = pd.DataFrame({"cents": gifts_of.sort_index(kind="stable")})
    return frame.assign(only=[name not in paid for name in frame.index])


_POST_RATES = {
    "post_rate": say("Gifted creators who posted"),
    "post_rate_gift_only": say("of these, with a gift and nothing else"),
}


def _post_rate(key: str, sent: pd.DataFrame, posted: pd.Series) -> Figure:
    n, came = len(sent), int(posted.reindex(sent.index).notna().sum())
    low, high = share_interval(came, n) if n else (None, None)
    return Figure(
        f"roi.{key}",
        _POST_RATES[key],
        came / n if n else None,
        "percent",
        "counted",
        say("creators list and posts: sent a gift, and a post of the campaign"),
        low=low,
        high=high,
        n=n,
    )


def _days_to_post(book: Book, posted: pd.Series) -> Figure:
    days = (posted.dropna() - pd.Timestamp(book.campaign.start)).dt.days
    return Figure(
        "roi.days_to_post",
        "Days from the start to the first post, typical",
        float(days.median()) if len(days) else None,
        "number",
        "counted",
        say("first posts; parcels' arrival is not on file, so days count from the campaign's start"),
        low=float(days.quantile(0.25)) if len(days) > 3 else None,
        high=float(days.quantile(0.75)) if len(days) > 3 else None,
        n=len(days),
        note="half of the creators lie between the ends",
    )


def _content(book: Book, sent: pd.DataFrame) -> list[Figure]:
    """Pieces per gift and cost of gifts per piece, where posts are on file."""
    posts = campaign_posts(book)
    pieces = posts[posts.handle.map(owners(book)).isin(sent.index)]
    if pieces.empty:
        return []
    cost = sent.cents.sum() / 100
    return [
        Figure(
            "roi.content_per_gift",
            "Pieces of content per gift",
            len(pieces) / len(sent),
            "number",
            "counted",
            say("posts of the campaign by gifted creators ÷ creators with a gift"),
            n=len(pieces),
            digits=1,
        ),
        Figure(
            "roi.gift_cost_per_piece",
            "Cost of gifts per piece",
            cost / len(pieces) if cost else None,
            "money",
            "counted",
            say("gifts with their shipping ÷ those posts; fees and hours left out"),
            n=len(pieces),
            digits=2,
        ),
    ]


def _usual() -> Note:
    row = next(row for row in pack("fees")["gifts"] if row["what"] == "gifted creators who post")
    text = say(
        "Published as usual: {low} to {high} of gifted creators post ({source}, {year}; low evidence). Nobody owes a "
        "post for a gift.",
        **ends(row["low"], row["high"], "percent"),
        source=row["source"],
        year=str(row["date"])[:4],
    )
    return Note(text, "method")
