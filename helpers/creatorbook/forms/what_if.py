"""`forms.what_if`: another assumption, and what a step then says, beside what it says now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from creatorbook.acts.what_ifs import Trial, trials
from creatorbook.book import Book
from creatorbook.findings import Capital, Findings, Text, joined, say, sentences, written
from creatorbook.forms.answers import answer_html, content_of
from creatorbook.forms.fields import Field
from creatorbook.forms.form import Button, Form, Reply, show_form


def what_if(book: Book, step: Callable[[Book], Findings], *names: str) -> None:
    """Controls for assumptions, and what a step says under them; nothing is written, nothing outside `explore` mode.

    Args:
        book: the campaign.
        step: a step function such as `goals.break_even`.
        names: of assumptions, as `acts.what_ifs.MAKERS` has them.
    """
    if book.mode == "explore":
        show_form(book, what_if_form(book, step, *names), "A form: what another assumption would change.")


def what_if_form(book: Book, step: Callable[[Book], Findings], *names: str) -> Form:
    """The form of `what_if`."""
    asked = trials(book, step.__name__, names)
    present = step(book)
    fields = [one for each in asked for one in _fields(book, each)]

    def moved(values: Mapping[str, Any]) -> Reply:
        tried = _tried(asked, values)
        changes = [one.changes(value) for one, value in tried]
        there = book.trying(**{name: value for change in changes for name, value in change.items()})
        now = step(there) if tried else present
        words = _words(tried, same=bool(tried) and content_of(now) == content_of(present))
        return Reply(written(words, book.formats), answer_html(now, present))

    def as_it_was(_values: Mapping[str, Any]) -> Reply:
        return Reply(
            _as_it_was(book), answer_html(present, present), values={one.name: one.value for one in fields}
        )

    title = written(say("What if?"), book.formats)
    back = written(say("As it was"), book.formats)
    return Form(
        title, fields, [Button(back, as_it_was, "look")], html=answer_html(present, present), moved=moved
    )


def _fields(book: Book, one: Trial) -> list[Field]:
    """The control of an assumption and, where files tell it, the tick that lets another value count."""
    f = book.formats
    unit = {"share": "%", "percent": "%", "money": f.currency_sign, "rule": ""}[one.kind]
    label, help_text = written(one.label, f), written(one.help, f)
    if one.kind == "rule":
        words = {rule: written(Capital(text), f) for rule, text in one.rules.items()}
        return [
            Field(
                one.name,
                label,
                "choice",
                one.value,
                words,
                help=help_text,
                required=True,
                off=written(one.idle, f),
            )
        ]
    off = one.idle or one.asleep
    wakes = bool(one.asleep and not one.idle)
    control = Field(
        one.name, label, "slider", one.value, unit="points of %" if one.kind == "percent" else unit, help=help_text,
        low=one.low, high=one.high, step=one.step, off=written(off, f), wakes_with=f"try_{one.name}" if wakes else "",
    )  # fmt: skip
    if not wakes:
        return [control]
    tick = say("{label}: try another amount anyway", label=one.label)
    if one.kind == "share":
        tick = say("{label}: try another share anyway", label=one.label)
    return [control, Field(f"try_{one.name}", written(tick, f), "tick", value=False)]


def _tried(asked: Sequence[Trial], values: Mapping[str, Any]) -> list[tuple[Trial, Any]]:
    """The assumptions that are to be others than they are, with their values."""
    tried = []
    for one in asked:
        value = values.get(one.name)
        if one.idle or value is None:
            continue
        anyway = bool(one.asleep) and bool(values.get(f"try_{one.name}"))
        other = value != one.value if one.kind == "rule" else abs(value - one.value) > one.step / 4
        if anyway or (other and not one.asleep):
            tried.append((one, value))
    return tried


def _as_it_was(book: Book) -> str:
    return written(say("As it is: what the files and settings say."), book.formats)


def _words(tried: Sequence[tuple[Trial, Any]], *, same: bool) -> Text:
    """What is tried in place of what, and why that changes nothing, where it does not."""
    if not tried:
        return say("As it is: what the files and settings say.")
    parts = joined(
        say(
            "{label} {now} in place of {before}",
            label=one.label,
            now=one.written(value),
            before=one.written(one.value),
        )
        for one, value in tried
    )
    tells = say("Tried: {parts}.", parts=parts)
    if not same:
        return tells
    reasons = [reason for one, value in tried if (reason := one.unmoved(value))]
    return sentences(tells, say("The answer stays the same."), *reasons)
