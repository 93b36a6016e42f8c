"""Orders in doubt (coupon leakage): signs that a code travelled further than the creator's own audience.

Each sign has innocent explanations, so nothing is taken off: the amount in doubt stands beside both totals
and the contract decides. Buyers who are not new and buyers from far away are no sign at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.campaign.order_codes import last_days, order_codes
from creatorbook.campaign.posts import first_posts, listed_posting_days
from creatorbook.campaign.roster import roster
from creatorbook.campaign.shop_sales import purchases
from creatorbook.finance.claims import contested_codes, evidence, joined_to_claims, orders_by_code, owners
from creatorbook.finance.network_orders import disagreements, network_orders
from creatorbook.finance.order_values import inside_window
from creatorbook.findings import say
from creatorbook.memo import per_book, per_book_free_of

if TYPE_CHECKING:
    from creatorbook.book import Book

#: sign → how it reads
SIGNS = {
    "coupon_site": say("came from a coupon site"),
    "before_post": say("before the first post went live"),
    "after_end": say("after the code's last day"),
    "no_click": say("code used on days when hardly anybody clicked"),
    "spike": say("many in a day without a new post"),
    "network": say("a network pays for it though it came back, or gives it to somebody else"),
    "two_codes": say("carries codes of two creators"),
}
#: signs that only some clients' files can tell, and nobody misses
ONLY_SOMETIMES = ("network", "two_codes")
#: signs that hardly have another explanation; they make the lower end of the amount in doubt
STRONG = ("coupon_site", "before_post", "after_end")
#: words in a referring site's name that mark a collection of discount codes
COUPON_WORDS = r"coupon|voucher|promo-?code|gutschein|rabattcode|discount-?code|codepromo|honey|retailmenot"
#: days after a post in which many orders are what one expects
POST_DAYS = 3
#: a day is a spike if equal days would bring so many less often than this
RARE = 0.0002
#: the same for a code with so many orders that came from a coupon site
RARE_IF_LISTED, LISTED = 0.05, 2
#: gamma shape by which orders per click differ between codes (a coefficient of variation of 1.2)
CODES_DIFFER = 0.7
#: fewest orders a spike or a code without clicks is looked at with
ENOUGH = 5
#: fewest codes with clicks to learn from how many orders a click brings
ENOUGH_CODES = 5
#: orders per click are taken at this quantile over codes, so that a good converter is not in doubt
GENEROUS = 0.75
#: days a buyer may take from click to order
CLICK_DAYS = 3


@per_book
def order_signs(book: Book) -> pd.DataFrame:
    """Claimed orders with one flag per sign: order_id, creator, handle, net (cents), and the signs.

    A sign that no file allows to check is `NA` for all orders.
    """
    values = inside_window(book)[["order_id", "ordered_at", "net", "cancelled"]]
    values = values.join(book.tables.orders.loc[values.index, ["referrer"]])
    orders = joined_to_claims(book, values)
    coded = orders.claim == "code"
    signs = {
        "coupon_site": (coupon := _coupon_site(orders)),
        "before_post": _before_post(book, orders),
        "after_end": _after_end(book, orders),
        "no_click": _no_click(book, orders, coded, coupon),
        "spike": _spike(book, orders, coded),
        "network": _network(book, orders),
        "two_codes": _two_codes(book, orders),
    }
    return orders.assign(**signs)


def checkable_signs(signs: pd.DataFrame) -> list[str]:
    """Signs that the files allow to look for."""
    return [name for name in SIGNS if signs[name].notna().any()]


@dataclass(frozen=True)
class InDoubt:
    """Orders in doubt that were not cancelled.

    Attributes:
        least: money of orders with a strong sign, excl. VAT.
        most: money of orders with any sign.
        orders: how many carry any sign.
    """

    least: float
    most: float
    orders: int


def in_doubt(signs: pd.DataFrame) -> InDoubt:
    """How many orders, and how much money, are in doubt."""
    strong, any_sign = carrying(signs, STRONG), carrying(signs)
    return InDoubt(
        float(signs.net[strong].sum()) / 100, float(signs.net[any_sign].sum()) / 100, int(any_sign.sum())
    )


def carrying(signs: pd.DataFrame, names: Iterable[str] = SIGNS) -> pd.Series:
    """Which orders carry any of these signs; cancelled ones are not in doubt but gone."""
    marked = signs[list(names)].fillna(value=False).astype(bool).any(axis=1)
    return marked & ~signs.cancelled.astype(bool)


def _unchecked(orders: pd.DataFrame) -> pd.Series:
    return pd.Series(pd.NA, index=orders.index, dtype="boolean")


def _coupon_site(orders: pd.DataFrame) -> pd.Series:
    if not orders.referrer.notna().any():
        return _unchecked(orders)
    return (
        orders.referrer.str.contains(COUPON_WORDS, case=False, regex=True)
        .fillna(value=False)
        .astype("boolean")
    )


def _network(book: Book, orders: pd.DataFrame) -> pd.Series:
    """Orders that an affiliate network tells otherwise, see `network_orders.disagreements`."""
    if not network_orders(book).row.notna().any():
        return _unchecked(orders)
    return orders.row.isin(disagreements(book).index).astype("boolean")


def _two_codes(book: Book, orders: pd.DataFrame) -> pd.Series:
    """Orders with codes of several creators for which nothing else names the one who gets it."""
    contested = contested_codes(book)
    if contested.empty:
        return _unchecked(orders)
    return orders.row.isin(contested.row[~contested.backed]).astype("boolean")


def _before_post(book: Book, orders: pd.DataFrame) -> pd.Series:
    first = first_posts(book)
    if first.empty:
        return _unchecked(orders)
    day = orders.creator.map(first)
    return (orders.ordered_at.dt.normalize() < day).astype("boolean").where(day.notna())


def _after_end(book: Book, orders: pd.DataFrame) -> pd.Series:
    """Orders with a code after the shop says it ended: the creator's code where it claims the order, else any of them."""
    ends = last_days(book)
    if ends.empty or orders.empty:
        return _unchecked(orders)
    carried = order_codes(book).code.map(ends)
    claimed = orders_by_code(book).set_index("row").code.map(ends)
    last = orders.row.map(carried.groupby(level=0).max())
    last = last.mask(orders.claim == "code", orders.row.map(claimed))
    return (orders.ordered_at > last + pd.Timedelta(days=1)).astype("boolean").where(last.notna())


