"""Engagement by size under every formula in use: the same posts, different answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from creatorbook.campaign.sizes import scheme_of
from creatorbook.findings import (
    Capital,
    Column,
    Findings,
    Note,
    Share,
    Table,
    Wording,
    ends,
    joined,
    packed,
    say,
)
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
        return Findings(STEP, (no_list(book),), book.formats)
    tiers, posts = present(people, scheme_of(book)), _posts_before(book)
    rows = [
        _row(people, tiers, _rates(posts, name), formula)
        for name, formula in pack("engagement")["formulas"].items()
    ]
    columns = {
        "formula": Column("Engagement as"),
        **{tier: Column(Capital(packed(tier))) for tier in tiers},
        "used_by": Column("Used by"),
    }
    note = say(
        "Median over creators, each by the median of their posts before the campaign; likely range; n creators."
    )
    title = say("The same posts under every formula")
    items = (
        Note("A rate without its formula says nothing: compare along a row, never down a column."),
        Table(f"{STEP}.formulas", title, pd.DataFrame(rows), columns, note=note),
    )
    return Findings(STEP, items, book.formats)


def _row(people: pd.DataFrame, tiers: list[str], rates: pd.Series, formula: dict) -> dict[str, Wording]:
    row: dict[str, Wording] = {"formula": packed(formula["label"]), "used_by": packed(formula["used_by"])}
    each = people.handle.map(rates)
    return row | {tier: _cell(each[people.tier == tier].dropna(), formula) for tier in tiers}


def _posts_before(book: Book) -> pd.DataFrame:
    """Posts before the campaign, Stories left out."""
    posts = listed_posts(book)
    before = posts.published_at < pd.Timestamp(book.campaign.start)
    return posts[before & (posts["format"].fillna("") != "story")]


def _rates(posts: pd.DataFrame, name: str) -> pd.Series:
    """Per handle, the median rate of its posts."""
    grouped = engagement_rates(posts, posts.followers, name).dropna().groupby(posts.handle)
    return grouped.median()[grouped.size() >= ENOUGH_POSTS]


def _cell(rates: pd.Series, formula: dict) -> Wording:
    """The median of these rates with range and n, or the columns it would need."""
    if rates.empty:
        lacking = [*formula["counts"], *([formula["per"]] if formula["per"] != "followers" else [])]
        return say("not available: needs {columns}", columns=joined(map(packed, lacking)))
    rate, n = Share(float(rates.median()), 1), len(rates)
    middle = median_interval(rates.tolist())
    if not middle:
        return say("{value}, n\u00a0{n}", value=rate, n=n)
    return say("{value} ({low} to {high}), n\u00a0{n}", value=rate, n=n, **ends(*middle, "percent", 1))
