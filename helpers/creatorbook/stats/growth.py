"""Jumps in a follower curve: days that gain far more than the days around them, and what went with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from creatorbook.stats.robust import USUAL_LEVEL, robust_spread, rolling_noise, rolling_quantile


def daily_gains(history: pd.DataFrame) -> pd.DataFrame:
    """One row per account and counted day, with the gain per day since the count before.

    A gap is spread evenly over its days: `gain` = change ÷ days, so that a holiday is no jump.

    Args:
        history: columns account, date, followers; optionally views.

    Returns:
        Sorted by account and date: account, date, followers, views, days, change, gain, share (gain ÷
        followers before).
    """
    frame = history.assign(date=history.date.dt.normalize()).dropna(subset=["date", "followers"])
    frame = frame.sort_values(["account", "date"], kind="stable").drop_duplicates(
        ["account", "date"], keep="last"
    )
    grouped = frame.groupby("account", sort=False)
    before = grouped.followers.shift()
    days = grouped.date.diff().dt.days
    change = frame.followers - before
    views = frame.views if "views" in frame else np.nan
    return frame[["account", "date", "followers"]].assign(
        views=views,
        days=days,
        change=change,
        gain=change / days,
        share=change / days / before.where(before > 0),
    )


#: how a day is told from its neighbours in `jumps`: a week's mean, and the z from which a day belongs to a run
#: (a part of the run's largest, so that the quiet days around a sharp jump do not)
WEEK = 7
EDGE, EDGE_PART = 1.5, 0.15
#: days before a gain in which people may have seen what they follow, and after it, as exports count days differently
SEEN_BEFORE, SEEN_AFTER = 2, 1
#: which stretch of days elsewhere counts as a good one
GOOD = 0.8

_DAY, _ONE_DAY = "datetime64[D]", np.timedelta64(1, "D")

JUMP_COLUMNS = [
    "account", "start", "end", "before", "gain", "share", "z", "lost", "views_ratio", "views_near", "unexplained",
]  # fmt: skip


def jumps(
    gains: pd.DataFrame,
    *,
    window_days: int,
    z: float,
    share: float,
    week_z: float | None = None,
    decay_days: int = 30,
    views_each: float = 10.0,
) -> pd.DataFrame:
    """Jumps and rises: runs of days that gain far more than the days around them.

    A day is unusual if its gain lies `z`, or the mean gain of the week around it `week_z` (as `z` where it is not
    given), robust standard deviations above what is usual in the window (`robust.rolling_noise`); a week sees slow
    rises that no single day shows. A run of such days is trimmed to the days that stand out themselves, and counts if
    what it gained beyond the usual is at least `share` of the followers before it.

    Returns:
        One row per jump: account, start, end, before, gain (beyond the usual), share, z (largest), lost
        (share of the gain gone within `decay_days`, NaN if not yet known), views_ratio (the best three days
        of the run against a good three days elsewhere, the 90th percentile), views_near (share of the gain
        in the days around those best days), unexplained (share of the followers before that is left when
        every `views_each` views beyond the usual stand for one newcomer); these three NaN without views.
    """
    frame = with_z(gains.reset_index(drop=True), window_days)
    odd = frame[((frame.z >= z) | (frame.week_z >= (week_z or z))) & frame.days.notna()]
    if odd.empty:
        return pd.DataFrame(columns=JUMP_COLUMNS)
    # one run: the same account, and no more than two quiet days in between
    new = (odd.account != odd.account.shift()) | (odd.date.diff().dt.days > 3)
    odd = odd.assign(run=new.cumsum())
    edge = np.maximum(EDGE, EDGE_PART * odd.groupby("run").z.transform("max"))
    odd = odd[(odd.z >= edge) | (odd.groupby("run").z.transform("max") < edge)]
    wanted = frame[frame.account.isin(odd.account)]
    curves = {account: _Curve.of(history) for account, history in wanted.groupby("account", sort=False)}
    runs = odd.groupby("run", sort=True).agg(
        account=("account", "first"), start=("date", "first"), end=("date", "last")
    )
    rows = [
        _measured(curves[run.account], run.start, run.end, decay_days, views_each)
        for run in runs.itertuples()
    ]
    measured = pd.DataFrame(rows, columns=JUMP_COLUMNS)
    return measured[measured.share >= share].reset_index(drop=True)


def with_z(gains: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """`gains` with `usual` (gain per day), `z` and `week_z` of each day."""
    frame = gains.assign(usual=rolling_quantile(gains.gain, gains.account, window_days, USUAL_LEVEL))
    # a day's gain is a count: its spread is believed to be half a root, and a ten-thousandth of the size
    floor = np.maximum(np.sqrt(frame.usual.abs().clip(lower=1)) / 2, frame.followers * 1e-4).clip(lower=1.0)
    noise = np.maximum(rolling_noise(frame.gain, frame.account, window_days), floor)
    by_account = frame.groupby("account", sort=False).gain
    week = by_account.rolling(WEEK, center=True, min_periods=3).mean().droplevel(0).reindex(frame.index)
    usual_week = rolling_quantile(week, frame.account, window_days, USUAL_LEVEL)
    # weeks lie closer together than days, but neighbouring days are not independent
    return frame.assign(
        z=(frame.gain - frame.usual) / noise, week_z=(week - usual_week) / (noise / np.sqrt(WEEK) * 2)
    )


@dataclass(frozen=True)
class _Curve:
    """One account's counted days as arrays, in the order of time; `three` are three-day means of the views."""

    account: str
    day: np.ndarray
    followers: np.ndarray
    views: np.ndarray
    days: np.ndarray
    change: np.ndarray
    gain: np.ndarray
    z: np.ndarray
    three: np.ndarray

    @classmethod
    def of(cls, history: pd.DataFrame) -> _Curve:
        """The rows of one account from `with_z`."""
        columns = ("followers", "views", "days", "change", "gain", "z")
        return cls(
            account=history.account.iloc[0],
            day=history.date.to_numpy().astype(_DAY),
            three=history.views.rolling(3, min_periods=1).mean().to_numpy(),
            **{name: history[name].to_numpy(dtype=float) for name in columns},
        )


