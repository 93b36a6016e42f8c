"""What a what-if can try: an assumption with what is reckoned with now, where that comes from, and why it may change nothing.

What files tell goes before what a client states, so trying another value needs a person's word: it counts then
(`Book.trying`), and only there. A control that changes nothing says why: `asleep` beforehand, `unmoved` afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Literal

from creatorbook.book import Book
from creatorbook.client import Range
from creatorbook.client.campaign_file import Commitment
from creatorbook.finance.claims import KINDS, double_claims, joined_kinds
from creatorbook.finance.costs import planned_shared_costs
from creatorbook.finance.economics import UnitEconomics, unit_economics
from creatorbook.finance.ladder import money_ladder
from creatorbook.finance.margin import margin_rule
from creatorbook.findings import Money, Quantity, Share, Text, joined, say, say_many
from creatorbook.planning.candidates import candidates, half_have
from creatorbook.planning.offers import offers
from creatorbook.roi.headline import has_results

Kind = Literal["share", "money", "percent", "rule"]

#: where a value that a person tries comes from
SOURCE = "what-if"


@dataclass(frozen=True)
class Trial:
    """One assumption that a what-if tries: a control of its form.

    Attributes:
        name: of the assumption.
        label: how a reader calls it.
        kind: of its values: a share, money, percent as a whole number, or a rule out of `rules`.
        value: what is reckoned with now, on the control's own grid; in the middle where nothing is.
        low, high, step: the values it takes.
        rules: rule → words.
        help: what it is, and where the present value comes from.
        asleep: why another value does not count unless somebody says so: files tell it, or nobody does.
        idle: why no value changes this answer.
        unmoved: why a value changed nothing.
        changes: the changes of a book that a value stands for, by the names that `Book.trying` takes.
    """

    name: str
    label: Text
    kind: Kind
    value: Any
    changes: Callable[[Any], dict[str, Any]]
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    rules: Mapping[str, Text] = field(default_factory=dict)
    help: Text = ""
    asleep: Text = ""
    idle: Text = ""
    unmoved: Callable[[Any], Text] = field(default=lambda _: "")

    def written(self, value: Any) -> Text:
        """A value as a reader sees it."""
        if self.kind == "rule":
            return self.rules[value]
        if self.kind == "share":
            return Share(value)
        return Money(value) if self.kind == "money" else Quantity(value, "number", 0)


def trials(book: Book, step: str, names: tuple[str, ...]) -> list[Trial]:
    """The assumptions of a what-if, as they stand.

    Args:
        book: the campaign.
        step: name of the step that answers, such as `break_even`.
        names: of `MAKERS`.

    Raises:
        KeyError: no assumption has that name.
    """
    return [MAKERS[name](book, step) for name in names]


def _margin(book: Book, step: str) -> Trial:
    rule = margin_rule(book)
    value = rule.value
    asleep: Text = ""
    if value is None:
        asleep = say("Not known: nobody states a margin, and no product costs tell it.")
    elif rule.by_line:
        asleep = say(
            "Counted from files: {margin} ({source}).", source=value.source, margin=Share(value.likely)
        )
    help_text = say(
        "Gross margin on the price before the code, excl. VAT: 1 − cost of goods ÷ price. {source}",
        source=_from(value),
    )
    return _share(
        "margin", say("Gross margin"), None if value is None else value.likely,
        (0.05, 0.95), means=help_text, asleep=asleep, idle=_nothing_to_answer(book, step) or _no_money(book, step),
    )  # fmt: skip


def _return_rate(book: Book, step: str) -> Trial:
    if step in RESULTS:
        return _return_rate_of_results(book, step)
    unit = unit_economics(book)
    value = unit.return_rate
    asleep: Text = ""
    if value is None:
        asleep = say("Not known: nobody states it, and too few orders have settled.")
    elif "orders" in value.source:
        asleep = say("Read from files: {share} ({source}).", source=value.source, share=Share(value.likely))
    help_text = say("Share of the value sold that buyers send back. {source}", source=_from(value))
    idle = _nothing_to_answer(book, step) or _without_basket(unit)
    return _share(
        "return_rate", say("Share that comes back"), None if value is None else value.likely,
        (0.0, 0.9), means=help_text, asleep=asleep, idle=idle,
    )  # fmt: skip


def _return_rate_of_results(book: Book, step: str) -> Trial:
    """Of the credited orders: no less than what has come back of them."""
    full = money_ladder(book)
    net = full.money("traced", "discounts", "tax", "cancelled")
    came = -full.money("returned") / net if net > 0 else 0.0
    likely = came - full.money("returns_expected") / net if net > 0 and full.returns_known else None
    asleep = say("Not known: {source}.", source=full.expected.source)
    if likely is not None:
        asleep = say(
            "{came} has come back so far, {likely} is expected in the end ({source}).",
            came=Share(came),
            likely=Share(likely),
            source=full.expected.source,
        )
    help_text = say(
        "Share of the credited orders' value that comes back in the end; {came} has come back already, and less cannot be.",
        came=Share(came),
    )
    least = min(0.95, math.ceil(came * 100) / 100)
    return _share(
        "return_rate", say("Share that comes back"), likely, (least, max(0.9, least)),
        means=help_text, asleep=asleep, idle=_nothing_to_answer(book, step),
    )  # fmt: skip


def _basket(book: Book, step: str) -> Trial:
    value = unit_economics(book).basket
    asleep: Text = ""
    if value is None:
        asleep = say("Not known: there are too few orders, and client.yml states none.")
    elif "orders" in value.source:
        asleep = say("Read from files: {basket} ({source}).", source=value.source, basket=Money(value.likely))
    help_text = say(
        "Goods in one order as the shop shows them, before the code. {source}", source=_from(value)
    )
    changes = _range("average_order_value")
    return _money(
        "average_order_value", say("Basket"), 80.0 if value is None else value.likely, changes,
        means=help_text, asleep=asleep, idle=_nothing_to_answer(book, step), least=0.4,
    )  # fmt: skip


def _budget(book: Book, step: str) -> Trial:
    def unmoved(value: float) -> Text:
        priced = offers(book)
        everybody = float(priced.costs[priced.number == 1].sum()) + planned_shared_costs(book)
        if value < everybody:
            return say("No other creators fit this budget.")
        return say(
            "Everybody on the list with a price comes to {cost}, campaign costs included: more money buys nobody else.",
            cost=Money(everybody),
        )

    idle = _nothing_to_answer(book, step)
    if not idle and len(candidates(book)) and offers(book).people.empty:
        idle = say("Nobody on the list has a price, so no budget can be spent.")
    return _money(
        "budget", say("Budget"), book.campaign.budget, lambda value: {"budget": float(value)},
        means=say("All costs of the campaign, excl. VAT. From the campaign file."),
        idle=idle, unmoved=unmoved, least=0.2,
    )  # fmt: skip


def _further_costs(book: Book, step: str) -> Trial:
    """Costs beside those on file."""

    def changes(value: float) -> dict[str, Any]:
        more = Commitment(what="tried in a what-if", amount=float(value), kind="tried in a what-if")
        return {"costs": [*book.campaign.costs, more]}

    top = book.campaign.budget
    return Trial(
        "further_costs", say("Costs that are not on file yet"), "money", 0.0, changes, 0.0, top, _nice(top / 40),
        help=say("An invoice to come, hours nobody wrote down: taken off with the other campaign costs."),
        idle=_nothing_to_answer(book, step),
    )  # fmt: skip


def _percent(book: Book, step: str) -> Trial:
    present = book.campaign.codes.percent
    issued = int(book.issued["code"].notna().sum()) if "code" in book.issued else 0
    kept = say_many(
        "{n} code is given out already, and a code that was given stays as it is.",
        "{n} codes are given out already, and a code that was given stays as it is.",
        n=issued,
    )
    return Trial(
        "percent", say("Discount of a code"), "percent", present, lambda value: {"percent": float(value)},
        0.0, max(40.0, present), 1.0 if float(present).is_integer() else 0.5,
        help=say("What a code takes off the price. From the campaign file."), unmoved=lambda _: kept,
        idle=_nothing_to_answer(book, step),
    )  # fmt: skip


def _precedence(book: Book, step: str) -> Trial:
    stated, carried = list(book.campaign.precedence), joined_kinds(book)
    rest = [kind for kind in stated if kind not in carried]
    rules: dict[str, Text] = {}
    for order in permutations([kind for kind in stated if kind in carried]):
        rules[",".join([*order, *rest])] = joined((KINDS[kind] for kind in order), by=" → ")
    present = next(iter(rules))
    idle = _nothing_to_answer(book, step)
    if not idle and double_claims(book).empty:
        idle = say(
            "No order names two creators: whichever trace goes first, each order is credited to the same one."
        )
    return Trial(
        "precedence", say("Which trace goes first"), "rule", present,
        lambda value: {"precedence": value.split(",")}, rules=rules,
        help=say("Where an order names two creators, the first kind of trace has it."), idle=idle,
    )  # fmt: skip


#: name of an assumption → what makes it for a campaign and the step that answers
MAKERS: dict[str, Callable[[Book, str], Trial]] = {
    "margin": _margin,
    "return_rate": _return_rate,
    "average_order_value": _basket,
    "budget": _budget,
    "further_costs": _further_costs,
    "percent": _percent,
    "precedence": _precedence,
}
#: steps that answer from results
RESULTS = {"ladder", "ladder_by"}


def _nothing_to_answer(book: Book, step: str) -> Text:
    """Why this step has no answer here that anything could change."""
    if step in RESULTS and not has_results(money_ladder(book)):
        return say("No order names a creator yet, so there is no result that this could change.")
    if step == "mixes" and book.stage != "plan":
        return say("How to spend the budget was decided before launch.")
    if step == "mixes" and candidates(book).empty:
        return say("There is no creators list yet, so nobody can be chosen.")
    return ""


def _no_money(book: Book, step: str) -> Text:
    """Why a margin does not matter to the ways to spend the budget."""
    if step != "mixes":
        return ""
    if book.campaign.goal != "sales":
        return say(
            "The goal is {goal}: the ways are chosen and compared by what they bring of it, which no margin changes.",
            goal=book.campaign.goal,
        )
    if not half_have(candidates(book), "views"):
        return say(
            "Typical views of half of the list settle it: until then no margin makes a forecast of sales."
        )
    return _without_basket(unit_economics(book))


def _without_basket(unit: UnitEconomics) -> Text:
    if unit.basket is None:
        return say("The basket is not known, so what an order leaves cannot be reckoned at any value.")
    return ""


def _from(value: Range | None) -> Text:
    return say("Nobody states it.") if value is None else say("From {source}.", source=value.source)


def _range(name: str) -> Callable[[Any], dict[str, Any]]:
    """What trying one number means for an assumption that is a range."""
    return lambda value: {name: Range(low=value, likely=value, high=value, source=SOURCE)}


def _share(
    name: str,
    label: Text,
    value: float | None,
    ends: tuple[float, float],
    *,
    means: Text,
    asleep: Text,
    idle: Text,
) -> Trial:
    """A share in whole percent, around what holds now."""
    low, high = ends
    present = round((low + high) / 2 if value is None else value, 2)
    low, high = min(low, present), max(high, present)
    return Trial(
        name, label, "share", present, _range(name), low, high, 0.01, help=means, asleep=asleep, idle=idle
    )


def _money(
    name: str,
    label: Text,
    value: float,
    changes: Callable[[Any], dict[str, Any]],
    *,
    means: Text,
    least: float,
    asleep: Text = "",
    idle: Text = "",
    unmoved: Callable[[Any], Text] = lambda _: "",
) -> Trial:
    """An amount from a part of what holds now to twice as much, in round steps from there."""
    present = round(value, 2)
    step = _nice(present / 40)
    low = present - math.floor(present * (1 - least) / step) * step
    high = present + math.floor(present / step) * step
    return Trial(
        name, label, "money", present, changes, round(low, 2), round(high, 2), step,
        help=means, asleep=asleep, idle=idle, unmoved=unmoved,
    )  # fmt: skip


def _nice(amount: float) -> float:
    """A round step of about an amount: 1, 2 or 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(amount))
    return float(next(times * power for times in (5, 2, 1) if times * power <= amount * 1.0001))
