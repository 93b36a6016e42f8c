"""Gifts: how many who got one posted, how soon, and how much content came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.posts import campaign_posts, first_posts
from creatorbook.finance.claims import people
from creatorbook.finance.costs import campaign_costs, taking_part
from creatorbook.findings import Figure, Findings, Note
from creatorbook.packs import pack
from creatorbook.stats.intervals import share_interval

if TYPE_CHECKING:
    from creatorbook.book import Book


def gifts(book: Book) -> Findings:
    """Post rate, days to the first post and content per gift, beside what is usual."""
    sent = gifted(book)
    if not len(sent):
        return Findings("roi", (Note("No gift is on file.", "unknown"),), book.formats)
    posted = first_posts(book).reindex(sent.index)
    if not len(campaign_posts(book)) and not posted.notna().any():
        told = "Who posted is not on file: posting days in the creators list, or a post log, would say."
        return Findings("roi", (Note(told, "unknown"),), book.formats)
    only = sent[sent.only]
    return Findings("roi", (*_rates(book, sent, only, posted), *_content(book, sent), _usual()), book.formats)


def gifted(book: Book) -> pd.DataFrame:
    """People who were sent something: index creator; only (nothing else was paid), cents (gifts with shipping)."""
    lines = campaign_costs(book).lines
    gifts_of = lines[(lines.rung == "gifts") & (lines.creator != "")].groupby("creator").cents.sum()
    listed = taking_part(book)
    listed = listed[listed.gift_cost.notna() & (listed.gift_cost > 0)].creator.unique()
    people = sorted({*gifts_of.index, *listed})
    paid = set(lines.creator[lines.rung.isin(["fees", "commission"])])
    frame = pd.DataFrame({"cents": gifts_of.reindex(people)}, index=people)
    return frame.assign(only=[name not in paid for name in people])


def _rates(book: Book, sent: pd.DataFrame, only: pd.DataFrame, posted: pd.Series) -> list[Figure]:
    found = []
    for key, label, group in (
        ("post_rate", "Gifted creators who posted", sent),
        ("post_rate_gift_only", "of these, with a gift and nothing else", only),
    ):
        n, came = len(group), int(posted.reindex(group.index).notna().sum())
        low, high = share_interval(came, n) if n else (None, None)
        found.append(
            Figure(
                f"roi.{key}", label, came / n if n else None, "percent", "counted",
                "creators list and posts: sent a gift, and a post of the campaign", low=low, high=high, n=n,
            )
        )  # fmt: skip
    days = (posted.dropna() - pd.Timestamp(book.campaign.start)).dt.days
    found.append(
        Figure(
            "roi.days_to_post", "Days from the start to the first post, typical",
            float(days.median()) if len(days) else None, "number", "counted",
            "first posts; parcels' arrival is not on file, so days count from the campaign's start",
            low=float(days.quantile(0.25)) if len(days) > 3 else None,
            high=float(days.quantile(0.75)) if len(days) > 3 else None, n=len(days),
            note="half of the creators lie between the ends",
        )
    )  # fmt: skip
    return found


def _content(book: Book, sent: pd.DataFrame) -> list[Figure]:
    """Pieces per gift and cost of gifts per piece, where posts are on file."""
    owner = people(book).drop_duplicates("handle").set_index("handle").creator
    posts = campaign_posts(book)
    pieces = posts[posts.handle.map(owner).isin(sent.index)]
    if pieces.empty:
        return []
    cost = sent.cents.sum() / 100
    return [
        Figure(
            "roi.content_per_gift", "Pieces of content per gift", len(pieces) / len(sent), "number", "counted",
            "posts of the campaign by gifted creators ÷ creators with a gift", n=len(pieces), digits=1,
        ),
        Figure(
            "roi.gift_cost_per_piece", "Cost of gifts per piece", cost / len(pieces) if cost else None, "money",
            "counted", "gifts with their shipping ÷ those posts; fees and hours left out", n=len(pieces), digits=2,
        ),
    ]  # fmt: skip


def _usual() -> Note:
    row = next(row for row in pack("fees")["gifts"] if row["what"] == "gifted creators who post")
    return Note(
        f"Published as usual: {row['low']:.0%} to {row['high']:.0%} of gifted creators post ({row['source']}, "
        f"{str(row['date'])[:4]}; low evidence). Nobody owes a post for a gift.",
        "method",
    )
