"""What findings say: English text with named placeholders, typed values, and nothing formatted until somebody reads.

A step writes `say("{orders} for {cost}", orders=Count(12), cost=Money(1500))`. The sentence is put together at the
end, in the reader's language and with the reader's numbers (the habit of gettext; `pybabel extract` finds every text,
see `creatorbook.findings.extraction`). Values of two kinds need no type: a `str` is a name or words of the client's
own, which nobody translates, and a whole number is written in plain digits. A bare day is refused.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from creatorbook.findings.formats import Formats
from creatorbook.findings.rounding import End


class Wording(ABC):
    """Something that becomes text once it is known for whom."""

    #: the kinds by name, for findings that are read back
    kinds: ClassVar[dict[str, type[Wording]]] = {}

    def __init_subclass__(cls) -> None:
        Wording.kinds[cls.__name__] = cls

    @abstractmethod
    def write(self, formats: Formats) -> str:
        """The text, in the language and with the numbers of `formats`."""

    def __str__(self) -> str:
        raise TypeError(f"{self!r} is no text before it is written for a reader")


#: what labels, titles and sentences are: fixed English words, or a wording
Text = str | Wording


@dataclass(frozen=True)
class Message(Wording):
    """A text with its values (gettext's message).

    Attributes:
        text: English, with `{placeholders}`.
        values: placeholder → value.
        more: the text for any number but one, where it counts something (gettext's plural).
        n: how many it counts.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    more: str = ""
    n: float = 1

    def __post_init__(self) -> None:
        if not isinstance(self.text, str):
            raise TypeError(f"{self.text!r} is a wording already")

    def write(self, formats: Formats) -> str:
        """The sentence; what stands in an English one, for which there is no translation, is English too."""
        say = formats.words
        if not say.has(self.text, self.more):
            formats = formats.in_english()
        written = {name: _write(value, formats) for name, value in self.values.items()}
        if self.more:
            return say.many(self.text, self.more, self.n, **written)
        return say(self.text, **written)


def say(text: str, /, **values: Any) -> Message:
    """A text and what stands in its placeholders. The text is a literal, so that it can be found and translated."""
    return Message(text, values)


def say_many(one: str, more: str, /, n: float | Count, **values: Any) -> Message:
    """The text for one or for more of something; `{n}` is the number, written as it is given, and decides as it is written."""
    number = round(n.number, n.digits) if isinstance(n, Count) else n
    return Message(one, {"n": n, **values}, more, 0 if math.isnan(number) else number)


def packed(text: str, /, **values: Any) -> Message:
    """A text that stands in a pack, where it is found for translation, with its values."""
    return Message(text, values)


@dataclass(frozen=True)
class Joined(Wording):
    """Parts one after another; empty ones are left out.

    Attributes:
        parts: texts or values.
        by: what stands between them.
        last: `and` or `or` before the last one, in words; else nothing special.
        most: how many are named before “and 3 more”.
    """

    parts: tuple[Any, ...]
    by: str = ", "
    last: Literal["", "and", "or"] = ""
    most: int | None = None

    def write(self, formats: Formats) -> str:
        """The parts in a row."""
        written = [text for part in self.parts if (text := _write(part, formats))]
        say, left = formats.words, len(written) - (self.most or len(written))
        if left > 0:
            return say("{names} and {n} more", names=self.by.join(written[: self.most]), n=left)
        if self.last and len(written) > 1:
            names, one = self.by.join(written[:-1]), written[-1]
            if self.last == "or":
                return say("{names} or {one}", names=names, one=one)
            return say("{names} and {one}", names=names, one=one)
        return self.by.join(written)


def joined(
    parts: Iterable[Any], by: str = ", ", last: Literal["", "and", "or"] = "", most: int | None = None
) -> Joined:
    """Names or other parts in a row; see `Joined`."""
    return Joined(tuple(parts), by, last, most)


def sentences(*parts: Text | None) -> Joined:
    """Sentences one after another; what is empty or `None` is left out."""
    return Joined(tuple(part for part in parts if part is not None), by=" ")


@dataclass(frozen=True)
class Capital(Wording):
    """A text with a capital letter in front."""

    text: Text

    def write(self, formats: Formats) -> str:
        """The text, its first letter large."""
        written = _write(self.text, formats)
        return written[:1].upper() + written[1:]


@dataclass(frozen=True)
class Money(Wording):
    """An amount in the client's currency; `None` reads “not available”."""

    amount: float | None
    digits: int = 0

    def write(self, formats: Formats) -> str:
        """`€1,250`."""
        return formats.money(self.amount, self.digits)


@dataclass(frozen=True)
class Share(Wording):
    """A share, 0 to 1."""

    share: float | None
    digits: int = 0

    def write(self, formats: Formats) -> str:
        """`26%`."""
        return formats.percent(self.share, self.digits)


@dataclass(frozen=True)
class Count(Wording):
    """A number, as the reader's language groups it."""

    number: float
    digits: int = 0

    def write(self, formats: Formats) -> str:
        """`12,400`."""
        return formats.number(self.number, self.digits)


@dataclass(frozen=True)
class Day(Wording):
    """A day; `None` reads “not available”."""

    day: date | datetime | None

    def write(self, formats: Formats) -> str:
        """`2 Mar 2026`."""
        return formats.day(self.day)


def when_written(when: date | str | int) -> Day | str | int:
    """When a source was written, as a pack tells it: a day, or the year or word (“undated”) that is all it gives."""
    return Day(when) if isinstance(when, date) else when


@dataclass(frozen=True)
class Quantity(Wording):
    """A value by its unit, as `Formats.value`: `money`, `percent`, `number`, or a noun such as `orders`.

    Attributes:
        end: which end of a range it is, if it is one: `low` is rounded down, `high` up.
    """

    amount: float | None
    unit: str
    digits: int = 0
    end: End = ""

    def write(self, formats: Formats) -> str:
        """`12 orders`."""
        return formats.end(self.amount, self.unit, self.digits, self.end)


def ends(low: float | None, high: float | None, unit: str, digits: int = 0) -> dict[str, Quantity]:
    """The values of `{low}` and `{high}` in a sentence of its own that tells a range, rounded outwards."""
    return {"low": Quantity(low, unit, digits, "low"), "high": Quantity(high, unit, digits, "high")}


@dataclass(frozen=True)
class Span(Wording):
    """A range by its unit; one value where both ends read the same."""

    low: float | None
    high: float | None
    unit: str
    digits: int = 0

    def write(self, formats: Formats) -> str:
        """`between €900 and €1,400`."""
        return formats.span(self.low, self.high, self.unit, self.digits)


def written(text: Text, formats: Formats) -> str:
    """A label, title or sentence as its reader sees it."""
    return text.write(formats) if isinstance(text, Wording) else text


def _write(value: Any, formats: Formats) -> str:
    """A value in the reader's numbers; a bare day has none, and would read the same in every language."""
    if isinstance(value, date):
        raise TypeError(f"a day in a message is Day(…), not {value!r}")
    return value.write(formats) if isinstance(value, Wording) else str(value)


def as_json(value: Any) -> Any:
    """A text or a value as JSON can hold it: a wording by its kind and fields, a day, and what has no limit."""
    if isinstance(value, Wording) and is_dataclass(value):
        return {"kind": type(value).__name__} | {
            f.name: as_json(getattr(value, f.name)) for f in fields(value)
        }
    if isinstance(value, Mapping):
        return {"kind": "values", "of": {name: as_json(one) for name, one in value.items()}}
    if isinstance(value, tuple | list):
        return [as_json(one) for one in value]
    if isinstance(value, date):
        return {"kind": "day", "of": value.isoformat()[:10]} if value == value else None
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else {"kind": "float", "of": str(value)}
    # twelve digits are kept: the last ones hang on the processor, and nobody prints them
    return float(f"{value:.12g}") if isinstance(value, float) else value


def from_json(value: Any) -> Any:
    """What `as_json` made JSON of."""
    if isinstance(value, list):
        return tuple(from_json(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind, content = value["kind"], {name: one for name, one in value.items() if name != "kind"}
    if kind == "values":
        return {name: from_json(one) for name, one in content["of"].items()}
    if kind in _PLAIN:
        return _PLAIN[kind](content["of"])
    return Wording.kinds[kind](**{name: from_json(one) for name, one in content.items()})


_PLAIN: dict[str, Callable[[str], Any]] = {"day": date.fromisoformat, "float": float}
