"""Lesson 16: what the client is told: the first sentence, what is wrong in a draft, what it would have taken, and three sentences.

Figures are those of the workbook's own ladder (`finance.ladder`). Of written sentences the figures are checked; the prose is read
by the trainer, by a rubric.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from creatorbook.findings import Column, Count, Money, Share, Table, Text, joined, say
from creatorbook.training import climb_the_ladder
from creatorbook.training.answers import Ask, typed_number
from creatorbook.training.judging import all_of, each_of, near_to, one_of
from creatorbook.training.lesson import Judgement, Parts, Question, Values
from creatorbook.training.worlds import seen_exercise

#: fewest and most statements of the draft that are wrong
WRONG = (2, 4)
#: from so many on a number in a sentence is a figure; below it may count sentences, creators or weeks
FIGURE = 13
#: sentences that are asked for, and how many are let pass
SENTENCES = (2, 5)
#: how near a number has to be to the figure it tells, as a part of it: two digits are enough
NEAR = 0.05
#: words by which a client hears that it went well
PRAISE = r"success|triumph|erfolg|succès|réussite"

RUBRIC: tuple[Text, ...] = (
    say("The first sentence is what the client has to decide by, good or bad."),
    say("What is not known is said in the same breath, with its range."),
    say("It ends with what happens next, and who does it."),
    say("No word in it would have to be taken back in four weeks."),
)

LIFT: dict[str, Text] = {
    "yes": say("Yes: the orders with a code or a link are there"),
    "roas": say("Yes: more came back in sales than was spent"),
    "unknown": say("It was not measured; some of these orders would have come anyway, and some extra ones left no trace"),
    "no": say("No: people with a code would have bought anyway"),
}  # fmt: skip
NEXT: dict[str, Text] = {
    "hold": say("Next time two regions are left out, so that it can be measured"),
    "sure": say("We are sure of it from experience"),
    "reach": say("The reach speaks for itself"),
}


@dataclass(frozen=True)
class Statement:
    """A sentence of the draft.

    Attributes:
        text: as the draft has it.
        holds: whether the report says so, too.
        why: what is wrong with it, or what it rests on.
    """

    text: Text
    holds: bool
    why: Text


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        report: a campaign with its ladder.
        statements: the draft's, by letter.
    """

    report: climb_the_ladder.Exercise
    statements: dict[str, Statement]

    @property
    def wrong(self) -> list[str]:
        """Letters of the statements that do not hold."""
        return [letter for letter, one in self.statements.items() if not one.holds]

    @property
    def ends(self) -> tuple[float, float]:
        """Profit at the two ends of what may still come back."""
        return self.report.ladder.profit_at_open_returns

    @property
    def left(self) -> float:
        """What one order leaves before the campaign's costs."""
        return (self.report.profit + self.report.spent) / self.report.orders

    @property
    def needed(self) -> float:
        """Orders at which such a campaign pays."""
        return float(np.ceil(self.report.spent / self.left))


def exercise(seed: int, language: str = "en") -> Exercise:
    """The exercise of a seed; one whose profit is too near to 0 to be written down, or whose wrong figures are right ones, is drawn anew."""
    return seen_exercise(seed, lambda drawn: _drawn(drawn, language), _can_be_seen)


def _can_be_seen(here: Exercise) -> bool:
    report = here.report
    fees = float(report.costs.get("fees", 0.0))
    distinct = 0 < fees < 0.9 * report.spent and report.money("returns_expected") < -FIGURE
    return distinct and abs(report.profit) >= 2 * FIGURE and here.left > 1


def _drawn(seed: int, language: str) -> Exercise:
    random = np.random.default_rng([16, seed])
    report = climb_the_ladder.exercise(seed, language)
    pairs = _pairs(report)
    n_wrong = int(random.integers(WRONG[0], WRONG[1] + 1))
    wrong = set(random.choice(len(pairs), n_wrong, replace=False).tolist())
    chosen = [pair[place in wrong] for place, pair in enumerate(pairs)]
    order = random.permutation(len(chosen))
    return Exercise(report, dict(zip("ABCDEF", (chosen[place] for place in order), strict=True)))


