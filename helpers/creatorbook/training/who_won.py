"""Lesson 13: one campaign of twelve creators. Who is truly ahead, who is overlooked, whom to renew, and what the second wave brings.

Truth: the simulator's expected orders of the second wave, in which the same creators run again; what one result says is the
workbook's own adjustment (`stats.shrinkage`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from creatorbook.campaign.sizes import named as tier_scheme
from creatorbook.campaign.sizes import size_of
from creatorbook.findings import Column, Count, Money, Note, Share, Table, Text, joined, say
from creatorbook.simulate import Plant
from creatorbook.simulate.repeats import repeated_results
from creatorbook.simulate.settings import OtherCampaign
from creatorbook.stats.shrinkage import CountDraws, count_draws
from creatorbook.training.answers import Ask
from creatorbook.training.judging import in_range, near_to, one_of, only_if
from creatorbook.training.lesson import Judgement, Parts, Question, Values, not_yet, right
from creatorbook.training.score import as_habits, beside
from creatorbook.training.worlds import lesson_settings, seen_exercise

LETTERS = "ABCDEFGHIJKL"
#: how many are renewed
RENEWED = 5
#: part of the way from five drawn by lot to the best five from which a choice is right
GOOD = 0.6
#: from how likely on one creator is ahead of another, and up to how likely nobody can say
AHEAD, OPEN = 0.95, 0.85
#: part of the exercises in which the five with most orders would do: not every winner was lucky
WINNERS_DO = 0.2
#: what the season does to everybody's orders in the second wave
SEASONS = (1.0, 0.6)
#: orders of the seven others, second wave over first: below is a season, above is none
FELL, STOOD = 0.78, 0.95
#: orders by which the winner's result is pulled back at least, so that doing nothing is no answer
PULLED = 2.0
#: a range that is so many times as wide as chance alone asks for says nothing
TOO_WIDE = 4.0

HABIT_WORDS: dict[str, Text] = {
    "last": say("the five with most orders"),
    "largest": say("the five largest"),
    "response": say("the five with the highest engagement rate"),
    "list": say("the first five of the list"),
}

FALL: dict[str, Text] = {
    "luck": say("luck went back to normal: who was on top had been lucky, too"),
    "season": say("the season: fewer people bought from anybody"),
    "tired": say("their audiences are tired of the brand"),
    "lazy": say("they took less trouble once they had the contract"),
}


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        people: one row per creator, index letters: creator, followers, response, cost (fee and gift, the same in both
            waves), first (orders), later (true expected orders of the second wave), second (what chance made of it),
            adjusted (orders to expect from what one result says), worth (true profit of the second wave).
        draws: of expected orders, by creator, what one result says.
        left: money that an order leaves before fees.
        season: times as many orders as in the first wave, for everybody.
    """

    people: pd.DataFrame
    draws: np.ndarray
    left: float
    season: float

    def worth(self, letters: list[str]) -> float:
        """The true profit of renewing these."""
        return float(self.people.worth[letters].sum())

    def top(self, by: str) -> list[str]:
        """The five with most of something."""
        return sorted(self.people[by].sort_values(ascending=False, kind="stable").index[:RENEWED])

    @property
    def best(self) -> list[str]:
        """The five that truly bring most."""
        return self.top("worth")

    @property
    def careful(self) -> list[str]:
        """The five by what can be seen: adjusted orders, less what each costs."""
        gain = self.people.adjusted * self.left - self.people.cost
        return sorted(gain.sort_values(ascending=False, kind="stable").index[:RENEWED])

    @property
    def habits(self) -> dict[str, list[str]]:
        """What people do in place of thinking."""
        first = list(self.people.index[:RENEWED])
        by = {"last": "first", "largest": "followers", "response": "response"}
        return {**{name: self.top(column) for name, column in by.items()}, "list": first}

    def chance_ahead(self, one: str, other: str) -> float:
        """How likely one creator's expected orders are above another's, by what was seen."""
        rows = [self.people.index.get_loc(letter) for letter in (one, other)]
        return float((self.draws[rows[0]] > self.draws[rows[1]]).mean())

    @property
    def pair(self) -> tuple[str, str]:
        """Two creators to be told apart, or not: the second in the list of results, and the third or the tenth."""
        by_first = list(self.people["first"].sort_values(ascending=False, kind="stable").index)
        return by_first[1], by_first[2 if self.people.followers.sum() % 2 else 9]

    @property
    def overlooked(self) -> str:
        """Who brings most profit among those whom a list by engagement rate leaves out."""
        low = self.people.drop(self.top("response"))
        return str((low["first"] * self.left - low.cost).idxmax())

    def change(self, letters: list[str]) -> float:
        """Orders of the second wave over those of the first."""
        rows = self.people.loc[letters]
        return float(rows.second.sum() / rows["first"].sum())


