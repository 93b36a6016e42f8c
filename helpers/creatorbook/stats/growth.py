"""Jumps in a follower curve: days that gain far more than the days around them, and what went with them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.stats.robust import LEVEL, rolling_noise, rolling_quantile, spread


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

COLUMNS = [
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
        return pd.DataFrame(columns=COLUMNS)
    # one run: the same account, and no more than two quiet days in between
    new = (odd.account != odd.account.shift()) | (odd.date.diff().dt.days > 3)
    odd = odd.assign(run=new.cumsum())
    edge = np.maximum(EDGE, EDGE_PART * odd.groupby("run").z.transform("max"))
    odd = odd[(odd.z >= edge) | (odd.groupby("run").z.transform("max") < edge)]
    wanted = frame[frame.account.isin(odd.account)]
    by_account = dict(tuple(wanted.groupby("account", sort=False)))
    rows = [
        _measured(
            by_account[run.account.iloc[0]], run.date.iloc[0], run.date.iloc[-1], decay_days, views_each
        )
        for _, run in odd.groupby("run", sort=True)
    ]
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found[found.share >= share].reset_index(drop=True)


def with_z(gains: pd.DataFrame, window_days: int) -> pd.DataFrame:
    """`gains` with `usual` (gain per day), `z` and `week_z` of each day."""
    frame = gains.assign(usual=rolling_quantile(gains.gain, gains.account, window_days, LEVEL))
    # a day's gain is a count: its spread is believed to be half a root, and a ten-thousandth of the size
    floor = np.maximum(np.sqrt(frame.usual.abs().clip(lower=1)) / 2, frame.followers * 1e-4).clip(lower=1.0)
    noise = np.maximum(rolling_noise(frame.gain, frame.account, window_days), floor)
    by_account = frame.groupby("account", sort=False).gain
    week = by_account.rolling(WEEK, center=True, min_periods=3).mean().droplevel(0).reindex(frame.index)
    usual_week = rolling_quantile(week, frame.account, window_days, LEVEL)
    # weeks lie closer together than days, but neighbouring days are not independent
    return frame.assign(
        z=(frame.gain - frame.usual) / noise, week_z=(week - usual_week) / (noise / np.sqrt(WEEK) * 2)
    )


def _measured(
    history: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, decay_days: int, views_each: float
) -> list[object]:
    """One jump's row, in the order of `COLUMNS`."""
    run = history[(history.date >= start) & (history.date <= end)]
    before = float(run.followers.iloc[0] - run.change.iloc[0])
    quiet = history[(history.date < start) | (history.date > end)].gain.median()
    usual = float(quiet) if quiet == quiet else 0.0
    gain = float(run.followers.iloc[-1]) - before - usual * float(run.days.sum())
    share = gain / before if before > 0 else float("nan")
    lost = _lost(history, end, gain, usual, decay_days)
    ratio, near = _views(history, start, end, usual)
    rest = _unexplained(history, start, end, usual, views_each) / before if before > 0 else float("nan")
    return [
        history.account.iloc[0],
        start,
        end,
        before,
        gain,
        share,
        float(run.z.max()),
        lost,
        ratio,
        near,
        rest,
    ]


def _lost(history: pd.DataFrame, end: pd.Timestamp, gain: float, usual: float, days: int) -> float:
    """Share of the gain gone within so many days: how far the curve falls below its usual growth."""
    after = history[(history.date > end) & (history.date <= end + pd.Timedelta(days=days))]
    if len(after) < days // 3 or gain <= 0:
        return float("nan")
    top = float(history.loc[history.date == end, "followers"].iloc[0])
    last = after.tail(3)
    expected = top + usual * float((last.date - end).dt.days.mean())
    return max(0.0, (expected - float(last.followers.mean())) / gain)


def _unexplained(
    history: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, usual: float, views_each: float
) -> float:
    """Followers gained beyond the usual for whom there were too few more views than usual; NaN without views.

    Week by week within the run, so that a good post in the first week does not stand for additions in the
    fifth; the views of the days just before count too.
    """
    by_day = history.set_index("date").views.asfreq("D")
    outside = (by_day.index < start - pd.Timedelta(days=SEEN_BEFORE)) | (by_day.index > end)
    if by_day[outside].notna().sum() < 2 * WEEK:
        return float("nan")
    left, first = 0.0, start
    while first <= end:
        last = min(first + pd.Timedelta(days=WEEK - 1), end)
        gained = history[history.date.between(first, last)]
        span = (last - first).days + 1 + SEEN_BEFORE + SEEN_AFTER
        # a good stretch of as many days elsewhere, not a middling one: views differ from week to week
        stretches = by_day.where(outside).rolling(span, min_periods=max(1, span // 2)).mean().dropna()
        seen = by_day[first - pd.Timedelta(days=SEEN_BEFORE) : last + pd.Timedelta(days=SEEN_AFTER)].mean()
        more = max(0.0, (float(seen) - float(stretches.quantile(GOOD))) * span) if seen == seen else 0.0
        beyond = float((gained.change - usual * gained.days).sum())
        left += max(0.0, beyond - more / views_each)
        first = last + pd.Timedelta(days=1)
    return left


def _views(
    history: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp, usual: float
) -> tuple[float, float]:
    """How the best three days of a jump compare with good days elsewhere, and how much was gained around them."""
    three = history.set_index("date").views.rolling(3, min_periods=1).mean()
    inside = three[start : end + pd.Timedelta(days=2)]
    day = pd.Timedelta(days=1)
    elsewhere = three[(three.index < start - 2 * day) | (three.index > end + 4 * day)].dropna()
    if inside.isna().all() or len(elsewhere) < 14 or not elsewhere.quantile(0.9) > 0:
        return float("nan"), float("nan")
    best = inside.idxmax()
    beyond = (history.gain - usual).clip(lower=0).where(history.date.between(start, end), 0.0)
    around = history.date.between(best - 4 * day, best + 4 * day)
    near = float(beyond[around].sum() / beyond.sum()) if beyond.sum() > 0 else float("nan")
    return float(inside.max() / elsewhere.quantile(0.9)), near


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
    rows = {}
    for account, part in history.groupby("account", sort=True):
        followed = part.assign(date=part.date.dt.normalize()).groupby("date").following.last()
        followed = followed.asfreq("D").interpolate()
        rise = followed - followed.rolling(days + 1, min_periods=1).min()
        fall = followed - followed[::-1].rolling(days + 1, min_periods=1).min()[::-1]
        size = np.minimum(rise, fall)
        usual = max(float(followed.median()), 1.0)
        least = max(share * usual, z * spread(followed.diff().dropna()))
        tops = size[(size >= least) & (size >= size.rolling(2 * days + 1, center=True, min_periods=1).max())]
        if len(tops):
            apart = 1 + int((tops.index.to_series().diff().dt.days > days).sum())
            rows[account] = [tops.idxmax(), float(tops.max()), float(tops.max()) / usual, apart]
    columns = ["date", "accounts", "share", "times"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("account")
