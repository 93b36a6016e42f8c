"""The way from people to pieces, views, clicks, orders and money: every step a range with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from creatorbook.client import Range
from creatorbook.finance.economics import economics_of
from creatorbook.findings import Count, Grade, Wording, say, say_many
from creatorbook.planning.candidates import assumption, gifted, pieces_that_appear
from creatorbook.planning.own_past import is_own
from creatorbook.stats.forecast import Draws, Forecast, Uncertain
from creatorbook.stats.forecast import monte_carlo_forecast as draw
from creatorbook.stats.intervals import NINETY

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


class StageWords(NamedTuple):
    """How a reader calls a stage: as a label, and within a sentence."""

    label: Wording
    within: Wording


STAGE_WORDS = {
    "pieces": StageWords(say("Pieces of content"), say("pieces of content")),
    "views": StageWords(say("Times seen (one person can count more than once)"), say("times seen")),
    "answers": StageWords(say("Likes and comments"), say("likes and comments")),
    "clicks": StageWords(say("Clicks"), say("clicks")),
    "orders": StageWords(say("Orders"), say("orders")),
    "kept_sales": StageWords(say("Sales that stay"), say("sales that stay")),
    "contribution": StageWords(say("Left before campaign costs"), say("left before campaign costs")),
}
#: rates of the way from views to orders, as a reader calls them
RATE_WORDS = {"click_rate": say("clicks per view"), "conversion_rate": say("orders per click")}
#: goal → stage its figure is
GOAL_STAGE = {"sales": "orders", "awareness": "views", "content": "pieces", "community": "answers"}


def so_many(stage: str, n: float) -> Wording:
    """So many of a goal's figure: `1 order`, `12 pieces`."""
    number = Count(n)
    if stage == "orders":
        return say_many("{n} order", "{n} orders", n=number)
    if stage == "pieces":
        return say_many("{n} piece", "{n} pieces", n=number)
    if stage == "views":
        return say_many("{n} view", "{n} views", n=number)
    return say_many("{n} like or comment", "{n} likes and comments", n=number)


#: a new post differs from the typical one by about this much, beyond what past posts show
NEW_POSTS = 0.2


#: who is to make no piece still weighs so much of one, so that there is a mean where that is everybody
LEAST_WEIGHT = 0.01


class ChainInput(NamedTuple):
    """One input of the chain: its words and range, whether it is assumed or a share, and what it rests on.

    `rests_on` names an assumption as `candidates.assumption` does; it is empty where files or agreements tell the input.
    """

    words: Wording
    range: Range
    assumed: bool
    share: bool = False
    rests_on: str = ""

    @property
    def grade(self) -> Grade:
        """How the input is known: counted if it is one number from a file or an agreement."""
        return "assumed" if self.assumed else "counted" if self.range.exact else "estimated"


def chain(book: Book, people: pd.DataFrame) -> dict[str, ChainInput]:
    """Inputs of the way from people to money (the funnel), the client's own figures before assumed ones."""
    unit = economics_of(book, people.creator)
    inputs = {
        "creators": ChainInput(say("creators"), _exact(len(people), "plan"), assumed=False),
        "pieces": _pieces(book, people),
        "appear": _appear(book, people),
    }
    answers = people.response * people.followers
    for name, typical, words, by_followers in (
        ("views", people.views, say("views per piece"), "views_per_follower"),
        ("answers", answers, say("likes and comments per piece"), "response_rate"),
    ):
        per_piece = _per_piece(book, people, typical, words, by_followers)
        if per_piece is not None:
            inputs[name] = per_piece
    for name, words in RATE_WORDS.items():
        inputs[name] = ChainInput(
            words, assumption(book, name), assumed=not is_own(book, name), share=True, rests_on=name
        )
    if unit.kept_sales and unit.kept_sales.low > 0:
        words = say("sales that stay per order")
        inputs["kept_sales"] = ChainInput(words, unit.kept_sales, unit.grade == "assumed")
    if unit.contribution and unit.contribution.low > 0:
        words = say("left per order")
        inputs["contribution"] = ChainInput(words, unit.contribution, unit.grade == "assumed")
    return inputs


def stages(inputs: Mapping[str, ChainInput]) -> list[str]:
    """Stages all of whose inputs are there, in order."""
    return [stage for stage, factors in FACTORS.items() if all(name in inputs for name in factors)]