def exercise(seed: int, language: str = "en") -> Exercise:
    """The exercise of a seed; one in which two answers would fit is drawn anew."""
    winners_do = bool(np.random.default_rng([13, seed]).random() < WINNERS_DO)

    def asked(here: Exercise) -> bool:
        return _can_be_seen(here) and (here.worth(here.habits["last"]) >= _enough(here)) == winners_do

    return seen_exercise(seed, lambda drawn: _drawn(drawn, language), asked)


def _can_be_seen(here: Exercise) -> bool:
    one, other = here.pair
    ahead = here.chance_ahead(one, other)
    leaders = here.top("first")
    others = here.change([letter for letter in here.people.index if letter not in leaders])
    low = here.people.drop(here.top("response"))
    profits = (low["first"] * here.left - low.cost).sort_values(ascending=False, kind="stable").head(2)
    return (
        here.worth(here.best) > 0
        and here.worth(here.careful) >= _enough(here)
        and (here.people["first"] - here.people.adjusted)[here.people["first"].idxmax()] >= PULLED
        and (ahead >= AHEAD or ahead <= OPEN)
        and (others <= FELL if here.season < 1 else others >= STOOD)
        and here.change(leaders) < (others if here.season < 1 else 0.92)
        and profits.iloc[0] - profits.iloc[1] > here.left
    )


def _enough(here: Exercise) -> float:
    """From what true profit on a choice is right: most of the way from five by lot to the best five."""
    by_lot = RENEWED * float(here.people.worth.mean())
    return by_lot + GOOD * (here.worth(here.best) - by_lot)


def _drawn(seed: int, language: str) -> Exercise:
    settings = lesson_settings(
        seed, language, creators=len(LETTERS), tiers={"nano": 0.3, "micro": 0.7}, orders_per_creator=16, order_spread=0.7,
        persistence=0.95, fee_level=0.7, pay={"fee": 1.0}, planted=[Plant(kind="lucky_result"), Plant(kind="quiet_winner")],
        start=date(2026, 3, 9), upcoming=OtherCampaign(campaign="summer", start=date(2026, 6, 1)),
    )  # fmt: skip
    results, random = repeated_results(settings), settings.random("lesson")
    left, season = float(random.integers(16, 27)), float(random.choice(SEASONS))
    people = pd.DataFrame(
        {
            "creator": results.creator,
            "followers": results.followers,
            "response": results.true_rate,
            "cost": (results.fee + results.gift_cost).round(),
            "first": results.spring_orders,
            "later": season * results.summer_expected,
        }
    ).set_axis(list(LETTERS))
    drawn = _draws(people)
    people["second"] = random.poisson(people.later)
    people["adjusted"] = drawn.expected.mean(axis=1)
    people["worth"] = people.later * left - people.cost
    return Exercise(people, drawn.expected, left, season)


def _draws(people: pd.DataFrame) -> CountDraws:
    """What one result says of each, as the workbook adjusts counts for small numbers."""
    scheme = tier_scheme("s0")
    sizes = people.followers.map(lambda followers: size_of(followers, "instagram", scheme))
    counts = people["first"].to_numpy(dtype=float)
    return count_draws(counts, [sizes.to_numpy()], np.random.default_rng(13), 2000)


