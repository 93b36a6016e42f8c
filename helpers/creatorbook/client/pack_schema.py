"""Holds a pack of one's own against the pack's JSON Schema, and says a mistake as any other in a settings file."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from creatorbook.client import yaml_files
from creatorbook.imports import quick_imports
from creatorbook.packs import rows
from creatorbook.problems import Problem, shortened

with quick_imports():
    from jsonschema import Draft202012Validator, FormatChecker, ValidationError
    from jsonschema.validators import extend

#: JSON Schema's names of kinds in a reader's words
_KINDS = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "lines of “key: value”",
    "null": "null",
}


def refuse_mistakes(file: Path, content: dict[str, Any], base: dict[str, Any]) -> None:
    """Hold the content of a file of one's own against the schema of the pack it is called after.

    Args:
        base: the pack without the file.

    Raises:
        Problem: the first mistake, with its line, what was expected and what to do.
    """
    part = rows.schema(file.stem)
    if "x-closed" in part:
        raise Problem(f"nobody brings this pack: {part['description']}", file, todo="Take the file away.")
    every_mistake = [*mistakes(file.stem, content, base), *_idle(part, content)]
    if every_mistake:
        lines = [yaml_files.line_of(file, list(one.place)) for one in every_mistake]
        line, first = min(zip(lines, every_mistake, strict=True), key=lambda numbered: numbered[0] or 0)
        where = ".".join(str(key) for key in first.place)
        raise Problem(f"“{where}”: {first.what}" if where else first.what, file, line, todo=first.todo)


def mistakes(name: str, content: dict[str, Any], base: dict[str, Any]) -> list[Mistake]:
    """What is wrong with the content of a pack file: its shape, texts that YAML did not read as meant, missing sources.

    Args:
        base: the pack that it stands over.
    """
    part = rows.schema(name)
    misshapen = [
        *_misread(content, ()),
        *(mistake_of(error) for error in _validator(name).iter_errors(_plain(content))),
    ]
    if misshapen:
        return misshapen
    whole = rows.merged_rows(part, base, content)
    return [
        *_incomplete(part, base, content, ()),
        *_without_facts(part, content),
        *_dangling(part, whole, whole, ()),
    ]


class Mistake(NamedTuple):
    """One mistake: where in the file it is (keys and numbers of rows), what is wrong, and what to do."""

    place: tuple[Any, ...]
    what: str
    todo: str = ""


class _Day(str):
    """A day that YAML has read as one, and not as a text in quotes."""

    __slots__ = ()


def mistake_of(error: ValidationError) -> Mistake:
    """A validator's error in a reader's words."""
    place, rule, limit, value = (
        tuple(error.absolute_path),
        error.validator,
        error.validator_value,
        error.instance,
    )
    if rule == "additionalProperties":
        return _unknown(
            place,
            min(set(value) - set(error.schema["properties"]), key=list(value).index),
            value,
            error.schema["properties"],
        )
    if "propertyNames" in error.absolute_schema_path:
        return _unknown(place, value, {value: ...}, limit)
    if rule == "required":
        missing = next(key for key in limit if key not in value)
        return Mistake(place, f"the key “{missing}” is missing", f"Add a line “{missing}: …”.")
    if rule in {"oneOf", "anyOf"} and "x-expected" not in error.schema:
        return mistake_of(max(error.context, key=lambda one: len(one.absolute_path)))
    return Mistake(place, f"{_expected(rule, limit, error.schema)}{_found(value)}", _hint(rule, value))


def _expected(rule: str, limit: Any, part: dict[str, Any]) -> str:
    """What one rule of a schema asks for."""
    if part.get("format") == "date":
        return f"expected {part['description']}"
    if rule == "type":
        kinds = [limit] if isinstance(limit, str) else [one for one in limit if one != "null"]
        return f"expected {' or '.join(_KINDS[one] for one in kinds)}"
    if rule == "enum":
        return f"expected one of {', '.join(str(one) for one in limit if one is not None)}"
    if rule == "x-ascending":
        return f"expected {' ≤ '.join(limit)}"
    if rule == "x-sum":
        return f"expected shares that sum to {limit}"
    words = {
        "minimum": f"expected {limit} or more",
        "maximum": f"expected {limit} or less",
        "minLength": "expected a text that is not empty",
        "minItems": "expected a list that is not empty",
        "minProperties": "expected at least one line",
        "const": f"expected {str(limit).lower()}",
    }
    if rule == "format":
        return "expected a regular expression that can be read"
    return (
        words.get(rule) or f"expected {part.get('x-expected') or part.get('description', 'something else')}"
    )


def _found(value: Any) -> str:
    return (
        ""
        if isinstance(value, dict)
        else f" (found {shortened(repr(str(value) if isinstance(value, str) else value))})"
    )


def _hint(rule: str, value: Any) -> str:
    if value is None:
        return "Code reads this row by its name, so it cannot be taken out."
    if rule == "type" and isinstance(value, bool):
        return "YAML reads no, yes, on and off as true or false: put the word in quotes."
    return ""


def _unknown(place: tuple[Any, ...], key: str, value: dict[str, Any], allowed: Any) -> Mistake:
    """A key that the schema does not have: misspelt, or the rest of a text that a comma cut."""
    if value[key] is None and place:
        return Mistake((*place, key), "a comma has cut the text before it", "Put that text in quotes.")
    keys = [one for one in allowed if one != rows.REMOVE]
    near = difflib.get_close_matches(key, keys, n=1)
    return Mistake(
        (*place, key),
        "unknown key",
        f"Did you mean “{near[0]}”?" if near else f"Known keys: {', '.join(keys)}.",
    )


def _misread(content: Any, place: tuple[Any, ...]) -> Iterator[Mistake]:
    """Words that YAML reads as true or false, and texts of a list that a comma of thousands has cut."""
    before = ""
    for key, one in _parts(content):
        if isinstance(key, bool):
            yield Mistake(
                (*place, key), f"YAML reads this key as {str(key).lower()}", "Put the word in quotes."
            )
        if isinstance(content, list) and re.search(r"\d$", before) and re.match(r"\d{3}\b", str(one)):
            yield Mistake((*place, key), f"a comma has cut “{before},{one}”", "Put the whole text in quotes.")
        before = one if isinstance(one, str) else ""
        yield from _misread(one, (*place, key))


def _parts(content: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(content, dict):
        return content.items()
    return enumerate(content) if isinstance(content, list) else ()


def _idle(part: dict[str, Any], content: dict[str, Any]) -> Iterator[Mistake]:
    """Sections that no step reads: rows there would change nothing."""
    for key in content:
        why = rows.inner_part(part, key).get("x-unread")
        if why:
            yield Mistake((key,), f"no step reads these rows: {why}", "Take the section away.")


def _incomplete(part: dict[str, Any], base: Any, own: Any, place: tuple[Any, ...]) -> Iterator[Mistake]:
    """New parts that lack what each of their kind has; of a part that is there, a file may say as little as it likes."""
    if isinstance(own, dict):
        missing = [key for key in part.get("x-required", ()) if base is None and key not in own]
        yield from (
            Mistake(place, f"the key “{key}” is missing", f"Add a line “{key}: …”.") for key in missing
        )
        for key, one in own.items():
            base_part = base.get(key) if isinstance(base, dict) else None
            yield from _incomplete(rows.inner_part(part, key), base_part, one, (*place, key))


def _dangling(
    part: dict[str, Any], content: Any, whole: dict[str, Any], place: tuple[Any, ...]
) -> Iterator[Mistake]:
    """Words that name a row of another section (`x-names`) which is not there, or not any more."""
    if "x-names" in part and content not in whole[part["x-names"]]:
        section = part["x-names"]
        near = difflib.get_close_matches(str(content), list(whole[section]), n=1)
        todo = (
            f"Did you mean “{near[0]}”?"
            if near
            else f"Add the row, or name one of {', '.join(whole[section])}."
        )
        yield Mistake(place, f"there is no row “{content}” in “{section}”", todo)
    for key, one in _parts(content):
        inner = part.get("items", {}) if isinstance(content, list) else rows.inner_part(part, key)
        yield from _dangling(inner, one, whole, (*place, key))


def _without_facts(part: dict[str, Any], content: dict[str, Any]) -> Iterator[Mistake]:
    """Rows of which nobody says where they come from, or when that was written."""
    if part.get("x-facts") is False:
        return
    for row in rows.rows(part, content):
        todo = "Write source and date at the top of the file, for all of its rows, or in the row."
        for key, fact in zip(("source", "date"), row.origin, strict=True):
            if not fact and not rows.is_gone(row.content):
                yield Mistake(row.place, f"no {key}", todo)


def _plain(content: Any) -> Any:
    """The same in JSON's kinds: keys are texts, and days are texts that are known for days."""
    if isinstance(content, dict):
        return {str(key): _plain(one) for key, one in content.items()}
    if isinstance(content, list):
        return [_plain(one) for one in content]
    return _Day(content.isoformat()) if isinstance(content, date) else content


@cache
def _validator(name: str) -> Any:
    """The validator of a pack's schema, with the two rules that JSON Schema does not have."""
    formats = FormatChecker(["regex"])
    formats.checks("date")(lambda value: not isinstance(value, str) or isinstance(value, _Day))
    numbers = Draft202012Validator.TYPE_CHECKER.redefine("number", _is_number)
    rules = {"x-sum": _sums, "x-ascending": _ascends}
    kind: Any = extend(Draft202012Validator, rules, type_checker=numbers)
    return kind(rows.schema(name), format_checker=formats)


def _is_number(_checker: Any, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _sums(_validator: Any, wanted: float, value: Any, _part: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        shares = [one for one in value.values() if _is_number(None, one)]
        if len(shares) == len(value) and not math.isclose(math.fsum(shares), wanted, abs_tol=1e-6):
            yield ValidationError("does not sum")


def _ascends(_validator: Any, names: list[str], value: Any, _part: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        ends = [value[name] for name in names if _is_number(None, value.get(name))]
        if ends != sorted(ends):
            yield ValidationError("does not ascend")
