"""Lesson 12: from sales traced to creators down to profit, rung by rung, before the report shows it.

Marked by the product's own ladder (`finance.ladder`); what still comes back is held against the simulator's truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from creatorbook.finance.claims import claimed_orders
from creatorbook.finance.ladder import Ladder, money_ladder
from creatorbook.finance.rungs import RUNGS
from creatorbook.findings import Column, Count, Day, Money, Note, Share, Table, Text, say
from creatorbook.simulate import Settings
from creatorbook.simulate.world import World
from creatorbook.training.answers import Ask
from creatorbook.training.judging import in_range, near_to, one_of, side_of
from creatorbook.training.lesson import Judgement, Parts, Question, Values, not_yet, right
from creatorbook.training.worlds import lesson_settings, made_up_client

#: How near a sum must come, as a part of it; what is added up by hand is rounded on the way.
NEAR = 0.015
#: a range so many times as wide as the report's says nothing
TOO_WIDE = 3.0

#: What comes off, in the order in which it does; the reason is told to whoever takes it too early.
ORDER: dict[str, Text] = {
    "discounts": say("what the code gave away"),
    "tax": say("VAT"),
    "returned": say("what came back"),
    "goods": say("what the goods cost"),
    "fees": say("creators' fees and gifts"),
}
WHY_LATER: dict[str, Text] = {
    "tax": say("VAT is inside of what was paid, so it is worked out after the code's discount."),
    "returned": say("Returns are told excl. VAT: they come off once VAT is gone."),
    "goods": say(
        "Only goods that stay sold cost the brand anything: first what came back, then what the rest cost."
    ),
    "fees": say("Fees are owed whatever is sold; they come off at the end, from what the orders leave."),
}

SIGNS: dict[str, Text] = {
    "profit": say("a profit, whatever still comes back"),
    "loss": say("a loss, whatever still comes back"),
    "open": say("cannot tell yet"),
}


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        settings: of the made-up client.
        ladder: of its campaign, as the report has it.
        orders: how many orders are traced.
        still_to_come: what truly comes back of them after the last day, excl. VAT.
        margin, vat, discount: shares that the client states.
        costs: what the campaign cost, by what it was, in money.
    """

    settings: Settings
    ladder: Ladder
    orders: int
    still_to_come: float
    margin: float
    vat: float
    discount: float
    costs: pd.Series

    def money(self, *keys: str) -> float:
        """Rungs together, as they are: what comes off is below 0."""
        return self.ladder.money(*keys)

    @property
    def profit(self) -> float:
        """Profit after campaign costs."""
        return float(self.ladder.profit or 0.0)

    @property
    def spent(self) -> float:
        """What the campaign cost."""
        return float(self.ladder.campaign_costs or 0.0)

    @property
    def sign(self) -> str:
        """Whether it is a profit, at either end of what may still come back."""
        return _side(*self.ladder.profit_at_open_returns)

    @property
    def sign_by_thumb(self) -> str:
        """The same with nothing more coming back, and twice as much as is expected: what can be worked out by hand."""
        return _side(self.ladder.profit_at(open_returns=2.0), self.ladder.profit_at(open_returns=0.0))


def _side(low: float, high: float) -> str:
    """One of `SIGNS`, of the two ends of a profit."""
    return "profit" if low > 0 else "loss" if high < 0 else "open"