def _measured(
    curve: _Curve, first: pd.Timestamp, last: pd.Timestamp, decay_days: int, views_each: float
) -> list[object]:
    """One jump's row, in the order of `JUMP_COLUMNS`."""
    start, end = np.datetime64(first, "D"), np.datetime64(last, "D")
    run = (curve.day >= start) & (curve.day <= end)
    before = float(curve.followers[run][0] - curve.change[run][0])
    quiet = curve.gain[~run]
    usual = float(np.nanmedian(quiet)) if not np.isnan(quiet).all() else 0.0
    gain = float(curve.followers[run][-1]) - before - usual * float(np.nansum(curve.days[run]))
    share = gain / before if before > 0 else float("nan")
    lost = _lost(curve, end, gain, usual, decay_days)
    ratio, near = _views(curve, start, end, usual)
    rest = _unexplained(curve, start, end, usual, views_each) / before if before > 0 else float("nan")
    z = float(np.nanmax(curve.z[run]))
    return [curve.account, first, last, before, gain, share, z, lost, ratio, near, rest]


def _lost(curve: _Curve, end: np.datetime64, gain: float, usual: float, days: int) -> float:
    """Share of the gain gone within so many days: how far the curve falls below its usual growth."""
    after = (curve.day > end) & (curve.day <= end + days)
    if after.sum() < days // 3 or gain <= 0:
        return float("nan")
    top = float(curve.followers[curve.day == end][0])
    expected = top + usual * float((curve.day[after][-3:] - end).astype(float).mean())
    return max(0.0, (expected - float(curve.followers[after][-3:].mean())) / gain)


