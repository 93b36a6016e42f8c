"""Ways to share conversions: sums are exact, and each rule equals plain enumeration on small cases."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise
from math import factorial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbook.stats.attribution import (
    RULES,
    UNKNOWN_CHANNEL,
    Rule,
    disagreement,
    journeys,
    journeys_of_paths,
    share_out,
)

JOURNEYS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 40)), min_size=1, max_size=6),
        st.booleans(),
        st.integers(0, 9999),
    ),
    min_size=1,
    max_size=12,
)
START, BOUGHT, LOST = "(start)", "(bought)", "(lost)"


def frame_of(told: list[tuple[list[tuple[str, int]], bool, int]]) -> pd.DataFrame:
    """The touch frame: times add up within a journey, the conversion stands on its last row."""
    rows = []
    for number, (touches, bought, cents) in enumerate(told):
        day = 0
        for place, (channel, later) in enumerate(touches):
            day += later
            last = place == len(touches) - 1
            rows.append((f"j{number:03d}", day, channel, bought and last, cents / 100 if last else np.nan))
    return pd.DataFrame(rows, columns=["journey", "time", "channel", "converted", "value"])


@given(JOURNEYS, st.booleans())
@settings(max_examples=80, deadline=None)
def test_credits_sum_exactly(told: list, worth: bool) -> None:
    """Every rule gives away all conversions, or all their value, to the last bit and in any order of adding."""
    read = journeys(frame_of(told), value="value" if worth else None)
    given_out = share_out(read)
    assert set(given_out) == {"first", "last", "linear", "decay", "position", "markov", "shapley"}
    for rule in given_out:
        assert given_out[rule].sum() == read.total
        assert sum(sorted(given_out[rule])) == read.total
        assert (given_out[rule] >= 0).all()


@given(JOURNEYS)
@settings(max_examples=80, deadline=None)
def test_rules_equal_plain_enumeration(told: list) -> None:
    """Each rule equals its definition written out journey by journey, subset by subset, channel by channel."""
    found = share_out(journeys(frame_of(told)))
    for rule, plain in (*HEURISTICS.items(), ("shapley", shapley_plain), ("markov", markov_plain)):
        expected = plain(told)
        for channel in found.index:
            assert found.loc[channel, rule] == pytest.approx(float(expected.get(channel, 0)), abs=1e-9), rule


def heuristic(weights):  # type: ignore[no-untyped-def]
    """A rule written out: the weights of one journey's touches, scaled to 1, added up by channel."""

    def plain(told: list) -> Counter:
        out: Counter = Counter()
        for touches, bought, _ in told:
            given_to = weights([later for _, later in touches]) if bought else []
            for (channel, _), weight in zip(touches, given_to, strict=False):
                out[channel] += weight / sum(given_to)
        return out

    return plain


def _decay(later: list[int]) -> list[float]:
    return [0.5 ** (sum(later[place + 1 :]) / 7) for place in range(len(later))]


def _position(later: list[int]) -> list[float]:
    count = len(later)
    return [0.5] * count if count <= 2 else [0.4, *[0.2 / (count - 2)] * (count - 2), 0.4]


HEURISTICS = {
    "first": heuristic(lambda later: [1.0] + [0.0] * (len(later) - 1)),
    "last": heuristic(lambda later: [0.0] * (len(later) - 1) + [1.0]),
    "linear": heuristic(lambda later: [1.0] * len(later)),
    "decay": heuristic(_decay),
    "position": heuristic(_position),
}


def shapley_plain(told: list) -> dict[str, Fraction]:
    """The mean of what a channel adds over all orders in which channels could come together."""
    names = sorted({channel for touches, _, _ in told for channel, _ in touches})

    def worth(some: tuple[str, ...]) -> int:
        return sum(bought and {channel for channel, _ in touches} <= set(some) for touches, bought, _ in told)

    out = {}
    for name in names:
        rest, total = [one for one in names if one != name], Fraction(0)
        for size in range(len(names)):
            chance = Fraction(factorial(size) * factorial(len(names) - size - 1), factorial(len(names)))
            total += chance * sum(worth((*some, name)) - worth(some) for some in combinations(rest, size))
        out[name] = total
    return out


def markov_plain(told: list) -> dict[str, Fraction]:
    """The chance to buy with each channel taken out, in fractions."""
    steps: Counter = Counter()
    for touches, bought, _ in told:
        path = [START, *(channel for channel, _ in touches), BOUGHT if bought else LOST]
        steps.update(pairwise(path))
    names = sorted({one for one, _ in steps} - {START})
    conversions = sum(bought for _, bought, _ in told)
    if not conversions:
        return {}
    whole = _chance(steps, names, None)
    effect = {name: 1 - _chance(steps, names, name) / whole for name in names}
    return {name: effect[name] / sum(effect.values()) * conversions for name in names}


