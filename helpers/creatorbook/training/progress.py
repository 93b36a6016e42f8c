"""What a learner has done, read from the lines that were kept of it: mastered, missed, and how well ranges held."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

from creatorbook.findings import written
from creatorbook.training.lesson import Lesson, Mark, Stated, Status, Worth
from creatorbook.training.lessons import TRACK


@dataclass(frozen=True)
class KeptMark:
    """One mark that was kept.

    Attributes:
        lesson, seed, question, number: which one; questions count from 1.
        questions: how many questions the lesson has.
        status: the mark.
        hints: how many hints had been asked for.
        solved: whether the solution had been looked at before.
        stated, score: of a range and of a decision.
        text: of written work, for the trainer to read.
    """

    lesson: str
    seed: int
    question: str
    number: int
    questions: int
    status: Status
    hints: int = 0
    solved: bool = False
    stated: Stated | None = None
    score: Worth | None = None
    text: str = ""

    @classmethod
    def of(cls, lesson: Lesson, mark: Mark) -> KeptMark:
        """What is kept of a mark."""
        names = [question.name for question in lesson.questions]
        hints, solved = lesson.attempt.hints.get(mark.question, 0), mark.question in lesson.attempt.solved
        number = names.index(mark.question) + 1
        text = written(mark.read, lesson.formats) if lesson.question(mark.question).rubric else ""
        return cls(
            lesson.name, lesson.seed, mark.question, number, len(names), mark.status, hints, solved, mark.stated, mark.score, text
        )  # fmt: skip

    def line(self) -> str:
        """As one line of a learner's file."""
        plain = {name: value for name, value in vars(self).items() if value is not None and value != ""}
        for name in ("stated", "score"):
            if name in plain:
                plain[name] = vars(plain[name])
        return json.dumps(plain, ensure_ascii=False)


@dataclass(frozen=True)
class Progress:
    """A learner's progress.

    Attributes:
        learner: the name, as it was given.
        entries: marks, oldest first.
    """

    learner: str
    entries: tuple[KeptMark, ...] = ()
    unread: int = field(default=0, compare=False)

    @property
    def mastered(self) -> list[str]:
        """Lessons of which every question of one exercise was answered rightly before its solution was looked at."""
        return [name for name in TRACK if any(self._whole(name, seed) for seed in self._seeds(name))]

    @property
    def begun(self) -> list[str]:
        """Lessons with any mark."""
        return [name for name in TRACK if self._seeds(name)]

    def missed(self, lesson: str) -> list[int]:
        """Numbers of the questions of a lesson's last exercise that were tried and are not right yet, or whose solution was looked at first."""
        last = self._seeds(lesson)[-1:]
        tried = [entry for entry in self.entries if entry.lesson == lesson and entry.seed in last]
        done = self._right(lesson, last[0]) if last else set()
        return sorted({entry.number for entry in tried if entry.question not in done})

    @property
    def stated(self) -> list[Stated]:
        """The first range that was stated to each question of each exercise: later ones know the answer."""
        first: dict[tuple[str, int, str], Stated] = {}
        for entry in self.entries:
            if entry.stated and not entry.solved:
                first.setdefault((entry.lesson, entry.seed, entry.question), entry.stated)
        return list(first.values())

    @property
    def scores(self) -> list[tuple[str, Worth]]:
        """The first decision of each exercise: lesson and score."""
        first: dict[tuple[str, int, str], Worth] = {}
        for entry in self.entries:
            if entry.score and not entry.solved:
                first.setdefault((entry.lesson, entry.seed, entry.question), entry.score)
        return [(key[0], score) for key, score in first.items()]

    @property
    def texts(self) -> list[KeptMark]:
        """The last written work of each question of each exercise whose checks it passed."""
        last = {
            (one.lesson, one.seed, one.question): one
            for one in self.entries
            if one.text and one.status == "right"
        }
        return list(last.values())

    def _seeds(self, lesson: str) -> list[int]:
        return list(dict.fromkeys(entry.seed for entry in self.entries if entry.lesson == lesson))

    def _right(self, lesson: str, seed: int) -> set[str]:
        own = [entry for entry in self.entries if (entry.lesson, entry.seed) == (lesson, seed)]
        return {entry.question for entry in own if entry.status == "right" and not entry.solved}

    def _whole(self, lesson: str, seed: int) -> bool:
        wanted = max(
            entry.questions for entry in self.entries if (entry.lesson, entry.seed) == (lesson, seed)
        )
        return len(self._right(lesson, seed)) >= wanted


def read_progress(text: str) -> Progress:
    """A learner's file: the name in its first line, then a mark a line; lines that are none of ours are counted only."""
    learner, entries, unread = "", [], 0
    for line in text.splitlines():
        try:
            plain = json.loads(line)
            if set(plain) == {"learner"}:
                learner = str(plain["learner"])
            else:
                entries.append(_entry(plain))
        except (ValueError, TypeError, KeyError, AttributeError):
            unread += 1
    return Progress(learner, tuple(entries), unread)


def _entry(plain: Mapping[str, Any]) -> KeptMark:
    if plain["status"] not in get_args(Status):
        raise ValueError(plain["status"])
    stated, score = plain.get("stated"), plain.get("score")
    return KeptMark(
        lesson=str(plain["lesson"]),
        seed=int(plain["seed"]),
        question=str(plain["question"]),
        number=int(plain["number"]),
        questions=int(plain["questions"]),
        status=plain["status"],
        hints=int(plain.get("hints", 0)),
        solved=bool(plain.get("solved", False)),
        stated=Stated(**{name: float(value) for name, value in stated.items()}) if stated else None,
        score=Worth(**{name: float(value) for name, value in score.items()}) if score else None,
        text=str(plain.get("text", "")),
    )


def of_group(several: Sequence[Progress]) -> dict[str, int]:
    """Lesson → how many of a group have mastered it."""
    return {name: sum(name in one.mastered for one in several) for name in TRACK}
