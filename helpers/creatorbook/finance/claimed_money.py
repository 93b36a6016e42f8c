"""What was claimed and spent, in cents: by order, and by creator's account with one row for what is nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from creatorbook.finance.claims import joined_to_claims, marketplace, people
from creatorbook.finance.costs import Costs
from creatorbook.finance.margin import list_prices, margin_rule
from creatorbook.finance.order_values import inside_window, tax_rates
from creatorbook.finance.returns import Expected, expected_returns
from creatorbook.finance.rungs import COST_RUNGS
from creatorbook.memo import per_book

if TYPE_CHECKING:
    from creatorbook.book import Book

#: what an order brings to the rungs; sums of these over orders are all a slice needs
FROM_ORDERS = [
    "orders",
    "orders_kept",
    "parcels",
    "charged",
    "traced",
    "discounts",
    "tax",
    "cancelled",
    "returned",
    "returned_or_0",
    "returns_expected_or_0",
    "returned_orders",
    "returned_orders_expected",
    "shipping_paid",
    "paid",
    "list_sure",
    "list_expected",
    "list_back",
    "goods_sure",
    "goods_expected",
    "goods_back",
]
_ADDED = [*FROM_ORDERS, "rated_sure", "rated_expected", *COST_RUNGS]


def claimed_and_spent(book: Book, costs: Costs) -> pd.DataFrame:
    """What was claimed and spent, one row per creator's account and one for what belongs to nobody."""
    claimed = per_order(book)
    sums = claimed.groupby("handle", sort=True)[FROM_ORDERS].sum(min_count=1)
    sums = sums.add(_marketplace(book, claimed), fill_value=0.0)
    accounts = people(book).drop_duplicates("handle").set_index("handle")
    main = accounts[accounts.main].reset_index().set_index("creator").handle
    spent = costs.lines.assign(handle=costs.lines.creator.map(main).fillna(""))
    spent = spent.pivot_table(index="handle", columns="rung", values="cents", aggfunc="sum", observed=True)
    index = sorted({*sums.index, *spent.index, ""})
    slices = sums.reindex(index, columns=FROM_ORDERS)
    spent = spent.reindex(index, columns=list(COST_RUNGS))
    slices = slices.fillna({name: 0.0 for name in FROM_ORDERS if name != "returned"})
    if claimed.returned.notna().any() or not len(claimed):
        slices["returned"] = slices.returned.fillna(0.0)
    for rung in COST_RUNGS:
        slices[rung] = spent[rung].fillna(0.0) if spent[rung].notna().any() else np.nan
    slices["creator"] = accounts.creator.reindex(index)
    slices["platform"] = accounts.platform.reindex(index)
    slices["followers"] = accounts.followers.reindex(index)
    return _with_commission(book, slices, costs)


def totals(slices: pd.DataFrame) -> dict[str, float]:
    """Column sums; a column without any value stays missing."""
    return slices[_ADDED].sum(min_count=1).to_dict()


#: what follows from the returns still expected: of their value, and of their number
_FROM_VALUE = ("returns_expected_or_0", "rated_expected", "list_expected", "goods_expected")
_FROM_NUMBER = ("returned_orders_expected",)


def drawn_totals(slices: pd.DataFrame, expected: Expected) -> dict[str, Any]:
    """The same totals with draws of what still comes back; each account's goods and commission go with its returns."""
    whole: dict[str, Any] = dict(totals(slices))
    for drawn, of, names in (
        (expected.drawn, "returns_expected_or_0", _FROM_VALUE),
        (expected.drawn_orders, "returned_orders_expected", _FROM_NUMBER),
    ):
        accounts = [one for one in drawn if slices[of].get(one, 0.0) > 0]
        if accounts:
            times = np.stack([drawn[one] / slices[of][one] for one in accounts])
            for name in names:
                open_part = slices.loc[accounts, name].fillna(0.0).to_numpy()
                whole[name] = open_part @ times if slices[name].notna().any() else np.nan
    return whole


def with_open_returns(whole: Mapping[str, Any], times: float) -> dict[str, Any]:
    """The same campaign with so many times the returns still expected."""
    return {**whole, **{name: times * whole[name] for name in (*_FROM_VALUE, *_FROM_NUMBER)}}


def with_returns(whole: dict[str, float], share: float) -> dict[str, float]:
    """The same campaign had this share of its sales come back, nothing open."""
    net = whole["traced"] - whole["discounts"] - whole["tax"] - whole["cancelled"]
    before = net - whole["returned_or_0"]
    price, goods = (whole[f"{name}_sure"] + whole[f"{name}_back"] for name in ("list", "goods"))
    return {
        **whole,
        "returned": share * net,
        "returned_or_0": share * net,
        "returns_expected_or_0": 0.0,
        "returned_orders": share * whole["orders_kept"],
        "returned_orders_expected": 0.0,
        "rated_sure": whole["rated_sure"] / before * net * (1 - share) if before else 0.0,
        "rated_expected": 0.0,
        "list_sure": price * (1 - share),
        "list_back": price * share,
        "list_expected": 0.0,
        "goods_sure": goods * (1 - share),
        "goods_back": goods * share,
        "goods_expected": 0.0,
    }


