"""A learner's marks: kept line by line, read back, and made into a certificate and a group's overview."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from creatorbook.acts import academy, learners
from creatorbook.cli import app
from creatorbook.client import repository
from creatorbook.findings import written
from creatorbook.findings.formats import Formats
from creatorbook.forms.lesson import CHECK, HINT, SOLUTION, end_form, learner_form, question_form
from creatorbook.problems import Problem
from creatorbook.training.lesson import Attempt, Lesson, Stated
from creatorbook.training.lessons import open_lesson
from creatorbook.training.papers import certificate, group_report
from creatorbook.training.progress import Progress, read_progress
from creatorbook.training.score import how_ranges_held

NAME = "08_spend_a_budget"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "LEARNERS", tmp_path / "learners")


@cache
def _opened() -> Lesson:
    return open_lesson(NAME, 3)


@pytest.fixture
def lesson() -> Lesson:
    """A lesson that nobody has tried yet."""
    return replace(_opened(), attempt=Attempt())


def answer(lesson: Lesson, name: str, press: str = CHECK, **changed: Any) -> dict[str, Any]:
    """Press a button of a question, the master's answers filled in but for some."""
    answers = {asked.name: lesson.master[asked.name] for asked in lesson.question(name).asked} | changed
    return question_form(lesson, name).press(press, answers)


def test_marks_are_kept_once_somebody_has_a_name(lesson: Lesson) -> None:
    """Before that they are shown and not kept, and it is said so."""
    form = question_form(lesson, "lucky")
    assert form.press(CHECK, {"lucky": lesson.master["lucky"]})["ok"]
    assert "not kept" in form.html
    assert learner_form().press("That is me", {"learner": " Mia  Ä "})["ok"]
    assert learners.current_learner() == "Mia Ä"
    for question in lesson.questions:
        assert answer(lesson, question.name)["ok"]
    progress = learners.progress_of("Mia Ä")
    assert progress.learner == "Mia Ä"
    assert progress.mastered == [NAME]
    assert [stated.holds for stated in progress.stated] == [True]


def test_an_untouched_question_is_not_kept_and_a_wrong_one_is(lesson: Lesson) -> None:
    learners.name_learner("Mia")
    assert not answer(lesson, "lucky", lucky=None)["ok"]
    assert not answer(lesson, "expected", orders="many")["ok"]
    progress = learners.progress_of("Mia")
    assert [entry.status for entry in progress.entries] == ["not yet"]
    assert progress.missed(NAME) == [2]


def test_whoever_looked_at_the_solution_has_not_mastered_it(lesson: Lesson) -> None:
    learners.name_learner("Mia")
    answer(lesson, "range", press=SOLUTION)
    for question in lesson.questions:
        answer(lesson, question.name)
    progress = learners.progress_of("Mia")
    assert progress.mastered == []
    assert progress.stated == []
    assert progress.missed(NAME) == [4]


def test_only_the_first_range_counts(lesson: Lesson) -> None:
    """Whoever states it again knows the answer."""
    learners.name_learner("Mia")
    answer(lesson, "fund")
    answer(lesson, "range", low=1, high=2)
    answer(lesson, "range")
    assert [stated.holds for stated in learners.progress_of("Mia").stated] == [False]


def test_hints_come_in_steps_and_stay(lesson: Lesson) -> None:
    words = [answer(lesson, "fund", press=HINT)["words"] for _ in range(4)]
    assert words == ["Hint 1 of 3.", "Hint 2 of 3.", "Hint 3 of 3.", "Hint 3 of 3."]


def test_the_end_tells_marks_and_the_next_lesson_and_makes_the_certificate(lesson: Lesson) -> None:
    form = end_form(lesson)
    assert form.press("My marks", {})["words"].startswith("Right so far: 0 of 4 questions.")
    assert not form.press("My certificate", {})["ok"]
    learners.name_learner("<b>Mia</b>")
    for question in lesson.questions:
        answer(lesson, question.name)
    assert form.press("My marks", {})["words"].startswith("Right so far: 4 of 4 questions.")
    assert form.press("My certificate", {})["ok"]
    page = next(repository.LEARNERS.glob("*.html")).read_text(encoding="utf-8")
    assert "&lt;b&gt;Mia" in page
    assert "mastered" in page


