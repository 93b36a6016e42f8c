"""Lesson 8: twenty creators who have worked with the brand twice, and money for a part of them.

Truth: the simulator's expected orders of the next campaign. An order leaves the same with everybody, so that the decision is
about people only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from creatorbook.campaign.sizes import named as tier_scheme
from creatorbook.campaign.sizes import size_of
from creatorbook.findings import Column, Count, Money, Note, Share, Table, Text, joined, say
from creatorbook.planning.habits import HABITS, habit
from creatorbook.simulate import Plant
from creatorbook.simulate.repeats import repeated_results
from creatorbook.simulate.settings import EarlierCampaign, OtherCampaign
from creatorbook.stats.allocation import Limits, choose, in_turn
from creatorbook.stats.shrinkage import count_draws
from creatorbook.training.answers import Ask
from creatorbook.training.judging import in_range, one_of, only_if
from creatorbook.training.lesson import Judgement, Parts, Question, Values, not_yet, right
from creatorbook.training.score import as_habits, beside
from creatorbook.training.worlds import lesson_settings, seen_exercise

LETTERS = "ABCDEFGHIJKLMNOPQRST"
#: part of what everybody costs that there is money for
PART = 0.4
#: part of the best decision's profit from which a decision is right
GOOD = 0.75
#: fewest others beside whom somebody was lucky
FEWEST_OTHERS = 3
#: a range that is so many times as wide as chance alone asks for says nothing
TOO_WIDE = 4.0

HABIT_WORDS: dict[str, Text] = {
    "largest": HABITS["largest"].within,
    "response": HABITS["response"].within,
    "equal": HABITS["equal"].within,
    "last": say("all on those with most orders last time"),
    "list": say("everybody the same: down the list until the money is gone"),
}


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        people: one row per creator, index letters: creator, handle, followers, response, cost, tier, before, last (orders in
            the two campaigns that ran), adjusted (what two results say once they are compared with others), worth (true
            profit of having them next time), later (true expected orders).
        left: money that an order leaves before fees.
        budget: money there is.
        came: orders that chance made of each in the next campaign.
    """

    people: pd.DataFrame
    left: float
    budget: float
    came: pd.Series

    @property
    def limits(self) -> Limits:
        """What may be spent."""
        return Limits(budget=self.budget)

    def worth(self, letters: list[str]) -> float:
        """The true profit of a choice."""
        return float(self.people.worth[letters].sum())

    def cost(self, letters: list[str]) -> float:
        """What a choice costs."""
        return float(self.people.cost[letters].sum())

    @property
    def best(self) -> list[str]:
        """The choice that truly brings most."""
        return self._letters(choose(self.people.worth.tolist(), self.people.cost.tolist(), self.limits) or [])

    @property
    def careful(self) -> list[str]:
        """The choice by what two results say once they are adjusted: all of it can be seen."""
        gain = self.people.adjusted * self.left - self.people.cost
        return self._letters(choose(gain.tolist(), self.people.cost.tolist(), self.limits) or [])

    @property
    def habits(self) -> dict[str, list[str]]:
        """What people do in place of thinking."""
        rows = self.people.reset_index(drop=True)
        costs = rows.cost.tolist()
        by_last = rows.sort_values("last", ascending=False, kind="stable").index
        chosen = {name: habit(rows, name, self.budget) for name in HABITS}
        chosen["last"] = in_turn(list(by_last), costs, self.limits)
        chosen["list"] = in_turn(list(rows.index), costs, self.limits)
        return {name: self._letters(items) for name, items in chosen.items()}

    def _letters(self, rows: list[int]) -> list[str]:
        return sorted(self.people.index[row] for row in rows)


def exercise(seed: int, language: str = "en") -> Exercise:
    """The exercise of a seed; where nobody's luck stands out among others who did well, it is drawn anew."""
    return seen_exercise(seed, lambda drawn: _drawn(drawn, language), _can_be_seen)


def _can_be_seen(here: Exercise) -> bool:
    return len(_luckiest(here)[1]) > FEWEST_OTHERS and bool(here.best)


