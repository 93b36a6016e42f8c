"""The track of lessons, in the order of its numbers; each opens by its name and a seed."""

from __future__ import annotations

from importlib import import_module

from creatorbook.findings import Text, say
from creatorbook.problems import Problem
from creatorbook.training.lesson import Lesson
from creatorbook.training.worlds import lesson_formats

#: Name of a lesson, as its notebook's, in the order of the track → what it is called.
TITLES: dict[str, Text] = {
    "01_what_is_micro": say("What is micro?"),
    "02_can_it_pay": say("Can it pay?"),
    "04_needs_a_question": say("Who needs a question?"),
    "06_message_and_brief": say("The message and the brief"),
    "08_spend_a_budget": say("Spend a budget"),
    "10_label_it": say("Label it"),
    "12_climb_the_ladder": say("Climb the ladder"),
    "13_who_won": say("Who won?"),
    "14_whose_order": say("Whose order was it?"),
    "16_tell_the_client": say("Tell the client"),
}
TRACK = tuple(TITLES)


def open_lesson(name: str, seed: int, language: str = "en") -> Lesson:
    """One exercise of a lesson.

    Args:
        name: one of `TRACK`.
        seed: the same seed gives the same exercise; another one another.
        language: of the learner; numbers and captions are in it.

    Raises:
        Problem: there is no such lesson.
    """
    if name not in TRACK:
        raise Problem(f"there is no lesson “{name}”", todo=f"The lessons are: {', '.join(TRACK)}.")
    made = import_module(f"creatorbook.training.{name[3:]}").parts(seed, language)
    return Lesson(name, TITLES[name], seed, lesson_formats(language), made.evidence, made.questions)


def next_lesson(name: str) -> str:
    """The lesson after this one; empty after the last."""
    return next((one for one in TRACK if one > name), "")
