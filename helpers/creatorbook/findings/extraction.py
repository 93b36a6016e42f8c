"""Find every text that findings say, for translation: `pybabel extract -F babel.cfg -o texts.pot .`.

A text is the literal in `say(…)`, `say_many(…)`, or in the place of a label, title or sentence of a finding. Anything
else there (an f-string, a sum of texts) cannot be translated; `tests/test_messages.py` refuses it.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

#: call → the places of its texts among the positional arguments
PLACES = {
    "Note": (0,),
    "Column": (0,),
    "Figure": (1,),
    "Table": (1,),
    "Chart": (1, 2),
    "say": (0,),
    "packed": (),
    "say_many": (0, 1),
}
#: keyword arguments of these calls that are texts
NAMED = {"text", "label", "title", "alt", "note", "missing", "owner"}


def extract(
    file: BinaryIO, keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, str, str | tuple[str, ...], list[str]]]:
    """Babel's extraction method for our Python files: line, function, text or texts, comments."""
    for call, name in calls(ast.parse(file.read())):
        literals = [
            one.value
            for one in text_arguments(call, name)
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value
        ]
        if name == "say_many":
            yield call.lineno, "ngettext", tuple(literals[:2]), []
        else:
            yield from ((call.lineno, "gettext", literal, []) for literal in literals)


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Calls that make a finding or a message, each with its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in PLACES:
            yield node, node.func.id


def text_arguments(call: ast.Call, name: str) -> list[ast.expr]:
    """The arguments of such a call that are texts; of a message only its own, for its values are no texts."""
    placed = [call.args[place] for place in PLACES[name] if place < len(call.args)]
    if name in {"say", "say_many", "packed"}:
        return placed
    return placed + [word.value for word in call.keywords if word.arg in NAMED]
