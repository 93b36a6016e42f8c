"""What may still come back of the orders that creators brought: each by its age, its goods and its creator.

The shop's own returns say how often orders come back and how late; the claimed orders' own returns so far say whether
this campaign's buyers send back more or less than that. Draws hold all of it: how well the shop's curve is known, the
campaign's and each creator's own pace, and the chance of few orders. An order of which something has come back is taken as
done: a second parcel is rare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from creatorbook.book import MONEY, MONEY_AND_CREDIT
from creatorbook.campaign.shop_sales import goods_lines
from creatorbook.client import Range
from creatorbook.finance.claims import joined_to_claims
from creatorbook.finance.cost_lines import DRAWS, RETURNS_STREAM, SEED
from creatorbook.finance.order_lines import product_names
from creatorbook.finance.order_values import inside_window, order_values, tells_refunds, window
from creatorbook.findings import Grade, Text, number_of, say
from creatorbook.memo import per_book_free_of, remember
from creatorbook.stats import late_events
from creatorbook.stats.shrinkage import shrunk_means
from creatorbook.stats.strata import normals, spread_over

if TYPE_CHECKING:
    from creatorbook.book import Book

#: settled orders from which the client's own history is read in place of the client file's rate
ENOUGH_SETTLED_ORDERS = 50
#: where no dates show how late goods come back: the usual delay in settling times, and those after which nothing does
USUAL_DELAY, LATEST = 0.5, 2
#: days of lateness that dates are believed; what a file dates later comes from other causes
LONGEST = 365
#: settling times that a curve reaches where only states are known
REACH = 4
#: relative spread of a campaign's returns around the shop's, and how many groups of orders that is worth
CAMPAIGN_SPREAD, SPREAD_TRUST = 0.10, 10
#: days of orders that make a group in which the shop's returns may differ
GROUP_DAYS = 14
#: prior scale of the relative spread between creators
CREATOR_SPREAD = 0.15
#: classes of orders by value, and the orders from which they are told apart
VALUE_CLASSES, ENOUGH_TO_CLASS = 5, 250
#: the most an order's draws may take: orders × draws; and the fewest draws
CELLS, FEWEST_DRAWS = 8_000_000, 500


@dataclass(frozen=True)
class Expected:
    """What is still expected to come back from the claimed orders.

    Attributes:
        cents: by order (index of `order_values`): likely value still to come back, excl. VAT; NaN if unknown.
        orders: by order: likely number of returns still to come (0 to 1).
        grade, source: where it comes from.
        known: whether anything can be said about what is still to come.
        seen: by order: share of all its returns that would be in by now; 1 once settled, 0 where nobody knows.
        drawn, drawn_orders: by account (`handle`): draws of value and number still to come; none where nothing is open.
        usual: mean and sd of the share of an order that comes back of such goods, by the shop's own returns and by how far
            campaigns lie off them; `None` where no curve is used.
        in_the_end: by draw: how often these orders come back in the end, given what has so far, against the likely curve:
            how well the curve is known, without the chance of few orders; 1 where no curve is used.
    """

    cents: pd.Series
    orders: pd.Series
    grade: Grade
    source: Text
    known: bool = True
    seen: pd.Series | None = None
    drawn: dict[str, np.ndarray] = field(default_factory=dict)
    drawn_orders: dict[str, np.ndarray] = field(default_factory=dict)
    usual: tuple[float, float] | None = None
    in_the_end: np.ndarray | float = 1.0


@dataclass(frozen=True)
class ReturnCurve:
    """How the shop's orders come back.

    Attributes:
        draws: draw × day: share of orders of which something has come back by so many days; 0 … the last day anything does.
        done_after: days after which an order is settled.
        n: orders behind it.
        source: where it comes from.
    """

    draws: np.ndarray
    done_after: int
    n: int
    source: Text

    @cached_property
    def by_day(self) -> np.ndarray:
        """The likely share by each day."""
        return np.asarray(self.draws.mean(axis=0))

    @property
    def final(self) -> float:
        """The likely share in the end."""
        return float(self.by_day[-1])

    def at(self, age: np.ndarray) -> np.ndarray:
        """The likely share by an age in days."""
        return self.by_day[np.clip(age, 0, self.draws.shape[1] - 1)]


def settled_on(book: Book) -> date:
    """The day after which hardly any order of the window can come back."""
    return window(book)[1] + timedelta(days=book.campaign.settles_after_days)


@per_book_free_of(MONEY_AND_CREDIT)
def client_curve(book: Book) -> ReturnCurve | None:
    """The shop's own curve, from dated refunds, else from which orders came back.

    `None` with too few settled orders, or where nobody says how much of some came back.
    """
    orders = _shop_orders(book)
    settles = book.campaign.settles_after_days
    if orders.returned.isna().any() or (orders.age >= settles).sum() < ENOUGH_SETTLED_ORDERS:
        return None
    for_curve = _generators()[0]
    age, came = orders.age.to_numpy(), orders.came.to_numpy()
    if not tells_refunds(book, "refunded_at", "amount"):
        draws = late_events.curve_from_states(
            age, came, REACH * settles, USUAL_DELAY * settles, for_curve, DRAWS
        )
        source = say(
            "returns of {orders} by their age; taken to be over after {days} days",
            orders=number_of("order", len(orders)),
            days=LATEST * settles,
        )
        return ReturnCurve(draws, LATEST * settles, len(orders), source)
    lag = _days_to_return(book, orders)
    horizon = max(LATEST * settles, min(int(lag.max(initial=0)), LONGEST))
    usual = late_events.usual_delay(horizon, USUAL_DELAY * settles)
    draws = late_events.curve_from_dates(age, lag, usual, for_curve, DRAWS)
    source = say("own return curve from {orders}", orders=number_of("order", len(orders)))
    if age.max() < horizon:
        source = say(
            "own return curve from {orders}; beyond {days} days as is usual",
            orders=number_of("order", len(orders)),
            days=int(age.max()),
        )
    return ReturnCurve(draws, horizon, len(orders), source)


def _days_to_return(book: Book, orders: pd.DataFrame) -> np.ndarray:
    """Calendar days from order to its first refund, of the orders that have one."""
    refunds = book.tables.refunds.dropna(subset=["refunded_at", "amount"])
    first = refunds[refunds.amount > 0].groupby("order_id", sort=False).refunded_at.min()
    days = (orders.order_id.map(first).dt.normalize() - orders.ordered_at.dt.normalize()).dt.days
    return np.maximum(days.dropna().to_numpy(), 0).astype(int)


@per_book_free_of(MONEY - {"return_rate"})
def expected_returns(book: Book) -> Expected:
    """What may still come back, by order, from the best source there is.

    In this order: a rate tried in a what-if; the shop's own returns, dated or not; the client file's rate as a range.
    Without any: unknown.
    """
    stated = book.client.economics.return_rate
    if stated is not None and "return_rate" in book.tried:
        return _at_rate(book, stated, say("as tried here"), every_order=True)
    returns_on_file = order_values(book).returned.notna().any() and not _claimed(book).returned.isna().any()
    if returns_on_file and (curve := client_curve(book)) is not None:
        return from_curve(book, curve)
    if stated is not None:
        return _at_rate(book, stated, say("{source}: return rate", source=stated.source))
    open_yet = (_claimed(book).age < book.campaign.settles_after_days).any()
    return _nothing_open(book) if returns_on_file and not open_yet else _unknown(book)


def from_curve(book: Book, curve: ReturnCurve) -> Expected:
    """Each order by its age on the shop's curve, at its goods', its campaign's and its creator's pace.

    Every draw of the curve is set to expect as many of the claimed orders' returns so far as the likely curve does; how
    many there really were is the campaign's own pace.
    """
    shop = _shop_orders(book)
    orders = _claimed(book)
    times = remember(curve, _times, lambda: _times(book, shop, curve))
    orders = orders.assign(times=times.reindex(orders.index).to_numpy())
    ratio = _expects(orders, curve.draws) / _expects(orders, curve.by_day[None])
    # rounded, so that a last bit that hangs on the processor moves no draw
    spread = remember(curve, _campaign_spread, lambda: _campaign_spread(shop, curve))
    level = round(float(np.hypot(np.log(ratio).std(), spread)), 9)
    pace, curves = _paces(orders, curve, level), curve.draws / ratio[:, None]
    still = orders[~orders.came & (orders.age < curve.done_after)]
    n = _draws_for(still)
    shares = _shares_of_returned(shop)
    drawn = _drawn(still, lambda own, account: _chance_later(own, curves[:n], pace[account][:n]), shares)
    chance = drawn.chance.reindex(orders.index, fill_value=0.0)
    back = orders.value_class.map({one: part.mean() for one, part in shares.items()})
    seen = np.clip(curve.at(orders.age.to_numpy()) / curve.final, 0, 1)
    usual = curve.final * float((orders.times * back).mean())
    return Expected(
        (orders.net * chance * back).round(),
        chance,
        "estimated",
        curve.source,
        seen=pd.Series(seen, index=orders.index).where(orders.age < curve.done_after, 1.0),
        drawn=drawn.value,
        drawn_orders=drawn.number,
        usual=(usual, usual * level),
        in_the_end=curves[:, -1] / curve.final,
    )


class _Drawn(NamedTuple):
    """By account draws of the value and the number of returns still to come; by order its mean chance."""

    value: dict[str, np.ndarray]
    number: dict[str, np.ndarray]
    chance: pd.Series


def _drawn(
    still: pd.DataFrame,
    later: Callable[[pd.DataFrame, str], np.ndarray],
    shares: Mapping[int, np.ndarray],
) -> _Drawn:
    """Whether each order comes back, and how much of it, draw by draw.

    Args:
        still: orders that can.
        later: an account's orders, and its handle → order × draw: the chance to.
        shares: by class of value, shares of an order that came back where something did.
    """
    value, number, chances = {}, {}, [pd.Series(dtype="float64")]
    accounts = still.groupby("handle", sort=True)
    for (handle, orders), random in zip(accounts, _generators()[2].spawn(accounts.ngroups), strict=True):
        account = str(handle)
        chance = later(orders, account)
        comes = random.random(chance.shape) < chance
        returned = [shares[one] for one in orders.value_class]
        # as `choice` draws, which checks its values anew for each order
        back = np.stack([some[random.integers(0, len(some), chance.shape[1])] for some in returned])
        value[account] = np.resize(orders.net.to_numpy() @ (back * comes), DRAWS)
        number[account] = np.resize(comes.sum(axis=0).astype(float), DRAWS)
        chances.append(pd.Series(chance.mean(axis=1), index=orders.index))
    return _Drawn(value, number, pd.concat(chances[1:] or chances))


def _draws_for(still: pd.DataFrame) -> int:
    """How many draws of each order: 8,000, fewer of very many; they are then repeated."""
    return int(np.clip(CELLS // max(len(still), 1), FEWEST_DRAWS, DRAWS))


def _paces(orders: pd.DataFrame, curve: ReturnCurve, level: float) -> dict[str, np.ndarray]:
    """By account: draws of how many times as often as on the curve its orders come back."""
    number, accounts = pd.factorize(orders.handle, sort=True)
    so_far = orders.times.to_numpy() * curve.at(orders.age.to_numpy())
    came = orders.came.to_numpy()
    logs, variances = late_events.pace_so_far(so_far, came, number, len(accounts))
    drawn = late_events.pace_draws(logs, variances, level, CREATOR_SPREAD, _generators()[1], DRAWS)
    return dict(zip(accounts, drawn, strict=True))


def _chance_later(orders: pd.DataFrame, curves: np.ndarray, pace: np.ndarray) -> np.ndarray:
    """Order × draw: chance that something still comes back of orders of which nothing has."""
    final = curves[:, -1]
    times = np.minimum(orders.times.to_numpy()[:, None] * pace, late_events.MOST / final)
    return late_events.later_share(times * curves[:, orders.age.to_numpy()].T, times * final)


def _expects(orders: pd.DataFrame, curves: np.ndarray) -> np.ndarray:
    """By draw: returns expected so far of these orders, and of one more order in the end, so that it is never 0."""
    at = np.minimum(orders.age, curves.shape[1] - 1)
    ages = np.bincount(at, weights=orders.times, minlength=curves.shape[1])
    return np.asarray(curves @ ages + curves[:, -1])


def _campaign_spread(shop: pd.DataFrame, curve: ReturnCurve) -> float:
    """How far a group of orders lies off the shop's curve: what the shop's own fortnights show, shrunk to the usual."""
    fortnight = pd.factorize((shop.age // GROUP_DAYS).to_numpy(), sort=True)[0]
    groups = int(fortnight.max()) + 1
    logs, variances = late_events.pace_so_far(
        curve.at(shop.age.to_numpy()), shop.came.to_numpy(), fortnight, groups
    )
    between = shrunk_means(logs, variances).between
    return float(np.sqrt((SPREAD_TRUST * CAMPAIGN_SPREAD**2 + groups * between**2) / (SPREAD_TRUST + groups)))


def _times(book: Book, shop: pd.DataFrame, curve: ReturnCurve) -> pd.Series:
    """How many times as often as the shop's usual order each comes back: by its value, then by its goods."""
    came = shop.came.to_numpy(dtype=float)
    due = curve.at(shop.age.to_numpy())
    times = late_events.label_times(due, came, shop.value_class.to_numpy())[shop.value_class]
    return pd.Series(times * _goods_times(book, shop, due * times, came), index=shop.index)


