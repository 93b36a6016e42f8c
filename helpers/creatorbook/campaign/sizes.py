"""Tier schemes: which size a number of followers is, by whose definition."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from creatorbook import plugins
from creatorbook.book import Book, by_its_packs
from creatorbook.findings.messages import Count, Wording, say
from creatorbook.problems import Problem

NOT_DEFINED = "not defined"

#: the scheme of clients that name none
USUAL_SCHEME = "s0"


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

    def bounds(self, name: str) -> Wording:
        """`10,000 to 99,999`, or `from 1,000,000`."""
        bands = [*self.bands, *(band for bands in self.platforms.values() for band in bands)]
        band = next(band for band in bands if band.name == name)
        if math.isinf(band.end):
            return say("from {start}", start=Count(band.start))
        end = Count(band.end)
        return (
            say("{start} to {end}", start=Count(band.start), end=end)
            if band.start
            else say("up to {end}", end=end)
        )


@by_its_packs
def schemes(book: Book | None = None) -> dict[str, Scheme]:
    """All schemes by name: those built in, of plugins and packs and, of a book, the client's own."""
    replaces = book.client.replaces if book is not None else ()
    return {name: _scheme(name, one) for name, one in plugins.tier_schemes(replaces).items()}


def scheme_of(book: Book) -> Scheme:
    """The scheme a campaign uses: its own, else the client's; the usual one where a plugin's is left out.

    Raises:
        Problem: there is no scheme of that name, or it does not go by followers.
    """
    name, by_name = book.campaign.tier_scheme or book.client.tier_scheme, schemes(book)
    if name not in by_name and plugins.is_missing_one("creatorbook_tier_schemes"):
        name = USUAL_SCHEME
    return named(name, by_name)


def named(name: str, among: Mapping[str, Scheme] | None = None) -> Scheme:
    """A scheme by name; see `scheme_of`."""
    by_name = schemes() if among is None else among
    if name not in by_name:
        raise Problem(f"there is no tier scheme “{name}”", todo=f"Schemes: {', '.join(sorted(by_name))}.")
    scheme = by_name[name]
    if not scheme.bands:
        usable = sorted(one for one in by_name if by_name[one].bands)
        what = f"the tier scheme “{name}” goes by {scheme.by}, not by followers"
        raise Problem(what, todo=f"Choose one that does: {', '.join(usable)}.")
    return scheme


def size_of(followers: float | None, platform: str | None, scheme: Scheme) -> str:
    """The size of an account on its platform (tier); the narrowest band wins where one nests in another.

    The only answer to that question, for schemes of packs, plugins and clients alike. `not defined` where the
    source has no band for it, or followers are unknown.
    """
    if followers is None or pd.isna(followers):
        return NOT_DEFINED
    holding = [band for band in scheme.on(platform) if band.holds(followers)]
    return min(holding, key=lambda band: band.end - band.start).name if holding else NOT_DEFINED


def defined_sizes(book: Book, accounts: pd.DataFrame) -> pd.Series:
    """The size of each account (followers, platform) by the campaign's scheme; `None` where the scheme does not say."""
    scheme = scheme_of(book)
    sizes = [
        size_of(followers, platform, scheme)
        for followers, platform in zip(accounts.followers, accounts.platform, strict=True)
    ]
    return pd.Series(
        [None if size == NOT_DEFINED else size for size in sizes], index=accounts.index, dtype=object
    )


def _scheme(name: str, settings: dict[str, Any]) -> Scheme:
    platforms = {
        platform.lower(): tuple(map(_band, rows)) for platform, rows in settings.get("platforms", {}).items()
    }
    return Scheme(
        id=name,
        title=settings["title"],
        source=settings["source"],
        date=str(settings["date"]),
        read=settings.get("read", ""),
        bands=tuple(map(_band, settings["bands"])),
        by=settings.get("by", "followers"),
        platforms=platforms,
    )


def _band(row: dict[str, Any]) -> Band:
    """Ends as the pack states them: `from` and `to` belong to the band, `above` and `below` do not."""
    given = {name: value for name, value in row.items() if value is not None}
    start = given["above"] + 1 if "above" in given else given["from"]
    end = given["to"] if "to" in given else given["below"] - 1 if "below" in given else math.inf
    return Band(name=row["name"], start=int(start), end=end, within=row.get("within"))