def _drawn(seed: int, language: str) -> Exercise:
    settings = lesson_settings(
        seed, language, creators=20, orders_per_creator=12, order_spread=0.7, persistence=0.95, fee_level=0.75,
        pay={"fee": 1.0}, planted=[Plant(kind="lucky_result"), Plant(kind="quiet_winner")],
        start=date(2026, 3, 9), earlier=[EarlierCampaign(campaign="autumn", start=date(2025, 12, 1))],
        upcoming=OtherCampaign(campaign="summer", start=date(2026, 6, 1)),
    )  # fmt: skip
    drawn, random = repeated_results(settings), settings.random("lesson")
    left = float(random.integers(15, 25))
    cost, scheme = drawn.fee + drawn.gift_cost, tier_scheme("s0")
    people = pd.DataFrame(
        {
            "creator": drawn.creator,
            "handle": drawn.handle,
            "followers": drawn.followers,
            "response": drawn.true_rate,
            "cost": cost.round(),
            "tier": [size_of(followers, "instagram", scheme) for followers in drawn.followers],
            "before": drawn.autumn_orders,
            "last": drawn.spring_orders,
            "lucky": drawn.spring_orders - drawn.spring_expected,
            "later": drawn.summer_expected,
        }
    ).set_axis(list(LETTERS))
    people["adjusted"] = _adjusted(people)
    people["worth"] = people.later * left - people.cost
    came = pd.Series(random.poisson(people.later), index=people.index)
    return Exercise(people, left, float(round(PART * people.cost.sum(), -2)), came)


def _adjusted(people: pd.DataFrame) -> np.ndarray:
    """Orders to expect of each in one campaign, as the workbook adjusts counts for small numbers."""
    both = (people.before + people["last"]).to_numpy(dtype=float)
    drawn = count_draws(both, [people.tier.to_numpy()], np.random.default_rng(8), 2000)
    return np.asarray(drawn.expected.mean(axis=1) / 2).round(1)


def parts(seed: int, language: str = "en") -> Parts:
    """The lesson's evidence and questions for a seed."""
    here = exercise(seed, language)
    return Parts(
        {"list": lambda: (_list(here), _conditions(here))},
        (_lucky(here), _expected(here), _fund(here), _range(here)),
    )


def _list(here: Exercise) -> Table:
    frame = here.people.reset_index(names="letter")
    columns = {
        "letter": Column(""),
        "creator": Column("Creator"),
        "followers": Column("Followers", "number"),
        "response": Column("Engagement rate", "percent", 1),
        "cost": Column("Fee and gift", "money"),
        "before": Column("Orders in autumn", "number"),
        "last": Column("Orders in spring", "number"),
    }
    return Table("training.list", say("Who can be asked again"), frame, columns, rows=20)


def _conditions(here: Exercise) -> Note:
    return Note(
        say(
            "There is {budget}. An order leaves {left} after goods, returns, VAT and the code's discount, and before what the creator costs.",
            budget=Money(here.budget),
            left=Money(here.left),
        )
    )


def _luckiest(here: Exercise) -> tuple[str, list[str]]:
    """Who was luckiest in spring, and others who did well in both campaigns: it can be seen who is who."""
    rows = here.people.assign(ratio=here.people["last"] / (here.people.before + 1))
    sure = rows[rows["last"] >= 6].sort_values("lucky", ascending=False, kind="stable")
    lucky = max(sure.index[:3], key=lambda letter: float(rows.ratio[letter]))
    others = sure[(sure.ratio <= 0.75 * rows.ratio[lucky]) & (sure.lucky < 0.5 * sure.lucky[lucky])]
    others = others.sort_values("last", ascending=False, kind="stable")
    return lucky, sorted([lucky, *others.index[:4]])


