"""Tier schemes: which size a number of followers is, by whose definition."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook import plugins
from creatorbook.formats import Formats
from creatorbook.problems import Problem

if TYPE_CHECKING:
    from creatorbook.book import Book

NOT_DEFINED = "not defined"


@dataclass(frozen=True)
class Band:
    """One size of a scheme: `start` ≤ followers ≤ `end`, both whole numbers; `within` names the size it nests in."""

    name: str
    start: int
    end: float
    within: str | None = None

    def holds(self, followers: float) -> bool:
        """Whether an account of so many followers is of this size."""
        return self.start <= followers <= self.end


@dataclass(frozen=True)
class Scheme:
    """A named way to cut sizes; what no band holds is “not defined by this source”."""

    id: str
    title: str
    source: str
    date: str
    read: str
    bands: tuple[Band, ...]
    by: str = "followers"

    @property
    def names(self) -> list[str]:
        """Names of the sizes, small to large."""
        return [band.name for band in sorted(self.bands, key=lambda band: (band.start, band.end))]

    def bounds(self, name: str, formats: Formats) -> str:
        """`10,000 to 99,999`, or `from 1,000,000`."""
        band = next(band for band in self.bands if band.name == name)
        if math.isinf(band.end):
            return f"from {formats.number(band.start)}"
        end = formats.number(band.end)
        return f"{formats.number(band.start)} to {end}" if band.start else f"up to {end}"


def schemes() -> dict[str, Scheme]:
    """All schemes by name: those of `packs/tiers.yml` and those of plugins."""
    return {name: _scheme(name, told) for name, told in plugins.tier_schemes().items()}


def scheme_of(book: Book) -> Scheme:
    """The scheme a campaign uses: its own, else the client's.

    Raises:
        Problem: there is no scheme of that name, or it does not go by followers.
    """
    return named(book.campaign.tier_scheme or book.client.tier_scheme)


def named(name: str) -> Scheme:
    """A scheme by name; see `scheme_of`."""
    known = schemes()
    if name not in known:
        raise Problem(f"there is no tier scheme “{name}”", todo=f"Schemes: {', '.join(sorted(known))}.")
    if not known[name].bands:
        raise Problem(
            f"the tier scheme “{name}” goes by {known[name].by}, not by followers",
            todo="Choose a scheme that gives numbers of followers.",
        )
    return known[name]


def assign(followers: float | None, scheme: Scheme | str) -> str:
    """The size of an account; the narrowest band wins where one nests in another.

    `not defined` where the source has no band for it, or followers are unknown.
    """
    told = named(scheme) if isinstance(scheme, str) else scheme
    if followers is None or pd.isna(followers):
        return NOT_DEFINED
    holding = [band for band in told.bands if band.holds(followers)]
    return min(holding, key=lambda band: band.end - band.start).name if holding else NOT_DEFINED


def _scheme(name: str, told: dict[str, Any]) -> Scheme:
    bands = tuple(_band(row) for row in told["bands"])
    return Scheme(
        id=name,
        title=told["title"],
        source=told["source"],
        date=str(told["date"]),
        read=told.get("read", ""),
        bands=bands,
        by=told.get("by", "followers"),
    )


def _band(row: dict[str, Any]) -> Band:
    """Ends as the pack states them: `from` and `to` belong to the band, `above` and `below` do not."""
    start = row["above"] + 1 if "above" in row else row["from"]
    end = row["to"] if "to" in row else row["below"] - 1 if "below" in row else math.inf
    return Band(name=row["name"], start=int(start), end=end, within=row.get("within"))