def exercise(seed: int, language: str = "en") -> Exercise:
    """The exercise of a seed: margin, discount, fees, returns and how early it is differ from seed to seed."""
    random = np.random.default_rng([12, seed])
    margin, hourly = float(random.integers(50, 66)) / 100, 30
    costs = {"shipping": 3.5, "handling": 4.0, "payment": 0.015}
    settings = lesson_settings(
        seed, language, creators=8, orders_per_day=5, orders_per_creator=float(random.integers(12, 20)),
        pay={"fee": 0.7, "gift": 0.3}, return_rate=float(random.integers(20, 46)) / 100, hourly_rate=hourly,
        fee_level=float(random.choice([0.3, 0.5, 0.8, 1.1, 1.5])), discount_percent=float(random.choice([10, 15, 20])),
        days_before=75, days_after=int(random.integers(24, 46)), campaign_days=21, start=date(2026, 3, 9),
        files={"creators": "creators.csv", "shopify_orders": "orders.csv", "refunds": "refunds.csv", "costs": "costs.csv"},
        client_text=(
            f"economics:\n  margin: {margin}\n  margin_on: price_paid\n  shipping_cost: {costs['shipping']}\n"
            f"  handling_per_return: {costs['handling']}\n  payment_fee_rate: {costs['payment']}\n"
        ),
    )  # fmt: skip
    world, book = made_up_client(settings, "results")
    ladder, claimed = money_ladder(book), claimed_orders(book)
    rungs = ladder.rungs
    spent = -rungs.cents[list(ladder.cost_rungs)].dropna() / 100
    return Exercise(
        settings,
        ladder,
        len(claimed),
        _still_to_come(world, set(claimed.order_id)),
        margin,
        settings.tax_rates[settings.market],
        settings.discount_percent / 100,
        spent[spent != 0],
    )


def _still_to_come(world: World, claimed: set[str]) -> float:
    """What truly comes back of these orders after the last day of the exports, excl. VAT."""
    orders = world.shop.orders[world.shop.orders.order_id.isin(claimed)]
    return float(((orders.true_returned - orders.refunded).clip(lower=0) / (1 + orders.tax_rate)).sum())


def parts(seed: int, language: str = "en") -> Parts:
    """The lesson's evidence and questions for a seed."""
    here = exercise(seed, language)
    return Parts(
        {"facts": lambda: (_sales(here), _rates(here)), "costs": lambda: (_costs(here),)},
        (_order(here), _stays(here), _profit(here), _roi(here), _sign(here), _range(here)),
    )


def _sales(here: Exercise) -> Table:
    rows = [
        (
            say("Baskets of {n} orders traced to creators, before the code, incl. VAT", n=Count(here.orders)),
            here.money("traced"),
        ),
        (say("of which cancelled, excl. VAT"), -here.money("cancelled")),
        (say("Came back by {day}, excl. VAT", day=Day(here.settings.last_day)), -here.money("returned")),
        (say("Still expected to come back, excl. VAT"), -here.money("returns_expected")),
    ]
    frame = pd.DataFrame(rows, columns=["what", "amount"])
    columns = {"what": Column(say("What the files tell")), "amount": Column(say("Amount"), "money")}
    return Table("training.sales", say("Sales"), frame, columns)


def _rates(here: Exercise) -> Note:
    return Note(
        say(
            "Every one of these orders used a code or a link; codes gave {discount}, {given} in all. Prices include {vat} VAT. Goods cost {goods} of what they are sold for, excl. VAT.",
            discount=Share(here.discount), given=Money(-here.money("discounts")), vat=Share(here.vat), goods=Share(1 - here.margin),
        )
    )  # fmt: skip


def _costs(here: Exercise) -> Table:
    label = {rung.key: rung.short for rung in RUNGS}
    of_orders = [key for key in ("shipping", "handling", "payment") if here.money(key)]
    rows = [(label[key], -here.money(key)) for key in of_orders]
    rows += [(label[key], amount) for key, amount in here.costs.items()]
    frame = pd.DataFrame(rows, columns=["what", "amount"])
    columns = {"what": Column(say("Cost")), "amount": Column(say("Amount"), "money")}
    note = say("The first {n} hang on orders; the others are campaign costs.", n=len(of_orders))
    return Table("training.costs", say("Costs"), frame, columns, note=note)


def _order(here: Exercise) -> Question:
    wanted = list(ORDER)

    def judge(values: Values) -> Judgement:
        given = values["order"]
        if len(given) < len(wanted):
            return not_yet(say("All five come off. Put each of them in its place."))
        for earlier, later in pairwise(given):
            if wanted.index(earlier) > wanted.index(later):
                return not_yet(WHY_LATER[earlier])
        return right()

    return Question(
        "order",
        say("What comes off first, and what last?"),
        (Ask("order", say("In which order does it come off?"), "order", dict(sorted(ORDER.items())), help=say("Tick them in their order; what is ticked first stands first.")),),
        {"order": wanted},
        say("From what the buyer was charged to what the brand keeps: each step is taken from what the step before left."),
        judge,
        (say("Begin with what never reached the till."), say("What the buyer did not pay, what is the state's, what came back; then what the rest cost.")),
        say("The order is fixed, so that two campaigns can be laid side by side."),
    )  # fmt: skip