def drawn_outcome(inputs: Mapping[str, ChainInput], stage: str) -> Forecast:
    """The forecast of one stage; clicks, orders and what orders leave also vary by chance."""
    factors = {name: uncertain(inputs[name]) for name in FACTORS[stage]}
    events = next((count for count in ("orders", "clicks") if set(FACTORS[count]) <= set(factors)), None)
    return draw(factors, _product(stage), counted=_product(events) if events else None)


def _product(stage: str) -> Callable[[Mapping[str, Draws]], Draws]:
    def product(values: Mapping[str, Draws]) -> Draws:
        return np.prod([values[name] for name in FACTORS[stage]], axis=0)

    return product


def uncertain(item: ChainInput) -> Uncertain:
    """An input as something to draw from."""
    low, likely, high = (max(end, 1e-9) for end in (item.range.low, item.range.likely, item.range.high))
    return Uncertain(low, likely, high, assumed=item.assumed, most=1.0 if item.share else np.inf)


def _exact(value: float, source: str) -> Range:
    return Range(low=value, likely=value, high=value, source=source)


def _pieces(book: Book, people: pd.DataFrame) -> ChainInput:
    """Pieces per person: as agreed, and assumed where nothing is agreed."""
    words, open_yet = say("pieces per creator"), int(people.pieces.isna().sum())
    if not open_yet:
        return ChainInput(words, _exact(float(people.pieces.mean()), "creators list"), assumed=False)
    usual = assumption(book, "posts_per_creator")
    low, likely, high = (
        float(people.pieces.fillna(end).mean()) for end in (usual.low, usual.likely, usual.high)
    )
    source = f"creators list; for {open_yet} of {len(people)} assumed: {usual.source}"
    pieces = Range(low=low, likely=likely, high=high, source=source)
    assumed = not is_own(book, "posts_per_creator")
    return ChainInput(words, pieces, assumed, rests_on="posts_per_creator")


def _appear(book: Book, people: pd.DataFrame) -> ChainInput:
    """Share of pieces that appear: all that are paid for, and a part of those hoped for after a gift."""
    words, free = say("pieces that appear"), gifted(people)
    if not free.any():
        return ChainInput(words, _exact(1.0, "agreed and paid for"), assumed=False, share=True)
    rate, part = assumption(book, "gifted_post_rate"), float(free.mean())
    low, likely, high = (1 - part * (1 - end) for end in (rate.low, rate.likely, rate.high))
    source = f"{int(free.sum())} of {len(people)} get a gift only: {rate.source}"
    return ChainInput(
        words,
        Range(low=low, likely=likely, high=high, source=source),
        assumed=not is_own(book, "gifted_post_rate"),
        share=True,
        rests_on="gifted_post_rate",
    )


def _per_piece(
    book: Book, people: pd.DataFrame, seen: pd.Series, words: Wording, by_followers: str
) -> ChainInput | None:
    """What one piece brings: mean of what is typical for these people, else by followers with an assumed rate.

    Who makes more pieces, and whose pieces are sure to appear, counts for more. `None` where neither typical figures nor
    followers are known.
    """
    weight = pieces_that_appear(book, people).clip(lower=LEAST_WEIGHT)
    typical = seen.dropna()
    if len(typical) >= max(3, len(people) / 2):
        share = weight[typical.index] / weight[typical.index].sum()
        middle = float(share @ typical)
        chance = NINETY * float(
            np.sqrt(share**2 @ (typical - middle) ** 2 * len(typical) / (len(typical) - 1))
        )
        reach = min(0.8 * middle, float(np.hypot(chance, NEW_POSTS * middle)))
        source = f"typical posts of {len(typical)} creators, new ones may differ by a fifth"
        seen_range = Range(low=middle - reach, likely=middle, high=middle + reach, source=source)
        return ChainInput(words, seen_range, assumed=False)
    there = people.followers.notna()
    if not there.any():
        return None
    rate = assumption(book, by_followers)
    followers = float(np.average(people.followers[there], weights=weight[there]))
    low, likely, high = (followers * end for end in (rate.low, rate.likely, rate.high))
    source = f"followers × assumption: {rate.source}"
    per_piece = Range(low=low, likely=likely, high=high, source=source)
    return ChainInput(words, per_piece, assumed=not is_own(book, by_followers), rests_on=by_followers)
