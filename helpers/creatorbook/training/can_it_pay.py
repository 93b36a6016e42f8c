"""Lesson 2: what one order leaves, how many it takes, the highest fee, and which quotes to accept before any result is known.

Marked by the product's own unit economics (`finance.economics`); quotes are held against the simulator's true orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from creatorbook.finance.economics import (
    UnitEconomics,
    break_even_returns,
    highest_fee,
    orders_needed,
    unit_economics,
)
from creatorbook.findings import Column, Count, Money, Share, Table, Text, say
from creatorbook.simulate.repeats import repeated_results
from creatorbook.training.answers import NONE, Ask
from creatorbook.training.judging import all_of, in_range, letters_in, near_to, only_if, side_of
from creatorbook.training.lesson import Judgement, Parts, Question, Values
from creatorbook.training.score import as_habits, beside
from creatorbook.training.worlds import lesson_settings, made_up_client

LETTERS = "ABCDEFGH"
#: how near a sum has to come, as a part of it
NEAR = 0.02
#: quotes so near to break-even, as a part of the quote, are right either way
EITHER_WAY = 0.1
TOO_WIDE = 4.0

HABIT_WORDS: dict[str, Text] = {
    "all": say("everybody"),
    "cheapest": say("the four cheapest"),
    "largest": say("the four largest"),
    "orders": say("the four with most orders"),
}


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        unit: what an order leaves, as the workbook works it out.
        people: one row per creator, index letters: creator, followers, orders (expected, to the nearest whole one), cost (quote
            and gift), worth (true profit).
        came: orders that chance made of each.
    """

    unit: UnitEconomics
    people: pd.DataFrame
    came: pd.Series

    def likely(self, name: str) -> float:
        """An input of the economics."""
        return float(self.unit.inputs[name].likely)

    @property
    def left(self) -> float:
        """What one order leaves."""
        assert self.unit.contribution is not None  # noqa: S101 - every exercise states a margin
        return float(self.unit.contribution.likely)

    @property
    def accepted(self) -> list[str]:
        """Quotes that orders pay back."""
        return list(self.people.index[self.people.worth > 0])

    @property
    def either_way(self) -> set[str]:
        """Quotes so near to break-even that nobody is wrong about them."""
        return set(self.people.index[self.people.worth.abs() <= EITHER_WAY * self.people.cost])

    def worth(self, letters: list[str]) -> float:
        """The true profit of accepting these quotes."""
        return float(self.people.worth[letters].sum())

    @property
    def habits(self) -> dict[str, list[str]]:
        """What people do in place of working it out."""
        people, half = self.people, len(self.people) // 2
        by = {
            "cheapest": people.cost.sort_values(kind="stable"),
            "largest": people.followers.sort_values(ascending=False, kind="stable"),
            "orders": people.orders.sort_values(ascending=False, kind="stable"),
        }
        return {"all": list(people.index), **{name: list(values.index[:half]) for name, values in by.items()}}


def exercise(seed: int, language: str = "en") -> Exercise:
    """The exercise of a seed: prices, margin, returns and quotes differ from seed to seed."""
    random = np.random.default_rng([2, seed])
    basket, margin = float(random.integers(12, 30)) * 5, float(random.integers(48, 68)) / 100
    back, ships = float(random.integers(3, 10)) * 0.05, float(random.integers(5, 12)) / 2
    settings = lesson_settings(
        seed, language, creators=len(LETTERS), tiers={"nano": 0.25, "micro": 0.5, "macro": 0.25}, pay={"fee": 1.0},
        orders_per_day=0.1, orders_per_creator=float(random.integers(14, 24)), order_spread=0.7, fee_level=0.6,
        discount_percent=float(random.choice([10, 15, 20])), days_before=1, days_after=1, campaign_days=1,
        start=date(2026, 3, 9), files={"creators": "creators.csv"},
        client_text=(
            f"economics:\n  average_order_value: {basket}\n  margin: {margin}\n  return_rate: {back:.2f}\n"
            f"  shipping_cost: {ships}\n  payment_fee_rate: 0.02\n"
        ),
    )  # fmt: skip
    _, book = made_up_client(settings, "plan")
    unit, drawn = unit_economics(book), repeated_results(settings)
    left = unit.contribution.likely if unit.contribution else 0.0
    people = pd.DataFrame(
        {
            "creator": drawn.creator,
            "followers": drawn.followers,
            "orders": drawn.spring_expected.round().clip(lower=1),
            "cost": drawn.fee + drawn.gift_cost.round(),
        }
    ).set_axis(list(LETTERS))
    # quotes stand around what orders are worth, some above and some below, whatever size asks for
    quote = people.orders * left * np.exp(random.permutation(np.linspace(-0.9, 0.9, len(people))))
    people["cost"] = ((0.25 * people.cost + 0.75 * quote) / 5).round() * 5
    people["worth"] = people.orders * left - people.cost
    return Exercise(unit, people, pd.Series(random.poisson(people.orders), index=people.index))


