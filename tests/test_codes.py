"""Codes: readable, unique, and never two that could be mixed up."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creatorbook.campaign.codes import SAFE, assign, code_for, draw_code, name_part, skeleton


def test_a_code_reads_like_its_handle() -> None:
    """Letters of the handle in capitals, then the percentage."""
    assert code_for("mara.blau", 10) == "MARABLAU10"
    assert code_for("zoë_stil99", 15) == "ZOESTIL15"
    assert code_for("anna", 12.5) == "ANNA125"
    assert code_for("anna", 20, "WITH-{handle}") == "WITH-ANNA"


@pytest.mark.parametrize(
    ("one", "other"),
    [("OLE10", "0LE1O"), ("IDA", "1DA"), ("LIS", "115"), ("ZOE2", "20E2"), ("BO8", "8OB"), ("UV", "VU")],
)
def test_look_alikes_share_a_skeleton(one: str, other: str) -> None:
    """Codes that can be taken for one another are one to the shop's people."""
    assert skeleton(one) == skeleton(other)


def test_ten_thousand_creators_get_ten_thousand_codes() -> None:
    """Codes of 10,000 handles differ, even to someone who confuses O with 0."""
    chance = random.Random(7)
    names = ["anna", "ole", "lio", "mara.blau", "zoë", "ида", "x", "s5", "moda", "frau_lotte"]
    handles = {
        f"p{i}": f"{chance.choice(names)}{chance.choice(['', '_', '.'])}{i % 300}" for i in range(10_000)
    }
    made = assign(handles, taken=["ANNA10", "OLE10"])
    assert len(made) == 10_000
    assert len({skeleton(code) for code in [*made.values(), "ANNA10", "OLE10"]}) == 10_002
    assert all(code == code.upper() and code.isascii() and code for code in made.values())


@given(st.lists(st.text(min_size=1, max_size=40), max_size=40), st.sampled_from([5.0, 10.0, 12.5, 20.0]))
def test_any_handles_get_unique_codes(handles: list[str], percent: float) -> None:
    """Whatever the handles are, no two codes share a skeleton, and none is empty."""
    made = assign({str(i): handle for i, handle in enumerate(handles)}, percent=percent)
    assert len({skeleton(code) for code in made.values()}) == len(handles)


def test_codes_follow_from_the_list_alone() -> None:
    """The same list gives the same codes, in whatever order it comes."""
    handles = {"a": "anna.x", "b": "annax", "c": "anna_x"}
    assert assign(handles) == assign(dict(reversed(handles.items())))


def test_handles_in_other_scripts_get_readable_codes() -> None:
    """A handle without Latin letters gets a name of safe letters."""
    assert set(name_part("мода")) <= set(SAFE)


def test_unguessable_codes_use_safe_signs_and_avoid_taken_ones() -> None:
    """Drawn codes hold no sign that could be mistaken for another."""
    chance = random.Random(3)
    taken: list[str] = []
    for _ in range(200):
        taken.append(draw_code(chance.choice, taken))
    assert len({skeleton(code) for code in taken}) == 200
    assert set("".join(taken)) <= set(SAFE)
    assert not set(SAFE) & set("O0I1LS5Z2B8")
