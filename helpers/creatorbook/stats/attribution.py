"""Attribution: ways to share conversions among the channels that were on the path to them.

Rules of thumb (first, last, linear, time decay, position), the removal effect of an exact first-order Markov
chain, and the Shapley value. Each rule's credits sum to the conversions exactly: they are rounded to the grid on
which the sum is a whole number of steps, so that adding them up in any order gives the same.

These are ways to share, not measures of cause: they disagree, and `disagreement` says by how much.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

#: days in which a touch's weight halves, by default
HALF_LIFE = 7.0
#: share of the first and of the last touch in the position rule
END_SHARE = 0.4
UNKNOWN_CHANNEL = "(not known)"


@dataclass(frozen=True)
class Journeys:
    """Paths to conversions, as arrays; one journey after the other.

    Attributes:
        channels: names, sorted.
        channel: place of each touch's channel in `channels`.
        starts: place of each journey's first touch.
        converted, lost: how many such journeys ended with and without a conversion; 1 and 0 or 0 and 1
            unless alike journeys were added up.
        worth: what is shared out for each journey: conversions, or their value.
        days: time of each touch in days; `None` where it is not known.
    """

    channels: tuple[str, ...]
    channel: np.ndarray
    starts: np.ndarray
    converted: np.ndarray
    lost: np.ndarray
    worth: np.ndarray
    days: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Touches of each journey."""
        return np.diff(self.starts, append=len(self.channel))

    @cached_property
    def total(self) -> float:
        """What is shared out in all."""
        return float(self.worth.sum())

    @cached_property
    def buyers(self) -> Journeys:
        """The journeys with something to share out."""
        with_worth = self.worth != 0
        if with_worth.all():
            return self
        touches = np.repeat(with_worth, self.lengths)
        lengths = self.lengths[with_worth]
        days = None if self.days is None else self.days[touches]
        starts = np.cumsum(lengths) - lengths
        channel = self.channel[touches]
        return Journeys(
            self.channels,
            channel,
            starts,
            self.converted[with_worth],
            self.lost[with_worth],
            self.worth[with_worth],
            days,
        )

    @property
    def several(self) -> float:
        """Share of what is shared out that has two channels or more on its path; 0 without conversions."""
        first = np.repeat(self.buyers.channel[self.buyers.starts], self.buyers.lengths)
        other = np.zeros(len(self.buyers) + 1, dtype=bool)
        other[self.buyers.of_touch[self.buyers.channel != first]] = True
        return float(self.buyers.worth[other[:-1]].sum() / self.total) if self.total else 0.0

    @cached_property
    def of_touch(self) -> np.ndarray:
        """Place of each touch's journey."""
        return np.repeat(np.arange(len(self)), self.lengths)


def journeys(
    touches: pd.DataFrame,
    *,
    journey: str = "journey",
    channel: str = "channel",
    time: str | None = "time",
    converted: str = "converted",
    value: str | None = None,
) -> Journeys:
    """Journeys from a touch frame sorted by journey and time.

    Args:
        touches: one row per touch; the names of its columns follow.
        journey: whose path it is; the rows of one journey stand together.
        channel: what was touched; a missing one becomes a channel of its own.
        time: when, as a moment or in days; `None`, or a column the frame lacks: not known.
        converted: whether the journey ended with a conversion, on its last row or on all.
        value: what the conversion was worth, likewise; `None` shares out conversions.

    Raises:
        ValueError: a column is missing, or the frame is not sorted.
    """
    wanted = [journey, channel, converted, *([value] if value else [])]
    if lacking := [name for name in wanted if name not in touches]:
        raise ValueError(f"the touches have no column {', '.join(map(repr, lacking))}")
    starts = _starts(touches[journey].to_numpy())
    codes, names = _codes(touches[channel])
    ended = np.asarray(touches[converted].fillna(0), dtype=bool)
    bought = np.logical_or.reduceat(ended, starts) if len(starts) else np.zeros(0, dtype=bool)
    worth = bought.astype(float)
    if value:
        worths = np.nan_to_num(touches[value].to_numpy(dtype=float, na_value=np.nan))
        worth = worth * (np.maximum.reduceat(worths, starts) if len(starts) else 0.0)
        if (worth < 0).any():
            raise ValueError("a conversion has a value below 0")
    days = _days(touches[time], starts) if time and time in touches else None
    return Journeys(names, codes, starts, bought.astype(float), 1.0 - bought, worth, days)