def _stays(here: Exercise) -> Question:
    stays = here.ladder.sales_that_stay
    traced, given_away = here.money("traced"), here.money("discounts")
    back, coming = here.money("cancelled", "returned"), here.money("returns_expected")
    paid = traced + given_away
    mistakes = [
        (traced, say("That is what baskets show. Nothing has come off yet.")),
        (paid + here.money("tax"), say("What came back is still in it. A sale that came back is none.")),
        (paid + back + coming, say("VAT is still in it. It was never the brand's.")),
        (paid * (1 - here.vat) + back + coming, say("VAT is {vat} on top of the price without it. Of a price that includes it, divide by {factor}; do not take {vat} off.", vat=Share(here.vat), factor=Count(1 + here.vat, 2))),
        (traced / (1 + here.vat) + back + coming, say("What the code gave away is still in it.")),
        (paid + here.money("tax") + back, say("What came back so far is off; what is still expected is not. Too early a count flatters.")),
    ]  # fmt: skip

    way = say("Baskets, less the code, less VAT, less cancelled, less what came back and will come back.")
    return Question(
        "stays",
        say("What stays of the sales?"),
        (Ask("stays", say("Sales that stay, excl. VAT"), "money"),),
        {"stays": round(stays, 2)},
        say(
            "{traced} less {given} given away, {tax} VAT, {cancelled} cancelled, {returned} returned and {coming} still expected.",
            traced=Money(traced), given=Money(-given_away), tax=Money(-here.money("tax")), cancelled=Money(-here.money("cancelled")),
            returned=Money(-here.money("returned")), coming=Money(-coming),
        ),
        near_to("stays", stays, max(NEAR * stays, 1.0), mistakes, side_of(stays, way)),
        (
            say("First what buyers truly paid: baskets less what the code gave away."),
            say("VAT is in it: divide by {factor}. Then take off what is told excl. VAT.", factor=Count(1 + here.vat, 2)),
        ),
        say("{share} of what the baskets showed. Most dashboards stop before this.", share=Share(stays / traced)),
    )  # fmt: skip


def _profit(here: Exercise) -> Question:
    profit, stays, spent = here.profit, here.ladder.sales_that_stay, here.spent
    of_orders = here.money("shipping", "handling", "payment")
    fees = float(here.costs.get("fees", 0.0))
    mistakes = [
        (stays - spent, say("Goods are no gift: what they cost is still in it.")),
        (stays + of_orders - spent, say("Goods are no gift: what they cost is still in it.")),
        (profit - of_orders, say("Sending, taking back and being paid cost money, too: shipping, handling and payment fees are missing.")),
        (profit + spent, say("That is what the orders leave. What the campaign cost is not off yet.")),
        (profit + spent - fees, say("Fees are off, the other campaign costs are not: gifts, rights, agency and own hours are costs.")),
        (here.money("traced") - spent, say("Revenue less costs is no profit: VAT, returns and goods are in it.")),
    ]  # fmt: skip

    way = say("Sales that stay, less goods, less what orders cost, less everything the campaign cost.")
    return Question(
        "profit",
        say("What is left after the campaign's costs?"),
        (Ask("profit", say("Profit after campaign costs; below 0 if it is a loss"), "money"),),
        {"profit": round(profit, 2)},
        say(
            "{stays} stay; goods cost {goods}, orders {orders}; that leaves {margin}. The campaign cost {spent}.",
            stays=Money(stays), goods=Money(-here.money("goods")), orders=Money(-of_orders), margin=Money(profit + spent), spent=Money(spent),
        ),
        near_to("profit", profit, max(NEAR * stays, 1.0), mistakes, side_of(profit, way)),
        (
            say("Goods: {goods} of what stays.", goods=Share(1 - here.margin)),
            say("Then every line of the table of costs. Own hours count, too."),
        ),
        say("Everything is off. Only this is profit."),
    )  # fmt: skip