def parts(seed: int, language: str = "en") -> Parts:
    """The lesson's evidence and questions for a seed."""
    here = exercise(seed, language)
    return Parts(
        {"economics": lambda: (_economics(here),), "quotes": lambda: (_quotes(here),)},
        (_left(here), _orders(here), _fee(here), _accept(here), _returns(here), _range(here)),
    )


def _economics(here: Exercise) -> Table:
    rows: list[tuple[Text, Text]] = [
        (say("Basket as the shop shows it, VAT included"), Money(here.likely("basket"), 2)),
        (say("Discount with a creator's code"), Share(here.likely("discount"))),
        (say("VAT inside of prices"), Share(here.likely("vat"))),
        (say("Cost of goods, of the price before the code and excl. VAT"), Share(1 - here.likely("margin"))),
        (say("Comes back, of the value; can all be sold again"), Share(here.likely("return_rate"))),
        (say("Sending a parcel, whether it comes back or not"), Money(here.likely("shipping_cost"), 2)),
        (say("Payment fee, of what the buyer pays"), Share(here.likely("payment_fee_rate"))),
    ]
    frame = pd.DataFrame(rows, columns=["what", "value"])
    return Table(
        "training.economics",
        say("What the client says of an order"),
        frame,
        {"what": Column(""), "value": Column(say("Stated"))},
    )


def _quotes(here: Exercise) -> Table:
    frame = here.people.reset_index(names="letter")
    columns = {
        "letter": Column(""),
        "creator": Column(say("Creator")),
        "followers": Column(say("Followers"), "number"),
        "orders": Column(say("Orders to expect"), "number"),
        "cost": Column(say("Ask, with the gift"), "money"),
    }
    return Table("training.quotes", say("Eight quotes"), frame, columns)


def _left(here: Exercise) -> Question:
    basket, off, vat, back = (here.likely(name) for name in ("basket", "discount", "vat", "return_rate"))
    margin, ships, fee = (here.likely(name) for name in ("margin", "shipping_cost", "payment_fee_rate"))
    left, paid = here.left, basket * (1 - off)
    net, goods = paid / (1 + vat), basket / (1 + vat) * (1 - margin)
    sent = ships + fee * paid
    mistakes = [
        (basket * margin, say("That is the margin on the basket: the discount, VAT, returns and the parcel are still in it.")),
        ((paid - basket * (1 - margin)) * (1 - back) - sent, say("VAT is still in it. It was never the brand's: divide by {factor} first.", factor=Count(1 + vat, 2))),
        (net - goods - sent, say("What comes back is still in it: {share} of the value does.", share=Share(back))),
        ((basket / (1 + vat) - goods) * (1 - back) - sent, say("The code's discount is still in it. Every order that counts was made with the code.")),
        ((net - goods) * (1 - back), say("The parcel and the payment fee are not off yet.")),
        ((net - goods) * (1 - back) - ships, say("The payment fee is not off yet.")),
        (net * (1 - back) - goods - sent, say("Goods that come back can be sold again: their cost comes back, too.")),
        (net * margin * (1 - back) - sent, say("Goods cost what they cost, code or no code: take their cost from the price before the code.")),
    ]  # fmt: skip

    way = say(
        "Price paid, less VAT, less goods; of that what does not come back; less parcel and payment fee."
    )
    return Question(
        "left",
        say("What does one order leave?"),
        (Ask("left", say("Left by one order before anything is paid to creators"), "money"),),
        {"left": round(left, 2)},
        say(
            "{net} without VAT, less {goods} for goods; {stays} of that stays; less {sent} for parcel and payment.",
            net=Money(net, 2), goods=Money(goods, 2), stays=Share(1 - back), sent=Money(sent, 2),
        ),
        near_to("left", left, NEAR * basket / 2, mistakes, side_of(left, way)),
        (
            say("What is paid is {paid}. Without VAT it is {net}.", paid=Money(paid, 2), net=Money(net, 2)),
            say("Goods cost {goods}. Of the difference {stays} stays. Then parcel and payment fee.", goods=Money(goods, 2), stays=Share(1 - back)),
        ),
        say("{share} of what the basket showed. Everything in this lesson, and in a plan, rests on this one figure.", share=Share(left / basket)),
    )  # fmt: skip


