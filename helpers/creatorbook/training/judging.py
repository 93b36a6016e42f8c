"""How answers are judged: one checker for each kind of answer, shared by all lessons.

Each function makes a question's `judge`. What a lesson says of a mistake is its own; what counts as that mistake is not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from creatorbook.findings import Text, say
from creatorbook.training.answers import NONE
from creatorbook.training.lesson import Judgement, Stated, Values, not_yet, right

Judge = Callable[[Values], Judgement]
#: what is said of one option, or of a number
Says = Callable[[str], Text]
SaysOfNumber = Callable[[float], Text]


def one_of(name: str, answers: Collection[str], reason: Says) -> Judge:
    """A choice that is right for any of `answers`; of another option `reason` says why not."""

    def judge(values: Values) -> Judgement:
        return right() if values[name] in answers else not_yet(reason(values[name]))

    return judge


def each_of(answers: Mapping[str, str], reason: Callable[[str, str], Text]) -> Judge:
    """Several choices, each with one right answer; `reason` gets what is asked and the option that was chosen."""

    def judge(values: Values) -> Judgement:
        wrong = next((name for name, answer in answers.items() if values[name] != answer), None)
        return right() if wrong is None else not_yet(reason(wrong, values[wrong]))

    return judge


def all_of(
    name: str, wanted: Collection[str], unwanted: Says, missing: Says, either_way: Collection[str] = ()
) -> Judge:
    """A selection: nobody in it who does not belong there, and nobody missing; `either_way` are right in and out."""

    def judge(values: Values) -> Judgement:
        given = letters_in(values, name)
        for one in sorted(given - set(wanted) - set(either_way)):
            return not_yet(unwanted(one))
        for one in sorted(set(wanted) - {NONE} - set(either_way) - given):
            return not_yet(missing(one))
        return right()

    return judge


def letters_in(values: Values, name: str) -> set[str]:
    """What was chosen; “none of them” is an empty choice."""
    return set(values[name]) - {NONE}


def near_to(
    name: str,
    value: float,
    near: float,
    mistakes: Sequence[tuple[float, Text]],
    otherwise: Text | SaysOfNumber,
    *,
    near_mistake: float | None = None,
) -> Judge:
    """A number that is right within `near`; else the mistake it comes nearest to is named, or `otherwise` said.

    Args:
        name: of the answer.
        value: what is right.
        near: how far from it is right still.
        mistakes: what comes of each known mistake, and what is said of it.
        otherwise: what is said where no mistake is near; `side_of` says on which side it lies.
        near_mistake: how far from a mistake is that mistake; as `near` if not given.
    """
    reach = near if near_mistake is None else near_mistake

    def judge(values: Values) -> Judgement:
        given = float(values[name])
        if abs(given - value) <= near:
            return right()
        if reason := _nearest(given, mistakes, reach):
            return not_yet(reason)
        return not_yet(otherwise(given) if callable(otherwise) else otherwise)

    return judge


def _nearest(given: float, mistakes: Sequence[tuple[float, Text]], near: float) -> Text:
    if not mistakes:
        return ""
    value, reason = min(mistakes, key=lambda mistake: abs(given - mistake[0]))
    return reason if abs(given - value) <= near else ""


def side_of(value: float, way: Text) -> SaysOfNumber:
    """On which side of a number the right one lies, and the way there."""

    def reason(given: float) -> Text:
        side = say("more") if given < value else say("less")
        return say("It is {side} than that. {way}", side=side, way=way)

    return reason


def in_range(
    truth: float, widest: float, too_sure: Text, too_wide: Text, *, low: str = "low", high: str = "high"
) -> Judge:
    """A range: its ends in order, the truth in it, and narrow enough to decide by.

    Args:
        truth: what it was; kept beside the range, see `Stated`.
        widest: how wide a range may be.
        too_sure, too_wide: what is said of a range without the truth, and of one that would hold anything.
        low, high: names of its ends.
    """

    def judge(values: Values) -> Judgement:
        first, last = values[low], values[high]
        if first > last:
            return not_yet(say("The lower end is above the upper one."))
        stated = Stated(first, last, truth)
        if not stated.holds:
            return Judgement(too_sure, stated=stated)
        return Judgement(too_wide if last - first > widest else "", stated=stated)

    return judge


def only_if(ready: Callable[[Values], bool], first: Text, judge: Judge) -> Judge:
    """A question about another one's answer: `first` is said where that is missing."""

    def judged(values: Values) -> Judgement:
        return judge(values) if ready(values) else not_yet(first)

    return judged


def unless(objection: Callable[[Values], Text], judge: Judge) -> Judge:
    """As `judge`, but for an objection of the lesson's own, which goes before; a range it is about is kept."""

    def judged(values: Values) -> Judgement:
        verdict = judge(values)
        return replace(verdict, objection=objection(values) or verdict.objection)

    return judged
