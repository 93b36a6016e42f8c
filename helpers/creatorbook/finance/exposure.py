"""What each creator's orders were bought with (exposure): people reached, clicks, views, followers, or the fee.

Two orders from twelve people reached say something else than two from twelve thousand, so counts of orders are
compared beside this. Of all kinds the best one is taken that is on file for nearly everybody who is live: amounts of
different kinds cannot be compared, so nobody is judged by another kind than the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.campaign.posts import campaign_posts, first_posts
from creatorbook.finance.claims import claimed_orders, owners, people
from creatorbook.finance.costs import campaign_costs, took_part
from creatorbook.finance.order_values import window
from creatorbook.findings import Wording, say
from creatorbook.memo import per_book

if TYPE_CHECKING:
    from creatorbook.book import Book

#: part of those compared for whom a kind has to be on file; the others then stay at what is usual in their group
NEARLY_ALL = 0.9


@dataclass(frozen=True)
class ExposureKind:
    """A kind of exposure.

    Attributes:
        judged_on: what creators are judged on, in the middle of a sentence.
        source: where the amounts come from.
    """

    judged_on: Wording
    source: Wording


#: best first
KINDS = {
    "reach": ExposureKind(
        say("orders per 1,000 people reached"),
        say("the posts' reach, added up: people who saw several posts are in it several times"),
    ),
    "clicks": ExposureKind(say("orders per click"), say("clicks on the creators' links")),
    "views": ExposureKind(
        say("orders per 1,000 views"),
        say("the posts' views, added up, because reach and clicks are not on file for nearly all"),
    ),
    "posts_followers": ExposureKind(
        say("orders per post and 1,000 followers"),
        say("posts × followers, because reach, clicks and views are not on file for nearly all"),
    ),
    "followers": ExposureKind(
        say("orders per 1,000 followers"),
        say("followers, because what the posts reached is not on file for nearly all"),
    ),
    "fee": ExposureKind(
        say("orders for the fee"),
        say(
            "the fee, which stands in for the people reached: neither they nor followers are on file for nearly all"
        ),
    ),
}


@dataclass(frozen=True)
class Exposure:
    """What the orders of a campaign's creators were bought with.

    Attributes:
        amounts: by creator who took part, of one kind; missing where no file says, for all where no kind will do.
        kind: one of `KINDS`; `None` where no kind is on file for nearly all.
    """

    amounts: pd.Series
    kind: ExposureKind | None = None


@per_book
def exposure(book: Book) -> Exposure:
    """The best kind that is on file for nearly all creators who are live, with everybody's amounts."""
    on_file = exposures_on_file(book).reindex(sorted(took_part(book).creator.dropna().unique()))
    posted = first_posts(book).index
    live = on_file.index.isin([*posted, *claimed_orders(book).creator]) | posted.empty
    share_of_live = on_file[live].notna().mean()
    for name, kind in KINDS.items():
        if share_of_live[name] >= NEARLY_ALL:
            return Exposure(on_file[name], kind)
    return Exposure(pd.Series(np.nan, index=on_file.index))


def judged_on(bought_with: Exposure) -> Wording:
    """What creators are judged on, in the middle of a sentence."""
    return bought_with.kind.judged_on if bought_with.kind else say("orders")


@per_book
def exposures_on_file(book: Book) -> pd.DataFrame:
    """Creator × kind: amounts as far as files go. What is missing or 0 is missing: nobody buys from nothing."""
    accounts, lines = people(book), campaign_costs(book).lines
    posts = campaign_posts(book)
    posts = posts.assign(creator=posts.handle.map(owners(book)))
    main = accounts[accounts.main].set_index("creator")
    fees = lines[lines.rung == "fees"].groupby("creator").cents.sum() / 100
    amounts = {
        "reach": _over_posts(posts, "reach"),
        "clicks": _clicks(book, posts),
        "views": _over_posts(posts, "views"),
        "posts_followers": _posts_times_followers(posts, accounts),
        "followers": main.followers,
        "fee": fees,
    }
    everybody = sorted(set().union(*(one.index for one in amounts.values())))
    frame = pd.DataFrame({name: one.reindex(everybody).astype(float) for name, one in amounts.items()})
    return frame.where(frame > 0)


def _over_posts(posts: pd.DataFrame, figure: str) -> pd.Series:
    """A figure added up over each creator's posts; a post without it counts like the creator's others."""
    by_creator = posts.groupby("creator")[figure]
    return by_creator.mean() * by_creator.size()


def _clicks(book: Book, posts: pd.DataFrame) -> pd.Series:
    """Clicks on each creator's links while orders count, by the links' own log, else taps under the posts."""
    clicks = book.tables.clicks
    first, last = (pd.Timestamp(day) for day in window(book))
    clicks = clicks[clicks.date.isna() | clicks.date.between(first, last)]
    by_handle = clicks.groupby("handle").clicks.sum(
        min_count=1
    )  # a log of single clicks is long: names come after
    counted = by_handle.groupby(by_handle.index.map(owners(book))).sum(min_count=1)
    return counted if counted.notna().any() else _over_posts(posts, "link_clicks")


def _posts_times_followers(posts: pd.DataFrame, accounts: pd.DataFrame) -> pd.Series:
    """Each creator's posts, every one counted with the followers of the account it stands on."""
    followers = accounts.drop_duplicates("handle").set_index("handle").followers
    each = posts.handle.map(followers)
    return each.groupby(posts.creator).mean() * posts.groupby("creator").size()