def _with_commission(book: Book, slices: pd.DataFrame, costs: Costs) -> pd.DataFrame:
    """Commission: amounts on file, the marketplace's own, and rates on the sales that stay."""
    rate = slices.creator.map(costs.rates).fillna(0.0)
    sheet = marketplace(book).set_index("handle").commission * 100
    paid_there = sheet.round().reindex(slices.index)
    on_file = slices.commission.notna().any() or len(costs.rates) > 0 or paid_there.notna().any()
    sure = slices.traced - slices.discounts - slices.tax - slices.cancelled - slices.returned_or_0
    base = sure.where(paid_there.isna(), 0.0)  # the marketplace's own commission is what its sales cost
    return slices.assign(
        commission=slices.commission.fillna(0.0) + paid_there.fillna(0.0) if on_file else np.nan,
        rated_sure=rate * base if on_file else np.nan,
        rated_expected=rate * slices.returns_expected_or_0.where(paid_there.isna(), 0.0)
        if on_file
        else np.nan,
    )


@per_book
def per_order(book: Book) -> pd.DataFrame:
    """Claimed orders with everything the rungs take from an order, in cents.

    Among them are the returns still expected, and the cost of goods where product costs tell it.
    """
    expected, goods = expected_returns(book), margin_rule(book).goods
    values = inside_window(book).assign(coming=expected.cents, coming_orders=expected.orders)
    claimed = joined_to_claims(book, values)
    sent = ~claimed.cancelled.astype(bool)
    net = claimed.net.where(sent, 0.0)
    cost = claimed.order_id.map(goods).fillna(0.0).where(sent, 0.0) if len(goods) else 0.0 * net
    returned = claimed.returned.where(sent, 0.0).where(claimed.returned.notna())
    coming = claimed.coming.fillna(0.0)
    share_back = (returned.fillna(0.0) / net.where(net > 0)).fillna(0.0)
    share_coming = (coming / net.where(net > 0)).fillna(0.0)
    return claimed.assign(
        orders=1.0,
        orders_kept=sent.astype(float),
        parcels=sent.astype(float) * (1 + claimed.exchanges),
        charged=(sent & (claimed.paid > 0)).astype(float),
        traced=claimed.basket,
        discounts=claimed.discount,
        cancelled=claimed.net.where(~sent, 0.0),
        returned=returned,
        returned_or_0=returned.fillna(0.0),
        returns_expected_or_0=coming,
        returned_orders=((returned.fillna(0.0) > 0) | (sent & (claimed.exchanges > 0))).astype(float),
        returned_orders_expected=claimed.coming_orders.fillna(0.0),
        shipping_paid=(claimed.shipping - claimed.shipping_back.fillna(0.0)).where(sent, 0.0),
        paid=claimed.paid.where(sent, 0.0),
        **_parted("list", list_prices(book, claimed).where(sent, 0.0), share_back, share_coming),
        **_parted("goods", cost, share_back, share_coming),
    )


def _parted(name: str, cents: pd.Series, back: pd.Series, coming: pd.Series) -> dict[str, pd.Series]:
    """A value of each order's goods by what stays so far, what of this may come back, and what came back."""
    shares = {"sure": 1 - back, "expected": coming, "back": back}
    return {f"{name}_{part}": (cents * share).round() for part, share in shares.items()}


def _marketplace(book: Book, claimed: pd.DataFrame) -> pd.DataFrame:
    """The marketplace's sheet as rungs: its sales, the VAT in them, and its refunds; nothing else is told.

    It sends the parcels, takes them back and is paid by the buyers: none of these costs is the brand's, whose part is the
    marketplace's fee (`finance.costs`).
    """
    sheet = marketplace(book).set_index("handle")
    if sheet.empty:
        return claimed.head(0).groupby("handle")[FROM_ORDERS].sum()
    rate = float(tax_rates(book, pd.Series([book.client.market])).iloc[0])
    inside = rate / (1 + rate) if book.client.prices_include_tax else 0.0
    sales, refunds = (sheet.sales * 100).round(), (sheet.refunds * 100).round().fillna(0.0)
    net = (sales * (1 - inside)).round()
    returned = np.minimum((refunds * (1 - inside)).round(), net)
    ratio = _cost_ratio(claimed)
    orders = sheet.orders.fillna(0.0)
    return pd.DataFrame(0.0, index=sheet.index, columns=FROM_ORDERS).assign(
        orders=orders,
        orders_kept=orders,
        traced=sales,
        tax=sales - net,
        returned=returned,
        returned_or_0=returned,
        list_sure=net - returned,
        list_back=returned,
        goods_sure=((net - returned) * ratio).round(),
        goods_back=(returned * ratio).round(),
    )


def _cost_ratio(claimed: pd.DataFrame) -> float:
    """Cost of goods ÷ price before the code over the claimed orders; 0 where no line cost is known."""
    price = float((claimed.list_sure + claimed.list_back).sum())
    return float((claimed.goods_sure + claimed.goods_back).sum()) / price if price > 0 else 0.0