def _goods_times(book: Book, shop: pd.DataFrame, due: np.ndarray, came: np.ndarray) -> np.ndarray:
    """The same for the products on an order's lines and then for their sizes, the mean over what they cost; 1 without lines."""
    times = np.ones(len(shop))
    lines = goods_lines(book)
    lines = lines.assign(name=product_names(lines), size=lines["product"].fillna(lines.sku))
    lines = lines.assign(paid=lines.price * lines.quantity).dropna(subset=["name", "paid"])
    place = pd.Series(np.arange(len(shop)), index=shop.order_id)
    at = lines.order_id.map(place[~place.index.duplicated()])
    lines, at = lines[at.notna()], at.dropna().to_numpy(dtype=int)
    paid = lines.paid.to_numpy(dtype=float)
    whole = np.bincount(at, weights=paid, minlength=len(shop))
    for column in ("name", "size"):
        label = pd.factorize(lines[column], sort=True)[0]
        each = late_events.label_times((due * times)[at], came[at], label)[label]
        sums = np.bincount(at, weights=paid * each, minlength=len(shop))
        times *= np.divide(sums, whole, out=np.ones(len(shop)), where=whole > 0)
    return times


def _shares_of_returned(shop: pd.DataFrame) -> dict[int, np.ndarray]:
    """By class of value: the shares of their value that came back of orders of which something did."""
    back = shop[shop.came]
    shares = (back.returned / back.net).clip(upper=1.0)
    every = shares.to_numpy() if len(shares) else np.ones(1)
    classes = {one: shares[back.value_class == one].to_numpy() for one in shop.value_class.unique()}
    return {one: of_class if len(of_class) else every for one, of_class in classes.items()}