def _roi(here: Exercise) -> Question:
    roi, roas = float(here.ladder.roi or 0.0), float(here.ladder.roas or 0.0)
    fees = float(here.costs.get("fees", 0.0)) or here.spent
    mistakes = [
        (roas, say("That is return on ad spend (ROAS): sales over costs. It can stand at two and the campaign still lose money.")),
        (roas - 1, say("That is ROAS less one. Sales are no profit: goods, shipping and returns are in it.")),
        (1 + roi, say("That counts the costs themselves as if they came back. Return on investment is profit over costs.")),
        (here.profit / here.ladder.sales_that_stay, say("That is profit over sales. Return on investment is profit over what the campaign cost.")),
        (here.profit / fees, say("Fees are not all that was spent: gifts, rights, agency and hours belong below the line, too.")),
    ]  # fmt: skip

    way = say("Profit after campaign costs, over campaign costs. Both stand above.")
    return Question(
        "roi",
        say("What is the return on investment?"),
        (Ask("roi", say("Return on investment (ROI); below 0 if it is a loss"), "share", help=say("In per cent, such as {example}.", example=Share(0.35))),),
        {"roi": round(roi, 3)},
        say(
            "{profit} over {spent}. Return on ad spend (ROAS) is {roas} at the same time: it counts sales, not what is left of them.",
            profit=Money(here.profit), spent=Money(here.spent), roas=Count(roas, 2),
        ),
        near_to("roi", roi, 0.02, mistakes, way),
        (say("Two figures are enough: one from the last question, and the sum of what the campaign cost."), say("Profit ÷ campaign costs.")),
        say("And say it as it is, also where it stands below 0."),
    )  # fmt: skip


def _sign(here: Exercise) -> Question:
    sign = here.sign
    low, high = here.ladder.profit_at_open_returns

    def reason(given: str) -> Text:
        if sign == "open":
            return say(
                "What still comes back can turn it. “Cannot tell yet” is an answer, and here it is the right one."
            )
        if given == "open":
            return say(
                "That is too careful. Even at the worst and the best end of what may still come back, it stays on one side."
            )
        return say("Look at the sign of what you worked out.")

    return Question(
        "sign",
        say("May it be told already?"),
        (Ask("sign", say("What can be told today?"), "choice", SIGNS),),
        {"sign": sign},
        say("If returns end as low or as high as is likely, profit ends between {low} and {high}.", low=Money(low), high=Money(high)),
        one_of("sign", {sign, here.sign_by_thumb}, reason),
        (
            say("How much is still to come back, beside the profit?"),
            say("Work out the profit once without any further return, and once with about twice as many as are expected."),
        ),
        say("A client who hears it today will not have to hear something else in four weeks."),
    )  # fmt: skip


def _range(here: Exercise) -> Question:
    low, high = here.ladder.open_returns or (0.0, 0.0)
    truth = here.still_to_come

    widest = TOO_WIDE * max(high - low, 2 * abs(truth - (low + high) / 2), 0.02 * here.money("traced"))
    too_sure = say(
        "{truth} truly came back afterwards. Returns come late and in lumps: a few orders are most of it.",
        truth=Money(truth),
    )
    too_wide = say(
        "{truth} came, and your range holds it; but it is so wide that it would hold anything.",
        truth=Money(truth),
    )
    return Question(
        "range",
        say("What is still to come back?"),
        (
            Ask("low", say("At least"), "money"),
            Ask("high", say("at most"), "money", help=say("Excl. VAT. A range that holds in nine of ten cases.")),
        ),
        {"low": float(np.floor(min(low, truth))), "high": float(np.ceil(max(high, truth)))},
        say("The report expects between {low} and {high}; {truth} truly came.", low=Money(low), high=Money(high), truth=Money(truth)),
        in_range(truth, widest, too_sure, too_wide),
        (
            say("The table says what is expected. Chance does the rest: a handful of orders."),
            say("From about nothing to two or three times what is expected."),
        ),
        say("Your certificate counts how often your ranges hold."),
    )  # fmt: skip
