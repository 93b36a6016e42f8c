"""Changing one value in a YAML text that people wrote: every other line, comments and order among them, stays as it is.

PyYAML says where each value stands; only that stretch of the text is replaced. Libraries that keep comments (ruamel.yaml)
fold long lines anew and drop the comment that follows a list when the list is replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

#: How far a part is indented that was not there before.
INDENT = 2


def with_value(text: str, key: str, value: Any) -> str:
    """The text with one value set, or with None its line taken out.

    Args:
        text: YAML whose top is a mapping; empty is one too.
        key: a dot leads into a part; parts that are not there are made.
        value: what YAML can hold. None takes the key out, and a part that is empty then.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        return text if value is None else _ended(text) + _dumped(_nested(key.split("."), value))
    return _set(text, root, key.split("."), value)


def with_item(text: str, key: str, item: Any) -> str:
    """The text with one more item at the end of a list; the list is made where there is none.

    Args:
        text, key: as of `with_value`.
        item: what YAML can hold.
    """
    node = _node_at(yaml.compose(text, Loader=yaml.SafeLoader), key.split("."))
    if not isinstance(node, yaml.SequenceNode) or node.flow_style or not node.value:
        return with_value(
            text, key, [*(_plain(node) or [] if isinstance(node, yaml.SequenceNode) else []), item]
        )
    end = _end(text, node)
    written = _indented(_dumped([item]), node.start_mark.column).rstrip("\n")
    stop = text.find("\n", end)  # a comment behind the last item stays there
    stop = len(text) if stop < 0 else stop
    return f"{text[:stop]}\n{written}{text[stop:]}"


def _node_at(node: yaml.Node | None, keys: list[str]) -> yaml.Node | None:
    """What stands at a place; None where nothing does."""
    for key in keys:
        entries = node.value if isinstance(node, yaml.MappingNode) else []
        node = next((value for name, value in entries if name.value == key), None)
    return node


def _set(text: str, parent: yaml.MappingNode, keys: list[str], value: Any) -> str:
    entry = next(((name, node) for name, node in parent.value if name.value == keys[0]), None)
    if entry is None:
        return text if value is None else _with_entry(text, parent, _nested(keys, value))
    name, node = entry
    inner = keys[1:]
    if inner and isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        if value is None and [one.value for one, _ in node.value] == inner[:1]:
            return _without(text, name, node)
        return _set(text, node, inner, value)
    if inner:  # a part in braces, or nothing yet: it is written anew as a whole
        value = _merged(_plain(node), inner, value) or None
    return _without(text, name, node) if value is None else _replaced(text, name, node, value)


def _replaced(text: str, name: yaml.Node, node: yaml.Node, value: Any) -> str:
    """One value in place of another; what stands behind it on its line stays."""
    start, end = node.start_mark.index, _end(text, node)
    is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    if (
        isinstance(value, Mapping | list)
        and value
        and not (isinstance(node, yaml.CollectionNode) and node.flow_style)
    ):
        start = text.rfind("\n", 0, start) + 1 if is_block else start
        block = _indented(_dumped(value), name.start_mark.column + INDENT)
        return text[:start] + ("" if is_block else "\n") + block.rstrip("\n") + text[end:]
    written = _in_line(value)
    if is_block:  # on the lines below its key: it goes up to the key
        after = text.index(":", name.end_mark.index) + 1
        return f"{text[:after]} {written}{text[end:]}"
    space = "" if start and text[start - 1] in " \t" else " "
    return f"{text[:start]}{space}{written}{text[end:]}"


def _without(text: str, name: yaml.Node, node: yaml.Node) -> str:
    """Take an entry's lines out; a comment behind it goes with it, comments below it stay."""
    start = text.rfind("\n", 0, name.start_mark.index) + 1
    stop = text.find("\n", _end(text, node))
    return text[:start] + (text[stop + 1 :] if stop >= 0 else "")


def _with_entry(text: str, parent: yaml.MappingNode, entry: dict[str, Any]) -> str:
    """Add an entry as the last of its parent."""
    if parent.flow_style:
        end = parent.end_mark.index - 1
        written = yaml.safe_dump(
            entry, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6
        )
        comma = ", " if parent.value else ""
        return text[:end].rstrip() + comma + written.strip()[1:-1] + text[end:]
    last = parent.value[-1][1]
    stop = text.find("\n", _end(text, last))
    head, tail = (text[: stop + 1], text[stop + 1 :]) if stop >= 0 else (_ended(text), "")
    return head + _indented(_dumped(entry), parent.value[0][0].start_mark.column) + tail


def _end(text: str, node: yaml.Node) -> int:
    """Where a value's own text ends; PyYAML counts the comments and blank lines below a block to it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        return len(text[: node.end_mark.index].rstrip())
    return node.end_mark.index


def _plain(node: yaml.Node) -> Any:
    return yaml.SafeLoader("").construct_document(node)


def _merged(part: Any, keys: list[str], value: Any) -> dict[str, Any]:
    """A part with one key of it set; keys with nothing in them are left out."""
    part = dict(part) if isinstance(part, dict) else {}
    inner = _merged(part.get(keys[0]), keys[1:], value) if len(keys) > 1 else value
    if inner is None or (inner == {} and len(keys) > 1):
        return {name: one for name, one in part.items() if name != keys[0]}
    return {**part, keys[0]: inner}


def _nested(keys: list[str], value: Any) -> dict[str, Any]:
    return {keys[0]: _nested(keys[1:], value) if len(keys) > 1 else value}


def _dumped(value: Any) -> str:
    """Lists and mappings of plain values in a line, others one entry a line."""
    if isinstance(value, dict):
        return "".join(_entry(name, one) for name, one in value.items())
    return "".join(f"- {_in_line(one)}\n" for one in value)


def _entry(name: str, value: Any) -> str:
    key = _in_line(name)
    parts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if any(isinstance(part, dict | list) for part in parts):
        return f"{key}:\n{_indented(_dumped(value), INDENT)}"
    return f"{key}: {_in_line(value)}\n"


def _in_line(value: Any) -> str:
    written = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6)
    return written.removesuffix("...\n").strip()


def _indented(text: str, columns: int) -> str:
    return "".join(f"{' ' * columns}{line}" for line in text.splitlines(keepends=True))


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