def _at_rate(book: Book, rate: Range, source: Text, *, every_order: bool = False) -> Expected:
    """So much of the claimed orders in question comes back in the end; what already came back is taken off."""
    orders = _claimed(book)
    open_yet = orders.returned.isna() | (orders.age < book.campaign.settles_after_days)
    asked = orders if every_order else orders[open_yet]
    untouched = asked[~asked.came]
    total, back, left = (float(of.sum()) for of in (asked.net, asked.returned.fillna(0.0), untouched.net))

    def further(share: np.ndarray) -> np.ndarray:
        return np.clip(share * total - back, 0.0, left) / max(left, 1.0)

    steps = normals(_generators()[1], 1, DRAWS)[0]
    later = further(spread_over(rate.likely, rate.low, rate.high, steps))[: _draws_for(untouched)]
    whole_orders = {one: np.ones(1) for one in orders.value_class}
    drawn = _drawn(untouched, lambda own, _: np.broadcast_to(later, (len(own), len(later))), whole_orders)
    share = pd.Series(float(further(np.array(rate.likely))), index=untouched.index)
    share = share.reindex(orders.index, fill_value=0.0)
    return Expected(
        (orders.net * share).round(),
        share,
        "assumed",
        source,
        seen=pd.Series((~orders.index.isin(asked.index)).astype(float), index=orders.index),
        drawn=drawn.value,
        drawn_orders=drawn.number,
    )


