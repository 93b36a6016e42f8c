"""Engagement by size under every formula in use: the same posts, different answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.sizes import scheme_of
from creatorbook.findings import Column, Findings, Note, Table
from creatorbook.packs import pack
from creatorbook.planning.candidates import candidates
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
    tiers, posts = present(people, scheme_of(book)), _posts_before(book)
    rows = [
        _row(book, people, tiers, _rates(posts, name), told)
        for name, told in pack("engagement")["formulas"].items()
    ]
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


def _row(book: Book, people: pd.DataFrame, tiers: list[str], rates: pd.Series, told: dict) -> dict[str, str]:
    row, each = {"formula": told["label"], "used_by": told["used_by"]}, people.handle.map(rates)
    for tier in tiers:
        row[tier] = _cell(book, each[people.tier == tier].dropna(), told)
    return row


def _posts_before(book: Book) -> pd.DataFrame:
    """Posts before the campaign, Stories left out."""
    posts = listed_posts(book)
    before = posts.published_at < pd.Timestamp(book.campaign.start)
    return posts[before & (posts["format"].fillna("") != "story")]


def _rates(posts: pd.DataFrame, name: str) -> pd.Series:
    """Per handle, the median rate of its posts."""
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
