"""Tier schemes: which size a number of followers is, by whose definition."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from creatorbook import plugins
from creatorbook.findings.formats import Formats
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
    """A named way to cut sizes; what no band holds is “not defined by this source”.

    Attributes:
        bands: sizes on any platform without bands of its own.
        platforms: platform → its own bands.
    """

    id: str
    title: str
    source: str
    date: str
    read: str
    bands: tuple[Band, ...]
    by: str = "followers"
    platforms: Mapping[str, tuple[Band, ...]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names of the sizes, small to large."""
        every = [band for bands in (self.bands, *self.platforms.values()) for band in bands]
        ordered = sorted(every, key=lambda band: (band.start, band.end))
        return list(dict.fromkeys(band.name for band in ordered))

    def on(self, platform: str | None) -> tuple[Band, ...]:
        """The bands that hold on a platform."""
        return self.platforms.get(str(platform).lower(), self.bands)

    def bounds(self, name: str, formats: Formats) -> str:
        """`10,000 to 99,999`, or `from 1,000,000`."""
        bands = [*self.bands, *(band for bands in self.platforms.values() for band in bands)]
        band = next(band for band in bands if band.name == name)
        if math.isinf(band.end):
            return f"from {formats.number(band.start)}"
        end = formats.number(band.end)
        return f"{formats.number(band.start)} to {end}" if band.start else f"up to {end}"


def schemes(book: Book | None = None) -> dict[str, Scheme]:
    """All schemes by name: those of `packs/tiers.yml`, of plugins and, of a book, the client's own."""
    own = book.client.tier_schemes if book is not None else {}
    told = plugins.tier_schemes() | {name: one.model_dump(by_alias=True) for name, one in own.items()}
    return {name: _scheme(name, one) for name, one in told.items()}


def scheme_of(book: Book) -> Scheme:
    """The scheme a campaign uses: its own, else the client's.

    Raises:
        Problem: there is no scheme of that name, or it does not go by followers.
    """
    return named(book.campaign.tier_scheme or book.client.tier_scheme, schemes(book))


def named(name: str, known: Mapping[str, Scheme] | None = None) -> Scheme:
    """A scheme by name; see `scheme_of`."""
    known = schemes() if known is None else known
    if name not in known:
        raise Problem(f"there is no tier scheme “{name}”", todo=f"Schemes: {', '.join(sorted(known))}.")
    if not known[name].bands:
        raise Problem(
            f"the tier scheme “{name}” goes by {known[name].by}, not by followers",
            todo=f"Choose one that does: {', '.join(sorted(one for one in known if known[one].bands))}.",
        )
    return known[name]


def size_of(followers: float | None, platform: str | None, scheme: Scheme) -> str:
    """The size of an account on its platform (tier); the narrowest band wins where one nests in another.

    The only answer to that question, for schemes of packs, plugins and clients alike. `not defined` where the
    source has no band for it, or followers are unknown.
    """
    if followers is None or pd.isna(followers):
        return NOT_DEFINED
    holding = [band for band in scheme.on(platform) if band.holds(followers)]
    return min(holding, key=lambda band: band.end - band.start).name if holding else NOT_DEFINED


def _scheme(name: str, told: dict[str, Any]) -> Scheme:
    platforms = {
        platform.lower(): tuple(map(_band, rows)) for platform, rows in told.get("platforms", {}).items()
    }
    return Scheme(
        id=name,
        title=told["title"],
        source=told["source"],
        date=str(told["date"]),
        read=told.get("read", ""),
        bands=tuple(map(_band, told["bands"])),
        by=told.get("by", "followers"),
        platforms=platforms,
    )


def _band(row: dict[str, Any]) -> Band:
    """Ends as the pack states them: `from` and `to` belong to the band, `above` and `below` do not."""
    told = {name: value for name, value in row.items() if value is not None}
    start = told["above"] + 1 if "above" in told else told["from"]
    end = told["to"] if "to" in told else told["below"] - 1 if "below" in told else math.inf
    return Band(name=row["name"], start=int(start), end=end, within=row.get("within"))
