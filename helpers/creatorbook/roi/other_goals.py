"""The three first-page figures of campaigns that are not for sales: awareness, content, community."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.posts import campaign_posts, names_the_brand
from creatorbook.findings import Count, Figure, Money, Text, Wording, say
from creatorbook.roi.goal_units import answers, target_shares, with_rights

if TYPE_CHECKING:
    from creatorbook.book import Book

_SLOT = "results.three_figures"
#: a cost per 1,000 from which on it is printed in whole units
TO_THE_UNIT = 10


def awareness(book: Book, cost: float | None) -> list[Figure]:
    """People reached at most, cost per 1,000 of them (CPM) at least, brand searches against usual."""
    reach, views = campaign_posts(book).reach.dropna(), campaign_posts(book).views.dropna()
    most = float(reach.sum()) if len(reach) else (float(views.sum()) if len(views) else None)
    shares = target_shares(book)
    share, files = (float(shares.mean()) if len(shares) else None), len(shares)
    part = 1.0 if share is None else share
    people = math.ceil(most * part) if most is not None else None
    least = math.floor(float(reach.max()) * part) if len(reach) else None
    return [
        Figure(
            "roi.reach",
            say("People reached, at most") if share is None else say("Target group reached, at most"),
            people,
            "number",
            "estimated" if least is not None else "counted",
            _reach_source(from_reach=bool(len(reach)), files=files),
            low=least,
            high=people if least is not None else None,
            n=len(reach) or len(views) or None,
            slot=_SLOT,
            note="" if people is not None else say("needs creators' insights"),
        ),
        _cost_per_thousand(cost, people, least),
        _brand_searches(book),
    ]


def _reach_source(*, from_reach: bool, files: int) -> Wording:
    if from_reach:
        summed = say("posts' reach, added up: people who saw several posts are in it several times")
    else:
        summed = say(
            "posts' views, because no file has their reach, added up: people who saw several posts are in it several "
            "times"
        )
    if not files:
        return summed
    return say("{source}; share in the client's markets from {n} audience files", source=summed, n=files)


def _cost_per_thousand(cost: float | None, people: float | None, least: float | None) -> Figure:
    low = cost / people * 1000 if cost is not None and people else None
    return Figure(
        "roi.cost_per_thousand",
        "Cost per 1,000, at least",
        low,
        "money",
        "estimated" if least else "counted",
        say("campaign costs ÷ people reached at most"),
        low=low if least else None,
        high=cost / least * 1000 if cost is not None and least else None,
        digits=0 if low is not None and low >= TO_THE_UNIT else 2,
        slot=_SLOT,
    )


def _brand_searches(book: Book) -> Figure:
    """Clicks from searches for the brand per day, in the campaign against the days before."""
    searches = book.tables.searches.dropna(subset=["date"])
    brand = searches[names_the_brand(book, searches["query"])]
    start, end = pd.Timestamp(book.campaign.start), pd.Timestamp(book.campaign.end)
    during = brand[(brand.date >= start) & (brand.date <= end)]
    before = brand[(brand.date < start) & (brand.date >= start - pd.Timedelta(days=56))]
    value = None
    if len(during) and len(before) and before.clicks.sum() > 0:
        days = (min(end, brand.date.max()) - start).days + 1
        usual = before.clicks.sum() / ((start - before.date.min()).days or 1)
        value = float(during.clicks.sum() / days / usual - 1)
    return Figure(
        "roi.brand_searches",
        "Brand searches against usual",
        value,
        "percent",
        "counted",
        say(
            "searches: clicks per day in the campaign against up to 8 weeks before; rare searches are hidden"
        ),
        n=len(during) or None,
        slot=_SLOT,
        note="" if value is not None else say("needs Search Console"),
    )


def content_figures(book: Book, cost: float | None) -> list[Figure]:
    """Usable pieces with rights, cost per usable piece, pieces in use."""
    delivered = campaign_posts(book)
    usable = delivered[with_rights(book, delivered)]
    with_rights_known = len(usable) > 0
    pieces = float(len(usable if with_rights_known else delivered)) or None
    note: Text = say("a post log would say")
    if len(delivered):
        note = say("rights not on file: ask before reuse")
    if with_rights_known:
        note = say("of {n} delivered", n=len(delivered))
    each: Text = ""
    if cost and len(delivered):
        each = say("{cost} per piece delivered", cost=Money(cost / len(delivered)))
    return [
        _content_figure(
            "roi.pieces",
            say("Usable pieces with rights") if with_rights_known else say("Pieces delivered"),
            pieces,
            "number",
            note,
        ),
        _content_figure(
            "roi.cost_per_piece",
            say("Cost per usable piece") if with_rights_known else say("Cost per piece"),
            cost / pieces if cost is not None and pieces else None,
            "money",
            each,
        ),
        _pieces_in_use(book, some=len(delivered) > 0),
    ]


def in_target(book: Book) -> bool:
    """Whether an audience file tells which part of the people reached are in the client's markets."""
    return len(target_shares(book)) > 0