def _pairs(report: climb_the_ladder.Exercise) -> list[tuple[Statement, Statement]]:
    """Each thing said of the campaign, as the report has it and as drafts do."""
    ladder, n = report.ladder, report.orders
    stays, traced, spent = ladder.sales_that_stay, report.money("traced"), report.spent
    roi, roas = float(ladder.roi or 0.0), float(ladder.roas or 0.0)
    fees, coming = float(report.costs.get("fees", 0.0)), -report.money("returns_expected")

    def both(right: Text, wrong: Text, why: Text) -> tuple[Statement, Statement]:
        return Statement(right, holds=True, why=why), Statement(wrong, holds=False, why=why)

    return [
        both(
            say("{stays} of sales stay.", stays=Money(stays)),
            say("{traced} of sales stay.", traced=Money(traced)),
            say("Baskets show {traced}; discounts, VAT, cancelled and returned goods are in it. {stays} stay.", traced=Money(traced), stays=Money(stays)),
        ),
        both(
            say("The return on investment is {roi}.", roi=Share(roi)),
            say("The return on investment is {roas}.", roas=Share(roas)),
            say("{roas} is sales over costs. Profit over costs is {roi}.", roas=Share(roas), roi=Share(roi)),
        ),
        both(
            say("A code or a link stands on {n} orders.", n=Count(n)),
            say("The creators caused {n} orders.", n=Count(n)),
            say("A code or a link is a trace, no cause: {n} orders carry one.", n=Count(n)),
        ),
        both(
            say("About {coming} may still come back.", coming=Money(coming)),
            say("What comes back has come back."),
            say("The files end before the returns do: {coming} are still expected.", coming=Money(coming)),
        ),
        both(
            say("The campaign cost {spent}, gifts and own hours included.", spent=Money(spent)),
            say("The campaign cost {fees}.", fees=Money(fees)),
            say("The fees are {fees}. Gifts, agency and own hours make it {spent}.", fees=Money(fees), spent=Money(spent)),
        ),
        both(
            say("An order cost {each} to win.", each=Money(spent / n, 2)),
            say("An order cost {each} to win.", each=Money(fees / n, 2)),
            say("All costs over all orders: {each}.", each=Money(spent / n, 2)),
        ),
    ]  # fmt: skip


def parts(seed: int, language: str = "en") -> Parts:
    """The lesson's evidence and questions for a seed."""
    here = exercise(seed, language)
    return Parts(
        {"figures": lambda: (_figures(here),), "draft": lambda: (_draft(here),)},
        (_headline(here), _wrong(here), _lift(), _needed(here), _sentences(here)),
    )


def _figures(here: Exercise) -> Table:
    report, (low, high) = here.report, here.ends
    rows: list[tuple[Text, Text]] = [
        (say("Orders with a code or a link"), Count(report.orders)),
        (say("Their baskets, incl. VAT"), Money(report.money("traced"))),
        (say("Sales that stay, excl. VAT, what is still expected to come back taken off"), Money(report.ladder.sales_that_stay)),
        (say("of which still expected to come back, taken off already"), Money(-report.money("returns_expected"))),
        (say("Fees"), Money(float(report.costs.get("fees", 0.0)))),
        (say("All that the campaign cost"), Money(report.spent)),
        (say("Profit after campaign costs"), Money(report.profit)),
        (say("Profit if returns end low or high"), say("{low} to {high}", low=Money(low), high=Money(high))),
        (say("Return on investment (profit over costs)"), Share(float(report.ladder.roi or 0.0))),
        (say("Return on ad spend (sales over costs)"), Count(float(report.ladder.roas or 0.0), 2)),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["what", "value"])
    columns = {"what": Column(say("Figure of the report")), "value": Column("")}
    return Table("training.figures", say("What the report says"), frame, columns, rows=len(rows))


def _draft(here: Exercise) -> Table:
    rows = [(letter, one.text) for letter, one in here.statements.items()]
    columns = {"letter": Column(""), "text": Column(say("Sentence of the draft"))}
    return Table(
        "training.draft", say("A colleague's draft"), pd.DataFrame(rows, columns=list(columns)), columns
    )


