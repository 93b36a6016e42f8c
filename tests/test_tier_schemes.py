"""Tests hold what each scheme states about its source, to the boundary follower."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from books import make_book
from creatorbook.campaign.sizes import NOT_DEFINED, named, scheme_of, schemes, size_of
from creatorbook.problems import Problem

AT = (999, 1_000, 9_999, 10_000, 100_000, 1_000_000)
SIZES = {
    "s0": [NOT_DEFINED, "nano", "nano", "micro", "macro", "mega"],
    "s1": [NOT_DEFINED, NOT_DEFINED, NOT_DEFINED, "micro", "macro", "macro"],
    "s2": [NOT_DEFINED, "nano", "micro", "micro", "macro", "mega"],
    "s3": ["micro", "micro", "micro", "micro", "micro", NOT_DEFINED],
    "s4": [NOT_DEFINED, NOT_DEFINED, NOT_DEFINED, "micro", NOT_DEFINED, NOT_DEFINED],
    "sprout_tagger": ["micro T3", "micro T3", "micro", "micro", "mid", "macro"],
    "hypeauditor_old": [NOT_DEFINED, "nano", "micro", "micro", "macro", "mega"],
    "later_fohr": ["nano", "nano", "nano", "micro", "mid", "mega"],
    "shopify_2026": [NOT_DEFINED, "nano", "nano", "nano", "micro", "macro"],
    "imh": [NOT_DEFINED, "nano", "nano", "micro", "mid", "mega"],
    "tapinfluence_2018": [NOT_DEFINED, NOT_DEFINED, "micro", "micro", "micro", NOT_DEFINED],
}


@pytest.mark.parametrize("scheme", SIZES)
def test_boundary_followers(scheme: str) -> None:
    """Each scheme puts the boundary followers where its source, or its stated reading, puts them."""
    assert [size_of(followers, None, named(scheme)) for followers in AT] == SIZES[scheme]


def test_every_scheme_is_held() -> None:
    """A scheme added to the pack needs its row above; the one by percentile has no followers to test."""
    assert set(schemes()) - set(SIZES) == {"klear"}


@pytest.mark.parametrize(
    ("scheme", "followers", "size"),
    [
        ("s2", 4_999, "nano"),
        ("s2", 5_000, "micro"),
        ("s4", 50_000, "micro"),
        ("s4", 50_001, NOT_DEFINED),
        ("s4", 1_000_001, "mega"),
        ("s3", 100_001, NOT_DEFINED),
        ("shopify_2026", 10_001, "micro"),
        ("shopify_2026", 500_500, NOT_DEFINED),
        ("shopify_2026", 1_000_001, NOT_DEFINED),
        ("sprout_tagger", 25_000, "mid"),
    ],
)
def test_other_boundaries(scheme: str, followers: int, size: str) -> None:
    """Nested bands, inclusive ends and gaps as stated."""
    assert size_of(followers, None, named(scheme)) == size


def test_nesting_is_stated() -> None:
    """In S2 nano lies inside micro, and the scheme says so."""
    nano = next(band for band in named("s2").bands if band.name == "nano")
    assert nano.within == "micro"


OWN = {
    "title": "Our own sizes",
    "bands": [{"name": "small", "from": 0, "below": 20_000}, {"name": "large", "from": 20_000}],
    "platforms": {
        "YouTube": [{"name": "small", "from": 0, "to": 50_000}, {"name": "large", "above": 50_000}]
    },
}


def test_a_client_may_have_its_own_sizes_per_platform() -> None:
    """Sizes stated in client.yml are used like any other, and may have other ends on one platform."""
    book = make_book(client={"tier_scheme": "ours", "tier_schemes": {"ours": OWN}})
    own = scheme_of(book)
    assert [size_of(n, None, own) for n in (19_999, 20_000)] == ["small", "large"]
    assert [size_of(n, "youtube", own) for n in (20_000, 50_000, 50_001)] == ["small", "small", "large"]
    assert own.source == "client.yml"
    assert "ours" in schemes(book)
    assert "ours" not in schemes()


@pytest.mark.parametrize(
    "band",
    [{"name": "x"}, {"name": "x", "from": 1, "above": 2}, {"name": "x", "from": 1, "to": 2, "below": 3}],
)
def test_a_size_needs_one_start_and_one_end(band: dict) -> None:
    """A size of the client's own that starts nowhere or ends twice is a mistake, not a guess."""
    with pytest.raises(ValueError, match="size"):
        make_book(client={"tier_schemes": {"ours": {"title": "Ours", "bands": [band]}}})


def test_every_scheme_has_source_date_and_reading() -> None:
    """Nobody's sizes are printed without saying whose they are and how a shared boundary is read."""
    for scheme in schemes().values():
        assert scheme.source
        assert scheme.date
        assert scheme.read


def test_unknown_schemes_are_named() -> None:
    """A wrong name, and a scheme that does not go by followers, are a sentence and not a traceback."""
    with pytest.raises(Problem, match="no tier scheme"):
        named("s9")
    with pytest.raises(Problem, match="percentile"):
        named("klear")


def test_unknown_followers_have_no_size() -> None:
    """Missing followers are not nano."""
    assert size_of(None, None, named("s0")) == NOT_DEFINED
    assert size_of(float("nan"), None, named("s0")) == NOT_DEFINED


@given(st.integers(0, 5_000_000), st.sampled_from(sorted(SIZES)))
def test_one_size_each(followers: int, scheme: str) -> None:
    """Every number has one size, of the scheme's own names or none."""
    assert size_of(followers, None, named(scheme)) in {*named(scheme).names, NOT_DEFINED}
