"""What a lesson asks, and what a typed answer means: `A, C`, `0,12`, `12 %` and nothing at all are answers, too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from creatorbook.findings import Count, Money, Quantity, Share, Text, joined, say, written
from creatorbook.findings.formats import Formats

Kind = Literal["choice", "choices", "order", "number", "share", "money", "words"]

#: Kinds whose answer is a number, typed as a learner writes it.
NUMBERS = frozenset({"number", "share", "money"})

#: The option for “none of them”, where that is an answer; nothing chosen is no answer.
NONE = "none"

_NUMBER = re.compile(r"[-+−]?[\d.,'’\s]*\d")


class UnreadError(ValueError):
    """An answer that cannot be read; `reason` says what was expected."""

    def __init__(self, reason: Text) -> None:
        super().__init__()
        self.reason = reason


@dataclass(frozen=True)
class Ask:
    """One thing that is asked: one control of a form, one line of a handout.

    Attributes:
        name: of its answer, one of a kind within the lesson.
        label: what is asked, in words.
        kind: `choice` one option, `choices` any of them, `order` options in an order of preference, `number`, `share`
            (a part of a whole, written in per cent), `money`, `words` a sentence or more.
        options: value → words.
        most: of several choices, how many at most; 0 is any number.
        unit: written behind a number.
        help: a sentence below the control.
    """

    name: str
    label: Text
    kind: Kind
    options: Mapping[str, Text] = field(default_factory=dict)
    most: int = 0
    unit: Text = ""
    help: Text = ""

    def read(self, raw: Any) -> Any:
        """An answer in the type of its kind: a list, a number, a text; None where nothing was answered.

        Raises:
            UnreadError: it is no answer of this kind.
        """
        if raw is None or raw is ... or (isinstance(raw, str | list | tuple | set | frozenset) and not raw):
            return None
        if isinstance(raw, str) and not raw.strip():
            return None
        if self.kind in NUMBERS:
            return self._number(raw)
        if self.kind == "words":
            return str(raw).strip()
        chosen = self._options(raw)
        return chosen if self.kind in {"choices", "order"} else self._one(chosen)

    def typed(self, value: Any) -> Any:
        """A value as it is typed: a share in per cent."""
        return f"{value * 100:.10g} %" if self.kind == "share" else value

    def shown(self, value: Any) -> Text:
        """An answer that was read, as the learner would write it."""
        if self.kind == "share":
            return Share(value, 1 if abs(value * 100 - round(value * 100)) > 0.05 else 0)
        if self.kind == "money":
            return Money(value, 0 if abs(value - round(value)) < 0.005 else 2)
        if self.kind == "number":
            return Quantity(value, "number", 0 if float(value).is_integer() else 1)
        if self.kind == "words":
            return str(value)
        names = [value] if isinstance(value, str) else list(value)
        return joined([self.options[name] for name in names], by="; ")

    def _number(self, raw: Any) -> float:
        share = self.kind == "share"
        expected = say("Write a number, such as {example}.", example=Share(0.12) if share else Count(1250))
        if isinstance(raw, bool):
            raise UnreadError(expected)
        number = float(raw) if isinstance(raw, int | float) else typed_number(str(raw))
        if number is None or number != number or abs(number) == float("inf"):
            raise UnreadError(expected)
        percent = isinstance(raw, str) and "%" in raw
        return number / 100 if share and (percent or abs(number) > 1) else number

    def _options(self, raw: Any) -> list[str]:
        """The options that an answer names, each once; in the order they are named."""
        name_by_text = {_plain(name): name for name in self.options}
        name_by_text |= {_plain(written(words, Formats())): name for name, words in self.options.items()}
        chosen: list[str] = []
        for part in self._parts(raw, name_by_text):
            if _plain(part) not in name_by_text:
                raise UnreadError(
                    say(
                        "There is no {name}; choose among {options}.",
                        name=part,
                        options=", ".join(self.options),
                    )
                )
            name = name_by_text[_plain(part)]
            chosen += [] if name in chosen else [name]
        if self.most and len(chosen) > self.most:
            raise UnreadError(say("Choose {most} at most; you chose {n}.", most=self.most, n=len(chosen)))
        if NONE in chosen and len(chosen) > 1:
            raise UnreadError(say("“None of them” cannot stand beside others."))
        return chosen

    def _parts(self, raw: Any, name_by_text: Mapping[str, str]) -> list[str]:
        if not isinstance(raw, str):
            return [str(one) for one in (raw if isinstance(raw, list | tuple | set | frozenset) else [raw])]
        if _plain(raw) in name_by_text:
            return [raw]
        parts = [part for part in re.split(r"[,;\n]+|\band\b|\bund\b", raw) if part.strip()]
        if all(_plain(part) in name_by_text for part in parts):
            return parts
        parts = raw.replace(",", " ").replace(";", " ").split()
        letters = all(len(name) == 1 or name == NONE for name in self.options)
        return (
            list(parts[0]) if letters and len(parts) == 1 and _plain(parts[0]) not in name_by_text else parts
        )

    @staticmethod
    def _one(chosen: list[str]) -> str:
        if len(chosen) > 1:
            raise UnreadError(say("Choose one; you chose {n}.", n=len(chosen)))
        return chosen[0]


def typed_number(text: str) -> float | None:
    """A number as people type it, with either sign for decimals; None where there is none.

    `0,12`, `0.12`, `1.250,50`, `1,250.50`, `£1,250`, `−3` and `12 %` are numbers. One sign before exactly three digits
    groups thousands, unless what stands before it is a zero.
    """
    match = _NUMBER.search(text.replace("\u00a0", " "))
    if not match or re.search(r"\d", text[match.end() :]) or re.search(r"[A-Za-z]{4,}", text):
        return None
    digits = re.sub(r"[\s'’+]", "", match[0]).replace("−", "-")
    signs = [sign for sign in digits if sign in ".,"]
    if len(set(signs)) == 2:
        digits = digits.replace(signs[0], "").replace(signs[-1], ".")
    elif len(signs) > 1 or re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", digits):
        digits = digits.replace(signs[0], "")
    else:
        digits = digits.replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return None


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" .").casefold()