def _named(here: Exercise) -> str:
    """The creator whose quote is worked through: the dearest of those that do not pay, or the dearest."""
    losing = here.people[here.people.worth < 0]
    return str((losing if len(losing) else here.people).cost.idxmax())


def _orders(here: Exercise) -> Question:
    letter = _named(here)
    cost, basket = float(here.people.cost[letter]), here.likely("basket")
    need = orders_needed(cost, here.unit)
    wanted = int(need.likely) if need else 0

    mistakes = [
        (wanted - 1, say("At that many there is still something missing. Orders are whole: round up.")),
        (cost / here.left, say("At that many there is still something missing. Orders are whole: round up.")),
        (cost / basket, say("That pays the fee with revenue. Only what an order leaves can pay it.")),
        (cost / (basket * here.likely("margin")), say("That pays it with the margin on the basket. Discount, VAT, returns and parcels are in it.")),
    ]  # fmt: skip
    way = say("What is asked, over what one order leaves, rounded up.")
    return Question(
        "orders",
        say("How many orders would pay for {letter}?", letter=letter),
        (Ask("needed", say("Orders that pay back {cost}", cost=Money(cost)), "number", unit=say("orders")),),
        {"needed": wanted},
        say("{cost} ÷ {left}, rounded up. {letter} can be expected to bring {orders}.", cost=Money(cost), left=Money(here.left, 2), letter=letter, orders=Count(float(here.people.orders[letter]))),
        near_to("needed", wanted, 0, mistakes, way, near_mistake=1),
        (say("Break-even: what orders leave together equals what is asked."), say("Divide what is asked by what one order leaves. Half an order pays nothing.")),
        say("Say this number to the creator's agent, and the talk is about orders, not about followers."),
    )  # fmt: skip


def _fee(here: Exercise) -> Question:
    letter = _named(here)
    orders, basket = float(here.people.orders[letter]), here.likely("basket")
    most = highest_fee(orders, here.unit)
    value = float(most.likely) if most else 0.0

    asked = float(here.people.cost[letter])
    mistakes = [
        (orders * basket, say("That is all the revenue: the brand would pay for goods, parcels and VAT out of its own pocket.")),
        (orders * basket * here.likely("margin"), say("That is the margin on the basket. Discount, VAT, returns and parcels come off first.")),
        (asked, say("That is what is asked. What is asked is no measure of what it is worth.")),
    ]  # fmt: skip
    near = NEAR * max(value, here.left)
    return Question(
        "fee",
        say("What is {letter} worth at the most?", letter=letter),
        (Ask("fee", say("The most that may be paid for {orders} orders, gift included", orders=Count(orders)), "money"),),
        {"fee": round(value, 2)},
        say("Orders to expect, {orders}, times {left} that each of them leaves. {asked} is asked.", orders=Count(orders), left=Money(here.left, 2), asked=Money(asked)),
        near_to("fee", value, near, mistakes, side_of(value, say("Orders to expect × what one order leaves."))),
        (say("At the highest fee nothing is lost and nothing is earned."), say("Orders to expect × {left}.", left=Money(here.left, 2))),
        say("A higher fee needs more orders, not more hope. Offer less, or a part as commission: then the risk is shared."),
    )  # fmt: skip


def _accept(here: Exercise) -> Question:
    best, either = here.worth(here.accepted), here.either_way
    habits = {name: here.worth(letters) for name, letters in here.habits.items()}

    def unwanted(letter: str) -> Text:
        row = here.people.loc[letter]
        return say(
            "{letter} asks {cost} and brings {orders} orders, which leave {left}: accepting loses {loss}.",
            letter=letter, cost=Money(row.cost), orders=Count(row.orders), left=Money(row.orders * here.left), loss=Money(-row.worth),
        )  # fmt: skip

    def missing(letter: str) -> Text:
        row = here.people.loc[letter]
        return say(
            "{letter} asks {cost}; {orders} orders leave {left}. You would leave {gain} lying.",
            letter=letter, cost=Money(row.cost), orders=Count(row.orders), left=Money(row.orders * here.left), gain=Money(row.worth),
        )  # fmt: skip

    def worth(values: Values) -> float:
        return here.worth(sorted(letters_in(values, "accept")))

    options: dict[str, Text] = {
        letter: say(
            "{letter} · {orders} orders for {cost}",
            letter=letter,
            orders=Count(row.orders),
            cost=Money(row.cost),
        )
        for letter, row in here.people.iterrows()
    }
    return Question(
        "accept",
        say("Which quotes do you accept?"),
        (Ask("accept", say("Quotes to accept as they are"), "choices", {**options, NONE: say("none of them")}),),
        {"accept": here.accepted or [NONE]},
        say("Each of them costs less than {left} an order. Together they leave {best}.", left=Money(here.left, 2), best=Money(best)),
        beside(worth, best, as_habits(habits, HABIT_WORDS), all_of("accept", here.accepted, unwanted, missing, either)),
        (
            say("Cheap is not the same as worth it: a small fee for no orders is lost, a large one for many may pay."),
            say("Divide each quote by its orders, and compare with {left}.", left=Money(here.left, 2)),
        ),
        say("One quote after the other, each against its own orders. The rest are not refused: they get a counter-offer."),
    )  # fmt: skip