def parts(seed: int, language: str = "en") -> Parts:
    """The lesson's evidence and questions for a seed."""
    here = exercise(seed, language)
    return Parts(
        {
            "first": lambda: (_first(here), _conditions(here)),
            "second": lambda: (_second(here),),
        },
        (_ahead(here), _expected(here), _overlooked(here), _renew(here), _range(here), _fall(here)),
    )


def _first(here: Exercise) -> Table:
    frame = here.people.reset_index(names="letter")
    columns = {
        "letter": Column(""),
        "creator": Column(say("Creator")),
        "followers": Column(say("Followers"), "number"),
        "response": Column(say("Engagement rate"), "percent", 1),
        "cost": Column(say("Fee and gift"), "money"),
        "first": Column(say("Orders"), "number"),
    }
    return Table("training.first", say("The first wave"), frame, columns, rows=len(frame))


def _conditions(here: Exercise) -> Note:
    return Note(
        say(
            "An order leaves {left} before what the creator costs. There is a contract for five; they ask the same again.",
            left=Money(here.left),
        )
    )


def _second(here: Exercise) -> Table:
    """Both waves of the five with most orders and of the others, for a question after the decision."""
    leaders = here.top("first")
    others = [letter for letter in here.people.index if letter not in leaders]
    groups = (
        (say("The five with most orders in the first wave"), leaders),
        (say("The seven others"), others),
    )
    rows = []
    for words, letters in groups:
        sums = here.people.loc[letters, ["first", "second"]].sum()
        rows.append((words, sums["first"], sums.second, here.change(letters) - 1))
    frame = pd.DataFrame(rows, columns=["group", "first", "second", "change"])
    columns = {
        "group": Column(""),
        "first": Column(say("Orders, first wave"), "number"),
        "second": Column(say("Orders, second wave"), "number"),
        "change": Column(say("Change"), "percent"),
    }
    return Table("training.second", say("Had everybody run again"), frame, columns)


def _ahead(here: Exercise) -> Question:
    one, other = here.pair
    chance = here.chance_ahead(one, other)
    answer = "yes" if chance >= AHEAD else "open"
    counts = [int(here.people["first"][letter]) for letter in (one, other)]
    options = {
        "yes": say("{letter} is ahead", letter=one),
        "no": say("{letter} is ahead", letter=other),
        "open": say("cannot tell"),
    }

    def reason(given: str) -> Text:
        if given == "no":
            return say("{letter} brought fewer orders, and nothing else speaks for more.", letter=other)
        if given == "yes":
            return say(
                "{first} against {second}: chance alone moves each by about {reach}. That place is a coin that fell this way.",
                first=Count(counts[0]), second=Count(counts[1]), reach=Count(float(np.sqrt(counts[0]))),
            )  # fmt: skip
        return say(
            "That is too careful: {first} against {second} is more than chance makes.",
            first=Count(counts[0]), second=Count(counts[1]),
        )  # fmt: skip

    return Question(
        "ahead",
        say("Is a place a difference?"),
        (Ask("ahead", say("Would {one} bring more than {other} again?", one=one, other=other), "choice", options),),
        {"ahead": answer},
        say("By all that was seen, {one} is truly ahead of {other} with a chance of {chance}.", one=one, other=other, chance=Share(chance)),
        one_of("ahead", {answer}, reason),
        (
            say("Chance moves n orders by about √n either way. Write both numbers with their reach."),
            say("Do {low} to {high} and {less} to {more} overlap?", low=Count(counts[0] - np.sqrt(counts[0])), high=Count(counts[0] + np.sqrt(counts[0])), less=Count(counts[1] - np.sqrt(counts[1])), more=Count(counts[1] + np.sqrt(counts[1]))),
        ),
        say("A ranking without ranges is a lottery with medals."),
    )  # fmt: skip


