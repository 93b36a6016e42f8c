"""The way from people to pieces, views, clicks, orders and money: every step a range with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from creatorbook.client import Range
from creatorbook.finance.economics import economics_of
from creatorbook.findings import Count, Grade, Wording, say, say_many
from creatorbook.history.calibration import spread_factor
from creatorbook.planning.candidates import assumption, gifted, pieces_that_appear
from creatorbook.planning.offers import packages_bring
from creatorbook.planning.own_creators import own_orders, rests_on_own, sold_before
from creatorbook.planning.own_past import is_own
from creatorbook.stats.forecast import Draws, Forecast, Uncertain
from creatorbook.stats.forecast import monte_carlo_forecast as draw
from creatorbook.stats.intervals import NINETY, NINETY_ENDS
from creatorbook.text.plain_english import how_many

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
#: the same by what the list's people sold before, where that is on record
OWN_FACTORS: dict[str, tuple[str, ...]] = {"orders": ("creators", "orders_each")}
OWN_FACTORS |= {stage: (*OWN_FACTORS["orders"], stage) for stage in ("kept_sales", "contribution")}


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


#: what orders by the list's own people rest on, where an assumption's name would stand
OWN_CREATORS = "creator_history"
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
    own = _orders_each(book, people)
    if own is not None:
        inputs["orders_each"] = own
    if unit.kept_sales and unit.kept_sales.low > 0:
        words = say("sales that stay per order")
        inputs["kept_sales"] = ChainInput(words, unit.kept_sales, unit.grade == "assumed")
    if unit.contribution and unit.contribution.low > 0:
        words = say("left per order")
        inputs["contribution"] = ChainInput(words, unit.contribution, unit.grade == "assumed")
    return inputs


def stages(inputs: Mapping[str, ChainInput]) -> list[str]:
    """Stages all of whose inputs are there, in order."""
    return [stage for stage in FACTORS if all(name in inputs for name in factors_of(inputs, stage))]


def factors_of(inputs: Mapping[str, object], stage: str) -> tuple[str, ...]:
    """The inputs that make up a stage: orders by what these creators sold before, where that is among them."""
    own = "orders_each" in inputs and stage in OWN_FACTORS
    return OWN_FACTORS[stage] if own else FACTORS[stage]


def drawn_outcome(inputs: Mapping[str, ChainInput], stage: str) -> Forecast:
    """The forecast of one stage; clicks, orders and what orders leave also vary by chance."""
    factors = {name: uncertain(inputs[name]) for name in factors_of(inputs, stage)}
    counts = (factors_of(inputs, count) for count in ("orders", "clicks"))
    events = next((names for names in counts if set(names) <= set(factors)), None)
    return draw(factors, _product(tuple(factors)), counted=_product(events) if events else None)


def _product(names: Sequence[str]) -> Callable[[Mapping[str, Draws]], Draws]:
    def product(values: Mapping[str, Draws]) -> Draws:
        return np.prod([values[name] for name in names], axis=0)

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


def _orders_each(book: Book, people: pd.DataFrame) -> ChainInput | None:
    """Orders per creator by what these people and others like them sold before; `None` where nothing is on record."""
    orders = own_orders(book, people)
    if orders is None:
        return None
    number = people.packages if "packages" in people else np.ones(len(people), dtype=int)
    each = (orders * packages_bring(book, np.asarray(number))[:, None]).mean(axis=0)
    low, likely, high = np.quantile(each, [*NINETY_ENDS[:1], 0.5, *NINETY_ENDS[1:]]).tolist()
    wider = spread_factor(book, "orders")
    low, high = (likely * (end / likely) ** wider if min(end, likely) > 0 else end for end in (low, high))
    past, known = how_many(len(rests_on_own(book)), "own past campaign"), int(sold_before(book, people).sum())
    source = f"{past} (creator_history.csv), in which {known} of {len(people)} took part"
    orders_range = Range(low=low, likely=likely, high=high, source=source)
    return ChainInput(say("orders per creator"), orders_range, assumed=False, rests_on=OWN_CREATORS)


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
        spread = float(np.hypot(chance, NEW_POSTS * middle)) * spread_factor(book, "reach")
        reach = min(0.8 * middle, spread)
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