def _returns(here: Exercise) -> Question:
    """How much may come back before the best quote no longer pays."""
    letter = str(here.people.worth.idxmax())
    row = here.people.loc[letter]
    share = break_even_returns(float(row.cost), float(row.orders), here.unit) or 0.0
    now = here.likely("return_rate")

    mistakes = [
        (now, say("That is what comes back today. At that, {letter} still leaves {worth}.", letter=letter, worth=Money(row.worth))),
        (1 - share, say("That is what must stay. How much may come back?")),
    ]  # fmt: skip
    way = say(
        "Set what {orders} orders leave equal to {cost}.", orders=Count(row.orders), cost=Money(row.cost)
    )

    def otherwise(given: float) -> Text:
        if given < now:
            return say("At less than today's returns more is left, not less.")
        return side_of(share, way)(given)

    return Question(
        "returns",
        say("How much may come back before the best quote stops paying?"),
        (Ask("back", say("Highest share of returns at which {letter} still pays", letter=letter), "share", help=say("In per cent.")),),
        {"back": round(share, 3)},
        say("At {share} returned, {orders} orders leave just {cost}. Today {now} comes back.", share=Share(share), orders=Count(row.orders), cost=Money(row.cost), now=Share(now)),
        near_to("back", share, 0.025, mistakes, otherwise),
        (
            say("Only one figure of your first answer changes: the share that stays."),
            say("(What is asked ÷ orders + parcel and payment) ÷ (price without VAT − goods) is the share that must stay."),
        ),
        say("So much room there is. Fashion bought in a hurry comes back more often: ask for the shop's own figure."),
    )  # fmt: skip


def _counted(here: Exercise, accepted: list[str]) -> list[str]:
    """Whose orders a range is about: those accepted, or everybody where nobody is."""
    return [letter for letter in accepted if letter != NONE] or list(here.people.index)


def _range(here: Exercise) -> Question:
    def judge(values: Values) -> Judgement:
        letters = _counted(here, values["accept"])
        came, chance = (
            int(here.came[letters].sum()),
            float(1.645 * np.sqrt(here.people.orders[letters].sum())),
        )
        too_sure = say(
            "{came} came. Chance alone moves such a number by {chance} either way.",
            came=Count(came),
            chance=Count(chance),
        )
        too_wide = say(
            "{came} came, and your range holds it; but nobody can plan stock by so wide a range.",
            came=Count(came),
        )
        return in_range(came, TOO_WIDE * 2 * chance, too_sure, too_wide)(values)  # fmt: skip

    letters = _counted(here, here.accepted)
    expected, came = float(here.people.orders[letters].sum()), int(here.came[letters].sum())
    reach = max(1.645 * np.sqrt(max(expected, 1)), abs(came - expected))
    return Question(
        "range",
        say("How many orders will come?"),
        (
            Ask("low", say("Orders of those you accepted (of all eight, if none), at least"), "number", unit=say("orders")),
            Ask("high", say("at most"), "number", unit=say("orders"), help=say("A range that holds in nine of ten cases.")),
        ),
        {"low": float(np.floor(expected - reach)), "high": float(np.ceil(expected + reach))},
        say("To be expected: {expected}; what came: {came}. Chance alone makes such differences.", expected=Count(expected), came=Count(came)),
        only_if(lambda values: bool(values["accept"]), say("First decide on the quotes."), judge),
        (say("Add up the orders to expect. Chance moves n orders by about 1.6 × √n either way."), say("For {n} orders that is {low} to {high}.", n=Count(100), low=Count(84), high=Count(116))),
        say("A plan with a range can be wrong and still be good. The workbook writes it down and looks again afterwards."),
    )  # fmt: skip
