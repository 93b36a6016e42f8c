"""Jumps in a follower curve: days that gain far more than the days around them, and what went with them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from creatorbook.stats.robust import rolling_z


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


def jumps(
    gains: pd.DataFrame,
    *,
    window_days: int,
    z: float,
    share: float,
    decay_days: int = 30,
) -> pd.DataFrame:
    """Jumps: runs of unusual days, with what was gained and how much of it leaked away again.

    A day is unusual if its gain lies `z` robust standard deviations above the days around it; a run of such
    days (at most two days apart) is a jump if it gains at least `share` of the followers before it.

    Returns:
        One row per jump: account, start, end, before, gain, share, z (largest), lost (share of the gain gone
        within `decay_days`, NaN if not yet known), views_ratio (best day from two days before to the end,
        against the account's median day; NaN without views).
    """
    columns = ["account", "start", "end", "before", "gain", "share", "z", "lost", "views_ratio"]
    frame = gains.reset_index(drop=True)
    # a day's gain is a count: its spread is believed to be at least a root, and a ten-thousandth of the size
    floor = np.maximum(np.sqrt(frame.gain.abs().clip(lower=1)) / 2, frame.followers * 1e-4).clip(lower=1.0)
    frame["z"] = rolling_z(frame.gain, frame.account, window_days, floor)
    odd = frame[(frame.z >= z) & (frame.gain > 0)]
    if odd.empty:
        return pd.DataFrame(columns=columns)
    apart = odd.groupby("account").date.diff().dt.days.fillna(99)
    run = (apart > 3).cumsum()
    found = odd.groupby(run, as_index=False).agg(
        account=("account", "first"),
        start=("date", "first"),
        end=("date", "last"),
        z=("z", "max"),
        first_row=("followers", lambda rows: rows.index[0]),
        last_row=("followers", lambda rows: rows.index[-1]),
    )
    # the count before the run is the row above, of the same account: its first row has no gain
    found["before"] = frame.followers.to_numpy()[found.first_row - 1]
    top = frame.followers.to_numpy()[found.last_row]
    found["gain"] = top - found.before
    found["share"] = found.gain / found.before.where(found.before > 0)
    found = found[found.share >= share].reset_index(drop=True)
    if found.empty:
        return pd.DataFrame(columns=columns)
    by_account = dict(tuple(frame.groupby("account", sort=False)))
    found["lost"] = [_lost(by_account[row.account], row, decay_days) for row in found.itertuples()]
    found["views_ratio"] = [_views_ratio(by_account[row.account], row) for row in found.itertuples()]
    return found[columns]


def _lost(history: pd.DataFrame, jump: object, days: int) -> float:
    """Share of the gain that is gone at the lowest count within so many days after the jump."""
    end = jump.end  # type: ignore[attr-defined]
    after = history[(history.date > end) & (history.date <= end + pd.Timedelta(days=days))]
    if len(after) < days // 3:
        return float("nan")
    top = float(history.loc[history.date == end, "followers"].iloc[0])
    return max(0.0, (top - float(after.followers.min())) / jump.gain)  # type: ignore[attr-defined]


def _views_ratio(history: pd.DataFrame, jump: object) -> float:
    """The best day's views around the jump against the account's median day."""
    start, end = jump.start, jump.end  # type: ignore[attr-defined]
    near = history[(history.date >= start - pd.Timedelta(days=2)) & (history.date <= end)].views
    usual = history.views.median()
    if near.isna().all() or not usual > 0:
        return float("nan")
    return float(near.max() / usual)
