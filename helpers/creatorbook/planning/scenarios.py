"""What a plan brings over many possible outcomes: common luck, each creator's own, and chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from creatorbook.memo import per_book
from creatorbook.planning.adjusted import adjusted
from creatorbook.planning.candidates import assumption, gifted
from creatorbook.planning.chain import GOAL_STAGE, NEW_POSTS, chain, factors_of, uncertain
from creatorbook.planning.offers import Offers, offers
from creatorbook.planning.own_creators import own_orders
from creatorbook.stats.allocation_model import Limits, brought
from creatorbook.stats.strata import normals, uniforms

if TYPE_CHECKING:
    from creatorbook.book import Book

Floats = NDArray[np.float64]

DRAWS = 400
SEED = 20261122
#: orders of creators vary around what their views would bring by this factor of a chi-square per degree (gamma
#: with shape 1); assumed, usual among creators
SELLING_SPREAD = 1.0


@dataclass(frozen=True)
class Scenarios:
    """Outcomes of every package.

    Attributes:
        stage: stage of `chain` that is counted: `contribution`, `orders`, `views`, `pieces` or `answers`.
        values: packages × draws, in that stage's unit.
        worth: per package, what the choice goes by (`Offers.worth`).
        each: what one unit of worth comes to in the stage's unit, on average.
    """

    stage: str
    values: Floats
    worth: Floats
    each: float

    @property
    def money(self) -> bool:
        """Whether what is counted is money, so that costs can be taken off."""
        return self.stage == "contribution"

    def totals(self, chosen: list[int], limits: Limits) -> Floats:
        """What a choice brings in each draw; audiences that overlap count once, as in the expected case."""
        alone = float(self.worth[chosen].sum())
        part = brought(self.worth, chosen, limits) / alone if alone > 0 else 1.0
        return np.asarray(self.values[chosen].sum(axis=0) * part)

    def expected(self, chosen: list[int], limits: Limits) -> float:
        """What a choice brings on average."""
        return brought(self.worth, chosen, limits) * self.each


def counted_stage(book: Book, inputs: set[str]) -> str:
    """The stage of the goal; for sales what orders leave, where that is known."""
    stage = GOAL_STAGE[book.campaign.goal]
    return "contribution" if stage == "orders" and "contribution" in inputs else stage


@per_book
def scenarios(book: Book) -> Scenarios | None:
    """Draws (Monte Carlo) of what each package brings; `None` if too little is known to compare anybody."""
    offered = offers(book)
    if offered.worth is None or offered.worth.sum() <= 0:
        return None
    inputs = chain(book, offered.people)
    stage = counted_stage(book, set(inputs))
    for_common, for_people, for_orders = np.random.default_rng(SEED).spawn(
        3
    )  # no part shifts another's draws
    names = sorted({"click_rate", "conversion_rate", "contribution"} & set(factors_of(inputs, stage)))
    steps = dict(zip(names, normals(for_common, len(names), DRAWS), strict=True))
    common = {name: uncertain(inputs[name]).at(steps[name]) for name in names}
    left = common.pop("contribution", np.ones(DRAWS))
    happens = np.prod(list(common.values()), axis=0) if common else np.ones(DRAWS)
    values = offered.worth[:, None] * happens * _personal(book, offered, stage, for_people)[offered.person]
    if stage in {"orders", "contribution"}:  # orders come in whole numbers
        values = for_orders.poisson(np.maximum(values, 0)).astype(float)
    return Scenarios(stage, values * left, offered.worth, float((happens * left).mean()))


def _personal(book: Book, offered: Offers, stage: str, random: np.random.Generator) -> Floats:
    """Each person's own luck, mean 1: how sure their figures are, new posts, selling, and whether a gift is shown."""
    people = offered.people
    own = own_orders(book, people) if stage in {"orders", "contribution"} else None
    if own is not None:  # what is unsure about each of them is drawn there
        own = own[:, :DRAWS]
        return np.asarray(own / np.maximum(own.mean(axis=1), 1e-9)[:, None])
    for_figures, for_selling, for_gifts = random.spawn(3)
    luck = np.ones((len(people), DRAWS))
    if stage != "pieces":
        sd = adjusted(people, "response" if stage == "answers" else "views").sd.fillna(0.5).to_numpy()
        spread = np.hypot(sd, NEW_POSTS)[:, None]
        luck *= np.exp(spread * normals(for_figures, len(people), DRAWS) - spread**2 / 2)
    if stage in {"orders", "contribution"}:
        luck *= for_selling.gamma(1 / SELLING_SPREAD, SELLING_SPREAD, luck.shape)
    free = gifted(people).to_numpy()
    if free.any():
        for_rate, for_each = for_gifts.spawn(2)
        shown = uniforms(for_each, int(free.sum()), DRAWS) < _posting(book, for_rate)
        luck[free] *= shown / assumption(book, "gifted_post_rate").likely
    return luck


def _posting(book: Book, random: np.random.Generator) -> Floats:
    """Draws of the share of gifted creators who post."""
    rate = assumption(book, "gifted_post_rate")
    return np.clip(
        random.triangular(rate.low, max(rate.low, rate.likely), max(rate.high, rate.low + 1e-9), DRAWS), 0, 1
    )