def _no_click(book: Book, orders: pd.DataFrame, coded: pd.Series, coupon: pd.Series) -> pd.Series:
    """Code orders from the day on which a code brings far more orders than its clicks of these days explain.

    Orders that carry a click of their own are left out: they came by the link.
    """
    clicks = _daily_clicks(book)
    if clicks.empty:
        return _unchecked(orders)
    day = orders.ordered_at.dt.normalize()
    daily = pd.DataFrame(
        {
            "orders": orders[coded].groupby([orders.creator, day]).size(),
            "clicks": clicks,
        }
    ).fillna(0.0)
    sums = daily.groupby(level=0).sum()
    sums = sums[sums.clicks > 0]
    if len(sums) < ENOUGH_CODES:
        return _unchecked(orders)
    usual = float((sums.orders / sums.clicks).quantile(GENEROUS))
    by_coupon = orders.creator[coupon.fillna(value=False).astype(bool)].value_counts()
    looked_at = {creator: daily.loc[creator] for creator in sums.index[sums.orders >= ENOUGH]}
    starts = leak_starts(
        looked_at, usual, {creator: _rare(by_coupon.get(creator, 0)) for creator in looked_at}
    )
    claims = evidence(book)
    clicked = orders.row.isin(claims.row[claims.claim == "link"])
    late = day >= orders.creator.map(starts).astype("datetime64[us]")
    marked = (coded & ~clicked & late).astype("boolean")
    return marked.where(orders.creator.isin(sums.index) | ~coded)


@per_book_free_of(MONEY_AND_CREDIT)
def _daily_clicks(book: Book) -> pd.Series:
    """Clicks by creator and day; a log of single clicks is summed before names are looked up."""
    counted = book.tables.clicks.groupby(["handle", "date"], sort=False).clicks.sum(min_count=1).dropna()
    creator = counted.index.get_level_values("handle").map(owners(book))
    days = counted.index.get_level_values("date")
    named = creator.notna()
    return counted[named].groupby([creator[named], days[named]]).sum().rename_axis(["creator", None])


def _rare(from_coupon_sites: int) -> float:
    """How rare it must be: a code that coupon sites are known to send buyers with needs less."""
    return RARE_IF_LISTED if from_coupon_sites >= LISTED else RARE


