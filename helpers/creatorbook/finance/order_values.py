"""What each shop order is worth: goods, discount, VAT, delivery and refunds, in whole cents.

Everything downstream (claims, ladder, returns, ties to the books) sums these columns, so that one order
has one value everywhere. Amounts are floats that hold whole cents: exact up to 90 trillion.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.book import MONEY_AND_CREDIT
from creatorbook.campaign.exchanges import exchanged
from creatorbook.campaign.shop_sales import gift_cards_sold, is_order
from creatorbook.findings import Day, Wording, say
from creatorbook.memo import per_book_free_of
from creatorbook.tables import TOLD_BY_ORDER
from creatorbook.text.order_states import PARTLY_REFUNDED

if TYPE_CHECKING:
    from creatorbook.book import Book

#: days after the campaign's last day in which an order is still counted for it: a link's usual lifetime
#: (30-day windows are common in affiliate programmes); change it as `assumptions: {tail_days: 14}`
TAIL_DAYS = 30


def window(book: Book) -> tuple[date, date]:
    """First and last day of the orders this report counts: start … end + tail, but never after `as_of`."""
    return book.campaign.start, min(book.as_of, last_counted_day(book))


def last_counted_day(book: Book) -> date:
    """The last day on which an order counts for the campaign, whether it has come or not: end + tail."""
    tail = book.campaign.assumptions.get("tail_days")
    return book.campaign.end + timedelta(days=round(tail.likely) if tail else TAIL_DAYS)


def window_rule(book: Book) -> Wording:
    """The rule of `window` as a sentence."""
    first, last = window(book)
    if last < book.campaign.end:
        return say(
            "Counted are orders placed from {first} to {last}, while the campaign runs.",
            first=Day(first),
            last=Day(last),
        )
    return say(
        "Counted are orders placed from {first} to {last}: from the campaign's first day to {n} days after its last.",
        first=Day(first),
        last=Day(last),
        n=(last - book.campaign.end).days,
    )


#: amounts in money closer than this are one amount
HALF_A_CENT = 0.005

#: a refund file of which less than this share is of orders on file is of another shop
FEW_REFUNDS = 0.1

#: so small a share of the orders that tell how they are taxed says nothing of the others
NEARLY_NONE = 0.1


def days_on_file_before(book: Book) -> int:
    """Days before the campaign's start that orders on file reach back, the first order's day included; 0 where none does."""
    first = book.tables.orders.ordered_at.min()
    if pd.isna(first):
        return 0
    return max(0, (pd.Timestamp(book.campaign.start) - first.normalize()).days)


@per_book_free_of(MONEY_AND_CREDIT)
def inside_window(book: Book) -> pd.DataFrame:
    """The rows of `order_values` that count and lie in the window, cancelled ones included."""
    values = order_values(book)
    return values[values.inside & values.counts]


@per_book_free_of(MONEY_AND_CREDIT)
def order_values(book: Book) -> pd.DataFrame:
    """One row per order of the shop; test orders, unknown currencies and what is no sale yet marked, not dropped.

    Columns: order_id, ordered_at, inside (the window), counts (a sale, in a known currency), cancelled,
    in cents: basket (before discount, incl. VAT), discount, tax, net (goods after discount, excl. VAT),
    shipping (paid by the buyer, excl. VAT), paid, refunded (incl. VAT; NaN if no file says how much), of which returned
    (goods, excl. VAT) and shipping_back; exchanges (parcels sent in exchange for its goods); and tax_counted.

    Definitions: rungs 1–5 of the money ladder. `gross` less `discount` is what the goods cost; where a
    file has neither, the total less shipping. Gift cards in the order are no goods and bear no tax. VAT on
    goods is the order's own tax in proportion, else the rate of the buyer's country. Goods that were
    exchanged did not come back.
    """
    orders = book.tables.orders
    values = orders[["order_id", "ordered_at", "country"]].copy()
    rate = exchange(book, orders.currency)
    money = {
        name: orders[name] * rate for name in ("gross", "discount", "shipping", "tax", "total", "refunded")
    }
    cards = gift_cards_sold(book)
    money["gross"], goods_paid = money["gross"] - cards, money["total"] - cards
    values["counts"] = is_order(book) & rate.notna()
    values["cancelled"] = orders.cancelled_at.notna()
    first, last = window(book)
    values["inside"] = (orders.ordered_at >= pd.Timestamp(first)) & (
        orders.ordered_at < pd.Timestamp(last) + pd.Timedelta(days=1)
    )
    values["tax_counted"] = money["tax"].notna()
    values["paid"] = _cents(money["total"])
    money["total"] = goods_paid
    return values.assign(**_goods(book, orders, money)).pipe(_with_refunds, book, money, rate)


def exchange(book: Book, currencies: pd.Series) -> pd.Series:
    """Units of the client's currency per unit of each of these; 1 where none is named, NaN where no rate is on file."""
    return currencies.map(book.client.rates).astype(float).where(currencies.notna(), 1.0)