def _unknown(book: Book) -> Expected:
    missing = pd.Series(np.nan, index=_claimed(book).index)
    return Expected(missing, missing, "assumed", say("no file tells returns"), known=False)


def _nothing_open(book: Book) -> Expected:
    none = pd.Series(0.0, index=_claimed(book).index)
    settled = say("every order is past the time in which it can come back")
    return Expected(none, none, "counted", settled, seen=none + 1.0)


def _generators() -> list[np.random.Generator]:
    """One for the curve, one for rates and paces, one for chance, so that none shifts another's draws."""
    return np.random.default_rng(SEED).spawn(RETURNS_STREAM + 1)[RETURNS_STREAM].spawn(3)


@per_book_free_of(MONEY_AND_CREDIT)
def _shop_orders(book: Book) -> pd.DataFrame:
    """The shop's orders that can come back; index of `order_values`.

    Columns besides: age, in calendar days; came, whether something has come back so far; value_class.
    """
    values = order_values(book)
    orders = values[values.counts & ~values.cancelled & (values.net > 0)]
    age = (pd.Timestamp(book.as_of) - orders.ordered_at.dt.normalize()).dt.days.clip(lower=0)
    classes = VALUE_CLASSES if len(orders) >= ENOUGH_TO_CLASS else 1
    edges = np.quantile(orders.net, np.arange(1, classes) / classes) if len(orders) else []
    value_class = np.searchsorted(edges, orders.net, side="right")
    return orders.assign(age=age, came=orders.returned > 0, value_class=value_class)


@per_book_free_of(MONEY)
def _claimed(book: Book) -> pd.DataFrame:
    """Those of them that creators brought, with `handle`."""
    shop = _shop_orders(book)
    claimed = joined_to_claims(book, inside_window(book))
    claimed = claimed[claimed.row.isin(shop.index)]
    return shop.loc[claimed.row].assign(handle=claimed.handle.to_numpy())