def _expected(here: Exercise) -> Question:
    letter = str(here.people["first"].idxmax())
    first, adjusted = float(here.people["first"][letter]), float(here.people.adjusted[letter])
    mean = float(here.people["first"].mean())
    near = 0.7 * (first - adjusted)
    mistakes = [
        (first, say("You expect the first wave again. Who stands on top was good and lucky; only the good comes again (regression to the mean).")),
        (mean, say("That is what all twelve bring on average. A result says something: go a part of the way, not all of it.")),
    ]  # fmt: skip

    def otherwise(given: float) -> Text:
        if given > adjusted:
            return say("Still too close to the one result, or beyond it.")
        return say("That is further down than the evidence goes. Adjusting is not forgetting.")

    return Question(
        "expected",
        say("What will the winner bring next time?"),
        (Ask("orders", say("Orders to expect of {letter} in another wave like the first", letter=letter), "number", unit=say("orders")),),
        {"orders": round(adjusted, 1)},
        say("{letter} brought {first}; all twelve {mean} on average. Pulled towards others of that size as far as one result is unsure, {adjusted} are left.", letter=letter, first=Count(first), mean=Count(mean, 1), adjusted=Count(adjusted, 1)),
        near_to("orders", adjusted, near, mistakes, otherwise, near_mistake=0.25 * (first - adjusted)),
        (
            say("Neither the result nor the average of all."),
            say("The average of all is {mean}. Go from {first} a small part of the way towards it.", mean=Count(mean, 1), first=Count(first)),
        ),
        say("Say it before the contract: the winner will look as if it had slackened."),
    )  # fmt: skip


def _overlooked(here: Exercise) -> Question:
    answer = here.overlooked
    people = here.people

    def reason(letter: str) -> Text:
        profit = Money(float(people["first"][letter] * here.left - people.cost[letter]))
        if letter in here.top("response"):
            return say(
                "{letter} is among the five highest engagement rates: such a list names it first.",
                letter=letter,
            )
        return say("{letter} left {profit}. Another one whom the list leaves out left more.", letter=letter, profit=profit)  # fmt: skip

    return Question(
        "overlooked",
        say("Whom would a list by engagement rate lose?"),
        (Ask("overlooked", say("Who left most of those who are not among the five highest engagement rates?"), "choice", _options(here)),),
        {"overlooked": answer},
        say(
            "{letter}: {orders} orders for {cost}, at an engagement rate of {rate}.",
            letter=answer, orders=Count(int(people["first"][answer])), cost=Money(float(people.cost[answer])), rate=Share(float(people.response[answer]), 1),
        ),
        one_of("overlooked", {answer}, reason),
        (say("Cross out the five highest engagement rates. Who is left?"), say("For each of them: orders × {left}, less fee and gift.", left=Money(here.left))),
        say("Quiet audiences buy, too. Renew by orders, not by applause."),
    )  # fmt: skip


def _options(here: Exercise) -> dict[str, Text]:
    return {
        letter: say("{letter} · {name}", letter=letter, name=str(row.creator))
        for letter, row in here.people.iterrows()
    }


def _renew(here: Exercise) -> Question:
    best = here.worth(here.best)
    habits = as_habits({name: here.worth(letters) for name, letters in here.habits.items()}, HABIT_WORDS)

    def judge(values: Values) -> Judgement:
        letters = values["renew"]
        return right() if here.worth(letters) >= _enough(here) else not_yet(_why_not(here, letters))

    scored = beside(lambda values: here.worth(values["renew"]), best, habits, judge)

    def five(values: Values) -> Judgement:
        if len(values["renew"]) == RENEWED:
            return scored(values)
        return not_yet(say("There are five contracts; you named {n}.", n=len(values["renew"])))

    return Question(
        "renew",
        say("Whom do you renew?"),
        (Ask("renew", say("Five to renew"), "choices", _options(here), RENEWED),),
        {"renew": here.best},
        say(
            "These five truly bring {best} in the second wave. By one result, adjusted and less each one's cost, one would choose {careful}, who bring {careful_value}.",
            best=Money(best), careful=joined(here.careful), careful_value=Money(here.worth(here.careful)),
        ),
        five,
        (
            say("Not orders alone: each of them has its price."),
            say("For each one: orders to expect × {left}, less fee and gift. Pull results that stand far out a little towards the others.", left=Money(here.left)),
            say("Among the five: {letters}.", letters=joined(here.best[:2])),
        ),
        say("By what they are likely to leave, not by the place in the list."),
    )  # fmt: skip


