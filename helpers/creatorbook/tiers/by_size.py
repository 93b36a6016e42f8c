"""Before there is a list: what the budget buys in each size, from published fees and assumed views."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook.campaign.sizes import scheme_of, size_of
from creatorbook.finance.costs import planned_shared_costs
from creatorbook.findings import Column, Share, Table, packed, say, when_written
from creatorbook.packs import pack
from creatorbook.planning.candidates import assumption
from creatorbook.stats.allocation import water_filling
from creatorbook.tiers.sizes import STEP, no_list
from creatorbook.vetting.wording import plain_decimals

if TYPE_CHECKING:
    from creatorbook.book import Book

#: part of one typical audience that another creator reaches too, while nobody has said it; our own guess
OVERLAP = 0.1


def before_a_list(book: Book) -> tuple[Any, ...]:
    """What creators of each size would cost and be seen by, and a split over sizes that falls off as audiences overlap."""
    budget = book.campaign.budget - planned_shared_costs(book)
    rows = [row for row in (_row(book, one) for one in pack("fees")["posts"]) if row]
    sizes = pd.DataFrame(rows)
    platforms = {one.lower() for one in book.campaign.platforms}
    if len(sizes) and platforms:
        sizes = sizes[sizes.platform.isin(platforms)]
    if sizes.empty or budget <= 0:
        return (no_list(book),)
    overlap = book.campaign.mix.overlap.likely if book.campaign.mix.overlap else OVERLAP
    spend, _ = water_filling((sizes.views / overlap).tolist(), (sizes.fee / overlap).tolist(), budget)
    sizes = sizes.assign(
        money=spend, creators=(spend / sizes.fee).round(), alone=(budget / sizes.fee).round()
    )
    columns = {
        "platform": Column("Platform"),
        "tier": Column("Size"),
        "fee": Column("Fee, middle of what is published", "money", grade="assumed"),
        "views": Column("Views of one creator's pieces", "number", grade="assumed"),
        "alone": Column("Creators if all goes here", "number", grade="assumed"),
        "creators": Column("Creators in a split", "number", grade="assumed"),
        "money": Column("Money in a split", "money", grade="assumed"),
        "source": Column("Source"),
    }
    note = say(
        "Views: followers in the middle of the size × {views} × pieces; audiences overlap by {share}; all of it assumed, "
        "to start talking from.",
        views=plain_decimals(assumption(book, "views_per_follower").likely),
        share=Share(overlap),
    )
    title = say("Before there is a list: what the budget buys by size")
    return (no_list(book), Table(f"{STEP}.before_a_list", title, sizes, columns, note=note))


def _row(book: Book, published: dict[str, Any]) -> dict[str, Any] | None:
    """One published fee in the client's currency, under the campaign's scheme; `None` without a rate for it."""
    rate = book.client.rates.get(published["currency"])
    if rate is None:
        return None
    followers = math.sqrt(published["from"] * published["below"])
    each_makes = assumption(book, "posts_per_creator").likely
    return {
        "platform": published["platform"],
        "tier": size_of(followers, published["platform"], scheme_of(book)),
        "fee": math.sqrt(published["low"] * published["high"]) * rate * each_makes,
        "views": followers * assumption(book, "views_per_follower").likely * each_makes,
        "source": say(
            "{source}, {date}, evidence {evidence}",
            source=published["source"],
            date=when_written(published["date"]),
            evidence=packed(published["evidence"]),
        ),
    }
