"""The three first-page figures of campaigns that are not for sales: awareness, content, community."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.posts import campaign_posts
from creatorbook.finance.claims import people
from creatorbook.finance.costs import campaign_costs
from creatorbook.findings import Figure
from creatorbook.tracking.rights import register

if TYPE_CHECKING:
    from creatorbook.book import Book

SLOT = "results.three_figures"
#: a cost per 1,000 from which on it is told in whole units
TO_THE_UNIT = 10


def awareness(book: Book, cost: float | None) -> list[Figure]:
    """People reached at most, cost per 1,000 of them at least, brand searches against usual."""
    reach, views = campaign_posts(book).reach.dropna(), campaign_posts(book).views.dropna()
    most = float(reach.sum()) if len(reach) else (float(views.sum()) if len(views) else None)
    what = "posts' reach" if len(reach) else "posts' views, because no file has their reach"
    share, seen = _target_share(book)
    people = most * share if most is not None and share is not None else most
    least = float(reach.max()) * (share or 1.0) if len(reach) else None
    return [
        Figure(
            "roi.reach",
            "Target group reached, at most" if share is not None else "People reached, at most",
            people,
            "number",
            "estimated" if least is not None else "counted",
            f"{what}, added up: people who saw several posts are in it several times{seen}",
            low=least,
            high=people if least is not None else None,
            n=len(reach) or len(views) or None,
            slot=SLOT,
            note="" if people else "needs creators' insights",
        ),
        Figure(
            "roi.cost_per_thousand",
            "Cost per 1,000, at least",
            cost / people * 1000 if cost is not None and people else None,
            "money",
            "estimated" if least else "counted",
            "campaign costs ÷ people reached at most",
            low=cost / people * 1000 if cost is not None and people and least else None,
            high=cost / least * 1000 if cost is not None and least else None,
            digits=0 if cost and people and cost / people * 1000 >= TO_THE_UNIT else 2,
            slot=SLOT,
        ),
        _brand_searches(book),
    ]


def _target_share(book: Book) -> tuple[float | None, str]:
    """Share of the creators' audience in the client's markets, as audience files say."""
    audience = book.tables.audience
    seen = audience[(audience.dimension == "country") & audience.handle.isin(book.tables.creators.handle)]
    if seen.empty:
        return None, ""
    inside = seen[seen.segment.isin(book.client.all_markets)].groupby("handle").share.sum()
    share = inside.reindex(sorted(seen.handle.unique())).fillna(0.0)
    return float(share.mean()), f"; share in the client's markets from {len(share)} audience files"


def _brand_searches(book: Book) -> Figure:
    """Clicks from searches for the brand per day, in the campaign against the days before."""
    searches = book.tables.searches.dropna(subset=["date"])
    brand = searches[
        searches["query"].str.contains(book.client.brand, case=False, regex=False).fillna(value=False)
    ]
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
        "searches: clicks per day in the campaign against up to 8 weeks before; rare searches are hidden",
        n=len(during) or None,
        slot=SLOT,
        note="" if value is not None else "needs Search Console",
    )


def content(book: Book, cost: float | None) -> list[Figure]:
    """Usable pieces with rights, cost per usable piece, pieces in use."""
    delivered = campaign_posts(book)
    usable = delivered[with_rights(book, delivered)]
    known = len(usable) > 0
    pieces = float(len(usable if known else delivered)) or None
    note = f"of {len(delivered)} delivered" if known else "rights not on file: ask before reuse"
    note = note if len(delivered) else "a post log would say"
    ads = book.tables.ads.handle.dropna()
    found = [
        ("roi.pieces", "Usable pieces with rights" if known else "Pieces delivered", pieces, "number", note),
        (
            "roi.cost_per_piece",
            "Cost per usable piece" if known else "Cost per piece",
            cost / pieces if cost is not None and pieces else None,
            "money",
            f"{book.formats.money(cost / len(delivered))} per piece delivered"
            if cost and len(delivered)
            else "",
        ),
        (
            "roi.pieces_in_use",
            "Pieces in use, at least",
            float(ads.nunique()) if len(ads) else None,
            "number",
            "creators whose content runs as an ad"
            if len(ads)
            else ("an ads export would say" if len(delivered) else ""),
        ),
    ]
    source = "posts naming the brand or a code, rights from cost sheet and campaign file"
    return [
        Figure(key, label, value, unit, "counted", source, slot=SLOT, note=told)
        for key, label, value, unit, told in found
    ]


def with_rights(book: Book, posts: pd.DataFrame) -> pd.Series:
    """Which posts may be reused today: by the rights sheet, bought, or granted by the campaign's terms."""
    told = book.campaign.rights.strip().lower()
    if told and not told.startswith(("ask", "none", "no ", "unknown")):
        return pd.Series(data=True, index=posts.index)
    owner = people(book).drop_duplicates("handle").set_index("handle").creator
    costs = campaign_costs(book).lines
    agreed = register(book)
    written = agreed[agreed.row.notna() & ~(agreed.ends_on < pd.Timestamp(book.as_of))]
    held = set(costs.creator[costs.kind.str.contains("rights")]) | set(written.person)
    return posts.handle.map(owner).isin(held)


def community(book: Book) -> list[Figure]:
    """Comments answered, new followers and sign-ups, returning commenters."""
    comments = book.tables.comments
    comments = comments[comments.post_id.isin(campaign_posts(book).post_id)]
    others = comments[~comments.by_creator.fillna(value=False).astype(bool)]
    answers = comments[comments.by_creator.fillna(value=False).astype(bool)]
    share = min(1.0, len(answers) / len(others)) if len(others) and len(answers) else None
    posts_each = others.dropna(subset=["commenter"]).groupby("commenter").post_id.nunique()
    follows = campaign_posts(book).follows.dropna()
    return [
        Figure(
            "roi.answered",
            "Comments answered, at most",
            share,
            "percent",
            "counted",
            "comments on campaign posts: the creators' own answers ÷ comments",
            n=len(others) or None,
            slot=SLOT,
            note="" if share is not None else "needs a comments export",
        ),
        Figure(
            "roi.new_followers",
            "New followers from the posts",
            float(follows.sum()) if len(follows) else None,
            "number",
            "counted",
            "post exports: follows; sign-ups are not in the files",
            n=len(follows) or None,
            slot=SLOT,
            note="" if len(follows) else "needs creators' insights",
        ),
        Figure(
            "roi.returning_commenters",
            "Returning commenters",
            float((posts_each > 1).mean()) if len(posts_each) else None,
            "percent",
            "counted",
            "comments: people who wrote under more than one campaign post",
            n=len(posts_each) or None,
            slot=SLOT,
        ),
    ]