def _headline(here: Exercise) -> Question:
    report, (low, high) = here.report, here.ends
    traced, profit = Money(report.money("traced")), Money(abs(report.profit))
    options: dict[str, Text] = {
        "revenue": say("A full success: {traced} in sales", traced=traced),
        "roas": say("Every {unit} spent brought {roas} back", unit=Money(1), roas=Money(float(report.ladder.roas or 0.0), 2)),
        "profit": say("It earned {profit} after all costs, whatever still comes back", profit=profit),
        "loss": say("It cost {profit} more than it brought, whatever still comes back", profit=profit),
        "open": say("It cannot be told yet: between {low} and {high}, until returns are in", low=Money(low), high=Money(high)),
    }  # fmt: skip
    answer = report.sign
    reasons: dict[str, Text] = {
        "revenue": say(
            "Sales are not what is left of them. The client will find the costs on the next page."
        ),
        "roas": say("Sales over costs is no profit: goods, returns and parcels are not off."),
        "profit": say("Look at the line of the two ends. Is either of them below 0?"),
        "loss": say("Look at the line of the two ends. Is either of them above 0?"),
        "open": say("Both ends lie on one side of 0: it can be told."),
    }
    return Question(
        "headline",
        say("What stands first?"),
        (Ask("headline", say("The first sentence of the report"), "choice", options),),
        {"headline": answer},
        say("Profit is what the client decides by, and it lies between {low} and {high}.", low=Money(low), high=Money(high)),
        one_of("headline", {answer}, reasons.__getitem__),
        (say("Which figure does the client decide by?"), say("Profit, at both ends of what may still come back: one side of 0, or both?")),
        say("Good or bad, the first sentence is the one that is read."),
    )  # fmt: skip


def _wrong(here: Exercise) -> Question:
    options: dict[str, Text] = {
        letter: say("sentence {letter}", letter=letter) for letter in here.statements
    }  # fmt: skip

    def unwanted(letter: str) -> Text:
        return say("Sentence {letter} says what the report says.", letter=letter)

    def missing(letter: str) -> Text:
        return say("Sentence {letter} does not hold. {why}", letter=letter, why=here.statements[letter].why)

    return Question(
        "wrong",
        say("What does not hold?"),
        (Ask("wrong", say("Sentences of the draft that the report does not bear out"), "choices", options),),
        {"wrong": here.wrong},
        joined([say("{letter}: {why}", letter=letter, why=here.statements[letter].why) for letter in here.wrong], by=" "),
        all_of("wrong", here.wrong, unwanted, missing),
        (say("Lay each sentence beside the table: is it this figure, and does it mean this?"), say("Watch for baskets, for fees in place of costs, and for “because”. Two to four are wrong.")),
        say("A client who finds one wrong figure reads the others as guesses."),
    )  # fmt: skip


def _lift() -> Question:
    reasons: dict[tuple[str, str], Text] = {
        ("lift", "yes"): say("A trace is no cause. Some of these buyers would have come anyway."),
        ("lift", "roas"): say(
            "That compares with the costs, not with what would have come without the campaign."
        ),
        ("lift", "no"): say("Nobody measured that either. Not knowing is not the same as no."),
        ("next", "sure"): say("Experience is no measurement, and the client pays for the next one, too."),
        ("next", "reach"): say("Reach says who may have seen it, not who bought because of it."),
    }
    answers = {"lift": "unknown", "next": "hold"}
    return Question(
        "lift",
        say("“Did it sell more than we would have sold anyway?”"),
        (Ask("lift", say("Your answer, where nothing was held back"), "choice", LIFT), Ask("next", say("And then you say"), "choice", NEXT)),
        answers,
        say("Only something held back can tell. A client who hears that from you does not hear it from an auditor."),
        each_of(answers, lambda name, given: reasons[name, given]),
        (say("What would you have to compare with?"), say("With orders where no creator was shown. Was there such a place?")),
        say("“We did not measure that; here is how we will” is an expert's sentence."),
    )  # fmt: skip


def _needed(here: Exercise) -> Question:
    report, needed = here.report, here.needed
    stays_each = report.ladder.sales_that_stay / report.orders
    basket = report.money("traced") / report.orders
    mistakes = [
        (report.spent / basket, say("That pays the costs with baskets. Only what an order leaves can pay them.")),
        (report.spent / stays_each, say("That pays the costs with sales that stay. Goods and parcels have to be paid from them first.")),
        (report.orders, say("That is how many there were; at that many the profit is the one above.")),
    ]  # fmt: skip
    near = max(1.0, 0.03 * needed)
    return Question(
        "needed",
        say("What would it have taken?"),
        (Ask("needed", say("Orders at which the same costs would just have been paid"), "number", unit=say("orders")),),
        {"needed": needed},
        say(
            "Profit and costs together are {sum}: {left} for each of {n} orders. {spent} ÷ {left} = {needed}.",
            sum=Money(report.profit + report.spent), left=Money(here.left, 2), n=Count(report.orders), spent=Money(report.spent), needed=Count(needed),
        ),
        near_to("needed", needed, near, mistakes, say("First what one order leaves: profit and costs together, over the orders. Then costs over that.")),
        (
            say("Before the campaign's costs, how much did all orders leave together? It is their profit with the costs put back."),
            say("(Profit + costs) ÷ orders is what one order leaves. Costs ÷ that."),
        ),
        say("So the next plan begins with a number of orders, not with a hope."),
    )  # fmt: skip