def _why_not(here: Exercise, letters: list[str]) -> Text:
    """The dearest mistake of a choice."""
    people = here.people
    gain = people.adjusted * here.left - people.cost
    worst, missed = str(gain[letters].idxmin()), str(gain.drop(letters).idxmax())
    return say(
        "{worst} brought {orders} orders for {cost}; {missed}, whom you leave out, {others} for {price}.",
        worst=worst, orders=Count(int(people["first"][worst])), cost=Money(float(people.cost[worst])),
        missed=missed, others=Count(int(people["first"][missed])), price=Money(float(people.cost[missed])),
    )  # fmt: skip


def _range(here: Exercise) -> Question:
    def judge(values: Values) -> Judgement:
        letters = values["renew"]
        came, first = int(here.people.second[letters].sum()), float(here.people["first"][letters].sum())
        chance = float(1.645 * np.sqrt(2 * first))
        too_sure = say(
            "{came} came, after {first} in the first wave. Luck goes, seasons change, and chance moves such a sum by {chance} either way.",
            came=Count(came), first=Count(first), chance=Count(chance),
        )  # fmt: skip
        too_wide = say("{came} came, and your range holds it; but it would hold almost anything.", came=Count(came))  # fmt: skip
        widest = max(TOO_WIDE * chance, 0.9 * first)
        return in_range(came, widest, too_sure, too_wide)(values)

    came = float(here.people.second[here.best].sum())
    expected = float(here.people.adjusted[here.best].sum())
    spread = 1.645 * float(np.sqrt(2 * expected))
    low, high = min(expected - spread, came - 1), max(expected + spread, came + 1)
    return Question(
        "range",
        say("How many orders will your five bring?"),
        (
            Ask("low", say("Orders of the five in the second wave, at least"), "number", unit=say("orders")),
            Ask("high", say("at most"), "number", unit=say("orders"), help=say("A range that holds in nine of ten cases. Summer may be weaker than spring: by up to half.")),
        ),
        {"low": float(np.floor(low)), "high": float(np.ceil(high))},
        say("The five you should have renewed brought {came}; by the first wave {expected} could be expected.", came=Count(came), expected=Count(expected)),
        only_if(lambda values: len(values["renew"] or []) == RENEWED, say("First say whom you renew."), judge),
        (
            say("Add up what you expect of each. Then think of the season, and of chance."),
            say("From about half of what you expect to somewhat above it."),
        ),
        say("The season was outside of everybody's hands. A range has room for it."),
    )  # fmt: skip


def _fall(here: Exercise) -> Question:
    leaders = here.top("first")
    others = [letter for letter in here.people.index if letter not in leaders]
    answer = "season" if here.season < 1 else "luck"
    fell, stood = Share(1 - here.change(leaders)), Share(here.change(others) - 1)

    def reason(given: str) -> Text:
        if given == "luck":
            return say(
                "Then the others would not have fallen as well. They changed by {change}.", change=stood
            )
        if given == "season":
            return say("Then the others would have fallen, too. They changed by {change}.", change=stood)
        return say(
            "It may be; but nothing shown says so, and there is a plainer reason. What did the others do?"
        )

    return Question(
        "fall",
        say("Why did the winners fall?"),
        (Ask("fall", say("The five with most orders brought {fell} fewer in the second wave. What is the plainest reason?", fell=fell), "choice", FALL),),
        {"fall": answer},
        say(
            "The others changed by {change}. Where only the top falls, it was luck; where all fall, it is the season, and the top falls further.",
            change=stood,
        ),
        one_of("fall", {answer}, reason),
        (say("Do not look at the winners only. What did the other seven do?"), say("If all fall alike, it is nobody's fault. If only the top falls, neither.")),
        say("Before you blame a creator, look at those beside it."),
    )  # fmt: skip
