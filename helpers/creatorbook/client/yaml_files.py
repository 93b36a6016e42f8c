"""YAML in, checked models out: every mistake named with its line and, for a misspelt key, the right one."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from creatorbook.client.forgotten import NOBODY, Forgotten
from creatorbook.problems import Problem, shortened

ModelType = TypeVar("ModelType", bound="StrictModel")


class StrictModel(BaseModel):
    """A part of a settings file: unknown keys are mistakes, values do not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file, loaded safely.

    Raises:
        Problem: no such file, not readable as UTF-8, not YAML, or not a mapping.
    """
    data = yaml_data(_text(path), path)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Problem("expected lines of “key: value”", path, 1)
    return data


def yaml_data(text: str, path: Path) -> Any:
    """Whatever a YAML text holds; `path` is only named in errors."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _refuse_bomb(node, path)
        return loader.construct_document(node)
    except RecursionError:
        raise Problem(
            "not readable as YAML: lists or mappings stand too deep in one another",
            path,
            todo="Look for brackets that were opened and never closed.",
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or "not readable as YAML"
        raise Problem(
            f"not readable as YAML: {why}",
            path,
            mark.line + 1 if mark else None,
            todo="Check the indentation, and put text with “:” or “#” in quotes.",
        ) from None


MOST_VALUES = 100_000  #: values that a file may stand for beyond those that are written in it


def _refuse_bomb(top: yaml.Node, path: Path) -> None:
    """Raise a Problem if aliases (*) stand for far more values than a file holds: written out, they fill the memory."""
    sizes: dict[int, int] = {}  # of what is being counted it is 0: a circle ends there

    def size(node: yaml.Node) -> int:
        if id(node) not in sizes:
            sizes[id(node)] = 0
            sizes[id(node)] = 1 + sum(map(size, _parts(node)))
        if sizes[id(node)] > MOST_VALUES + 2 * len(sizes):
            raise Problem(
                "refused: its anchors (&) and aliases (*) stand for more values than any settings have",
                path,
                node.start_mark.line + 1,
                todo="Write out what is meant, without aliases inside of aliases.",
            )
        return sizes[id(node)]

    size(top)


def _parts(node: yaml.Node) -> list[yaml.Node]:
    """What a node is made of: its items, or its keys and values."""
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def load(
    path: Path,
    model: type[ModelType],
    inherited: dict[str, Any] | None = None,
    forgotten: Forgotten = NOBODY,
) -> ModelType:
    """The file as a checked model, without who is forgotten; keys of `inherited` stand where the file is silent.

    Raises:
        Problem: the first mistake, with its line.
    """
    own = read_mapping(path)
    try:
        return model.model_validate(forgotten.data(merged(inherited or {}, own)))
    except ValidationError as error:
        raise _problem(path, model, error.errors()) from None


def load_part(path: Path, model: type[ModelType]) -> dict[str, Any]:
    """A file that says a part of what a model holds: what it says is checked, what it leaves out is not missed.

    Raises:
        Problem: the first mistake, with its line.
    """
    settings = read_mapping(path)
    try:
        model.model_validate(settings)
    except ValidationError as error:
        mistakes = [
            mistake for mistake in error.errors() if mistake["type"] != "missing" or len(mistake["loc"]) > 1
        ]
        if mistakes:
            raise _problem(path, model, mistakes) from None
    return settings


def merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """`own` over `base`, mapping by mapping."""
    both = dict(base)
    for key, value in own.items():
        inherits = isinstance(value, dict) and isinstance(both.get(key), dict)
        both[key] = merged(both[key], value) if inherits else value
    return both


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Problem("there is no such file", path) from None
    except UnicodeDecodeError:
        raise Problem("not saved as UTF-8 text", path, todo="Save it again as UTF-8.") from None
    except OSError as error:
        raise Problem(f"cannot be read: {error.strerror}", path) from None


def _problem(path: Path, model: type[BaseModel], mistakes: list[Any]) -> Problem:
    # a misspelt key is told before the missing key that it causes
    first = sorted(mistakes, key=lambda mistake: mistake["type"] != "extra_forbidden")[0]
    keys = [key for key in first["loc"] if not _is_model_tag(key)]
    name = ".".join(str(key) for key in keys)
    line = line_of(path, keys)
    if first["type"] == "extra_forbidden":
        allowed = _known_keys(model, keys[:-1])
        near = difflib.get_close_matches(str(keys[-1]), allowed, n=1)
        todo = f"Did you mean “{near[0]}”?" if near else f"Known keys: {', '.join(allowed)}."
        return Problem(f"unknown key “{name}”", path, line, todo=todo)
    if first["type"] == "missing":
        return Problem(f"the key “{name}” is missing", path, line, todo=f"Add a line “{keys[-1]}: …”.")
    message = first["msg"].removeprefix("Value error, ")
    whole = isinstance(first["input"], dict | BaseModel)  # what is wrong is told; all of it would drown that
    value = "" if whole else f" (found {shortened(repr(first['input']))})"
    return Problem(f"“{name}”: {message}{value}" if name else f"{message}{value}", path, line)


def _is_model_tag(key: Any) -> bool:
    """Pydantic adds the tried type's name to the place of a mistake inside a union."""
    plain = {"float", "int", "str", "bool"}
    return isinstance(key, str) and (key[:1].isupper() or "[" in key or key in plain)


def _known_keys(model: type[BaseModel], path: list[Any]) -> list[str]:
    """The keys allowed at a place, found by walking the models' annotations."""
    current: Any = model
    for key in path:
        if isinstance(key, int):
            continue
        field = getattr(current, "model_fields", {}).get(key)
        current = _model_in(field.annotation) if field else None
    return list(current.model_fields) if current else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    models = (_model_in(part) for part in getattr(annotation, "__args__", ()))
    return next((model for model in models if model), None)


def line_of(path: Path, keys: list[Any]) -> int | None:
    """The line a key stands on, or that of its nearest parent."""
    try:
        node = yaml.compose(_text(path), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, Problem):
        return None
    line = None
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            entry = next(((k, v) for k, v in node.value if k.value == str(key)), None)
            if entry is None:
                break
            line, node = entry[0].start_mark.line + 1, entry[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
            line = node.start_mark.line + 1
    return line
