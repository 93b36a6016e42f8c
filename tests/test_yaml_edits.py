"""A value is set in a YAML text that people wrote: what is read afterwards is the change, and no comment is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbook.client.yaml_edits import with_value

TEXT = """# what it is
budget: 16000  # agreed on Monday
name: 'Spring'

codes:
  # per cent
  percent: 10
  pattern: "{handle}{percent}"
links: {medium: social, hosts: [a.example]}
promotions:
  - {start: 2026-03-28, what: "weekend"}
  - start: 2026-04-01
    what: Easter

# who pays
costs: []
rights: >
  for six months,
  on our own accounts
empty:
# the end
"""

scalars = st.one_of(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30),
    st.integers(-(10**6), 10**6),
    st.booleans(),
    st.dates(),
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["what", "amount", "due"]), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = [
    "budget",
    "name",
    "codes.percent",
    "codes.new",
    "links.medium",
    "links.new",
    "promotions",
    "costs",
    "rights",
    "empty",
    "new",
    "new.part.deep",
    "empty.part",
]


def expected(data: Any, key: str, value: Any) -> Any:
    name, _, rest = key.partition(".")
    data = dict(data) if isinstance(data, dict) else {}
    inner = expected(data.get(name), rest, value) if rest else value
    data[name] = inner
    return {
        one: part
        for one, part in data.items()
        if one != name or (part is not None and (part != {} or not rest))
    }


@settings(deadline=None)
@given(key=st.sampled_from(KEYS), value=values | st.none())
def test_what_is_read_is_the_change_and_no_comment_is_lost(key: str, value: Any) -> None:
    """Any value in any place; only a comment behind a line that is taken out goes with it."""
    after = with_value(TEXT, key, value)
    assert yaml.safe_load(after) == expected(yaml.safe_load(TEXT), key, value)
    lost = set(re.findall(r"# [\w ]+$", TEXT, re.M)) - set(re.findall(r"# [\w ]+$", after, re.M))
    assert lost <= (
        {"# agreed on Monday"}
        if key == "budget" and (value is None or isinstance(value, dict | list))
        else set()
    )


@settings(deadline=None)
@given(first=st.tuples(st.sampled_from(KEYS), values), second=st.tuples(st.sampled_from(KEYS), values))
def test_changes_follow_one_another(first: tuple[str, Any], second: tuple[str, Any]) -> None:
    """A second change finds what the first has written."""
    text = with_value(with_value(TEXT, *first), *second)
    assert yaml.safe_load(text) == expected(expected(yaml.safe_load(TEXT), *first), *second)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "a: 1", "a: 1\r\nb: 2\r\n"])
def test_short_texts(text: str) -> None:
    """Nothing, a comment, a last line without an end, another line end."""
    after = with_value(text, "new.part", 3)
    assert yaml.safe_load(after) == {**(yaml.safe_load(text) or {}), "new": {"part": 3}}
    assert "# only" in after or "# only" not in text