def tax_rates(book: Book, countries: pd.Series) -> pd.Series:
    """The rate of each buyer's country; the home market's where the file does not say."""
    rates = {code: book.client.tax_rate_in(code) for code in countries.dropna().unique()}
    return countries.map(rates).astype(float).fillna(book.client.tax_rate_in(book.client.market))


@per_book_free_of(MONEY_AND_CREDIT)
def taxes_inside(book: Book) -> pd.Series:
    """Whether each order's prices contain its tax: as its own sums show, else as in nearly all others, else as client.yml says."""
    orders = book.tables.orders
    stated = orders.taxes_included.dropna().astype(bool)
    share = stated.mean() if len(stated) else float(book.client.prices_include_tax)
    clear = not NEARLY_NONE < share < 1 - NEARLY_NONE
    usual = share >= 0.5 if clear else book.client.prices_include_tax
    return orders.taxes_included.fillna(value=usual).astype(bool)


def _goods(book: Book, orders: pd.DataFrame, money: dict[str, pd.Series]) -> dict[str, Any]:
    """Basket, discount, VAT, net goods and shipping; prices with VAT and without are read apart, order by order."""
    rate = tax_rates(book, orders.country)
    discounted = _cents(money["discount"].fillna(0.0))
    inside = taxes_inside(book)
    if inside.all():
        made = _goods_with_tax(money, rate)
    elif not inside.any():
        made = _goods_before_tax(money, rate)
    else:
        taxed, untaxed = _goods_with_tax(money, rate), _goods_before_tax(money, rate)
        made = {key: taxed[key].where(inside, untaxed[key]) for key in taxed}
    return {"basket": made["net"] + made["tax"] + discounted, "discount": discounted, **made}


def _goods_with_tax(money: dict[str, pd.Series], rate: pd.Series) -> dict[str, pd.Series]:
    """VAT, net goods and shipping where prices contain the tax."""
    total, tax, shipping = money["total"], money["tax"], money["shipping"].fillna(0.0)
    share = (tax / total.where(total > 0)).fillna(rate / (1 + rate))
    paid = (money["gross"] - money["discount"].fillna(0.0)).fillna(total - shipping).clip(lower=0)
    taxed = _cents(paid) - _cents(paid * (1 - share))
    return {
        "tax": taxed,
        "net": _cents(paid) - taxed,
        "shipping": _cents(shipping * (1 - share)),
        "tax_share": share,
    }


def _goods_before_tax(money: dict[str, pd.Series], rate: pd.Series) -> dict[str, pd.Series]:
    """The same where the tax is added to the prices."""
    total, tax, shipping = money["total"], money["tax"], money["shipping"].fillna(0.0)
    before = total - tax
    ratio = (tax / before.where(before > 0)).fillna(rate)
    untaxed = before.fillna(total / (1 + rate))
    net = _cents((money["gross"] - money["discount"].fillna(0.0)).fillna(untaxed - shipping).clip(lower=0))
    return {
        "tax": _cents(net / 100 * ratio),
        "net": net,
        "shipping": _cents(shipping),
        "tax_share": ratio / (1 + ratio),
    }