def _lucky(here: Exercise) -> Question:
    lucky, options = _luckiest(here)
    people = here.people

    def reason(letter: str) -> Text:
        if people["last"][letter] <= people.before[letter]:
            return say(
                "{letter} brought no more in spring than in autumn: a result that came twice is no luck. Look for one that came once.",
                letter=letter,
            )
        return say(
            "{letter} brought {before} orders before and {last} then. Another one's spring stands further above its autumn: the largest result is not the luckiest one.",
            letter=letter, before=Count(int(people.before[letter])), last=Count(int(people["last"][letter])),
        )  # fmt: skip

    return Question(
        "lucky",
        say("Whose spring owes most to luck?"),
        (Ask("lucky", say("Whose spring result will hardly come again?"), "choice", {one: _called(here, one) for one in options}),),
        {"lucky": lucky},
        say(
            "{before} orders in autumn, {last} in spring, and {true} were to be expected. What was paid for in spring was a lucky draw.",
            before=Count(int(people.before[lucky])), last=Count(int(people["last"][lucky])),
            true=Count(float(people["last"][lucky] - people.lucky[lucky]), 1),
        ),
        one_of("lucky", {lucky}, reason),
        (say("Lay the two campaigns side by side. Luck is new every time; ability mostly stays."), say("Divide spring by autumn for each of them.")),
        say("What came once and not before is the first thing to doubt, above all where it is last month's winner."),
    )  # fmt: skip


def _expected(here: Exercise) -> Question:
    lucky, _ = _luckiest(here)
    row = here.people.loc[lucky]
    mean, adjusted = float((row.before + row["last"]) / 2), float(row.adjusted)
    group = float(here.people[here.people.tier == row.tier][["before", "last"]].mean().mean())
    low, high = sorted([(adjusted + group) / 2, (adjusted + row["last"]) / 2])
    low, high = min(low, adjusted - 1), max(min(high, row["last"] - 0.5), adjusted + 0.5)

    def judge(values: Values) -> Judgement:
        given = values["orders"]
        if given >= row["last"] - 0.25:
            return not_yet(
                say(
                    "You expect spring again. One good result is ability and luck, and only ability comes back: expect less (regression to the mean)."
                )
            )
        if given > high:
            return not_yet(
                say(
                    "Still closer to the lucky spring than to what two campaigns say together. Autumn counts as much."
                )
            )
        if given < low:
            return not_yet(
                say(
                    "That is further down than the evidence goes: both campaigns together still say more than that. Adjusting is not forgetting."
                )
            )
        return right()

    return Question(
        "expected",
        say("What do you expect of that creator next time?"),
        (Ask("orders", say("Orders to expect of {letter} next time", letter=lucky), "number", unit=say("orders")),),
        {"orders": adjusted},
        say(
            "Two campaigns brought {mean} on average; creators of that size bring {group}. Pulled towards them as far as so few orders are unsure, {adjusted} are left.",
            mean=Count(mean, 1), group=Count(group, 1), adjusted=Count(adjusted, 1),
        ),
        judge,
        (
            say("Neither spring nor nothing. Start from the mean of both campaigns."),
            say("The mean is {mean}. Others of that size bring {group}; go a step in their direction.", mean=Count(mean, 1), group=Count(group, 1)),
        ),
        say("The workbook does the same to every creator before it compares them."),
    )  # fmt: skip


def _fund(here: Exercise) -> Question:
    best = here.worth(here.best)
    habits = {name: here.worth(letters) for name, letters in here.habits.items()}

    def judge(values: Values) -> Judgement:
        value = here.worth(values["fund"])
        return right() if value >= GOOD * best else not_yet(_why_not(here, values["fund"], value))

    scored = beside(lambda values: here.worth(values["fund"]), best, as_habits(habits, HABIT_WORDS), judge)

    def affordable(values: Values) -> Judgement:
        cost = here.cost(values["fund"])
        if cost <= here.budget + 0.5:
            return scored(values)
        return not_yet(
            say("They cost {cost}; there is {budget}.", cost=Money(cost), budget=Money(here.budget))
        )

    return Question(
        "fund",
        say("Whom do you pay?"),
        (
            Ask(
                "fund", say("Creators to pay"), "choices",
                {letter: _called(here, letter) for letter in here.people.index},
                help=say("{budget} at most; money that is not spent stays.", budget=Money(here.budget)),
            ),
        ),
        {"fund": here.best},
        say(
            "They cost {cost} and truly bring {value} after that. What can be seen, adjusted for luck and set against each fee, would have chosen {careful} and brought {careful_value}.",
            cost=Money(here.cost(here.best)), value=Money(best),
            careful=joined(here.careful), careful_value=Money(here.worth(here.careful)),
        ),
        affordable,
        (
            say("Size and engagement rate are no orders. You have orders, from two campaigns."),
            say("For each one: orders to expect × {left}, less what they cost. Leave out who stays below 0.", left=Money(here.left)),
            say("Among those worth it: {letters}.", letters=joined(here.best[:3])),
        ),
        say("You paid for orders to come, not for followers, and left money in the drawer where nobody was worth it."),
    )  # fmt: skip