def numbers_in(text: str) -> list[float]:
    """Figures in a text: amounts, shares in per cent and counts, without days, years and small numbers."""
    tokens = re.findall(r"[−-]?\d[\d.,'’\u00a0\u202f]*", text)
    numbers = [abs(number) for token in tokens if (number := typed_number(token.rstrip(".,"))) is not None]
    return [number for number in numbers if number >= FIGURE and not 2020 <= number <= 2040]


def _known(here: Exercise) -> list[float]:
    """Every figure that a sentence may name."""
    report, ladder = here.report, here.report.ladder
    roi, roas = 100 * float(ladder.roi or 0.0), float(ladder.roas or 0.0)
    money = [report.money("traced"), ladder.sales_that_stay, report.money("returns_expected"), report.spent]
    others = [float(report.costs.get("fees", 0.0)), report.spent / report.orders, here.left, roas, 100 * roas]
    return [abs(one) for one in (*money, *others, report.profit, *here.ends, roi, report.orders, here.needed)]


def _near(given: float, figure: float) -> bool:
    return abs(given - figure) <= max(NEAR * figure, 0.6)


def _sentences(here: Exercise) -> Question:
    report, (low, high) = here.report, here.ends
    figures = _known(here)

    def fault(text: str) -> Text:
        sentences = [
            one for one in re.split(r"(?<=[^\d\s])[.!?]+(?:\s|$)|(?<=\d)[.!?]+\s", text) if one.strip()
        ]
        if not SENTENCES[0] <= len(sentences) <= SENTENCES[1]:
            return say("Three sentences are asked for; these are {n}.", n=len(sentences))
        numbers = numbers_in(text)
        odd = next((one for one in numbers if not any(_near(one, figure) for figure in figures)), None)
        if odd is not None:
            return say("{number} is no figure of the report.", number=Count(odd))
        ends = [abs(low), abs(high)]
        if not any(_near(one, abs(report.profit)) for one in numbers) and not all(
            any(_near(one, end) for one in numbers) for end in ends
        ):
            return say("The figure that the client decides by is missing: the profit, or its two ends.")
        if report.sign != "profit" and re.search(PRAISE, text, re.IGNORECASE):
            return say("Nothing in the report bears out that word: profit lies between {low} and {high}.", low=Money(low), high=Money(high))  # fmt: skip
        return ""

    def judge(values: Values) -> Judgement:
        return Judgement(fault(str(values["sentences"])))

    return Question(
        "sentences",
        say("Three sentences to the client"),
        (Ask("sentences", say("What it made, how sure that is, and what happens next"), "words", help=say("Three sentences; name the figures they rest on.")),),
        {"sentences": _example(here)},
        say("That is one of many. What can be checked: the profit is in it, every figure is the report's, and no word is larger than the figures. The rest your trainer reads."),
        judge,
        (say("First sentence: profit. Second: between what and what, and why. Third: what you propose."), say("Profit is {profit}; its two ends are {low} and {high}.", profit=Money(report.profit), low=Money(low), high=Money(high))),
        say("The figures hold. Read it aloud; your trainer reads it, too."),
        rubric=RUBRIC,
    )  # fmt: skip


def _example(here: Exercise) -> str:
    """Three sentences as one could write them; plain text, as a learner types it."""
    profit, (low, high) = here.report.profit, here.ends
    verb = "earned" if profit > 0 else "lost"
    return (
        f"After all costs the campaign {verb} {abs(profit):.0f}. Until returns are in, it lies between {low:.0f} and {high:.0f}. "
        f"Before the next one we agree on fees by orders to expect, and leave two regions out, so that we can measure what was extra"
    )
