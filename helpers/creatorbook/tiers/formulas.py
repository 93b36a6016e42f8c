"""Engagement by size under every formula in use: the same posts, different answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates
from creatorbook.planning.tier_schemes import scheme_of
from creatorbook.stats.intervals import median_interval
from creatorbook.tiers.sizes import STEP, no_list, present
from creatorbook.vetting.posts import engagement_rates, listed_posts

if TYPE_CHECKING:
    from creatorbook.book import Book

#: posts from which an account's rate is read
ENOUGH_POSTS = 4


def formulas(book: Book) -> Findings:
    """Median engagement per size under each formula, with range and n; a formula whose columns are missing says so."""
    people = candidates(book)
    if people.empty:
        return Findings(STEP, (no_list(),), book.formats)
    tiers = present(people, scheme_of(book))
    rows = [_row(book, people, tiers, name, told) for name, told in pack("engagement")["formulas"].items()]
    columns = {
        "formula": Column("Engagement as"),
        **{tier: Column(tier.capitalize()) for tier in tiers},
        "used_by": Column("Used by"),
    }
    note = "Median over creators, each by the median of their posts before the campaign; likely range; n creators."
    title = "The same posts under every formula"
    items = (
        Note("A rate without its formula says nothing: compare along a row, never down a column."),
        Table(f"{STEP}.formulas", title, pd.DataFrame(rows), columns, note=note),
    )
    return Findings(STEP, items, book.formats)


def _row(book: Book, people: pd.DataFrame, tiers: list[str], name: str, told: dict) -> dict[str, str]:
    rates = _rates(book, name)
    row = {"formula": told["label"], "used_by": told["used_by"]}
    for tier in tiers:
        known = people.handle[people.tier == tier].map(rates).dropna()
        row[tier] = _cell(book, known, told)
    return row


def _rates(book: Book, name: str) -> pd.Series:
    """Per handle, the median rate of posts before the campaign, Stories left out."""
    posts = listed_posts(book)
    before = posts.published_at < pd.Timestamp(book.campaign.start)
    posts = posts[before & (posts["format"].fillna("") != "story")]
    grouped = engagement_rates(posts, posts.followers, name).dropna().groupby(posts.handle)
    return grouped.median()[grouped.size() >= ENOUGH_POSTS]


def _cell(book: Book, known: pd.Series, told: dict) -> str:
    percent = book.formats.percent
    if known.empty:
        lacking = [*told["counts"], *([told["per"]] if told["per"] != "followers" else [])]
        return f"not available: needs {', '.join(lacking)}"
    ends = median_interval(known.tolist())
    span = f" ({percent(ends[0], 1)} to {percent(ends[1], 1)})" if ends else ""
    return f"{percent(float(known.median()), 1)}{span}, n\u00a0{len(known)}"
