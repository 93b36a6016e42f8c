"""Whether a plan is worth its money: what its goal needs, held against what its own forecast makes likely.

The rules are data (`RULES`), read from the top; the first that holds decides. What they ask of is the plan's own: the
need (orders that pay all of its costs back; for other goals what the client's target asks for) and the forecast of the
same figure. Where one of the two is not known, nothing is advised: “Not yet”, and `missing` names what settles it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from creatorbook.client import Range
from creatorbook.finance.cost_lines import exactly
from creatorbook.finance.costs import with_rates_on_fee
from creatorbook.finance.economics import economics_of, orders_needed
from creatorbook.planning.candidates import pieces
from creatorbook.planning.chain import GOAL_STAGE, chain, drawn_outcome, stages
from creatorbook.planning.plans import TOO_MUCH_ASSUMED, Mix

if TYPE_CHECKING:
    from creatorbook.book import Book

Word = Literal["go", "test", "not as priced", "not yet"]
#: what is not known where the word is “not yet”: the basket, the margin, any view or follower, or a target
Missing = Literal["basket", "goods", "forecast", "target"]

#: a likely forecast under this part of the need is far from it: most of the money is lost in the likely case, which
#: is too dear for finding something out
FAR = 0.5
#: the lower part of the forecast: three campaigns in four end above it
LOWER = 0.25


class Odds(NamedTuple):
    """What is needed and what is likely, of one figure.

    Attributes:
        needed: its range; `high` is infinite where an order may lose money in the bad case.
        low, lower, likely, high: of the forecast: its 90 % range, its lower quarter and its median.
        assumed: part of the forecast's spread that comes from assumed inputs.
    """

    needed: Range
    low: float
    lower: float
    likely: float
    high: float
    assumed: float


class VerdictRule(NamedTuple):
    """One rule: when it holds, and the word it gives."""

    holds: Callable[[Odds], bool]
    word: Word


#: read from the top, the first that holds decides
RULES = (
    # even the forecast's best end does not reach the need: no luck pays this back
    VerdictRule(lambda odds: odds.high < odds.needed.likely, "not as priced"),
    # the likely case brings under half of the need: the price is wrong, whatever a test would tell
    VerdictRule(lambda odds: odds.likely < FAR * odds.needed.likely, "not as priced"),
    # three in four such campaigns reach the need, and no order may lose money
    VerdictRule(lambda odds: odds.lower >= odds.needed.likely and math.isfinite(odds.needed.high), "go"),
    # as likely as not, or better: worth trying with money that may be lost
    VerdictRule(lambda odds: odds.likely >= odds.needed.likely, "test"),
    # likely to miss by less than half, on figures of others: a test is what would replace them by the client's own
    VerdictRule(lambda odds: odds.assumed > TOO_MUCH_ASSUMED, "test"),
    # likely to miss on the client's own figures: a test would tell what is known
    VerdictRule(lambda _: True, "not as priced"),
)


class Need(NamedTuple):
    """How a target of the campaign file becomes a need of the goal's figure, from its value, cost and pieces."""

    key: str
    need: Callable[[float, float, float], float]
    price: bool = False


#: goal → its targets that a forecast can be held against; of several the highest need counts: all of them have to hold
TARGETS: dict[str, tuple[Need, ...]] = {
    "awareness": (
        Need("people_reached", lambda value, cost, pieces: value),
        Need("cost_per_thousand", lambda value, cost, pieces: cost / value * 1000, price=True),
        Need("views_per_post", lambda value, cost, pieces: value * pieces),
    ),
    "content": (
        Need("usable_pieces", lambda value, cost, pieces: value),
        Need("cost_per_piece", lambda value, cost, pieces: cost / value, price=True),
        Need("pieces_agreed", lambda value, cost, pieces: value),
    ),
    "community": (Need("answers_per_post", lambda value, cost, pieces: value * pieces),),
}


