"""The frame of every lesson: what is shown, what is asked, and a mark in three outcomes for each answer.

A lesson is made from a seed. Its checkers call the product's own functions and the simulator's truth; `Lesson.mark` needs
no browser, so that every lesson can be played headless.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from creatorbook.findings import Column, Findings, Note, Table, Text, joined, say, sentences
from creatorbook.findings.formats import Formats
from creatorbook.training.answers import Ask, UnreadError

Status = Literal["right", "not yet", "not attempted"]

STATUS_WORDS: dict[Status, Text] = {
    "right": say("Right"),
    "not yet": say("Not yet"),
    "not attempted": say("Not attempted"),
}

#: Name of what is asked → the answer that was read; None where there is none.
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Stated:
    """A range that a learner stated for something whose truth is known.

    Attributes:
        low, high: the ends of the range.
        truth: what it was.
        level: how often such ranges are meant to hold.
    """

    low: float
    high: float
    truth: float
    level: float = 0.9

    @property
    def holds(self) -> bool:
        """Whether the truth lies within."""
        return self.low <= self.truth <= self.high


@dataclass(frozen=True)
class Worth:
    """What a decision is worth beside others.

    Attributes:
        value: of the learner's decision, in money.
        best: of the best decision there was.
    """

    value: float
    best: float


@dataclass(frozen=True)
class Judgement:
    """What a question's checker says of an answer.

    Attributes:
        objection: why it is not right yet, in the trade's words; empty if it is right.
        shown: what is shown of the truth beside it.
        stated, score: of a range and of a decision.
    """

    objection: Text = ""
    shown: tuple[Table | Note, ...] = ()
    stated: Stated | None = None
    score: Worth | None = None


@dataclass(frozen=True)
class Mark:
    """The mark of one question.

    Attributes:
        question: its name.
        status: right, not yet, or not attempted.
        reason: why, in the trade's words.
        read: how the answer was read.
        shown, stated, score: as `Judgement`.
    """

    question: str
    status: Status
    reason: Text
    read: Text = ""
    shown: tuple[Table | Note, ...] = ()
    stated: Stated | None = None
    score: Worth | None = None


@dataclass(frozen=True)
class Question:
    """One question of a lesson.

    Attributes:
        name: one of a kind within the lesson.
        title: the question in a line.
        asked: what is to be answered.
        right: the right answers, by name of what is asked.
        why: the reasoning that the solution shows.
        judge: what a checker says of answers that are all there; it gets those of the whole lesson.
        hints: from a nudge to nearly the answer.
        praise: what is said of a right answer.
        rubric: of written work, what a trainer reads it for; what can be checked is checked.
    """

    name: str
    title: Text
    asked: tuple[Ask, ...]
    right: Mapping[str, Any]
    why: Text
    judge: Callable[[Values], Judgement]
    hints: tuple[Text, ...]
    praise: Text = ""
    rubric: tuple[Text, ...] = ()

    def mark(self, values: Values) -> Mark:
        """The mark of answers that were read."""
        own = [one for one in self.asked if values.get(one.name) is not None]
        if not own:
            return Mark(self.name, "not attempted", say("There is no answer yet."))
        answers = [one.shown(values[one.name]) for one in own]
        if len(self.asked) > 1:
            answers = [
                say("{label}: {answer}", label=one.label, answer=answer)
                for one, answer in zip(own, answers, strict=True)
            ]
        read = joined(answers, by="; ")
        if len(own) < len(self.asked):
            missing = joined([one.label for one in self.asked if one not in own], by="; ")
            return Mark(self.name, "not yet", say("Still to be answered: {missing}.", missing=missing), read)
        verdict = self.judge(values)
        status: Status = "not yet" if verdict.objection else "right"
        reason = verdict.objection or self.praise
        shown = (*verdict.shown, *([] if verdict.objection else self.to_be_read))
        return Mark(self.name, status, reason, read, shown, verdict.stated, verdict.score)

    @property
    def to_be_read(self) -> list[Note]:
        """What a trainer reads written work for; nothing of other answers."""
        if not self.rubric:
            return []
        return [Note(say("Your trainer reads it for this: {rubric}", rubric=joined(self.rubric, by=" ")))]

    @property
    def solution(self) -> Text:
        """The right answers and the reasoning."""
        answers = [
            say("{label}: {answer}", label=one.label, answer=one.shown(self.right[one.name])) if len(self.asked) > 1 else one.shown(self.right[one.name])
            for one in self.asked
            if self.right.get(one.name) is not None
        ]  # fmt: skip
        return (
            sentences(say("{answers}.", answers=joined(answers, by="; ")), self.why) if answers else self.why
        )


@dataclass
class Attempt:
    """What a learner has done in a lesson that is open: kept with the kernel, never in the notebook.

    Attributes:
        answers: as they were typed, by name of what is asked.
        hints: question → hints asked for.
        solved: questions whose solution was looked at.
        marks: question → the last mark.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    solved: set[str] = field(default_factory=set)
    marks: dict[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True)