def leak_starts(
    daily: Mapping[str, pd.DataFrame], orders_per_click: float, rare: Mapping[str, float]
) -> dict[str, pd.Timestamp]:
    """The day from which on a creator's orders outrun their clicks most clearly; who is left out has none.

    Args:
        daily: by creator, orders and clicks of the code, index day; a buyer may order some days after the click.
        orders_per_click: a generous rate, taken from the other codes.
        rare: by creator, how seldom an ordinary code may look like this.

    For each day: chance of so many orders from then on, given the clicks from a few days earlier on and what a
    click of this code brought before that day (negative binomial; before anything is known of the code, codes
    differ by the shape `CODES_DIFFER` around the generous rate). A code that sells well all along is none.
    """
    if not daily:
        return {}
    by_day = {creator: one.sort_index(kind="stable") for creator, one in daily.items()}
    counted = [_still_to_come(one, max(orders_per_click, 1e-6)) for one in by_day.values()]
    # all codes at once: what asking costs is the asking, not the sums
    chances = stats.nbinom.sf(*(np.concatenate(part) for part in zip(*counted, strict=True)))
    ends = np.cumsum([len(one) for one in by_day.values()])[:-1]
    starts = {}
    for (creator, one), chance, (least, _, _) in zip(
        by_day.items(), np.split(chances, ends), counted, strict=True
    ):
        best = int(np.argmin(chance))
        if chance[best] < rare[creator] and least[best] + 1 >= ENOUGH:
            # days nearly as clear count as well
            starts[creator] = pd.Timestamp(one.index[int(np.argmax(chance <= 10 * chance[best]))])
    return starts


def _still_to_come(daily: pd.DataFrame, orders_per_click: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each day of a code: orders from then on less one, and shape and share of the negative binomial they come from."""
    days = daily.index
    later = daily.orders[::-1].cumsum()[::-1].to_numpy()
    clicked = daily.clicks[::-1].cumsum()[::-1].to_numpy()
    since = np.searchsorted(days, days - pd.Timedelta(days=CLICK_DAYS))
    # clicks of the last days may still become orders: they tell no rate yet
    before = clicked[0] - clicked[since]
    rate = CODES_DIFFER / orders_per_click + before
    share = rate / (rate + clicked[since] + 0.5 / orders_per_click)
    return later - 1, CODES_DIFFER + later[0] - later, share


def _spike(book: Book, orders: pd.DataFrame, coded: pd.Series) -> pd.Series:
    """Orders on days with far more code orders than that person's usual day and no post of theirs in the days before."""
    days = orders[coded].assign(day=orders.ordered_at.dt.normalize())
    if len(days) < 2 * ENOUGH:
        return _unchecked(orders)
    daily = days.groupby(["creator", "day"]).size().rename("orders").reset_index()
    length = max((days.day.max() - days.day.min()).days + 1, 1)
    total = daily.groupby("creator").orders.transform("sum")
    usual = (total - daily.orders + 1) / length
    rare = stats.poisson.sf(daily.orders - 1, usual) < RARE / length
    odd = daily[rare & (daily.orders >= 2 * ENOUGH)]
    posted = _posting_days(book)
    alone = [not _explained(posted.get(row.creator), row.day) for row in odd.itertuples()]
    odd = odd[pd.Series(alone, index=odd.index, dtype=bool)]
    keys = pd.MultiIndex.from_frame(odd[["creator", "day"]])
    here = pd.MultiIndex.from_arrays([orders.creator, orders.ordered_at.dt.normalize()])
    return pd.Series(here.isin(keys) & coded.to_numpy(), index=orders.index).astype("boolean")


@per_book_free_of(MONEY_AND_CREDIT)
def _posting_days(book: Book) -> dict[str, pd.Series]:
    """Person → days on which any of their accounts posted, as far as posts and creators list say."""
    accounts, posts = roster(book), book.tables.posts
    by_post = pd.DataFrame({"person": posts.handle.map(owners(book)), "day": posts.published_at})
    by_list = pd.DataFrame({"person": accounts.person, "day": listed_posting_days(book)})
    dated = pd.concat([by_post, by_list]).dropna()
    return {str(person): days.dt.normalize() for person, days in dated.groupby("person").day}


def _explained(posted: pd.Series | None, day: pd.Timestamp) -> bool:
    """Whether a post on that day or shortly before explains a spike; true where nobody knows."""
    return posted is None or bool((day - posted).dt.days.between(0, POST_DAYS).any())


def not_new(book: Book) -> float | None:
    """Share of claimed orders whose buyer had ordered before; `None` without hashed customers."""
    orders = purchases(book)
    bought = orders[orders.order_id.isin(evidence(book).order_id)]
    return float((~bought["first"]).mean()) if len(bought) else None


def share_outside_markets(book: Book) -> float | None:
    """Share of claimed orders that went to countries outside the client's markets; `None` where no file says."""
    countries = joined_to_claims(book, inside_window(book)[["country"]]).country.dropna()
    return float((~countries.isin(book.client.all_markets)).mean()) if len(countries) else None