@dataclass(frozen=True)
class Verdict:
    """What is advised of a plan.

    Attributes:
        word: go, as a test, not as priced or not yet.
        stage: the goal's figure, as `chain` names it.
        needed: what has to come; `None` where that is not known.
        likely: low end, median and high end of the forecast; `None` where nothing can be forecast.
        missing: what is not known.
        target: the target that asks for most, for goals other than sales.
        loses: what an order loses before any creator is paid, where it does.
    """

    word: Word
    stage: str
    needed: Range | None
    likely: tuple[float, float, float] | None
    missing: tuple[Missing, ...] = ()
    target: Need | None = None
    loses: float | None = None


def word_for(odds: Odds) -> Word:
    """The word of the first rule that holds."""
    return next(rule.word for rule in RULES if rule.holds(odds))


def plan_verdict(book: Book, mix: Mix) -> Verdict:
    """What is advised of one way to spend the budget."""
    stage, sales = GOAL_STAGE[book.campaign.goal], book.campaign.goal == "sales"
    unit, inputs = economics_of(book, mix.people.creator), chain(book, mix.people)
    forecast = drawn_outcome(inputs, stage) if stage in stages(inputs) else None
    likely = forecast.range() if forecast else None
    if sales and unit.contribution is not None and unit.contribution.likely <= 0:
        return Verdict("not as priced", stage, None, likely, loses=-unit.contribution.likely)
    needed, target = (orders_needed(mix.cost, unit), None) if sales else _asked(book, mix)
    if needed is None or forecast is None:
        unknown: dict[Missing, bool] = {
            "basket": sales and "basket" in unit.missing,
            "goods": sales and "goods" in unit.missing,
            "target": not sales and needed is None,
            "forecast": forecast is None,
        }
        missing = tuple(key for key, is_unknown in unknown.items() if is_unknown)
        return Verdict("not yet", stage, needed, likely, missing, target)
    # a sure forecast stands on its need but for the last bits of a product: they decide nothing
    low, lower, middle, high = np.quantile(forecast.draws, [0.05, LOWER, 0.5, 0.95]).round(6).tolist()
    word = word_for(Odds(needed, low, lower, middle, high, forecast.assumed_share))
    return Verdict(word, stage, needed, likely, target=target)


def fees_that_turn(book: Book, mix: Mix) -> Range | None:
    """Fees in all at which the plan would pay back just so: what its orders leave, less all its other costs.

    At the low end, the median and the high end of the forecast; below 0 not even gifts alone would pay back. `None`
    where nobody gets a fee, or what orders leave cannot be forecast.
    """
    inputs, fees = chain(book, mix.people), fees_of(mix)
    if fees <= 0 or "contribution" not in stages(inputs):
        return None
    with_rates = float(with_rates_on_fee(book, pd.Series([fees])).iloc[0])
    low, likely, high = (
        (left - (mix.cost - with_rates)) * fees / with_rates
        for left in drawn_outcome(inputs, "contribution").range()
    )
    return Range(low=low, likely=likely, high=high, source="forecast and economics")


def fees_of(mix: Mix) -> float:
    """All fees of a plan, what the client's floor adds to them and every package counted."""
    people = mix.people
    fee = people.fee.fillna(0) + (people.raised if "raised" in people else 0)
    return float((fee * (people.packages if "packages" in people else 1)).sum())


def targets_set(book: Book) -> list[tuple[Need, float]]:
    """The client's targets that a forecast of the campaign's goal can be held against, with their values."""
    stated = book.campaign.targets
    values = {
        target: stated[target.key].value for target in TARGETS[book.campaign.goal] if target.key in stated
    }
    return [(target, value) for target, value in values.items() if value is not None and value > 0]


def _asked(book: Book, mix: Mix) -> tuple[Range | None, Need | None]:
    """What the client's targets ask for of the goal's figure, and the one that asks for most."""
    made = float(pieces(book, mix.people).sum())
    asked = [(target.need(value, mix.cost, made), target) for target, value in targets_set(book)]
    if not asked:
        return None, None
    need, most = max(asked, key=lambda pair: pair[0])
    return exactly(need, "campaign file: targets"), most
