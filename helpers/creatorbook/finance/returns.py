"""Returns still expected: the client's own return curve, laid on the orders that can still come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from creatorbook.client import Range
from creatorbook.finance.order_values import order_values, window
from creatorbook.findings import Grade, Text, say
from creatorbook.memo import per_book
from creatorbook.stats.intervals import NINETY

if TYPE_CHECKING:
    from creatorbook.book import Book

#: settled orders from which the client's own history is read in place of the client file's rate
ENOUGH_SETTLED_ORDERS = 50
#: how much shop history counts against the campaign's own returns so far, in average returned baskets
HISTORY_WEIGHT = 20
#: relative spread added because a campaign's buyers may send back more or less than the shop's do
CAMPAIGN_SPREAD = 0.10


@dataclass(frozen=True)
class ReturnCurve:
    """Share of sales value that has come back by so many days after the order.

    Attributes:
        by_day: cumulative share, index 0 … horizon.
        n_effective: how many equal orders would carry as much information.
        n: orders behind it.
    """

    by_day: np.ndarray
    n_effective: float
    n: int

    @property
    def final(self) -> float:
        """Share that has come back once the window is over."""
        return float(self.by_day[-1])

    def at(self, age: np.ndarray) -> np.ndarray:
        """Share back by an age in days."""
        return self.by_day[np.clip(age, 0, len(self.by_day) - 1)]


@dataclass(frozen=True)
class Expected:
    """What is still expected to come back from the window's orders.

    Attributes:
        cents: by order (index of `order_values`): likely value still to come back, excl. VAT; NaN if unknown.
        orders: by order: likely number of returns still to come (0 to 1).
        low, high: all orders of the shop's window together, as a factor of the likely value (1 = as likely).
        grade, source: where it comes from.
        known: whether anything can be said about returns at all.
        seen: by order: share of all its returns that would be in by now; 1 once settled, 0 where nobody knows.
    """

    cents: pd.Series
    orders: pd.Series
    low: float
    high: float
    grade: Grade
    source: Text
    known: bool = True
    seen: pd.Series | None = None


def return_curve(
    value: np.ndarray, age: np.ndarray, order: np.ndarray, lag: np.ndarray, back: np.ndarray, horizon: int
) -> ReturnCurve:
    """Estimate a return curve from orders of all ages, those still open included.

    Args:
        value: value of each order.
        age: days since each order.
        order: position of the order each refund belongs to.
        lag: days from order to refund.
        back: value refunded.
        horizon: days after which nothing comes back.

    Each day's increment is the value that came back on that day after the order, divided by the value of
    all orders old enough to have shown it (chain-ladder increments), so young orders count as far as they
    have been watched.
    """
    watched = np.bincount(np.clip(age, 0, horizon), weights=value, minlength=horizon + 1)[::-1].cumsum()[::-1]
    seen = (lag <= age[order]) if len(order) else np.array([], dtype=bool)
    came = np.bincount(np.clip(lag[seen], 0, horizon), weights=back[seen], minlength=horizon + 1)
    steps = np.divide(came, watched, out=np.zeros(horizon + 1), where=watched > 0)
    old = value[age >= horizon / 2]
    effective = float(old.sum() ** 2 / (old**2).sum()) if len(old) and old.sum() > 0 else 0.0
    return ReturnCurve(np.minimum(steps.cumsum(), 1.0), effective, len(value))


@per_book
def client_curve(book: Book) -> ReturnCurve | None:
    """The shop's own curve, from dated refunds; `None` if there are none or too few settled orders."""
    if not book.tables.has("refunds", "refunded_at", "amount"):
        return None
    values = order_values(book)
    orders = values[values.counts & ~values.cancelled & (values.net > 0) & (values.paid > 0)]
    age = _ages(book, orders.ordered_at)
    horizon = book.campaign.settles_after_days
    if (age >= horizon).sum() < ENOUGH_SETTLED_ORDERS:
        return None
    place = pd.Series(np.arange(len(orders)), index=orders.order_id.to_numpy())
    refunds = book.tables.refunds.dropna(subset=["refunded_at", "amount"])
    refunds = refunds[refunds.order_id.isin(place.index)]
    at = place.reindex(refunds.order_id).to_numpy()
    ordered = orders.ordered_at.to_numpy()[at]
    lag = ((refunds.refunded_at.to_numpy() - ordered) / np.timedelta64(1, "D")).astype(int)
    share = np.minimum(refunds.amount.to_numpy() * 100 / orders.paid.to_numpy()[at], 1.0)
    net = orders.net.to_numpy(dtype=float)
    return return_curve(net, age, at, np.maximum(lag, 0), share * net[at], horizon)


def settled_on(book: Book) -> date:
    """The day after which no order of the window can come back."""
    return window(book)[1] + timedelta(days=book.campaign.settles_after_days)


@per_book
def expected_returns(book: Book) -> Expected:
    """What may still come back, by order, from the best source there is.

    In this order: a rate set on a slider; the shop's dated refunds; the settled orders' rate where refunds
    have no dates; the client file's rate as a range. Without any: unknown.
    """
    stated = book.client.economics.return_rate
    if stated is not None and stated.source == "slider":
        return _at_rate(book, _ends(stated), "assumed", say("as set on the slider"), every_order=True)
    if not order_values(book).returned.notna().any():
        return _unknown(book) if stated is None else _as_stated(book, stated)
    if (curve := client_curve(book)) is not None:
        return _from_curve(book, curve)
    return _from_settled(book)