def some_usable(book: Book) -> bool:
    """Whether any piece delivered is known to be usable."""
    return bool(with_rights(book, campaign_posts(book)).any())


def _content_figure(key: str, label: Text, value: float | None, unit: str, note: Text) -> Figure:
    source = say("posts naming the brand or a code, rights from cost sheet and campaign file")
    return Figure(key, label, value, unit, "counted", source, slot=_SLOT, note=note)


def _pieces_in_use(book: Book, *, some: bool) -> Figure:
    ads = book.tables.ads.handle.dropna()
    value = float(ads.nunique()) if len(ads) else None
    note: Text = say("an ads export would say") if some else ""
    if len(ads):
        note = say("creators whose content runs as an ad")
    return _content_figure("roi.pieces_in_use", say("Pieces in use, at least"), value, "number", note)


def community(book: Book, cost: float | None) -> list[Figure]:
    """People who came back, what each cost, comments answered; beside them new followers."""
    people = answers(book).drop_duplicates("commenter")
    returning = float(people.again.sum()) if len(people) else None
    return [
        Figure(
            "roi.returning",
            "People who came back",
            returning,
            "number",
            "counted",
            say("comments: people who wrote under more than one campaign post"),
            n=len(people) or None,
            slot=_SLOT,
            note=say("of {n} who answered", n=Count(len(people)))
            if len(people)
            else say("needs a comments export"),
        ),
        Figure(
            "roi.cost_per_returning",
            "Cost for each of them",
            cost / returning if cost is not None and returning else None,
            "money",
            "counted",
            say("campaign costs ÷ people who came back"),
            slot=_SLOT,
        ),
        _answered(book),
        _new_followers(book),
    ]


def _answered(book: Book) -> Figure:
    """How many comments the creators answered, at most."""
    comments = book.tables.comments
    comments = comments[comments.post_id.isin(campaign_posts(book).post_id)]
    by_creator = comments.by_creator.fillna(value=False).astype(bool)
    others, own = comments[~by_creator], comments[by_creator]
    share = min(1.0, len(own) / len(others)) if len(others) and len(own) else None
    return Figure(
        "roi.answered",
        "Comments answered, at most",
        share,
        "percent",
        "counted",
        say("comments on campaign posts: the creators' own answers ÷ comments"),
        n=len(others) or None,
        slot=_SLOT,
        note="" if share is not None else say("needs a comments export"),
    )


def _new_followers(book: Book) -> Figure:
    follows = campaign_posts(book).follows.dropna()
    return Figure(
        "roi.new_followers",
        "New followers from the posts",
        float(follows.sum()) if len(follows) else None,
        "number",
        "counted",
        say("post exports: follows; sign-ups are not in the files"),
        n=len(follows) or None,
        note="" if len(follows) else say("needs creators' insights"),
    )