def _unexplained(
    curve: _Curve, start: np.datetime64, end: np.datetime64, usual: float, views_each: float
) -> float:
    """Followers gained beyond the usual for whom there were too few more views than usual; NaN without views.

    Week by week within the run, so that a good post in the first week does not stand for additions in the
    fifth; the views of the days just before count too.
    """
    day = np.arange(curve.day[0], curve.day[-1] + 1)
    views = np.full(len(day), np.nan)
    views[(curve.day - curve.day[0]).astype(int)] = curve.views
    outside = np.where((day < start - SEEN_BEFORE) | (day > end), views, np.nan)
    if (~np.isnan(outside)).sum() < 2 * WEEK:
        return float("nan")
    elsewhere, left = pd.Series(outside), 0.0
    for first in np.arange(start, end + 1, WEEK):
        last = min(first + WEEK - 1, end)
        span = int((last - first) / _ONE_DAY) + 1 + SEEN_BEFORE + SEEN_AFTER
        # a good stretch of as many days elsewhere, not a middling one: views differ from week to week
        stretches = elsewhere.rolling(span, min_periods=max(1, span // 2)).mean().to_numpy()
        seen = views[(day >= first - SEEN_BEFORE) & (day <= last + SEEN_AFTER)]
        more = 0.0
        if not np.isnan(seen).all() and not np.isnan(stretches).all():
            good = float(np.quantile(stretches[~np.isnan(stretches)], GOOD))
            more = max(0.0, (float(np.nanmean(seen)) - good) * span)
        week = (curve.day >= first) & (curve.day <= last)
        beyond = float(np.nansum(curve.change[week] - usual * curve.days[week]))
        left += max(0.0, beyond - more / views_each)
    return left


def _views(curve: _Curve, start: np.datetime64, end: np.datetime64, usual: float) -> tuple[float, float]:
    """How the best three days of a jump compare with good days elsewhere, and how much was gained around them."""
    inside = curve.three[(curve.day >= start) & (curve.day <= end + 2)]
    elsewhere = curve.three[(curve.day < start - 2) | (curve.day > end + 4)]
    elsewhere = elsewhere[~np.isnan(elsewhere)]
    good = float(np.quantile(elsewhere, 0.9)) if len(elsewhere) >= 14 else 0.0
    if np.isnan(inside).all() or not good > 0:
        return float("nan"), float("nan")
    best = curve.day[curve.day >= start][np.nanargmax(inside)]
    run = (curve.day >= start) & (curve.day <= end)
    beyond = np.where(run, np.maximum(curve.gain - usual, 0.0), 0.0)
    total = float(np.nansum(beyond))
    near = float(np.nansum(beyond[np.abs(curve.day - best) <= 4])) / total if total > 0 else float("nan")
    return float(np.nanmax(inside)) / good, near


def swings(history: pd.DataFrame, *, days: int, z: float, share: float) -> pd.DataFrame:
    """Rises in the number of accounts followed that were undone again soon.

    A day is a top if the count had risen to it within so many days and fell again within as many; the size is
    the smaller of both. It must exceed `z` times the usual change from day to day (robust).

    Args:
        history: columns account, date, following.
        days: for the rise, and again for the fall.
        z: times the spread of daily changes.
        share: of the accounts usually followed (the median).

    Returns:
        One row per account with a swing, by account: date (of the largest top), accounts (its size), share,
        times (how many tops lie at least `days` apart).
    """
    daily = history.groupby(["account", history.date.dt.normalize()], sort=True).following.last().dropna()
    rows = {
        account: row
        for account, part in daily.reset_index().groupby("account", sort=True)
        if (row := _swing(part.date.to_numpy(), part.following.to_numpy(), days, z, share))
    }
    columns = ["date", "accounts", "share", "times"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("account")


def _swing(
    counted: np.ndarray, following: np.ndarray, days: int, z: float, share: float
) -> list[object] | None:
    """One account's row of `swings`; nothing if no rise was undone soon."""
    place = (counted.astype(_DAY) - counted[0].astype(_DAY)).astype(int)
    followed = np.interp(np.arange(place[-1] + 1), place, following)
    usual = max(float(np.median(followed)), 1.0)
    least = max(share * usual, z * robust_spread(np.diff(followed)))
    if np.ptp(followed) < least:
        return None
    unknown = np.full(days, np.inf)
    rise = followed - sliding_window_view(np.concatenate([unknown, followed]), days + 1).min(axis=1)
    fall = followed - sliding_window_view(np.concatenate([followed, unknown]), days + 1).min(axis=1)
    size = np.minimum(rise, fall)
    highest = sliding_window_view(np.concatenate([-unknown, size, -unknown]), 2 * days + 1).max(axis=1)
    tops = np.flatnonzero((size >= least) & (size >= highest))
    if not len(tops):
        return None
    top = tops[np.argmax(size[tops])]
    apart = 1 + int((np.diff(tops) > days).sum())
    return [pd.Timestamp(counted[0]) + pd.Timedelta(days=int(top)), size[top], size[top] / usual, apart]
