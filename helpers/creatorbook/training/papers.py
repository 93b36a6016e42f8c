"""What is printed of lessons: a learner's certificate, a handout and a trainer's key of each lesson, a group's overview."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import pandas as pd
from jinja2 import Environment
from markupsafe import Markup, escape

from creatorbook.findings import Column, Count, Findings, Money, Note, Table, Text, joined, say, written
from creatorbook.findings.browser import browser_text
from creatorbook.findings.formats import Formats
from creatorbook.findings.render import findings_html, picture_address
from creatorbook.text.plain_text import for_page
from creatorbook.training.answers import Ask
from creatorbook.training.lesson import Lesson, Question
from creatorbook.training.lessons import TITLES, TRACK
from creatorbook.training.progress import Progress, of_group
from creatorbook.training.score import how_ranges_held


def certificate(progress: Progress, formats: Formats) -> str:
    """One page of a learner: what was mastered and missed, how well stated ranges held, and what decisions were worth."""
    rows = [_row(progress, name) for name in TRACK]
    columns = {
        "lesson": Column(say("Lesson")),
        "state": Column(say("State")),
        "missed": Column(say("To look at again")),
    }
    items: tuple[Table | Note, ...] = (
        Table("training.certificate", say("The lessons"), pd.DataFrame(rows), columns, rows=len(TRACK)),
        Note(how_ranges_held(progress.stated)),
        *([Note(_decisions(progress))] if progress.scores else []),
    )
    lead = say(
        "{n} of {all} lessons mastered, on campaigns whose truth is known.",
        n=Count(len(progress.mastered)),
        all=Count(len(TRACK)),
    )
    return _paper(
        say("Certificate of {name}", name=progress.learner),
        lead,
        [("", findings_html(Findings("training", items, formats)))],
        formats,
        signed=(say("Day"), say("Trainer")),
    )


def _row(progress: Progress, name: str) -> dict[str, Text]:
    if name in progress.mastered:
        state: Text = say("mastered")
    elif name in progress.begun:
        state = say("begun")
    else:
        state = say("not begun")
    return {
        "lesson": say("{n} · {title}", n=name[:2], title=TITLES[name]),
        "state": state,
        "missed": joined([say("question {n}", n=number) for number in progress.missed(name)]),
    }


def _decisions(progress: Progress) -> Text:
    """What first decisions were worth beside the best there was."""
    value, best = (sum(getattr(score, end) for _, score in progress.scores) for end in ("value", "best"))
    return say(
        "First decisions in {n} exercises were worth {value}; the best there were, {best}.",
        n=Count(len(progress.scores)), value=Money(value), best=Money(best),
    )  # fmt: skip


def handout(lesson: Lesson) -> str:
    """A lesson on paper: evidence, questions and lines to write on, for those without a computer at hand."""
    shown = [("", _evidence(lesson, name)) for name in lesson.evidence]
    asked = [(_numbered(lesson, question), _to_fill_in(lesson, question)) for question in lesson.questions]
    lead = say("Exercise {seed}. Name: ______________________", seed=lesson.seed)
    return _paper(lesson.title, lead, shown + asked, lesson.formats)


def key(lesson: Lesson) -> str:
    """The trainer's key: the right answers, the reasoning and the hints."""
    parts = [(_numbered(lesson, question), _solved(lesson, question)) for question in lesson.questions]
    return _paper(
        say("{title}: key", title=lesson.title),
        say("Exercise {seed}", seed=lesson.seed),
        parts,
        lesson.formats,
    )


def group_report(group: Sequence[Progress], formats: Formats) -> str:
    """A trainer's overview: who has mastered what, and how well each one's ranges held."""
    counts = of_group(group)
    people = pd.DataFrame(
        [
            {
                "learner": one.learner,
                "mastered": len(one.mastered),
                "lessons": joined([name[:2] for name in one.mastered]),
                "open": joined([name[:2] for name in one.begun if name not in one.mastered]),
                "ranges": len(one.stated),
                "held": sum(each.holds for each in one.stated),
            }
            for one in group
        ]
    )
    columns = {
        "learner": Column(say("Learner")),
        "mastered": Column(say("Mastered"), "number"),
        "lessons": Column(say("Which")),
        "open": Column(say("Begun, not yet mastered")),
        "ranges": Column(say("Ranges stated"), "number"),
        "held": Column(say("of which held"), "number"),
    }
    lessons = pd.DataFrame(
        [{"lesson": TITLES[name], "mastered": n, "share": n / len(group)} for name, n in counts.items()]
    )
    of_lessons = {
        "lesson": Column(say("Lesson")),
        "mastered": Column(say("Mastered by"), "number"),
        "share": Column(say("of the group"), "percent"),
    }
    items: tuple[Table | Note, ...] = (
        Table("training.group", say("Learners"), people, columns, rows=len(people)),
        Table("training.group_lessons", say("Lessons"), lessons, of_lessons, rows=len(lessons)),
        Note(how_ranges_held([each for one in group for each in one.stated])),
        *_to_be_read(group),
    )
    return _paper(
        say("A group's progress"),
        say("{n} learners", n=Count(len(group))),
        [("", findings_html(Findings("training", items, formats)))],
        formats,
    )


