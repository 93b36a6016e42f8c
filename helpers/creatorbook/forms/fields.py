"""The fields of a form: what is asked, in which kind of control, and what the text in it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from creatorbook.findings.definitions import term_of_field

Kind = Literal[
    "text",
    "lines",
    "number",
    "share",
    "slider",
    "choice",
    "choices",
    "order",
    "day",
    "tick",
    "rows",
    "upload",
    "shown",
]

#: Kinds whose value is a number.
NUMBERS = frozenset({"number", "share", "slider"})


@dataclass(frozen=True)
class Field:
    """One question of a form.

    Attributes:
        name: of its value.
        label: the question as a person reads it; the control's accessible name.
        kind: its control. `text` a line, `lines` several, `number` a number, `share` a fraction that is written in
            percent, `slider` a number between `low` and `high`, `choice` one of `options`, `choices` any of them, `order` any
            of them in an order of preference, `day` a day, `tick` yes or no, `rows` a list of records with the fields `columns`, `upload` files from this computer,
            `shown` a text that is only shown.
        value: what stands there at first; None, or nothing chosen, where a person must decide.
        options: value → words, of a choice; of a `text` what is offered while it is typed.
        unit: written behind a number, as “€” or “days”.
        help: a sentence below the control: what it means, and where the value comes from.
        required: nothing is done while it is empty.
        low, high, step: limits of a number, in the value's own unit (a share's are fractions).
        off: why the control cannot be used now; it is shown beside it.
        wakes_with: the name of a tick that lets a control be used that is `off` otherwise.
        group: fields of one group stand together, folded under its name.
        columns: the fields of each row, of `rows`.
        fixed: of `rows`: rows are neither added nor removed.
        lasting: the browser remembers what was typed here for the next form, as the name of who decides.
        accept: file name endings of an upload.
    """

    name: str
    label: str
    kind: Kind = "text"
    value: Any = None
    options: Mapping[str, str] | Sequence[str] = ()
    unit: str = ""
    help: str = ""
    required: bool = False
    low: float | None = None
    high: float | None = None
    step: float | None = None
    off: str = ""
    wakes_with: str = ""
    group: str = ""
    columns: Sequence[Field] = ()
    fixed: bool = False
    lasting: bool = False
    accept: str = ""

    def described(self) -> dict[str, Any]:
        """The field as the browser takes it."""
        options = self.options if isinstance(self.options, Mapping) else {name: name for name in self.options}
        return {
            **asdict(self),
            "value": for_browser(self.value),
            "term": term_of_field(self.name),
            "options": [{"value": value, "words": words} for value, words in options.items()],
            "columns": [column.described() for column in self.columns],
        }

    def read(self, raw: Any) -> Any:
        """A value as it came from the browser in the type of the field's kind; None where nothing is there.

        Raises:
            ValueError: the message says what was expected.
        """
        if self.kind == "rows":
            return [row for row in (_row(self.columns, one) for one in raw or []) if any(_given(row))]
        if self.kind in {"choices", "order", "upload"}:
            return list(raw or [])
        if self.kind == "tick":
            return bool(raw)
        value = raw.strip() if isinstance(raw, str) else raw
        if value in ("", None):
            if self.required:
                raise ValueError("Please choose." if self.kind == "choice" else "Please fill this in.")
            return None
        return self._typed(value)

    def _typed(self, value: Any) -> Any:
        if self.kind in NUMBERS:
            return self._number(value)
        if self.kind == "day":
            try:
                return date.fromisoformat(str(value))
            except ValueError:
                raise ValueError("Please write a day as 2026-03-29.") from None
        known = (
            dict(self.options) if isinstance(self.options, Mapping) else {name: name for name in self.options}
        )
        if self.kind == "choice" and str(value) not in known:
            raise ValueError(f"Please choose one of: {', '.join(known.values())}.")
        return str(value)

    def _number(self, value: Any) -> float | int:
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise ValueError("Please write a number.") from None
        low, high = self.low, self.high
        if (low is not None and number < low) or (high is not None and number > high):
            raise ValueError(f"Please write a number between {self._shown(low)} and {self._shown(high)}.")
        return int(number) if number.is_integer() and self.kind == "number" else number

    def _shown(self, number: float | None) -> str:
        if number is None:
            return "any"
        return f"{number * 100:g} %" if self.kind == "share" else f"{number:g}"


def read_all(fields: Sequence[Field], raw: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What was entered, in types, and what is wrong with it: field → what was expected."""
    values, faults = {}, {}
    for field in fields:
        try:
            values[field.name] = field.read(raw.get(field.name))
        except ValueError as error:
            faults[field.name] = str(error)
    return values, faults


def for_browser(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): for_browser(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [for_browser(one) for one in value]
    return value


def _row(columns: Sequence[Field], raw: Mapping[str, Any]) -> dict[str, Any]:
    values, faults = read_all(columns, raw)
    if faults and any(_given(raw)):
        labels = {column.name: column.label for column in columns}
        raise ValueError("; ".join(f"{labels[name]}: {fault}" for name, fault in faults.items()))
    return values


def _given(row: Mapping[str, Any]) -> list[bool]:
    return [value not in (None, "", [], False) for value in row.values()]