def _chance(steps: Counter, names: list[str], without: str | None) -> Fraction:
    """The chance to get from the start to a purchase, every visit to one channel ending without; by elimination."""
    states = [START, *(name for name in names if name != without)]
    rows = []
    for one in states:
        leaving = sum(count for (source, _), count in steps.items() if source == one)
        rows.append(
            [Fraction(int(one == other)) - Fraction(steps[one, other], leaving) for other in states]
            + [Fraction(steps[one, BOUGHT], leaving)]
        )
    for place in range(len(rows)):
        pivot = next(row for row in range(place, len(rows)) if rows[row][place])
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for row in range(len(rows)):
            if row != place:
                factor = rows[row][place]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[place], strict=True)]
    return rows[0][-1]


@given(JOURNEYS)
@settings(max_examples=30, deadline=None)
def test_added_up_paths_give_the_same(told: list) -> None:
    """Alike journeys added up to one path with counts are shared like the journeys themselves."""
    paths = Counter((" > ".join(channel for channel, _ in touches), bought) for touches, bought, _ in told)
    keys = sorted({path for path, _ in paths})
    added = journeys_of_paths(keys, [paths[key, True] for key in keys], [paths[key, False] for key in keys])
    rules = [rule for rule in RULES if rule.id != "decay"]
    whole, short = share_out(journeys(frame_of(told)), rules), share_out(added, rules)
    np.testing.assert_allclose(short.to_numpy(), whole.to_numpy(), atol=1e-9)


def test_the_spread_is_what_changes_hands() -> None:
    """First and last touch that never agree move everything; one channel alone moves nothing."""
    apart = journeys_of_paths(["a > b", "a > b"], [1, 2])
    assert disagreement(share_out(apart)) == 1
    assert apart.several == 1
    alone = journeys_of_paths([["a"], ["a", "a"]], [1, 2], [5, 5])
    assert disagreement(share_out(alone)) == 0
    assert alone.several == 0


def test_a_path_without_purchase_lowers_a_channel_only_in_the_chain() -> None:
    """A channel that many touch and leave gets less by removal than by last touch."""
    told = journeys_of_paths(["a", "b", "a > b"], [10, 10, 0], [0, 90, 100])
    given_out = share_out(told)
    assert given_out.loc["b", "last"] == 10
    assert given_out.loc["b", "markov"] < 10


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"journey": ["x", "y", "x"]}, "do not stand together"),
        ({"time": [3.0, 1.0, 2.0], "journey": ["x", "x", "y"]}, "back in time"),
        ({"value": [-1.0, -1.0, -1.0]}, "below 0"),
    ],
)
def test_an_unsorted_frame_is_refused(change: dict[str, list], what: str) -> None:
    """Touches out of order would be shared out wrongly, so they are refused; so is a value below 0."""
    told = pd.DataFrame(
        {
            "journey": ["x", "x", "y"],
            "time": [1.0, 2.0, 1.0],
            "channel": "a",
            "converted": True,
            "value": 1.0,
        }
    )
    with pytest.raises(ValueError, match=what):
        journeys(told.assign(**change), value="value")
    with pytest.raises(ValueError, match="no column 'channel'"):
        journeys(told.drop(columns="channel"))


def test_what_is_not_known_is_said() -> None:
    """A touch without a channel is one of its own, no journey gives no credit, and moments count as days."""
    told = pd.DataFrame(
        {
            "journey": [1, 1, 2],
            "time": pd.to_datetime(["2026-03-01", "2026-03-08", "2026-03-02"]),
            "channel": ["a", None, "a"],
            "converted": [False, True, False],
        }
    )
    given_out = share_out(journeys(told))
    assert given_out.loc[UNKNOWN_CHANNEL, "last"] == 1
    assert given_out.loc["a", "decay"] == pytest.approx(1 / 3)
    assert (share_out(journeys(told.iloc[2:])).to_numpy() == 0).all()
    assert share_out(journeys(told.iloc[:0])).empty


def test_a_rule_that_loses_conversions_is_refused() -> None:
    """A plugin's rule has to give away what there is."""
    told = journeys_of_paths(["a > b"], [3])
    with pytest.raises(ValueError, match="do not sum"):
        share_out(told, [Rule("half", "half of it", lambda one: np.full(2, 0.5))])