def journeys_of_paths(
    paths: Iterable[str | Sequence[str]],
    conversions: Sequence[float],
    lost: Sequence[float] | None = None,
    values: Sequence[float] | None = None,
    separator: str = ">",
) -> Journeys:
    """Journeys from paths that were added up: `"instagram > search"`, or a sequence of channels, with their counts.

    Args:
        paths: channels in order, at least one.
        conversions, lost: how many such paths ended with and without a conversion.
        values: what their conversions were worth together; `None` shares out conversions.

    Raises:
        ValueError: a path has no channel.
    """
    split = [
        [part.strip() for part in path.split(separator)] if isinstance(path, str) else list(path)
        for path in paths
    ]
    if not all(split):
        raise ValueError("a path has no channel")
    codes, names = _codes(pd.Series([name for path in split for name in path], dtype="str"))
    lengths = np.array([len(path) for path in split], dtype=np.intp)
    starts = np.cumsum(lengths) - lengths
    bought = np.asarray(conversions, dtype=float)
    without = np.zeros(len(split)) if lost is None else np.asarray(lost, dtype=float)
    worth = bought if values is None else np.asarray(values, dtype=float)
    return Journeys(names, codes, starts, bought, without, worth)


# ------------------------------------------------------------------ rules


def first_touch(paths: Journeys) -> np.ndarray:
    """First-touch attribution: all to the first channel."""
    return _summed(paths, paths.channel[paths.starts], paths.worth)


def last_touch(paths: Journeys) -> np.ndarray:
    """Last-touch attribution: all to the last channel."""
    return _summed(paths, paths.channel[paths.starts + paths.lengths - 1], paths.worth)


def linear(paths: Journeys) -> np.ndarray:
    """Linear attribution: the same to each touch."""
    buyers = paths.buyers
    return _summed(paths, buyers.channel, np.repeat(buyers.worth / buyers.lengths, buyers.lengths))


def time_decay(paths: Journeys, half_life: float = HALF_LIFE) -> np.ndarray:
    """Time decay: a touch weighs half as much for every half-life (days) before the last one; without times, the same to each."""
    buyers = paths.buyers
    if buyers.days is None or not len(buyers):
        return linear(paths)
    last = buyers.days[buyers.starts + buyers.lengths - 1]
    weight = np.exp2((buyers.days - np.repeat(last, buyers.lengths)) / half_life)
    per_weight = buyers.worth / np.add.reduceat(weight, buyers.starts)
    return _summed(paths, buyers.channel, weight * np.repeat(per_weight, buyers.lengths))


def position(paths: Journeys, ends: float = END_SHARE) -> np.ndarray:
    """Position-based: `ends` to the first, as much to the last touch, the rest to those between; half each where there are two."""
    buyers = paths.buyers
    lengths, worth = buyers.lengths, buyers.worth
    end = np.where(lengths == 1, 0.5, np.where(lengths == 2, 0.5, ends))
    between = np.where(lengths > 2, (1 - 2 * ends) / np.maximum(lengths - 2, 1), 0.0)
    weight = np.repeat(between, lengths)
    last = buyers.starts + lengths - 1
    weight[buyers.starts] = end
    weight[last] = np.where(lengths == 1, 1.0, end)
    return _summed(paths, buyers.channel, weight * np.repeat(worth, lengths))


def markov(paths: Journeys) -> np.ndarray:
    """Removal effects of an exact first-order Markov chain, scaled to the conversions.

    From start over channels to conversion or none, with the journeys' own transition shares. The effect of a
    channel is the share of conversions that would be lost if every visit to it ended without one (Anderl et al. 2016),
    solved in closed form: chance to ever visit it × chance to convert from it ÷ chance to convert at all.
    """
    if not paths.total:
        return np.zeros(len(paths.channels))
    chance, convert = _chain(paths)
    count = len(paths.channels)
    visits = np.linalg.inv(np.eye(count + 1) - chance)
    reach = visits[count, :count] / np.diag(visits)[:count]
    effect = reach * (visits @ convert)[:count]
    return _exact(effect / effect.sum() * paths.total, paths.total)


def shapley(paths: Journeys) -> np.ndarray:
    """The Shapley value, where a set of channels is worth the conversions whose path needs no other channel.

    For this worth each conversion is shared evenly among the different channels on its path, whatever their order
    and number of touches (Zhao, Mahboobi & Bagheri 2018): exact for any number of channels.
    """
    buyers, count = paths.buyers, len(paths.channels)
    pairs = np.sort(buyers.of_touch * count + buyers.channel)  # np.unique takes ten times as long
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    of_journey, channel = pairs // max(count, 1), pairs % max(count, 1)
    each = buyers.worth / np.bincount(of_journey, minlength=len(buyers))
    return _summed(paths, channel, each[of_journey])


@dataclass(frozen=True)
class Rule:
    """One way to share conversions.

    Attributes:
        id: stable name.
        title: in a reader's words.
        credit: journeys → what each channel is given, in the order of `Journeys.channels`; sums to `total`.
    """

    id: str
    title: str
    credit: Callable[[Journeys], np.ndarray]


RULES = (
    Rule("first", "all to the first touch", first_touch),
    Rule("last", "all to the last touch", last_touch),
    Rule("linear", "the same to each touch", linear),
    Rule("decay", "more to later touches", time_decay),
    Rule("position", "most to first and last touch", position),
    Rule("markov", "by what removing it would lose (Markov)", markov),
    Rule("shapley", "evenly among those on the path (Shapley)", shapley),
)