def _why_not(here: Exercise, letters: list[str], value: float) -> Text:
    """What was overlooked, the dearest mistake first."""
    people = here.people
    loser = min(letters, key=lambda letter: float(people.worth[letter]))
    row = people.loc[loser]
    if row.worth < 0 and row.adjusted * here.left < row.cost:
        return say(
            "{letter} costs {cost} and brought {before} and {last} orders: at {left} each that does not come back. Pay whose orders are worth more than the fee.",
            letter=loser, cost=Money(float(row.cost)), before=Count(int(row.before)), last=Count(int(row["last"])), left=Money(here.left),
        )  # fmt: skip
    missed = max(
        (one for one in here.best if one not in letters), key=lambda one: float(people.worth[one]), default=""
    )
    if missed:
        return say(
            "{letter} is missing: {before} and {last} orders for {cost}. The best choice brings {best}, yours {value}.",
            letter=missed, before=Count(int(people.before[missed])), last=Count(int(people["last"][missed])),
            cost=Money(float(people.cost[missed])), best=Money(here.worth(here.best)), value=Money(value),
        )  # fmt: skip
    return say("Everybody worth it is in, and others who cost more than they bring.")


def _range(here: Exercise) -> Question:
    def judge(values: Values) -> Judgement:
        letters = values["fund"]
        came, expected = int(here.came[letters].sum()), float(here.people.later[letters].sum())
        chance = float(1.645 * np.sqrt(expected))
        too_sure = say(
            "{came} orders came. Your range was too sure of itself: chance alone moves such a sum by {chance} either way.",
            came=Count(came), chance=Count(chance),
        )  # fmt: skip
        too_wide = say(
            "{came} came, and your range holds it, but so wide a range helps nobody to decide. A third of the width would do.",
            came=Count(came),
        )
        return in_range(came, TOO_WIDE * 2 * chance, too_sure, too_wide)(values)

    best = here.best
    expected = float(here.people.later[best].sum())
    spread = max(1.645 * np.sqrt(expected) * 1.3, abs(int(here.came[best].sum()) - expected))
    return Question(
        "range",
        say("How sure are you?"),
        (
            Ask("low", say("Orders they bring together, at least"), "number", unit=say("orders")),
            Ask("high", say("at most"), "number", unit=say("orders"), help=say("A range that holds in nine of ten cases.")),
        ),
        {"low": float(np.floor(expected - spread)), "high": float(np.ceil(expected + spread))},
        say(
            "To be expected: {expected}; and chance alone moves such a sum by about {share} of it.",
            expected=Count(expected), share=Share(float(1.645 / np.sqrt(expected))),
        ),
        only_if(lambda values: bool(values["fund"]), say("First say whom you pay."), judge),
        (
            say("Add what you expect of each. Then widen: chance alone moves n orders by 1.6 × √n."),
            say("And add a little for what you do not know about each of them."),
        ),
        say("A range that holds and is narrow enough to decide by. One is no proof: your certificate counts them all."),
    )  # fmt: skip


def _called(here: Exercise, letter: str) -> Text:
    row = here.people.loc[letter]
    return say(
        "{letter} · {name} · {cost}", letter=letter, name=str(row.creator), cost=Money(float(row.cost))
    )