def _from_settled(book: Book) -> Expected:
    """Refunds without dates: the final rate of settled orders, less what open orders have already given back."""
    values = order_values(book)
    settled = values[values.counts & ~values.cancelled & ~_open(book, values)]
    if len(settled) >= ENOUGH_SETTLED_ORDERS and settled.net.sum() > 0:
        rate = float(settled.returned.sum() / settled.net.sum())
        spread = (
            NINETY * np.sqrt(rate * (1 - rate) * float((settled.net**2).sum())) / float(settled.net.sum())
        )
        spread += CAMPAIGN_SPREAD * rate
        ends = (max(0.0, rate - spread), rate, min(1.0, rate + spread))
        return _at_rate(book, ends, "estimated", say("rate of {n} settled orders", n=len(settled)))
    if (stated := book.client.economics.return_rate) is not None:
        return _as_stated(book, stated)
    return _unknown(book) if _open(book, values[values.inside]).any() else _nothing_open(book)


def _as_stated(book: Book, stated: Range) -> Expected:
    """The client file's rate."""
    return _at_rate(book, _ends(stated), "assumed", say("{source}: return rate", source=stated.source))


def _ends(rate: Range) -> tuple[float, float, float]:
    return rate.low, rate.likely, rate.high


def _at_rate(
    book: Book,
    ends: tuple[float, float, float],
    grade: Grade,
    source: Text,
    *,
    every_order: bool = False,
) -> Expected:
    """So much of the orders in question comes back in the end; what already came back is taken off."""
    low, likely, high = ends
    values = _window_orders(book)
    asked = values if every_order else values[values.returned.isna() | _open(book, values)]
    came = asked.returned.fillna(0.0)
    untouched = asked.net.where(came == 0, 0.0)
    total, back = float(asked.net.sum()), float(came.sum())

    def further(rate: float) -> float:
        return float(np.clip(rate * total - back, 0.0, untouched.sum()))

    share = further(likely) / float(untouched.sum()) if untouched.sum() > 0 else 0.0
    middle = further(likely) or 1.0
    return Expected(
        (untouched * share).round().reindex(values.index, fill_value=0.0),
        ((untouched > 0) * share).reindex(values.index, fill_value=0.0),
        further(low) / middle,
        further(high) / middle,
        grade,
        source,
        seen=(~values.index.isin(asked.index)).astype(float) * pd.Series(1.0, index=values.index),
    )


def _from_curve(book: Book, curve: ReturnCurve) -> Expected:
    """Open orders by age on the curve, at the pace of the campaign's own returns so far.

    An order that has not come back by its age comes back later with (G(end) − G(age)) ÷ (1 − G(age)).
    """
    values = _window_orders(book)
    age = _ages(book, values.ordered_at)
    by_now = curve.at(age)
    net, came = values.net.to_numpy(dtype=float), values.returned.fillna(0.0).to_numpy(dtype=float)
    weight = HISTORY_WEIGHT * (net.mean() if len(net) else 0.0)
    pace = (came.sum() + weight) / ((net * by_now).sum() + weight) if weight else 1.0
    further = np.minimum(pace * (curve.final - by_now), 0.95) / np.maximum(1 - by_now, 0.05)
    share = np.where((came > 0) | ~_open(book, values).to_numpy(), 0.0, np.clip(further, 0.0, 0.95))
    likely = np.round(net * share)
    chance = np.sqrt((net**2 * share * (1 - share)).sum())
    final = curve.final * (1 - curve.final)
    history = np.sqrt(final / curve.n_effective) / curve.final if curve.n_effective and curve.final else 0.0
    spread = np.sqrt(chance**2 + (likely.sum() * np.hypot(history, CAMPAIGN_SPREAD)) ** 2)
    relative = float(NINETY * spread / likely.sum()) if likely.sum() else 0.0
    source = say("own return curve from {n} orders", n=curve.n)
    return Expected(
        pd.Series(likely, index=values.index),
        pd.Series(share, index=values.index),
        max(0.0, 1 - relative),
        1 + relative,
        "estimated",
        source,
        seen=pd.Series(np.clip(by_now / max(curve.final, 1e-9), 0.0, 1.0), index=values.index),
    )


def _unknown(book: Book) -> Expected:
    values = _window_orders(book)
    missing = pd.Series(np.nan, index=values.index)
    return Expected(missing, missing, 1.0, 1.0, "assumed", say("no file tells returns"), known=False)


def _nothing_open(book: Book) -> Expected:
    values = _window_orders(book)
    none = pd.Series(0.0, index=values.index)
    settled = say("every order is past the time in which it can come back")
    return Expected(none, none, 1.0, 1.0, "counted", settled, seen=none + 1.0)


def _window_orders(book: Book) -> pd.DataFrame:
    values = order_values(book)
    return values[values.inside & values.counts & ~values.cancelled]


def _open(book: Book, values: pd.DataFrame) -> pd.Series:
    """Whether an order can still come back."""
    return pd.Series(
        _ages(book, values.ordered_at) < book.campaign.settles_after_days, index=values.index, dtype=bool
    )


def _ages(book: Book, ordered_at: pd.Series) -> np.ndarray:
    """Whole days since the order, at the end of `as_of`."""
    end = pd.Timestamp(book.as_of) + pd.Timedelta(days=1)
    return ((end - ordered_at) / pd.Timedelta(days=1)).astype(int).clip(lower=0).to_numpy()
