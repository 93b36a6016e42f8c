"""A lesson's questions in JupyterLab: an answer, its mark, hints one after another, the solution, and what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from IPython.display import display

from creatorbook.acts import learners
from creatorbook.findings import Findings, Note, Text, say, sentences, written
from creatorbook.findings.formats import Formats
from creatorbook.findings.render import show_style
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply
from creatorbook.forms.shown import shown_findings
from creatorbook.training.answers import NUMBERS, Ask
from creatorbook.training.lesson import STATUS_WORDS, Lesson, Mark
from creatorbook.training.lessons import TITLES, next_lesson
from creatorbook.training.papers import certificate, question_html

CHECK, HINT, SOLUTION = "Check", "Hint", "Show the solution"


def learner() -> None:
    """Who is learning on this computer; asked once, and marks are kept from then on."""
    _show(learner_form(), "<p>Marks are kept in JupyterLab, once you say who you are.</p>")


def question(lesson: Lesson, name: str) -> None:
    """A question of a lesson, to be answered and marked; where nothing can be pressed, what is asked."""
    one = lesson.question(name)
    _show(question_form(lesson, name), question_html(lesson, one, STATUS_WORDS["not attempted"]))


def lesson_end(lesson: Lesson) -> None:
    """How the lesson went, the certificate, and the next lesson."""
    _show(end_form(lesson), "<p>In JupyterLab: how it went, and your certificate.</p>")


def learner_form() -> Form:
    """The form of `learner`."""

    def keep(values: Mapping[str, Any]) -> Reply:
        name = learners.name_learner(values["learner"])
        return Reply(f"{name}: your marks are kept on this computer from now on.")

    asked = Field("learner", "Your name", value=learners.current_learner() or None, required=True)
    return Form(
        "Who is learning?",
        [asked],
        [Button("That is me", keep)],
        intro="Ask once. Your marks stay on this computer, in learners/, and make your certificate.",
    )


def question_form(lesson: Lesson, name: str) -> Form:
    """The form of `question`."""
    one, attempt = lesson.question(name), lesson.attempt
    before = attempt.answers

    def check(values: Mapping[str, Any]) -> Reply:
        before.update(values)
        mark = next(mark for mark in lesson.mark(before) if mark.question == name)
        attempt.marks[name] = mark
        words = written(
            sentences(say("{status}.", status=STATUS_WORDS[mark.status]), mark.reason), lesson.formats
        )
        return Reply(words, _below(lesson, mark, _kept(lesson, mark)), done=mark.status == "right")

    def hint(_values: Mapping[str, Any]) -> Reply:
        asked = min(attempt.hints.get(name, 0) + 1, len(one.hints))
        attempt.hints[name] = asked
        return Reply(f"Hint {asked} of {len(one.hints)}.", _notes(lesson, *one.hints[:asked]))

    def solution(_values: Mapping[str, Any]) -> Reply:
        attempt.solved.add(name)
        return Reply(
            "The solution. Another number in the first cell makes another exercise.",
            _notes(lesson, one.solution),
        )

    number = lesson.questions.index(one) + 1
    return Form(
        f"{number} · {written(one.title, lesson.formats)}",
        [_field(asked, lesson.formats, before.get(asked.name)) for asked in one.asked],
        [Button(CHECK, check), Button(HINT, hint, "look"), Button(SOLUTION, solution, "look")],
    )


def end_form(lesson: Lesson) -> Form:
    """The form of `lesson_end`."""

    def overview(_values: Mapping[str, Any]) -> Reply:
        marks = lesson.mark(lesson.attempt.answers)
        done = sum(mark.status == "right" for mark in marks)
        following = next_lesson(lesson.name)
        words: Text = say("Right so far: {done} of {n} questions.", done=done, n=len(marks))
        if following:
            words = sentences(words, say("The next lesson: {title}.", title=TITLES[following]))
        return Reply(written(words, lesson.formats), shown_findings(lesson.overview(marks)))

    def page(_values: Mapping[str, Any]) -> Reply:
        name = learners.current_learner()
        if not name:
            return Reply("Nobody has said who is learning: do so at the top.", done=False)
        path = learners.write_certificate(name, certificate(learners.progress_of(name), lesson.formats))
        return Reply("Your certificate is made; print it from the browser.", files={path.name: path})

    return Form(
        "How did it go?", [], [Button("My marks", overview, "look"), Button("My certificate", page, "plain")]
    )


def _field(asked: Ask, formats: Formats, value: Any) -> Field:
    """The control of what is asked. A number is typed as text: a browser's own field takes no `0,12`."""
    kind: Any = {"choice": "choice", "choices": "choices", "order": "order", "words": "lines"}.get(
        asked.kind, "text"
    )
    unit = {"share": "%", "money": formats.currency_sign}.get(asked.kind, written(asked.unit, formats))
    return Field(
        asked.name,
        written(asked.label, formats),
        kind,
        value,
        {name: written(words, formats) for name, words in asked.options.items()},
        unit=unit if asked.kind in NUMBERS else "",
        help=written(asked.help, formats),
    )


def _kept(lesson: Lesson, mark: Mark) -> Text:
    """Keep a mark; a sentence where it was not."""
    name = learners.current_learner()
    if mark.status == "not attempted":
        return ""
    if not name:
        return say("This mark is not kept: say who you are at the top.")
    learners.keep_mark(name, lesson, mark)
    return ""


def _below(lesson: Lesson, mark: Mark, warning: Text) -> str:
    """What is shown under a mark: how the answer was read, and what is true beside it."""
    read = say("Your answer: {answer}.", answer=mark.read) if mark.read else ""
    words = sentences(read, warning)
    items = (*mark.shown, Note(words, "method")) if read or warning else mark.shown
    return shown_findings(Findings("training", items, lesson.formats)) if items else ""


def _notes(lesson: Lesson, *texts: Text) -> str:
    return shown_findings(Findings("training", tuple(Note(text) for text in texts), lesson.formats))


def _show(form: Form, instead: str) -> None:
    """Show a form, with what stands in its place where a page holds no widgets."""
    show_style()
    view = {"version_major": 2, "version_minor": 1, "model_id": form.model_id}
    display(
        {"application/vnd.jupyter.widget-view+json": view, "text/html": instead, "text/plain": "A form."},
        raw=True,
    )
