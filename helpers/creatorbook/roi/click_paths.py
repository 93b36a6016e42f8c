"""Visitors' ways in a click log, cut at their orders: the touches that led to each, and those that led to none.

A journey is the touches since the order before (or the first touch) up to its order, as far as the look-back reaches.
Every touch is on one journey: what came after the last order, or longer before its order than the look-back, is on one
without an order. The unit is the conversion, not the visitor, as in analytics tools' conversion paths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class ClickPaths:
    """A click log as journeys.

    Attributes:
        touches: one row per touch, sorted by journey and time: journey (a number), touched_at, channel, converted
            (whether an order ends the journey).
        orders: one row per order of the log: visitor, order_id (missing where the log has no number), touches on its
            path, and `older`: touches of the visitor since the order before that lie beyond the look-back.
    """

    touches: pd.DataFrame
    orders: pd.DataFrame

    @property
    def on_path(self) -> pd.Series:
        """Which orders have a touch on their path."""
        return self.orders.touches > 0

    @property
    def too_old(self) -> pd.Series:
        """Which orders have touches before them, but none within the look-back."""
        return ~self.on_path & (self.orders.older > 0)


def click_paths(log: pd.DataFrame, lookback_days: int) -> ClickPaths:
    """Cut each visitor's way at their orders.

    Args:
        log: one row per touch: journey (the visitor), touched_at, channel, converted, order_id. A row with an order
            and no channel is the order alone, no touch.
        lookback_days: how many days before the order's day a touch may lie; 0 is the order's own day. A touch
            without a time cannot be too old.

    A touch at the very moment of an order belongs to it. Where a time is missing, the visitor's rows keep the
    order of the file.
    """
    rows = _in_time(log)
    begins = (rows.visitor.diff() != 0) | rows.ordered.shift(fill_value=False)
    way = begins.cumsum()
    ordered_on = rows.touched_at.where(rows.ordered).groupby(way).transform("last").dt.normalize()
    is_touch = ~rows.ordered | rows.channel.notna()
    too_old = (ordered_on - rows.touched_at.dt.normalize()).dt.days > lookback_days
    orders = pd.DataFrame(
        {
            "visitor": rows.journey,
            "order_id": rows.order_id,
            "touches": (is_touch & ~too_old).groupby(way).transform("sum"),
            "older": (is_touch & too_old).groupby(way).transform("sum"),
        }
    )[rows.ordered]
    touches = pd.DataFrame(
        {
            "journey": 2 * way + ~too_old,
            "touched_at": rows.touched_at,
            "channel": rows.channel,
            "converted": rows.ordered.groupby(way).transform("any") & ~too_old,
        }
    )[is_touch]
    touches = touches.sort_values("journey", kind="stable")  # without times the old ones may lie between
    return ClickPaths(touches.reset_index(drop=True), orders.reset_index(drop=True))


def _in_time(log: pd.DataFrame) -> pd.DataFrame:
    """The rows by visitor (a number) and time, with `ordered`: whether an order stands there; it is the last of its moment."""
    rows = log.reset_index(drop=True).assign(visitor=pd.factorize(log.journey)[0])
    timed = rows.touched_at.notna().groupby(rows.visitor).transform("all")
    time = rows.touched_at.where(timed)
    rows["ordered"] = _ordered(rows, time)
    keys = (rows.ordered & timed, time.astype("datetime64[us]").astype("int64"), rows.visitor)
    return rows.iloc[np.lexsort([key.to_numpy() for key in keys])]  # stable: the rest is as in the file


def _ordered(rows: pd.DataFrame, time: pd.Series) -> pd.Series:
    """At which rows an order stands; `time` is missing where the order of the file holds.

    Rows with one number are one order, at the last of them that its visitor has; if several visitors have it, the
    first one's. Marks without a number are an order each, or one a visitor where every visitor's rows are marked
    alike: such a file marks the whole way.
    """
    marked = rows.converted.astype("boolean").fillna(rows.order_id.notna()).astype(bool)
    marks = rows[["visitor", "order_id"]].assign(time=time, place=rows.index)[marked]
    marks = marks.sort_values(["visitor", "time", "place"], kind="stable")
    numbered, unnumbered = marks[marks.order_id.notna()], marks[marks.order_id.isna()]
    numbered = numbered.drop_duplicates(["visitor", "order_id"], keep="last")
    numbered = numbered.sort_values(["time", "place"], kind="stable").drop_duplicates("order_id")
    if marked.groupby(rows.visitor).mean().isin([0, 1]).all():
        unnumbered = unnumbered[~unnumbered.visitor.isin(numbered.visitor)]
        unnumbered = unnumbered.drop_duplicates("visitor", keep="last")
    return pd.Series(rows.index.isin(numbered.index.union(unnumbered.index)), rows.index)