class Parts:
    """What a lesson's module makes of a seed.

    Attributes:
        evidence: name → what is shown before a question.
        questions: in order.
    """

    evidence: Mapping[str, Callable[[], Sequence[Any]]]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Lesson:
    """One exercise of one lesson.

    Attributes:
        name: of its notebook, as `08_spend_a_budget`.
        title: what it is about.
        seed: another seed is another exercise.
        formats: how numbers are written for the learner.
        evidence: name → what is shown before a question.
        questions: in order.
        attempt: what the learner has done with it.
    """

    name: str
    title: Text
    seed: int
    formats: Formats
    evidence: Mapping[str, Callable[[], Sequence[Any]]]
    questions: tuple[Question, ...]
    attempt: Attempt = field(default_factory=Attempt, compare=False, repr=False)

    def shown(self, name: str) -> Findings:
        """A piece of evidence, to be shown."""
        return Findings("training", tuple(self.evidence[name]()), self.formats)

    def question(self, name: str) -> Question:
        """A question by its name."""
        return next(one for one in self.questions if one.name == name)

    def mark(self, answers: Mapping[str, Any]) -> list[Mark]:
        """The marks of answers as they were typed, one per question; whatever is typed, a mark comes back."""
        values, faults = self.read(answers)
        marks = []
        for question in self.questions:
            fault = next((faults[one.name] for one in question.asked if one.name in faults), None)
            marks.append(question.mark(values) if fault is None else Mark(question.name, "not yet", fault))
        return marks

    def read(self, answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Text]]:
        """Answers by name, in types, and of those that cannot be read what was expected."""
        values: dict[str, Any] = {}
        faults: dict[str, Text] = {}
        for one in (asked for question in self.questions for asked in question.asked):
            values[one.name] = None
            try:
                values[one.name] = one.read(answers.get(one.name))
            except UnreadError as unread:
                faults[one.name] = unread.reason
        return values, faults

    @property
    def master(self) -> dict[str, Any]:
        """The right answer to everything that is asked, as a learner would type it."""
        return {
            asked.name: asked.typed(question.right[asked.name])
            for question in self.questions
            for asked in question.asked
        }

    def solution(self, name: str) -> Findings:
        """A question's solution, as the trainer's copy of the notebook shows it."""
        return Findings(
            "training",
            (Note(say("Solution: {solution}", solution=self.question(name).solution), "method"),),
            self.formats,
        )

    def overview(self, marks: Sequence[Mark]) -> Findings:
        """The marks of a whole lesson."""
        rows = [
            {
                "question": self.question(mark.question).title,
                "mark": STATUS_WORDS[mark.status],
                "reason": mark.reason,
            }
            for mark in marks
        ]
        columns = {"question": Column("Question"), "mark": Column("Mark"), "reason": Column("Why")}
        return Findings(
            "training",
            (Table("training.marks", say("How it went"), pd.DataFrame(rows), columns),),
            self.formats,
        )


def right() -> Judgement:
    """Nothing to object."""
    return Judgement()


def not_yet(objection: Text) -> Judgement:
    """An objection and nothing else."""
    return Judgement(objection)