def test_a_full_disk_is_said(lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    learners.name_learner("Mia")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(learners, "append_text", full)
    reply = answer(lesson, "lucky")
    assert not reply["ok"]
    assert reply["words"].startswith("Nothing was written")


def test_no_name_is_no_learner() -> None:
    with pytest.raises(Problem, match="no name"):
        learners.name_learner("  ")


@pytest.mark.parametrize("line", ["{", "[]", "null", '{"lesson": 1}', '{"status": "brilliant"}', "=1+1", '{"learner": 5, "x": 1}'])  # fmt: skip
def test_a_line_of_somebody_elses_is_passed_over(line: str, lesson: Lesson) -> None:
    """A learner's file may have been edited; what is whole of it counts."""
    learners.name_learner("Mia")
    answer(lesson, "lucky")
    text = (repository.LEARNERS / "mia.jsonl").read_text(encoding="utf-8")
    progress = read_progress(text + line + "\n")
    assert progress.unread == 1
    assert len(progress.entries) == 1


def test_a_group_is_told_person_by_person_and_lesson_by_lesson(lesson: Lesson) -> None:
    for name in ("Mia", "Noor"):
        learners.name_learner(name)
        answer(lesson, "lucky")
    for question in lesson.questions:
        answer(lesson, question.name)
    group = learners.progress_in(repository.LEARNERS)
    assert [(one.learner, one.mastered) for one in group] == [("Mia", []), ("Noor", [NAME])]
    page = group_report(group, Formats())
    assert "Mia" in page
    assert "50%" in page
    with pytest.raises(Problem, match="no learner"):
        learners.progress_in(repository.LEARNERS / "nowhere")


@pytest.mark.parametrize(
    ("holding", "n", "words"),
    [(0, 0, "No range"), (3, 3, "cannot tell yet"), (4, 20, "too narrow"), (18, 20, "agrees"), (60, 60, "wider than")],
)  # fmt: skip
def test_calibration(holding: int, n: int, words: str) -> None:
    """Too few say nothing; too narrow and too wide are told apart."""
    stated = [Stated(0, 1, 0.5 if at < holding else 2) for at in range(n)]
    assert words in written(how_ranges_held(stated), Formats())


def test_a_certificate_without_anything_says_so() -> None:
    page = certificate(Progress("Mia"), Formats())
    assert "not begun" in page
    assert "0 of" in page


def test_the_command_prints_a_groups_page_and_handouts(
    lesson: Lesson, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`academy report DIR` beside the learners' files; `academy handouts DIR` a handout and a key per lesson."""
    monkeypatch.setattr(academy, "TRACK", (NAME,))
    learners.name_learner("Mia")
    answer(lesson, "lucky")
    run = CliRunner()
    assert run.invoke(app, ["academy", "report", str(repository.LEARNERS)]).exit_code == 0
    assert "Mia" in (repository.LEARNERS / "progress.html").read_text(encoding="utf-8")
    assert run.invoke(app, ["academy", "handouts", str(tmp_path / "paper"), "--seed", "7"]).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "paper").glob("*.html")) == [
        f"{NAME}-7-handout.html",
        f"{NAME}-7-key.html",
    ]
    assert isinstance(run.invoke(app, ["academy", "sing", str(tmp_path)]).exception, Problem)


def test_written_work_waits_for_the_trainer() -> None:
    """The last text whose checks it passed stands on the group's page, and no other answer does."""
    learners.name_learner("Mia")
    written_lesson = open_lesson("06_message_and_brief", 3)
    for name, text in (
        ("message", "Too short"),
        ("message", written_lesson.master["message"]),
        ("order", None),
    ):
        answers = {"message": text} if text else {"order": written_lesson.master["order"]}
        question_form(written_lesson, name).press(CHECK, answers)
    progress = learners.progress_of("Mia")
    assert [entry.text for entry in progress.texts] == [written_lesson.master["message"]]
    page = unescape(group_report([progress], Formats()))
    assert written_lesson.master["message"] in page
    assert "Too short" not in page