def _with_refunds(
    values: pd.DataFrame, book: Book, money: dict[str, pd.Series], rate: pd.Series
) -> pd.DataFrame:
    """Goods and shipping refunded, excl. VAT; both NaN where no file tells how much.

    A refund of exactly the shipping is no goods. Otherwise goods come first: shops refund the delivery with all of them.
    """
    back = _refunded(book, values, money, rate)
    swapped = exchanged(book).reindex(values.index)
    back = (back - np.minimum(back, (swapped.value * rate).fillna(0.0))).where(back.notna())
    without_tax = _cents(back * (1 - values.tax_share))
    sent = money["shipping"].fillna(0.0)
    only_shipping = (sent > 0) & ((back - sent).abs() < HALF_A_CENT)
    goods = np.minimum(without_tax, values.net).mask(only_shipping, 0.0)
    extra = np.minimum(without_tax - goods, values.shipping)
    parcels = swapped.parcels.fillna(0.0)
    return values.assign(refunded=_cents(back), returned=goods, shipping_back=extra, exchanges=parcels).drop(
        columns=["tax_share"]
    )


def _refunded(book: Book, values: pd.DataFrame, money: dict[str, pd.Series], rate: pd.Series) -> pd.Series:
    """Money refunded by order, from the refunds, into which reading has put what only the orders tell (`exports.refund_files`).

    A blank cell in a column that tells refunds for other orders means that nothing was refunded; of an order of which a part
    was refunded, that nobody says how much.
    """
    if tells_refunds(book, "amount"):
        sums = book.tables.refunds.groupby("order_id", sort=False).amount.sum()
        back = values.order_id.map(sums).fillna(0.0).astype(float) * rate.fillna(0.0)
    elif money["refunded"].notna().any():
        back = money["refunded"].fillna(0.0)
    else:
        return pd.Series(np.nan, index=values.index)
    return back.mask((book.tables.orders.order_state == PARTLY_REFUNDED).fillna(value=False) & (back == 0))


@per_book_free_of(MONEY_AND_CREDIT)
def refunds_of_orders(book: Book) -> tuple[int, int]:
    """How many refunds of the refund file are of orders on file, and how many there are."""
    refunds = _file_refunds(book)
    return int(refunds.order_id.isin(book.tables.orders.order_id).sum()), len(refunds)


def tells_refunds(book: Book, *columns: str) -> bool:
    """Whether the refunds have all of these columns and are of this shop's orders."""
    return book.tables.has("refunds", *columns) and not of_another_shop(book)


@per_book_free_of(MONEY_AND_CREDIT)
def of_another_shop(book: Book) -> bool:
    """Whether hardly any refund is of an order on file: such a file says nothing of what came back here.

    Judged are refunds given once all orders from before the order file had settled: these can only be of orders on file. Where
    there are none, as beside a short order file, a single refund of an order on file is enough.
    """
    ours, all_of_them = refunds_of_orders(book)
    orders, refunds = book.tables.orders, _file_refunds(book)
    if orders.empty:
        return False
    settled = orders.ordered_at.min() + pd.Timedelta(days=book.campaign.settles_after_days)
    judged = refunds[refunds.refunded_at.between(settled, orders.ordered_at.max())]
    few = judged.order_id.isin(orders.order_id).sum() < FEW_REFUNDS * len(judged)
    return bool(few) or (ours == 0 < all_of_them)


def _file_refunds(book: Book) -> pd.DataFrame:
    """The refunds that a refund file tells."""
    return book.tables.refunds[book.tables.refunds.reason != TOLD_BY_ORDER]


@per_book_free_of(MONEY_AND_CREDIT)
def larger_refunds(book: Book) -> pd.Series:
    """Orders to which more went back than they came to: label → how much more, in money; no figure holds that part."""
    values = order_values(book)
    back = book.tables.orders.refunded.fillna(0.0)
    if len(book.tables.refunds):
        sums = book.tables.refunds.groupby("order_id", sort=False).amount.sum()
        back = np.maximum(back, values.order_id.map(sums).fillna(0.0).astype(float))
    beyond = (back * exchange(book, book.tables.orders.currency) - values.paid / 100)[values.counts]
    return beyond[beyond > HALF_A_CENT].round(2)


def _cents(amounts: pd.Series) -> pd.Series:
    return (amounts * 100).round() + 0.0