def share_out(paths: Journeys, rules: Iterable[Rule] = RULES) -> pd.DataFrame:
    """What each rule gives each channel: one row per channel, one column per rule.

    Raises:
        ValueError: a rule's credits do not sum to what is shared out.
    """
    given = {}
    for rule in rules:
        credit = np.asarray(rule.credit(paths), dtype=float)
        if credit.shape != (len(paths.channels),) or not np.isclose(credit.sum(), paths.total):
            raise ValueError(f"the credits of the rule {rule.id!r} do not sum to the conversions")
        given[rule.id] = credit
    return pd.DataFrame(given, index=pd.Index(paths.channels, name="channel"))


def disagreement(given: pd.DataFrame) -> float:
    """The part of all credit that changes hands between the two rules that differ most, 0 to 1."""
    total = float(given.iloc[:, 0].sum()) if given.shape[1] else 0.0
    if not total:
        return 0.0
    columns = given.to_numpy().T
    return max(float(np.abs(one - other).sum()) / 2 / total for one in columns for other in columns)


# ------------------------------------------------------------------ arithmetic


def _chain(paths: Journeys) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the steps between channels (the start is the last state), and from each to a conversion."""
    count = len(paths.channels)
    weight = paths.converted + paths.lost
    plain = bool((weight == 1).all())
    inner = np.ones(len(paths.channel), dtype=bool)
    inner[paths.starts] = False
    steps = paths.channel[:-1][inner[1:]] * count + paths.channel[1:][inner[1:]]
    weights = None if plain else np.repeat(weight, paths.lengths)[inner]
    counts = np.zeros((count + 1, count))
    counts[:count] = np.bincount(steps, weights, minlength=count * count).reshape(count, count)
    counts[count] = np.bincount(paths.channel[paths.starts], weight, minlength=count)
    last = paths.channel[paths.starts + paths.lengths - 1]
    converted = np.append(np.bincount(last, paths.converted, minlength=count), 0.0)
    leaving = counts.sum(axis=1) + converted + np.append(np.bincount(last, paths.lost, minlength=count), 0.0)
    leaving = np.where(leaving > 0, leaving, 1.0)
    return np.hstack([counts / leaving[:, None], np.zeros((count + 1, 1))]), converted / leaving


def _summed(paths: Journeys, channel: np.ndarray, credit: np.ndarray) -> np.ndarray:
    sums = np.bincount(channel, credit, minlength=len(paths.channels)).astype(float)
    return _exact(sums, paths.total)


def _exact(credit: np.ndarray, total: float) -> np.ndarray:
    """Credits as whole steps of the grid that `total` lies on, the remainder with the largest: any sum is exact."""
    if not total or not len(credit):
        return np.zeros(len(credit))
    step = float(np.spacing(total))
    whole = np.round(credit / step)
    whole[int(np.argmax(whole))] += total / step - whole.sum()
    return whole * step


def _starts(ids: np.ndarray) -> np.ndarray:
    """Places at which another journey begins."""
    if not len(ids):
        return np.zeros(0, dtype=np.intp)
    new = np.ones(len(ids), dtype=bool)
    np.not_equal(ids[1:], ids[:-1], out=new[1:], casting="unsafe")
    starts = np.flatnonzero(new)
    seen = ids[starts]
    if not (seen[1:] > seen[:-1]).all() and not pd.Series(seen).is_unique:
        raise ValueError("the touches are not sorted: the rows of one journey do not stand together")
    return starts


def _codes(channels: pd.Series) -> tuple[np.ndarray, tuple[str, ...]]:
    """Each touch's place among the sorted names of channels."""
    places, names = pd.factorize(channels, use_na_sentinel=True)
    labels = [str(name) for name in names] + ([UNKNOWN_CHANNEL] if (places < 0).any() else [])
    order = sorted(range(len(labels)), key=lambda place: labels[place])
    rank = np.empty(len(labels), dtype=np.intp)
    rank[order] = np.arange(len(labels), dtype=np.intp)
    return rank[places] if len(labels) else places.astype(np.intp), tuple(labels[place] for place in order)


def _days(times: pd.Series, starts: np.ndarray) -> np.ndarray:
    """Times in days from the first one."""
    if pd.api.types.is_numeric_dtype(times):
        days = times.to_numpy(dtype=float)
    else:
        moments: Any = pd.to_datetime(times).astype("datetime64[us]").to_numpy()
        days = (moments - moments.min()).astype("int64") / 86_400e6 if len(moments) else np.zeros(0)
    back = days[1:] < days[:-1]
    back[starts[1:] - 1] = False
    if back.any():
        raise ValueError("the touches are not sorted: a journey goes back in time")
    return days
