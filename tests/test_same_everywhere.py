"""The same figures on every processor: no sort leaves ties to it, and a report's figures do not hang on its instructions."""

from __future__ import annotations

import ast

import pytest

from creatorbook.repository import ROOT

SORTS = {"sort_values", "sort_index", "argsort"}
#: these order ties as the processor likes, whatever they are told
NEVER = {"argpartition", "nlargest", "nsmallest"}


def _unsteady(source: str) -> list[int]:
    """Lines with a sort of frames or places that does not say `kind="stable"`."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        stable = any(
            word.arg == "kind" and isinstance(word.value, ast.Constant) and word.value.value == "stable"
            for word in node.keywords
        )
        if node.func.attr in NEVER or (node.func.attr in SORTS and not stable):
            lines.append(node.lineno)
    return lines


def test_every_sort_keeps_ties_in_order() -> None:
    """A sort that is not stable orders ties by instruction set: none is left in the package, the notebooks' or the templates' code."""
    roots = [ROOT / "helpers", ROOT / "plugin_templates", ROOT / "notebooks"]
    files = [path for root in roots for path in sorted(root.rglob("*.py"))]
    assert len(files) > 100
    found = [
        f"{path.relative_to(ROOT)}:{line}" for path in files for line in _unsteady(path.read_text("utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("frame.sort_values('a')", [1]),
        ("frame.sort_values(['a', 'b'], kind='quicksort')", [1]),
        ("import numpy as np\nnp.argsort(x)", [2]),
        ("x.argsort(axis=1)", [1]),
        ("series.sort_index()", [1]),
        ("x.argpartition(3)", [1]),
        ("frame.sort_values('a', kind='stable')\nsorted(names)\nnames.sort()", []),
    ],
)
def test_the_rule_on_sorts_sees_what_it_should(source: str, lines: list[int]) -> None:
    """Each way to leave ties open is seen; stable sorts, and Python's own, are not complained about."""
    assert _unsteady(source) == lines