def _to_be_read(group: Sequence[Progress]) -> list[Table]:
    """Written work of which what can be checked was checked; the trainer reads it by the rubric of the lesson's key."""
    rows = [
        {"learner": one.learner, "lesson": f"{entry.lesson[:2]} · {entry.number}", "text": entry.text}
        for one in group
        for entry in one.texts
    ]
    columns = {
        "learner": Column(say("Learner")),
        "lesson": Column(say("Lesson and question")),
        "text": Column(say("Written")),
    }
    if not rows:
        return []
    note = say("The rubric stands in each lesson's key.")
    frame = pd.DataFrame(rows)
    return [
        Table("training.texts", say("To be read by the trainer"), frame, columns, note=note, rows=len(rows))
    ]


def question_html(lesson: Lesson, question: Question, status: Text) -> str:
    """A question where no form can be shown: what is asked, and its mark."""
    return f"<p><b>{_written(lesson, status)}</b></p>{_to_fill_in(lesson, question, lines=False)}"


def _numbered(lesson: Lesson, question: Question) -> Text:
    return say("{n} · {title}", n=lesson.questions.index(question) + 1, title=question.title)


def _written(lesson: Lesson, text: Text) -> str:
    return str(escape(for_page(written(text, lesson.formats))))


def _evidence(lesson: Lesson, name: str) -> str:
    """A piece of evidence; pictures stand within the page."""
    findings = lesson.shown(name)
    pictures = "".join(
        f'<p class="cb-chart"><img src="{picture_address(chart)}" alt="{escape(for_page(str(chart.alt)))}"></p>'
        for chart in findings.charts.values()
    )
    return pictures + findings_html(findings)


def _to_fill_in(lesson: Lesson, question: Question, *, lines: bool = True) -> str:
    return "".join(_asked_html(lesson, one, lines=lines) for one in question.asked)


def _asked_html(lesson: Lesson, one: Ask, *, lines: bool) -> str:
    help_text = f"<br><small>{_written(lesson, one.help)}</small>" if one.help else ""
    options = "".join(f"<li>☐ {_written(lesson, words)}</li>" for words in one.options.values())
    unit = f" ({_written(lesson, one.unit)})" if one.unit else ""
    line = '<p class="line"></p>' if lines and not options else ""
    return f"<p>{_written(lesson, one.label)}{unit}{help_text}</p>" + (
        f'<ul class="options" style="list-style:none">{options}</ul>' if options else line
    )


def _solved(lesson: Lesson, question: Question) -> str:
    hints = "".join(f"<li>{_written(lesson, hint)}</li>" for hint in question.hints)
    rubric = "".join(f"<li>☐ {_written(lesson, one)}</li>" for one in question.rubric)
    read = f'<ul style="list-style:none">{rubric}</ul>' if rubric else ""
    return f"<p>{_written(lesson, question.solution)}</p><ol>{hints}</ol><p><i>{_written(lesson, question.praise)}</i></p>{read}"


def _paper(
    title: Text, lead: Text, parts: Sequence[tuple[Text, str]], formats: Formats, signed: Sequence[Text] = ()
) -> str:
    template = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        (files(__package__) / "paper.html.j2").read_text(encoding="utf-8")
    )
    page = template.render(
        language=formats.locale,
        style=Markup(browser_text("report/house.css")),  # noqa: S704 - our own style sheet
        title=written(title, formats),
        lead=written(lead, formats),
        parts=[(written(heading, formats), Markup(html)) for heading, html in parts],  # noqa: S704 - made of escaped texts
        signed=[written(one, formats) for one in signed],
    )
    return for_page(page)
