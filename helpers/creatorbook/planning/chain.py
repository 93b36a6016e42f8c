"""The way from people to pieces, views, clicks, orders and money: every step a range with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from creatorbook.client import Range
from creatorbook.finance.economics import unit_economics
from creatorbook.findings import Grade
from creatorbook.planning.candidates import assumption, gifted, seen_views
from creatorbook.planning.own_past import is_own
from creatorbook.stats.forecast import Draws, Forecast, Uncertain
from creatorbook.stats.forecast import monte_carlo_forecast as draw

if TYPE_CHECKING:
    from creatorbook.book import Book

#: stage → inputs that are multiplied
FACTORS = {
    "pieces": ("creators", "pieces", "appear"),
    "views": ("creators", "pieces", "appear", "views"),
    "answers": ("creators", "pieces", "appear", "answers"),
    "clicks": ("creators", "pieces", "appear", "views", "click_rate"),
    "orders": ("creators", "pieces", "appear", "views", "click_rate", "conversion_rate"),
}
#: an order in money: what buyers keep, and what it leaves before campaign costs
FACTORS |= {stage: (*FACTORS["orders"], stage) for stage in ("kept_sales", "contribution")}
STAGE_WORDS = {
    "pieces": "Pieces of content",
    "views": "Times seen (one person can count more than once)",
    "answers": "Likes and comments",
    "clicks": "Clicks",
    "orders": "Orders",
    "kept_sales": "Sales that stay",
    "contribution": "Left before campaign costs",
}
#: goal → stage its figure is
GOAL_STAGE = {"sales": "orders", "awareness": "views", "content": "pieces", "community": "answers"}
#: a new post differs from the typical one by about this much, beyond what past posts show
NEW_POSTS = 0.2


class Known(NamedTuple):
    """One input of the chain: its words, its range, whether it is assumed, and whether it is a share."""

    words: str
    told: Range
    assumed: bool
    share: bool = False

    @property
    def grade(self) -> Grade:
        """How the input is known: counted if it is one number from a file or an agreement."""
        return "assumed" if self.assumed else "counted" if self.told.exact else "estimated"


def chain(book: Book, people: pd.DataFrame) -> dict[str, Known]:
    """Inputs of the way from people to money, the client's own figures before assumed ones."""
    unit = unit_economics(book)
    known = {
        "creators": Known("creators", _exact(len(people), "plan"), assumed=False),
        "pieces": _pieces(book, people),
        "appear": _appear(book, people),
        "views": _per_piece(book, people, people.views, "views per piece", "views_per_follower"),
        "answers": _per_piece(
            book, people, people.response * people.followers, "likes and comments per piece", "response_rate"
        ),
    }
    for name, words in {"click_rate": "clicks per view", "conversion_rate": "orders per click"}.items():
        known[name] = Known(words, assumption(book, name), assumed=not is_own(book, name), share=True)
    if unit.kept_sales and unit.kept_sales.low > 0:
        known["kept_sales"] = Known("sales that stay per order", unit.kept_sales, unit.grade == "assumed")
    if unit.contribution and unit.contribution.low > 0:
        known["contribution"] = Known("left per order", unit.contribution, unit.grade == "assumed")
    return known


def stages(known: Mapping[str, Known]) -> list[str]:
    """Stages all of whose inputs are there, in order."""
    return [stage for stage, factors in FACTORS.items() if all(name in known for name in factors)]


def drawn(known: Mapping[str, Known], stage: str) -> Forecast:
    """The forecast of one stage; clicks, orders and what orders leave also vary by chance."""
    inputs = {name: uncertain(known[name]) for name in FACTORS[stage]}
    events = next((count for count in ("orders", "clicks") if set(FACTORS[count]) <= set(inputs)), None)
    return draw(inputs, _product(stage), counted=_product(events) if events else None)


def _product(stage: str) -> Callable[[Mapping[str, Draws]], Draws]:
    def product(values: Mapping[str, Draws]) -> Draws:
        return np.prod([values[name] for name in FACTORS[stage]], axis=0)

    return product


def uncertain(item: Known) -> Uncertain:
    """An input as something to draw from."""
    low, likely, high = (max(end, 1e-9) for end in (item.told.low, item.told.likely, item.told.high))
    return Uncertain(low, likely, high, assumed=item.assumed, most=1.0 if item.share else np.inf)


def _exact(value: float, source: str) -> Range:
    return Range(low=value, likely=value, high=value, source=source)


def _pieces(book: Book, people: pd.DataFrame) -> Known:
    """Pieces per person: as agreed, and assumed where nothing is agreed."""
    untold = int(people.pieces.isna().sum())
    if not untold:
        return Known(
            "pieces per creator", _exact(float(people.pieces.mean()), "creators list"), assumed=False
        )
    usual = assumption(book, "posts_per_creator")
    low, likely, high = (
        float(people.pieces.fillna(end).mean()) for end in (usual.low, usual.likely, usual.high)
    )
    source = f"creators list; for {untold} of {len(people)} assumed: {usual.source}"
    told = Range(low=low, likely=likely, high=high, source=source)
    return Known("pieces per creator", told, assumed=not is_own(book, "posts_per_creator"))


def _appear(book: Book, people: pd.DataFrame) -> Known:
    """Share of pieces that appear: all that are paid for, and a part of those hoped for after a gift."""
    free = gifted(people)
    if not free.any():
        return Known("pieces that appear", _exact(1.0, "agreed and paid for"), assumed=False, share=True)
    rate, part = assumption(book, "gifted_post_rate"), float(free.mean())
    low, likely, high = (1 - part * (1 - end) for end in (rate.low, rate.likely, rate.high))
    source = f"{int(free.sum())} of {len(people)} get a gift only: {rate.source}"
    return Known(
        "pieces that appear",
        Range(low=low, likely=likely, high=high, source=source),
        assumed=not is_own(book, "gifted_post_rate"),
        share=True,
    )


def _per_piece(book: Book, people: pd.DataFrame, seen: pd.Series, words: str, by_followers: str) -> Known:
    """What one piece brings: mean of what is typical for these people, else by followers with an assumed rate."""
    known = seen.dropna()
    if len(known) >= max(3, len(people) / 2) and (by_followers != "views_per_follower" or seen_views(people)):
        middle = float(known.mean())
        chance = 1.645 * float(known.std(ddof=1)) / np.sqrt(len(known))
        reach = min(0.8 * middle, float(np.hypot(chance, NEW_POSTS * middle)))
        source = f"typical posts of {len(known)} creators, new ones may differ by a fifth"
        told = Range(low=middle - reach, likely=middle, high=middle + reach, source=source)
        return Known(words, told, assumed=False)
    rate, followers = assumption(book, by_followers), float(people.followers.mean())
    low, likely, high = (followers * end for end in (rate.low, rate.likely, rate.high))
    told = Range(low=low, likely=likely, high=high, source=f"followers × assumption: {rate.source}")
    return Known(words, told, assumed=not is_own(book, by_followers))
